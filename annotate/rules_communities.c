/* rules_communities.c - reads communities.tsv, the signals of communities. */

#include "config.h"

#include <string.h>

#include "schema/dimension.h"
#include "annotate/rules_file.h"
#include "lib/text/tsv.h"

enum { COLUMNS = 4, NAME_MAX_LEN = RULES_ID_MAX };

static bool
is_name(const struct text *s)
{
	for (size_t i = 0; i < s->len; i++)
		if (s->ptr[i] == ' ' || (s->ptr[i] >= 'A' && s->ptr[i] <= 'Z'))
			return false;
	return s->len > 0 && s->len <= NAME_MAX_LEN;
}

static int
read_row(struct rules_reader *r, const struct tsv *t)
{
	struct rules *rules = r->rules;
	struct rules_community row = { .name = t->column[0], .line = t->line }, *to;
	const struct text *pole = &t->column[2];
	void *array = rules->community;

	if (t->columns != COLUMNS)
		return rules_blame(r, t->line,
		    "expected four columns "
		    "(community, dimension, pole, weight), found %zu",
		    t->columns);
	if (!is_name(&row.name))
		return rules_blame(r, t->line, "a community is a name in lower case");
	row.dimension = dimension_find(t->column[1].ptr, t->column[1].len);
	if (row.dimension < 0)
		return rules_blame(r, t->line, "there is no dimension '%.*s'",
		    (int)t->column[1].len, t->column[1].ptr);
	if (pole->len != 1 || (pole->ptr[0] != '0' && pole->ptr[0] != '1'))
		return rules_blame(r, t->line, "a pole is 1 or 0");
	row.pole = pole->ptr[0] - '0';
	if (!rules_number(&t->column[3], 0, 10, &row.weight) || row.weight <= 0)
		return rules_blame(r, t->line, "a weight is above 0 and at most 10");
	to = rules_push(r->arena, &array, &rules->communities, sizeof(*to));
	rules->community = array;
	*to = row;
	return 0;
}

int
rules_communities_read(struct rules_reader *r, const char *text, size_t len)
{
	struct tsv t = tsv_begin(text, len);
	int rc = 0;

	while (rc == 0 && tsv_next(&t))
		rc = read_row(r, &t);
	return rc;
}
