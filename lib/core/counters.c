#include "config.h"

#include <string.h>

#include "lib/core/counters.h"

static size_t
find(const struct counters *c, const char *group, const char *name)
{
	size_t i = 0;

	while (i < c->len
	    && (c->item[i].group != group
		|| (c->item[i].name != name && strcmp(c->item[i].name, name) != 0)))
		i++;
	return i;
}

uint64_t
counters_add_to(struct counters *c, const char *group, const char *name, uint64_t n)
{
	size_t i = find(c, group, name);

	if (i == COUNTERS_MAX)
		i--;
	if (i == c->len) {
		c->item[i].group = group;
		c->item[i].name = name;
		c->len++;
	}
	return c->item[i].n += n;
}

uint64_t
counters_add(struct counters *c, const char *name, uint64_t n)
{
	return counters_add_to(c, NULL, name, n);
}

void
counters_add_for(struct counters *c, const char *group, const char *name, uint64_t n)
{
	counters_add_to(c, NULL, name, n);
	counters_add_to(c, group, name, n);
}

uint64_t
counters_look_up_for(const struct counters *c, const char *group, const char *name)
{
	size_t i = find(c, group, name);

	return i < c->len ? c->item[i].n : 0;
}

uint64_t
counters_look_up(const struct counters *c, const char *name)
{
	return counters_look_up_for(c, NULL, name);
}

uint64_t
counters_total(const struct counters *c)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < c->len; i++)
		if (c->item[i].group == NULL)
			sum += c->item[i].n;
	return sum;
}
