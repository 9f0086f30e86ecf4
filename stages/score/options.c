#include "config.h"

#include <string.h>

#include "stages/score/options.h"

enum { BOS_AUTO, BOS_ALWAYS, BOS_NEVER };
enum { EOS_AUTO, EOS_PLAIN };		/* and those behind it, as enum score_eos */
enum { REFERENCE_AUTO, REFERENCE_SAME, REFERENCE_ICA };	/* and so on */

struct score_options score_asked = { .threads = 1, .room = 8192, .truncate = 7679,
	.beta = 0.1, .memory = (int64_t)256 << 20, .reference = "none" };

const struct opt score_opts[] = {
	{ 'm', "model", "file", OPT_FILE, &score_asked.model,
	    "the model: a GGUF file, or a folder as Hugging Face has them", 0, 0, NULL },
	{ 0, "method", "how", OPT_CHOICE, &score_asked.method,
	    "what the model is asked with: the history itself (ica, the default, and "
	    "few-shot, which is the same), the profile (pba), or the prompt alone "
	    "(plain); or, without a model, by what profile and row have in common "
	    "(direction)", 0, 0, "ica|pba|few-shot|plain|direction" },
	{ 0, "variant", "which", OPT_CHOICE, &score_asked.variant,
	    "form of the prompt: that of evaluation (the default), with BOS before it, "
	    "or that of training, without", 0, 0, "evaluation|training" },
	{ 0, "template", "name", OPT_CHOICE, &score_asked.template,
	    "how the prompt marks who speaks: auto (the model's own, the default; for "
	    "--method plain none), or that of a family", 0, 0,
	    "auto|llama-3|chatml|llama-2|mistral|gemma|none" },
	{ 0, "compat", NULL, OPT_FLAG, &score_asked.is_compat,
	    "round the means of histories as the released code does (alignx-profile)", 0,
	    0, NULL },
	{ 0, "pairs", NULL, OPT_FLAG, &score_asked.is_pairs,
	    "rows are plain pairs: of their fields only prompt, chosen and rejected are "
	    "looked at, and asked as with --method plain", 0, 0, NULL },
	{ 0, "reference", "model", OPT_FILE, &score_asked.reference,
	    "prefer the response that gains most over a reference: another model, or "
	    "the same one asked without the persona (same-without-persona), or none "
	    "(the default)", 0, 0, NULL },
	{ 0, "reference-method", "how", OPT_CHOICE, &score_asked.reference_method,
	    "what the reference model is asked with: auto (few-shot, as AlignX does; in "
	    "training the same as the model; plain where the model is asked so), same, "
	    "or one of the others", 0, 0, "auto|same|ica|pba|few-shot|plain" },
	{ 0, "beta", "x", OPT_REAL, &score_asked.beta,
	    "margins against a reference are multiplied by x (default 0.1)", 1e-9, 1e9,
	    NULL },
	{ 0, "pear", "file", OPT_FILE, &score_asked.pear,
	    "multiply the outputs of attention heads by the coefficients in file", 0, 0,
	    NULL },
	{ 0, "reference-pear", "file", OPT_FILE, &score_asked.reference_pear,
	    "the same in the reference, which else has none", 0, 0, NULL },
	{ 0, "bos", "when", OPT_CHOICE, &score_asked.bos,
	    "begin with the token that begins texts: auto (in evaluation, unless the "
	    "model's family has none), always or never", 0, 0, "auto|always|never" },
	{ 0, "eos", "how", OPT_CHOICE, &score_asked.eos,
	    "end responses with the token that ends texts: auto, plain (as in "
	    "evaluation), spaced (behind a blank, as in training) or none", 0, 0,
	    "auto|plain|spaced|none" },
	{ 0, "joint", NULL, OPT_FLAG, &score_asked.is_joint,
	    "tokenise prompt and response as one text; the prompt ends where the tokens "
	    "of both responses' texts and its own cease to be the same", 0, 0, NULL },
	{ 0, "truncate", "tokens", OPT_INT, &score_asked.truncate,
	    "keep the last so many tokens of a prompt and of a response (default "
	    "7679)", 1, 1 << 24, NULL },
	{ 0, "print", "what", OPT_CHOICE, &score_asked.print,
	    "print scores (the default), or what the model would be asked, as text "
	    "(prompt, which needs no model) or as token ids (tokens)", 0, 0,
	    "scores|prompt|tokens" },
	{ 0, "generate", "tokens", OPT_INT, &score_asked.generate,
	    "print what the model itself answers, the likeliest token up to so many "
	    "times, in place of scores", 1, 1 << 20, NULL },
	{ 0, "summary", NULL, OPT_FLAG, &score_asked.is_summary,
	    "print a table of accuracies instead of a line for each row", 0, 0, NULL },
	{ 0, "resume", NULL, OPT_FLAG, &score_asked.resumes,
	    "go on where an earlier run with the same output file ended: rows that it "
	    "scored are not scored again, be they in the file or kept beside it", 0, 0,
	    NULL },
	{ 0, "describe", "model", OPT_FILE, &score_asked.describe,
	    "print what a model file is and what memory it needs, and exit", 0, 0,
	    NULL },
	{ 0, "tokens", "file", OPT_FILE, &score_asked.tokens,
	    "score the token ids in file: print the negative log-likelihood of each "
	    "but the first, and their sum, and exit", 0, 0, NULL },
	{ 'j', "threads", "n", OPT_INT, &score_asked.threads,
	    "work with n threads (default 1); the result is the same", 1,
	    POOL_THREADS_MAX, NULL },
	{ 'c', "room", "tokens", OPT_INT, &score_asked.room,
	    "room for so many tokens in the model at a time (default 8192)", 1, 1 << 24,
	    NULL },
	{ 'b', "batch", "rows", OPT_INT, &score_asked.batch,
	    "take so many tokens through the model at a time (default 512)", 1,
	    1 << 16, NULL },
	{ 0, "precision", "how", OPT_CHOICE, &score_asked.precision,
	    "multiply in this precision: auto (the default) is f32 for matrices in F32, "
	    "bf16 for F16 and BF16, int8 for types of blocks; relative errors of a product "
	    "are about 5e-7, 2e-3 and 4e-3; amx is as near as bf16, several times as fast "
	    "on processors with AMX, and slow on others", 0, 0, "auto|f32|bf16|int8|amx" },
	{ 0, "plain", NULL, OPT_FLAG, &score_asked.is_plain,
	    "use the reference code in plain C instead of the processor's own", 0, 0,
	    NULL },
	{ 0, "memory", "size", OPT_SIZE, &score_asked.memory,
	    "keep up to size of token ids in memory, the rest on disk (default 256M)",
	    0, (double)((int64_t)1 << 50), NULL },
	{ 0, "tmpdir", "dir", OPT_FILE, &score_asked.tmpdir,
	    "folder for what does not fit in memory (default $TMPDIR, /tmp)", 0, 0,
	    NULL },
	{ 0 },
};

