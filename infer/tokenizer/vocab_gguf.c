#include "config.h"

#include <string.h>

#include "infer/tokenizer/vocab.h"

static void
read_id(const struct vocabulary *v, const struct directory *d, const char *key,
    uint32_t *out)
{
	uint64_t n;

	*out = directory_natural(d, key, &n) && n < v->len ? (uint32_t)n : TOKEN_NONE;
}

static bool
flag(const struct directory *d, const char *key, bool other)
{
	directory_bool(d, key, &other);
	return other;
}

static int
read_model(struct vocabulary *v, const struct directory *d, const char *file,
    struct fault *f)
{
	static const struct { const char *name; enum vocabulary_model model; } models[] = {
		{ "llama", VOCABULARY_SPM }, { "gpt2", VOCABULARY_BPE },
		{ "t5", VOCABULARY_UNIGRAM }, { "no_vocab", VOCABULARY_NONE },
		{ "none", VOCABULARY_NONE } };
	struct directory_text name;

	if (!directory_string(d, "tokenizer.ggml.model", &name))
		return 0;
	for (size_t i = 0; i < sizeof(models) / sizeof(models[0]); i++)
		if (strlen(models[i].name) == name.len
		    && memcmp(models[i].name, name.ptr, name.len) == 0) {
			v->model = models[i].model;
			return 0;
		}
	return fault_stop(f, "%s: the tokenizer %.*s is not known", file,
	    (int)(name.len < 32 ? name.len : 32), name.ptr);
}

static int
read_tokens(struct vocabulary *v, const struct directory *d, const char *file,
    struct arena *a, struct fault *f)
{
	const struct directory_key *tokens = directory_key_of(d, "tokenizer.ggml.tokens");
	const struct directory_key *kinds = directory_key_of(d, "tokenizer.ggml.token_type");
	const struct directory_key *scores = directory_key_of(d, "tokenizer.ggml.scores");
	const unsigned char *at;

	if (tokens == NULL || tokens->type != DIRECTORY_STRING || !tokens->is_array
	    || tokens->count == 0 || tokens->count > VOCABULARY_TOKENS_MAX)
		return fault_stop(f, "%s: the key tokenizer.ggml.tokens is missing, or no "
		    "list of texts", file);
	if ((kinds != NULL && (!kinds->is_array || kinds->count != tokens->count))
	    || (scores != NULL && (!scores->is_array || scores->count != tokens->count)))
		return fault_stop(f, "%s: the lists tokenizer.ggml.tokens, token_type and "
		    "scores are not of one length", file);
	vocabulary_make_room(v, (size_t)tokens->count, a);
	at = tokens->data;
	for (size_t i = 0; i < v->len && directory_next_string(tokens, &at, &v->token[i]);
	    i++) {
		v->kind[i] = kinds != NULL ? (uint8_t)directory_natural_at(kinds, i) : TOKEN_NORMAL;
		v->score[i] = scores != NULL ? directory_real_at(scores, i) : 0;
	}
	return 0;
}

/* Each is a text: left, a blank, right. */
static void
read_merges(struct vocabulary *v, const struct directory *d, struct arena *a)
{
	const struct directory_key *k = directory_key_of(d, "tokenizer.ggml.merges");
	struct buf scratch = { 0 };
	struct directory_text m;
	const unsigned char *at;

	if (k == NULL || k->type != DIRECTORY_STRING)
		return;
	v->merge = arena_get(a, (size_t)k->count * sizeof(*v->merge));
	at = k->data;
	while (directory_next_string(k, &at, &m)) {
		const char *blank = m.len > 1 ? memchr(m.ptr + 1, ' ', m.len - 1) : NULL;

		if (blank != NULL)
			vocabulary_add_merge(v, m.ptr, (size_t)(blank - m.ptr), blank + 1,
			    (size_t)(m.ptr + m.len - blank - 1), &scratch);
	}
	buf_release(&scratch);
}

static int
read_splits(struct vocabulary *v, const struct directory *d, struct fault *f)
{
	struct directory_text pre = { "default", 7 };
	const struct normalize_step composed = { .kind = NORMALIZE_NFC };
	const struct split_step *step;
	bool is_composed;
	size_t n;

	directory_string(d, "tokenizer.ggml.pre", &pre);
	if (split_named(pre.ptr, pre.len, &step, &n, &v->takes_words, &is_composed, f) < 0)
		return -2;
	memcpy(v->split, step, n * sizeof(*step));
	v->splits = n;
	return is_composed ? vocabulary_add_normal(v, &composed, f) : 0;
}

/* SentencePiece's own: a map of characters, blanks that collapse, one in front. */
static int
read_normals(struct vocabulary *v, const struct directory *d, const char *file,
    struct fault *f)
{
	const struct directory_key *map = directory_key_of(d,
	    "tokenizer.ggml.precompiled_charsmap");
	struct normalize_step s = { .kind = NORMALIZE_CHARACTERS };

	if (map != NULL && map->is_array && directory_type_width(map->type) == 1) {
		s.from = (struct directory_text){ (const char *)map->data, (size_t)map->count };
		if (!normalize_map_is_good(&s.from))
			return fault_stop(f, "%s: tokenizer.ggml.precompiled_charsmap is no map of "
			    "characters", file);
		if (vocabulary_add_normal(v, &s, f) < 0)
			return -2;
	}
	s = (struct normalize_step){ .kind = NORMALIZE_COLLAPSE };
	if (flag(d, "tokenizer.ggml.remove_extra_whitespaces",
	    v->model == VOCABULARY_UNIGRAM) && vocabulary_add_normal(v, &s, f) < 0)
		return -2;
	return vocabulary_add_blanks(v, flag(d, "tokenizer.ggml.add_space_prefix", true),
	    NORMALIZE_PREPEND, false, f);
}

static int
read_gguf(struct vocabulary *v, const struct directory *d, const char *file,
    struct arena *a, struct fault *f)
{
	bool is_spm;

	if (read_model(v, d, file, f) < 0)
		return -2;
	if (v->model == VOCABULARY_NONE)
		return 0;
	if (read_tokens(v, d, file, a, f) < 0)
		return -2;
	is_spm = v->model != VOCABULARY_BPE;
	vocabulary_index(v, a);
	read_id(v, d, "tokenizer.ggml.bos_token_id", &v->bos);
	read_id(v, d, "tokenizer.ggml.eos_token_id", &v->eos);
	read_id(v, d, "tokenizer.ggml.unknown_token_id", &v->unknown);
	v->adds_bos = flag(d, "tokenizer.ggml.add_bos_token", is_spm);
	v->adds_eos = flag(d, "tokenizer.ggml.add_eos_token", false);
	if (is_spm)
		return read_normals(v, d, file, f);
	read_merges(v, d, a);
	return read_splits(v, d, f);
}

int
vocabulary_read(struct vocabulary *v, const struct directory *d, const char *file,
    struct arena *a, struct fault *f)
{
	*v = (struct vocabulary){ .bos = TOKEN_NONE, .eos = TOKEN_NONE,
		.unknown = TOKEN_NONE };
	return d->is_folder ? vocabulary_folder_read(v, file, a, f)
	    : read_gguf(v, d, file, a, f);
}
