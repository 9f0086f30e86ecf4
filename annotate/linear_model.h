/* linear_model.h - a trained model that judges texts.
 *
 * For each pole of each dimension that it knows, a model is a logistic regression over the
 * features x of a text (model_features.h): its words, and what the rules found.  One
 * calibration for all poles, fitted on held-out texts (Platt 1999), makes probabilities of the
 * scores:
 *
 *	P = s(a (bias + w x) + b)	s: the logistic function
 *
 * Of the two poles of a dimension the likelier one counts.  It is claimed if P is at least a
 * threshold t, which the model holds for each precision: claims of held-out texts with P >= t
 * were right that often.  With it
 *
 *	confidence = P
 *	value = min(1, P / (10 t^2)), with the sign of the pole
 *
 * so that value times confidence is above 0.1, the dead zone of the whole pipeline, for claims
 * and for nothing else.  Dimensions that the model does not know are left without a judgement.
 *
 * The file: little-endian, a head, then columns whose lengths are in the head.  Weights are
 * single bytes, and only features with a weight are listed.  It is checked as a whole when it
 * is read; its hash is the version of the model. */

#ifndef ALIGNX_ANNOTATE_LINEAR_MODEL_H
#define ALIGNX_ANNOTATE_LINEAR_MODEL_H

#include "schema/messages.h"
#include "annotate/model_features.h"

enum {
	LINEAR_MODEL_FILE_MAX = 16 << 20,
	LINEAR_MODEL_FILE_VERSION = 2,
	LINEAR_MODEL_NOTE_MAX = 4096,
	LINEAR_OUTPUTS = 2 * DIMENSIONS, /* poles, at most */
	LINEAR_THRESHOLDS = 20,          /* for a precision of 0, 0.05 ... 0.95 */
	LINEAR_RULES_MAX = 32            /* bytes of the version of rules */
};

/* A pole of a dimension.  `scale` is that of its weights, which are whole numbers. */
struct linear_output {
	uint8_t dimension, pole; /* 0 or 1 */
	uint32_t positives;      /* texts that it was trained on */
	float bias, scale;
};

/* A weight of a feature for one output. */
struct linear_weight {
	uint8_t output;
	int8_t weight;
};

/* A model, laid out as in its file: a sparse matrix with a row for each feature. */
struct linear_model {
	struct ngram_config config;
	const char *note;             /* the training texts and their license */
	char rules[LINEAR_RULES_MAX]; /* version of the rules it was trained with */
	float slope, intercept;       /* a and b */
	float threshold[LINEAR_THRESHOLDS];
	struct linear_output *output; /* in the order of dimensions, pole 0 first */
	size_t outputs;
	uint32_t *id;    /* of features, ascending */
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

/* t for a precision from 0 to 0.95, at least 0.11: a lower one has no place in hundredths. */
double linear_model_threshold(const struct linear_model *m, double precision);

/* P of an output with a score (linear_scorer.h). */
double linear_model_probability(const struct linear_model *m, size_t output, double score);

/* Sets value and confidence of a dimension, in hundredths, for P of a pole. */
void linear_model_set(struct intensities *x, int dimension, int pole, double probability,
    double threshold);

/* Sets values and confidences of all dimensions from the scores of a text. */
void linear_model_apply(const struct linear_model *m, const double score[LINEAR_OUTPUTS],
    double threshold, struct intensities *x);

/* Keeps what the rules judged (intensity.h) where the model claims nothing, as less than a claim.
 * What the author says in so many words, such as a dislike, takes away a claim of the other pole. */
void linear_model_add_rules(const struct intensities *rules, double threshold,
    struct intensities *x);

/* The output of a pole; -1: the model does not know it. */
int linear_model_find(const struct linear_model *m, int dimension, int pole);

#endif
