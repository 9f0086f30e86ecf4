/* vocab_gguf.c - reads a vocabulary from the keys tokenizer.ggml.* of a GGUF file. */

#include "config.h"

#include <string.h>

#include "infer/tokenizer/vocab.h"

static void
read_id(const struct vocab *v, const struct model_file *mf, const char *key, uint32_t *out)
{
	uint64_t n;

	*out = model_file_uint(mf, key, &n) && n < v->len ? (uint32_t)n : TOKEN_NONE;
}

static bool
bool_or(const struct model_file *mf, const char *key, bool value)
{
	model_file_bool(mf, key, &value);
	return value;
}

/* Whether BOS and EOS are added, and which key says so. */
static void
read_added(struct vocab *v, const struct model_file *mf)
{
	static const char bos[] = "tokenizer.ggml.add_bos_token",
			  eos[] = "tokenizer.ggml.add_eos_token";

	v->adds_bos = v->model != VOCAB_BPE;
	v->adds_bos_by = model_file_bool(mf, bos, &v->adds_bos) ? bos : NULL;
	v->adds_eos_by = model_file_bool(mf, eos, &v->adds_eos) ? eos : NULL;
}

static int
read_model(struct vocab *v, const struct model_file *mf, const char *file, struct fault *f)
{
	static const struct {
		const char *name;
		enum vocab_model model;
	} models[] = { { "llama", VOCAB_SPM }, { "gpt2", VOCAB_BPE }, { "t5", VOCAB_UNIGRAM },
		{ "no_vocab", VOCAB_NONE }, { "none", VOCAB_NONE } };
	struct text name;

	if (!model_file_string(mf, "tokenizer.ggml.model", &name))
		return 0;
	for (size_t i = 0; i < sizeof(models) / sizeof(models[0]); i++)
		if (text_is(&name, models[i].name)) {
			v->model = models[i].model;
			return 0;
		}
	return fault_stop(f,
	    "%s: the tokenizer %.*s (tokenizer.ggml.model) is not "
	    "supported; llama, gpt2 and t5 are",
	    file, (int)(name.len < 32 ? name.len : 32), name.ptr);
}

static int
read_tokens(struct vocab *v, const struct model_file *mf, const char *file, struct arena *a,
    struct fault *f)
{
	const struct model_file_key *tokens = model_file_find_key(mf, "tokenizer.ggml.tokens");
	const struct model_file_key *kinds = model_file_find_key(mf, "tokenizer.ggml.token_type");
	const struct model_file_key *scores = model_file_find_key(mf, "tokenizer.ggml.scores");
	const unsigned char *at;

	if (tokens == NULL || tokens->type != MODEL_FILE_STRING || !tokens->is_array
	    || tokens->count == 0 || tokens->count > VOCAB_TOKENS_MAX)
		return fault_stop(f,
		    "%s: the key tokenizer.ggml.tokens is missing, or "
		    "not an array of strings",
		    file);
	if ((kinds != NULL && (!kinds->is_array || kinds->count != tokens->count))
	    || (scores != NULL && (!scores->is_array || scores->count != tokens->count)))
		return fault_stop(f,
		    "%s: the arrays tokens, token_type and scores of "
		    "tokenizer.ggml differ in length",
		    file);
	vocab_alloc(v, (size_t)tokens->count, a);
	at = tokens->data;
	for (size_t i = 0; i < v->len && model_file_next_string(tokens, &at, &v->token[i]); i++) {
		v->kind[i] = kinds != NULL ? (uint8_t)model_file_uint_at(kinds, i) : TOKEN_NORMAL;
		v->score[i] = scores != NULL ? model_file_double_at(scores, i) : 0;
	}
	return 0;
}

/* Each is a string: left, a space, right. */
static void
read_merges(struct vocab *v, const struct model_file *mf, struct arena *a)
{
	const struct model_file_key *k = model_file_find_key(mf, "tokenizer.ggml.merges");
	struct buf scratch = { 0 };
	struct text m, left, right;
	const unsigned char *at;

	if (k == NULL || k->type != MODEL_FILE_STRING)
		return;
	v->merge = arena_alloc(a, (size_t)k->count * sizeof(*v->merge));
	at = k->data;
	while (model_file_next_string(k, &at, &m)) {
		const char *space = m.len > 1 ? memchr(m.ptr + 1, ' ', m.len - 1) : NULL;

		if (space == NULL)
			continue;
		left = (struct text){ m.ptr, (size_t)(space - m.ptr) };
		right = (struct text){ space + 1, m.len - left.len - 1 };
		vocab_add_merge(v, &left, &right, &scratch);
	}
	buf_release(&scratch);
}

