#include "config.h"

#include <string.h>

#include "stages/extract_glossary.h"

enum {
	SETS = 1 << 15,			/* two megabytes */
	KEY = 16,
	AHEAD = 8,			/* words whose sets are asked for from memory */
};

struct word {
	uint64_t key[2];		/* no word has a byte that is 0 */
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
	v->set = arena_get(a, SETS * sizeof(*v->set));
	return v;
}

/* Eight bytes of a word, without those past its end. */
static inline uint64_t
load(const char *s, size_t len)
{
	uint64_t x;

	memcpy(&x, s, sizeof(x));
	return len >= sizeof(x) ? x : x & (UINT64_MAX >> (64 - 8 * len));
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

/* What is looked for, and the words at its place. */
struct wanted {
	struct word word;
	struct set *set;
};

static struct wanted
wanted_of(struct glossary *v, const struct tokens *t, const struct token *k)
{
	const char *s = t->folded.data + k->at;
	size_t len = k->end - k->at;
	struct wanted w;
	uint64_t hash;

	w.word.key[0] = load(s, len);
	w.word.key[1] = len > 8 ? load(s + 8, len - 8) : 0;
	hash = (w.word.key[0] ^ w.word.key[1] * 0xc2b2ae3d27d4eb4f)
	    * 0x9e3779b97f4a7c15;
	w.set = &v->set[(hash ^ hash >> 32) >> 12 & (SETS - 1)];
	return w;
}

static void
look_up(struct glossary *v, const struct tokens *t, struct token *k)
{
	struct wanted w;

	if (k->end - k->at > KEY) {
		k->is = find_out(v, t, k);
		return;
	}
	w = wanted_of(v, t, k);
	if (is_it(&w.set->word[0], &w.word)) {
		k->is = w.set->word[0].is;
		return;
	}
	if (is_it(&w.set->word[1], &w.word))
		w.word = w.set->word[1];
	else
		w.word.is = find_out(v, t, k);
	w.set->word[1] = w.set->word[0];
	w.set->word[0] = w.word;
	k->is = w.word.is;
}

void
glossary_read(struct glossary *v, struct tokens *t)
{
	if (v->starts != NULL && starts_refresh(v->starts))
		memset(v->set, 0, SETS * sizeof(*v->set));
	for (size_t i = 0; i < t->len && i < AHEAD; i++)
		__builtin_prefetch(wanted_of(v, t, &t->at[i]).set);
	for (size_t i = 0; i < t->len; i++) {
		if (i + AHEAD < t->len)
			__builtin_prefetch(wanted_of(v, t, &t->at[i + AHEAD]).set);
		look_up(v, t, &t->at[i]);
		if (v->words != NULL)
			words_fetch(v->words, &t->at[i].is);
		if (v->starts != NULL)
			starts_fetch(v->starts, &t->at[i].is);
	}
}
