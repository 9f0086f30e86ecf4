/* linear_model.h - a trained mapper: a linear model beside the rules.
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

#ifndef ALIGNX_ANNOTATE_LINEAR_MODEL_H
#define ALIGNX_ANNOTATE_LINEAR_MODEL_H

#include "schema/messages.h"
#include "annotate/ngrams.h"

enum {
	LINEAR_MODEL_FILE_MAX = 16 << 20,
	LINEAR_MODEL_FILE_VERSION = 1,
	LINEAR_MODEL_NOTE_MAX = 4096,
	LINEAR_OUTPUTS = 2 * DIMENSIONS,		/* two scores for each dimension */
};

enum linear_output { OUTPUT_ABOUT, OUTPUT_POLE };

/* The log-odds of one question, with the scale of the weights in `score`. */
struct linear_logit {
	float bias, rule, other, score;
};

struct linear_dimension {
	uint8_t dimension;
	bool has_side;			/* else `side` is not used */
	struct linear_logit about, side;
	float balance;			/* c */
};

/* A weight of an n-gram: in which score, 2 * row of the dimension + linear_output. */
struct linear_weight {
	uint8_t slot;
	int8_t weight;
};

/* The parts of a model, as they stand in its file. */
struct linear_model {
	struct ngram_config form;
	const char *note;		/* what it was trained on, and whose that is */
	struct linear_dimension *dimension;
	size_t dimensions;
	uint32_t *id;			/* of n-grams, rising */
	uint32_t *first;		/* of its postings; features + 1 of them */
	size_t features;
	struct linear_weight *posting;
	size_t postings;
	char version[32];		/* "linear-1a2b3c4d" */
	uint32_t *slot;			/* index + 1 by id */
	size_t slots;
};

/* A model from the bytes of a file; all in the arena.  -2 with a sentence that
 * begins with name: not a model, of another version, cut, damaged, or with
 * counts that cannot be. */
int linear_model_parse(struct linear_model *m, const char *name, const char *data,
    size_t len, struct arena *a, struct fault *f);
int linear_model_read(struct linear_model *m, const char *file, struct arena *a,
    struct fault *f);

/* The file that a name stands for: "default" is default.model in the folder. */
const char *linear_model_path(const char *name, const char *folder, struct arena *a);

/* Appends the bytes of a model's file, and sets its version. */
void linear_model_write(struct linear_model *m, struct buf *out);

/* Changes what the rules say of a text to what the model says, by its scores
 * (ngram_scorer.h). */
void linear_model_apply(const struct linear_model *m, const double score[LINEAR_OUTPUTS],
    struct intensities *x);

/* Is it a topic, which rules and models weigh against other topics? */
bool linear_model_is_interest(int dimension);

/* What the rules say that is of use to a model: r and o. */
double linear_model_rule(const struct intensities *x, int dimension);

/* The most that the rules say of an interest, of which, and of the one behind it. */
struct top_interests {
	int most, second, dimension;
};

struct top_interests linear_model_top_interests(const struct intensities *x);
double linear_model_other(const struct top_interests *o, int dimension);

#endif