enum score_reference
score_options_reference(const struct score_options *o)
{
	if (strcmp(o->reference, "none") == 0)
		return SCORE_NO_REFERENCE;
	return strcmp(o->reference, "same-without-persona") == 0 ? SCORE_SAME_MODEL
	    : SCORE_OTHER_MODEL;
}

int
score_options_check(struct score_options *o, struct fault *f)
{
	enum score_reference reference = score_options_reference(o);

	if (o->is_pairs && o->method != SCORE_ICA && o->method != SCORE_PLAIN)
		return fault_stop(f, "--pairs have no persona; drop --method");
	if (o->is_pairs)
		o->method = SCORE_PLAIN;
	if (o->generate > 0 && (o->print != SCORE_PRINT_SCORES
	    || reference != SCORE_NO_REFERENCE || o->is_joint))
		return fault_stop(f, "--generate asks one model and prints its answers; drop "
		    "--print, --reference and --joint");
	if (o->method == SCORE_DIRECTION && (reference != SCORE_NO_REFERENCE
	    || o->print != SCORE_PRINT_SCORES || o->generate > 0))
		return fault_stop(f, "--method direction asks no model, so there is neither "
		    "a reference nor anything to print but scores");
	if (o->method == SCORE_PLAIN && reference == SCORE_SAME_MODEL)
		return fault_stop(f, "--method plain asks without the persona as it is; a "
		    "reference must be another model");
	if (o->reference_pear != NULL && reference == SCORE_NO_REFERENCE)
		return fault_stop(f, "--reference-pear needs a --reference");
	return 0;
}

static enum score_method
method_of_reference(const struct score_options *o)
{
	if (score_options_reference(o) == SCORE_SAME_MODEL
	    || o->reference_method == REFERENCE_SAME)
		return (enum score_method)o->method;
	if (o->reference_method != REFERENCE_AUTO)
		return (enum score_method)(o->reference_method - REFERENCE_ICA);
	return o->method == SCORE_PLAIN || o->variant == SCORE_TRAINING
	    ? (enum score_method)o->method : SCORE_FEW_SHOT;
}

struct score_ask
score_options_ask(const struct score_options *o, bool is_reference,
    const struct score_engine *e)
{
	const struct score_template *named = o->template > 0
	    ? &score_templates[o->template - 1] : NULL;
	const struct score_template *own = e != NULL ? e->template
	    : named != NULL ? named : &score_templates[SCORE_LLAMA_3];
	struct score_ask a = { .is_joint = o->is_joint, .truncate = (size_t)o->truncate };

	a.question.method = is_reference ? method_of_reference(o)
	    : (enum score_method)o->method;
	a.question.variant = (enum score_variant)o->variant;
	a.question.is_compat = o->is_compat;
	a.question.is_bare = is_reference
	    && score_options_reference(o) == SCORE_SAME_MODEL;
	a.question.template = named != NULL ? named
	    : a.question.method == SCORE_PLAIN ? &score_templates[SCORE_NO_TEMPLATE]
	    : own;
	a.has_bos = o->bos != BOS_AUTO ? o->bos == BOS_ALWAYS
	    : o->variant == SCORE_EVALUATION && (own->has_bos
	    || (e != NULL && e->vocabulary.adds_bos));
	a.eos = o->eos != EOS_AUTO ? (enum score_eos)(o->eos - EOS_PLAIN)
	    : o->variant == SCORE_TRAINING ? SCORE_EOS_SPACED : SCORE_EOS_PLAIN;
	return a;
}
