/* alignx-score - log-probabilities of responses. */

#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "infer/coefficients.h"
#include "infer/tokenizer.h"
#include "lib/tool.h"
#include "schema/parse.h"
#include "stages/score_batch.h"
#include "stages/score_describe.h"
#include "stages/score_outcome.h"
#include "stages/score_prompt.h"
#include "stages/score_tokens.h"

enum bos { BOS_AUTO, BOS_ALWAYS, BOS_NEVER };
enum eos { EOS_AUTO, EOS_PLAIN, EOS_SPACED, EOS_NONE };
enum { ROOM = 8192 };

static const char *model_file, *tokens_file, *describe_file, *pear_file;
static long threads = 1, room = ROOM, batch_rows, truncate_at = 7679;
static int precision, method, variant, bos, eos;
static bool is_plain, is_summary;

static const struct opt opts[] = {
	{ 'm', "model", "file", OPT_FILE, &model_file,
	    "the model, a GGUF file", 0, 0, NULL },
	{ 0, "method", "how", OPT_CHOICE, &method,
	    "what the model is asked with: the history itself (ica, the default, and "
	    "few-shot, which is the same), the profile (pba), or the prompt alone "
	    "(plain); or, without a model, by what profile and row have in common "
	    "(direction)", 0, 0, "ica|pba|few-shot|plain|direction" },
	{ 0, "variant", "which", OPT_CHOICE, &variant,
	    "form of the prompt: that of evaluation (the default), with BOS before it, "
	    "or that of training, without", 0, 0, "evaluation|training" },
	{ 0, "pear", "file", OPT_FILE, &pear_file,
	    "multiply the outputs of attention heads by the coefficients in file", 0, 0,
	    NULL },
	{ 0, "bos", "when", OPT_CHOICE, &bos,
	    "begin with the token that begins texts: auto (in evaluation), always or "
	    "never", 0, 0, "auto|always|never" },
	{ 0, "eos", "how", OPT_CHOICE, &eos,
	    "end responses with the token that ends texts: auto, plain (as in "
	    "evaluation), spaced (behind a blank, as in training) or none", 0, 0,
	    "auto|plain|spaced|none" },
	{ 0, "truncate", "tokens", OPT_INT, &truncate_at,
	    "keep the last so many tokens of a prompt and of a response (default "
	    "7679)", 1, 1 << 24, NULL },
	{ 0, "summary", NULL, OPT_FLAG, &is_summary,
	    "print a table of accuracies instead of a line for each row", 0, 0, NULL },
	{ 0, "describe", "model", OPT_FILE, &describe_file,
	    "print what a model file is and what memory it needs, and exit", 0, 0,
	    NULL },
	{ 0, "tokens", "file", OPT_FILE, &tokens_file,
	    "score the token ids in file: print the negative log-likelihood of each "
	    "but the first, and their sum, and exit", 0, 0, NULL },
	{ 'j', "threads", "n", OPT_INT, &threads,
	    "work with n threads (default 1); the result is the same", 1,
	    POOL_THREADS_MAX, NULL },
	{ 'c', "room", "tokens", OPT_INT, &room,
	    "room for so many tokens at a time, of all rows that share work (default "
	    "8192)", 1, 1 << 24, NULL },
	{ 'b', "batch", "rows", OPT_INT, &batch_rows,
	    "take so many tokens through the model at a time (default 512)", 1,
	    1 << 16, NULL },
	{ 0, "precision", "how", OPT_CHOICE, &precision,
	    "multiply in this precision: auto (the default) is f32 for matrices in F32, "
	    "bf16 for F16 and BF16, int8 for types of blocks; relative errors of a product "
	    "are about 5e-7, 2e-3 and 4e-3", 0, 0, "auto|f32|bf16|int8" },
	{ 0, "plain", NULL, OPT_FLAG, &is_plain,
	    "use the reference code in plain C instead of the processor's own", 0, 0,
	    NULL },
	{ 0 },
};

static struct model model;
static struct vocabulary vocabulary;
static struct tokenizer *tokenizer;
static struct pool *pool;
static struct session *session;
static struct parse *parse;
static struct score_prompt prompt;
static struct score_batch scored;
static struct buf ids, response;
static struct score_outcome outcome;
static uint64_t number;

