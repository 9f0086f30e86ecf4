#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "annotate/rules.h"
#include "lib/core/file.h"
#include "lib/io/folder_lock.h"
#include "lib/io/sink.h"
#include "lib/json/json_write.h"
#include "stages/build/rules_digest.h"
#include "stages/build/work_folder.h"

enum { KEY_MAX = 64 << 20, LOCK_WAIT = 10 /* seconds */ };

/* Appends what a part of the build depends on. */
static void
put_part(struct buf *b, const char *part)
{
	buf_add_str(b, part != NULL ? part : "");
	buf_add_byte(b, '\n');
}

static const char *
hash_of(const struct buf *b, struct arena *a)
{
	const XXH128_hash_t h = XXH3_128bits(b->data, b->len);
	char hex[33];

	snprintf(hex, sizeof(hex), "%016llx%016llx", (unsigned long long)h.high64,
	    (unsigned long long)h.low64);
	return arena_strndup(a, hex, 32);
}

static int
set_rules(struct build_plan *p, struct arena *a, struct fault *f)
{
	struct buf b = { 0 };
	int rc = rules_digest(&b, f);

	p->rules = arena_strndup(a, b.data, b.len);
	buf_release(&b);
	return rc;
}

/* How often a dump was named before: two jobs must not have the same key. */
static size_t
times_before(const struct build_dump *dump, size_t i)
{
	size_t n = 0;

	for (size_t k = 0; k < i; k++)
		n += strcmp(dump[k].path, dump[i].path) == 0
		    && strcmp(dump[k].source, dump[i].source) == 0;
	return n;
}

int
work_folder_set_keys(struct build_plan *p, struct build_dump *dump, struct arena *a,
    struct fault *f)
{
	struct buf same = { 0 }, b = { 0 };
	struct stat st;
	int rc = set_rules(p, a, f);

	put_part(&same, p->rules);
	put_part(&same, PACKAGE_VERSION);
	put_part(&same, p->ingest);
	put_part(&same, p->extract);
	put_part(&same, p->map);
	put_part(&same, p->dedup);
	buf_printf(&same, "%ld %ld\n", p->shards, p->seed);
	for (size_t i = 0; i < p->dumps && rc == 0; i++) {
		if (stat(dump[i].path, &st) != 0)
			rc = fault_sys(f, "%s", dump[i].path);
		buf_clear(&b);
		buf_add(&b, same.data, same.len);
		put_part(&b, dump[i].source);
		put_part(&b, dump[i].path);
		buf_printf(&b, "%zu\n", times_before(dump, i));
		buf_printf(&b, "%lld %lld\n", (long long)st.st_size, (long long)st.st_mtime);
		dump[i].key = hash_of(&b, a);
	}
	buf_release(&same);
	buf_release(&b);
	return rc;
}

