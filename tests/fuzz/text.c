/* text.c - any text, normalized and without PII and URLs, is UTF-8; normalized text is normal. */

#include "config.h"

#include <stdint.h>
#include <string.h>

#include "lib/text/normalize_text.h"
#include "lib/text/pii.h"
#include "lib/text/strip_url.h"
#include "lib/core/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct buf cleaned, again, scrubbed, stripped;

static void
must(bool good)
{
	if (!good)
		__builtin_trap();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *s = (const char *)data;
	size_t len = size;

	if (!utf8_is_valid(s, len))
		return 0;
	if (normalize_text(s, len, &cleaned)) {
		s = cleaned.data;
		len = cleaned.len;
		must(utf8_is_valid(s, len));
		must(!normalize_text(s, len, &again)
		    || (again.len == len && memcmp(again.data, s, len) == 0));
	}
	must(utf8_count(s, len) <= len);
	if (pii_replace(s, len, &scrubbed)) {
		s = scrubbed.data;
		len = scrubbed.len;
		must(utf8_is_valid(s, len));
	}
	if (strip_url_hosts(s, len, &stripped)) {
		must(stripped.len < len);
		must(utf8_is_valid(stripped.data, stripped.len));
	}
	return 0;
}
