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

/*	0	magic, 8 bytes
 *	8	version of the form, 4
 *	12	bytes of the file, 4
 *	16	XXH3 of all that is behind, 8
 *	24	seed, bits, words, chars_min, chars_max: 4 each
 *	44	bytes of the note, dimensions, features, postings: 4 each
 *	60	the note
 *	then	dimensions: number 1, has_side 1, nine floats 4 each
 *	then	features: ids, 4 each; numbers of postings, 1 each
 *	then	postings: slot 1, weight 1 */
enum { HEAD = 60, SUMMED_FROM = 24, DIMENSION_SIZE = 2 + 9 * 4,
	FEATURE_SIZE = 5, POSTING_SIZE = 2, FEATURES_MAX = LINEAR_MODEL_FILE_MAX / FEATURE_SIZE };

static const char magic[8] = { 'a', 'l', 'x', 'l', 'i', 'n', '\r', '\n' };

struct reading {
	const char *name;
	const unsigned char *at;
};

static uint8_t
take_byte(struct reading *r)
{
	return *r->at++;
}

static uint32_t
take_word(struct reading *r)
{
	uint32_t x;

	memcpy(&x, r->at, sizeof(x));
	r->at += sizeof(x);
	return le32toh(x);
}

static float
take_float(struct reading *r)
{
	uint32_t bits = take_word(r);
	float x;

	memcpy(&x, &bits, sizeof(x));
	return x;
}

static int
check_frame(const char *name, const char *data, size_t len, struct fault *f)
{
	struct reading r = { name, (const unsigned char *)data + sizeof(magic) };
	uint32_t version, bytes;
	uint64_t hash;

	if (len < sizeof(magic) || memcmp(data, magic, sizeof(magic)) != 0)
		return fault_stop(f, "%s: this is no model of alignx-fit", name);
	if (len < HEAD)
		return fault_stop(f, "%s: this model is cut: %zu bytes", name, len);
	version = take_word(&r);
	if (version != LINEAR_MODEL_FILE_VERSION)
		return fault_stop(f, "%s: this model has version %" PRIu32 " of the form, and "
		    "this program knows version %d; train it again with alignx-fit", name,
		    version, LINEAR_MODEL_FILE_VERSION);
	bytes = take_word(&r);
	if (len < bytes)
		return fault_stop(f, "%s: this model is cut: %zu bytes of %" PRIu32, name,
		    len, bytes);
	memcpy(&hash, r.at, sizeof(hash));
	if (len != bytes || le64toh(hash) != XXH3_64bits(data + SUMMED_FROM,
	    len - SUMMED_FROM))
		return fault_stop(f, "%s: this model is damaged: its checksum is not that of "
		    "its bytes", name);
	return 0;
}

/* A file with the right checksum may still have been made to do harm. */
static int
hostile(const struct reading *r, const char *what, struct fault *f)
{
	return fault_stop(f, "%s: this model is damaged: %s", r->name, what);
}

static bool
take_odds(struct reading *r, struct linear_logit *o)
{
	o->bias = take_float(r);
	o->rule = take_float(r);
	o->other = take_float(r);
	o->score = take_float(r);
	return isfinite(o->bias) && isfinite(o->rule) && isfinite(o->other)
	    && isfinite(o->score);
}

static int
take_dimensions(struct reading *r, struct linear_model *m, struct arena *a,
    struct fault *f)
{
	int before = -1;

	m->dimension = arena_get(a, m->dimensions * sizeof(*m->dimension));
	for (size_t i = 0; i < m->dimensions; i++) {
		struct linear_dimension *d = &m->dimension[i];
		bool is_finite;

		d->dimension = take_byte(r);
		d->has_side = take_byte(r) != 0;
		is_finite = take_odds(r, &d->about);
		is_finite &= take_odds(r, &d->side);
		d->balance = take_float(r);
		if (d->dimension >= DIMENSIONS || d->dimension <= before)
			return hostile(r, "its dimensions are not in order", f);
		if (!is_finite || !isfinite(d->balance))
			return hostile(r, "a number of a dimension is not finite", f);
		before = d->dimension;
	}
	return 0;
}

static int
take_features(struct reading *r, struct linear_model *m, struct arena *a,
    struct fault *f)
{
	uint64_t sum = 0;

	m->id = arena_get(a, (m->features + 1) * sizeof(*m->id));
	m->first = arena_get(a, (m->features + 1) * sizeof(*m->first));
	for (size_t i = 0; i < m->features; i++) {
		m->id[i] = take_word(r);
		if (i > 0 && m->id[i] <= m->id[i - 1])
			return hostile(r, "its n-grams are not in order", f);
	}
	for (size_t i = 0; i < m->features; i++) {
		m->first[i] = (uint32_t)sum;
		sum += take_byte(r);
	}
	if (sum != m->postings)
		return hostile(r, "its n-grams have other weights than there are", f);
	m->first[m->features] = (uint32_t)sum;
	return 0;
}

static int
take_postings(struct reading *r, struct linear_model *m, struct arena *a,
    struct fault *f)
{
	m->posting = arena_get(a, (m->postings + 1) * sizeof(*m->posting));
	for (size_t i = 0; i < m->postings; i++) {
		m->posting[i].slot = take_byte(r);
		m->posting[i].weight = (int8_t)take_byte(r);
		if (m->posting[i].slot >= 2 * m->dimensions)
			return hostile(r, "a weight is for a dimension that is not there", f);
	}
	return 0;
}

