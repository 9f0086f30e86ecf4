#include "config.h"

#include <string.h>

#include "schema/demographic.h"

enum { TRAITS = 47, SENTENCES_MAX = 3 }; /* dimensions from 47 on are interests */

/* [i][0] for direction 0, [i][1] for direction 1 */
static const char *const clause[TRAITS][2] = {
#include "schema/clauses_table.h"
};

/* The separator before item i of n: "a", "a and b", "a, b and c". */
static const char *
separator(size_t i, size_t n)
{
	return i == 0 ? "" : i + 1 == n ? " and " : ", ";
}

static void
put_interests(const struct direction *d, unsigned char pole, const char *verb, struct buf *b)
{
	size_t n = 0, done = 0;

	for (int i = TRAITS; i < DIMENSIONS; i++)
		n += d->at[i] == pole;
	if (n == 0)
		return;
	buf_printf(b, "%sThis person %s ", b->len > 0 ? " " : "", verb);
	for (int i = TRAITS; i < DIMENSIONS; i++) {
		if (d->at[i] != pole)
			continue;
		buf_add_str(b, separator(done++, n));
		/* without its first word, the verb */
		buf_add_str(b, strchr(dimension_table[i].label[1], ' ') + 1);
	}
	buf_add_byte(b, '.');
}

/* The clauses of a direction; returns their number. */
static size_t
find_clauses(const struct direction *d, const char *said[TRAITS])
{
	size_t n = 0;

	for (int i = 0; i < TRAITS; i++)
		if (d->at[i] != DIRECTION_NEUTRAL)
			said[n++] = clause[i][d->at[i] / 2];
	return n;
}

static void
put_portrait(const struct direction *d, struct buf *b)
{
	const char *said[TRAITS];
	size_t n = find_clauses(d, said), sentences, at = 0;

	sentences = n < 4 ? n > 0 : n < 9 ? 2 : SENTENCES_MAX;
	for (size_t k = 0; k < sentences; k++) {
		size_t len = (n - at) / (sentences - k);

		buf_add_str(b, b->len > 0 ? " " : "");
		buf_add_str(b,
		    k == 0       ? "This person "
			: k == 1 ? "It is someone who "
				 : "Besides, this person ");
		for (size_t i = 0; i < len; i++)
			buf_printf(b, "%s%s", separator(i, len), said[at++]);
		buf_add_byte(b, '.');
	}
}

/* What is only likely, in one sentence. */
static void
put_guess(const struct direction *d, struct buf *b)
{
	const char *said[TRAITS];
	size_t n = find_clauses(d, said);

	if (n == 0)
		return;
	buf_printf(b, "%sThis person seems to be someone who ", b->len > 0 ? " " : "");
	for (size_t i = 0; i < n; i++)
		buf_printf(b, "%s%s", separator(i, n), said[i]);
	buf_add_byte(b, '.');
}

void
demographic_render(const struct demographic *d, uint64_t seed, struct buf *b)
{
	struct buf interests = { 0 }, portrait = { 0 };
	bool is_portrait_first = seed & 1;

	put_interests(&d->sure, DIRECTION_HIGH, "likes", &interests);
	put_interests(&d->sure, DIRECTION_LOW, "dislikes", &interests);
	put_interests(&d->likely, DIRECTION_HIGH, "seems to like", &interests);
	put_interests(&d->likely, DIRECTION_LOW, "seems to dislike", &interests);
	put_portrait(&d->sure, &portrait);
	put_guess(&d->likely, &portrait);
	const struct buf *first = is_portrait_first ? &portrait : &interests;
	const struct buf *last = is_portrait_first ? &interests : &portrait;
	buf_add(b, first->data, first->len);
	if (first->len > 0 && last->len > 0)
		buf_add_byte(b, '\n');
	buf_add(b, last->data, last->len);
	buf_release(&interests);
	buf_release(&portrait);
}
