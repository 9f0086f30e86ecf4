#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "infer/tokenizer/tokenizer.h"
#include "infer/tokenizer/tokenizer_internal.h"
#include "infer/tokenizer/token_cache.h"
#include "infer/tokenizer/token_list.h"
#include "lib/core/arena.h"

struct tokenizer {
	const struct vocab *vocab;
	struct tokenizer_spm *spm; /* one of the three is not NULL */
	struct tokenizer_bpe *bpe;
	struct tokenizer_unigram *unigram;
	struct normalizer normalizer;
	struct pretokenizer *pretokenizer;
	struct token_cache *cache;
	struct token_list special; /* control tokens and added ones */
};

static bool
is_special(const struct vocab *v, size_t id)
{
	return v->kind[id] == TOKEN_CONTROL || v->kind[id] == TOKEN_USER;
}

/* Can words be tokenized one by one?  If no token crosses the beginning of a word, and
 * sums of scores are not rounded from the beginning of the text on. */
static bool
has_separate_words(const struct vocab *v)
{
	if (v->model == VOCAB_UNIGRAM && v->has_float_sums)
		return false;
	for (size_t id = 0; id < v->len; id++)
		if (v->kind[id] != TOKEN_CONTROL
		    && pretokenizer_next_word(v->token[id].ptr, v->token[id].len, 0)
			!= v->token[id].len)
			return false;
	return true;
}

static int
make_pretokenizer(struct tokenizer *t, struct fault *f)
{
	struct pretokenizer_step step[VOCAB_STEPS_MAX + 1] = { 0 };
	const struct vocab *v = t->vocab;
	size_t n = v->pretokenizers;

	memcpy(step, v->pretokenizer, n * sizeof(*step));
	if (v->model != VOCAB_BPE && has_separate_words(v))
		n++;
	t->pretokenizer = pretokenizer_new(step, n, f);
	return t->pretokenizer != NULL ? 0 : -2;
}

struct tokenizer *
tokenizer_new(const struct vocab *v, struct fault *f)
{
	struct tokenizer *t;

	if (v->model == VOCAB_NONE) {
		fault_stop(f, "the model has no tokenizer");
		return NULL;
	}
	t = arena_calloc(1, sizeof(*t));
	t->vocab = v;
	t->cache = token_cache_new();
	if (v->model == VOCAB_SPM)
		t->spm = tokenizer_spm_new(v);
	else if (v->model == VOCAB_UNIGRAM)
		t->unigram = tokenizer_unigram_new(v);
	else
		t->bpe = tokenizer_bpe_new(v);
	token_list_make(&t->special, v, is_special);
	if (make_pretokenizer(t, f) == 0)
		return t;
	tokenizer_free(t);
	return NULL;
}

void
tokenizer_free(struct tokenizer *t)
{
	if (t == NULL)
		return;
	tokenizer_spm_free(t->spm);
	tokenizer_bpe_free(t->bpe);
	tokenizer_unigram_free(t->unigram);
	normalizer_release(&t->normalizer);
	pretokenizer_free(t->pretokenizer);
	token_cache_free(t->cache);
	token_list_release(&t->special);
	free(t);
}

/* The longest special token that s begins with, or TOKEN_NONE.  Added tokens (TOKEN_USER)
 * count everywhere, control tokens in templates only. */
static uint32_t
find_special(const struct tokenizer *t, const char *s, size_t len, bool is_template)
{
	const struct token_list *l = &t->special;
	const unsigned char c = (unsigned char)*s;
	uint32_t best = TOKEN_NONE;
	size_t best_len = 0;

	for (size_t i = l->first[c]; i < l->first[c + 1]; i++) {
		const struct token_list_entry *e = &l->entry[i];

		if (e->text.len > best_len && e->text.len <= len
		    && memcmp(e->text.ptr, s, e->text.len) == 0
		    && (is_template || t->vocab->kind[e->id] == TOKEN_USER)) {
			best = e->id;
			best_len = e->text.len;
		}
	}
	return best;
}

static void
encode_word(struct tokenizer *t, const char *s, size_t len, struct buf *ids)
{
	struct token_cache_entry *cached = token_cache_slot(t->cache, s, len);
	size_t before = ids->len, n;

	if (cached != NULL && cached->len == len) {
		buf_add(ids, cached->id, cached->ids * sizeof(uint32_t));
		return;
	}
	if (t->spm != NULL)
		tokenizer_spm_encode(t->spm, s, len, ids);
	else if (t->bpe != NULL)
		tokenizer_bpe_encode(t->bpe, s, len, ids);
	else
		tokenizer_unigram_encode(t->unigram, s, len, ids);
	n = (ids->len - before) / sizeof(uint32_t);
	if (cached == NULL || n > TOKEN_CACHE_IDS)
		return;
	cached->len = (uint8_t)len;
	cached->ids = (uint8_t)n;
	if (n > 0)
		memcpy(cached->id, ids->data + before, n * sizeof(uint32_t));
}

static void
encode_plain(struct tokenizer *t, const char *text, size_t len, bool is_first, struct buf *ids)
{
	struct text s = { text, len };
	const struct pretokenizer_span *word;
	size_t n;

	if (len == 0)
		return;
	s = normalizer_run(&t->normalizer, t->vocab->normalizer, t->vocab->normalizers, s,
	    is_first);
	word = pretokenizer_run(t->pretokenizer, s.ptr, s.len, &n);
	for (size_t i = 0; i < n; i++)
		encode_word(t, s.ptr + word[i].at, word[i].len, ids);
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

void
tokenizer_encode(struct tokenizer *t, const char *text, size_t len,
    const struct tokenizer_part *parts, size_t n, struct buf *ids)
{
	size_t from = 0, part = 0, end = n > 0 ? parts[0].len : len;

	for (size_t i = 0; i < len;) {
		size_t to = i;
		uint32_t id;

		while (i >= end && part + 1 < n)
			end += parts[++part].len;
		id = find_special(t, text + i, (i < end ? end : len) - i,
		    part < n && parts[part].is_template);
		if (id == TOKEN_NONE) {
			i++;
			continue;
		}
		while ((t->vocab->strip[id] & TOKEN_STRIP_LEFT) && to > from
		    && is_space(text[to - 1]))
			to--;
		encode_plain(t, text + from, to - from, from == 0, ids);
		tokenizer_put_id(ids, id);
		i += t->vocab->token[id].len;
		while ((t->vocab->strip[id] & TOKEN_STRIP_RIGHT) && i < len && is_space(text[i]))
			i++;
		from = i;
	}
	encode_plain(t, text + from, len - from, from == 0, ids);
}

void
tokenizer_decode(const struct tokenizer *t, uint32_t id, struct buf *out)
{
	const struct vocab *v = t->vocab;

	if (id >= v->len || v->kind[id] == TOKEN_CONTROL)
		return;
	if (v->kind[id] == TOKEN_USER)
		buf_add(out, v->token[id].ptr, v->token[id].len);
	else if (v->model == VOCAB_BPE)
		tokenizer_bpe_decode(t->bpe, id, out);
	else
		tokenizer_spm_decode(v, id, out);
}
