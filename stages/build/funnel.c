#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/json/json_write.h"
#include "schema/messages.h"
#include "stages/build/funnel.h"

enum { STATS_MAX = 64 << 20 };

static const char *const stage_names[FUNNEL_STAGES] = { "ingest", "dedup", "pair", "emit" };

const char *
funnel_dataset(const char *source)
{
	const size_t len = strcspn(source, "-");

	/* reddit-comments and reddit-submissions are kinds of files */
	return len == strlen("reddit") && memcmp(source, "reddit", len) == 0
	    ? dataset_names[SOURCE_REDDIT]
	    : dataset_named(source, strlen(source));
}

static int
read_file(struct funnel *x, const char *file, struct json_node *root, struct fault *f)
{
	if (x->json == NULL && (x->json = json_new()) == NULL)
		arena_out_of_memory();
	return json_parse_file(x->json, file, STATS_MAX, root, &x->arena, f);
}

static void
add_map(struct funnel *x, enum funnel_stage stage, const char *group, const struct json_node *map)
{
	struct json_walk w;
	struct json_node name, value;

	if (map->kind != JSON_MAP)
		return;
	json_walk_begin(&w, map);
	while (json_walk_next(&w, &name, &value))
		if (value.kind == JSON_INT && value.integer > 0)
			counters_add_to(&x->stage[stage], group,
			    arena_strndup(&x->arena, name.text.ptr, name.text.len),
			    (uint64_t)value.integer);
}

static uint64_t
sum_of(const struct json_node *map)
{
	struct json_walk w;
	struct json_node name, value;
	uint64_t sum = 0;

	if (map->kind != JSON_MAP)
		return 0;
	json_walk_begin(&w, map);
	while (json_walk_next(&w, &name, &value))
		sum += value.kind == JSON_INT ? (uint64_t)value.integer : 0;
	return sum;
}

int
funnel_add_dump(struct funnel *x, const char *file, const char *dataset, struct funnel_dump *dump,
    struct fault *f)
{
	struct json_node root, refused, rows, counts;
	struct counters *c = &x->stage[FUNNEL_INGEST];

	if (read_file(x, file, &root, f) < 0)
		return -2;
	rows = json_at(&root, "/records");
	refused = json_at(&root, "/refused");
	counts = json_at(&root, "/counts");
	dump->rows = rows.kind == JSON_INT ? (uint64_t)rows.integer : 0;
	dump->refused = sum_of(&refused);
	dump->is_broken = json_at(&root, "/refused/broken-input").kind == JSON_INT;
	counters_add_for(c, dataset, "rows", dump->rows);
	counters_add_for(c, dataset, "refused", dump->refused);
	add_map(x, FUNNEL_INGEST, NULL, &counts);
	add_map(x, FUNNEL_INGEST, dataset, &counts);
	return 0;
}

/* Statements of records by the kind of evidence. */
static void
add_evidence(struct funnel *x, enum funnel_stage stage, const struct json_node *evidence)
{
	struct json_walk w;
	struct json_node kind, dimensions;
	struct buf name = { 0 };

	if (evidence->kind != JSON_MAP)
		return;
	json_walk_begin(&w, evidence);
	while (json_walk_next(&w, &kind, &dimensions)) {
		const uint64_t n = sum_of(&dimensions);

		buf_clear(&name);
		buf_printf(&name, "evidence-%.*s", (int)kind.text.len, kind.text.ptr);
		if (n > 0)
			counters_add(&x->stage[stage],
			    arena_strndup(&x->arena, name.data, name.len), n);
	}
	buf_release(&name);
}

int
funnel_add(struct funnel *x, enum funnel_stage stage, const char *file, struct fault *f)
{
	struct json_node root, counts, sources, evidence, name, value;
	struct json_walk w;

	if (read_file(x, file, &root, f) < 0)
		return -2;
	counts = json_at(&root, "/counts");
	sources = json_at(&root, "/sources");
	evidence = json_at(&root, "/evidence");
	add_map(x, stage, NULL, &counts);
	add_evidence(x, stage, &evidence);
	if (sources.kind != JSON_MAP)
		return 0;
	json_walk_begin(&w, &sources);
	while (json_walk_next(&w, &name, &value)) {
		const char *dataset = dataset_named(name.text.ptr, name.text.len);

		if (dataset != NULL)
			add_map(x, stage, dataset, &value);
	}
	return 0;
}

/* The data sets that have counts; returns their number. */
static size_t
datasets_of(const struct funnel *x, const char *dataset[])
{
	size_t n = 0;

	for (int i = 0; dataset_names[i] != NULL; i++) {
		bool is_there = false;

		for (int s = 0; s < FUNNEL_STAGES; s++)
			for (size_t k = 0; k < x->stage[s].len; k++)
				is_there = is_there
				    || x->stage[s].item[k].group == dataset_names[i];
		if (is_there)
			dataset[n++] = dataset_names[i];
	}
	return n;
}

