#include "config.h"

#include <string.h>

#include "stages/score/options.h"

enum { BOS_AUTO, BOS_ALWAYS, BOS_NEVER };
enum { EOS_AUTO, EOS_PLAIN };                           /* then as enum score_eos */
enum { REFERENCE_AUTO, REFERENCE_SAME, REFERENCE_ICA }; /* then as enum score_method */

struct score_options score_options = { .ctx_size = 8192,
	.truncate = 7679,
	.beta = 0.1,
	.memory = (int64_t)256 << 20,
	.reference = "none" };

const struct opt score_opts[] = {
	{ 'm', "model", "file", OPT_FILE, &score_options.model,
	    "score with this model: a GGUF file or a Hugging Face folder", 0, 0, NULL },
	{ 0, "method", "how", OPT_CHOICE, &score_options.method,
	    "what the prompt tells of the person: their history (ica, the default, and "
	    "few-shot, which is the same), their profile (pba) or nothing (plain); "
	    "direction compares profile and row without a model",
	    0, 0, "ica|pba|few-shot|plain|direction" },
	{ 0, "variant", "which", OPT_CHOICE, &score_options.variant,
	    "prompt of AlignX's evaluation (the default) or of its training", 0, 0,
	    "evaluation|training" },
	{ 0, "template", "name", OPT_CHOICE, &score_options.template,
	    "chat template: auto (the model's own, the default; none with --method plain), "
	    "or that of a model family",
	    0, 0, "auto|llama-3|chatml|llama-2|mistral|gemma|none" },
	{ 0, "released-rounding", NULL, OPT_FLAG, &score_options.uses_released_rounding,
	    "round the means of histories as AlignX's released code does (see "
	    "alignx-profile)",
	    0, 0, NULL, "compat" },
	{ 0, "pairs", NULL, OPT_FLAG, &score_options.is_pairs,
	    "read plain pairs: only prompt, chosen and rejected of each row, as with "
	    "--method plain",
	    0, 0, NULL },
	{ 0, "reference", "model", OPT_FILE, &score_options.reference,
	    "compare with a reference: another model, same-without-persona (the same model, "
	    "not told of the person) or none (the default)",
	    0, 0, "none|same-without-persona" },
	{ 0, "reference-method", "how", OPT_CHOICE, &score_options.reference_method,
	    "the reference's --method: auto (few-shot, as AlignX does; with --variant "
	    "training or --method plain the same), same, or one of the others",
	    0, 0, "auto|same|ica|pba|few-shot|plain" },
	{ 0, "beta", "x", OPT_REAL, &score_options.beta,
	    "multiply margins against a reference by x (default 0.1)", 1e-9, 1e9, NULL },
	{ 0, "pear", "file", OPT_FILE, &score_options.pear,
	    "multiply the outputs of attention heads by the coefficients in file (see "
	    "alignx-pear)",
	    0, 0, NULL },
	{ 0, "reference-pear", "file", OPT_FILE, &score_options.reference_pear,
	    "the same for the reference, which otherwise has none", 0, 0, NULL },
	{ 0, "bos", "when", OPT_CHOICE, &score_options.bos,
	    "begin with the BOS token: auto (in evaluation, if the model's family has "
	    "one), always or never",
	    0, 0, "auto|always|never" },
	{ 0, "eos", "how", OPT_CHOICE, &score_options.eos,
	    "end responses with the EOS token: plain (auto in evaluation), spaced (after a "
	    "space, auto in training) or none",
	    0, 0, "auto|plain|spaced|none" },
	{ 0, "joint", NULL, OPT_FLAG, &score_options.is_joint,
	    "tokenize prompt and response as one text; the prompt ends where the token ids "
	    "of the two texts and of the prompt alone first differ",
	    0, 0, NULL },
	{ 0, "truncate", "n", OPT_INT, &score_options.truncate,
	    "cut prompt and each response to their last n tokens, each by itself; together "
	    "they must fit the context (default 7679)",
	    1, 1 << 24, NULL },
	{ 0, "print", "what", OPT_CHOICE, &score_options.print,
	    "print scores (the default), or the model's input as text (prompt, which needs "
	    "no model) or as token ids (tokens)",
	    0, 0, "scores|prompt|tokens" },
	{ 0, "generate", "n", OPT_INT, &score_options.generate,
	    "instead of scoring, print up to n tokens that the model generates greedily", 1,
	    1 << 20, NULL },
	{ 0, "summary", NULL, OPT_FLAG, &score_options.is_summary,
	    "print a table of accuracies instead of a line for each row", 0, 0, NULL },
	{ 0, "resume", NULL, OPT_FLAG, &score_options.is_resumed,
	    "reuse scores that are in the output file of an earlier run", 0, 0, NULL },
	{ 0, "describe", "model", OPT_FILE, &score_options.describe,
	    "print a model's sizes, tokenizer, template and memory, and exit", 0, 0, NULL },
	{ 0, "tokens", "file", OPT_FILE, &score_options.tokens,
	    "score the token ids in file: print the negative log-likelihood of each but "
	    "the first, and their sum, and exit",
	    0, 0, NULL },
	{ 'j', "threads", "n", OPT_INT, &score_options.threads,
	    "use n threads (default: one per processor); scores do not depend on n", 1,
	    THREAD_POOL_MAX, NULL },
	{ 'c', "ctx-size", "n", OPT_INT, &score_options.ctx_size,
	    "make a KV cache for n tokens (default 8192); a larger one scores faster", 1, 1 << 24,
	    NULL, "room" },
	{ 'b', "batch-size", "n", OPT_INT, &score_options.batch,
	    "evaluate n tokens at a time (default 512)", 1, 1 << 16, NULL, "batch" },
	{ 0, "precision", "how", OPT_CHOICE, &score_options.precision,
	    "multiply matrices in f32, bf16 or int8 (relative error about 5e-7, 2e-3, "
	    "4e-3), or in amx (as bf16, fast on AMX, slow on other processors); auto (the default) is f32 for F32 weights, bf16 for F16 and BF16, "
	    "int8 for quantized",
	    0, 0, "auto|f32|bf16|int8|amx" },
	{ 0, "no-simd", NULL, OPT_FLAG, &score_options.no_simd,
	    "use the plain C code instead of the processor's vector instructions", 0, 0, NULL,
	    "plain" },
	{ 0, "memory", "size", OPT_SIZE, &score_options.memory,
	    "keep up to size bytes of token ids in memory, the rest on disk (default 256M)", 0,
	    (double)((int64_t)1 << 50), NULL },
	{ 0, "tmpdir", "dir", OPT_FILE, &score_options.tmpdir,
	    "folder for what does not fit in memory (default $TMPDIR, /tmp)", 0, 0, NULL },
	{ 0 },
};

