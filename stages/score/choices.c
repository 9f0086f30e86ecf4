#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "stages/score/choices.h"

enum { SHOWN = 40 }; /* bytes of a token */

int
choices_check(const struct loaded_model *e, const struct encode_settings *settings, struct fault *f)
{
	const struct vocab *v = &e->vocabulary;

	if (settings->bos_by == CHOICE_OPTION && settings->has_bos && v->bos == TOKEN_NONE)
		return fault_stop(f,
		    "%s: --bos always asks for BOS, and the vocabulary has none; drop --bos",
		    e->file);
	if (settings->eos_by == CHOICE_OPTION && settings->eos != SCORE_EOS_NONE
	    && v->eos == TOKEN_NONE)
		return fault_stop(f,
		    "%s: --eos asks for EOS, and the vocabulary has none; use --eos none", e->file);
	return 0;
}

/* "1 (<s>)" */
static const char *
name_of(const struct vocab *v, uint32_t id, char *out, size_t size)
{
	const struct text *t = &v->token[id];

	snprintf(out, size, "%" PRIu32 " (%.*s)", id, (int)(t->len < SHOWN ? t->len : SHOWN),
	    t->ptr);
	return out;
}

static void
say(struct report *to, const struct loaded_model *e, const char *what, const char *name,
    const char *then)
{
	struct fault line = FAULT_NONE;

	snprintf(line.text, sizeof(line.text), "%s: %s%s%s", e->file, what, name, then);
	report_say(to, &line);
}

static void
say_bos_and_eos(const struct loaded_model *e, const struct encode_settings *settings,
    struct report *to)
{
	const struct vocab *v = &e->vocabulary;
	char name[SHOWN + 16];

	if (settings->bos_by == CHOICE_DEFAULT && v->bos != TOKEN_NONE)
		say(to, e, "the model does not say whether prompts begin with BOS; token ",
		    name_of(v, v->bos, name, sizeof(name)),
		    settings->has_bos ? " is added; --bos decides"
				      : " is not added; --bos decides");
	if (settings->eos != SCORE_EOS_NONE && v->eos == TOKEN_NONE)
		say(to, e, "the vocabulary names no EOS, so responses end without one", "", "");
}

void
choices_say(const struct loaded_model *e, const struct encode_settings *settings, struct report *to)
{
	const struct vocab *v = &e->vocabulary;
	struct fault line = FAULT_NONE;

	if (to->is_quiet)
		return;
	say_bos_and_eos(e, settings, to);
	if (v->model == VOCAB_BPE && v->pretokenizer_by == NULL)
		say(to, e, "the model does not say how texts are split into words (",
		    e->model.file.is_folder ? "tokenizer_class" : "tokenizer.ggml.pre",
		    "), so they are split as for GPT-2; most other models need other splits; use a "
		    "newer file of the model, or its Hugging Face folder");
	if (v->len <= e->model.vocabulary)
		return;
	snprintf(line.text, sizeof(line.text),
	    "%s: the tokenizer has %zu tokens and the model %zu; rows that need the others are "
	    "refused",
	    e->file, v->len, e->model.vocabulary);
	report_say(to, &line);
}

static void
describe_token(const struct vocab *v, const char *what, uint32_t id, bool is_added, const char *by,
    struct buf *out)
{
	char name[SHOWN + 16];

	if (id == TOKEN_NONE)
		buf_printf(out, "%-14s none\n", what);
	else
		buf_printf(out, "%-14s %s, %sadded (%s)\n", what,
		    name_of(v, id, name, sizeof(name)), is_added ? "" : "not ", by);
}

void
choices_describe(const struct loaded_model *e, const struct encode_settings *settings,
    struct buf *out)
{
	const struct vocab *v = &e->vocabulary;
	static const char *const eos[] = { "--eos plain", "--eos spaced", "--eos none" };

	describe_token(v, "bos", v->bos, settings->has_bos,
	    settings->bos_by == CHOICE_OPTION        ? "--bos"
		: settings->bos_by == CHOICE_VARIANT ? "--variant training"
		: settings->bos_by == CHOICE_FILE    ? v->adds_bos_by
						     : "default: the model does not say",
	    out);
	describe_token(v, "eos", v->eos, settings->eos != SCORE_EOS_NONE, eos[settings->eos], out);
	if (v->pretokenizer_name.len > 0)
		buf_printf(out, "%-14s %.*s (%s)\n", "pre-tokenizer",
		    (int)(v->pretokenizer_name.len < SHOWN ? v->pretokenizer_name.len : SHOWN),
		    v->pretokenizer_name.ptr,
		    v->pretokenizer_by != NULL ? v->pretokenizer_by
					       : "default: the model does not say");
	if (v->len > e->model.vocabulary)
		buf_printf(out, "%-14s %zu tokens, more than the model's\n", "tokenizer's", v->len);
}
