#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "infer/tokenizer/tokenizer.h"
#include "infer/tokenizer/tokenizer_internal.h"
#include "infer/tokenizer/token_cache.h"
#include "lib/core/arena.h"

struct tokenizer {
	const struct vocabulary *vocabulary;
	struct tokenizer_spm *spm;	/* one of the three is not NULL */
	struct tokenizer_bpe *bpe;
	struct tokenizer_unigram *unigram;
	struct normalize normalize;
	struct splitter *split;
	struct words *words;
	uint32_t *special;		/* by first byte, the longer first */
	size_t first[257];		/* where those with a first byte begin */
};

static bool
is_special(const struct vocabulary *v, size_t id)
{
	return (v->kind[id] == TOKEN_CONTROL || v->kind[id] == TOKEN_USER)
	    && v->token[id].len > 0;
}

static const struct vocabulary *sorting;

static int
longer_first(const void *va, const void *vb)
{
	const uint32_t *a = va, *b = vb;
	const struct directory_text *s = &sorting->token[*a], *t = &sorting->token[*b];

	if (s->ptr[0] != t->ptr[0])
		return (unsigned char)s->ptr[0] < (unsigned char)t->ptr[0] ? -1 : 1;
	if (s->len != t->len)
		return s->len > t->len ? -1 : 1;
	return *a < *b ? -1 : *a > *b;
}

static void
list_specials(struct tokenizer *t)
{
	const struct vocabulary *v = t->vocabulary;
	size_t n = 0, i = 0;

	if ((t->special = calloc(v->len + 1, sizeof(*t->special))) == NULL)
		arena_exhausted();
	for (size_t id = 0; id < v->len; id++)
		if (is_special(v, id))
			t->special[n++] = (uint32_t)id;
	sorting = v;
	if (n > 1)
		qsort(t->special, n, sizeof(*t->special), longer_first);
	for (unsigned b = 0; b < 257; b++) {
		while (i < n && (unsigned char)v->token[t->special[i]].ptr[0] < b)
			i++;
		t->first[b] = i;
	}
}

/* Where no token goes on over the beginning of a word, words can be taken apart;
 * but not where sums are rounded from the beginning of the text. */
static bool
has_words(const struct vocabulary *v)
{
	if (v->model == VOCABULARY_UNIGRAM && v->sums_single)
		return false;
	for (size_t id = 0; id < v->len; id++)
		if (v->kind[id] != TOKEN_CONTROL && split_next_word(v->token[id].ptr,
		    v->token[id].len, 0) != v->token[id].len)
			return false;
	return true;
}

static int
make_split(struct tokenizer *t, struct fault *f)
{
	struct split_step step[VOCABULARY_STEPS_MAX + 1] = { 0 };
	const struct vocabulary *v = t->vocabulary;
	size_t n = v->splits;

	memcpy(step, v->split, n * sizeof(*step));
	if (v->model != VOCABULARY_BPE && has_words(v))
		n++;
	t->split = split_new(step, n, f);
	return t->split != NULL ? 0 : -2;
}

struct tokenizer *
tokenizer_new(const struct vocabulary *v, struct fault *f)
{
	struct tokenizer *t;

	if (v->model == VOCABULARY_NONE) {
		fault_stop(f, "the model brings no tokenizer");
		return NULL;
	}
	if ((t = calloc(1, sizeof(*t))) == NULL)
		arena_exhausted();
	t->vocabulary = v;
	t->words = words_new();
	if (v->model == VOCABULARY_SPM)
		t->spm = tokenizer_spm_new(v);
	else if (v->model == VOCABULARY_UNIGRAM)
		t->unigram = tokenizer_unigram_new(v);
	else
		t->bpe = tokenizer_bpe_new(v);
	list_specials(t);
	if (make_split(t, f) == 0)
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
	normalize_release(&t->normalize);
	split_free(t->split);
	words_free(t->words);
	free(t->special);
	free(t);
}

/* The special token that stands here; TOKEN_NONE.  Tokens that users added are
 * plain text and count everywhere, control tokens in templates alone. */
static uint32_t
special_at(const struct tokenizer *t, const char *s, size_t len, bool is_template)
{
	const struct vocabulary *v = t->vocabulary;
	unsigned char c = (unsigned char)*s;

	for (size_t i = t->first[c]; i < t->first[c + 1]; i++) {
		const struct directory_text *k = &v->token[t->special[i]];

		if (k->len <= len && memcmp(k->ptr, s, k->len) == 0 && (is_template
		    || v->kind[t->special[i]] == TOKEN_USER))
			return t->special[i];
	}
	return TOKEN_NONE;
}

static void
encode_word(struct tokenizer *t, const char *s, size_t len, struct buf *ids)
{
	struct words_entry *known = words_slot(t->words, s, len);
	size_t before = ids->len, n;

	if (known != NULL && known->len == len) {
		buf_add(ids, known->id, known->ids * sizeof(uint32_t));
		return;
	}
	if (t->spm != NULL)
		tokenizer_spm_encode(t->spm, s, len, ids);
	else if (t->bpe != NULL)
		tokenizer_bpe_encode(t->bpe, s, len, ids);
	else
		tokenizer_unigram_encode(t->unigram, s, len, ids);
	n = (ids->len - before) / sizeof(uint32_t);
	if (known == NULL || n > WORDS_IDS)
		return;
	known->len = (uint8_t)len;
	known->ids = (uint8_t)n;
	if (n > 0)
		memcpy(known->id, ids->data + before, n * sizeof(uint32_t));
}

static void
encode_plain(struct tokenizer *t, const char *text, size_t len, bool is_first,
    struct buf *ids)
{
	struct directory_text s = { text, len };
	const struct split_span *word;
	size_t n;

	if (len == 0)
		return;
	s = normalize_run(&t->normalize, t->vocabulary->normal, t->vocabulary->normals, s,
	    is_first);
	word = split_run(t->split, s.ptr, s.len, &n);
	for (size_t i = 0; i < n; i++)
		encode_word(t, s.ptr + word[i].at, word[i].len, ids);
}

static bool
is_white(char c)
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
		id = special_at(t, text + i, (i < end ? end : len) - i,
		    part < n && parts[part].is_template);
		if (id == TOKEN_NONE) {
			i++;
			continue;
		}
		while ((t->vocabulary->strip[id] & TOKEN_STRIP_LEFT) && to > from
		    && is_white(text[to - 1]))
			to--;
		encode_plain(t, text + from, to - from, from == 0, ids);
		tokenizer_put_id(ids, id);
		i += t->vocabulary->token[id].len;
		while ((t->vocabulary->strip[id] & TOKEN_STRIP_RIGHT) && i < len
		    && is_white(text[i]))
			i++;
		from = i;
	}
	encode_plain(t, text + from, len - from, from == 0, ids);
}

void
tokenizer_decode(const struct tokenizer *t, uint32_t id, struct buf *out)
{
	const struct vocabulary *v = t->vocabulary;

	if (id >= v->len || v->kind[id] == TOKEN_CONTROL)
		return;
	if (v->kind[id] == TOKEN_USER)
		buf_add(out, v->token[id].ptr, v->token[id].len);
	else if (v->model == VOCABULARY_BPE)
		tokenizer_bpe_decode(t->bpe, id, out);
	else
		tokenizer_spm_decode(v, id, out);
}
