/* recognize.c - tells files that hold no JSON rows by their first bytes.
 *
 * Without it, each line of such a file would be refused, and none of the refusals would say
 * what the file is. */

#include "config.h"

#include <string.h>
#include <strings.h>

#include "stages/ingest/recognize.h"

static const struct {
	const char *begin;
	size_t len;
	const char *is, *cure;
} formats[] = {
	{ "PAR1", 4, "is Parquet",
	    "convert it: python3 -c \"import json, sys, pyarrow.parquet as p; "
	    "[print(json.dumps(r, default=str)) for b in p.ParquetFile(sys.argv[1]).iter_batches() "
	    "for r in b.to_pylist()]\" FILE" },
	{ "SQLite format 3", 16, "is an SQLite database",
	    "export a table: sqlite3 FILE -json 'SELECT * FROM name'" },
	{ "\xff\xfe", 2, "is UTF-16", "convert it: iconv -f UTF-16 -t UTF-8 FILE" },
	{ "\xfe\xff", 2, "is UTF-16", "convert it: iconv -f UTF-16 -t UTF-8 FILE" },
	{ "{\0", 2, "is UTF-16", "convert it: iconv -f UTF-16LE -t UTF-8 FILE" },
	{ "\0{", 2, "is UTF-16", "convert it: iconv -f UTF-16BE -t UTF-8 FILE" },
	{ "version https://git-lfs.github.com/spec/", 40, "is a pointer of Git LFS, not the file",
	    "get it with git lfs pull" },
};

static bool
is_space(uint8_t c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* Only markup begins with '<': mostly the page that a server sends where a download fails. */
static bool
is_markup(const uint8_t *head, size_t len)
{
	size_t i = len >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	while (i < len && is_space(head[i]))
		i++;
	return i + 1 < len && head[i] == '<'
	    && (head[i + 1] == '!' || head[i + 1] == '?'
		|| (uint8_t)((head[i + 1] | 0x20) - 'a') < 26);
}

/* Is the first line one of CSV or TSV?  JSON rows, and the ends of such, have braces. */
static bool
is_csv(const uint8_t *head, size_t len)
{
	bool has_separator = false, is_quoted = false;

	for (size_t i = 0; i < len; i++) {
		if (head[i] == '{' || head[i] == '}' || (i == 0 && head[i] == '['))
			return false;
		if (head[i] == '\n' && i > 0)
			return has_separator;
		is_quoted ^= head[i] == '"';
		has_separator |= !is_quoted
		    && (head[i] == ',' || head[i] == ';' || head[i] == '\t');
	}
	return false;
}

static int
refuse(const char *name, const char *is, const char *cure, struct fault *f)
{
	return fault_stop(f, "%s: this %s, and JSON rows are expected; %s", name, is, cure);
}

int
recognize_foreign(const char *name, const uint8_t *head, size_t len, struct fault *f)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (len >= formats[i].len && memcmp(head, formats[i].begin, formats[i].len) == 0)
			return refuse(name, formats[i].is, formats[i].cure, f);
	if (is_markup(head, len))
		return refuse(name, "is HTML or XML",
		    "it may be what a server sent in place of a dump, so download it again", f);
	if (is_csv(head, len))
		return refuse(name, "looks like CSV",
		    "convert it: python3 -c \"import csv, json, sys; csv.field_size_limit(1 << 30); "
		    "[print(json.dumps(r)) for r in csv.DictReader(sys.stdin)]\" <FILE",
		    f);
	return 0;
}
