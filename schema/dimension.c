#include "config.h"

#include <string.h>

#include "schema/dimension.h"

const struct dimension dimension_table[DIMENSIONS] = {
#include "schema/dimension_table.h"
};

int
dimension_find(const char *key, size_t len)
{
	for (int i = 0; i < DIMENSIONS; i++)
		if (strlen(dimension_table[i].key) == len
		    && memcmp(dimension_table[i].key, key, len) == 0)
			return i;
	return -1;
}
