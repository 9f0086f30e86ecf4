/* alignx-pair - joins comments with what they answer, and pairs the comments. */

#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <xxhash.h>

#include "lib/msgpack/msgpack.h"
#include "lib/io/spool.h"
#include "annotate/rules.h"
#include "lib/cli/report.h"
#include "lib/cli/tool.h"
#include "schema/parse.h"
#include "stages/pair/candidates.h"
#include "stages/pair/prompt.h"
#include "stages/pair/thread_index.h"

enum answers { ANSWERS_PARENT, ANSWERS_POST };

static struct pair_rules rules = { .min_chars = 20,
	.max_chars = 6000,
	.max_ratio = 4,
	.dead_zone = 0.1,
	.min_confidence = 0.4,
	.per_response = 2,
	.tries = 32 };
static long seed, max_responses = 2000, min_words = 3;
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
	    "use the n oldest responses to a post or comment (default 2000)", 2, 1e7, NULL },
	{ 0, "answers", "what", OPT_CHOICE, &answered,
	    "pair replies to the same post or comment (parent, the default), or only replies to "
	    "the same post (post)",
	    0, 0, "parent|post" },
	{ 0, "any-depth", NULL, OPT_FLAG, &is_any_depth,
	    "pair all comments under a post, whatever they reply to", 0, 0, NULL },
	{ 0, "min-words", "n", OPT_INT, &min_words,
	    "a post or comment of Reddit that is answered has at least n words, not counting "
	    "links (default 3)",
	    0, 1000, NULL },
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

static struct thread_index threads; /* of texts in the spool */
static struct spool *spool;
static struct parse *parse;
static struct arena group; /* the current prompt and its responses */
static msgpack_zone group_zone;