static int
read_pretokenizer(struct vocab *v, const struct model_file *mf, const char *file, struct fault *f)
{
	const struct normalizer_step nfc = { .kind = NORMALIZER_NFC };
	const struct pretokenizer_preset *p;
	struct text name = { "default", 7 };

	v->pretokenizer_by = model_file_string(mf, "tokenizer.ggml.pre", &name)
	    ? "tokenizer.ggml.pre"
	    : NULL;
	v->pretokenizer_name = name;
	if ((p = pretokenizer_preset(&name)) == NULL)
		return fault_stop(f,
		    "%s: the pre-tokenizer %.*s (tokenizer.ggml.pre) is not "
		    "supported",
		    file, (int)(name.len < 32 ? name.len : 32), name.ptr);
	for (int i = 0; i < PRETOKENIZER_PRESET_STEPS && p->pattern[i] != NULL; i++)
		v->pretokenizer[v->pretokenizers++].pattern = (struct text){ p->pattern[i],
			strlen(p->pattern[i]) };
	v->ignores_merges = p->ignores_merges;
	return p->needs_nfc ? vocab_add_normalizer(v, &nfc, f) : 0;
}

/* SentencePiece's normalizer: a charsmap, collapsing of spaces, one in front. */
static int
read_normalizer(struct vocab *v, const struct model_file *mf, const char *file, struct fault *f)
{
	const struct model_file_key *map = model_file_find_key(mf,
	    "tokenizer.ggml.precompiled_charsmap");
	struct normalizer_step s = { .kind = NORMALIZER_CHARSMAP };

	if (map != NULL && map->is_array && model_file_type_size(map->type) == 1) {
		s.from = (struct text){ (const char *)map->data, (size_t)map->count };
		if (!normalizer_charsmap_is_valid(&s.from))
			return fault_stop(f,
			    "%s: tokenizer.ggml.precompiled_charsmap is not "
			    "valid",
			    file);
		if (vocab_add_normalizer(v, &s, f) < 0)
			return -2;
	}
	s = (struct normalizer_step){ .kind = NORMALIZER_COLLAPSE };
	if (bool_or(mf, "tokenizer.ggml.remove_extra_whitespaces", v->model == VOCAB_UNIGRAM)
	    && vocab_add_normalizer(v, &s, f) < 0)
		return -2;
	return vocab_add_metaspace(v, bool_or(mf, "tokenizer.ggml.add_space_prefix", true),
	    NORMALIZER_PREPEND, false, f);
}

static int
read_gguf(struct vocab *v, const struct model_file *mf, const char *file, struct arena *a,
    struct fault *f)
{
	bool is_spm;

	if (read_model(v, mf, file, f) < 0)
		return -2;
	if (v->model == VOCAB_NONE)
		return 0;
	if (read_tokens(v, mf, file, a, f) < 0)
		return -2;
	is_spm = v->model != VOCAB_BPE;
	vocab_build_index(v, a);
	read_id(v, mf, "tokenizer.ggml.bos_token_id", &v->bos);
	read_id(v, mf, "tokenizer.ggml.eos_token_id", &v->eos);
	read_id(v, mf, "tokenizer.ggml.unknown_token_id", &v->unknown);
	read_added(v, mf);
	vocab_mark_control(v);
	if (is_spm)
		return read_normalizer(v, mf, file, f);
	read_merges(v, mf, a);
	return read_pretokenizer(v, mf, file, f);
}

int
vocab_read(struct vocab *v, const struct model_file *mf, const char *file, struct arena *a,
    struct fault *f)
{
	*v = (struct vocab){ .bos = TOKEN_NONE, .eos = TOKEN_NONE, .unknown = TOKEN_NONE };
	return mf->is_folder ? vocab_hf_read(v, file, a, f) : read_gguf(v, mf, file, a, f);
}
