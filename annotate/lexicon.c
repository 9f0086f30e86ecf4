#include "config.h"

#include <string.h>

#include "annotate/lexicon.h"

/* What the features first_person and second_person count. */
static const char first_person[] = "i i'm i've i'd i'll im ive me my mine "
				   "myself we we're we've we'd we'll us our ours ourselves";
static const char second_person[] = "you you're you've you'd you'll youre your "
				    "yours yourself yourselves u ur";

/* All phrases, and where each was read. */
struct phrase_source {
	struct phrase *phrase;
	struct rules_value *value;
	size_t len;
};

static size_t
count_values(const struct rules *rules)
{
	size_t n = sizeof(first_person) + sizeof(second_person);

	for (size_t i = 0; i < rules->len; i++)
		n += rules->rule[i].words.len;
	for (int i = 0; i < RULES_SETS; i++)
		n += rules->set[i].len;
	return n;
}

/* Of several words, a like is also a LEXICON_LIKE_PHRASE. */
static void
add(struct phrase_source *s, const struct rules_value *value, size_t rule, unsigned flags)
{
	if (flags == LEXICON_LIKE && memchr(value->text.ptr, '_', value->text.len) != NULL)
		flags |= LEXICON_LIKE_PHRASE;
	s->value[s->len] = *value;
	s->phrase[s->len++] = (struct phrase){ value->text, (uint32_t)rule, (uint16_t)flags };
}

static void
add_pronouns(struct phrase_source *s, const char *list, unsigned flags)
{
	while (*list != '\0') {
		size_t n = strcspn(list, " ");

		add(s, &(struct rules_value){ { list, n }, "pronouns", 1 }, 0, flags);
		list += n + (list[n] == ' ');
	}
}

static void
add_all(struct phrase_source *s, const struct rules *rules)
{
	for (size_t i = 0; i < rules->len; i++)
		for (size_t k = 0; k < rules->rule[i].words.len; k++)
			add(s, &rules->rule[i].words.at[k], i, 0);
	for (int i = 0; i < RULES_SETS; i++)
		for (size_t k = 0; k < rules->set[i].len; k++)
			add(s, &rules->set[i].at[k], 0, 1u << i);
	add_pronouns(s, first_person, LEXICON_FIRST_PERSON);
	add_pronouns(s, second_person, LEXICON_SECOND_PERSON);
}

struct phrase_index *
lexicon_new(const struct rules *rules, struct arena *a, struct fault *f)
{
	const size_t most = count_values(rules);
	struct phrase_source s = { arena_alloc(a, most * sizeof(*s.phrase)),
		arena_alloc(a, most * sizeof(*s.value)), 0 };
	struct phrase_index *index;
	const struct rules_value *v;
	size_t bad;

	add_all(&s, rules);
	index = phrase_index_new(s.phrase, s.len, LEXICON_HEDGE, a, &bad);
	if (index != NULL)
		return index;
	v = &s.value[bad];
	fault_stop(f, "%s:%d: '%.*s': this is not a word", v->file, v->line, (int)v->text.len,
	    v->text.ptr);
	return NULL;
}

static bool
ends_with(const struct text *s, const char *end)
{
	size_t n = strlen(end);

	return s->len > n && memcmp(s->ptr + s->len - n, end, n) == 0;
}

/* "don't", "we're"; of words with 's those that are not genitives. */
uint16_t
lexicon_word_flags(const char *word, size_t len)
{
	static const char *const ends[] = { "n't", "'re", "'ve", "'ll", "'d", "'m" };
	static const char *const whole[] = { "it's", "that's", "he's", "she's", "there's", "here's",
		"what's", "who's", "where's", "how's", "let's", "y'all" };
	const struct text s = { word, len };

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (ends_with(&s, ends[i]))
			return LEXICON_CONTRACTION;
	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
		if (text_is(&s, whole[i]))
			return LEXICON_CONTRACTION;
	return 0;
}
