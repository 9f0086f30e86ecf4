#include "config.h"

#include <stdalign.h>
#include <string.h>

#include "lib/match/word_cache.h"

enum {
	SETS = 1 << 15, /* four megabytes */
	KEY = 16,       /* bytes of a word; longer ones are not cached */
};

/* A cache line. */
struct cached_word {
	alignas(64) uint64_t key[2]; /* padded with zeros, which no word has */
	struct word_info info;
};

/* A two-way cache that is read for every token, hence not a hash_index: nothing is chained,
 * grown or freed, and a word is one line of memory. */
struct word_set {
	struct cached_word word[2]; /* the more recent first */
};

struct word_cache {
	const struct phrase_index *phrases;
	struct prefilter *prefilter;
	word_flags_fn *flags;
	struct word_set *set;
};

struct word_cache *
word_cache_new(const struct phrase_index *phrases, struct prefilter *prefilter,
    word_flags_fn *flags, struct arena *a)
{
	struct word_cache *v = arena_alloc(a, sizeof(*v));

	v->phrases = phrases;
	v->prefilter = prefilter;
	v->flags = flags;
	/* an arena gives so much a block of its own, aligned to a cache line */
	v->set = arena_alloc(a, SETS * sizeof(*v->set));
	return v;
}

/* Eight bytes of a word from `from`, zeros after its end; len is at most 16. */
static inline uint64_t
load(const char *s, size_t from, size_t len)
{
	static const uint64_t kept[3 * 8 + 1] = { [9] = 0xff,
		0xffff,
		0xffffff,
		UINT32_MAX,
		0xffffffffff,
		0xffffffffffff,
		0xffffffffffffff,
		UINT64_MAX,
		UINT64_MAX,
		UINT64_MAX,
		UINT64_MAX,
		UINT64_MAX,
		UINT64_MAX,
		UINT64_MAX,
		UINT64_MAX,
		UINT64_MAX };
	uint64_t x;

	memcpy(&x, s + from, sizeof(x));
	return x & kept[8 + len - from];
}

static struct word_info
compute(const struct word_cache *v, const struct tokens *t, const struct token *k)
{
	const char *key = token_key(t, k);
	struct word_info info = { 0 };

	if (v->phrases != NULL)
		info.phrases = phrase_index_look_up(v->phrases, key, k->key_len);
	if (v->flags != NULL)
		info.phrases.flags |= v->flags(key, k->key_len);
	if (v->prefilter != NULL)
		info.prefilter = prefilter_look_up(v->prefilter, t->folded.data + k->at,
		    k->end - k->at);
	return info;
}

static inline bool
is_equal(const struct cached_word *a, const struct cached_word *b)
{
	return a->key[0] == b->key[0] && a->key[1] == b->key[1];
}

static inline uint32_t
set_of(const struct cached_word *w)
{
	const uint64_t hash = (w->key[0] ^ w->key[1] * 0xc2b2ae3d27d4eb4f) * 0x9e3779b97f4a7c15;

	return (uint32_t)((hash ^ hash >> 32) >> 12 & (SETS - 1));
}

static inline struct cached_word
key_of(const struct tokens *t, const struct token *k)
{
	const char *s = t->folded.data + k->at;
	const size_t len = k->end - k->at;

	return (struct cached_word){ .key = { load(s, 0, len), load(s, 8, len) } };
}

/* Prefetches the sets of all words before any is read. */
static void
prefetch(const struct word_cache *v, struct tokens *t)
{
	for (size_t i = 0; i < t->len; i++) {
		struct token *k = &t->at[i];
		struct cached_word w;

		if (k->end - k->at > KEY)
			continue;
		w = key_of(t, k);
		k->word.cache_set = set_of(&w);
		__builtin_prefetch(&v->set[k->word.cache_set]);
	}
}

static const struct word_info *
look_up(struct word_cache *v, const struct tokens *t, const struct token *k)
{
	struct word_set *set = &v->set[k->word.cache_set];
	struct cached_word w = key_of(t, k);

	if (is_equal(&set->word[0], &w))
		return &set->word[0].info;
	if (is_equal(&set->word[1], &w))
		w = set->word[1];
	else
		w.info = compute(v, t, k);
	set->word[1] = set->word[0];
	set->word[0] = w;
	return &set->word[0].info;
}

void
word_cache_fill(struct word_cache *v, struct tokens *t)
{
	if (v->prefilter != NULL && prefilter_refresh(v->prefilter))
		memset(v->set, 0, SETS * sizeof(*v->set));
	prefetch(v, t);
	t->at[t->len].word = (struct word_info){ 0 };
	for (size_t i = 0; i < t->len; i++) {
		struct token *k = &t->at[i];

		k->word = k->end - k->at > KEY ? compute(v, t, k) : *look_up(v, t, k);
		k->flags = k->word.phrases.flags;
		if (v->prefilter != NULL && i > 0)
			prefilter_prefetch(v->prefilter, &k[-1].word.prefilter, &k->word.prefilter);
	}
}
