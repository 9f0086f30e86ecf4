#include "config.h"

#include <string.h>

#include "lib/text/tsv.h"

struct tsv
tsv_begin(const char *text, size_t len)
{
	return (struct tsv){ .at = text, .stop = text + len };
}

bool
tsv_line(struct tsv *t, struct text *line)
{
	const char *end;

	if (t->at == t->stop)
		return false;
	end = memchr(t->at, '\n', (size_t)(t->stop - t->at));
	if (end == NULL)
		end = t->stop;
	*line = (struct text){ t->at, (size_t)(end - t->at) };
	while (line->len > 0 && strchr(" \t\r", line->ptr[line->len - 1]) != NULL)
		line->len--;
	t->at = end == t->stop ? end : end + 1;
	t->line++;
	return true;
}

static void
split(struct tsv *t, const struct text *line)
{
	const char *at = line->ptr, *stop = line->ptr + line->len, *end;

	for (t->columns = 0; at != NULL; t->columns++) {
		end = memchr(at, '\t', (size_t)(stop - at));
		if (t->columns < TSV_COLUMNS_MAX)
			t->column[t->columns] = (struct text){ at,
				(size_t)((end != NULL ? end : stop) - at) };
		at = end != NULL ? end + 1 : NULL;
	}
}

bool
tsv_next(struct tsv *t)
{
	struct text line;

	while (tsv_line(t, &line))
		if (line.len > 0 && line.ptr[0] != '#') {
			split(t, &line);
			return true;
		}
	return false;
}
