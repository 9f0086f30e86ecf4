/* spool.c - data comes back from a spool, from memory and from its file. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/io/spool.h"
#include "tests/tap.h"

enum { RECORDS = 20000 };

/* Records of growing length, filled with their number. */
static size_t
make(int i, char *into)
{
	size_t len = (size_t)(i % 311);

	memset(into, i % 251, len);
	return len;
}

static void
try_budget(int64_t memory)
{
	static uint64_t at[RECORDS];
	struct fault f = FAULT_NONE;
	struct spool *s = spool_new(memory, NULL, &f);
	char want[512], got[512];
	bool is_right = s != NULL;

	for (int i = 0; i < RECORDS && is_right; i++) {
		size_t len = make(i, want);

		is_right = spool_add(s, want, len, &at[i], &f) == 0;
	}
	for (int i = RECORDS - 1; i >= 0 && is_right; i--) {
		size_t len = make(i, want);

		is_right = spool_read(s, at[i], got, len, &f) == 0 && memcmp(want, got, len) == 0;
	}
	ok(is_right, "all comes back with %lld bytes of memory: %s", (long long)memory, f.text);
	spool_free(s);
}

int
main(void)
{
	struct fault f = FAULT_NONE;

	try_budget(1 << 30);
	try_budget(1 << 20);
	try_budget(0);
	ok(spool_new(0, "/no/such/folder", &f) == NULL, "no folder: %s", f.text);
	return tap_done();
}