void
funnel_print(const struct funnel *x, struct buf *out)
{
	const char *dataset[SOURCE_GENERIC + 1];
	const size_t n = datasets_of(x, dataset);

	buf_printf(out, "%-6s %-36s %12s", "stage", "count", "all");
	for (size_t i = 0; n > 1 && i < n; i++)
		buf_printf(out, " %13s", dataset[i]);
	buf_add_byte(out, '\n');
	for (int s = 0; s < FUNNEL_STAGES; s++)
		for (size_t k = 0; k < x->stage[s].len; k++) {
			const char *name = x->stage[s].item[k].name;

			if (x->stage[s].item[k].group != NULL)
				continue;
			buf_printf(out, "%-6s %-36s %12" PRIu64, stage_names[s], name,
			    x->stage[s].item[k].n);
			for (size_t i = 0; n > 1 && i < n; i++)
				buf_printf(out, " %13" PRIu64,
				    counters_look_up_for(&x->stage[s], dataset[i], name));
			buf_add_byte(out, '\n');
		}
}

void
funnel_put_json(const struct funnel *x, struct buf *b)
{
	for (int s = 0; s < FUNNEL_STAGES; s++) {
		buf_printf(b, "%s\"%s\":{\"all\":", s == 0 ? "{" : ",\n", stage_names[s]);
		json_write_counters(b, &x->stage[s]);
		buf_add_str(b, ",\"sources\":");
		json_write_counter_groups(b, &x->stage[s]);
		buf_add_byte(b, '}');
	}
	buf_add_byte(b, '}');
}

/* A step, what it takes from, and what a user can do about a large loss. */
static const struct loss {
	enum funnel_stage stage;
	const char *count, *of, *what, *cure;
} losses[] = {
	{ FUNNEL_INGEST, "dropped-deleted", "rows", "deleted or removed texts",
	    "an archive that was taken earlier may have them" },
	{ FUNNEL_INGEST, "dropped-short", "rows", "short comments", "--ingest '--min-chars n'" },
	{ FUNNEL_INGEST, "dropped-long", "rows", "long texts", "--ingest '--max-chars n'" },
	{ FUNNEL_INGEST, "dropped-over-18", "rows", "posts marked over 18",
	    "--ingest '--over-18'" },
	{ FUNNEL_INGEST, "dropped-bot", "rows", "texts of bots",
	    "--ingest '--keep-bots', or a list of your own with --bots" },
	{ FUNNEL_INGEST, "dropped-no-words", "rows", "comments without words",
	    "this dump has little to learn from" },
	{ FUNNEL_DEDUP, "dropped", "kept", "duplicates",
	    "the same dump may be given twice; --dedup '--mode exact' keeps near duplicates" },
	{ FUNNEL_PAIR, "without-post", "responses", "comments without their post", NULL },
	{ FUNNEL_PAIR, "history-only", "responses", "replies to comments that are not there",
	    "give the months before, too" },
	{ FUNNEL_PAIR, "dropped-prompt", "responses", "answers to links and single words",
	    "--pair '--min-words n'" },
	{ FUNNEL_PAIR, "dropped-unrated", "responses", "answers that nobody rated",
	    "only ranked answers state a preference" },
	{ FUNNEL_PAIR, "dropped-length", "responses", "responses of unfit length",
	    "--pair '--min-chars n --max-chars n'" },
	{ FUNNEL_EMIT, "neutral-exchanges", "exchanges", "comments that state no preference",
	    "they are in no history; --map '--precision p' states more, less surely" },
	{ FUNNEL_EMIT, "dropped-across-split", "pairs", "pairs lost to the split",
	    "--emit '--max-loss x', another --test-share, or --split user" },
	{ FUNNEL_EMIT, "dropped-no-history", "pairs", "pairs of users who wrote nothing else",
	    "give more months, or --emit '--persona matched'" },
	{ FUNNEL_EMIT, "dropped-per-user", "pairs", "pairs over the limit of a user",
	    "--emit '--per-user n'" },
	{ FUNNEL_EMIT, "uninformed", "pairs", "records whose history says nothing on them",
	    "they are in uninformed/; give more months" },
};

/* Comments are on posts of the same month or of months before. */
static void
put_missing_posts(const char *comments, struct buf *b)
{
	const char *slash = comments != NULL ? strrchr(comments, '/') : NULL;
	const char *name = slash != NULL ? slash + 1 : comments;

	if (name != NULL && strncmp(name, "RC_", 3) == 0)
		buf_printf(b, "give RS_%s and the submissions of the months before, too", name + 3);
	else
		buf_add_str(b,
		    "give the submissions (RS_) of the same months and of the months before, too");
}

void
funnel_explain(const struct funnel *x, const char *comments, struct buf *lines)
{
	for (size_t i = 0; i < sizeof(losses) / sizeof(losses[0]); i++) {
		const struct loss *l = &losses[i];
		const uint64_t lost = counters_look_up(&x->stage[l->stage], l->count);
		const uint64_t all = counters_look_up(&x->stage[l->stage], l->of);

		if (lost == 0 || 2 * lost <= all)
			continue;
		buf_printf(lines,
		    "%s: %" PRIu64 " of %" PRIu64 " %s are lost as %s: ", stage_names[l->stage],
		    lost, all, l->of, l->what);
		if (l->cure != NULL)
			buf_add_str(lines, l->cure);
		else
			put_missing_posts(comments, lines);
		buf_add_byte(lines, '\n');
	}
}

void
funnel_release(struct funnel *x)
{
	json_free(x->json);
	arena_release(&x->arena);
}
