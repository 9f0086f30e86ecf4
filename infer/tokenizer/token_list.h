/* token_list.h - tokens sorted by their bytes, to find those that a text begins with. */

#ifndef ALIGNX_INFER_TOKENIZER_TOKEN_LIST_H
#define ALIGNX_INFER_TOKENIZER_TOKEN_LIST_H

#include "infer/tokenizer/vocab.h"

struct token_list_entry {
	struct text text; /* not empty */
	uint32_t id;
};

struct token_list {
	struct token_list_entry *entry; /* by text, then by id */
	size_t len;
	size_t first[257]; /* of the entries that begin with this byte or more */
};

/* The tokens that are chosen and not empty. */
void token_list_make(struct token_list *l, const struct vocab *v,
    bool is_chosen(const struct vocab *v, size_t id));
void token_list_release(struct token_list *l);

#endif
