/* rules.c - loads a folder of rule files and computes its version. */

#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "lib/core/file.h"
#include "lib/core/utf8.h"
#include "annotate/rules_file.h"

static bool
is_wanted(const char *name)
{
	const char *dot = strrchr(name, '.');

	return (name[0] != '.' && dot != NULL && strcmp(dot, ".rules") == 0)
	    || strcmp(name, "communities.tsv") == 0;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Lists the files to read, in the order of their names; returns how many, or -2. */
static int
list_files(const char *folder, struct arena *a, char ***names, struct fault *f)
{
	DIR *dir = opendir(folder);
	struct dirent *e;
	void *list = NULL;
	size_t n = 0;

	if (dir == NULL)
		return rules_missing(folder, f);
	while ((e = readdir(dir)) != NULL)
		if (is_wanted(e->d_name))
			*(char **)rules_push(a, &list, &n, sizeof(char *)) = arena_strndup(a,
			    e->d_name, strlen(e->d_name));
	closedir(dir);
	if (n == 0)
		return fault_stop(f, "%s: there are no *.rules files here", folder);
	qsort(list, n, sizeof(char *), by_name);
	*names = list;
	return (int)n;
}

/* The line of a byte. */
static int
line_of(const struct text *text, size_t at)
{
	int line = 1;

	for (size_t i = 0; i < at; i++)
		line += text->ptr[i] == '\n';
	return line;
}

static int
read_one(struct rules_reader *r, const char *folder, const char *name, XXH3_state_t *hash)
{
	struct text text;
	size_t size = strlen(folder) + strlen(name) + 2, bad;
	char *file = arena_alloc(r->arena, size);

	snprintf(file, size, "%s/%s", folder, name);
	r->file = file;
	text.ptr = file_read(file, RULES_FILE_MAX, r->arena, &text.len, r->fault);
	if (text.ptr == NULL)
		return -2;
	XXH3_64bits_update(hash, name, strlen(name) + 1);
	XXH3_64bits_update(hash, text.ptr, text.len + 1);
	if ((bad = utf8_first_invalid(text.ptr, text.len)) < text.len)
		return rules_blame(r, line_of(&text, bad), "this is not UTF-8");
	return strcmp(name, "communities.tsv") == 0 ? rules_communities_read(r, text.ptr, text.len)
						    : rules_file_read(r, text.ptr, text.len);
}

const char *
rules_folder(const char *named)
{
	const char *from_env = getenv("ALIGNX_RULES");

	if (named != NULL)
		return named;
	return from_env != NULL && from_env[0] != '\0' ? from_env : PKGDATADIR "/rules";
}

int
rules_missing(const char *path, struct fault *f)
{
	if (errno != ENOENT)
		return fault_sys(f, "%s", path);
	return fault_stop(f, "%s: %s; set ALIGNX_RULES, or name a folder with -r", path,
	    strerror(errno));
}

int
rules_load(struct rules *r, const char *folder, struct arena *a, rules_fault_fn *fn, void *with,
    struct fault *f)
{
	struct rules_reader reader = { .rules = r, .arena = a, .fn = fn, .with = with, .fault = f };
	XXH3_state_t *hash = XXH3_createState();
	char **names = NULL;
	int rc = 0, n;

	*r = (struct rules){ 0 };
	if (hash == NULL)
		arena_out_of_memory();
	XXH3_64bits_reset(hash);
	if ((n = list_files(folder, a, &names, f)) < 0)
		rc = -2;
	for (int i = 0; rc == 0 && i < n; i++)
		rc = read_one(&reader, folder, names[i], hash);
	snprintf(r->version, sizeof(r->version), "rules-%012" PRIx64,
	    (uint64_t)(XXH3_64bits_digest(hash) >> 16));
	XXH3_freeState(hash);
	string_set_release(&reader.ids);
	return rc == 0 && reader.faults == 0 ? 0 : -2;
}
