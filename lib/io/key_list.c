#include "config.h"

#include <inttypes.h>
#include <stdlib.h>

#include "lib/io/key_list.h"

enum { LINE_SIZE = 32, AT_ONCE = 1 << 16 };

int
key_list_add(struct key_list *x, uint64_t key, const struct spill_array_limit *l, struct fault *f)
{
	if (spill_array_reserve(&x->array, x->len, sizeof(key), l, f) < 0)
		return -2;
	((uint64_t *)x->array.data)[x->len++] = key;
	return 0;
}

static int
by_value(const void *va, const void *vb)
{
	const uint64_t a = *(const uint64_t *)va, b = *(const uint64_t *)vb;

	return a < b ? -1 : a > b;
}

int
key_list_sort(struct key_list *x, const struct spill_array_limit *l, struct fault *f)
{
	uint64_t *key;
	size_t kept = 0;

	if (spill_array_sort(&x->array, x->len, sizeof(*key), by_value, l, f) < 0)
		return -2;
	key = x->array.data;
	for (size_t i = 0; i < x->len; i++)
		if (i == 0 || key[i] != key[i - 1])
			key[kept++] = key[i];
	x->len = kept;
	return 0;
}

size_t
key_list_number(const struct key_list *x, uint64_t key)
{
	const uint64_t *keys = key_list_keys(x);
	size_t low = 0, n = x->len;

	while (n > 1) {
		size_t half = n / 2;

		low += keys[low + half] <= key ? half : 0;
		n -= half;
	}
	return low;
}

bool
key_list_has(const struct key_list *x, uint64_t key)
{
	return x->len > 0 && key_list_keys(x)[key_list_number(x, key)] == key;
}

void
key_list_put(const struct key_list *x, size_t i, struct buf *b)
{
	buf_printf(b, "%016" PRIx64 "\n", key_list_keys(x)[i]);
}

int
key_list_write(const struct key_list *x, struct sink *s, struct fault *f)
{
	struct buf b = { 0 };
	int rc = 0;

	for (size_t i = 0; i < x->len && rc == 0; i++) {
		key_list_put(x, i, &b);
		if (b.len >= AT_ONCE) {
			rc = sink_write(s, b.data, b.len, f);
			buf_clear(&b);
		}
	}
	if (rc == 0)
		rc = sink_write(s, b.data, b.len, f);
	buf_release(&b);
	return rc;
}

int
key_list_read(struct key_list *x, FILE *in, const struct spill_array_limit *l, struct fault *f)
{
	char line[LINE_SIZE], *end;

	while (fgets(line, sizeof(line), in) != NULL) {
		const uint64_t key = strtoull(line, &end, 16);

		if (end != line + 16 || *end != '\n')
			return fault_set(f, "bad-key", "expected 16 hexadecimal digits in a line");
		if (x->len > 0 && key_list_keys(x)[x->len - 1] >= key)
			return fault_set(f, "bad-key", "the keys are not in order");
		if (key_list_add(x, key, l, f) < 0)
			return -2;
	}
	return 0;
}

void
key_list_release(struct key_list *x)
{
	spill_array_release(&x->array);
	*x = (struct key_list){ 0 };
}
