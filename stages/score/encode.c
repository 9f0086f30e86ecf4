#include "config.h"

#include <inttypes.h>

#include "stages/score/encode.h"

static size_t
id_count(const struct buf *ids)
{
	return ids->len / sizeof(uint32_t);
}

static const uint32_t *
ids_of(const struct buf *b)
{
	return (const uint32_t *)(const void *)b->data;
}

/* Appends the last `max` of n ids; returns how many. */
static uint32_t
append_last(struct row_encoder *e, const uint32_t *id, size_t n, size_t max)
{
	size_t kept = n < max ? n : max;

	buf_add(&e->ids, id + (n - kept), kept * sizeof(*id));
	e->is_truncated = e->is_truncated || kept < n;
	return (uint32_t)kept;
}

const struct buf *
encode_response_text(struct row_encoder *e, enum score_eos eos, const struct text *t)
{
	size_t n = t->len;

	buf_clear(&e->text);
	while (eos == SCORE_EOS_SPACED && n > 0 && t->ptr[n - 1] == '\n')
		n--;
	buf_add(&e->text, t->ptr, n);
	if (eos == SCORE_EOS_SPACED)
		buf_add_byte(&e->text, ' ');
	return &e->text;
}

/* Encodes prompt and response as one text. */
static void
encode_joint(struct row_encoder *e, const struct loaded_model *m, struct buf *ids)
{
	struct tokenizer_part last = { e->text.len, false };
	size_t parts_len = e->prompt.parts.len;

	buf_clear(&e->whole);
	buf_add(&e->whole, e->prompt.text.data, e->prompt.text.len);
	buf_add(&e->whole, e->text.data, e->text.len);
	buf_add(&e->prompt.parts, &last, sizeof(last));
	buf_clear(ids);
	tokenizer_encode(m->tokenizer, e->whole.data, e->whole.len,
	    (const struct tokenizer_part *)(const void *)e->prompt.parts.data,
	    parts_len / sizeof(last) + 1, ids);
	e->prompt.parts.len = parts_len;
}

/* The length of the longest common prefix, in ids, up to max. */
static size_t
common_prefix(const struct buf *a, const struct buf *b, size_t max)
{
	size_t n = 0;

	while (n < max && n < id_count(a) && n < id_count(b) && ids_of(a)[n] == ids_of(b)[n])
		n++;
	return n;
}

/* Encodes the prompt to `whole` and the responses to joint[].  Returns how many ids the prompt
 * has. */
static size_t
encode_texts(struct row_encoder *e, const struct loaded_model *m,
    const struct encode_settings *settings, const struct record *r)
{
	const struct text *response[2] = { &r->chosen, &r->rejected };
	size_t n, prompt;
	const struct tokenizer_part *parts;

	for (int i = 0; i < 2; i++) {
		encode_response_text(e, settings->eos, response[i]);
		buf_clear(&e->joint[i]);
		if (settings->is_joint)
			encode_joint(e, m, &e->joint[i]);
		else
			tokenizer_encode(m->tokenizer, e->text.data, e->text.len, NULL, 0,
			    &e->joint[i]);
	}
	parts = prompt_parts(&e->prompt, &n);
	buf_clear(&e->whole);
	tokenizer_encode(m->tokenizer, e->prompt.text.data, e->prompt.text.len, parts, n,
	    &e->whole);
	prompt = id_count(&e->whole);
	return !settings->is_joint ? prompt
				   : common_prefix(&e->whole, &e->joint[0],
				       common_prefix(&e->whole, &e->joint[1], prompt));
}

/* Begins the row with BOS, or, if nothing else would be before the responses, with BOS or EOS. */
static int
put_first(struct row_encoder *e, const struct vocab *v, const struct encode_settings *settings,
    size_t prompt, struct model_scores *out, struct fault *f)
{
	const bool is_forbidden = settings->bos_by == CHOICE_OPTION && !settings->has_bos;
	uint32_t id = v->bos;

	e->is_conditioned = false;
	if (!settings->has_bos || id == TOKEN_NONE) {
		if (prompt > 0)
			return 0;
		id = id == TOKEN_NONE ? v->eos : id;
		if (is_forbidden || id == TOKEN_NONE)
			return fault_set(f, "no-context",
			    "the prompt has no tokens, and the first token of a response has no "
			    "probability without one before it; %s",
			    is_forbidden ? "drop --bos never"
					 : "the model has no BOS or EOS, so give the row a prompt");
		e->is_conditioned = true;
	}
	buf_add(&e->ids, &id, sizeof(id));
	out->prompt = 1;
	return 0;
}

/* A tokenizer may have more tokens than the model has embeddings for. */
static int
check_ids(const struct row_encoder *e, const struct loaded_model *m, struct fault *f)
{
	const uint32_t *id = ids_of(&e->ids);
	const struct text *t;

	for (size_t i = 0; i < id_count(&e->ids); i++) {
		if (id[i] < m->model.vocabulary)
			continue;
		t = &m->vocabulary.token[id[i]];
		return fault_set(f, "bad-token",
		    "the text has token %" PRIu32
		    " (%.*s), and the model knows those below %zu only",
		    id[i], (int)(t->len < 40 ? t->len : 40), t->ptr, m->model.vocabulary);
	}
	return 0;
}

int
encode_row(struct row_encoder *e, const struct loaded_model *m,
    const struct encode_settings *settings, const struct record *r, struct model_scores *out,
    struct fault *f)
{
	const struct vocab *v = &m->vocabulary;
	const bool has_eos = settings->eos != SCORE_EOS_NONE && v->eos != TOKEN_NONE;
	const uint32_t *id;
	size_t prompt, from;

	if (prompt_make(&e->prompt, &settings->prompt, r, f) < 0)
		return -1;
	prompt = encode_texts(e, m, settings, r);
	if (prompt + id_count(&e->joint[0]) + id_count(&e->joint[1]) > INT32_MAX)
		return fault_set(f, "too-long", "more than 2^31 tokens");
	buf_clear(&e->ids);
	e->is_truncated = false;
	*out = (struct model_scores){ 0 };
	if (put_first(e, v, settings, prompt, out, f) < 0)
		return -1;
	e->special_tokens = out->prompt + has_eos;
	out->prompt += append_last(e, ids_of(&e->whole), prompt, settings->truncate);
	from = settings->is_joint ? prompt : 0;
	for (int i = 0; i < 2; i++) {
		id = ids_of(&e->joint[i]);
		out->response[i] = append_last(e, from > 0 ? id + from : id,
		    id_count(&e->joint[i]) - from, settings->truncate);
		if (!has_eos)
			continue;
		buf_add(&e->ids, &v->eos, sizeof(v->eos));
		out->response[i]++;
	}
	return check_ids(e, m, f);
}

void
row_encoder_release(struct row_encoder *e)
{
	prompt_release(&e->prompt);
	buf_release(&e->text);
	buf_release(&e->whole);
	buf_release(&e->joint[0]);
	buf_release(&e->joint[1]);
	buf_release(&e->ids);
}
