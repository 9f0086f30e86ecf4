/* map_model.h - a trained mapper: a linear model beside the rules.
 *
 * For each dimension that it knows, a model has up to two linear scores over
 * the n-grams x of a text: T, is the text about the dimension at all, and P,
 * which pole it shows.  They are joined with what the rules say, r in [-1, 1],
 * and with the most o that they say of any other interest (interests alone):
 *
 *	about  = a0 + a1 |r| + a2 o + a3 T(x)
 *	side   = b0 + b1 r + b3 P(x)
 *
 * both log-odds, calibrated where the model had not been trained (Platt 1999).
 * Dimensions without P take the side of the rules, or pole 1.  With the
 * logistic function s, and c, which puts the same odds in the place of how often
 * the texts trained on were about the dimension:
 *
 *	v          = s(about + c) * (2 s(side) - 1)
 *	confidence = s(about) * max(s(side), 1 - s(side))
 *
 * A model knows texts like those it was trained on; rules know others too.  So the
 * value is what v and u = 0.8 r come to as certainty factors, each of which takes
 * away a share of the doubt that the other leaves (Shortliffe and Buchanan 1975, "A
 * Model of Inexact Reasoning in Medicine"):
 *
 *	value = u + v - |u v|, with their sign, if they have the same
 *	value = (u + v) / (1 - min(|u|, |v|))	otherwise
 *
 * with the higher confidence of the two where the rules speak.  Dimensions that a model
 * does not know keep what the rules say.
 *
 * The file: little-endian, a head, then columns whose lengths the head tells;
 * weights are single bytes, and only n-grams with a weight are there.  It is
 * checked whole when it is read, and its hash is the model's version. */

#ifndef ALIGNX_STAGES_MAP_MODEL_H
#define ALIGNX_STAGES_MAP_MODEL_H

#include "schema/messages.h"
#include "annotate/ngrams.h"

enum {
	MODEL_FILE_MAX = 16 << 20,
	MODEL_FILE_VERSION = 1,
	MODEL_NOTE_MAX = 4096,
	MODEL_SLOTS = 2 * DIMENSIONS,		/* two scores for each dimension */
};

enum map_score { SCORE_ABOUT, SCORE_SIDE };

/* The log-odds of one question, with the scale of the weights in `score`. */
struct map_odds {
	float bias, rule, other, score;
};

struct map_dimension {
	uint8_t dimension;
	bool has_side;			/* else `side` is not used */
	struct map_odds about, side;
	float balance;			/* c */
};

/* A weight of an n-gram: in which score, 2 * row of the dimension + map_score. */
struct map_posting {
	uint8_t slot;
	int8_t weight;
};

/* The parts of a model, as they stand in its file. */
struct map_model {
	struct ngrams_form form;
	const char *note;		/* what it was trained on, and whose that is */
	struct map_dimension *dimension;
	size_t dimensions;
	uint32_t *id;			/* of n-grams, rising */
	uint32_t *first;		/* of its postings; features + 1 of them */
	size_t features;
	struct map_posting *posting;
	size_t postings;
	char version[32];		/* "linear-1a2b3c4d" */
	uint32_t *slot;			/* index + 1 by id */
	size_t slots;
};

/* A model from the bytes of a file; all in the arena.  -2 with a sentence that
 * begins with name: not a model, of another version, cut, damaged, or with
 * counts that cannot be. */
int map_model_parse(struct map_model *m, const char *name, const char *data,
    size_t len, struct arena *a, struct fault *f);
int map_model_read(struct map_model *m, const char *file, struct arena *a,
    struct fault *f);

/* The file that a name stands for: "default" is default.model in the folder. */
const char *map_model_file(const char *name, const char *folder, struct arena *a);

/* Appends the bytes of a model's file, and sets its version. */
void map_model_write(struct map_model *m, struct buf *out);

/* Changes what the rules say of a text to what the model says, by its scores
 * (map_scores.h). */
void map_model_apply(const struct map_model *m, const double score[MODEL_SLOTS],
    struct intensities *x);

/* Is it a topic, which rules and models weigh against other topics? */
bool map_model_is_interest(int dimension);

/* What the rules say that is of use to a model: r and o. */
double map_model_rule(const struct intensities *x, int dimension);

/* The most that the rules say of an interest, of which, and of the one behind it. */
struct map_others {
	int most, second, dimension;
};

struct map_others map_model_others(const struct intensities *x);
double map_model_other(const struct map_others *o, int dimension);

#endif
