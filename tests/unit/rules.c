/* rules.c - rule files: what is read, and what is refused, with its place. */

#include "config.h"

#include "tests/tap.h"
#include "tests/unit/rules_folder.h"

static struct arena arena;
static struct rules rules;
static struct fault fault;

static int
load(const char *text)
{
	const char *folder = rules_folder_put("a.rules", text);

	arena_reset(&arena);
	fault_clear(&fault);
	return rules_load(&rules, folder, &arena, NULL, NULL, &fault);
}

/* The text is refused with this sentence, at this line. */
static void
refuses(const char *text, const char *sentence)
{
	bool is_refused = load(text) == -2;

	ok(is_refused && strstr(fault.text, sentence) != NULL, "refused: %s",
	    fault.text[0] ? strrchr(fault.text, '/') + 1 : "not");
}

static bool
is(const struct text *s, const char *want)
{
	return strlen(want) == s->len && memcmp(s->ptr, want, s->len) == 0;
}

static void
test_good(void)
{
	const struct rule *r;

	ok(load(
	       "# said\n\nrule need.a-1\ndimension order\npole 0\nweight 2.5\npattern a b\npattern c\n"
	       "words tidy road_trip  photo*\nleast 2\nnegation flip\nstance yes\nvoice own\nmatch  one two \nreject z\n"
	       "set negation\nwords not no\nwords never\n\n" RULE("style.b",
		   "feature words 1 2\nfeature score -5 1e3") RULE("topic.c", "words x"))
		== 0,
	    "a file is read: %s", fault.text);
	r = rules.rule;
	ok(rules.len == 3 && is(&r->id, "need.a-1") && r->dimension == 23 && r->pole == 0
		&& r->weight == 2.5 && r->min_matches == 2 && r->negation == RULES_FLIP
		&& r->is_stance && !r->ignores_attribution && !r[1].ignores_attribution,
	    "keywords");
	ok(r->patterns.len == 2 && is(&r->patterns.at[0].text, "a b")
		&& r->patterns.at[1].line == 8,
	    "patterns");
	ok(r->words.len == 3 && is(&r->words.at[1].text, "road_trip")
		&& is(&r->words.at[2].text, "photo*"),
	    "words");
	ok(r->match.len == 1 && is(&r->match.at[0].text, "one two"),
	    "examples without blanks around");
	ok(rules.set[RULES_NEGATION].len == 3 && rules.set[RULES_LIKE].len == 0, "sets");
	ok(r[1].bounds_len == 2 && r[1].bounds[1].feature == FEATURE_SCORE
		&& r[1].bounds[1].low == -5 && r[1].bounds[1].high == 1000 && r[1].min_matches == 1
		&& r[1].negation == RULES_DROP,
	    "features");
}

static void
test_bad(void)
{
	refuses("rule need.a\ncolour red\n", ":2: there is no keyword 'colour'");
	refuses("pole 1\n", ":1: pole is outside a rule");
	refuses("rule Need.a\n", ":1: an id has");
	refuses("rule wish.a\n", ":1: there is no family 'wish'");
	refuses(RULE("need.a", "words x") RULE("need.a", "words x"),
	    ":9: there is already a rule 'need.a'");
	refuses("rule need.a\ndimension cats\n", ":2: there is no dimension 'cats'");
	refuses("rule need.a\npole 0.5\n", ":2: a pole is 1 or 0");
	refuses("rule need.a\nweight 0\n", ":2: a weight is above 0");
	refuses("rule need.a\nweight nan\n", ":2: a weight is above 0");
	refuses("rule need.a\nweight 10.5\n", ":2: a weight is above 0");
	refuses("rule need.a\nweight 1x\n", ":2: a weight is above 0");
	refuses("rule need.a\npole 1\npole 1\n", ":3: pole is given twice");
	refuses("rule need.a\npole\n", ":2: pole has no value");
	refuses("rule need.a\nleast 1.5\n", ":2: least is an integer");
	refuses("rule need.a\nleast 0\n", ":2: least is an integer");
	refuses("rule need.a\nnegation maybe\n", ":2: negation is drop, flip or ignore");
	refuses("rule need.a\nstance maybe\n", ":2: stance is yes or no");
	refuses("rule need.a\nvoice loud\n", ":2: voice is own or any");
	refuses("rule need.a\nfeature mood 1 2\n", ":2: there is no feature 'mood'");
	refuses("rule need.a\nfeature words 2 1\n", "the smaller first");
	refuses("rule need.a\nfeature words 1\n", "two numbers");
	refuses("rule need.a\ndimension pets\nweight 1\nwords x\n",
	    ":1: the rule 'need.a' has no pole");
	refuses("rule need.a\ndimension pets\npole 1\nweight 1\nmatch x\nreject x\n",
	    "no pattern, words or feature");
	refuses("rule need.a\ndimension pets\npole 1\nweight 1\nwords x\nreject x\n",
	    "no example that it must match");
	refuses("rule need.a\ndimension pets\npole 1\nweight 1\nwords x\nmatch x\n",
	    "no example that it must reject");
	refuses(RULE("need.a", "words x\nfeature words 1 2"), "may not have patterns or words");
	refuses("set mood\n", ":1: there is no set 'mood'");
	refuses("set like\npattern x\n", ":2: a set has only words");
	refuses("rule need.a\nwords \xff\n", ":2: this is not UTF-8");
}

