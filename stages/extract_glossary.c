#include "config.h"

#include <string.h>

#include "stages/extract_glossary.h"

enum { SETS = 16384, KEY = 16 };	/* a megabyte */

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

static void
look_up(struct glossary *v, const struct tokens *t, struct token *k)
{
	const char *s = t->folded.data + k->at;
	size_t len = k->end - k->at;
	struct word wanted;
	struct set *set;
	uint64_t hash;

	if (len > KEY) {
		k->is = find_out(v, t, k);
		return;
	}
	wanted.key[0] = load(s, len);
	wanted.key[1] = len > 8 ? load(s + 8, len - 8) : 0;
	hash = (wanted.key[0] ^ wanted.key[1] * 0xc2b2ae3d27d4eb4f)
	    * 0x9e3779b97f4a7c15;
	set = &v->set[(hash ^ hash >> 32) >> 12 & (SETS - 1)];
	if (is_it(&set->word[0], &wanted)) {
		k->is = set->word[0].is;
		return;
	}
	if (is_it(&set->word[1], &wanted))
		wanted = set->word[1];
	else
		wanted.is = find_out(v, t, k);
	set->word[1] = set->word[0];
	set->word[0] = wanted;
	k->is = wanted.is;
}

void
glossary_read(struct glossary *v, struct tokens *t)
{
	if (v->starts != NULL && starts_refresh(v->starts))
		memset(v->set, 0, SETS * sizeof(*v->set));
	for (size_t i = 0; i < t->len; i++)
		look_up(v, t, &t->at[i]);
}
