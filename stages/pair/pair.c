/* alignx-pair - joins comments with their posts, and pairs the comments. */

#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "lib/msgpack/msgpack.h"
#include "lib/io/spill_array.h"
#include "lib/io/spool.h"
#include "annotate/rules.h"
#include "lib/cli/report.h"
#include "lib/cli/tool.h"
#include "schema/parse.h"
#include "stages/pair/candidates.h"

enum answers { ANSWERS_POST, ANSWERS_PARENT };

static struct pair_rules rules = { .min_chars = 20,
	.max_chars = 6000,
	.max_ratio = 4,
	.dead_zone = 0.1,
	.min_confidence = 0.4,
	.per_response = 2,
	.tries = 32 };
static long seed, max_responses = 2000;
static bool is_both_orders, is_any_depth;
static int answered;
static int64_t memory = (int64_t)1 << 30;
static const char *tmpdir, *rules_dir;

static const struct opt opts[] = {
	{ 0, "min-chars", "n", OPT_INT, &rules.min_chars,
	    "drop responses of fewer than n characters (default 20)", 1, 1e9, NULL },
	{ 0, "max-chars", "n", OPT_INT, &rules.max_chars,
	    "drop responses of more than n characters (default 6000)", 1, 1e9, NULL },
	{ 0, "max-ratio", "r", OPT_REAL, &rules.max_ratio,
	    "the longer response of a pair has at most r times as many characters "
	    "as the shorter; 0: no limit (default 4)",
	    0, 1e9, NULL },
	{ 'z', "dead-zone", "x", OPT_REAL, &rules.dead_zone,
	    "a difference of intensities up to x, from 0 to 2, is neutral "
	    "(default 0.1)",
	    0, 2, NULL },
	{ 'r', "rules", "dir", OPT_FILE, &rules_dir,
	    "read compare.tsv from dir (default $ALIGNX_RULES, or the installed rules)", 0, 0,
	    NULL },
	{ 0, "min-confidence", "p", OPT_REAL, &rules.min_confidence,
	    "say which answer is more concise, helpful and so on if that is at least this likely "
	    "(default 0.4)",
	    0.01, 0.99, NULL },
	{ 'n', "per-response", "n", OPT_INT, &rules.per_response,
	    "start at most n pairs from each response (default 2)", 1, 1e6, NULL },
	{ 0, "tries", "n", OPT_INT, &rules.tries,
	    "try at most n partners for each response (default 32)", 1, 1e6, NULL },
	{ 0, "max-responses", "n", OPT_INT, &max_responses,
	    "use the n oldest responses of a post (default 2000)", 2, 1e7, NULL },
	{ 0, "any-depth", NULL, OPT_FLAG, &is_any_depth,
	    "also pair replies to replies, not only replies to the post", 0, 0, NULL },
	{ 0, "answers", "what", OPT_CHOICE, &answered,
	    "pair responses to the same post (the default), or replies to the "
	    "same parent, post or comment",
	    0, 0, "post|parent" },
	{ 0, "both-orders", NULL, OPT_FLAG, &is_both_orders,
	    "write each pair a second time, with the responses swapped and the "
	    "direction flipped",
	    0, 0, NULL },
	{ 0, "by-score", NULL, OPT_FLAG, &rules.is_by_score,
	    "prefer the response with the higher score, as SHP does", 0, 0, NULL },
	{ 0, "min-score-ratio", "r", OPT_REAL, &rules.min_score_ratio,
	    "with --by-score: the higher score is at least r times the lower score", 0, 1e9, NULL },
	{ 0, "later", NULL, OPT_FLAG, &rules.is_later_only,
	    "the preferred response must be the later one, as in SHP", 0, 0, NULL },
	{ 0, "max-apart", "seconds", OPT_INT, &rules.max_seconds_apart,
	    "both responses were written within this many seconds", 0, 4e9, NULL },
	{ 0, "seed", "n", OPT_INT, &seed,
	    "seed of the choice of partners and of their order (default 0)", 0, 9e15, NULL },
	{ 'm', "memory", "size", OPT_SIZE, &memory,
	    "keep up to size of texts in memory, and up to size of their index; "
	    "the rest goes to disk (default 1G)",
	    1 << 16, 1e15, NULL },
	{ 0, "tmpdir", "dir", OPT_FILE, &tmpdir,
	    "folder for temporary files (default $TMPDIR, else /tmp)", 0, 0, NULL },
	{ 0 },
};

/* The index: 48 bytes for each interaction, whose text is in the spool. */
struct entry {
	uint64_t prompt, id; /* hashes: of the text it answers, and its own */
	int64_t created;
	uint64_t offset;
	uint64_t number; /* in the input: breaks the last ties */
	uint32_t len;
	bool is_response; /* false: the prompt, first of its group */
};

static struct spill_array spilled; /* of entries */
static struct spill_array_limit limit;
static size_t entries_len;
static struct spool *spool;
static struct parse *parse;
static struct arena group; /* the current post and its responses */
static msgpack_zone group_zone;

