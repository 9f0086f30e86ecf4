/* rules_file.c - the lines of a *.rules file become rules and sets. */

#include "config.h"

#include <string.h>

#include "schema/dimension.h"
#include "annotate/rules_file.h"
#include "annotate/rules_phrase.h"
#include "lib/text/tsv.h"

enum { LEAST_MAX = 1000, WEIGHT_MAX = 10 };

const char *const rules_features[FEATURES] = { "words", "sentences", "words_per_sentence",
	"letters_per_word", "questions", "exclamations", "hedges", "first_person", "second_person",
	"contractions", "capitals", "paragraphs", "links", "score", "depth", "hour", "edited",
	"replies_to_post" };

static const char *const set_names[RULES_SETS] = { "negation", "like", "dislike", "hedge",
	"intensifier", "others", "hypothetical" };
static const char *const negation_words[] = { "drop", "flip", "ignore" };

/* A rule or set up to the current line. */
struct rules_block {
	struct rules_reader *r;
	struct rule *rule;        /* or NULL */
	struct rules_values *set; /* or NULL */
	unsigned seen;            /* bit i: keywords[i] was read */
};

static int
find_word(const struct text *s, const char *const *words, int n)
{
	for (int i = 0; i < n; i++)
		if (text_is(s, words[i]))
			return i;
	return -1;
}

/* Cuts the first word off a line. */
static struct text
take_word(struct text *rest)
{
	struct text word = { rest->ptr, 0 };

	while (word.len < rest->len && word.ptr[word.len] != ' ' && word.ptr[word.len] != '\t')
		word.len++;
	rest->ptr += word.len;
	rest->len -= word.len;
	while (rest->len > 0 && (*rest->ptr == ' ' || *rest->ptr == '\t')) {
		rest->ptr++;
		rest->len--;
	}
	return word;
}

static void
keep(const struct rules_block *b, struct rules_values *list, const struct text *value)
{
	void *array = list->at;
	struct rules_value *v = rules_push(b->r->arena, &array, &list->len, sizeof(*v));

	list->at = array;
	*v = (struct rules_value){ *value, b->r->file, b->r->line };
}

#define BLAME(b, ...) rules_blame((b)->r, (b)->r->line, __VA_ARGS__)
#define SAY(t) (int)((t)->len < 60 ? (t)->len : 60), (t)->ptr /* for %.*s */

static bool
is_id(const struct text *s)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-.";

	for (size_t i = 0; i < s->len; i++)
		if (memchr(allowed, s->ptr[i], sizeof(allowed) - 1) == NULL)
			return false;
	return s->len > 0 && s->len <= RULES_ID_MAX;
}

static int
on_rule(struct rules_block *b, struct text value)
{
	struct rules *rules = b->r->rules;
	struct text family = rules_family(&value);
	void *array = rules->rule;

	b->rule = rules_push(b->r->arena, &array, &rules->len, sizeof(*b->rule));
	rules->rule = array;
	*b->rule = (struct rule){ .id = value,
		.dimension = -1,
		.pole = -1,
		.min_matches = 1,
		.evidence = rules_family_evidence(&family),
		.ignores_attribution = text_is(&family, "need"),
		.file = b->r->file,
		.line = b->r->line };
	if (!is_id(&value))
		return BLAME(b,
		    "an id has up to %d lower-case letters, digits, "
		    "'-' and '.'",
		    RULES_ID_MAX);
	if (!rules_is_family(&family))
		return BLAME(b, "there is no family '%.*s'", SAY(&family));
	if (string_set_has(&b->r->ids, value.ptr, value.len))
		return BLAME(b, "there is already a rule '%.*s'", SAY(&value));
	string_set_add(&b->r->ids, b->r->arena, value.ptr, value.len);
	return 0;
}

static int
on_dimension(struct rules_block *b, struct text value)
{
	b->rule->dimension = dimension_find(value.ptr, value.len);
	return b->rule->dimension >= 0 ? 0 : BLAME(b, "there is no dimension '%.*s'", SAY(&value));
}

