#include "config.h"

#include <stdbool.h>
#include <string.h>

#include "lib/core/text.h"
#include "lib/msgpack/msgpack.h"
#include "stages/dedup/record_text.h"

enum { TOPS = 6, TYPE = 0 };

/* A field of a message, or of a map in it. */
struct field_path {
	int top;           /* index into text_fields.top; 0: none */
	const char *field; /* in that map; NULL: the value itself */
};

/* The fields of a kind that hold texts, id and time; one walk finds them all. */
struct text_fields {
	const char *kind;
	const char *top[TOPS];
	struct field_path text[3], id, created, user, thread;
};

static const struct text_fields kinds[] = {
	{ "interaction", { "type", "text", "id", "created", "user", "post" }, { { 1, NULL } },
	    { 2, NULL }, { 3, NULL }, { 4, NULL }, { 5, NULL } },
	{ "exchange", { "type", "comment" }, { { 1, "text" } }, { 1, "id" }, { 1, "created" } },
	{ "pair", { "type", "post", "first", "second", "id" },
	    { { 1, "text" }, { 2, "text" }, { 3, "text" } }, { 4, NULL }, { 2, "created" } },
	{ "record", { "type", "prompt", "chosen", "rejected", "provenance" },
	    { { 1, NULL }, { 2, NULL }, { 3, NULL } }, { 4, "id" } },
	{ "benchmark", { "type", "prompt", "chosen", "rejected" },
	    { { 1, NULL }, { 2, NULL }, { 3, NULL } }, { 0 } },
};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static struct msgpack_value
value_of(const struct field_path *at, const struct msgpack_value *top)
{
	struct msgpack_value v = { NULL, 0 };

	if (at->top == 0 || at->field == NULL)
		return at->top == 0 ? v : top[at->top];
	if (top[at->top].data != NULL)
		msgpack_find_all(top[at->top].data, top[at->top].len, &at->field, 1, &v);
	return v;
}

static int
take_texts(const struct text_fields *w, const struct msgpack_value *top, struct buf *b,
    struct dedup_text *out, struct fault *f)
{
	buf_clear(b);
	for (int i = 0; i < 3 && w->text[i].top != 0; i++) {
		const struct field_path *at = &w->text[i];
		struct msgpack_value v = value_of(at, top);

		if (!msgpack_value_text(&v, &out->text, &out->len))
			return fault_set(f, "missing-field", "this %s has no %s%s%s", w->kind,
			    w->top[at->top], at->field != NULL ? "/" : "",
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

/* Empty if there is none. */
static void
take_text(struct msgpack_value v, const char **text, size_t *len)
{
	if (!msgpack_value_text(&v, text, len)) {
		*text = "";
		*len = 0;
	}
}

bool
dedup_is_post(unsigned char group)
{
	return (group & 1) != 0;
}

int
dedup_text_of(const void *message, size_t len, struct buf *b, struct dedup_text *out,
    struct fault *f)
{
	struct msgpack_value top[TOPS], created;
	struct text kind, type;
	size_t tops = 0, k = 0;

	if (!msgpack_find_text(message, len, "kind", &kind.ptr, &kind.len))
		kind = (struct text){ "benchmark", strlen("benchmark") };
	while (k < KINDS && !text_is(&kind, kinds[k].kind))
		k++;
	if (k == KINDS)
		return fault_set(f, "wrong-kind", "no such kind of message");
	while (tops < TOPS && kinds[k].top[tops] != NULL)
		tops++;
	msgpack_find_all(message, len, kinds[k].top, tops, top);
	out->group = (unsigned char)(2 * k);
	if (msgpack_value_text(&top[TYPE], &type.ptr, &type.len))
		out->group |= text_is(&type, "post");
	take_text(value_of(&kinds[k].id, top), &out->id, &out->id_len);
	created = value_of(&kinds[k].created, top);
	if (!msgpack_value_int(&created, &out->created))
		out->created = INT64_MAX;
	take_text(value_of(&kinds[k].user, top), &out->user, &out->user_len);
	take_text(value_of(&kinds[k].thread, top), &out->thread, &out->thread_len);
	return take_texts(&kinds[k], top, b, out, f);
}

int
dedup_text_reread(struct spool *s, uint64_t offset, size_t len, struct dedup_reread *x,
    struct dedup_text *out, struct fault *f)
{
	const void *message = spool_view(s, offset, len);

	if (message == NULL) {
		buf_clear(&x->message);
		message = buf_reserve(&x->message, len);
		if (spool_read(s, offset, x->message.data, len, f) < 0)
			return -2;
	}
	return dedup_text_of(message, len, &x->joined, out, f);
}

void
dedup_reread_release(struct dedup_reread *x)
{
	buf_release(&x->message);
	buf_release(&x->joined);
}
