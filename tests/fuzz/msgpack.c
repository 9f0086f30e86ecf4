/* msgpack.c - any bytes are read as msgpack, found cut, or refused with a place; what was read
 * packs to the same tree, and every cut of it is found cut. */

#include "config.h"

#include <stdint.h>
#include <string.h>

#include "lib/core/arena.h"
#include "lib/msgpack/msgpack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool good)
{
	if (!good)
		__builtin_trap();
}

static void
pack_again(const msgpack_object *tree)
{
	static struct buf one, two;
	struct fault f = FAULT_NONE;
	msgpack_zone zone;
	msgpack_object again;

	buf_clear(&one);
	buf_clear(&two);
	msgpack_write_object(&one, tree);
	must(msgpack_extent(one.data, one.len, &f) == (int64_t)one.len);
	must(msgpack_zone_init(&zone, 4096));
	must(msgpack_parse(one.data, one.len, &zone, &again, &f) == 0);
	msgpack_write_object(&two, &again);
	must(one.len == two.len && memcmp(one.data, two.data, one.len) == 0);
	msgpack_zone_destroy(&zone);
}

/* The finders are for whole maps, but hold on others too. */
static void
look_inside(const uint8_t *data, size_t len, bool is_whole)
{
	const void *value;
	static const char *const a = "a";
	struct msgpack_value field;
	const char *text;
	size_t n;
	int64_t number;

	if (msgpack_find(data, len, "a", &value, &n)) {
		must(msgpack_locate(data, len, "/a") == (const uint8_t *)value - data);
		must(!is_whole || msgpack_extent(value, n, &(struct fault){ 0 }) == (int64_t)n);
	}
	if (msgpack_find_text(data, len, "a", &text, &n))
		must(text + n <= (const char *)data + len);
	msgpack_find_all(data, len, &a, 1, &field);
	msgpack_value_int(&field, &number);
	msgpack_locate(data, len, "/0/a/~0");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fault f = FAULT_NONE;
	int64_t n = msgpack_extent(data, size, &f);
	msgpack_zone zone;
	msgpack_object tree;
	int r;

	must((n < 0) == (f.text[0] != '\0') && n <= (int64_t)size);
	must(f.at <= (int64_t)size);
	for (int64_t cut = 0; cut < n && cut < 64; cut++)
		must(msgpack_extent(data, (size_t)cut, &f) == 0);
	look_inside(data, size, n > 0);
	must(msgpack_zone_init(&zone, 4096));
	r = msgpack_parse(data, size, &zone, &tree, &f);
	must(r == (f.text[0] != '\0' ? -1 : 0));
	must(r < 0 || n == (int64_t)size);
	if (r == 0)
		pack_again(&tree);
	msgpack_zone_destroy(&zone);
	return 0;
}
