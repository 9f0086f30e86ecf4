/* rules.h - what texts are read for: the rule files of a folder.
 *
 * A rule ties a piece of behaviour to one dimension and pole; the form of the
 * files is told in schema/rules/README.md.  alignx-extract loads a folder once
 * and keeps it until it ends.  Everything is in the arena that is given.
 * Patterns are not compiled here, and words are not looked for: that is for
 * the engine (stages/extract_*). */

#ifndef ALIGNX_SCHEMA_RULES_H
#define ALIGNX_SCHEMA_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/core/arena.h"
#include "lib/core/fault.h"
#include "schema/message.h"

enum {
	RULES_HITS_MAX = 3,	/* what hits count up to, for each rule and text */
	RULES_ID_MAX = 200,	/* bytes of an id */
	RULES_FILE_MAX = 4 << 20,	/* bytes of a file */
};

enum rules_negation { RULES_DROP, RULES_FLIP, RULES_IGNORE };

enum rules_set { RULES_NEGATION, RULES_LIKE, RULES_DISLIKE, RULES_HEDGE,
	RULES_INTENSIFIER, RULES_OTHERS, RULES_HYPOTHETICAL, RULES_SETS };

/* What can be measured of an interaction, in the order of rules_features. */
enum rules_feature { FEATURE_WORDS, FEATURE_SENTENCES,
	FEATURE_WORDS_PER_SENTENCE, FEATURE_LETTERS_PER_WORD, FEATURE_QUESTIONS,
	FEATURE_EXCLAMATIONS, FEATURE_HEDGES, FEATURE_FIRST_PERSON,
	FEATURE_SECOND_PERSON, FEATURE_CONTRACTIONS, FEATURE_CAPITALS,
	FEATURE_PARAGRAPHS, FEATURE_LINKS, FEATURE_SCORE, FEATURE_DEPTH,
	FEATURE_HOUR, FEATURE_EDITED, FEATURE_REPLIES_TO_POST, FEATURES };

extern const char *const rules_features[FEATURES];	/* their names */

/* A value with the place it was read from. */
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
	int least;			/* hits it takes */
	enum rules_negation negation;
	bool is_stance;			/* likes and dislikes nearby decide the pole */
	bool is_any_voice;		/* counts also where the author is not meant */
	struct rules_values patterns;
	struct rules_values words;	/* one word or phrase each */
	struct rules_bound *bounds;	/* all must hold */
	size_t bounds_len;
	struct rules_values match, reject;
	const char *file;
	int line;
};

/* A row of communities.tsv: who writes there shows this. */
struct rules_community {
	struct text name;
	int dimension, pole;
	double weight;
	int line;
};

struct rules {
	struct rule *rule;		/* in the order of the files */
	size_t len;
	struct rules_values set[RULES_SETS];
	struct rules_community *community;
	size_t communities;
	char version[32];		/* "rules-1a2b3c4d5e6f": a hash of all that was read */
};

typedef void rules_fault_fn(void *with, const struct fault *f);

/* Reads the *.rules files of a folder in the order of their names, and
 * communities.tsv if it is there.  What is wrong in them is told as
 * "file:line: sentence": to fn, if there is one, and reading goes on; else the
 * first ends it.  -2 if there was a fault. */
int rules_load(struct rules *r, const char *folder, struct arena *a,
    rules_fault_fn *fn, void *with, struct fault *f);

/* Where the rules are: what was asked for, or else what $ALIGNX_RULES names,
 * or else those that were installed. */
const char *rules_folder(const char *asked);

/* The first part of an id: its family. */
struct text rules_family(const struct text *id);
bool rules_is_family(const struct text *name);

/* Reads a number in [low, high] that takes up all of s. */
bool rules_number(const struct text *s, double low, double high, double *out);

#endif
