/* linear_model_file.c - reads, checks and writes the file of a linear model (linear_model.h). */

#include "config.h"

#include <endian.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <xxhash.h>

#include "lib/core/file.h"
#include "lib/core/utf8.h"
#include "annotate/linear_model.h"

/* Files of models (linear_model.h), read and written.
 *
 *	0	magic, 8 bytes
 *	8	version of the format, 4
 *	12	length of the file, 4
 *	16	XXH3 of everything after it, 8
 *	24	seed, bits, words, chars_min, chars_max: 4 each
 *	44	length of the note, numbers of outputs, features and weights: 4 each
 *	60	version of the rules, 32, filled with zeros
 *	92	slope, intercept and 20 thresholds, floats of 4
 *	180	the note
 *	then	outputs: dimension 1, pole 1, positives 4, bias and scale, floats of 4
 *	then	features: ids, 4 each; numbers of weights, 1 each
 *	then	weights: output 1, weight 1 */
enum {
	HEAD = 60,
	CALIBRATION_SIZE = LINEAR_RULES_MAX + (2 + LINEAR_THRESHOLDS) * 4,
	HASHED_FROM = 24,
	OUTPUT_SIZE = 2 + 3 * 4,
	FEATURE_SIZE = 5,
	WEIGHT_SIZE = 2,
	FEATURES_MAX = LINEAR_MODEL_FILE_MAX / FEATURE_SIZE
};

static const char magic[8] = { 'a', 'l', 'x', 'l', 'i', 'n', '\r', '\n' };

struct model_reader {
	const char *name;
	const unsigned char *at;
};

static uint8_t
take_byte(struct model_reader *r)
{
	return *r->at++;
}

static uint32_t
take_word(struct model_reader *r)
{
	uint32_t x;

	memcpy(&x, r->at, sizeof(x));
	r->at += sizeof(x);
	return le32toh(x);
}

static float
take_float(struct model_reader *r)
{
	uint32_t bits = take_word(r);
	float x;

	memcpy(&x, &bits, sizeof(x));
	return x;
}

static int
check_frame(const char *name, const char *data, size_t len, struct fault *f)
{
	struct model_reader r = { name, (const unsigned char *)data + sizeof(magic) };
	uint32_t version, bytes;
	uint64_t hash;

	if (len < sizeof(magic) || memcmp(data, magic, sizeof(magic)) != 0)
		return fault_stop(f, "%s: not a model of alignx-fit", name);
	if (len < HEAD)
		return fault_stop(f, "%s: this model is cut short: %zu bytes", name, len);
	version = take_word(&r);
	if (version != LINEAR_MODEL_FILE_VERSION)
		return fault_stop(f,
		    "%s: this model has format version %" PRIu32 ", and "
		    "this program reads version %d; train it again with alignx-fit",
		    name, version, LINEAR_MODEL_FILE_VERSION);
	bytes = take_word(&r);
	if (len < bytes)
		return fault_stop(f, "%s: this model is cut short: %zu bytes of %" PRIu32, name,
		    len, bytes);
	memcpy(&hash, r.at, sizeof(hash));
	if (len != bytes || le64toh(hash) != XXH3_64bits(data + HASHED_FROM, len - HASHED_FROM))
		return fault_stop(f, "%s: this model is damaged: the checksum is wrong", name);
	return 0;
}

/* A file with the right checksum may still be malicious. */
static int
damaged(const struct model_reader *r, const char *what, struct fault *f)
{
	return fault_stop(f, "%s: this model is damaged: %s", r->name, what);
}

static int
take_calibration(struct model_reader *r, struct linear_model *m, struct fault *f)
{
	bool is_good;

	memcpy(m->rules, r->at, LINEAR_RULES_MAX);
	r->at += LINEAR_RULES_MAX;
	m->slope = take_float(r);
	m->intercept = take_float(r);
	is_good = isfinite(m->slope) && isfinite(m->intercept);
	for (int i = 0; i < LINEAR_THRESHOLDS; i++) {
		float t = take_float(r);

		m->threshold[i] = t;
		is_good &= t >= 0 && t <= 1 && (i == 0 || t >= m->threshold[i - 1]);
	}
	if (memchr(m->rules, '\0', LINEAR_RULES_MAX) == NULL
	    || !utf8_is_valid(m->rules, strlen(m->rules)))
		return damaged(r, "its version of the rules is not text", f);
	return is_good ? 0 : damaged(r, "its calibration is out of range", f);
}

