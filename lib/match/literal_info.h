/* literal_info.h - what is known of the strings that a part of a pattern matches.
 *
 * The algebra that RE2's Prefilter::Info computes: a part is exact while it matches one of a
 * few known strings; otherwise only clauses are known, of which each holds in every match.
 * A concatenation is read from left to right: when the cross product of its strings becomes
 * too large, they become a clause, and the product starts anew. */

#ifndef ALIGNX_LIB_MATCH_LITERAL_INFO_H
#define ALIGNX_LIB_MATCH_LITERAL_INFO_H

#include "lib/match/required_literals.h"

enum {
	LITERAL_CROSS_MAX = 16,  /* strings of a concatenation */
	LITERAL_UNION_MAX = 512, /* strings of an alternation, words of a clause */
};

struct literal_info {
	bool is_exact;
	struct literal_set exact;          /* all strings it matches */
	struct required_literals required; /* if it is not exact */
};

/* A concatenation up to some child. */
struct literal_concat {
	struct literal_info info;  /* of what precedes the suffix */
	struct literal_set suffix; /* the strings that it ends with */
	size_t max_len, suffix_at; /* characters in all, and before the suffix, at most */
};

struct literal_info literal_info_any(void);
struct literal_info literal_info_string(const char *s, size_t len, struct arena *a);
struct literal_info literal_info_alternate(const struct literal_info *of, size_t n,
    struct arena *a); /* of 0: it never matches */
struct literal_info literal_info_repeat(const struct literal_info *p, unsigned min, unsigned max,
    struct arena *a);

/* is_boundary: a word that begins at the start, or after what is added, begins there in the text;
 * max_len: characters up to the end of what is added, at most. */
struct literal_concat literal_concat_begin(bool is_boundary, struct arena *a);
void literal_concat_add(struct literal_concat *s, const struct literal_info *p, size_t max_len,
    bool is_boundary, struct arena *a);
struct literal_info literal_concat_end(struct literal_concat *s, struct arena *a);

/* The clauses of a whole pattern. */
struct required_literals literal_info_required(const struct literal_info *p, struct arena *a);

#endif