static void
test_words(void)
{
	refuses("set like\nwords a_b_c_d_e\n", "up to four words");
	refuses("set like\nwords ab*\n", "at least three letters");
	refuses("set like\nwords a__b\n", "a word is missing");
	refuses("set like\nwords check-in\n", "a word has only letters");
	refuses("set like\nwords 'tis\n", "an apostrophe must be between");
	refuses("set like\nwords dogs'\n", "an apostrophe must be between");
	refuses("set like\nwords a*b\n", "a word has only letters");
	ok(load(
	       "set like\nwords don't caf\xc3\xa9 can\xe2\x80\x99t_stand ice_cream* \xf0\x9f\x98\x80\n" RULE(
		   "need.a", "words x"))
		    == 0
		&& rules.set[RULES_LIKE].len == 5,
	    "words with apostrophes, accents, signs: %s", fault.text);
}

static size_t reported;
static void
report(void *with, const struct fault *f)
{
	(void)with;
	reported += strstr(f->text, "a.rules:") != NULL;
}

static void
test_folder(void)
{
	char first[sizeof(rules.version)];
	const char *folder;
	struct rules again;

	load(RULE("need.a", "words x"));
	memcpy(first, rules.version, sizeof(first));
	ok(strncmp(first, "rules-", 6) == 0 && strlen(first) == 18, "a version: %s", first);
	folder = rules_folder_put("b.rules", RULE("need.b", "words x"));
	ok(rules_load(&again, folder, &arena, NULL, NULL, &fault) == 0 && again.len == 2
		&& strcmp(again.version, first) != 0,
	    "another file, another version");
	rules_folder_put("a.txt", "anything");
	rules_folder_put(".c.rules", "anything");
	ok(rules_load(&rules, folder, &arena, NULL, NULL, &fault) == 0
		&& strcmp(again.version, rules.version) == 0,
	    "other files are not looked at");
	rules_folder_put("communities.tsv", "# said\naww\tpets\t1\t2\naww\torder\t0\t0.5\n");
	ok(rules_load(&rules, folder, &arena, NULL, NULL, &fault) == 0 && rules.communities == 2
		&& rules.community[1].weight == 0.5 && strcmp(again.version, rules.version) != 0,
	    "communities");
	rules_folder_put("communities.tsv", "Aww\tpets\t1\t2\n");
	ok(rules_load(&rules, folder, &arena, NULL, NULL, &fault) == -2
		&& strstr(fault.text, "communities.tsv:1: a community is a name in lower case")
		    != NULL,
	    "%s", fault.text);
	rules_folder_put("communities.tsv", NULL);
	rules_folder_put("a.rules", "rule need.x\ncolour\n\nrule\nset x\n");
	fault_clear(&fault);
	ok(rules_load(&rules, folder, &arena, report, NULL, &fault) == -2, "a bad file");
	ok(reported == 7, "all faults are reported (%zu)", reported);
	fault_clear(&fault);
	ok(rules_load(&rules, "/no/such", &arena, NULL, NULL, &fault) == -2
		&& strstr(fault.text, "No such file") != NULL,
	    "no folder: %s", fault.text);
	for (const char *const *s =
		 (const char *const[]){ "a.rules", "b.rules", "a.txt", ".c.rules", NULL };
	     *s; s++)
		rules_folder_put(*s, NULL);
	rmdir(folder);
}

int
main(void)
{
	test_good();
	test_bad();
	test_words();
	test_folder();
	arena_release(&arena);
	return tap_done();
}