static int
take_outputs(struct model_reader *r, struct linear_model *m, struct arena *a, struct fault *f)
{
	int last = -1;

	m->output = arena_alloc(a, (m->outputs + 1) * sizeof(*m->output));
	for (size_t i = 0; i < m->outputs; i++) {
		struct linear_output *o = &m->output[i];

		o->dimension = take_byte(r);
		o->pole = take_byte(r);
		o->positives = take_word(r);
		o->bias = take_float(r);
		o->scale = take_float(r);
		if (o->dimension >= DIMENSIONS || o->pole > 1 || 2 * o->dimension + o->pole <= last)
			return damaged(r, "its dimensions are not in order", f);
		if (!isfinite(o->bias) || !isfinite(o->scale))
			return damaged(r, "a number of a dimension is not finite", f);
		last = 2 * o->dimension + o->pole;
	}
	return 0;
}

static int
take_features(struct model_reader *r, struct linear_model *m, struct arena *a, struct fault *f)
{
	uint64_t sum = 0;

	m->id = arena_alloc(a, (m->features + 1) * sizeof(*m->id));
	m->first = arena_alloc(a, (m->features + 1) * sizeof(*m->first));
	for (size_t i = 0; i < m->features; i++) {
		m->id[i] = take_word(r);
		if (i > 0 && m->id[i] <= m->id[i - 1])
			return damaged(r, "its features are not in order", f);
	}
	for (size_t i = 0; i < m->features; i++) {
		m->first[i] = (uint32_t)sum;
		sum += take_byte(r);
	}
	if (sum != m->weights)
		return damaged(r, "its weights do not add up", f);
	m->first[m->features] = (uint32_t)sum;
	return 0;
}

static int
take_weights(struct model_reader *r, struct linear_model *m, struct arena *a, struct fault *f)
{
	m->weight = arena_alloc(a, (m->weights + 1) * sizeof(*m->weight));
	for (size_t i = 0; i < m->weights; i++) {
		m->weight[i].output = take_byte(r);
		m->weight[i].weight = (int8_t)take_byte(r);
		if (m->weight[i].output >= m->outputs)
			return damaged(r, "a weight is for an unknown dimension", f);
	}
	return 0;
}

/* Reads the counts of the head and checks the length of the file against them. */
static int
take_head(struct model_reader *r, struct linear_model *m, size_t len, uint32_t *note,
    struct fault *f)
{
	m->config.seed = take_word(r);
	m->config.bits = take_word(r);
	m->config.words = take_word(r);
	m->config.chars_min = take_word(r);
	m->config.chars_max = take_word(r);
	*note = take_word(r);
	m->outputs = take_word(r);
	m->features = take_word(r);
	m->weights = take_word(r);
	if (!ngram_config_is_valid(&m->config))
		return damaged(r, "its n-grams are out of range", f);
	if (*note > LINEAR_MODEL_NOTE_MAX || m->outputs > LINEAR_OUTPUTS
	    || m->features > FEATURES_MAX || m->weights > LINEAR_MODEL_FILE_MAX
	    || len
		!= HEAD + CALIBRATION_SIZE + *note + m->outputs * OUTPUT_SIZE
		    + m->features * FEATURE_SIZE + m->weights * WEIGHT_SIZE)
		return damaged(r, "its counts do not match its length", f);
	return 0;
}

static void
set_version(struct linear_model *m, const char *file, size_t len)
{
	snprintf(m->version, sizeof(m->version), "linear-%08" PRIx32,
	    (uint32_t)(XXH3_64bits(file + HASHED_FROM, len - HASHED_FROM) >> 32));
}

int
linear_model_parse(struct linear_model *m, const char *name, const char *data, size_t len,
    struct arena *a, struct fault *f)
{
	struct model_reader r = { name, (const unsigned char *)data + HASHED_FROM };
	uint32_t note;