enum score_reference
score_options_reference(const struct score_options *o)
{
	if (strcmp(o->reference, "none") == 0)
		return SCORE_NO_REFERENCE;
	return strcmp(o->reference, "same-without-persona") == 0 ? SCORE_WITHOUT_PERSONA
								 : SCORE_REFERENCE_MODEL;
}

int
score_options_check(struct score_options *o, struct fault *f)
{
	enum score_reference reference = score_options_reference(o);

	if (o->threads == 0)
		o->threads = (long)thread_pool_processors();
	if (o->is_pairs && o->method != SCORE_ICA && o->method != SCORE_PLAIN)
		return fault_stop(f, "--pairs have no persona; drop --method");
	if (o->is_pairs)
		o->method = SCORE_PLAIN;
	if (o->generate > 0
	    && (o->print != SCORE_PRINT_SCORES || reference != SCORE_NO_REFERENCE || o->is_joint))
		return fault_stop(f,
		    "--generate asks one model and prints its answers; drop "
		    "--print, --reference and --joint");
	if (o->method == SCORE_DIRECTION
	    && (reference != SCORE_NO_REFERENCE || o->print != SCORE_PRINT_SCORES
		|| o->generate > 0))
		return fault_stop(f,
		    "--method direction asks no model; drop --reference, "
		    "--print and --generate");
	if (o->method == SCORE_PLAIN && reference == SCORE_WITHOUT_PERSONA)
		return fault_stop(f,
		    "--method plain leaves the persona out already; the "
		    "reference must be another model");
	if (o->reference_pear != NULL && reference == SCORE_NO_REFERENCE)
		return fault_stop(f, "--reference-pear needs a --reference");
	return 0;
}

static enum score_method
method_of_reference(const struct score_options *o)
{
	if (score_options_reference(o) == SCORE_WITHOUT_PERSONA
	    || o->reference_method == REFERENCE_SAME)
		return (enum score_method)o->method;
	if (o->reference_method != REFERENCE_AUTO)
		return (enum score_method)(o->reference_method - REFERENCE_ICA);
	return o->method == SCORE_PLAIN || o->variant == SCORE_TRAINING
	    ? (enum score_method)o->method
	    : SCORE_FEW_SHOT;
}

/* --bos decides, else --variant, else the model's files, else the family of its template. */
static void
set_bos(const struct score_options *o, const struct chat_template *family,
    const struct loaded_model *e, struct encode_settings *a)
{
	const struct vocab *v = e != NULL ? &e->vocabulary : NULL;

	a->bos_by = o->bos != BOS_AUTO            ? CHOICE_OPTION
	    : o->variant != SCORE_EVALUATION      ? CHOICE_VARIANT
	    : v != NULL && v->adds_bos_by != NULL ? CHOICE_FILE
						  : CHOICE_DEFAULT;
	a->has_bos = a->bos_by == CHOICE_OPTION ? o->bos == BOS_ALWAYS
	    : a->bos_by == CHOICE_VARIANT       ? false
	    : a->bos_by == CHOICE_FILE          ? v->adds_bos
						: family->has_bos || (v != NULL && v->adds_bos);
}

struct encode_settings
score_options_encode_settings(const struct score_options *o, bool is_reference,
    const struct loaded_model *e)
{
	const struct chat_template *named = o->template > 0 ? &chat_templates[o->template - 1]
							    : NULL;
	const struct chat_template *own = e != NULL ? e->template
	    : named != NULL                         ? named
						    : &chat_templates[CHAT_LLAMA_3];
	struct encode_settings a = { .is_joint = o->is_joint, .truncate = (size_t)o->truncate };

	a.prompt.method = is_reference ? method_of_reference(o) : (enum score_method)o->method;
	a.prompt.variant = (enum score_variant)o->variant;
	a.prompt.uses_released_rounding = o->uses_released_rounding;
	a.prompt.is_bare = is_reference && score_options_reference(o) == SCORE_WITHOUT_PERSONA;
	a.prompt.template = named != NULL    ? named
	    : a.prompt.method == SCORE_PLAIN ? &chat_templates[CHAT_NONE]
					     : own;
	set_bos(o, own, e, &a);
	a.eos_by = o->eos != EOS_AUTO ? CHOICE_OPTION : CHOICE_VARIANT;
	a.eos = o->eos != EOS_AUTO         ? (enum score_eos)(o->eos - EOS_PLAIN)
	    : o->variant == SCORE_TRAINING ? SCORE_EOS_SPACED
					   : SCORE_EOS_PLAIN;
	return a;
}