static void
release(void)
{
	session_free(session);
	pool_free(pool);
	tokenizer_free(tokenizer);
	model_close(&model);
	parse_free(parse);
	score_prompt_release(&prompt);
	score_batch_release(&scored);
	buf_release(&ids);
	buf_release(&response);
}

static int
prepare_rows(const char *file, struct turn *t, struct fault *f)
{
	if (vocabulary_read(&vocabulary, &model.file, file, t->life, f) < 0
	    || (tokenizer = tokenizer_new(&vocabulary, f)) == NULL)
		return -2;
	if (vocabulary.len > model.vocabulary)
		return fault_stop(f, "%s: %zu tokens, and the model knows %zu", file,
		    vocabulary.len, model.vocabulary);
	parse = parse_new();
	scored = (struct score_batch){ .session = session, .tokens = (size_t)room };
	return 0;
}

/* What is asked of the model but to score rows: 1 if it was done. */
static int
answer(struct turn *t, struct fault *f)
{
	struct session_options o = { .tokens = (size_t)room,
		.batch = (size_t)batch_rows,
		.precision = (enum precision)precision,
		.level = is_plain ? LEVEL_PLAIN : level_of_processor() };

	if (describe_file != NULL) {
		score_describe(&model, &o, t->out);
		return 1;
	}
	if (pear_file != NULL && (o.coefficient = coefficients_read(pear_file, &model,
	    t->life, f)) == NULL)
		return -2;
	if ((pool = pool_new((size_t)threads, f)) == NULL)
		return -2;
	session = session_open(&model, &o, pool);
	if (tokens_file == NULL)
		return prepare_rows(model_file, t, f);
	return score_tokens(session, tokens_file, t->out, f) < 0 ? -2 : 1;
}

static int
begin(struct turn *t, struct fault *f)
{
	const char *file = describe_file != NULL ? describe_file : model_file;
	int rc;

	if (method == SCORE_DIRECTION) {
		parse = parse_new();
		return 0;
	}
	if (file == NULL)
		return fault_stop(f, "--model must name a model");
	if (bos == BOS_AUTO)
		bos = variant == SCORE_EVALUATION ? BOS_ALWAYS : BOS_NEVER;
	if (eos == EOS_AUTO)
		eos = variant == SCORE_EVALUATION ? EOS_PLAIN : EOS_SPACED;
	if (model_open(&model, file, t->life, f) < 0)
		return -2;
	if ((rc = answer(t, f)) != 0)
		release();
	return rc;
}

/* Scores what was gathered and writes it in the order of the input. */
static int
flush_rows(struct turn *t, struct fault *f)
{
	size_t n = 0;
	const struct score_row *row = session != NULL
	    ? score_batch_run(&scored, &n, f) : NULL;

	if (row == NULL && n > 0)
		return -2;
	for (size_t i = 0; i < n; i++)
		score_outcome_add(&outcome, &row[i], is_summary ? NULL : t->out);
	score_batch_clear(&scored);
	return tool_flush(t, f);
}

/* Drops all but the last ids of a stretch from `from` on; how many are left. */
static size_t
keep_last(size_t from)
{
	size_t n = ids.len / sizeof(uint32_t) - from, most = (size_t)truncate_at;
	uint32_t *id = (uint32_t *)(void *)ids.data + from;

	if (n <= most)
		return n;
	memmove(id, id + (n - most), most * sizeof(*id));
	ids.len -= (n - most) * sizeof(*id);
	return most;
}

/* A response and what ends it. */
static size_t
put_response(const struct text *t)
{
	size_t from = ids.len / sizeof(uint32_t), n = t->len;

	buf_clear(&response);
	buf_add(&response, t->ptr, n);
	if (eos == EOS_SPACED) {
		while (n > 0 && t->ptr[n - 1] == '\n')
			n--;
		response.len = n;
		buf_add_byte(&response, ' ');
	}
	tokenizer_encode(tokenizer, response.data, response.len, NULL, 0, &ids);
	n = keep_last(from);
	if (vocabulary.eos == TOKEN_NONE || eos == EOS_NONE)
		return n;
	buf_add(&ids, &vocabulary.eos, sizeof(uint32_t));
	return n + 1;
}

