#include "config.h"

#include <string.h>

#include "infer/model/hf_folder.h"
#include "infer/tokenizer/vocab_special_tokens.h"
#include "infer/tokenizer/vocab_sentencepiece.h"

/* What remains of a protocol-buffer message: fields, each a number and a wire type, then
 * the value. */
struct pb_message {
	const unsigned char *at, *end;
	const char *file;
	struct fault *fault;
};

enum wire_type { WIRE_VARINT, WIRE_64, WIRE_BYTES, WIRE_32 = 5 };

/* The value is an integer (or the bits of a float), or bytes. */
struct pb_field {
	uint64_t number, value;
	enum wire_type wire;
	struct text bytes;
};

/* Settings in trainer_spec and normalizer_spec. */
struct sp_settings {
	uint64_t model_type, bos, eos, unknown;
	bool has_prefix, collapses, has_bytes;
	struct text map;
};

static int
fail(const struct pb_message *m)
{
	return fault_stop(m->fault,
	    "%s: this is not a SentencePiece model, or it is "
	    "truncated",
	    m->file);
}

static int
read_varint(struct pb_message *m, uint64_t *out)
{
	*out = 0;
	for (int shift = 0; shift < 64 && m->at < m->end; shift += 7) {
		unsigned char c = *m->at++;

		*out |= (uint64_t)(c & 0x7f) << shift;
		if (c < 0x80)
			return 0;
	}
	return fail(m);
}

static int
read_bytes(struct pb_message *m, uint64_t n, struct pb_field *out)
{
	if (n > (uint64_t)(m->end - m->at))
		return fail(m);
	out->bytes = (struct text){ (const char *)m->at, (size_t)n };
	m->at += n;
	if (out->wire != WIRE_BYTES)
		out->value = model_file_little_endian((const unsigned char *)out->bytes.ptr,
		    (size_t)n);
	return 0;
}

/* 1 with a field, 0 at the end. */
static int
next_field(struct pb_message *m, struct pb_field *out)
{
	uint64_t key;

	if (m->at == m->end)
		return 0;
	if (read_varint(m, &key) < 0)
		return -2;
	*out = (struct pb_field){ .number = key >> 3, .wire = (enum wire_type)(key & 7) };
	switch (out->wire) {
	case WIRE_VARINT:
		return read_varint(m, &out->value) < 0 ? -2 : 1;
	case WIRE_64:
		return read_bytes(m, 8, out) < 0 ? -2 : 1;
	case WIRE_32:
		return read_bytes(m, 4, out) < 0 ? -2 : 1;
	case WIRE_BYTES:
		if (read_varint(m, &key) < 0 || read_bytes(m, key, out) < 0)
			return -2;
		return 1;
	}
	return fail(m);
}

static struct pb_message
submessage(const struct pb_message *m, const struct pb_field *f)
{
	struct pb_message out = *m;

	out.at = (const unsigned char *)f->bytes.ptr;
	out.end = out.at + f->bytes.len;
	return out;
}

static int
read_piece(struct pb_message m, struct vocab *v, size_t id)
{
	struct pb_field f;
	uint32_t bits;
	float score;
	int rc;

	while ((rc = next_field(&m, &f)) > 0) {
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
read_trainer(struct pb_message m, struct sp_settings *s)
{
	struct pb_field f;
	int rc;

	while ((rc = next_field(&m, &f)) > 0) {
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
read_normalizer(struct pb_message m, struct sp_settings *s)
{
	struct pb_field f;
	int rc;

	while ((rc = next_field(&m, &f)) > 0) {
		if (f.number == 2 && f.wire == WIRE_BYTES)
			s->map = f.bytes;
		s->has_prefix = f.number == 3 ? f.value != 0 : s->has_prefix;
		s->collapses = f.number == 4 ? f.value != 0 : s->collapses;
	}
	return rc;
}

/* Counts the pieces; if the vocabulary has memory for them, reads them too. */
static int
read_model(struct pb_message m, struct vocab *v, size_t *pieces, struct sp_settings *s)
{
	struct pb_field f;
	int rc;

	*pieces = 0;
	while ((rc = next_field(&m, &f)) > 0) {
		if (f.wire != WIRE_BYTES)
			continue;
		if (f.number == 1 && v->len > 0)
			rc = read_piece(submessage(&m, &f), v, *pieces);
		if (f.number == 1)
			++*pieces;
		else if (f.number == 2)
			rc = read_trainer(submessage(&m, &f), s);
		else if (f.number == 3)
			rc = read_normalizer(submessage(&m, &f), s);
		if (rc < 0)
			return rc;
	}
	return rc;
}

static int
add_normalizer(struct vocab *v, const struct sp_settings *s, const char *file, struct fault *f)
{
	struct normalizer_step step = { .kind = NORMALIZER_CHARSMAP, .from = s->map };

	if (s->map.len > 0 && !normalizer_charsmap_is_valid(&s->map))
		return fault_stop(f, "%s: its precompiled_charsmap is not valid", file);
	if (s->map.len > 0 && vocab_add_normalizer(v, &step, f) < 0)
		return -2;
	step = (struct normalizer_step){ .kind = NORMALIZER_COLLAPSE };
	if (s->collapses && vocab_add_normalizer(v, &step, f) < 0)
		return -2;
	return vocab_add_metaspace(v, s->has_prefix, NORMALIZER_PREPEND, false, f);
}

static uint32_t
id_or_none(const struct vocab *v, uint64_t id)
{
	return id < v->len ? (uint32_t)id : TOKEN_NONE;
}

int
vocab_sentencepiece_read(struct vocab *v, const char *folder, struct arena *a, struct fault *f)
{
	const struct json_node none = { .kind = JSON_ABSENT };
	struct sp_settings s = { .model_type = 1,
		.unknown = 0,
		.bos = 1,
		.eos = 2,
		.has_prefix = true,
		.collapses = true };
	struct pb_message m = { .file = hf_folder_path(folder, "tokenizer.model", a), .fault = f };
	struct mapped_file map;
	size_t pieces;
	char *copy;

	if (mapped_file_open(&map, m.file, f) < 0)
		return -2;
	copy = arena_strndup(a, (const char *)map.data, map.len);
	m.at = (const unsigned char *)copy;
	m.end = m.at + map.len;
	mapped_file_close(&map);
	if (read_model(m, v, &pieces, &s) < 0)
		return -2;
	if (pieces == 0 || pieces > VOCAB_TOKENS_MAX || s.model_type < 1 || s.model_type > 2)
		return fault_stop(f, "%s: expected a BPE or Unigram model with pieces", m.file);
	vocab_alloc(v, pieces, a);
	if (read_model(m, v, &pieces, &s) < 0)
		return -2;
	v->model = s.model_type == 1 ? VOCAB_UNIGRAM : VOCAB_SPM;
	vocab_build_index(v, a);
	if (!s.has_bytes)
		memset(v->byte, 0xff, sizeof(v->byte));
	v->bos = id_or_none(v, s.bos);
	v->eos = id_or_none(v, s.eos);
	v->unknown = id_or_none(v, s.unknown);
	v->adds_bos = v->has_float_sums = true;
	return add_normalizer(v, &s, m.file, f) < 0
	    ? -2
	    : vocab_special_tokens_read(v, folder, &none, a, f);
}
