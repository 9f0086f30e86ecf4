/* chat_messages.h - rows with a chosen and a rejected answer. */

#ifndef ALIGNX_STAGES_INGEST_CHAT_MESSAGES_H
#define ALIGNX_STAGES_INGEST_CHAT_MESSAGES_H

#include "stages/ingest/ingest.h"

/* {"prompt", "chosen", "rejected"}, where the answers are texts, or lists of chat messages
 * that begin with the prompt. */
int ingest_chat_choice(struct ingest *g, const struct json_node *row, struct fault *f);

#endif
