/* key_list.h - a sorted list of 64-bit keys, usually hashes, which may be larger than memory, and
 * its lines in a file: 16 hexadecimal digits each.  A zeroed struct is an empty list. */

#ifndef ALIGNX_LIB_IO_KEY_LIST_H
#define ALIGNX_LIB_IO_KEY_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "lib/core/buf.h"
#include "lib/io/sink.h"
#include "lib/io/spill_array.h"

struct key_list {
	struct spill_array array;
	size_t len;
};

static inline const uint64_t *
key_list_keys(const struct key_list *x)
{
	return x->array.data;
}

/* Adds a key at the end; -2: the disk is full. */
int key_list_add(struct key_list *x, uint64_t key, const struct spill_array_limit *l,
    struct fault *f);

/* Sorts the keys, and keeps one of those that are equal; -2: the disk is full. */
int key_list_sort(struct key_list *x, const struct spill_array_limit *l, struct fault *f);

/* These are for sorted lists.  The number of a key that is there. */
size_t key_list_number(const struct key_list *x, uint64_t key);
bool key_list_has(const struct key_list *x, uint64_t key);

/* Appends the line of key i. */
void key_list_put(const struct key_list *x, size_t i, struct buf *b);
/* Writes all lines; -2 with a fault. */
int key_list_write(const struct key_list *x, struct sink *s, struct fault *f);

/* Reads the lines that are left in a file: -1 (bad-key) if they are no sorted list, -2. */
int key_list_read(struct key_list *x, FILE *in, const struct spill_array_limit *l, struct fault *f);

void key_list_release(struct key_list *x);

#endif
