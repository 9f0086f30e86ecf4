#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "lib/count.h"
#include "lib/json_write.h"

uint64_t
count_add(struct count *c, const char *name, uint64_t n)
{
	size_t i = 0;

	while (i < c->len && c->item[i].name != name
	    && strcmp(c->item[i].name, name) != 0)
		i++;
	if (i == COUNT_MAX)
		i--;
	if (i == c->len) {
		c->item[i].name = name;
		c->len++;
	}
	return c->item[i].n += n;
}

uint64_t
count_get(const struct count *c, const char *name)
{
	for (size_t i = 0; i < c->len; i++)
		if (strcmp(c->item[i].name, name) == 0)
			return c->item[i].n;
	return 0;
}

uint64_t
count_total(const struct count *c)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < c->len; i++)
		sum += c->item[i].n;
	return sum;
}

void
count_put_json(const struct count *c, struct buf *b)
{
	buf_add_byte(b, '{');
	for (size_t i = 0; i < c->len; i++) {
		if (i > 0)
			buf_add_byte(b, ',');
		json_put_text(b, c->item[i].name, strlen(c->item[i].name));
		buf_printf(b, ":%" PRIu64, c->item[i].n);
	}
	buf_add_byte(b, '}');
}
