/* messages.h - the messages of the data pipeline (alignx-formats(5) in C).
 *
 *	interaction	one text somebody wrote: a post, a comment, a response;
 *			alignx-extract adds signals, alignx-map intensities
 *	exchange	a post and one reply to it
 *	pair		a post and two responses, with a direction
 *	record		an AlignX example, with the published field names
 *	benchmark	a row of a test set, which may lack parts of a record
 *
 * Fields marked optional: test them with MESSAGE_HAS, set them with MESSAGE_SET. */

#ifndef ALIGNX_SCHEMA_MESSAGES_H
#define ALIGNX_SCHEMA_MESSAGES_H

#include "schema/direction.h"
#include "schema/evidence_kind.h"
#include "schema/message.h"

/* Where in a dump a text comes from. */
struct source_pos {
	struct message message;
	struct text file; /* the operand as given; archive.tar/member */
	int64_t byte;     /* offset of the record in the decompressed file */
	int64_t line;     /* from 1 */
};

/* What one rule found in a text. */
struct signal {
	struct message message;
	struct text rule;  /* its id */
	int64_t dimension; /* index, 0 to 89 */
	int64_t pole;      /* 0 or 1: the published value it is evidence for */
	double weight;     /* of one hit */
	int64_t count;     /* hits, 1 to 3 */
	int evidence;      /* optional: enum evidence_kind */
};

enum { INTENSITY_FULL = 100 }; /* percent: 100 is 1.0 */

/* How much of each dimension a text shows: > 0 towards pole 1, < 0 towards
 * pole 0.  Confidence 0: nothing is known. */
struct intensities {
	struct message message;
	struct text annotator;         /* id and version of what estimated them */
	int8_t value[DIMENSIONS];      /* percent, -100 to 100 */
	int8_t confidence[DIMENSIONS]; /* percent, 0 to 100 */
	int8_t evidence[DIMENSIONS];   /* optional: enum evidence_kind */
};

/* Ratings of a response by its data set, scaled to -1 ... 1.  All optional. */
struct ratings {
	struct message message;
	double harmlessness, instruction_following, honesty, truthfulness, helpfulness, coherence,
	    complexity, verbosity;
};

enum dataset {
	SOURCE_REDDIT,
	SOURCE_PKU_SAFERLHF,
	SOURCE_ULTRAFEEDBACK,
	SOURCE_HELPSTEER2,
	SOURCE_PRISM,
	SOURCE_HH_RLHF,
	SOURCE_OASST,
	SOURCE_ALIGNX,
	SOURCE_P_SOUPS,
	SOURCE_GENERIC
};
extern const char *const dataset_names[]; /* ends with NULL */

/* That of dataset_names with these bytes; NULL: there is none. */
const char *dataset_named(const char *name, size_t len);

enum interaction_type { INTERACTION_POST, INTERACTION_COMMENT, INTERACTION_RESPONSE };

struct interaction {
	struct message message;
	struct text id;         /* unique in its source: "t1_c13" */
	int source;             /* enum dataset */
	int type;               /* enum interaction_type */
	struct text post;       /* id of the post it is under; its own for a post */
	struct text parent;     /* optional: what it replies to */
	struct text user;       /* optional: pseudonym of the author */
	struct text rater;      /* optional: pseudonym of the rater */
	struct text community;  /* optional: subreddit, in lower case */
	int64_t created;        /* optional: seconds since 1970, UTC */
	int64_t score;          /* optional: votes */
	int64_t depth;          /* optional: 0 for a reply to the post */
	bool edited;            /* optional */
	int64_t retrieved;      /* optional: when the archive took this version, as created */
	struct text text;       /* normalized; a post: body, newline, title */
	struct ratings ratings; /* optional */
	struct source_pos place;
	struct text rules_version;      /* optional: of the rules that made the signals */
	struct list signals;            /* optional: of struct signal */
	struct intensities intensities; /* optional */
};

/* A post or response, as exchanges and pairs hold it. */
struct thread_text {
	struct message message;
	struct text id;
	/* optional: of the post above, if the prompt is a comment; its text is then that of both */
	struct text thread, thread_user;
	struct source_pos thread_place;
	int64_t thread_created;
	struct text user, rater, community; /* optional */
	int64_t created, score;             /* optional */
	struct text text;
	struct ratings ratings; /* optional */
	struct source_pos place;
	struct intensities intensities; /* optional */
};

struct exchange {
	struct message message;
	int source;
	struct text user; /* optional: author of the comment */
	struct thread_text post, comment;
};

struct pair {
	struct message message;
	struct text id;
	int source;
	struct text user;                       /* optional: whose preference it is */
	struct thread_text post, first, second; /* first is preferred */
	struct direction direction;             /* of the first over the second */
	int8_t evidence[DIMENSIONS];            /* optional: of the direction, enum evidence_kind */
};

struct ugc {
	struct message message;
	struct text prompt, comment;
	struct direction direction; /* optional in benchmarks */
};

struct feedback {
	struct message message;
	struct text prompt, chosen, rejected;
	struct direction direction; /* optional in benchmarks */
};

/* Where a text of a record came from. */
struct origin {
	struct message message;
	struct text pointer; /* RFC 6901: to the text in the record */
	struct text id;
	struct text thread; /* optional: id of the post it is under, or its own */
	struct text user;   /* optional: pseudonym of its author */
	struct source_pos place;
};

struct provenance {
	struct message message;
	struct text id; /* of the record */
	int source;
	int split;                   /* optional: enum split */
	int persona;                 /* optional: enum persona_mode */
	struct text user;            /* optional: pseudonym, or a made-up identity */
	struct text annotator;       /* optional */
	double agreement;            /* optional: persona items with the record, 0 to 1 */
	bool uninformed;             /* optional: the persona says nothing on its dimensions */
	int8_t evidence[DIMENSIONS]; /* optional: of the direction, enum evidence_kind */
	struct list texts;           /* of struct origin */
};

enum split { SPLIT_TRAIN, SPLIT_TEST };
enum persona_mode { PERSONA_AUTHOR, PERSONA_MATCHED };

/* AlignX's published record (HF dataset JinaLeejnl/AlignX).  Benchmark rows
 * use the same struct; their descriptor requires the texts alone. */
struct record {
	struct message message;
	struct text prompt, chosen, rejected;
	struct direction direction;       /* "Preference Direction" */
	struct text demographic;          /* "Demographic Information" */
	struct list ugc;                  /* "User-Generated Content": struct ugc, 0 to 16 */
	struct list feedback;             /* "Pair-wise Comparative Feedback": struct feedback */
	struct text profile;              /* optional: rendered direction */
	struct text ground_truth_persona; /* optional: P-Soups */
	struct provenance provenance;     /* optional */
};

extern const struct descriptor source_pos_descriptor, signal_descriptor, intensities_descriptor,
    ratings_descriptor, interaction_descriptor, thread_text_descriptor, exchange_descriptor,
    pair_descriptor, record_descriptor, benchmark_descriptor, ugc_descriptor, feedback_descriptor,
    origin_descriptor, provenance_descriptor;

/* The messages that a stream may hold; ends with NULL. */
extern const struct descriptor *const message_descriptors[];

/* Which message a map holds: by its "kind".  A map without one is a record if it
 * has a "Preference Direction", else a benchmark row if it has "chosen".  NULL
 * with a fault (wrong-kind) otherwise. */
const struct descriptor *message_descriptor_of(const msgpack_object *map, struct fault *f);

#endif
