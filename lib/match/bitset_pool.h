/* extract_rows.h - sets of patterns as rows of bits, each kept once.
 *
 * For extract_openings.c and extract_pairs.c.  The memory is bounded; when it is full,
 * a row that is new is ROWS_ANY, and rows_is_full() asks for all to be forgotten. */

#ifndef ALIGNX_STAGES_EXTRACT_ROWS_H
#define ALIGNX_STAGES_EXTRACT_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	ROWS_NONE,			/* the row without bits */
	ROWS_ANY,			/* with all */
	ROWS_MOST = 1 << 14,
};

struct rows {
	size_t words;			/* of 64 bits, in a row */
	uint64_t *row;			/* `words` each */
	size_t len;
	uint16_t *slot;			/* row by hash; NONE: none */
	uint64_t *made;			/* row in hand */
	bool is_full;
};

void rows_init(struct rows *r, size_t bits);
void rows_forget(struct rows *r);
void rows_release(struct rows *r);

static inline bool
rows_is_full(const struct rows *r)
{
	return r->is_full;
}

static inline const uint64_t *
rows_at(const struct rows *r, uint32_t row)
{
	return r->row + row * r->words;
}

/* To make a row: rows_begin(), its bits, rows_end(). */
void rows_begin(struct rows *r);

static inline void
rows_set(struct rows *r, uint32_t bit)
{
	r->made[bit / 64] |= (uint64_t)1 << bit % 64;
}

uint32_t rows_end(struct rows *r);

#endif
