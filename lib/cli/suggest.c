#include "config.h"

#include <string.h>

#include "lib/cli/suggest.h"

enum { WORD_MAX = 40, EDITS_MAX = 3 };

struct suggest
suggest_for(const char *typed, size_t len)
{
	size_t most = 1 + len / 4;

	return (struct suggest){ .typed = typed,
		.len = len,
		.below = len > WORD_MAX ? 0 : 1 + (most < EDITS_MAX ? most : EDITS_MAX) };
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Damerau-Levenshtein distance, as optimal string alignment; rows[i % 3] is that of the first
 * i bytes of a. */
static size_t
distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t rows[3][WORD_MAX + 1];

	for (size_t i = 0; i <= a_len; i++) {
		size_t *row = rows[i % 3];
		const size_t *before = rows[(i + 2) % 3], *before_that = rows[(i + 1) % 3];

		for (size_t j = 0; j <= b_len; j++) {
			if (i == 0 || j == 0) {
				row[j] = i + j;
				continue;
			}
			row[j] = least(1 + least(before[j], row[j - 1]),
			    before[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], before_that[j - 2] + 1);
		}
	}
	return rows[a_len % 3][b_len];
}

void
suggest_consider(struct suggest *s, const char *candidate)
{
	size_t n = strlen(candidate), d;

	if (s->below == 0 || n > WORD_MAX)
		return;
	if (s->len >= 2 && n > s->len && memcmp(s->typed, candidate, s->len) == 0)
		d = 1;
	else
		d = distance(s->typed, s->len, candidate, n);
	if (d < s->below) {
		s->nearest = candidate;
		s->below = d;
	}
}
