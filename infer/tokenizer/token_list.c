#include "config.h"

#include <stdlib.h>

#include "infer/tokenizer/token_list.h"
#include "lib/core/arena.h"

static int
by_text(const void *va, const void *vb)
{
	const struct token_list_entry *a = va, *b = vb;
	const int order = text_compare(&a->text, &b->text);

	return order != 0 ? order : (a->id > b->id) - (a->id < b->id);
}

void
token_list_make(struct token_list *l, const struct vocab *v,
    bool is_chosen(const struct vocab *v, size_t id))
{
	size_t i = 0;

	*l = (struct token_list){ .entry = arena_calloc(v->len, sizeof(*l->entry)) };
	for (size_t id = 0; id < v->len; id++)
		if (v->token[id].len > 0 && is_chosen(v, id))
			l->entry[l->len++] = (struct token_list_entry){ v->token[id],
				(uint32_t)id };
	if (l->len > 1)
		qsort(l->entry, l->len, sizeof(*l->entry), by_text);
	for (unsigned b = 0; b < 257; b++) {
		while (i < l->len && (unsigned char)l->entry[i].text.ptr[0] < b)
			i++;
		l->first[b] = i;
	}
}

void
token_list_release(struct token_list *l)
{
	free(l->entry);
	*l = (struct token_list){ 0 };
}
