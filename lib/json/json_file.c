/* json_file.c - json_parse_file() of json.h: a whole JSON file. */

#include "config.h"

#include <string.h>

#include "lib/core/file.h"
#include "lib/json/json.h"

int
json_parse_file(struct json *j, const char *file, size_t most, struct json_node *root,
    struct arena *a, struct fault *f)
{
	struct fault why = FAULT_NONE;
	size_t len;
	char *text = file_read(file, most, a, &len, f), *padded;

	if (text == NULL)
		return -2;
	padded = arena_alloc(a, len + JSON_PADDING);
	memcpy(padded, text, len);
	return json_parse(j, padded, len, root, &why) == 0
	    ? 0
	    : fault_stop(f, "%s: byte %lld: %s", file, (long long)why.at, why.text);
}
