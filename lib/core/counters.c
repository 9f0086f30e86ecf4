#include "config.h"

#include <string.h>

#include "lib/core/counters.h"

uint64_t
counters_add(struct counters *c, const char *name, uint64_t n)
{
	size_t i = 0;

	while (i < c->len && c->item[i].name != name && strcmp(c->item[i].name, name) != 0)
		i++;
	if (i == COUNTERS_MAX)
		i--;
	if (i == c->len) {
		c->item[i].name = name;
		c->len++;
	}
	return c->item[i].n += n;
}

uint64_t
counters_look_up(const struct counters *c, const char *name)
{
	for (size_t i = 0; i < c->len; i++)
		if (strcmp(c->item[i].name, name) == 0)
			return c->item[i].n;
	return 0;
}

uint64_t
counters_total(const struct counters *c)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < c->len; i++)
		sum += c->item[i].n;
	return sum;
}
