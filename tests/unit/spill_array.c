/* spill_array.c - an array holds its rows in memory and in a file, and refuses a folder that
 * does not exist. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/io/spill_array.h"
#include "tests/tap.h"

enum { ROWS = 50000 };

struct row {
	uint64_t key;
	uint32_t number;
};

static int
by_key(const void *va, const void *vb)
{
	const struct row *a = va, *b = vb;

	return a->key < b->key ? -1 : a->key > b->key;
}

static uint64_t
key_of(uint32_t i)
{
	return (i + 1) * 0x9e3779b97f4a7c15;
}

/* spill_array: elements are added, sorted and found again, in memory or in a file. */
static void
try_limit(int64_t memory)
{
	const struct spill_array_limit l = { memory, NULL };
	struct fault f = FAULT_NONE;
	struct spill_array r = { 0 };
	bool is_right = true, is_sorted = true, is_zero = true;
	struct row *row;

	for (uint32_t i = 0; i < ROWS && is_right; i++) {
		is_right = spill_array_reserve(&r, i, sizeof(*row), &l, &f) == 0;
		row = r.data;
		is_zero &= row[i].key == 0 && row[i].number == 0;
		row[i] = (struct row){ key_of(i), i };
	}
	ok(is_right && is_zero, "%d rows, %lld bytes in memory", ROWS, (long long)memory);
	ok(r.is_in_file == ((uint64_t)memory < r.size), "in a file if they must");
	is_right = spill_array_sort(&r, ROWS, sizeof(*row), by_key, &l, &f) == 0;
	row = r.data;
	for (uint32_t i = 0; i < ROWS; i++) {
		is_right &= row[i].key == key_of(row[i].number);
		is_sorted &= i == 0 || row[i - 1].key < row[i].key;
	}
	ok(is_right, "all are there");
	ok(is_sorted, "items are in order");
	spill_array_release(&r);
}

int
main(void)
{
	const struct spill_array_limit nowhere = { 0, "/nowhere" };
	struct fault f = FAULT_NONE;
	struct spill_array r = { 0 };

	try_limit(1 << 30);
	try_limit(300000);
	try_limit(0);
	ok(spill_array_resize(&r, 100, &nowhere, &f) == -2, "no such folder: %s", f.text);
	ok(r.data == NULL, "a released array is empty");
	return tap_done();
}