static int
begin(struct stage_ctx *t, struct fault *f)
{
	struct fault note = FAULT_NONE;
	bool is_missing;

	rules.seed = (uint64_t)seed;
	limit = (struct spill_array_limit){ memory, tmpdir };
	if (rules.min_chars > rules.max_chars)
		return fault_stop(f, "--min-chars is above --max-chars");
	rules_dir = rules_folder(rules_dir);
	rules.compare = compare_read(rules_dir, t->run_arena, &is_missing, f);
	if (rules.compare == NULL && !is_missing)
		return -2;
	if (rules.compare == NULL) {
		fault_stop(&note,
		    "there is no compare.tsv in %s, so the keys that compare answers are judged on "
		    "each answer alone",
		    rules_dir);
		report_say(t->report, &note);
	}
	parse = parse_new();
	if (!msgpack_zone_init(&group_zone, MSGPACK_ZONE_CHUNK_SIZE))
		arena_out_of_memory();
	return (spool = spool_new(memory, tmpdir, f)) == NULL ? -2 : 0;
}

static int
add_entry(const struct entry *e, struct fault *f)
{
	if (spill_array_reserve(&spilled, entries_len, sizeof(*e), &limit, f) < 0)
		return -2;
	((struct entry *)spilled.data)[entries_len++] = *e;
	return 0;
}

static bool
is_to_parent(const struct interaction *x)
{
	return answered == ANSWERS_PARENT && MESSAGE_HAS(&interaction_descriptor, x, parent);
}

/* A reply to a reply, which does not answer the post. */
static bool
is_deep(const struct interaction *x)
{
	return x->type == INTERACTION_COMMENT && !is_any_depth
	    && !(MESSAGE_HAS(&interaction_descriptor, x, depth) && x->depth == 0);
}

static int
step(struct stage_ctx *t, struct fault *f)
{
	const struct text *parent;
	struct interaction x;
	struct entry e = { .number = entries_len, .len = (uint32_t)t->item.len };

	if (parse_message(parse, &interaction_descriptor, &t->item, t->record_arena, &x, f) < 0)
		return -1;
	e.is_response = x.type != INTERACTION_POST;
	parent = is_to_parent(&x) ? &x.parent : &x.post;
	if (e.is_response && !MESSAGE_HAS(&interaction_descriptor, &x, intensities))
		return fault_set(f, "no-intensities",
		    "this interaction has no "
		    "intensities; run it through alignx-map first");
	if (e.is_response && parent == &x.post && is_deep(&x)) {
		counters_add(t->count, "dropped-deep", 1);
		return 0;
	}
	e.prompt = XXH3_64bits(parent->ptr, parent->len);
	e.id = XXH3_64bits(x.id.ptr, x.id.len);
	e.created = MESSAGE_HAS(&interaction_descriptor, &x, created) ? x.created : INT64_MAX;
	if (spool_add(spool, t->item.data, t->item.len, &e.offset, f) < 0 || add_entry(&e, f) < 0)
		return -2;
	if (!e.is_response || answered != ANSWERS_PARENT)
		return 0;
	e.prompt = e.id; /* it may have replies */
	e.is_response = false;
	return add_entry(&e, f);
}

static int
by_prompt(const void *va, const void *vb)
{
	const struct entry *a = va, *b = vb;

	if (a->prompt != b->prompt)
		return a->prompt < b->prompt ? -1 : 1;
	if (a->is_response != b->is_response)
		return a->is_response ? 1 : -1;
	if (a->created != b->created)
		return a->created < b->created ? -1 : 1;
	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	return a->number < b->number ? -1 : 1;
}

static struct interaction *
fetch(const struct entry *e, struct fault *f)
{
	struct interaction *x = arena_alloc(&group, sizeof(*x));
	char *copy = arena_alloc(&group, e->len);
	msgpack_object tree;

	if (spool_read(spool, e->offset, copy, e->len, f) < 0
	    || msgpack_parse(copy, e->len, &group_zone, &tree, f) < 0
	    || message_decode(&interaction_descriptor, &tree, &group, x, f) < 0)
		return NULL;
	return x;
}

/* The fields of an interaction that exchanges and pairs keep. */
static struct thread_text
thread_text_of(const struct interaction *x, bool is_response)
{
	const struct descriptor *from = &interaction_descriptor, *to = &thread_text_descriptor;
	struct thread_text y = { .id = x->id, .text = x->text, .place = x->place };

	if (!is_response && x->type != INTERACTION_POST) {
		y.thread = x->post;
		MESSAGE_SET(to, &y, thread);
	}

#define COPY(field) \
	do { \
		if (MESSAGE_HAS(from, x, field)) { \
			y.field = x->field; \
			MESSAGE_SET(to, &y, field); \
		} \
	} while (0)
	COPY(user);
	COPY(rater);
	COPY(community);
	COPY(created);
	COPY(score);
	COPY(ratings);
	if (is_response)
		COPY(intensities);
#undef COPY
	return y;
}