static int
begin(struct stage_ctx *t, struct fault *f)
{
	struct fault note = FAULT_NONE;
	bool is_missing;

	rules.seed = (uint64_t)seed;
	threads.limit = (struct spill_array_limit){ memory, tmpdir };
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

static uint64_t
hash(const struct text *id)
{
	return XXH3_64bits(id->ptr, id->len);
}

/* What it answers; 0: not known, or a reply to a reply, which does not answer the post. */
static uint64_t
parent_of(const struct interaction *x)
{
	const bool is_comment = x->type == INTERACTION_COMMENT;
	const bool is_top = MESSAGE_HAS(&interaction_descriptor, x, depth) && x->depth == 0;

	if (is_any_depth)
		return hash(&x->post);
	if (answered == ANSWERS_PARENT && MESSAGE_HAS(&interaction_descriptor, x, parent))
		return hash(&x->parent);
	return !is_comment || is_top ? hash(&x->post) : 0;
}

static int
step(struct stage_ctx *t, struct fault *f)
{
	const struct descriptor *d = &interaction_descriptor;
	struct interaction x;
	struct thread_entry e = { .len = (uint32_t)t->item.len, .number = (uint32_t)threads.len };

	if (parse_message(parse, d, &t->item, t->record_arena, &x, f) < 0)
		return -1;
	e.is_post = x.type == INTERACTION_POST;
	if (!e.is_post && !MESSAGE_HAS(d, &x, intensities))
		return fault_set(f, "no-intensities",
		    "this interaction has no "
		    "intensities; run it through alignx-map first");
	e.source = (unsigned char)x.source;
	e.thread = hash(&x.post);
	e.id = hash(&x.id);
	e.parent = e.is_post ? 0 : parent_of(&x);
	e.created = MESSAGE_HAS(d, &x, created) ? x.created : INT64_MAX;
	e.retrieved = MESSAGE_HAS(d, &x, retrieved) ? x.retrieved : INT64_MIN;
	e.is_edited = MESSAGE_HAS(d, &x, edited) && x.edited;
	counters_add_for(t->count, dataset_names[x.source], e.is_post ? "posts" : "responses", 1);
	return spool_add(spool, t->item.data, t->item.len, &e.offset, f) < 0
		|| thread_index_add(&threads, &e, f) < 0
	    ? -2
	    : 0;
}

static struct interaction *
fetch(const struct thread_entry *e, struct fault *f)
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

static void
put_exchange(struct stage_ctx *t, const struct prompt *p, const struct interaction *comment)
{
	struct exchange e = {
		.source = comment->source, .post = p->as_text, .comment = thread_text_of(comment)
	};

	if (MESSAGE_HAS(&interaction_descriptor, comment, user)) {
		e.user = comment->user;
		MESSAGE_SET(&exchange_descriptor, &e, user);
	}
	message_encode(&exchange_descriptor, &e, t->out);
	counters_add_for(t->count, dataset_names[e.source], "exchanges", 1);
}

struct pair_output {
	struct stage_ctx *ctx;
	const struct prompt *prompt;
};

static int
put_pair(void *with, const struct interaction *first, const struct interaction *second,
    const struct direction *direction, struct fault *f)
{
	struct pair_output *m = with;
	struct pair p = { .source = first->source,
		.post = m->prompt->as_text,
		.first = thread_text_of(first),
		.second = thread_text_of(second),
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
	counters_add_for(m->ctx->count, dataset_names[p.source], "pairs", 1);
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

/* Writes the exchange of a response; true if it may also be in pairs. */
static bool
take_response(struct stage_ctx *t, const struct thread_group *g, const struct prompt *p,
    const struct interaction *x)
{
	const char *source = dataset_names[x->source];
	const char *why = NULL;

	if (!pair_is_eligible(&rules, x))
		why = "dropped-length";
	else if (!is_any_depth && prompt_is_by(p->answered, x))
		why = "dropped-own-prompt"; /* nobody's answer to himself */
	if (why != NULL) {
		counters_add_for(t->count, source, why, 1);
		return false;
	}
	if (!prompt_is_by(p->post, x)) /* a history has comments under posts of others */
		put_exchange(t, p, x);
	if (!g->is_known) {
		counters_add_for(t->count, source, "history-only", 1);
		return false;
	}
	if (!pair_may_be_preferred(x)) {
		counters_add_for(t->count, source, "dropped-unrated", 1);
		return false;
	}
	return true;
}

static int
read_prompt(const struct thread_group *g, struct prompt *p, struct fault *f)
{
	arena_reset(&group);
	msgpack_zone_clear(&group_zone);
	p->post = fetch(g->post, f);
	p->answered = g->above != NULL ? fetch(g->above, f) : p->post;
	if (p->post == NULL || p->answered == NULL)
		return -2;
	prompt_make(p, &group);
	return 0;
}

/* One prompt and its responses. */
static int
put_group(void *with, const struct thread_group *g, struct fault *f)
{
	struct stage_ctx *t = with;
	const char *source = dataset_names[g->post->source];
	const struct interaction **x;
	struct prompt prompt;
	struct pair_output m = { .ctx = t, .prompt = &prompt };
	size_t n = g->responses, eligible = 0;

	if (read_prompt(g, &prompt, f) < 0)
		return -2;
	if (g->post->source == SOURCE_REDDIT && prompt_words(&prompt.answered->text) < min_words) {
		counters_add_for(t->count, source, "dropped-prompt", n);
		return 0;
	}
	if (n > (size_t)max_responses) {
		n = (size_t)max_responses;
		counters_add_for(t->count, source, "dropped-over-limit", g->responses - n);
	}
	if (rules.compare != NULL)
		compare_begin(rules.compare, &prompt.as_text.text);
	x = arena_alloc(&group, (n + 1) * sizeof(struct interaction *));
	for (size_t i = 0; i < n; i++) {
		if ((x[eligible] = fetch(g->response[i], f)) == NULL)
			return -2;
		eligible += take_response(t, g, &prompt, x[eligible]);
		if (tool_flush(t, f) < 0)
			return -2;
	}
	return pair_candidates(&rules, x, eligible, put_both, &m, f);
}

static int
end(struct stage_ctx *t, struct fault *f)
{
	int rc = thread_index_each(&threads, t->count, put_group, t, f);

	thread_index_release(&threads);
	spool_free(spool);
	compare_release(rules.compare);
	parse_free(parse);
	arena_release(&group);
	msgpack_zone_destroy(&group_zone);
	return rc < 0 ? -2 : 0;
}

static const struct tool tool = {
	.name = "alignx-pair",
	.summary = "join comments with what they answer, and pair them",
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
