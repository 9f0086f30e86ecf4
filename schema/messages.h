/* nouns.h - the nouns of the data pipeline (alignx-formats(5) in C).
 *
 *	interaction	one text somebody wrote: a post, a comment, a response;
 *			alignx-extract adds signals, alignx-map intensities
 *	exchange	a post and one comment under it
 *	pair		a post and two responses, with a direction
 *	record		an AlignX example, with the published field names
 *	benchmark	a row of a test set, which may lack parts of a record
 *
 * Optional fields are marked; ask with NOUN_HAS, set with NOUN_SET. */

#ifndef ALIGNX_SCHEMA_NOUNS_H
#define ALIGNX_SCHEMA_NOUNS_H

#include "schema/direction.h"
#include "schema/message.h"

/* Where a text stands in the dump it came from. */
struct place {
	struct noun noun;
	struct text file;		/* as the operand was named; archive.tar/member */
	int64_t byte;			/* of the record's first byte in the plain file */
	int64_t line;			/* from 1 */
};

/* One piece of evidence in a text: a rule that spoke. */
struct signal {
	struct noun noun;
	struct text rule;		/* its id */
	int64_t dimension;		/* index, 0 to 89 */
	int64_t pole;			/* 0 or 1: the published value it speaks for */
	double weight;			/* of one hit, from the rule */
	int64_t count;			/* hits, 1 to 3 */
};

enum { INTENSITY_FULL = 100 };		/* hundredths: 100 is 1.0 */

/* How much of each dimension a text shows: > 0 towards pole 1, < 0 towards
 * pole 0.  Where confidence is 0, nothing is known. */
struct intensities {
	struct noun noun;
	struct text annotator;		/* id and version of what judged */
	int8_t value[DIMENSIONS];	/* hundredths, -100 to 100 */
	int8_t confidence[DIMENSIONS];	/* hundredths, 0 to 100 */
};

/* What a data set says of a response, scaled to -1 ... 1.  All optional. */
struct ratings {
	struct noun noun;
	double harmlessness, instruction_following, honesty, truthfulness,
	    helpfulness, coherence, complexity, verbosity;
};

enum dataset { SOURCE_REDDIT, SOURCE_PKU_SAFERLHF, SOURCE_ULTRAFEEDBACK,
	SOURCE_HELPSTEER2, SOURCE_PRISM, SOURCE_HH_RLHF, SOURCE_OASST,
	SOURCE_ALIGNX, SOURCE_P_SOUPS, SOURCE_GENERIC };
extern const char *const source_words[];

enum interaction_type { INTERACTION_POST, INTERACTION_COMMENT,
	INTERACTION_RESPONSE };

struct interaction {
	struct noun noun;
	struct text id;			/* unique in its source: "t1_c13" */
	int source;			/* enum dataset */
	int type;			/* enum interaction_type */
	struct text post;		/* id of the post it stands under; its own for a post */
	struct text parent;		/* optional: what it replies to */
	struct text user;		/* optional: pseudonym of who wrote it */
	struct text rater;		/* optional: pseudonym of whose ratings these are */
	struct text community;		/* optional: subreddit, in lower case */
	int64_t created;		/* optional: seconds since 1970, UTC */
	int64_t score;			/* optional: votes */
	int64_t depth;			/* optional: 0 replies to the post */
	bool edited;			/* optional */
	struct text text;		/* cleaned; a post: body, newline, title */
	struct ratings ratings;		/* optional */
	struct place place;
	struct text rules;		/* optional: version of the rule set that made the signals */
	struct list signals;		/* optional: of struct signal */
	struct intensities intensities;	/* optional */
};

/* A text inside an exchange or a pair. */
struct item {
	struct noun noun;
	struct text id;
	struct text thread;			/* optional: the post it stands under, of a comment that is answered */
	struct text user, rater, community;	/* optional */
	int64_t created, score;			/* optional */
	struct text text;
	struct ratings ratings;			/* optional */
	struct place place;
	struct intensities intensities;		/* optional */
};

struct exchange {
	struct noun noun;
	int source;
	struct text user;		/* optional: who wrote the comment */
	struct item post, comment;
};

struct pair {
	struct noun noun;
	struct text id;
	int source;
	struct text user;		/* optional: whose preference it is */
	struct item post, first, second;	/* first is preferred */
	struct direction direction;	/* of first over second */
};

struct ugc {
	struct noun noun;
	struct text prompt, comment;
	struct direction direction;	/* optional in benchmarks */
};

struct feedback {
	struct noun noun;
	struct text prompt, chosen, rejected;
	struct direction direction;	/* optional in benchmarks */
};

/* A text of a record and where it came from. */
struct origin {
	struct noun noun;
	struct text pointer;		/* RFC 6901: which text of the record */
	struct text id;
	struct place place;
};

struct provenance {
	struct noun noun;
	struct text id;			/* of the record */
	int source;
	int split;			/* optional: enum split */
	int persona;			/* optional: enum persona_mode */
	struct text user;		/* optional: pseudonym, or a made-up identity */
	struct text annotator;		/* optional */
	double agreement;		/* optional: persona items with the record, 0 to 1 */
	struct list texts;		/* of struct origin */
};

enum split { SPLIT_TRAIN, SPLIT_TEST };
enum persona_mode { PERSONA_AUTHOR, PERSONA_MATCHED };

/* AlignX's published record (HF dataset JinaLeejnl/AlignX); benchmark rows
 * have the same struct and a layout in which only the texts are required. */
struct record {
	struct noun noun;
	struct text prompt, chosen, rejected;
	struct direction direction;		/* "Preference Direction" */
	struct text demographic;		/* "Demographic Information" */
	struct list ugc;			/* "User-Generated Content": struct ugc, 0 to 16 */
	struct list feedback;			/* "Pair-wise Comparative Feedback": struct feedback */
	struct text profile;			/* optional: rendered direction */
	struct text ground_truth_persona;	/* optional: P-Soups */
	struct provenance provenance;		/* optional */
};

extern const struct layout place_layout, signal_layout, intensities_layout,
    ratings_layout, interaction_layout, item_layout, exchange_layout,
    pair_layout, record_layout, benchmark_layout, ugc_layout, feedback_layout,
    origin_layout, provenance_layout;

/* The nouns that stand for themselves in a stream, ended by NULL. */
extern const struct layout *const noun_layouts[];

/* Which noun a map is: by its "kind"; a map without one is a record if it has
 * a "Preference Direction", a benchmark if it has "chosen".  NULL with a fault
 * (wrong-kind) otherwise. */
const struct layout *noun_layout_of(const msgpack_object *map, struct fault *f);

#define NOUN_SET(l, p, field) \
	noun_set(l, p, (size_t)((const char *)&(p)->field - (const char *)(p)))
#define NOUN_CLEAR(l, p, field) \
	noun_clear(l, p, (size_t)((const char *)&(p)->field - (const char *)(p)))

#endif