/* BOS, prompt, and each response with EOS, tokenised apart (A4.1). */
static int
put_ids(const struct record *r, struct score_row *row, struct fault *f)
{
	const struct tokenizer_part *parts;
	size_t n, has_bos = bos == BOS_ALWAYS && vocabulary.bos != TOKEN_NONE;

	if (score_prompt_make(&prompt, (enum score_method)method,
	    (enum score_variant)variant, r, f) < 0)
		return -1;
	parts = score_prompt_parts(&prompt, &n);
	buf_clear(&ids);
	if (has_bos)
		buf_add(&ids, &vocabulary.bos, sizeof(uint32_t));
	tokenizer_encode(tokenizer, prompt.text.data, prompt.text.len, parts, n, &ids);
	row->prompt = has_bos + keep_last(has_bos);
	row->chosen = put_response(&r->chosen);
	row->rejected = put_response(&r->rejected);
	return 0;
}

static int
read_row(struct turn *t, struct record *r, const struct layout **layout,
    struct fault *f)
{
	const struct layout *l;
	msgpack_object tree;

	if (parse_tree(parse, &t->item, t->brief, &tree, f) < 0
	    || (l = noun_layout_of(&tree, f)) == NULL)
		return -1;
	if (l != &record_layout && l != &benchmark_layout)
		return fault_set(f, "wrong-kind", "expected a record or a row of a test set, "
		    "found %s", l->name);
	*layout = l;
	return noun_read(l, &tree, t->brief, r, f);
}

/* Without a model: on how many dimensions profile and comparison agree, less those
 * on which they do not.  A floor for models, and all right where the row's
 * direction is the person's. */
static int
compare(const struct record *r, const struct layout *l, struct score_row *row,
    struct buf *out, struct fault *f)
{
	struct direction d;
	int sum = 0;

	if (!NOUN_HAS(l, r, direction))
		return fault_set(f, "missing-field", "this row has no Preference Direction "
		    "to compare with");
	if (score_profile(r, &d, f) < 0)
		return -1;
	for (int i = 0; i < DIMENSIONS; i++)
		sum += (d.at[i] - 1) * (r->direction.at[i] - 1);
	row->log_chosen = sum;
	row->log_rejected = -sum;
	score_outcome_add(&outcome, row, is_summary ? NULL : out);
	return 0;
}

/* Puts a row with the others that will go through the model. */
static int
gather(struct turn *t, const struct record *r, struct score_row *given,
    struct fault *f)
{
	struct score_row row = *given;
	size_t n, most;

	if (put_ids(r, &row, f) < 0)
		return -1;
	n = row.prompt + row.chosen + row.rejected;
	most = row.prompt + (row.chosen > row.rejected ? row.chosen : row.rejected);
	if (most > model.context || n > scored.tokens)
		return fault_set(f, "too-long", "%zu tokens, with the model's context of %zu "
		    "and --room for %zu; shorten with --truncate", n, model.context,
		    scored.tokens);
	if (!score_batch_fits(&scored, n) && flush_rows(t, f) < 0)
		return -2;
	score_batch_add(&scored, &row, (const uint32_t *)(const void *)ids.data);
	return 0;
}

static int
step(struct turn *t, struct fault *f)
{
	struct score_row row = { .number = ++number };
	const struct layout *l = NULL;
	struct record r;
	int rc = read_row(t, &r, &l, f);

	if (rc == 0) {
		row.persona = (r.ugc.len > 0 ? SCORE_HAS_UGC : 0)
		    | (r.feedback.len > 0 ? SCORE_HAS_PAIR : 0)
		    | (r.demographic.len > 0 ? SCORE_HAS_DEMO : 0);
		rc = method == SCORE_DIRECTION ? compare(&r, l, &row, t->out, f)
		    : gather(t, &r, &row, f);
	}
	if (rc == -1)
		parse_locate(&t->item, f);
	return rc;
}

static int
end(struct turn *t, struct fault *f)
{
	int rc = flush_rows(t, f);

	if (rc == 0 && is_summary)
		score_outcome_print(&outcome, t->out);
	release();
	return rc;
}

static const struct tool tool = {
	.name = "alignx-score",
	.gist = "score responses with a model",
	.operands = "[file ...]",
	.opts = opts,
	.input = TOOL_FOREIGN,
	.output = TOOL_TEXT,
	.begin = begin,
	.step = step,
	.end = end,
};

int
main(int argc, char **argv)
{
	return tool_main(&tool, argc, argv);
}