static int
on_pole(struct rules_block *b, struct text value)
{
	if (!text_is(&value, "0") && !text_is(&value, "1"))
		return BLAME(b, "a pole is 1 or 0, not '%.*s'", SAY(&value));
	b->rule->pole = value.ptr[0] - '0';
	return 0;
}

static int
on_weight(struct rules_block *b, struct text value)
{
	if (rules_number(&value, 0, WEIGHT_MAX, &b->rule->weight) && b->rule->weight > 0)
		return 0;
	return BLAME(b, "a weight is above 0 and at most %d, not '%.*s'", WEIGHT_MAX, SAY(&value));
}

/* What a rule finds is of one of the first kinds; others are not found by rules of texts. */
static int
on_evidence(struct rules_block *b, struct text value)
{
	int i = evidence_kind_find(value.ptr, value.len);

	if (i < EVIDENCE_SAID || i > EVIDENCE_STYLE)
		return BLAME(b, "evidence is said, done, topic or style, not '%.*s'", SAY(&value));
	b->rule->evidence = (enum evidence_kind)i;
	return 0;
}

static int
on_pattern(struct rules_block *b, struct text value)
{
	keep(b, &b->rule->patterns, &value);
	return 0;
}

static int
on_words(struct rules_block *b, struct text value)
{
	struct rules_values *list = b->set != NULL ? b->set : &b->rule->words;
	struct text word;
	const char *why;

	while (value.len > 0) {
		word = take_word(&value);
		if ((why = rules_phrase_fault(&word)) == NULL)
			keep(b, list, &word);
		else if (BLAME(b, "'%.*s': %s", SAY(&word), why) < 0)
			return -2;
	}
	return 0;
}

static int
on_feature(struct rules_block *b, struct text value)
{
	struct text name = take_word(&value), low = take_word(&value);
	struct rules_bound bound = { .low = 0 }, *to;
	void *array = b->rule->bounds;
	int i = find_word(&name, rules_features, FEATURES);

	if (i < 0)
		return BLAME(b, "there is no feature '%.*s'", SAY(&name));
	if (!rules_number(&low, -1e18, 1e18, &bound.low)
	    || !rules_number(&value, bound.low, 1e18, &bound.high))
		return BLAME(b,
		    "a feature is followed by two numbers, the "
		    "smaller first");
	bound.feature = (enum rules_feature)i;
	to = rules_push(b->r->arena, &array, &b->rule->bounds_len, sizeof(*to));
	b->rule->bounds = array;
	*to = bound;
	return 0;
}

static int
on_least(struct rules_block *b, struct text value)
{
	double n;

	if (!rules_number(&value, 1, LEAST_MAX, &n) || n != (int)n)
		return BLAME(b, "least is an integer from 1 to %d, not '%.*s'", LEAST_MAX,
		    SAY(&value));
	b->rule->min_matches = (int)n;
	return 0;
}

static int
on_negation(struct rules_block *b, struct text value)
{
	int i = find_word(&value, negation_words, 3);

	if (i < 0)
		return BLAME(b, "negation is drop, flip or ignore, not '%.*s'", SAY(&value));
	b->rule->negation = (enum rules_negation)i;
	return 0;
}

static int
on_stance(struct rules_block *b, struct text value)
{
	if (!text_is(&value, "yes") && !text_is(&value, "no"))
		return BLAME(b, "stance is yes or no, not '%.*s'", SAY(&value));
	b->rule->is_stance = value.len == 3;
	return 0;
}

static int
on_voice(struct rules_block *b, struct text value)
{
	if (!text_is(&value, "own") && !text_is(&value, "any"))
		return BLAME(b, "voice is own or any, not '%.*s'", SAY(&value));
	b->rule->ignores_attribution = value.ptr[0] == 'a';
	return 0;
}

static int
on_match(struct rules_block *b, struct text value)
{
	keep(b, &b->rule->match, &value);
	return 0;
}

static int
on_reject(struct rules_block *b, struct text value)
{
	keep(b, &b->rule->reject, &value);
	return 0;
}

