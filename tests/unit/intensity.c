/* intensity.c - signals become the intensities of intensity.h, computed by hand. */

#include "config.h"

#include "annotate/intensity.h"
#include "tests/tap.h"
#include "tests/unit/rules_folder.h"

static struct arena arena;
static struct weights *weights;
static struct fault fault;

static const char good[] =
    "# said\nfamily\ttopic\t0.5\nrule\ttopic.cats\t4\nrule\tneed.none\t0\n"
    "constant\tscale\t1\nconstant\trepeat\t0.5\nconstant\tcertainty\t0.7\nconstant\tconflict\t0.6\n";

static bool
load(const char *text)
{
	fault_clear(&fault);
	return (weights = weights_read(rules_folder_put("weights.tsv", text), &arena, &fault))
	    != NULL;
}

static void
refuses(const char *text, const char *sentence)
{
	bool is_refused = !load(text);

	ok(is_refused && strstr(fault.text, sentence) != NULL, "refused: %s",
	    fault.text[0] ? strrchr(fault.text, '/') + 1 : "not");
}

static struct signal
one(const char *rule, int dimension, int pole, double weight, int count)
{
	return (struct signal){ .rule = { rule, strlen(rule) },
		.dimension = dimension,
		.pole = pole,
		.weight = weight,
		.count = count };
}

/* The value and confidence of dimension 7 for up to two signals. */
static bool
comes_to(struct signal a, struct signal b, int value, int confidence)
{
	struct signal s[2] = { a, b };
	struct list list = { s, 2 };
	struct intensities x;

	intensity_from_signals(weights, &list, &x);
	if (x.value[7] != value || x.confidence[7] != confidence)
		printf("# %d %d\n", x.value[7], x.confidence[7]);
	return x.value[7] == value && x.confidence[7] == confidence && x.value[6] == 0
	    && x.confidence[6] == 0;
}

static void
test_signals(void)
{
	struct signal none = one("x", 8, 1, 1, 1), same = one("need.a", 7, 1, 1, 1);

	ok(load(good), "the weights are read: %s", fault.text);
	ok(comes_to(none, none, 0, 0), "no evidence");
	ok(comes_to(none, same, 50, 50), "1/(1+1); 1 - exp(-0.7) = 0.503");
	ok(comes_to(none, one("need.a", 7, 0, 1, 1), -50, 50), "the other pole");
	ok(comes_to(none, one("need.a", 7, 1, 1, 2), 60, 65), "two hits are 1.5");
	ok(comes_to(none, one("need.a", 7, 1, 1, 3), 64, 71), "three are 1.75");
	ok(comes_to(same, same, 67, 75), "two signals are 2");
	ok(comes_to(same, one("need.a", 7, 0, 1, 1), 0, 30), "conflict: 0.753 * 0.4");
	ok(comes_to(one("need.a", 7, 1, 3, 1), one("need.a", 7, 0, 1, 1), 67, 66),
	    "3 against 1: 0.939 * 0.7");
	ok(comes_to(none, one("topic.dogs", 7, 1, 2, 1), 50, 50), "a family's factor");
	ok(comes_to(none, one("topic.cats", 7, 1, 0.5, 1), 50, 50),
	    "the factors of a rule and of its family multiply");
	ok(comes_to(none, one("need.none", 7, 1, 10, 3), 0, 0),
	    "a factor of 0 removes the evidence");
	ok(comes_to(none, one("topic", 7, 1, 2, 1), 50, 50), "an id that is a family alone");
	ok(comes_to(none, one("need.a", 7, 1, 1e-9, 1), 0, 0), "next to no evidence");
	ok(comes_to(one("need.a", 7, 1, 10, 3), one("need.b", 7, 1, 10, 3), 97, 100),
	    "much evidence");
}

static void
test_ratings(void)
{
	struct ratings r = { .honesty = -1, .verbosity = 0.5, .coherence = 0.25 };
	struct intensities x = { .value = { [16] = 10, [40] = 20, [42] = 30 },
		.confidence = { [40] = 5 } };

	MESSAGE_SET(&ratings_descriptor, &r, honesty);
	MESSAGE_SET(&ratings_descriptor, &r, verbosity);
	intensity_from_ratings(&r, &x);
	ok(x.value[42] == -100 && x.confidence[42] == 100,
	    "a rating overwrites the value of the rules");
	ok(x.value[16] == -50 && x.confidence[16] == 100, "verbosity counts against conciseness");
	ok(x.value[40] == 20 && x.confidence[40] == 5 && x.value[45] == 0 && x.confidence[45] == 0,
	    "dimensions without a rating keep their values");
}

static void
test_bad(void)
{
	refuses("family\ttopic\n", ":1: expected three columns");
	refuses("family\ttopics\t1\n", ":1: unknown family of rules");
	refuses("families\ttopic\t1\n", ":1: the kind must be family, rule or constant");
	refuses("rule\ttopic.a\t-1\n", ":1: a factor must be a number");
	refuses("rule\ttopic.a\tone\n", ":1: a factor must be a number");
	refuses("constant\tmood\t1\n", ":1: unknown constant");
	refuses("constant\trepeat\t2\n", ":1: repeat must be a number from 0 to 1");
	refuses("constant\trepeat\t1\nconstant\trepeat\t1\n", ":2: this constant is given twice");
	refuses("constant\trepeat\t1\n", "the constant scale is missing");
	refuses(
	    "constant\tscale\t1\nconstant\trepeat\t0.5\nconstant\tcertainty\t0.7\nconstant\tconflict\t0.6\n"
	    "rule\ta\t1\nrule\tb\t1\nrule\ta\t2\n",
	    ":7: this factor is given twice");
}

int
main(void)
{
	char version[16];

	test_signals();
	test_ratings();
	test_bad();
	load(good);
	strcpy(version, weights_version(weights));
	load(
	    "# other\nconstant\tscale\t1\nconstant\trepeat\t0.5\nconstant\tcertainty\t0.7\nconstant\tconflict\t0.6\n");
	ok(strcmp(version, weights_version(weights)) != 0, "another file has another version");
	rmdir((rules_folder_put("weights.tsv", NULL)));
	arena_release(&arena);
	return tap_done();
}
