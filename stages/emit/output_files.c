#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/arena.h"
#include "lib/json/json_write.h"
#include "lib/io/earlier_files.h"
#include "lib/io/file_digest.h"
#include "lib/io/folder_lock.h"
#include "lib/io/sink.h"
#include "stages/emit/output_files.h"

enum { STREAMS_MAX = 8 };

struct stream {
	const char *name;
	struct sink *sink;   /* NULL between files */
	long files, records; /* of the current file */
};

struct output_files {
	const char *dir, *suffix;
	long part, records_per_file;
	struct stream stream[STREAMS_MAX];
	size_t streams;
	struct buf list; /* JSON of the complete files */
};

static int
refuse_old_files(const char *dir, long part, struct fault *f)
{
	static const char *const folders[] = { "manifest", "train", "test/UGC", "test/PAIR",
		"test/DEMO", "test/arbitrary", "uninformed" };
	struct buf folder = { 0 };
	char pattern[40];
	int rc = 0;

	snprintf(pattern, sizeof(pattern), "part-%05ld[.-]*", part);
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]) && rc == 0; i++) {
		buf_clear(&folder);
		buf_printf(&folder, "%s/%s", dir, folders[i]);
		rc = earlier_files_refuse(folder.data, pattern, f);
	}
	buf_release(&folder);
	return rc;
}

struct output_files *
output_files_new(const char *dir, long part, const char *suffix, long records_per_file,
    struct fault *f)
{
	struct output_files *e;

	if (make_folders(dir, f) < 0 || refuse_old_files(dir, part, f) < 0)
		return NULL;
	if ((e = calloc(1, sizeof(*e))) == NULL)
		arena_out_of_memory();
	e->dir = dir;
	e->part = part;
	e->suffix = suffix;
	e->records_per_file = records_per_file;
	return e;
}

static struct stream *
stream_of(struct output_files *e, const char *name)
{
	for (size_t i = 0; i < e->streams; i++)
		if (strcmp(e->stream[i].name, name) == 0)
			return &e->stream[i];
	e->stream[e->streams].name = name;
	return &e->stream[e->streams++];
}

static int
open_next(struct output_files *e, struct stream *s, struct fault *f)
{
	struct buf path = { 0 };
	int rc;

	buf_printf(&path, "%s/%s", e->dir, s->name);
	if ((rc = make_folders(path.data, f)) == 0) {
		buf_printf(&path, "/part-%05ld-%03ld%s", e->part, s->files++, e->suffix);
		s->records = 0;
		if ((s->sink = sink_open(path.data, f)) == NULL)
			rc = -2;
	}
	buf_release(&path);
	return rc;
}

static int
close_one(struct output_files *e, struct stream *s, struct fault *f)
{
	struct buf path = { 0 };
	char hex[FILE_DIGEST_LEN + 1];
	uint64_t size;
	int rc;

	buf_add_str(&path, sink_name(s->sink));
	buf_add_byte(&path, '\0');
	rc = sink_close(s->sink, f);
	s->sink = NULL;
	if (rc == 0 && (rc = file_digest(path.data, hex, &size, f)) == 0) {
		const char *name = path.data + strlen(e->dir) + 1;

		buf_printf(&e->list, "%s\n{\"file\":", e->list.len > 0 ? "," : "");
		json_write_text(&e->list, name, strlen(name));
		buf_printf(&e->list,
		    ",\"stream\":\"%s\",\"records\":%ld,"
		    "\"bytes\":%" PRIu64 ",\"sha256\":\"%s\"}",
		    s->name, s->records, size, hex);
	}
	buf_release(&path);
	return rc;
}

int
output_files_put(struct output_files *e, const char *stream, const struct buf *record,
    struct fault *f)
{
	struct stream *s = stream_of(e, stream);

	if (s->sink != NULL && s->records == e->records_per_file && close_one(e, s, f) < 0)
		return -2;
	if (s->sink == NULL && open_next(e, s, f) < 0)
		return -2;
	s->records++;
	return sink_write(s->sink, record->data, record->len, f);
}

static int
write_manifest(struct output_files *e, const char *settings, const struct coverage *coverage,
    const struct counters *count, struct fault *f)
{
	struct buf path = { 0 }, b = { 0 };
	int rc;

	buf_printf(&path, "%s/manifest", e->dir);
	rc = make_folders(path.data, f);
	buf_printf(&path, "/part-%05ld.json", e->part);
	buf_printf(&b,
	    "{\"part\":%ld,\"program\":\"alignx-emit\","
	    "\"version\":\"%s\",\"settings\":%s,\"counts\":",
	    e->part, PACKAGE_VERSION, settings);
	json_write_counters(&b, count);
	buf_add_str(&b, ",\"sources\":");
	json_write_counter_groups(&b, count);
	buf_add_str(&b, ",\n");
	coverage_put_json(coverage, &b);
	buf_add_str(&b, ",\"files\":[");
	buf_add(&b, e->list.data, e->list.len);
	buf_add_str(&b, "]}\n");
	if (rc == 0)
		rc = sink_write_file(path.data, b.data, b.len, f);
	buf_release(&path);
	buf_release(&b);
	return rc;
}

void
output_files_abandon(struct output_files *e)
{
	if (e == NULL)
		return;
	for (size_t i = 0; i < e->streams; i++)
		sink_abandon(e->stream[i].sink);
	buf_release(&e->list);
	free(e);
}

int
output_files_close(struct output_files *e, const char *settings, const struct coverage *coverage,
    const struct counters *count, struct fault *f)
{
	int rc = 0;

	for (size_t i = 0; i < e->streams && rc == 0; i++)
		if (e->stream[i].sink != NULL)
			rc = close_one(e, &e->stream[i], f);
	if (rc == 0)
		rc = write_manifest(e, settings, coverage, count, f);
	output_files_abandon(e);
	return rc;
}
