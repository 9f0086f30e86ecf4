#include "config.h"

#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/io/folder_files.h"

bool
is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool
ends_in(const char *s, const char *end)
{
	const size_t n = strlen(s), m = strlen(end);

	return n > m && strcmp(s + n - m, end) == 0;
}

static int
by_name(const void *va, const void *vb)
{
	return strcmp(*(const char *const *)va, *(const char *const *)vb);
}

const char **
folder_files(const char *folder, struct arena *a, size_t *n, struct fault *f)
{
	char *const roots[] = { arena_strndup(a, folder, strlen(folder)), NULL };
	const char **found = NULL, **kept;
	size_t cap = 0;
	FTS *walk = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, NULL);
	FTSENT *at;

	*n = 0;
	while (walk != NULL && (at = fts_read(walk)) != NULL) {
		if (at->fts_info == FTS_D && at->fts_level > 0 && at->fts_name[0] == '.')
			fts_set(walk, at, FTS_SKIP);
		if (at->fts_info != FTS_F
		    || (!ends_in(at->fts_name, ".msgpack")
			&& !ends_in(at->fts_name, ".msgpack.zst")))
			continue;
		found = arena_grow_array(found, *n, &cap, sizeof(*found));
		found[(*n)++] = arena_strndup(a, at->fts_path, strlen(at->fts_path));
	}
	if (walk != NULL)
		fts_close(walk);
	kept = arena_alloc(a, (*n + 1) * sizeof(*kept));
	if (*n > 0) {
		memcpy(kept, found, *n * sizeof(*kept));
		qsort(kept, *n, sizeof(*kept), by_name);
	}
	free(found);
	if (*n > 0)
		return kept;
	fault_stop(f, "%s: no file in this directory is named *.msgpack or *.msgpack.zst", folder);
	return NULL;
}
