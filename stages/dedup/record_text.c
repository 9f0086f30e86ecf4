#include "config.h"

#include <stdbool.h>
#include <string.h>

#include "lib/msgpack/msgpack.h"
#include "stages/dedup/record_text.h"

enum { TOPS = 6, TYPE = 0 };

/* A value: the field `top` of the noun, or a field of that one. */
struct at {
	int top;		/* which of the names in where.top; 0 is never meant */
	const char *field;	/* NULL: the value itself */
};

/* Where texts, id and time stand; the names are found in one walk. */
struct where {
	const char *kind;
	const char *top[TOPS];
	struct at text[3], id, created;
};

static const struct where kinds[] = {
	{ "interaction", { "type", "text", "id", "created" },
	    { { 1, NULL } }, { 2, NULL }, { 3, NULL } },
	{ "exchange", { "type", "comment" },
	    { { 1, "text" } }, { 1, "id" }, { 1, "created" } },
	{ "pair", { "type", "post", "first", "second", "id" },
	    { { 1, "text" }, { 2, "text" }, { 3, "text" } }, { 4, NULL },
	    { 2, "created" } },
	{ "record", { "type", "prompt", "chosen", "rejected", "provenance" },
	    { { 1, NULL }, { 2, NULL }, { 3, NULL } }, { 4, "id" }, { 0, NULL } },
	{ "benchmark", { "type", "prompt", "chosen", "rejected" },
	    { { 1, NULL }, { 2, NULL }, { 3, NULL } }, { 0, NULL }, { 0, NULL } },
};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static bool
is_word(const char *s, size_t len, const char *word)
{
	return strlen(word) == len && memcmp(s, word, len) == 0;
}

static struct pack_value
value_of(const struct at *at, const struct pack_value *top)
{
	struct pack_value v = { NULL, 0 };

	if (at->top == 0 || at->field == NULL)
		return at->top == 0 ? v : top[at->top];
	if (top[at->top].data != NULL)
		pack_find_all(top[at->top].data, top[at->top].len, &at->field, 1, &v);
	return v;
}

static int
take_texts(const struct where *w, const struct pack_value *top, struct buf *b,
    struct dedup_text *out, struct fault *f)
{
	buf_clear(b);
	for (int i = 0; i < 3 && w->text[i].top != 0; i++) {
		const struct at *at = &w->text[i];
		struct pack_value v = value_of(at, top);

		if (!pack_value_text(&v, &out->text, &out->len))
			return fault_set(f, "missing-field", "this %s has no %s%s%s",
			    w->kind, w->top[at->top], at->field != NULL ? "/" : "",
			    at->field != NULL ? at->field : "");
		if (w->text[1].top == 0)
			return 0;
		buf_add(b, out->text, out->len);
		buf_add_byte(b, '\n');
	}
	out->text = b->data;
	out->len = b->len;
	return 0;
}

int
dedup_text_of(const void *noun, size_t len, struct buf *b,
    struct dedup_text *out, struct fault *f)
{
	struct pack_value top[TOPS], id, created;
	const char *kind, *type;
	size_t kind_len, type_len, tops = 0, k = 0;

	if (!pack_find_text(noun, len, "kind", &kind, &kind_len)) {
		kind = "benchmark";
		kind_len = strlen(kind);
	}
	while (k < KINDS && !is_word(kind, kind_len, kinds[k].kind))
		k++;
	if (k == KINDS)
		return fault_set(f, "wrong-kind", "no such kind of noun");
	while (tops < TOPS && kinds[k].top[tops] != NULL)
		tops++;
	pack_find_all(noun, len, kinds[k].top, tops, top);
	out->group = (unsigned char)(2 * k);
	if (pack_value_text(&top[TYPE], &type, &type_len))
		out->group |= is_word(type, type_len, "post");
	id = value_of(&kinds[k].id, top);
	if (!pack_value_text(&id, &out->id, &out->id_len)) {
		out->id = "";
		out->id_len = 0;
	}
	created = value_of(&kinds[k].created, top);
	if (!pack_value_int(&created, &out->created))
		out->created = INT64_MAX;
	return take_texts(&kinds[k], top, b, out, f);
}

int
dedup_text_back(struct spool *s, uint64_t offset, size_t len,
    struct dedup_back *x, struct dedup_text *out, struct fault *f)
{
	const void *noun = spool_view(s, offset, len);

	if (noun == NULL) {
		buf_clear(&x->noun);
		noun = buf_reserve(&x->noun, len);
		if (spool_read(s, offset, x->noun.data, len, f) < 0)
			return -2;
	}
	return dedup_text_of(noun, len, &x->joined, out, f);
}

void
dedup_back_release(struct dedup_back *x)
{
	buf_release(&x->noun);
	buf_release(&x->joined);
}
