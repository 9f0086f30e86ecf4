/* thread.h - writes a prompt and its responses, as alignment data sets have them, as a post
 * with responses to it. */

#ifndef ALIGNX_STAGES_INGEST_THREAD_H
#define ALIGNX_STAGES_INGEST_THREAD_H

#include "stages/ingest/ingest.h"

struct ingest_thread {
	struct ingest_id post;
	bool is_kept; /* was the post written? */
};

/* Begins a thread with a post that has a text and, where they are known, id, user and so on.
 * A post without an id gets one from its text: PREFIX and the XXH3-128 in hex; if the post
 * before had the same, it is not written again. */
void ingest_thread_begin(struct ingest *g, struct interaction *post, struct ingest_thread *t);

/* Adds a response that has a text.  Without an id it gets that of the post, a colon and the
 * XXH3-64 of its text.  A response to a dropped post is dropped too. */
void ingest_thread_reply(struct ingest *g, const struct ingest_thread *t,
    struct interaction *reply);

/* Adds a response with ratings. */
void ingest_thread_rated(struct ingest *g, const struct ingest_thread *t, const struct text *text,
    const struct ratings *ratings);

/* Writes a prompt and two responses, rated 1 (chosen) and -1 (rejected) in --aspect, or in
 * helpfulness. */
void ingest_thread_choice(struct ingest *g, const struct text *prompt, const struct text *chosen,
    const struct text *rejected);

/* The dialogue so far.  With one turn its text is just what was said; with more, "Human: ...",
 * an empty line, "Assistant: ...", and so on. */
struct ingest_dialogue {
	struct buf text;
	size_t turns;
	const char *first; /* who spoke first */
};

void ingest_dialogue_begin(struct ingest_dialogue *d);
void ingest_dialogue_add(struct ingest_dialogue *d, const char *who, const struct text *text);
struct text ingest_dialogue_text(const struct ingest_dialogue *d);

#endif
