/* opt.c - options and operands in every form, and the faults of wrong ones. */

#include "config.h"

#include <string.h>

#include "lib/cli/opt.h"
#include "tests/tap.h"

static bool flag;
static long number;
static int pick;
static int64_t size;
static struct opt_list list;
static const char *file;

static const struct opt own[] = {
	{ 'f', "flag", NULL, OPT_FLAG, &flag, "a", 0, 0, NULL },
	{ 'n', "number", "n", OPT_INT, &number, "b", 1, 9, NULL, "quantity" },
	{ 'p', "pick", "w", OPT_CHOICE, &pick, "c", 0, 0, "x|yy" },
	{ 's', "size", "n", OPT_SIZE, &size, "d", 1, 1e12, NULL },
	{ 'l', "list", "x", OPT_LIST, &list, "e", 0, 0, NULL },
	{ 0 },
};
static const struct opt common[] = {
	{ 'o', "output", "file", OPT_FILE, &file, "f", 0, 0, NULL },
	{ 0 },
};

static int
parse(struct fault *f, int n, const char *const *words)
{
	char *argv[8] = { (char[]){ "p" } };

	fault_clear(f);
	for (int i = 0; i < n; i++)
		argv[i + 1] = (char *)(uintptr_t)words[i];
	return opt_parse(own, common, n + 1, argv, f);
}
#define PARSE(...) \
	parse(&f, (int)(sizeof((const char *[]){ __VA_ARGS__ }) / sizeof(char *)), \
	    (const char *const[]){ __VA_ARGS__ })

int
main(void)
{
	struct fault f = FAULT_NONE;

	ok(PARSE("--number=7") == 0 && number == 7, "--word=value");
	ok(PARSE("--number", "8") == 0 && number == 8, "--word value");
	ok(PARSE("-fn9") == 0 && flag && number == 9, "letters together");
	ok(PARSE("-p", "yy") == 0 && pick == 1, "a choice");
	ok(PARSE("-s", "64K") == 0 && size == 65536, "a size with a unit");
	ok(PARSE("-s3G") == 0 && size == (int64_t)3 << 30, "a large size");
	ok(PARSE("-s", "1T") < 0, "an unknown unit: %s", f.text);
	ok(PARSE("-l", "a", "-lb") == 0 && list.len == 2 && strcmp(list.item[1], "b") == 0,
	    "a list");
	ok(PARSE("x", "-f", "y") == 2, "options and operands may be mixed");
	ok(PARSE("--", "-f") == 1, "-- ends the options");
	ok(PARSE("-") == 1, "- is an operand");
	ok(PARSE("-o", "z") == 0 && strcmp(file, "z") == 0, "a common option");
	ok(PARSE("--number=10") < 0, "bound: %s", f.text);
	ok(PARSE("--quantity=3") == 0 && number == 3, "an older spelling: --word=value");
	ok(PARSE("--quantity", "4") == 0 && number == 4, "an older spelling: --word value");
	ok(PARSE("--quantity=10") < 0 && strstr(f.text, "--number ") != NULL,
	    "a fault names the new spelling: %s", f.text);
	ok(PARSE("--num=1") < 0 && strstr(f.text, "(did you mean --number?)") != NULL,
	    "an abbreviation is refused with the whole word: %s", f.text);
	ok(PARSE("--ouptut", "z") < 0 && strstr(f.text, "(did you mean --output?)") != NULL,
	    "swapped letters: the option meant is named: %s", f.text);
	ok(PARSE("--quantiti=1") < 0 && strstr(f.text, "mean") == NULL,
	    "an older spelling is never proposed: %s", f.text);
	ok(PARSE("--something-else") < 0 && strcmp(f.text, "no option --something-else") == 0,
	    "a word like no other: nothing is proposed: %s", f.text);
	ok(PARSE("--flag=1") < 0, "flag: %s", f.text);
	ok(PARSE("-p") < 0, "missing: %s", f.text);
	return tap_done();
}