	*m = (struct linear_model){ 0 };
	if (check_frame(name, data, len, f) < 0 || take_head(&r, m, len, &note, f) < 0
	    || take_calibration(&r, m, f) < 0)
		return -2;
	m->note = arena_strndup(a, (const char *)r.at, note);
	if (!utf8_is_valid(m->note, note) || memchr(m->note, '\0', note) != NULL)
		return damaged(&r, "its note is not text", f);
	r.at += note;
	if (take_outputs(&r, m, a, f) < 0 || take_features(&r, m, a, f) < 0
	    || take_weights(&r, m, a, f) < 0)
		return -2;
	set_version(m, data, len);
	return 0;
}

int
linear_model_read(struct linear_model *m, const char *file, struct arena *a, struct fault *f)
{
	struct arena scratch = { 0 };
	size_t len;
	const char *data = file_read(file, LINEAR_MODEL_FILE_MAX, &scratch, &len, f);
	int rc = data == NULL ? -2 : linear_model_parse(m, file, data, len, a, f);

	arena_release(&scratch);
	return rc;
}

const char *
linear_model_path(const char *name, const char *folder, struct arena *a)
{
	static const char base[] = "/default.model";
	size_t len = strlen(folder);
	char *path;

	if (strcmp(name, "default") != 0)
		return name;
	path = arena_alloc(a, len + sizeof(base));
	memcpy(path, folder, len);
	memcpy(path + len, base, sizeof(base));
	return path;
}

static void
put_word(struct buf *b, uint32_t x)
{
	x = htole32(x);
	buf_add(b, &x, sizeof(x));
}

static void
put_float(struct buf *b, float x)
{
	uint32_t bits;

	memcpy(&bits, &x, sizeof(bits));
	put_word(b, bits);
}

static void
put_body(const struct linear_model *m, struct buf *b)
{
	for (size_t i = 0; i < m->outputs; i++) {
		buf_add_byte(b, (char)m->output[i].dimension);
		buf_add_byte(b, (char)m->output[i].pole);
		put_word(b, m->output[i].positives);
		put_float(b, m->output[i].bias);
		put_float(b, m->output[i].scale);
	}
	for (size_t i = 0; i < m->features; i++)
		put_word(b, m->id[i]);
	for (size_t i = 0; i < m->features; i++)
		buf_add_byte(b, (char)(m->first[i + 1] - m->first[i]));
	for (size_t i = 0; i < m->weights; i++) {
		buf_add_byte(b, (char)m->weight[i].output);
		buf_add_byte(b, (char)m->weight[i].weight);
	}
}

void
linear_model_write(struct linear_model *m, struct buf *out)
{
	size_t start = out->len;
	uint32_t note = (uint32_t)strlen(m->note), bytes;
	uint64_t hash;

	buf_add(out, magic, sizeof(magic));
	put_word(out, LINEAR_MODEL_FILE_VERSION);
	for (int i = 0; i < 3; i++) /* for the length and the hash */
		put_word(out, 0);
	put_word(out, m->config.seed);
	put_word(out, m->config.bits);
	put_word(out, m->config.words);
	put_word(out, m->config.chars_min);
	put_word(out, m->config.chars_max);
	put_word(out, note);
	put_word(out, (uint32_t)m->outputs);
	put_word(out, (uint32_t)m->features);
	put_word(out, (uint32_t)m->weights);
	buf_add(out, m->rules, LINEAR_RULES_MAX);
	put_float(out, m->slope);
	put_float(out, m->intercept);
	for (int i = 0; i < LINEAR_THRESHOLDS; i++)
		put_float(out, m->threshold[i]);
	buf_add(out, m->note, note);
	put_body(m, out);
	bytes = htole32((uint32_t)(out->len - start));
	memcpy(out->data + start + 12, &bytes, sizeof(bytes));
	hash = htole64(XXH3_64bits(out->data + start + HASHED_FROM,
	    out->len - start - HASHED_FROM));
	memcpy(out->data + start + 16, &hash, sizeof(hash));
	set_version(m, out->data + start, out->len - start);
}
