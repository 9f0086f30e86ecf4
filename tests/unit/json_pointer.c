/* json_pointer.c - RFC 6901 pointers, read step by step and built. */

#include "config.h"

#include <string.h>

#include "lib/core/json_pointer.h"
#include "tests/tap.h"

static bool
is_step(const struct json_pointer_step *step, const char *name)
{
	return json_pointer_matches(step, name, strlen(name));
}

static void
test_reading(void)
{
	const char *p = "/a~1b/~0~01//12";
	struct json_pointer_step step;

	ok(json_pointer_next(&p, &step) && is_step(&step, "a/b"), "~1 is a slash");
	ok(!is_step(&step, "a/") && !is_step(&step, "a/bc"), "all of a name counts");
	ok(json_pointer_index(&step) == -1, "a name is no index");
	ok(json_pointer_next(&p, &step) && is_step(&step, "~~1"),
	    "~0 is a tilde, and is not read twice");
	ok(json_pointer_next(&p, &step) && is_step(&step, ""), "a name can be empty");
	ok(json_pointer_index(&step) == -1, "an empty name is no index");
	ok(json_pointer_next(&p, &step) && json_pointer_index(&step) == 12, "12 is an index");
	ok(!json_pointer_next(&p, &step) && *p == '\0', "the end");
	p = "no pointer";
	ok(!json_pointer_next(&p, &step), "a pointer begins with a slash");
	p = "/01";
	json_pointer_next(&p, &step);
	ok(json_pointer_index(&step) == -1, "an index has no leading zero");
	p = "/9999999999999999999999";
	json_pointer_next(&p, &step);
	ok(json_pointer_index(&step) == -1, "an index that is too large is refused");
}

static void
test_building(void)
{
	struct fault f = FAULT_NONE;
	char name[300];

	json_pointer_prepend(&f, "a/b~c", 5);
	ok(strcmp(f.pointer, "/a~1b~0c") == 0, "a step is escaped");
	json_pointer_prepend_index(&f, 7);
	json_pointer_prepend(&f, "x\0y", 3);
	ok(strcmp(f.pointer, "/x?y/7/a~1b~0c") == 0, "steps go before it");
	memset(name, '~', sizeof(name));
	json_pointer_prepend(&f, name, sizeof(name));
	ok(strlen(f.pointer) < sizeof(f.pointer), "a long name is cut");
	json_pointer_prepend(&f, "top", 3);
	ok(strncmp(f.pointer, "/top/~0~0", 9) == 0 && strlen(f.pointer) == sizeof(f.pointer) - 1,
	    "what does not fit falls off at the leaf's end");
}

int
main(void)
{
	test_reading();
	test_building();
	return tap_done();
}
