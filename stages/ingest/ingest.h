/* ingest.h - what the files of alignx-ingest share.
 *
 * One struct ingest lives as long as the program.  ingest.c fills it from the command line and
 * passes each row to the function of its source, which reads fields (field.h), looks up
 * authors (authors.h), and writes interactions with the functions below. */

#ifndef ALIGNX_STAGES_INGEST_INGEST_H
#define ALIGNX_STAGES_INGEST_INGEST_H

#include <stdbool.h>

#include "lib/cli/tool.h"
#include "lib/json/json.h"
#include "lib/text/clean_text.h"
#include "schema/messages.h"
#include "schema/parse.h"
#include "stages/ingest/authors.h"
#include "stages/ingest/no_answer.h"

/* Why a text is dropped, counted for --stats. */
enum drop_reason {
	DROP_NONE,
	DROP_DELETED,
	DROP_BOT,
	DROP_OVER_18,
	DROP_SHORT,
	DROP_LONG,
	DROP_FORGOTTEN,
	DROP_WITH_POST,
	DROP_TIE,      /* both answers are rated the same */
	DROP_REVERSED, /* the chosen answer is rated below the rejected one */
	DROP_NO_WORDS,
	DROP_MODERATION, /* a notice of a removal or of the rules */
	DROP_REASONS
};

enum ingest_aspect {
	ASPECT_HARMLESSNESS,
	ASPECT_INSTRUCTION_FOLLOWING,
	ASPECT_HONESTY,
	ASPECT_TRUTHFULNESS,
	ASPECT_HELPFULNESS,
	ASPECT_COHERENCE,
	ASPECT_COMPLEXITY,
	ASPECT_VERBOSITY,
	ASPECTS
};

enum { INGEST_ID_MAX = 256 };

struct ingest_id { /* an id under construction */
	char text[INGEST_ID_MAX];
	size_t len;
};

struct ingest_source;

struct ingest {
	/* from the command line */
	const struct ingest_source *source;
	bool keeps_over_18;
	long min_chars, max_chars;
	int aspect;             /* -1 if not given */
	const char *name;       /* replaces that of the operand; NULL */
	struct opt_list fields; /* of generic: name=pointer */
	struct authors *authors;
	bool keeps_bots;
	struct no_answer *no_answer;

	/* the current row */
	struct stage_ctx *ctx;
	struct source_pos place;
	unsigned texts[DROP_REASONS]; /* added to the counters when the row is done */
	unsigned names_left;          /* in its texts, the same */

	struct oasst_flat *oasst; /* messages of a tree that is not whole yet; NULL: none came */

	/* the last post, for rows that repeat their prompt */
	struct ingest_id last_post;
	bool is_last_kept;

	struct buf file; /* the name of the operand */
	struct text_cleaner cleaner;
	struct buf joined;
	struct json *json;
	struct json_names reddit_fields; /* set on first use */
	struct parse *parse;
};

/* A data set: how its rows are read. */
struct ingest_source {
	const char *name; /* of --source */
	enum dataset is;
	const char *prefix; /* of ids made here, with its colon */
	int (*row)(struct ingest *g, const struct json_node *row, struct fault *f);
	int (*item)(struct ingest *g, struct fault *f); /* replaces row */
};

/* In the order of the words of --source; ends with a NULL name. */
extern const struct ingest_source ingest_sources[];

/* Each reads one row: 0 or more, or -1, -2 with a fault; the caller removes what a refused row
 * has written. */
int ingest_reddit(struct ingest *g, struct fault *f);
int ingest_reddit_comment(struct ingest *g, struct fault *f);
int ingest_reddit_submission(struct ingest *g, struct fault *f);
int ingest_pku(struct ingest *g, const struct json_node *row, struct fault *f);
int ingest_ultrafeedback(struct ingest *g, const struct json_node *row, struct fault *f);
int ingest_helpsteer(struct ingest *g, const struct json_node *row, struct fault *f);
int ingest_hh(struct ingest *g, const struct json_node *row, struct fault *f);
int ingest_prism(struct ingest *g, const struct json_node *row, struct fault *f);
int ingest_oasst(struct ingest *g, const struct json_node *row, struct fault *f);
/* Writes the tree that came last, one message a row. */
int oasst_flat_end(struct ingest *g, struct fault *f);
void oasst_flat_free(struct oasst_flat *t); /* NULL is allowed */
int ingest_generic(struct ingest *g, const struct json_node *row, struct fault *f);
int ingest_generic_check(const struct ingest *g, struct fault *f);
int ingest_alignx(struct ingest *g, struct fault *f);

/* Parses the current row: -1 if it is not a JSON map. */
int ingest_row(struct ingest *g, struct json_node *row, struct fault *f);

/* Counts a text as dropped; always 0. */
int ingest_drop(struct ingest *g, enum drop_reason why);

/* Writes an interaction whose text is clean: 1, or 0 if it is dropped (length, --forget).
 * Sets source and place. */
int ingest_write(struct ingest *g, struct interaction *x);

/* Looks up the author and sets x->user: 1; 0 if the text is dropped for its author, which is
 * counted; -2. */
int ingest_set_author(struct ingest *g, const struct text *name, struct interaction *x,
    struct fault *f);

void ingest_set_rating(struct ratings *r, enum ingest_aspect aspect, double value);

#endif
