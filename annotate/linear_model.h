/* linear_model.h - a trained model that judges texts together with the rules.
 *
 * For each dimension it knows, a model has up to two linear scores of the n-grams x of a
 * text: T, is the text about the dimension, and P, which pole does it show.  Logistic
 * regression joins them with the value of the rules, r in [-1, 1], and (for interests) with
 * the highest value of the rules for another interest, o:
 *
 *	relevance = a0 + a1 |r| + a2 o + a3 T(x)
 *	polarity  = b0 + b1 r + b3 P(x)
 *
 * Both are log-odds, calibrated on held-out texts (Platt 1999).  Dimensions without P take
 * the pole of the rules, or pole 1.  With the logistic function s, and c, which replaces the
 * prior of the training texts by 1 in 8:
 *
 *	v          = s(relevance + c) * (2 s(polarity) - 1)
 *	confidence = s(relevance) * max(s(polarity), 1 - s(polarity))
 *
 * The model knows texts like its training texts; the rules know others too.  So the value
 * combines v with u = 0.8 r as certainty factors (Shortliffe and Buchanan 1975, "A Model of
 * Inexact Reasoning in Medicine"):
 *
 *	value = u + v - |u v|, with their sign, if they have the same
 *	value = (u + v) / (1 - min(|u|, |v|))	otherwise
 *
 * The confidence is the higher of the two where the rules find something.  Dimensions
 * unknown to the model keep the value of the rules.
 *
 * The file: little-endian, a head, then columns whose lengths are in the head.  Weights are
 * single bytes, and only n-grams with a weight are listed.  It is checked as a whole when it
 * is read; its hash is the version of the model. */

#ifndef ALIGNX_ANNOTATE_LINEAR_MODEL_H
#define ALIGNX_ANNOTATE_LINEAR_MODEL_H

#include "schema/messages.h"
#include "annotate/ngrams.h"

enum {
	LINEAR_MODEL_FILE_MAX = 16 << 20,
	LINEAR_MODEL_FILE_VERSION = 1,
	LINEAR_MODEL_NOTE_MAX = 4096,
	LINEAR_OUTPUTS = 2 * DIMENSIONS, /* scores, at most */
};

enum linear_output { OUTPUT_RELEVANCE, OUTPUT_POLARITY };

/* Coefficients of log-odds; `score` includes the scale of the weights. */
struct linear_logit {
	float bias, rule, other, score;
};

struct linear_dimension {
	uint8_t dimension;
	bool has_polarity; /* else `polarity` is not used */
	struct linear_logit relevance, polarity;
	float prior_shift; /* c */
};

/* A weight of an n-gram for one score: 2 * index of the dimension + enum linear_output. */
struct linear_weight {
	uint8_t output;
	int8_t weight;
};

/* A model, laid out as in its file: a sparse matrix with a row for each n-gram. */
struct linear_model {
	struct ngram_config config;
	const char *note; /* the training texts and their license */
	struct linear_dimension *dimension;
	size_t dimensions;
	uint32_t *id;    /* of n-grams, ascending */
	uint32_t *first; /* index of its first weight; features + 1 of them */
	size_t features;
	struct linear_weight *weight;
	size_t weights;
	char version[32]; /* "linear-1a2b3c4d" */
};

/* Parses the bytes of a file, into the arena.  -2, with a sentence that begins with name: not
 * a model, of another version, cut short, damaged, or with impossible counts. */
int linear_model_parse(struct linear_model *m, const char *name, const char *data, size_t len,
    struct arena *a, struct fault *f);
int linear_model_read(struct linear_model *m, const char *file, struct arena *a, struct fault *f);

/* The path of a model: "default" is default.model in the folder, other names are paths. */
const char *linear_model_path(const char *name, const char *folder, struct arena *a);

/* Appends the bytes of a model's file, and sets its version. */
void linear_model_write(struct linear_model *m, struct buf *out);

/* Joins the intensities of the rules with the scores of the same text (ngram_scorer.h). */
void linear_model_apply(const struct linear_model *m, const double score[LINEAR_OUTPUTS],
    struct intensities *x);

/* Is it an interest, which is judged against the other interests? */
bool linear_model_is_interest(int dimension);

/* r, the value of the rules. */
double linear_model_rule(const struct intensities *x, int dimension);

/* The two highest values of interests, and the dimension of the first. */
struct top_interests {
	int first, second, dimension;
};

struct top_interests linear_model_top_interests(const struct intensities *x);

/* o, the highest value of another interest; 0 if the dimension is no interest. */
double linear_model_other(const struct top_interests *top, int dimension);

#endif
