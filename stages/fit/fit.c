/* alignx-fit - train a mapper from labelled texts. */

#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/io/sink.h"
#include "lib/cli/report.h"
#include "lib/cli/tool.h"
#include "schema/dimension.h"
#include "stages/fit/calibrate.h"
#include "stages/fit/quantize_weights.h"
#include "stages/fit/read_examples.h"

enum { NOTE_MAX = MODEL_NOTE_MAX - 64 };	/* the version of the rules is put behind */

static const char *folder, *note = "", *report_file;
static long threads = 1, folds = 5, seed = 1, most = 50000, least = 2, bits = 28;
static long words = 3, chars_low = 3, chars_high = 5;
static int64_t size = 2 << 20;
static double cost_about = 1, cost_side = 20, neutrals = 10, dead_zone = 0.1;

static const struct opt opts[] = {
	{ 'r', "rules", "dir", OPT_FILE, &folder,
	    "read the rules in dir (default $ALIGNX_RULES, or those installed)",
	    0, 0, NULL },
	{ 0, "size", "bytes", OPT_SIZE, &size,
	    "keep as many weights as fit into so many bytes (default 2M)", 1024,
	    MODEL_FILE_MAX - (1 << 16), NULL },
	{ 0, "note", "text", OPT_TEXT, &note,
	    "what it is trained on and whose that is, kept in the model", 0, 0, NULL },
	{ 0, "report", "file", OPT_FILE, &report_file,
	    "write to file (-: standard output) how well rows that were held out are told "
	    "apart, by dimension", 0, 0, NULL },
	{ 0, "folds", "n", OPT_INT, &folds,
	    "hold out each of n parts in turn (default 5)", 2, 100, NULL },
	{ 0, "rows", "n", OPT_INT, &most,
	    "train on a random sample of n texts if there are more (default 50000; each "
	    "takes about 20 kB)", 100, 10000000, NULL },
	{ 's', "seed", "n", OPT_INT, &seed, "seed of samples and hashes (default 1)", 0,
	    1L << 31, NULL },
	{ 0, "words", "n", OPT_INT, &words,
	    "look at runs of up to n words (default 3; 0: none)", 0, NGRAMS_WORDS_MAX,
	    NULL },
	{ 0, "chars-from", "n", OPT_INT, &chars_low,
	    "look at runs of n characters and more (default 3; 0: none)", 0,
	    NGRAMS_CHARS_MAX, NULL },
	{ 0, "chars-to", "n", OPT_INT, &chars_high,
	    "and of up to n (default 5; 0: none)", 0, NGRAMS_CHARS_MAX, NULL },
	{ 0, "bits", "n", OPT_INT, &bits,
	    "tell n-grams apart by n bits of their hashes (default 28)",
	    NGRAMS_BITS_LEAST, 32, NULL },
	{ 0, "least", "n", OPT_INT, &least,
	    "pass over n-grams of fewer than n texts (default 2)", 1, 1000000, NULL },
	{ 0, "cost", "x", OPT_REAL, &cost_about,
	    "weight of errors, beside the penalty, in telling what a text is about "
	    "(default 1)", 1e-6, 1e6, NULL },
	{ 0, "cost-side", "x", OPT_REAL, &cost_side,
	    "and in telling the poles apart (default 20)", 1e-6, 1e6, NULL },
	{ 0, "neutrals", "x", OPT_REAL, &neutrals,
	    "train with at most x texts that are not about a dimension for each one that "
	    "is (default 10)", 0.1, 1e6, NULL },
	{ 'z', "dead-zone", "x", OPT_REAL, &dead_zone,
	    "an intensity of at most x either way says nothing (default 0.1)", 0, 1,
	    NULL },
	{ 'j', "threads", "n", OPT_INT, &threads,
	    "work with n threads (default 1); the result is the same", 1,
	    POOL_THREADS_MAX, NULL },
	{ 0 },
};

static struct fit_rows rows;
static struct fit_read reading;
static struct pool *pool;

/* A rules_fault_fn: a pattern of a rule is too costly. */
static void
say_limit(void *with, const struct fault *f)
{
	report_say(with, f);
}

