/* hash_index.c - an index against a plain search, with hashes that collide. */

#include "config.h"

#include "lib/core/hash_index.h"
#include "tests/tap.h"

enum { ITEMS = 5000 };

static uint64_t item[ITEMS];

static uint64_t
hash_of(uint64_t x)
{
	return x % 97 * 0x9e3779b97f4a7c15;
}

static size_t
find(const struct hash_index *x, uint64_t key)
{
	struct hash_probe p = hash_index_probe(x, hash_of(key));

	while (hash_probe_next(&p))
		if (item[p.number] == key)
			return p.number;
	return SIZE_MAX;
}

int
main(void)
{
	struct hash_index x = { 0 };
	bool is_found = true, is_missed = true;

	ok(find(&x, 1) == SIZE_MAX, "an empty index finds nothing");
	for (size_t i = 0; i < ITEMS; i++) {
		item[i] = 3 * i;
		hash_index_add(&x, hash_of(item[i]), i);
	}
	for (size_t i = 0; i < ITEMS; i++) {
		is_found = is_found && find(&x, 3 * i) == i;
		is_missed = is_missed && find(&x, 3 * i + 1) == SIZE_MAX;
	}
	ok(is_found, "every item is found by its key, among many of the same hash");
	ok(is_missed, "a key that was not added is not found");
	ok(x.len == ITEMS && 2 * x.len <= x.mask + 1, "at most half of the slots are taken");
	hash_index_clear(&x);
	ok(x.len == 0 && find(&x, 3) == SIZE_MAX, "a cleared index is empty");
	hash_index_add(&x, hash_of(3), 1);
	ok(find(&x, 3) == 1, "a cleared index takes items again");
	hash_index_release(&x);
	return tap_done();
}
