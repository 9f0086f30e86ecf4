#include "config.h"

#include <stdio.h>

#include "lib/core/buf.h"
#include "lib/core/file.h"

enum { CHUNK = 64 * 1024 };

char *
file_read(const char *name, size_t most, struct arena *a, size_t *len, struct fault *f)
{
	FILE *in = fopen(name, "re");
	struct buf b = { 0 };
	char *out = NULL;
	size_t n;

	if (in == NULL) {
		fault_sys(f, "%s", name);
		return NULL;
	}
	while (b.len <= most && (n = fread(buf_reserve(&b, CHUNK), 1, CHUNK, in)) > 0)
		b.len += n;
	*len = b.len;
	if (ferror(in))
		fault_sys(f, "%s", name);
	else if (b.len > most)
		fault_stop(f, "%s: this has more than %zu bytes", name, most);
	else
		out = arena_strndup(a, b.data, b.len);
	fclose(in);
	buf_release(&b);
	return out;
}
