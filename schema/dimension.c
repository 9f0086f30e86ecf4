#include "config.h"

#include "lib/core/text.h"
#include "schema/dimension.h"

const struct dimension dimension_table[DIMENSIONS] = {
#include "schema/dimension_table.h"
};

int
dimension_find(const char *key, size_t len)
{
	for (int i = 0; i < DIMENSIONS; i++)
		if (text_is(&(struct text){ key, len }, dimension_table[i].key))
			return i;
	return -1;
}
