#include "config.h"

#include <string.h>

#include "infer/model/hf_folder.h"
#include "infer/tokenizer/vocab_special_tokens.h"
#include "infer/tokenizer/vocab_sentencepiece.h"

/* A message of a protocol buffer while it is read: fields are numbers and kinds of
 * values, then the values. */
struct message {
	const unsigned char *at, *end;
	const char *file;
	struct fault *fault;
};

enum wire { WIRE_VARINT, WIRE_64, WIRE_BYTES, WIRE_32 = 5 };

/* A value: a number (or the bits of one), or bytes. */
struct field {
	uint64_t number, value;
	enum wire wire;
	struct directory_text bytes;
};

/* What SentencePiece's model says besides its pieces. */
struct spec {
	uint64_t model_type, bos, eos, unknown;
	bool has_prefix, collapses, has_bytes;
	struct directory_text map;
};

static int
cut(const struct message *m)
{
	return fault_stop(m->fault, "%s: this is no model of SentencePiece, or it is cut",
	    m->file);
}

static int
take_varint(struct message *m, uint64_t *out)
{
	*out = 0;
	for (int shift = 0; shift < 64 && m->at < m->end; shift += 7) {
		unsigned char c = *m->at++;

		*out |= (uint64_t)(c & 0x7f) << shift;
		if (c < 0x80)
			return 0;
	}
	return cut(m);
}

static int
take_bytes(struct message *m, uint64_t n, struct field *out)
{
	if (n > (uint64_t)(m->end - m->at))
		return cut(m);
	out->bytes = (struct directory_text){ (const char *)m->at, (size_t)n };
	m->at += n;
	if (out->wire != WIRE_BYTES)
		out->value = directory_little_endian((const unsigned char *)out->bytes.ptr,
		    (size_t)n);
	return 0;
}

/* 1 with a field, 0 at the end. */
static int
next(struct message *m, struct field *out)
{
	uint64_t key;

	if (m->at == m->end)
		return 0;
	if (take_varint(m, &key) < 0)
		return -2;
	*out = (struct field){ .number = key >> 3, .wire = (enum wire)(key & 7) };
	switch (out->wire) {
	case WIRE_VARINT:
		return take_varint(m, &out->value) < 0 ? -2 : 1;
	case WIRE_64:
		return take_bytes(m, 8, out) < 0 ? -2 : 1;
	case WIRE_32:
		return take_bytes(m, 4, out) < 0 ? -2 : 1;
	case WIRE_BYTES:
		if (take_varint(m, &key) < 0 || take_bytes(m, key, out) < 0)
			return -2;
		return 1;
	}
	return cut(m);
}

static struct message
inner(const struct message *m, const struct field *f)
{
	struct message out = *m;

	out.at = (const unsigned char *)f->bytes.ptr;
	out.end = out.at + f->bytes.len;
	return out;
}

static int
take_piece(struct message m, struct vocabulary *v, size_t id)
{
	struct field f;
	uint32_t bits;
	float score;
	int rc;

	while ((rc = next(&m, &f)) > 0) {
		bits = (uint32_t)f.value;
		if (f.number == 1 && f.wire == WIRE_BYTES)
			v->token[id] = f.bytes;
		else if (f.number == 2 && f.wire == WIRE_32)
			v->score[id] = (double)*(float *)memcpy(&score, &bits, sizeof(bits));
		else if (f.number == 3 && f.wire == WIRE_VARINT)
			v->kind[id] = (uint8_t)f.value;
	}
	return rc;
}

static int
take_trainer(struct message m, struct spec *s)
{
	struct field f;
	int rc;

	while ((rc = next(&m, &f)) > 0) {
		if (f.wire != WIRE_VARINT)
			continue;
		s->model_type = f.number == 3 ? f.value : s->model_type;
		s->has_bytes = f.number == 35 ? f.value != 0 : s->has_bytes;
		s->unknown = f.number == 40 ? f.value : s->unknown;
		s->bos = f.number == 41 ? f.value : s->bos;
		s->eos = f.number == 42 ? f.value : s->eos;
	}
	return rc;
}

