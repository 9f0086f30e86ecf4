/* extract_texts.h - texts, each kept once and known by a number.
 *
 * For extract_needs.c.  Numbers are given in turn, from 0. */

#ifndef ALIGNX_STAGES_EXTRACT_TEXTS_H
#define ALIGNX_STAGES_EXTRACT_TEXTS_H

#include <stddef.h>
#include <stdint.h>

#include "lib/core/text.h"

#define TEXTS_NONE SIZE_MAX

struct texts {
	struct text *at;
	size_t len, room;
	uint32_t *slot;			/* 1 + number by hash */
	size_t mask;
};

/* The number of a text; TEXTS_NONE: it is not there. */
size_t texts_find(const struct texts *t, const char *s, size_t len);

/* The same, of one that is copied to the arena if it is not there. */
size_t texts_add(struct texts *t, const char *s, size_t len, struct arena *a);

void texts_release(struct texts *t);

#endif
