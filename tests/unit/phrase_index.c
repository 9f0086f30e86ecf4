/* phrase_index.c - words and phrases of rules, and what the words around a match make of it. */

#include "config.h"

#include "annotate/evidence.h"
#include "annotate/lexicon.h"
#include "lib/match/word_cache.h"
#include "tests/tap.h"
#include "tests/unit/rules_folder.h"

static const char file[] =
    "set negation\nwords not don't never no can't\n\n"
    "set like\nwords like love can't_get_enough\n\n"
    "set dislike\nwords hate can't_stand\n\n"
    "set hedge\nwords maybe i_think\n\n"
    "set intensifier\nwords really very\n\n"
    "set others\nwords she my_wife\n\n"
    "set hypothetical\nwords if_i_were\n\n" RULE("topic.plain",
	"words cat photograph* photo* road_trip a_b_c_d \xc3\xa9t\xc3\xa9 ice_cream*")
	RULE("topic.flip", "negation flip\nwords tidy road")
	    RULE("topic.ignore", "negation ignore\nwords loud")
		RULE("topic.stance", "stance yes\nwords dog dogs puppy big_dog")
		    RULE("trait.any", "voice any\nwords brave") RULE("need.any", "words calm");

static struct arena arena;
static struct rules rules;
static struct phrase_index *phrases;
static struct word_cache *words;
static struct tokens tokens;
static struct match_list matches;
static struct evidence evidence;

/* The votes of the rules on a text: "0+2 3-1" is two for rule 0, one against rule 3. */
static const char *
votes_in(const char *text)
{
	static char out[128];
	struct votes votes[8];
	struct attribution attribution;
	size_t n;

	out[0] = '\0';
	tokens_read(&tokens, text, strlen(text));
	word_cache_fill(words, &tokens);
	phrase_index_find(phrases, &tokens, &matches);
	attribution = attribution_of(&tokens);
	n = evidence_count(&evidence, &matches, &rules, &tokens, &attribution, votes);
	for (size_t i = 0; i < n; i++) {
		char *end = out + strlen(out);

		snprintf(end, 32, "%s%u", i > 0 ? " " : "", votes[i].rule);
		if (votes[i].own > 0)
			snprintf(end + strlen(end), 16, "+%u", votes[i].own);
		if (votes[i].other > 0)
			snprintf(end + strlen(end), 16, "-%u", votes[i].other);
	}
	return out;
}

static void
says(const char *text, const char *want)
{
	const char *got = votes_in(text);

	ok(strcmp(got, want) == 0, "'%.*s': %s", (int)strcspn(text, "\n"), text, got);
}

static void
test_words(void)
{
	says("nothing here", "");
	says("Cat, CAT and cats", "0+2");
	says("cat cat cat cat cat", "0+5");
	says("a photograph by photographers, photo photos phot pho", "0+4");
	says("the cat's, my friend's", "0+1");
	says("the photo's road's trip", "0+2 1+1");
	says("a road trip", "0+1 1+1");
	says("a road. Trip", "1+1");
	says("road\ntrip", "1+1");
	says("a b c d a b c", "0+1");
	says("a a b c d", "0+1");
	says("\xc3\x89T\xc3\x89", "0+1");
	says("ice creams ice", "0+1");
	says("constantinopolitanisches photographierenderweise cat", "0+2");
}

static void
test_negation(void)
{
	says("not a cat", "0");
	says("not a big fat cat", "0+1");
	says("no. Cat", "0+1");
	says("never tidy, tidy", "1-2");
	says("never ever very tidy, then so very much more tidy", "1+1-1");
	says("not loud", "2+1");
}

static void
test_stance(void)
{
	says("the dog", "3+1");
	says("I love dogs", "3+2");
	says("dogs are what I love", "3+2");
	says("my dogs are what I love", "3+1");
	says("the dogs are not all that I love", "3-1");
	says("dogs, one two three four five six seven eight I love", "3+2");
	says("dogs, one two three four five six seven eight nine I love", "3+1");
	says("I don't find dogs to love", "3-1");
	says("dogs I really love", "3+2");
	says("I hate dogs", "3-1");
	says("I hate it. Dogs", "3+1");
	says("I don't like dogs", "3-1");
	says("I don't hate dogs", "3");
	says("not the dog", "3");
	says("I can't get enough of my dog", "3+2");
	says("I can't stand dogs", "3-1");
	says("I love the big dog", "3+2");
	says("I love one two three four five six dogs", "3+1");
	says("I love one two three four five dogs", "3+2");
	says("I hate one dog, love. Puppy", "3+1-1");
}

static void
test_voice(void)
{
	says("she is tidy", "1");
	says("My wife says it is all tidy", "1");
	says("my wife says I am tidy", "1+1");
	says("She came. It is tidy", "1+1");
	says("she one two three four five six tidy", "1+1");
	says("if I were tidy", "1");
	says("it said \"tidy\" there", "1");
	says("it said \"so\" and tidy, \"yes\"", "1+1");
	says("one \" alone, tidy", "1+1");
	says("\"\nit is tidy\"", "1+1");
	says("the \xe2\x80\x9cso tidy\xe2\x80\x9d one", "1");
	says("the \xe2\x80\x9cso\xe2\x80\x9d tidy one", "1+1");
	says("how tidy /s", "1");
	says("how tidy and/s or", "1+1");
	says("she is brave and calm", "4+1 5+1");
	says("she hates and my wife can't stand dogs", "3+1");
	says("\"I love dogs\"", "3+1");
	says("I love dogs /s", "3+1");
	says("very tidy", "1+2");
	says("really so tidy", "1+2");
	says("really one two tidy", "1+1");
	says("not really tidy", "1-1");
}

static void
test_flags(void)
{
	tokens_read(&tokens, "Maybe I think we should, my friend, and you'd too", 49);
	word_cache_fill(words, &tokens);
	ok(phrase_index_find(phrases, &tokens, &matches) == 2, "hedges are counted");
	ok(tokens.at[0].flags == LEXICON_HEDGE
		&& tokens.at[1].flags == (LEXICON_HEDGE | LEXICON_FIRST_PERSON)
		&& tokens.at[3].flags == LEXICON_FIRST_PERSON
		&& tokens.at[5].flags == LEXICON_FIRST_PERSON
		&& tokens.at[8].flags == (LEXICON_SECOND_PERSON | LEXICON_CONTRACTION),
	    "pronouns have flags");
	matches.len = 0;
}

int
main(void)
{
	struct fault f = FAULT_NONE;
	const char *folder = rules_folder_put("a.rules", file);

	ok(rules_load(&rules, folder, &arena, NULL, NULL, &f) == 0, "rules %s", f.text);
	ok((phrases = lexicon_new(&rules, &arena, &f)) != NULL, "lexicon %s", f.text);
	words = word_cache_new(phrases, NULL, lexicon_word_flags, &arena);
	test_words();
	test_negation();
	test_stance();
	test_voice();
	test_flags();
	rules_folder_put("a.rules", NULL);
	rmdir(folder);
	tokens_release(&tokens);
	match_list_release(&matches);
	evidence_release(&evidence);
	arena_release(&arena);
	return tap_done();
}