static int
take_normalizer(struct message m, struct spec *s)
{
	struct field f;
	int rc;

	while ((rc = next(&m, &f)) > 0) {
		if (f.number == 2 && f.wire == WIRE_BYTES)
			s->map = f.bytes;
		s->has_prefix = f.number == 3 ? f.value != 0 : s->has_prefix;
		s->collapses = f.number == 4 ? f.value != 0 : s->collapses;
	}
	return rc;
}

/* Goes through the pieces, counting them, or filling the vocabulary too. */
static int
take_model(struct message m, struct vocabulary *v, size_t *pieces, struct spec *s)
{
	struct field f;
	int rc;

	*pieces = 0;
	while ((rc = next(&m, &f)) > 0) {
		if (f.wire != WIRE_BYTES)
			continue;
		if (f.number == 1 && v->len > 0)
			rc = take_piece(inner(&m, &f), v, *pieces);
		if (f.number == 1)
			++*pieces;
		else if (f.number == 2)
			rc = take_trainer(inner(&m, &f), s);
		else if (f.number == 3)
			rc = take_normalizer(inner(&m, &f), s);
		if (rc < 0)
			return rc;
	}
	return rc;
}

static int
add_steps(struct vocabulary *v, const struct spec *s, const char *file,
    struct fault *f)
{
	struct normalize_step step = { .kind = NORMALIZE_CHARACTERS, .from = s->map };

	if (s->map.len > 0 && !normalize_map_is_good(&s->map))
		return fault_stop(f, "%s: its map of characters is none", file);
	if (s->map.len > 0 && vocabulary_add_normal(v, &step, f) < 0)
		return -2;
	step = (struct normalize_step){ .kind = NORMALIZE_COLLAPSE };
	if (s->collapses && vocabulary_add_normal(v, &step, f) < 0)
		return -2;
	return vocabulary_add_blanks(v, s->has_prefix, NORMALIZE_PREPEND, false, f);
}

static uint32_t
id_or_none(const struct vocabulary *v, uint64_t id)
{
	return id < v->len ? (uint32_t)id : TOKEN_NONE;
}

int
vocabulary_sentencepiece_read(struct vocabulary *v, const char *folder,
    struct arena *a, struct fault *f)
{
	const struct json_node none = { .kind = JSON_ABSENT };
	struct spec s = { .model_type = 1, .unknown = 0, .bos = 1, .eos = 2,
		.has_prefix = true, .collapses = true };
	struct message m = { .file = folder_path(folder, "tokenizer.model", a),
		.fault = f };
	struct mapping map;
	size_t pieces;
	char *copy;

	if (mapping_open(&map, m.file, f) < 0)
		return -2;
	copy = arena_dup(a, (const char *)map.data, map.len);
	m.at = (const unsigned char *)copy;
	m.end = m.at + map.len;
	mapping_close(&map);
	if (take_model(m, v, &pieces, &s) < 0)
		return -2;
	if (pieces == 0 || pieces > VOCABULARY_TOKENS_MAX || s.model_type < 1
	    || s.model_type > 2)
		return fault_stop(f, "%s: expected pieces of BPE or unigram", m.file);
	vocabulary_make_room(v, pieces, a);
	if (take_model(m, v, &pieces, &s) < 0)
		return -2;
	v->model = s.model_type == 1 ? VOCABULARY_UNIGRAM : VOCABULARY_SPM;
	vocabulary_index(v, a);
	if (!s.has_bytes)
		memset(v->byte, 0xff, sizeof(v->byte));
	v->bos = id_or_none(v, s.bos);
	v->eos = id_or_none(v, s.eos);
	v->unknown = id_or_none(v, s.unknown);
	v->adds_bos = v->sums_single = true;
	return add_steps(v, &s, m.file, f) < 0 ? -2
	    : vocabulary_ends_read(v, folder, &none, a, f);
}
