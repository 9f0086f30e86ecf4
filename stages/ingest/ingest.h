/* ingest.h - what the files of alignx-ingest share.
 *
 * One struct ingest lives as long as the program.  stages/ingest/ingest.c fills it
 * from the command line and hands each row to the function of its source;
 * that function reads fields (ingest_field.h), asks about authors
 * (ingest_people.h), and writes what it makes with the functions below. */

#ifndef ALIGNX_STAGES_INGEST_H
#define ALIGNX_STAGES_INGEST_H

#include <stdbool.h>

#include "lib/json/json.h"
#include "lib/cli/tool.h"
#include "schema/messages.h"
#include "schema/parse.h"
#include "stages/ingest/authors.h"

/* What --stats tells of texts. */
enum ingest_fate { INGEST_KEPT, INGEST_DELETED, INGEST_BOT, INGEST_OVER_18,
	INGEST_SHORT, INGEST_LONG, INGEST_FORGOTTEN, INGEST_WITH_POST,
	INGEST_FATES };

enum ingest_aspect { ASPECT_HARMLESSNESS, ASPECT_INSTRUCTION_FOLLOWING,
	ASPECT_HONESTY, ASPECT_TRUTHFULNESS, ASPECT_HELPFULNESS,
	ASPECT_COHERENCE, ASPECT_COMPLEXITY, ASPECT_VERBOSITY, ASPECTS };

enum { INGEST_ID_MAX = 256 };

struct ingest_id {		/* an id that is being made */
	char text[INGEST_ID_MAX];
	size_t len;
};

struct ingest_source;

struct ingest {
	/* from the command line */
	const struct ingest_source *source;
	bool keeps_names, keeps_over_18;
	long min_chars, max_chars;
	int aspect;			/* -1 if not told */
	const char *name;		/* instead of the operand's; NULL */
	struct opt_list fields;		/* of generic: name=pointer */
	struct ingest_people *people;

	/* the row in hand */
	struct turn *turn;
	struct place place;
	unsigned fates[INGEST_FATES];	/* counted when the row is done */

	/* the post that was written last, for rows that repeat their prompt */
	struct ingest_id last_post;
	bool is_last_kept;

	struct buf file;		/* what the operand is called */
	struct buf cleaned, scrubbed, stripped, joined;
	struct json *json;
	struct json_names reddit_fields;	/* set on first use */
	struct parse *parse;
};

/* A data set: how its rows are read. */
struct ingest_source {
	const char *name;		/* of --source */
	enum dataset is;
	const char *prefix;		/* of ids that are made, with its colon */
	int (*row)(struct ingest *g, const struct json_node *row,
	    struct fault *f);
	int (*item)(struct ingest *g, struct fault *f);	/* instead of row */
};

/* In the order of the words of --source; ended by a NULL name. */
extern const struct ingest_source ingest_sources[];

/* One row each: 0 or more, or -1, -2 with a fault; what a refused row has
 * written so far is taken back by the caller. */
int ingest_reddit(struct ingest *g, struct fault *f);
int ingest_reddit_comment(struct ingest *g, struct fault *f);
int ingest_reddit_submission(struct ingest *g, struct fault *f);
int ingest_pku(struct ingest *g, const struct json_node *row, struct fault *f);
int ingest_ultrafeedback(struct ingest *g, const struct json_node *row,
    struct fault *f);
int ingest_helpsteer(struct ingest *g, const struct json_node *row,
    struct fault *f);
int ingest_hh(struct ingest *g, const struct json_node *row, struct fault *f);
int ingest_prism(struct ingest *g, const struct json_node *row, struct fault *f);
int ingest_oasst(struct ingest *g, const struct json_node *row, struct fault *f);
int ingest_generic(struct ingest *g, const struct json_node *row,
    struct fault *f);
int ingest_generic_check(const struct ingest *g, struct fault *f);
int ingest_records(struct ingest *g, struct fault *f);

/* The row in hand as a tree: -1 if it is not a map in JSON. */
int ingest_row(struct ingest *g, struct json_node *row, struct fault *f);

/* Cleans, scrubs and strips a text; the view is good until the next call. */
void ingest_prepare(struct ingest *g, struct text *text);

/* Counts one text that goes no further; always 0. */
int ingest_drop(struct ingest *g, enum ingest_fate why);

/* Writes an interaction whose text is prepared: 1, or 0 if it was dropped
 * (length, --forget).  Fills in source and place. */
int ingest_put(struct ingest *g, struct interaction *x);

/* Asks about an author and sets x->user: 1, or 0 if the text must be dropped
 * for its author, which is counted; -2. */
int ingest_author(struct ingest *g, const struct text *name,
    struct interaction *x, struct fault *f);

void ingest_rate(struct ratings *r, enum ingest_aspect aspect, double value);

#endif
