/* chat_template.h - how families of chat models mark who speaks.
 *
 * A template has two slots, what the system says and what the user says, and ends
 * where the assistant is to begin.  The first row is AlignX's own (section A3.2);
 * the others are those that the families published, with the same slots.
 * Families without a system turn get its sentence before the user's text. */

#ifndef ALIGNX_STAGES_SCORE_CHAT_TEMPLATE_H
#define ALIGNX_STAGES_SCORE_CHAT_TEMPLATE_H

#include <stdbool.h>

#include "infer/tokenizer/vocab.h"

struct chat_template {
	const char *name;
	const char *open;		/* before all */
	const char *system_open, *system_close;	/* around the system's slot */
	const char *user_open, *user_close;	/* around the user's; the end */
	bool is_trimmed;		/* white space around the user's slot is dropped */
	bool has_bos;			/* texts of this family begin with BOS */
};

/* In the order of --template behind auto. */
enum { CHAT_LLAMA_3, CHAT_CHATML, CHAT_LLAMA_2, CHAT_MISTRAL, CHAT_GEMMA,
	CHAT_NONE, CHAT_TEMPLATES };
extern const struct chat_template chat_templates[CHAT_TEMPLATES];

/* The template of a model: by the control tokens of its vocabulary, else by the
 * chat template that it brings (len 0: none), else none.  *why is what decided. */
const struct chat_template *chat_template_of(const struct vocabulary *v,
    const char *chat, size_t len, const char **why);

#endif