/* The path of a file of the work folder, with a NUL. */
static const char *
path_in(struct buf *b, const struct build_plan *p, const char *name)
{
	buf_clear(b);
	buf_printf(b, "%s/.work/%s", p->dir, name);
	buf_add_byte(b, '\0');
	return b->data;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

/* rm -rf */
static int
remove_all(const struct build_plan *p, const char *name, struct fault *f)
{
	struct buf path = { 0 };
	int rc = 0;

	path_in(&path, p, name);
	if (nftw(path.data, remove_one, 16, FTW_DEPTH | FTW_PHYS) != 0 && errno != ENOENT)
		rc = fault_sys(f, "%s", path.data);
	buf_release(&path);
	return rc;
}

static int
write_file(const struct build_plan *p, const char *name, const struct buf *b, struct fault *f)
{
	struct buf path = { 0 };
	int rc = sink_write_file(path_in(&path, p, name), b->data, b->len, f);

	buf_release(&path);
	return rc;
}

/* Does a small file hold just this? */
static bool
file_is(const struct build_plan *p, const char *name, const char *expected)
{
	struct buf path = { 0 };
	struct arena a = { 0 };
	struct fault ignored = FAULT_NONE;
	size_t len;
	const char *text = file_read(path_in(&path, p, name), KEY_MAX, &a, &len, &ignored);
	const bool is_same = text != NULL && len == strlen(expected)
	    && memcmp(text, expected, len) == 0;

	buf_release(&path);
	arena_release(&a);
	return is_same;
}

static int
is_entry(const struct dirent *e)
{
	return strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
}

/* The results of a map job are files that begin with its key. */
static bool
is_of_dump(const struct build_plan *p, const char *result)
{
	for (size_t i = 0; i < p->dumps; i++)
		if (strncmp(result, p->dump[i].key, strlen(p->dump[i].key)) == 0)
			return true;
	return false;
}

/* Makes room: nothing reads the results of dumps that are not among those of today. */
static int
remove_other_dumps(const struct build_plan *p, struct fault *f)
{
	struct buf path = { 0 };
	struct dirent **e;
	int n = scandir(path_in(&path, p, "map"), &e, is_entry, alphasort), rc = 0;

	for (int i = 0; i < n; i++) {
		buf_clear(&path);
		buf_printf(&path, "map/%s", e[i]->d_name);
		buf_add_byte(&path, '\0');
		if (rc == 0 && !is_of_dump(p, e[i]->d_name))
			rc = remove_all(p, path.data, f);
		free(e[i]);
	}
	if (n >= 0)
		free(e);
	buf_release(&path);
	return rc;
}

/* Removes the results of a stage whose options, or whose input, are others than before. */
static int
check_stage(const struct build_plan *p, const char *stage, const char *options,
    const char *const *results, bool *is_same, struct fault *f)
{
	struct buf key = { 0 };
	char name[32];
	int rc = 0;

	buf_printf(&key, "%s\n%s\n%ld\n", PACKAGE_VERSION, options != NULL ? options : "", p->seed);
	for (size_t i = 0; i < p->dumps; i++)
		put_part(&key, p->dump[i].key);
	buf_add_byte(&key, '\0');
	key.len--;
	snprintf(name, sizeof(name), "%s.options", stage);
	*is_same = *is_same && file_is(p, name, key.data);
	for (; !*is_same && *results != NULL && rc == 0; results++)
		rc = remove_all(p, *results, f);
	if (rc == 0)
		rc = write_file(p, name, &key, f);
	buf_release(&key);
	return rc;
}

static int
remove_stale(const struct build_plan *p, struct fault *f)
{
	static const char *const paired[] = { "drops", "pair", NULL },
				 *const emitted[] = { "split", "emit", "all", NULL };
	bool is_same = true;

	return remove_other_dumps(p, f) < 0
		|| check_stage(p, "pair", p->pair, paired, &is_same, f) < 0
		|| check_stage(p, "emit", p->emit, emitted, &is_same, f) < 0
	    ? -2
	    : 0;
}

static void
put_option(struct buf *b, const char *name, const char *value)
{
	buf_printf(b, ",\"%s\":", name);
	json_write_text(b, value != NULL ? value : "", value != NULL ? strlen(value) : 0);
}

/* How the data are made, for the manifest and the jobs. */
static int
write_options(const struct build_plan *p, struct fault *f)
{
	struct buf b = { 0 };
	int rc;

	buf_printf(&b,
	    "{\"program\":\"alignx-build\",\"version\":\"%s\",\"shards\":%ld,\"seed\":%ld",
	    PACKAGE_VERSION, p->shards, p->seed);
	put_option(&b, "ingest", p->ingest);
	put_option(&b, "extract", p->extract);
	put_option(&b, "map", p->map);
	put_option(&b, "dedup", p->dedup);
	put_option(&b, "pair", p->pair);
	put_option(&b, "emit", p->emit);
	put_option(&b, "rules", rules_folder(NULL));
	buf_add_str(&b, "}\n");
	rc = write_file(p, "options.json", &b, f);
	buf_clear(&b);
	buf_add_str(&b, p->rules);
	if (rc == 0)
		rc = write_file(p, "rules.json", &b, f);
	buf_clear(&b);
	for (size_t i = 0; i < p->dumps; i++)
		buf_printf(&b, "%s\t%s\t%s\n", p->dump[i].key, p->dump[i].source, p->dump[i].path);
	if (rc == 0)
		rc = write_file(p, "dumps.tsv", &b, f);
	buf_release(&b);
	return rc;
}

/* A folder must be new, empty, or that of an interrupted build. */
static int
check_folder(const struct build_plan *p, bool is_resumed, struct fault *f)
{
	struct buf path = { 0 };
	struct dirent **e;
	int n = scandir(p->dir, &e, is_entry, alphasort), rc = 0;
	const bool has_work = access(path_in(&path, p, ""), F_OK) == 0;

	buf_release(&path);
	if (n < 0)
		return fault_sys(f, "%s", p->dir);
	if (has_work && !is_resumed)
		rc = fault_stop(f,
		    "%s/.work holds an interrupted build; go on with --resume, or remove it",
		    p->dir);
	else if (n > 0 && !has_work)
		rc = fault_stop(f, "%s/%s is there already; name another folder or remove it",
		    p->dir, e[0]->d_name);
	for (int i = 0; i < n; i++)
		free(e[i]);
	free(e);
	return rc;
}

int
work_folder_prepare(const struct build_plan *p, bool is_resumed, const struct buf *script,
    struct fault *f)
{
	struct buf path = { 0 };
	int rc = 0;

	if (make_folders(p->dir, f) < 0 || folder_lock(p->dir, is_resumed ? LOCK_WAIT : 0, f) < 0
	    || check_folder(p, is_resumed, f) < 0 || make_folders(path_in(&path, p, ""), f) < 0
	    || remove_stale(p, f) < 0 || write_options(p, f) < 0
	    || write_file(p, "build.sh", script, f) < 0)
		rc = -2;
	buf_release(&path);
	return rc;
}
