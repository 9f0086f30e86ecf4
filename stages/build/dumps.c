#include "config.h"

#include <fnmatch.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "stages/build/dumps.h"

/* The usual names of dumps. */
static const struct {
	const char *pattern, *source;
} usual_names[] = {
	{ "RC_*", "reddit-comments" },
	{ "RS_*", "reddit-submissions" },
	{ "*_comments*", "reddit-comments" },
	{ "*_submissions*", "reddit-submissions" },
	{ "*_posts*", "reddit-submissions" },
};

/* Ends of names that download programs give to what is not there yet, or not a dump. */
static const struct {
	const char *end, *what;
} no_dumps[] = {
	{ ".part", "an unfinished download" },
	{ ".aria2", "the state of a download" },
	{ ".!qB", "an unfinished download" },
	{ ".crdownload", "an unfinished download" },
	{ ".torrent", "a torrent, not a dump" },
	{ ".sha256", "a checksum" },
	{ ".sha256sum", "a checksum" },
	{ ".md5", "a checksum" },
};

/* Why a file is no dump; NULL: it may be one. */
static const char *
no_dump(const char *path, off_t size)
{
	const size_t len = strlen(path);

	for (size_t i = 0; i < sizeof(no_dumps) / sizeof(no_dumps[0]); i++) {
		const size_t n = strlen(no_dumps[i].end);

		if (len > n && strcmp(path + len - n, no_dumps[i].end) == 0)
			return no_dumps[i].what;
	}
	return size == 0 ? "empty" : NULL;
}

static const char *
source_of(const struct build_dumps *d, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;

	if (d->source != NULL)
		return d->source;
	for (size_t i = 0; i < sizeof(usual_names) / sizeof(usual_names[0]); i++)
		if (fnmatch(usual_names[i].pattern, name, 0) == 0)
			return usual_names[i].source;
	return NULL;
}

static int
add_dump(struct build_dumps *d, const char *kind, const char *path, struct fault *f)
{
	if (kind == NULL)
		return fault_stop(f,
		    "%s: unknown kind of dump; say --source kind, or "
		    "kind:%s",
		    path, path);
	if (strpbrk(path, "\t\n") != NULL)
		return fault_stop(f, "%s: the name contains a tab or a line break", path);
	d->dump = arena_grow_array(d->dump, d->len, &d->cap, sizeof(*d->dump));
	d->dump[d->len++] = (struct build_dump){ .source = kind, .path = path };
	return 0;
}

/* For add_file(): nftw() takes no argument. */
static struct build_dumps *walked;
static struct fault *walk_fault;

static int
add_file(const char *path, const struct stat *st, int type, struct FTW *at)
{
	const char *why = no_dump(path, st->st_size);
	struct fault note = FAULT_NONE;

	(void)at;
	if (type != FTW_F)
		return 0;
	if (why == NULL && source_of(walked, path) == NULL)
		why = "not named like a dump";
	if (why != NULL) {
		fault_stop(&note, "passed over %s: it is %s", path, why);
		report_say(walked->report, &note);
		return 0;
	}
	return add_dump(walked, source_of(walked, path),
	    arena_strndup(walked->arena, path, strlen(path)), walk_fault);
}

static int
by_path(const void *va, const void *vb)
{
	const struct build_dump *a = va, *b = vb;

	return strcmp(a->path, b->path);
}

static int
add_folder(struct build_dumps *d, const char *folder, struct fault *f)
{
	const size_t before = d->len;

	walked = d;
	walk_fault = f;
	if (nftw(folder, add_file, 16, 0) != 0) /* links are followed */
		return f->text[0] != '\0' ? -2 : fault_sys(f, "%s", folder);
	if (d->len == before)
		return fault_stop(f,
		    "%s: no file in this folder is named like "
		    "a dump (RC_*, RS_*, *_comments*, *_submissions*, *_posts*); say --source kind",
		    folder);
	qsort(d->dump + before, d->len - before, sizeof(*d->dump), by_path);
	return 0;
}

int
build_dumps_add(struct build_dumps *d, char *word, struct fault *f)
{
	char *colon = strchr(word, ':');
	struct stat st;

	if (stat(word, &st) != 0 && colon != NULL && stat(colon + 1, &st) == 0
	    && S_ISREG(st.st_mode)) {
		*colon = '\0';
		return add_dump(d, word, colon + 1, f);
	}
	if (stat(word, &st) != 0)
		return fault_sys(f, "%s", word);
	if (S_ISDIR(st.st_mode))
		return add_folder(d, word, f);
	return no_dump(word, st.st_size) != NULL
	    ? fault_stop(f, "%s is %s", word, no_dump(word, st.st_size))
	    : add_dump(d, source_of(d, word), word, f);
}
