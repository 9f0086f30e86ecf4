/* rules.h - the rule files of a folder.
 *
 * A rule ties a piece of behaviour to a pole of one dimension; schema/rules/README.md
 * describes the files.  They are only read here; signals.h applies them. */

#ifndef ALIGNX_ANNOTATE_RULES_H
#define ALIGNX_ANNOTATE_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/core/arena.h"
#include "lib/core/fault.h"
#include "schema/evidence_kind.h"
#include "schema/message.h"

enum {
	RULES_HITS_MAX = 3,       /* that count, of a rule in a text */
	RULES_ID_MAX = 200,       /* bytes of an id */
	RULES_FILE_MAX = 4 << 20, /* bytes of a file */
};

enum rules_negation { RULES_DROP, RULES_FLIP, RULES_IGNORE };

enum rules_set {
	RULES_NEGATION,
	RULES_LIKE,
	RULES_DISLIKE,
	RULES_HEDGE,
	RULES_INTENSIFIER,
	RULES_OTHERS,
	RULES_HYPOTHETICAL,
	RULES_SETS
};

/* What is measured of an interaction, in the order of rules_features. */
enum rules_feature {
	FEATURE_WORDS,
	FEATURE_SENTENCES,
	FEATURE_WORDS_PER_SENTENCE,
	FEATURE_LETTERS_PER_WORD,
	FEATURE_QUESTIONS,
	FEATURE_EXCLAMATIONS,
	FEATURE_HEDGES,
	FEATURE_FIRST_PERSON,
	FEATURE_SECOND_PERSON,
	FEATURE_CONTRACTIONS,
	FEATURE_CAPITALS,
	FEATURE_PARAGRAPHS,
	FEATURE_LINKS,
	FEATURE_SCORE,
	FEATURE_DEPTH,
	FEATURE_HOUR,
	FEATURE_EDITED,
	FEATURE_REPLIES_TO_POST,
	FEATURES
};

extern const char *const rules_features[FEATURES]; /* their names */

/* A value and where it was read. */
struct rules_value {
	struct text text;
	const char *file;
	int line;
};

struct rules_values {
	struct rules_value *at;
	size_t len;
};

struct rules_bound {
	enum rules_feature feature;
	double low, high;
};

struct rule {
	struct text id;
	int dimension, pole;
	double weight;
	int min_matches; /* fewer matches make no signal */
	enum rules_negation negation;
	enum evidence_kind evidence;
	bool is_stance;           /* likes and dislikes nearby decide the pole */
	bool ignores_attribution; /* counts even if it is no claim of the author
					   (attribution.h) */
	struct rules_values patterns;
	struct rules_values words;  /* one word or phrase each */
	struct rules_bound *bounds; /* all must hold */
	size_t bounds_len;
	struct rules_values match, reject;
	const char *file;
	int line;
};

/* A row of communities.tsv: the signal of writing there. */
struct rules_community {
	struct text name;
	int dimension, pole;
	double weight;
	int line;
};

struct rules {
	struct rule *rule; /* in the order of the files */
	size_t len;
	struct rules_values set[RULES_SETS];
	struct rules_community *community;
	size_t communities;
	char version[32]; /* "rules-1a2b3c4d5e6f": a hash of all that was read */
};

typedef void rules_fault_fn(void *with, const struct fault *f);

/* Reads the *.rules files of a folder in the order of their names, and communities.tsv if it
 * exists, into the arena.  fn is called with each fault ("file:line: sentence"); NULL: the
 * first one ends it.  -2 if there was a fault. */
int rules_load(struct rules *r, const char *folder, struct arena *a, rules_fault_fn *fn, void *with,
    struct fault *f);

/* The folder that is named, or else $ALIGNX_RULES, or else the installed one. */
const char *rules_folder(const char *named);

/* -2 for a folder, or a file of it, that cannot be read (errno); says how to name another. */
int rules_missing(const char *path, struct fault *f);

/* The first part of an id: its family. */
struct text rules_family(const struct text *id);
bool rules_is_family(const struct text *name);
enum evidence_kind rules_family_evidence(const struct text *family); /* unless a rule says */

/* Reads all of s as a number in [low, high]; false if it is not one. */
bool rules_number(const struct text *s, double low, double high, double *out);

#endif
