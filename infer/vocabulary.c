#include "config.h"

#include <stdio.h>
#include <string.h>
#include <xxhash.h>

#include "infer/vocabulary.h"

enum { TOKENS_MAX = 1 << 24 };

uint32_t
vocabulary_find(const struct vocabulary *v, const char *s, size_t len)
{
	size_t i = XXH3_64bits(s, len) & v->mask;

	for (; v->slot[i] != 0; i = (i + 1) & v->mask) {
		const struct directory_text *t = &v->token[v->slot[i] - 1];

		if (t->len == len && memcmp(t->ptr, s, len) == 0)
			return v->slot[i] - 1;
	}
	return TOKEN_NONE;
}

/* Of tokens that stand twice, the first is found. */
static void
index_tokens(struct vocabulary *v, struct arena *a)
{
	size_t slots = 16;

	while (slots < 2 * v->len)
		slots *= 2;
	v->mask = slots - 1;
	v->slot = arena_get(a, slots * sizeof(*v->slot));
	for (size_t id = 0; id < v->len; id++) {
		const struct directory_text *t = &v->token[id];
		size_t i = XXH3_64bits(t->ptr, t->len) & v->mask;

		if (vocabulary_find(v, t->ptr, t->len) != TOKEN_NONE)
			continue;
		while (v->slot[i] != 0)
			i = (i + 1) & v->mask;
		v->slot[i] = (uint32_t)id + 1;
	}
}

static void
find_bytes(struct vocabulary *v)
{
	for (unsigned b = 0; b < 256; b++) {
		char name[8];

		snprintf(name, sizeof(name), "<0x%02X>", b);
		v->byte[b] = vocabulary_find(v, name, 6);
	}
}

static void
read_id(const struct vocabulary *v, const struct directory *g, const char *key,
    uint32_t *out)
{
	uint64_t n;

	*out = directory_natural(g, key, &n) && n < v->len ? (uint32_t)n : TOKEN_NONE;
}

static void
read_flag(const struct directory *g, const char *key, bool other, bool *out)
{
	*out = other;
	directory_bool(g, key, out);
}

static int
read_model(struct vocabulary *v, const struct directory *g, const char *file,
    struct fault *f)
{
	static const struct { const char *name; enum vocabulary_model model; } models[] = {
		{ "llama", VOCABULARY_SPM }, { "gpt2", VOCABULARY_BPE },
		{ "t5", VOCABULARY_UNIGRAM }, { "no_vocab", VOCABULARY_NONE },
		{ "none", VOCABULARY_NONE } };
	struct directory_text name;

	if (!directory_string(g, "tokenizer.ggml.model", &name))
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
read_tokens(struct vocabulary *v, const struct directory *g, const char *file,
    struct arena *a, struct fault *f)
{
	const struct directory_key *tokens = directory_key_of(g, "tokenizer.ggml.tokens");
	const struct directory_key *kinds = directory_key_of(g, "tokenizer.ggml.token_type");
	const struct directory_key *scores = directory_key_of(g, "tokenizer.ggml.scores");
	const unsigned char *at;

	if (tokens == NULL || tokens->type != DIRECTORY_STRING || !tokens->is_array
	    || tokens->count == 0 || tokens->count > TOKENS_MAX)
		return fault_stop(f, "%s: the key tokenizer.ggml.tokens is missing, or no "
		    "list of texts", file);
	if ((kinds != NULL && (!kinds->is_array || kinds->count != tokens->count))
	    || (scores != NULL && (!scores->is_array || scores->count != tokens->count)))
		return fault_stop(f, "%s: the lists tokenizer.ggml.tokens, token_type and "
		    "scores are not of one length", file);
	v->len = (size_t)tokens->count;
	v->token = arena_get(a, v->len * sizeof(*v->token));
	v->kind = arena_get(a, v->len);
	v->score = arena_get(a, v->len * sizeof(*v->score));
	at = tokens->data;
	for (size_t i = 0; i < v->len && directory_next_string(tokens, &at, &v->token[i]); i++) {
		v->kind[i] = kinds != NULL ? (uint8_t)directory_natural_at(kinds, i) : TOKEN_NORMAL;
		v->score[i] = scores != NULL ? (float)directory_real_at(scores, i) : 0;
	}
	return 0;
}

int
vocabulary_read(struct vocabulary *v, const struct directory *g, const char *file,
    struct arena *a, struct fault *f)
{
	bool is_spm;

	*v = (struct vocabulary){ .pre = { "default", 7 } };
	if (read_model(v, g, file, f) < 0)
		return -2;
	if (v->model == VOCABULARY_NONE)
		return 0;
	if (read_tokens(v, g, file, a, f) < 0)
		return -2;
	is_spm = v->model == VOCABULARY_SPM;
	index_tokens(v, a);
	find_bytes(v);
	read_id(v, g, "tokenizer.ggml.bos_token_id", &v->bos);
	read_id(v, g, "tokenizer.ggml.eos_token_id", &v->eos);
	read_id(v, g, "tokenizer.ggml.unknown_token_id", &v->unknown);
	read_flag(g, "tokenizer.ggml.add_bos_token", is_spm, &v->adds_bos);
	read_flag(g, "tokenizer.ggml.add_eos_token", false, &v->adds_eos);
	read_flag(g, "tokenizer.ggml.add_space_prefix", is_spm, &v->adds_space);
	directory_string(g, "tokenizer.ggml.pre", &v->pre);
	v->merges = directory_key_of(g, "tokenizer.ggml.merges");
	return 0;
}
