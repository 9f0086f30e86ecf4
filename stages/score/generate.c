#include "config.h"

#include "lib/core/utf8.h"
#include "stages/score/generate.h"

static bool
is_end(const struct vocab *v, uint32_t id)
{
	return id == v->eos || id >= v->len || v->kind[id] == TOKEN_CONTROL;
}

/* Begins again with a text; its length decides how keys are rotated. */
static int64_t
append_all(struct session *s, const struct buf *all, struct fault *f)
{
	const size_t n = all->len / sizeof(uint32_t);

	session_clear(s);
	session_set_length(s, n);
	return session_append(s, -1, (const uint32_t *)(const void *)all->data, n, false, f);
}

int
score_generate(struct session *s, const struct loaded_model *e, const uint32_t *id, size_t n,
    size_t max, struct buf *text, size_t *tokens, struct fault *f)
{
	struct fault full = FAULT_NONE;
	struct buf all = { 0 };
	int64_t sequence;
	uint32_t next;
	int rc = 0;

	*tokens = 0;
	buf_clear(text);
	buf_add(&all, id, n * sizeof(*id));
	if ((sequence = append_all(s, &all, f)) < 0) {
		buf_release(&all);
		return -1;
	}
	while (*tokens < max) {
		session_run(s);
		if ((rc = session_check_finite(s, f)) < 0)
			break;
		next = session_argmax(s, sequence);
		if (is_end(&e->vocabulary, next))
			break;
		tokenizer_decode(e->tokenizer, next, text);
		++*tokens;
		buf_add(&all, &next, sizeof(next));
		sequence = *tokens + n == e->model.rope_original + 1 && e->model.rope_long != NULL
		    ? append_all(s, &all, &full)
		    : session_append(s, sequence, &next, 1, false, &full);
		if (sequence < 0)
			break;
	}
	session_clear(s);
	buf_release(&all);
	buf_add_byte(text, '\0');
	utf8_replace_invalid(text->data);
	text->len--;
	return rc;
}
