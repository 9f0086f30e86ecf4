/* alignx-fit - trains a model for alignx-map from labelled texts. */

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

static const char *rules_dir, *note = "", *report_file;
static long threads, folds = 4, seed = 1, max_examples = 100000, min_df = 2, hash_bits = 28;
static long min_positives = 30, words_max = 2, chars_min = 3, chars_max = 5;
static int64_t size = 2 << 20;
static double cost = 4, dead_zone = 0.1;

static const struct opt opts[] = {
	{ 'r', "rules", "dir", OPT_FILE, &rules_dir,
	    "read the rules in dir (default $ALIGNX_RULES, or the installed rules)", 0, 0, NULL },
	{ 0, "size", "bytes", OPT_SIZE, &size,
	    "keep as many weights as fit into this size (default 2M)", 1024,
	    LINEAR_MODEL_FILE_MAX - (1 << 16), NULL },
	{ 0, "note", "text", OPT_TEXT, &note,
	    "store text in the model, such as the sources of the training data and their licenses",
	    0, 0, NULL },
	{ 0, "report", "file", OPT_FILE, &report_file,
	    "write how right the model is on held-out texts to file (-: standard output)", 0, 0,
	    NULL },
	{ 0, "folds", "n", OPT_INT, &folds, "cross-validate with n folds (default 4)", 2, 100,
	    NULL },
	{ 0, "max-examples", "n", OPT_INT, &max_examples,
	    "train on a random sample of n texts if there are more (default 100000; each takes "
	    "about 5 kB of memory)",
	    100, 10000000, NULL, .old_word = "rows" },
	{ 's', "seed", "n", OPT_INT, &seed, "seed of samples and hashes (default 1)", 0, 1L << 31,
	    NULL },
	{ 0, "word-ngrams", "n", OPT_INT, &words_max,
	    "use word n-grams of up to n words (default 2)", 1, NGRAMS_WORDS_MAX, NULL,
	    .old_word = "words" },
	{ 0, "char-ngrams-min", "n", OPT_INT, &chars_min,
	    "use character n-grams of at least n bytes (default 3; 0: none)", 0, NGRAMS_CHARS_MAX,
	    NULL, .old_word = "chars-from" },
	{ 0, "char-ngrams-max", "n", OPT_INT, &chars_max,
	    "use character n-grams of at most n bytes (default 5; 0: none)", 0, NGRAMS_CHARS_MAX,
	    NULL, .old_word = "chars-to" },
	{ 0, "hash-bits", "n", OPT_INT, &hash_bits, "hash n-grams to n bits (default 28)",
	    NGRAMS_BITS_MIN, 32, NULL, .old_word = "bits" },
	{ 0, "min-df", "n", OPT_INT, &min_df,
	    "ignore n-grams that are in fewer than n texts (default 2)", 1, 1000000, NULL,
	    .old_word = "least" },
	{ 0, "min-examples", "n", OPT_INT, &min_positives,
	    "learn no pole that fewer than n texts show (default 30)", 1, 1000000, NULL },
	{ 0, "cost", "x", OPT_REAL, &cost, "cost of errors (C of liblinear; default 4)", 1e-6, 1e6,
	    NULL },
	{ 'z', "dead-zone", "x", OPT_REAL, &dead_zone,
	    "take intensities from -x to x for neutral (default 0.1)", 0, 1, NULL },
	{ 'j', "threads", "n", OPT_INT, &threads,
	    "train with n threads (default: one per processor); the result is the same", 1,
	    THREAD_POOL_MAX, NULL },
	{ 0 },
};

static struct examples examples;
static struct example_reader reader;
static struct thread_pool *pool;