static void
put_exchange(struct stage_ctx *t, const struct interaction *post, const struct interaction *comment)
{
	struct exchange e = { .source = comment->source,
		.post = thread_text_of(post, false),
		.comment = thread_text_of(comment, true) };

	if (MESSAGE_HAS(&interaction_descriptor, comment, user)) {
		e.user = comment->user;
		MESSAGE_SET(&exchange_descriptor, &e, user);
	}
	message_encode(&exchange_descriptor, &e, t->out);
	counters_add(t->count, "exchanges", 1);
}

struct pair_output {
	struct stage_ctx *ctx;
	const struct interaction *post;
};

static int
put_pair(void *with, const struct interaction *first, const struct interaction *second,
    const struct direction *direction, struct fault *f)
{
	struct pair_output *m = with;
	struct pair p = { .source = first->source,
		.post = thread_text_of(m->post, false),
		.first = thread_text_of(first, true),
		.second = thread_text_of(second, true),
		.direction = *direction };
	const struct text *whose = MESSAGE_HAS(&interaction_descriptor, first, rater)
	    ? &first->rater
	    : MESSAGE_HAS(&interaction_descriptor, first, user) ? &first->user
								: NULL;
	struct buf ids = { 0 };
	char id[33];
	XXH128_hash_t h;

	buf_add(&ids, first->id.ptr, first->id.len);
	buf_add_byte(&ids, '\0');
	buf_add(&ids, second->id.ptr, second->id.len);
	h = XXH3_128bits(ids.data, ids.len);
	buf_release(&ids);
	snprintf(id, sizeof(id), "%016" PRIx64 "%016" PRIx64, h.high64, h.low64);
	p.id = (struct text){ id, 32 };
	if (whose != NULL) {
		p.user = *whose;
		MESSAGE_SET(&pair_descriptor, &p, user);
	}
	pair_evidence(&rules, first, second, direction, p.evidence);
	MESSAGE_SET(&pair_descriptor, &p, evidence);
	message_encode(&pair_descriptor, &p, m->ctx->out);
	counters_add(m->ctx->count, "pairs", 1);
	return tool_flush(m->ctx, f);
}

static int
put_both(void *with, const struct interaction *first, const struct interaction *second,
    const struct direction *direction, struct fault *f)
{
	struct direction flipped = direction_flipped(direction);
	int rc = put_pair(with, first, second, direction, f);

	return rc == 0 && is_both_orders ? put_pair(with, second, first, &flipped, f) : rc;
}

/* One post and its responses. */
static int
put_group(struct stage_ctx *t, const struct entry *e, size_t n, struct fault *f)
{
	const struct interaction **x;
	struct pair_output m = { .ctx = t };
	size_t eligible = 0, posts = 0;

	while (posts < n && !e[posts].is_response)
		posts++;
	if (posts == 0)
		counters_add(t->count, "without-post", n);
	if (posts == 0 || posts == n)
		return 0;
	counters_add(t->count, "posts", 1);
	if (n - posts > (size_t)max_responses)
		n = posts + (size_t)max_responses;
	arena_reset(&group);
	msgpack_zone_clear(&group_zone);
	if ((m.post = fetch(&e[0], f)) == NULL)
		return -2;
	if (rules.compare != NULL)
		compare_begin(rules.compare, &m.post->text);
	x = arena_alloc(&group, (n - posts + 1) * sizeof(struct interaction *));
	for (size_t i = posts; i < n; i++) {
		const struct interaction *one = fetch(&e[i], f);

		if (one == NULL)
			return -2;
		if (pair_is_eligible(&rules, one)) {
			put_exchange(t, m.post, one);
			if (pair_may_be_preferred(one))
				x[eligible++] = one;
			else
				counters_add(t->count, "dropped-unrated", 1);
		}
		if (tool_flush(t, f) < 0)
			return -2;
	}
	return pair_candidates(&rules, x, eligible, put_both, &m, f);
}

static int
end(struct stage_ctx *t, struct fault *f)
{
	int rc = spill_array_sort(&spilled, entries_len, sizeof(struct entry), by_prompt, &limit,
	    f);
	const struct entry *entries = spilled.data;

	for (size_t i = 0, k; rc == 0 && i < entries_len; i = k) {
		for (k = i; k < entries_len && entries[k].prompt == entries[i].prompt;)
			k++;
		rc = put_group(t, entries + i, k - i, f);
	}
	spill_array_release(&spilled);
	spool_free(spool);
	compare_release(rules.compare);
	parse_free(parse);
	arena_release(&group);
	msgpack_zone_destroy(&group_zone);
	return rc < 0 ? -2 : 0;
}

static const struct tool tool = {
	.name = "alignx-pair",
	.summary = "join comments with their posts, and pair the comments",
	.operands = "[file ...]",
	.opts = opts,
	.input = TOOL_MESSAGES,
	.output = TOOL_BINARY,
	.begin = begin,
	.step = step,
	.end = end,
};

int
main(int argc, char **argv)
{
	return tool_main(&tool, argc, argv);
}