static void
index_features(struct linear_model *m, struct arena *a)
{
	m->slots = 16;
	while (m->slots < 2 * m->features)
		m->slots *= 2;
	m->slot = arena_get(a, m->slots * sizeof(*m->slot));
	for (size_t i = 0; i < m->features; i++) {
		size_t at = m->id[i] & (m->slots - 1);

		while (m->slot[at] != 0)
			at = (at + 1) & (m->slots - 1);
		m->slot[at] = (uint32_t)i + 1;
	}
}

/* The counts of the head, and whether the file is as long as they say. */
static int
take_head(struct reading *r, struct linear_model *m, size_t len, uint32_t *note,
    struct fault *f)
{
	m->form.seed = take_word(r);
	m->form.bits = take_word(r);
	m->form.words = take_word(r);
	m->form.chars_min = take_word(r);
	m->form.chars_max = take_word(r);
	*note = take_word(r);
	m->dimensions = take_word(r);
	m->features = take_word(r);
	m->postings = take_word(r);
	if (!ngram_config_is_valid(&m->form))
		return hostile(r, "texts cannot be read as it asks", f);
	if (*note > LINEAR_MODEL_NOTE_MAX || m->dimensions > DIMENSIONS
	    || m->features > FEATURES_MAX || m->postings > LINEAR_MODEL_FILE_MAX
	    || len != HEAD + *note + m->dimensions * DIMENSION_SIZE
	    + m->features * FEATURE_SIZE + m->postings * POSTING_SIZE)
		return hostile(r, "its counts are not those of its bytes", f);
	return 0;
}

static void
set_version(struct linear_model *m, const char *file, size_t len)
{
	snprintf(m->version, sizeof(m->version), "linear-%08" PRIx32,
	    (uint32_t)(XXH3_64bits(file + SUMMED_FROM, len - SUMMED_FROM) >> 32));
}

int
linear_model_parse(struct linear_model *m, const char *name, const char *data,
    size_t len, struct arena *a, struct fault *f)
{
	struct reading r = { name, (const unsigned char *)data + SUMMED_FROM };
	uint32_t note;

	*m = (struct linear_model){ 0 };
	if (check_frame(name, data, len, f) < 0
	    || take_head(&r, m, len, &note, f) < 0)
		return -2;
	m->note = arena_dup(a, (const char *)r.at, note);
	if (!utf8_valid(m->note, note) || memchr(m->note, '\0', note) != NULL)
		return hostile(&r, "its note is no text", f);
	r.at += note;
	if (take_dimensions(&r, m, a, f) < 0 || take_features(&r, m, a, f) < 0
	    || take_postings(&r, m, a, f) < 0)
		return -2;
	index_features(m, a);
	set_version(m, data, len);
	return 0;
}

int
linear_model_read(struct linear_model *m, const char *file, struct arena *a,
    struct fault *f)
{
	struct arena brief = { 0 };
	size_t len;
	const char *data = file_read(file, LINEAR_MODEL_FILE_MAX, &brief, &len, f);
	int rc = data == NULL ? -2 : linear_model_parse(m, file, data, len, a, f);

	arena_release(&brief);
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
	path = arena_get(a, len + sizeof(base));
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
put_odds(struct buf *b, const struct linear_logit *o)
{
	put_float(b, o->bias);
	put_float(b, o->rule);
	put_float(b, o->other);
	put_float(b, o->score);
}

static void
put_body(const struct linear_model *m, struct buf *b)
{
	for (size_t i = 0; i < m->dimensions; i++) {
		const struct linear_dimension *d = &m->dimension[i];

		buf_add_byte(b, (char)d->dimension);
		buf_add_byte(b, (char)d->has_side);
		put_odds(b, &d->about);
		put_odds(b, &d->side);
		put_float(b, d->balance);
	}
	for (size_t i = 0; i < m->features; i++)
		put_word(b, m->id[i]);
	for (size_t i = 0; i < m->features; i++)
		buf_add_byte(b, (char)(m->first[i + 1] - m->first[i]));
	for (size_t i = 0; i < m->postings; i++) {
		buf_add_byte(b, (char)m->posting[i].slot);
		buf_add_byte(b, (char)m->posting[i].weight);
	}
}

void
linear_model_write(struct linear_model *m, struct buf *out)
{
	size_t from = out->len;
	uint32_t note = (uint32_t)strlen(m->note), bytes;
	uint64_t hash;

	buf_add(out, magic, sizeof(magic));
	put_word(out, LINEAR_MODEL_FILE_VERSION);
	for (int i = 0; i < 3; i++)	/* its length and hash come last */
		put_word(out, 0);
	put_word(out, m->form.seed);
	put_word(out, m->form.bits);
	put_word(out, m->form.words);
	put_word(out, m->form.chars_min);
	put_word(out, m->form.chars_max);
	put_word(out, note);
	put_word(out, (uint32_t)m->dimensions);
	put_word(out, (uint32_t)m->features);
	put_word(out, (uint32_t)m->postings);
	buf_add(out, m->note, note);
	put_body(m, out);
	bytes = htole32((uint32_t)(out->len - from));
	memcpy(out->data + from + 12, &bytes, sizeof(bytes));
	hash = htole64(XXH3_64bits(out->data + from + SUMMED_FROM,
	    out->len - from - SUMMED_FROM));
	memcpy(out->data + from + 16, &hash, sizeof(hash));
	set_version(m, out->data + from, out->len - from);
}
