/* no_answer.h - tells comments that answer nobody: without words, of moderators, of bots.
 *
 * Decided on the text as it was written, with links whole and HTML escapes undone.  What only
 * quotes a bot or speaks of rules is an answer.  When in doubt, it is one. */

#ifndef ALIGNX_STAGES_INGEST_NO_ANSWER_H
#define ALIGNX_STAGES_INGEST_NO_ANSWER_H

#include <stdbool.h>

#include "lib/core/fault.h"
#include "lib/core/text.h"

enum no_answer_kind {
	NO_ANSWER_NONE,   /* it may be one */
	NO_ANSWER_WORDS,  /* pictures, emotes, bare addresses; at most two words beside them */
	NO_ANSWER_NOTICE, /* of a removal or of the rules, by a moderator */
	NO_ANSWER_BOT,    /* says that a program wrote it */
};

struct no_answer_comment {
	struct text text;
	bool is_distinguished; /* as that of a moderator or admin */
	bool is_stickied;
	bool may_be_bot; /* do not look for NO_ANSWER_BOT */
};

struct no_answer;

struct no_answer *no_answer_new(void);
void no_answer_free(struct no_answer *n); /* NULL is allowed */

enum no_answer_kind no_answer_find(struct no_answer *n, const struct no_answer_comment *c);

/* Are there no words, or at most two beside pictures, emotes and addresses?  no_words.c */
bool no_answer_has_no_words(const struct text *text);

#endif
