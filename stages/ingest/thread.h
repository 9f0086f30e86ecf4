/* ingest_thread.h - a prompt and the responses to it, as the alignment sets
 * have them, written as a post and responses under it. */

#ifndef ALIGNX_STAGES_INGEST_THREAD_H
#define ALIGNX_STAGES_INGEST_THREAD_H

#include "stages/ingest/ingest.h"

struct ingest_thread {
	struct ingest_id post;
	bool is_kept;		/* was the post written? */
};

/* Begins a thread with a post of which text, and id, user and so on where
 * they are known, are set.  A post without an id gets one from its text:
 * PREFIX and the XXH3-128 in hex; if the post before had the same one, it is
 * not written again. */
void ingest_thread_begin(struct ingest *g, struct interaction *post,
    struct ingest_thread *t);

/* Adds a response, of which text, and what else is known, are set.  Without an
 * id it gets the post's, a colon and the XXH3-64 of its text.  A response to
 * a post that was dropped is dropped with it. */
void ingest_thread_reply(struct ingest *g, const struct ingest_thread *t,
    struct interaction *reply);

/* The same for a text and its ratings. */
void ingest_thread_rated(struct ingest *g, const struct ingest_thread *t,
    const struct text *text, const struct ratings *ratings);

/* A prompt, and two responses of which the first is preferred: rated 1 and -1
 * in --aspect, or in helpfulness. */
void ingest_thread_choice(struct ingest *g, const struct text *prompt,
    const struct text *chosen, const struct text *rejected);

/* Who said what so far.  The text of a dialogue of one turn is what was said;
 * of a longer one "Human: ...", empty line, "Assistant: ...", and so on. */
struct ingest_dialogue {
	struct buf text;
	size_t turns;
	const char *first;	/* who spoke first */
};

void ingest_dialogue_begin(struct ingest_dialogue *d);
void ingest_dialogue_add(struct ingest_dialogue *d, const char *who,
    const struct text *text);
struct text ingest_dialogue_text(const struct ingest_dialogue *d);

#endif
