#include "config.h"

#include "lib/core/utf8.h"
#include "stages/score/generate.h"

static bool
is_end(const struct vocab *v, uint32_t id)
{
	return id == v->eos || id >= v->len || v->kind[id] == TOKEN_CONTROL;
}

int
score_generate(struct session *s, const struct loaded_model *e, const uint32_t *id, size_t n,
    size_t max, struct buf *text, size_t *tokens, struct fault *f)
{
	struct fault full = FAULT_NONE;
	int64_t sequence = session_append(s, -1, id, n, false, f);
	uint32_t next;

	*tokens = 0;
	buf_clear(text);
	if (sequence < 0 || n == 0) {
		session_clear(s);
		return sequence < 0 ? -1 : 0;
	}
	while (*tokens < max) {
		session_run(s);
		next = session_argmax(s, sequence);
		if (is_end(&e->vocabulary, next))
			break;
		tokenizer_decode(e->tokenizer, next, text);
		++*tokens;
		if ((sequence = session_append(s, sequence, &next, 1, false, &full)) < 0)
			break;
	}
	session_clear(s);
	buf_add_byte(text, '\0');
	utf8_replace_invalid(text->data);
	text->len--;
	return 0;
}
