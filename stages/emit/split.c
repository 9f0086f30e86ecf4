#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/io/sink.h"
#include "lib/json/json_write.h"
#include "stages/emit/split.h"

enum { LINE_MAX_LEN = 256 };
#define THREAD_MARK 0x7468726561640000u /* a thread and a user are never the same key */

static const char *const kind_names[] = { "thread", "community", "time", "user" };

double
split_default_loss(double share)
{
	return share < 0.2 ? 1.5 * share : 0.3;
}

static bool
may_be_test(const struct emit_item *item)
{
	return item->source == SOURCE_REDDIT || item->source == SOURCE_GENERIC;
}

/* The keys that must be on the side of an item, if it is to be a record. */
static size_t
keys_of(const struct test_split *s, const struct emit_item *item, uint64_t key[SPLIT_KEYS])
{
	const uint64_t author[] = { item->user, item->author[AUTHOR_OF_POST],
		item->author[AUTHOR_OF_PROMPT], item->author[AUTHOR_OF_REJECTED] };
	const size_t authors = s->options.kind == SPLIT_BY_TIME ? 0
	    : s->options.kind == SPLIT_BY_USER                  ? 3
								: 4;
	size_t n = 0;

	key[n++] = item->thread ^ THREAD_MARK;
	for (size_t i = 0; i < authors; i++) {
		size_t k = 1;

		while (k < n && key[k] != author[i])
			k++;
		if (author[i] != 0 && k == n)
			key[n++] = author[i];
	}
	return n;
}

int
split_add(struct test_split *s, const struct emit_item *item, struct fault *f)
{
	struct split_edge e = { .community = item->community,
		.created = item->created,
		.is_pair = item->is_pair,
		.has_user = item->user != 0 && s->options.kind != SPLIT_BY_TIME };

	if (!may_be_test(item))
		return 0;
	keys_of(s, item, e.key);
	if (spill_array_reserve(&s->edges, s->edges_len, sizeof(e), &s->limit, f) < 0)
		return -2;
	((struct split_edge *)s->edges.data)[s->edges_len++] = e;
	return 0;
}

void
split_set_sides(const struct test_split *s, struct emit_item *item)
{
	uint64_t key[SPLIT_KEYS];
	size_t n, test = 0;

	item->side = item->history_side = SIDE_TRAIN;
	if (!may_be_test(item))
		return;
	n = keys_of(s, item, key);
	for (size_t i = 0; i < n; i++)
		test += key_list_has(&s->keys, key[i]);
	item->side = (unsigned char)(test == 0 ? SIDE_TRAIN : test == n ? SIDE_TEST : SIDE_NEITHER);
	item->history_side = item->side;
	/* what somebody wrote before the test threads may be known of him there */
	if (s->options.kind == SPLIT_BY_TIME && item->side == SIDE_TRAIN)
		item->history_side = SIDE_EITHER;
	if (s->options.kind == SPLIT_BY_USER && item->user != 0)
		item->history_side = key_list_has(&s->keys, item->user) ? SIDE_TEST : SIDE_TRAIN;
}

static void
put_number(struct buf *b, const char *name, double x)
{
	buf_printf(b, ",\"%s\":", name);
	json_write_real(b, x);
}

void
split_put_json(const struct test_split *s, struct buf *b)
{
	static const char *const shared[] = { "[]", "[]", "[\"users\",\"posts of histories\"]",
		"[\"authors of rejected texts\",\"posts of histories\"]" };
	const struct split_options *o = &s->options;

	buf_printf(b, "{\"by\":\"%s\"", kind_names[o->kind]);
	put_number(b, "test_share", o->share);
	put_number(b, "max_loss", o->max_loss);
	buf_printf(b, ",\"seed\":%" PRIu64, o->seed);
	put_number(b, "share_used", s->figures.share);
	buf_printf(b,
	    ",\"pairs\":%" PRIu64 ",\"test_pairs\":%" PRIu64 ",\"lost_pairs\":%" PRIu64
	    ",\"shared\":%s}",
	    s->figures.pairs, s->figures.test, s->figures.lost, shared[o->kind]);
}

int
split_write(const struct test_split *s, const char *path, struct fault *f)
{
	const struct split_options *o = &s->options;
	const struct split_figures *n = &s->figures;
	struct sink *out = sink_open(path, f);
	struct buf b = { 0 };
	int rc = out != NULL ? 0 : -2;

	buf_printf(&b,
	    "alignx-split 1 %s %.17g %.17g %" PRIu64 " %.17g %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
	    kind_names[o->kind], o->share, o->max_loss, o->seed, n->share, n->pairs, n->test,
	    n->lost);
	if (rc == 0 && (rc = sink_write(out, b.data, b.len, f)) == 0
	    && (rc = key_list_write(&s->keys, out, f)) == 0)
		rc = sink_close(out, f);
	else
		sink_abandon(out);
	buf_release(&b);
	return rc;
}

static bool
read_head(struct test_split *s, FILE *in)
{
	struct split_options *o = &s->options;
	struct split_figures *n = &s->figures;
	char line[LINE_MAX_LEN], kind[16];

	if (fgets(line, sizeof(line), in) == NULL
	    || sscanf(line,
		   "alignx-split 1 %15s %lf %lf %" SCNu64 " %lf %" SCNu64 " %" SCNu64 " %" SCNu64,
		   kind, &o->share, &o->max_loss, &o->seed, &n->share, &n->pairs, &n->test,
		   &n->lost)
		!= 8)
		return false;
	for (o->kind = 0; o->kind <= SPLIT_BY_USER; o->kind++)
		if (strcmp(kind, kind_names[o->kind]) == 0)
			return true;
	return false;
}

int
split_read(struct test_split *s, const char *path, struct fault *f)
{
	struct fault why = FAULT_NONE;
	FILE *in = fopen(path, "re");
	int rc;

	if (in == NULL)
		return fault_sys(f, "%s", path);
	rc = read_head(s, in) ? key_list_read(&s->keys, in, &s->limit, &why)
			      : fault_set(&why, "bad-split",
				  "this is not a file that alignx-emit --write-split made");
	fclose(in);
	return rc == 0 ? 0 : rc == -2 ? (*f = why, -2) : fault_stop(f, "%s: %s", path, why.text);
}

void
split_release(struct test_split *s)
{
	spill_array_release(&s->edges);
	key_list_release(&s->keys);
}
