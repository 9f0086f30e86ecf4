/* extract_pieces.h - parts of a pattern, by the strings they match.
 *
 * For extract_literals.c, which reads patterns.  A piece matches either one of
 * a few known strings (it is exact), or texts of which is known at most sets of
 * strings of which one must be there.  A sequence
 * is put together from left to right; where the strings become too many they
 * become a clause, and new ones are begun. */

#ifndef ALIGNX_STAGES_EXTRACT_PIECES_H
#define ALIGNX_STAGES_EXTRACT_PIECES_H

#include "lib/match/required_literals.h"

enum {
	PIECES_STRINGS = 64,		/* of an exact piece in a sequence */
	PIECES_UNION = 512,		/* of alternatives, or a clause */
};

struct piece {
	bool is_exact;
	struct literals_set exact;
	struct literals clauses;	/* of what is not exact; the rarest first */
};

/* What of a sequence has been read: all of it is before tail. */
struct sequence {
	struct piece piece;
	struct literals_set tail;	/* the strings that it ends with so far */
	size_t longest, tail_at;	/* characters of it, and before the tail, at most */
};

struct piece piece_anything(void);
struct piece piece_exactly(const char *s, size_t len, struct arena *a);
struct piece piece_either(const struct piece *of, size_t n, struct arena *a);	/* of 0: never */
struct piece piece_repeated(const struct piece *p, unsigned low, unsigned high,
    struct arena *a);

/* is_edge: a word may surely begin there, or behind what is added; longest: the
 * characters that there may be up to the end of that. */
struct sequence sequence_begin(bool is_edge, struct arena *a);
void sequence_add(struct sequence *s, const struct piece *p, size_t longest,
    bool is_edge, struct arena *a);
struct piece sequence_end(struct sequence *s, struct arena *a);

/* What a whole pattern asks for. */
struct literals piece_literals(const struct piece *p, struct arena *a);

#endif
