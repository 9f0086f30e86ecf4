/* oasst.h - what trees and single messages of OpenAssistant have in common. */

#ifndef ALIGNX_STAGES_INGEST_OASST_H
#define ALIGNX_STAGES_INGEST_OASST_H

#include "stages/ingest/thread.h"

enum oasst_role { PROMPTER, ASSISTANT };

struct oasst_message {
	struct text id, text, user;
	struct text parent, tree; /* empty: not known */
	enum oasst_role role;
	bool is_deleted;
	int64_t rank; /* 0 is best; -1 if it has none */
	struct json_node replies;
};

/* Sets id, text and user (to the pseudonym, in `user`): 1, 0 if the message is dropped, -1 or
 * -2. */
int oasst_set_common(struct ingest *g, const struct oasst_message *m, char *user,
    struct interaction *x, struct fault *f);

/* From 1 (best) to -1 (worst of all answers to the prompt); none without a rank. */
void oasst_set_rating(struct interaction *x, int64_t rank, int64_t worst);

/* May the message be part of the dialogues below it?  1, 0, or -2. */
int oasst_may_be_quoted(struct ingest *g, const struct oasst_message *m, struct fault *f);

/* Takes a message that comes alone.  Messages of one tree follow each other; they are written when
 * it ends. */
int oasst_flat_add(struct ingest *g, const struct oasst_message *m, struct fault *f);

#endif
