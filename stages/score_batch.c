#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/arena.h"
#include "stages/score_batch.h"

/* A row while the trie is walked. */
struct sorted {
	struct score_row *row;
	const uint32_t *id;
	int64_t chosen, rejected;	/* branches */
};

static struct score_row *
rows_of(const struct score_batch *b, size_t *n)
{
	*n = b->rows.len / sizeof(struct score_row);
	return (struct score_row *)(void *)b->rows.data;
}

static size_t
ids_of(const struct score_batch *b)
{
	return b->ids.len / sizeof(uint32_t);
}

bool
score_batch_fits(const struct score_batch *b, size_t ids)
{
	return ids <= b->tokens && ids_of(b) <= b->tokens - ids;
}

void
score_batch_add(struct score_batch *b, const struct score_row *row,
    const uint32_t *id)
{
	struct score_row copy = *row;

	copy.at = ids_of(b);
	buf_add(&b->rows, &copy, sizeof(copy));
	buf_add(&b->ids, id, (row->prompt + row->chosen + row->rejected)
	    * sizeof(*id));
}

static int
by_prompt(const void *va, const void *vb)
{
	const struct sorted *a = va, *b = vb;
	size_t n = a->row->prompt < b->row->prompt ? a->row->prompt : b->row->prompt;

	for (size_t i = 0; i < n; i++)
		if (a->id[i] != b->id[i])
			return a->id[i] < b->id[i] ? -1 : 1;
	if (a->row->prompt != b->row->prompt)
		return a->row->prompt < b->row->prompt ? -1 : 1;
	return a->row->number < b->row->number ? -1 : 1;
}

/* How many ids the first and the last of sorted rows have in common: all rows
 * between them have them too. */
static size_t
common(const struct sorted *a, const struct sorted *b, size_t from)
{
	while (from < a->row->prompt && from < b->row->prompt
	    && a->id[from] == b->id[from])
		from++;
	return from;
}

static int
feed_responses(struct score_batch *b, struct sorted *s, int64_t parent,
    struct fault *f)
{
	const uint32_t *id = s->id + s->row->prompt;

	s->chosen = session_feed(b->session, parent, id, s->row->chosen, true, f);
	s->rejected = session_feed(b->session, parent, id + s->row->chosen,
	    s->row->rejected, true, f);
	return s->chosen < 0 || s->rejected < 0 ? -1 : 0;
}

/* Feeds sorted rows that have `depth` ids in common, which are in `parent`. */
static int
feed(struct score_batch *b, struct sorted *s, size_t n, size_t depth,
    int64_t parent, struct fault *f)
{
	size_t to = common(&s[0], &s[n - 1], depth), first = 0;

	if (to > depth && (parent = session_feed(b->session, parent, s->id + depth,
	    to - depth, false, f)) < 0)
		return -1;
	for (; first < n && s[first].row->prompt == to; first++)
		if (feed_responses(b, &s[first], parent, f) < 0)
			return -1;
	while (first < n) {
		size_t next = first + 1;

		while (next < n && s[next].id[to] == s[first].id[to])
			next++;
		if (feed(b, s + first, next - first, to, parent, f) < 0)
			return -1;
		first = next;
	}
	return 0;
}

static double
sum(const struct session *s, int64_t branch)
{
	size_t n;
	const float *score = session_scores(s, branch, &n);
	double x = 0;

	for (size_t i = 0; i < n; i++)
		x += (double)score[i];
	return x;
}

const struct score_row *
score_batch_run(struct score_batch *b, size_t *n, struct fault *f)
{
	struct score_row *row = rows_of(b, n);
	struct sorted *s = calloc(*n + 1, sizeof(*s));
	int rc = 0;

	if (s == NULL)
		arena_exhausted();
	for (size_t i = 0; i < *n; i++)
		s[i] = (struct sorted){ .row = &row[i],
			.id = (const uint32_t *)(const void *)b->ids.data + row[i].at };
	if (*n > 1)
		qsort(s, *n, sizeof(*s), by_prompt);
	if (*n > 0 && (rc = feed(b, s, *n, 0, -1, f)) == 0)
		session_run(b->session);
	for (size_t i = 0; i < *n && rc == 0; i++) {
		s[i].row->log_chosen = sum(b->session, s[i].chosen);
		s[i].row->log_rejected = sum(b->session, s[i].rejected);
	}
	session_clear(b->session);
	free(s);
	return rc == 0 ? row : NULL;
}

void
score_batch_clear(struct score_batch *b)
{
	buf_clear(&b->rows);
	buf_clear(&b->ids);
}

void
score_batch_release(struct score_batch *b)
{
	buf_release(&b->rows);
	buf_release(&b->ids);
}