static int
begin(struct stage_ctx *t, struct fault *f)
{
	struct ngram_config config = { .seed = (uint32_t)seed,
		.bits = (uint32_t)hash_bits,
		.words = (uint32_t)words_max,
		.chars_min = (uint32_t)chars_min,
		.chars_max = (uint32_t)chars_max };

	if (!ngram_config_is_valid(&config))
		return fault_stop(f,
		    "--char-ngrams-min must not be above --char-ngrams-max; both may be 0");
	if (report_file != NULL && strcmp(report_file, "-") == 0 && !tool_has_file())
		return fault_stop(f, "with --report -, name a file for the model with -o");
	if (strlen(note) > LINEAR_MODEL_NOTE_MAX)
		return fault_stop(f, "--note is longer than %d bytes", LINEAR_MODEL_NOTE_MAX);
	rules_dir = rules_folder(rules_dir);
	examples = (struct examples){ .max = (size_t)max_examples,
		.rng = { .state = (uint64_t)seed } };
	reader = (struct example_reader){
		.examples = &examples, .config = config, .dead_zone = dead_zone
	};
	if ((reader.engine = signals_open(rules_dir, true, t->run_arena, f)) == NULL
	    || (pool = thread_pool_new((size_t)threads, f)) == NULL)
		return -2;
	signals_watch(reader.engine, t->count, report_say_fault, t->report);
	reader.parse = parse_new();
	return 0;
}

static int
step(struct stage_ctx *t, struct fault *f)
{
	return read_examples_item(&reader, &t->item, t->record_arena, f);
}

static void
put_number(struct buf *b, double x)
{
	if (isnan(x))
		buf_add_str(b, "\t-");
	else
		buf_printf(b, "\t%.3f", x);
}

static void
put_report(const struct cross_validation *v, const struct calibrate_quality *q, struct buf *b)
{
	buf_printf(b, "texts\t%zu\nlabels\t%zu\n", q->examples, q->labels);
	buf_add_str(b, "found\tright\tcontradicted\tprobability\n");
	for (int i = 0; i < CURVE_POINTS; i++) {
		buf_printf(b, "%.2f", q->curve[i].found);
		put_number(b, q->curve[i].right);
		put_number(b, q->curve[i].contradicted);
		put_number(b, q->curve[i].probability);
		buf_add_byte(b, '\n');
	}
	buf_add_str(b, "probability\tclaims\tright\n");
	for (int i = 0; i < CALIBRATE_TENTHS; i++)
		buf_printf(b, "%.1f\t%zu\t%.3f\n", i / (double)CALIBRATE_TENTHS, q->claims[i],
		    q->right[i]);
	buf_add_str(b, "dimension\tlabel\texamples\tauc\n");
	for (size_t k = 0; k < v->poles; k++) {
		buf_printf(b, "%s\t%d\t%zu", dimension_table[v->pole[k].dimension].key,
		    v->pole[k].pole, v->pole[k].positives);
		put_number(b, q->auc[k]);
		buf_add_byte(b, '\n');
	}
}

static int
write_report(const struct cross_validation *v, const struct calibrate_quality *q, struct fault *f)
{
	const char *file = strcmp(report_file, "-") == 0 ? NULL : report_file;
	struct buf b = { 0 };
	int rc;

	put_report(v, q, &b);
	rc = sink_write_file(file, b.data, b.len, f);
	buf_release(&b);
	return rc;
}

static int
train_model(struct stage_ctx *t, struct fault *f)
{
	const struct cross_validate_options o = {
		.cost = cost, .folds = (int)folds, .min_positives = (size_t)min_positives
	};
	struct linear_model m = { .config = reader.config, .note = note };
	struct calibrate_quality quality;
	struct cross_validation v;
	struct train_set set;
	int rc = 0;

	snprintf(m.rules, sizeof(m.rules), "%s", signals_rules(reader.engine)->version);
	examples_assign_folds(&examples, (int)folds);
	train_set_make(&set, &examples, (size_t)min_df);
	cross_validate(&v, &examples, &set, &o, pool);
	if (v.poles == 0)
		return fault_stop(f,
		    "nothing to learn: no pole of a dimension has %ld texts; give more texts, or a "
		    "lower --min-examples",
		    min_positives);
	calibrate(&v, &m, &quality);
	quantize_weights(&m, &v, (size_t)size, t->run_arena);
	linear_model_write(&m, t->out);
	if (report_file != NULL)
		rc = write_report(&v, &quality, f);
	cross_validate_release(&v);
	train_set_release(&set, examples.len);
	return rc;
}

static int
end(struct stage_ctx *t, struct fault *f)
{
	int rc = train_model(t, f);

	read_examples_release(&reader);
	signals_free(reader.engine);
	examples_release(&examples);
	thread_pool_free(pool);
	return rc;
}

static const struct tool tool = {
	.name = "alignx-fit",
	.summary = "train a model for alignx-map from labelled texts",
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
