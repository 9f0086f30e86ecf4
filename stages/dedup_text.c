#include "config.h"

#include <stdbool.h>
#include <string.h>

#include "lib/pack.h"
#include "stages/dedup_text.h"

/* Where texts, id and time stand: fields of a field, or ("") of the noun. */
struct where {
	const char *kind;
	const char *in[3], *field[3];	/* the texts, in order */
	const char *id_in, *id_field;
	const char *time_in;
};

static const struct where kinds[] = {
	{ "interaction", { "" }, { "text" }, "", "id", "" },
	{ "exchange", { "comment" }, { "text" }, "comment", "id", "comment" },
	{ "pair", { "post", "first", "second" }, { "text", "text", "text" },
	    "", "id", "first" },
	{ "record", { "", "", "" }, { "prompt", "chosen", "rejected" },
	    "provenance", "id", NULL },
	{ "benchmark", { "", "", "" }, { "prompt", "chosen", "rejected" },
	    NULL, NULL, NULL },
};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static bool
is_word(const char *s, size_t len, const char *word)
{
	return strlen(word) == len && memcmp(s, word, len) == 0;
}

/* The map that holds a field: the noun, or a field of it. */
static bool
enter(const void *noun, size_t len, const char *in, const void **map,
    size_t *map_len)
{
	*map = noun;
	*map_len = len;
	return in[0] == '\0' || pack_find(noun, len, in, map, map_len);
}

static bool
find_text(const void *noun, size_t len, const char *in, const char *field,
    const char **text, size_t *text_len)
{
	const void *map;
	size_t map_len;

	return enter(noun, len, in, &map, &map_len)
	    && pack_find_text(map, map_len, field, text, text_len);
}

static int
take_texts(const struct where *w, const void *noun, size_t len, struct buf *b,
    struct dedup_text *out, struct fault *f)
{
	buf_clear(b);
	for (int i = 0; i < 3 && w->field[i] != NULL; i++) {
		if (!find_text(noun, len, w->in[i], w->field[i], &out->text,
		    &out->len))
			return fault_set(f, "missing-field", "this %s has no %s%s%s",
			    w->kind, w->in[i], w->in[i][0] ? "/" : "", w->field[i]);
		if (w->field[1] == NULL)
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
	const char *kind, *type;
	size_t kind_len, type_len, map_len, k = 0;
	const void *map;

	if (!pack_find_text(noun, len, "kind", &kind, &kind_len)) {
		kind = "benchmark";
		kind_len = strlen(kind);
	}
	while (k < KINDS && !is_word(kind, kind_len, kinds[k].kind))
		k++;
	if (k == KINDS)
		return fault_set(f, "wrong-kind", "no such kind of noun");
	out->group = (unsigned char)(2 * k);
	if (pack_find_text(noun, len, "type", &type, &type_len))
		out->group |= is_word(type, type_len, "post");
	out->id = "";
	out->id_len = 0;
	if (kinds[k].id_in != NULL)
		find_text(noun, len, kinds[k].id_in, kinds[k].id_field, &out->id,
		    &out->id_len);
	out->created = INT64_MAX;
	if (kinds[k].time_in != NULL && enter(noun, len, kinds[k].time_in, &map, &map_len))
		pack_find_int(map, map_len, "created", &out->created);
	return take_texts(&kinds[k], noun, len, b, out, f);
}
