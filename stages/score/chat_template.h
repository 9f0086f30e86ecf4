/* chat_template.h - how families of chat models mark who speaks.
 *
 * A template has two slots, the system's text and the user's, and ends where the assistant
 * begins.  The first is AlignX's own, as in its released code; the others are the families'
 * published ones with the same slots.  Families without a system turn get the system's sentence
 * before the user's text. */

#ifndef ALIGNX_STAGES_SCORE_CHAT_TEMPLATE_H
#define ALIGNX_STAGES_SCORE_CHAT_TEMPLATE_H

#include <stdbool.h>

#include "infer/tokenizer/vocab.h"

struct chat_template {
	const char *name;
	const char *open;                       /* before everything */
	const char *system_open, *system_close; /* around the system's slot */
	const char *user_open, *user_close;     /* around the user's; user_close ends the prompt */
	bool is_trimmed;                        /* white space around the user's text is dropped */
	bool has_bos;                           /* texts of this family begin with BOS */
};

/* In the order of --template, after auto. */
enum {
	CHAT_LLAMA_3,
	CHAT_CHATML,
	CHAT_LLAMA_2,
	CHAT_MISTRAL,
	CHAT_GEMMA,
	CHAT_NONE,
	CHAT_TEMPLATES
};
extern const struct chat_template chat_templates[CHAT_TEMPLATES];

/* The template of a model: by the tokens of its vocabulary, else by its own chat template (len
 * 0: it has none), else none. *why: the token or piece that decided, or NULL. */
const struct chat_template *chat_template_of(const struct vocab *v, const char *chat, size_t len,
    const char **why);

#endif
