/* text.c - any text is UTF-8 after each step of cleaning, and clean after all of them. */

#include "config.h"

#include <stdint.h>
#include <string.h>

#include "lib/text/clean_text.h"
#include "lib/text/normalize_text.h"
#include "lib/core/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct buf normal, again;
static struct text_cleaner once, twice;

static void
must(bool good)
{
	if (!good)
		__builtin_trap();
}

static void
must_be_normal_again(const char *s, size_t len)
{
	if (!normalize_text(s, len, &normal))
		return;
	must(utf8_is_valid(normal.data, normal.len));
	must(utf8_count(normal.data, normal.len) <= normal.len);
	must(!normalize_text(normal.data, normal.len, &again)
	    || (again.len == normal.len && memcmp(again.data, normal.data, normal.len) == 0));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text text = { (const char *)data, size }, same;

	if (!utf8_is_valid(text.ptr, text.len))
		return 0;
	must_be_normal_again(text.ptr, text.len);
	clean_text(&once, &text);
	must(utf8_is_valid(text.ptr, text.len));
	same = text;
	clean_text(&twice, &same);
	must(text_equals(&text, &same));
	return 0;
}
