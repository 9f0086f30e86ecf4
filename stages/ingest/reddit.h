/* reddit.h - what the files that read rows of Reddit dumps share.
 *
 * reddit.c reads a row into its fields and writes the comment or submission, reddit_archive.c
 * reads what the archive says of it, reddit_post.c puts together the text of a submission. */

#ifndef ALIGNX_STAGES_INGEST_REDDIT_H
#define ALIGNX_STAGES_INGEST_REDDIT_H

#include "stages/ingest/ingest.h"

/* The fields that are read, in one pass over the row. */
enum reddit_field {
	REDDIT_ID,
	REDDIT_NAME,
	REDDIT_AUTHOR,
	REDDIT_BODY,
	REDDIT_SELFTEXT,
	REDDIT_TITLE,
	REDDIT_LINK_ID,
	REDDIT_PARENT_ID,
	REDDIT_SUBREDDIT,
	REDDIT_CREATED,
	REDDIT_EDITED,
	REDDIT_SCORE,
	REDDIT_OVER_18,
	REDDIT_META,
	REDDIT_REMOVED_BY,
	REDDIT_RETRIEVED_ON,
	REDDIT_RETRIEVED_UTC,
	REDDIT_UPDATED_ON,
	REDDIT_CROSSPOSTED,
	REDDIT_POLL,
	REDDIT_DISTINGUISHED,
	REDDIT_STICKIED,
	REDDIT_FIELDS
};
extern const char *const reddit_names[REDDIT_FIELDS];

/* Is it what Reddit or the archive put in place of a text: "[deleted]", "[removed]",
 * "[ Removed by Reddit ]", "[deleted by user]"? */
bool reddit_is_removed(const struct text *t);

/* What the archive says of a row. */
struct reddit_archive {
	bool is_gone;      /* deleted by its author, or removed by others */
	int64_t retrieved; /* when this version was taken, in seconds since 1970; 0: not known */
};
int reddit_read_archive(const struct json_node *field, struct reddit_archive *out,
    struct fault *f); /* 0, or -1 */

/* The text of a submission, body, newline, title, which is in g->joined; body is a view of what
 * stands in the row for it.  0, or -1. */
int reddit_post_text(struct ingest *g, const struct json_node *field, struct text *body,
    struct text *whole, struct fault *f);

#endif