static int
begin(struct turn *t, struct fault *f)
{
	struct ngrams_form form = { .seed = (uint32_t)seed, .bits = (uint32_t)bits,
		.words = (uint32_t)words, .chars_low = (uint32_t)chars_low,
		.chars_high = (uint32_t)chars_high };

	if (!ngrams_form_is_sound(&form))
		return fault_stop(f, "--chars-from and --chars-to must be a range, or both 0 "
		    "with words left");
	if (report_file != NULL && strcmp(report_file, "-") == 0 && !tool_has_file())
		return fault_stop(f, "--report - needs a file for the model, named with -o");
	if (strlen(note) > NOTE_MAX)
		return fault_stop(f, "--note is longer than %d bytes", NOTE_MAX);
	folder = rules_folder(folder);
	rows = (struct fit_rows){ .most = (size_t)most, .random = (uint64_t)seed };
	reading = (struct fit_read){ .rows = &rows, .form = form,
		.dead_zone = dead_zone };
	if ((reading.weights = map_weights_read(folder, t->life, f)) == NULL
	    || (reading.engine = engine_open(folder, true, t->life, f)) == NULL
	    || (pool = pool_new((size_t)threads, f)) == NULL)
		return -2;
	engine_watch(reading.engine, t->count, say_limit, t->report);
	reading.parse = parse_new();
	return 0;
}

static int
step(struct turn *t, struct fault *f)
{
	return fit_read_item(&reading, &t->item, t->brief, f);
}

static void
put_area(struct buf *b, double area)
{
	if (isnan(area))
		buf_add_str(b, "\t-");
	else
		buf_printf(b, "\t%.4f", area);
}

static int
write_report(const struct fit_quality *q, struct fault *f)
{
	struct sink *s = sink_open(strcmp(report_file, "-") == 0 ? NULL : report_file,
	    f);
	struct buf b = { 0 };
	int rc;

	if (s == NULL)
		return -2;
	buf_add_str(&b, "dimension\thigh\tlow\tgroups\tabout by rules\tabout by model\t"
	    "side by rules\tside by model\n");
	for (int d = 0; d < DIMENSIONS; d++) {
		if (q[d].high + q[d].low == 0)
			continue;
		buf_printf(&b, "%s\t%zu\t%zu\t%zu", dimension_table[d].key, q[d].high,
		    q[d].low, q[d].groups);
		for (int which = 0; which < 2; which++) {
			put_area(&b, q[d].rules[which]);
			put_area(&b, q[d].model[which]);
		}
		buf_add_byte(&b, '\n');
	}
	if ((rc = sink_write(s, b.data, b.len, f)) == 0)
		rc = sink_close(s, f);
	else
		sink_abandon(s);
	buf_release(&b);
	return rc;
}

/* The note, and the rules whose signals the model stands beside. */
static const char *
make_note(struct arena *a)
{
	size_t len = strlen(note);
	const struct rules *rules = engine_rules(reading.engine);
	char *s = arena_get(a, len + sizeof(rules->version) + 3);

	sprintf(s, "%s%s%s", note, len > 0 ? "; " : "", rules->version);
	return s;
}

static int
train_all(struct turn *t, struct fault *f)
{
	const struct fit_options o = { .cost = { cost_about, cost_side },
		.neutrals = neutrals, .folds = (int)folds, .least = 5,
		.seed = (uint64_t)seed };
	struct map_dimension dimension[DIMENSIONS];
	struct fit_quality quality[DIMENSIONS];
	struct map_model m = { .form = reading.form, .note = make_note(t->life),
		.dimension = dimension };
	struct fit_columns columns;
	struct fit_scores scores;

	fit_rows_deal(&rows, (int)folds);
	fit_columns_find(&columns, &rows, (size_t)least);
	fit_scores_train(&scores, &rows, columns.len, &o, pool);
	fit_blend(&scores, dimension, &m.dimensions, quality);
	if (m.dimensions == 0)
		return fault_stop(f, "there is nothing to learn: no dimension has %zu texts on "
		    "either side", o.least);
	fit_pack(&m, &scores, &columns, (size_t)size, t->life);
	map_model_write(&m, t->out);
	fit_scores_release(&scores);
	free(columns.id);
	return report_file != NULL ? write_report(quality, f) : 0;
}

static int
end(struct turn *t, struct fault *f)
{
	int rc = train_all(t, f);

	fit_read_release(&reading);
	engine_free(reading.engine);
	fit_rows_release(&rows);
	pool_free(pool);
	return rc;
}

static const struct tool tool = {
	.name = "alignx-fit",
	.gist = "train a mapper from labelled texts",
	.operands = "[file ...]",
	.opts = opts,
	.input = TOOL_FOREIGN,
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