static int
on_set(struct rules_block *b, struct text value)
{
	int i = find_word(&value, set_names, RULES_SETS);

	if (i < 0)
		return BLAME(b, "there is no set '%.*s'", SAY(&value));
	b->set = &b->r->rules->set[i];
	return 0;
}

enum { BEGINS = 1, ONCE = 2, IN_SET = 4 };

static const struct keyword {
	const char *name;
	int (*read)(struct rules_block *b, struct text value);
	int how;
} keywords[] = {
	{ "rule", on_rule, BEGINS },
	{ "set", on_set, BEGINS },
	{ "dimension", on_dimension, ONCE },
	{ "pole", on_pole, ONCE },
	{ "weight", on_weight, ONCE },
	{ "pattern", on_pattern, 0 },
	{ "words", on_words, IN_SET },
	{ "feature", on_feature, 0 },
	{ "least", on_least, ONCE },
	{ "negation", on_negation, ONCE },
	{ "evidence", on_evidence, ONCE },
	{ "stance", on_stance, ONCE },
	{ "voice", on_voice, ONCE },
	{ "match", on_match, 0 },
	{ "reject", on_reject, 0 },
};

enum { KEYWORDS = sizeof(keywords) / sizeof(keywords[0]), KEYWORD_WEIGHT = 4 };

/* Is the rule complete?  What it lacks is reported at the line of its id. */
static int
end_block(struct rules_block *b)
{
	const struct rule *rule = b->rule;
	const char *why = NULL;

	if (rule == NULL) {
		b->set = NULL;
		return 0;
	}
	for (int i = 2; i <= KEYWORD_WEIGHT; i++)
		if (!(b->seen >> i & 1)
		    && rules_blame(b->r, rule->line, "the rule '%.*s' has no %s", SAY(&rule->id),
			   keywords[i].name)
			< 0)
			return -2;
	if (rule->bounds_len > 0 && rule->patterns.len + rule->words.len > 0)
		why = "has features, so it may not have patterns or words";
	else if (rule->bounds_len + rule->patterns.len + rule->words.len == 0)
		why = "has no pattern, words or feature";
	else if (rule->match.len == 0)
		why = "has no example that it must match";
	else if (rule->reject.len == 0)
		why = "has no example that it must reject";
	b->rule = NULL;
	return why == NULL
	    ? 0
	    : rules_blame(b->r, rule->line, "the rule '%.*s' %s", SAY(&rule->id), why);
}

static int
read_keyword(struct rules_block *b, const struct keyword *k, struct text value)
{
	unsigned bit = 1u << (k - keywords);

	if (k->how & BEGINS) {
		if (end_block(b) < 0)
			return -2;
		b->set = NULL;
		b->seen = 0;
	} else if (b->rule == NULL && b->set == NULL) {
		return BLAME(b, "%s is outside a rule", k->name);
	} else if (b->set != NULL && !(k->how & IN_SET)) {
		return BLAME(b, "a set has only words, not %s", k->name);
	}
	if ((k->how & ONCE) && (b->seen & bit))
		return BLAME(b, "%s is given twice in this rule", k->name);
	b->seen |= bit;
	if (value.len == 0)
		return BLAME(b, "%s has no value", k->name);
	return k->read(b, value);
}

static int
read_line(struct rules_block *b, struct text line)
{
	struct text word;

	if (line.len == 0)
		return end_block(b);
	if (line.ptr[0] == '#')
		return 0;
	word = take_word(&line);
	for (int i = 0; i < KEYWORDS; i++)
		if (text_is(&word, keywords[i].name))
			return read_keyword(b, &keywords[i], line);
	return BLAME(b, "there is no keyword '%.*s'", SAY(&word));
}

int
rules_file_read(struct rules_reader *r, const char *text, size_t len)
{
	struct tsv lines = tsv_begin(text, len);
	struct rules_block block = { .r = r };
	struct text line;
	int rc = 0;

	while (rc == 0 && tsv_line(&lines, &line)) {
		r->line = lines.line;
		rc = read_line(&block, line);
	}
	return rc == 0 ? end_block(&block) : rc;
}
