#include "config.h"

#include <stdalign.h>
#include <string.h>

#include "lib/match/word_cache.h"

enum {
	SETS = 1 << 15,			/* four megabytes */
	KEY = 16,
};

/* A word is a line of the processor's cache. */
struct word {
	alignas(64) uint64_t key[2];	/* no word has a byte that is 0 */
	struct token_word is;
};

/* Words that have the same place; the one that was met last comes first. */
struct set {
	struct word word[2];
};

struct glossary {
	const struct words *words;
	struct starts *starts;
	struct set *set;
};

struct glossary *
glossary_new(const struct words *words, struct starts *starts,
    struct arena *a)
{
	struct glossary *v = arena_get(a, sizeof(*v));

	v->words = words;
	v->starts = starts;
	/* so much is a block of its own, which begins with a line */
	v->set = arena_get(a, SETS * sizeof(*v->set));
	return v;
}

/* Eight bytes of a word, without those past its end, which is no further than 16. */
static inline uint64_t
load(const char *s, size_t from, size_t len)
{
	static const uint64_t kept[3 * 8 + 1] = { [9] = 0xff, 0xffff, 0xffffff, UINT32_MAX,
		0xffffffffff, 0xffffffffffff, 0xffffffffffffff, UINT64_MAX, UINT64_MAX,
		UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX,
		UINT64_MAX };
	uint64_t x;

	memcpy(&x, s + from, sizeof(x));
	return x & kept[8 + len - from];
}

static struct token_word
find_out(const struct glossary *v, const struct tokens *t,
    const struct token *k)
{
	struct token_word is = { 0 };

	if (v->words != NULL)
		words_look_up(v->words, token_key(t, k), k->key_len, &is);
	if (v->starts != NULL)
		starts_look_up(v->starts, t->folded.data + k->at, k->end - k->at,
		    &is);
	return is;
}

static inline bool
is_it(const struct word *w, const struct word *wanted)
{
	return w->key[0] == wanted->key[0] && w->key[1] == wanted->key[1];
}

/* The place of a word that is not longer than KEY. */
static inline uint32_t
place_of(const struct word *w)
{
	const uint64_t hash = (w->key[0] ^ w->key[1] * 0xc2b2ae3d27d4eb4f)
	    * 0x9e3779b97f4a7c15;

	return (uint32_t)((hash ^ hash >> 32) >> 12 & (SETS - 1));
}

static inline struct word
word_of(const struct tokens *t, const struct token *k)
{
	const char *s = t->folded.data + k->at;
	const size_t len = k->end - k->at;

	return (struct word){ .key = { load(s, 0, len), load(s, 8, len) } };
}

/* Memory is far away: all places are asked for before any is looked at.  Until a word is
 * known, its number is that of its place. */
static void
ask(const struct glossary *v, struct tokens *t)
{
	for (size_t i = 0; i < t->len; i++) {
		struct token *k = &t->at[i];
		struct word w;

		if (k->end - k->at > KEY)
			continue;
		w = word_of(t, k);
		k->is.number = place_of(&w);
		__builtin_prefetch(&v->set[k->is.number]);
	}
}

static const struct token_word *
look_up(struct glossary *v, const struct tokens *t, const struct token *k)
{
	struct set *set = &v->set[k->is.number];
	struct word w = word_of(t, k);

	if (is_it(&set->word[0], &w))
		return &set->word[0].is;
	if (is_it(&set->word[1], &w))
		w = set->word[1];
	else
		w.is = find_out(v, t, k);
	set->word[1] = set->word[0];
	set->word[0] = w;
	return &set->word[0].is;
}

void
glossary_read(struct glossary *v, struct tokens *t)
{
	if (v->starts != NULL && starts_refresh(v->starts))
		memset(v->set, 0, SETS * sizeof(*v->set));
	ask(v, t);
	t->at[t->len].is = (struct token_word){ 0 };
	for (size_t i = 0; i < t->len; i++) {
		struct token *k = &t->at[i];

		k->is = k->end - k->at > KEY ? find_out(v, t, k)
		    : *look_up(v, t, k);
		k->marks = k->is.marks;
		if (v->starts != NULL && i > 0)
			starts_fetch(v->starts, &k[-1].is, &k->is);
	}
}
