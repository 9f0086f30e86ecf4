#include "config.h"

#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/arena.h"
#include "lib/core/counters.h"
#include "lib/json/json.h"
#include "lib/json/json_write.h"
#include "lib/io/sink.h"
#include "schema/messages.h"
#include "stages/emit/coverage.h"
#include "stages/emit/manifest.h"

enum { PART_MAX = 64 << 20 }; /* bytes of a manifest part */

/* The sum of the parts. */
struct manifest_totals {
	struct json *json;
	struct arena names; /* of counts */
	struct counters counts;
	struct coverage coverage;
	struct buf settings, files;
	size_t parts;
};

static int
read_file(const char *path, struct buf *b, struct fault *f)
{
	FILE *in = fopen(path, "rb");
	size_t n = 1;
	int rc = 0;

	if (in == NULL)
		return fault_sys(f, "%s", path);
	buf_clear(b);
	while (n > 0 && b->len < PART_MAX) {
		n = fread(buf_reserve(b, 1 << 16), 1, 1 << 16, in);
		b->len += n;
	}
	if (ferror(in) || n > 0)
		rc = fault_stop(f, "%s: cannot be read, or is not a manifest", path);
	fclose(in);
	buf_reserve(b, JSON_PADDING);
	memset(b->data + b->len, 0, JSON_PADDING);
	return rc;
}

static void
add_counts(struct manifest_totals *m, const char *group, const struct json_node *counts)
{
	struct json_walk w;
	struct json_node name, value;

	json_walk_begin(&w, counts);
	while (json_walk_next(&w, &name, &value))
		if (value.kind == JSON_INT && value.integer >= 0)
			counters_add_to(&m->counts, group,
			    arena_strndup(&m->names, name.text.ptr, name.text.len),
			    (uint64_t)value.integer);
}

static void
add_sources(struct manifest_totals *m, const struct json_node *sources)
{
	struct json_walk w;
	struct json_node name, counts;

	json_walk_begin(&w, sources);
	while (json_walk_next(&w, &name, &counts)) {
		const char *dataset = dataset_named(name.text.ptr, name.text.len);

		if (dataset != NULL && counts.kind == JSON_MAP)
			add_counts(m, dataset, &counts);
	}
}

static int
put_node(const struct json_node *from, struct buf *b, struct fault *f)
{
	struct arena a = { 0 };
	msgpack_object tree;
	int rc = json_to_msgpack(from, &a, &tree, f);

	if (rc == 0)
		rc = json_write_msgpack(b, &tree, f);
	arena_release(&a);
	return rc;
}

static int
add_files(struct manifest_totals *m, const struct json_node *files, struct fault *f)
{
	struct json_walk w;
	struct json_node value;

	json_walk_begin(&w, files);
	while (json_walk_next(&w, NULL, &value)) {
		buf_add_str(&m->files, m->files.len > 0 ? ",\n" : "\n");
		if (put_node(&value, &m->files, f) < 0)
			return -1;
	}
	return 0;
}

/* The maps and the list of a part's manifest. */
enum { SETTINGS, COUNTS, SOURCES, COVERED, EVIDENCE, FILES, PARTS };
static const char *const part_names[PARTS] = { "settings", "counts", "sources", "dimensions",
	"evidence", "files" };

static int
read_part(struct manifest_totals *m, const struct buf *text, struct json_node *part,
    struct fault *f)
{
	struct json_node root;
	int rc = json_parse(m->json, text->data, text->len, &root, f);

	if (rc == 0)
		rc = root.kind == JSON_MAP ? json_pick(&root, part_names, PARTS, part, f) : -1;
	for (int i = 0; rc >= 0 && i < PARTS; i++)
		if (part[i].kind != (i == FILES ? JSON_LIST : JSON_MAP))
			rc = -1;
	return rc >= 0 ? 0 : fault_set(f, "bad-manifest", "this is not the manifest of a part");
}

static int
add_part(struct manifest_totals *m, const struct buf *text, struct fault *f)
{
	struct json_node part[PARTS];
	struct buf settings = { 0 };
	int rc;

	if (read_part(m, text, part, f) < 0)
		return -1;
	rc = put_node(&part[SETTINGS], &settings, f);
	if (rc == 0 && m->parts++ == 0)
		buf_add(&m->settings, settings.data, settings.len);
	if (rc == 0
	    && (settings.len != m->settings.len
		|| memcmp(settings.data, m->settings.data, settings.len) != 0))
		rc = fault_set(f, "bad-manifest",
		    "this part was made with "
		    "other settings than the first");
	buf_release(&settings);
	if (rc < 0)
		return rc;
	add_counts(m, NULL, &part[COUNTS]);
	add_sources(m, &part[SOURCES]);
	coverage_add_json(&m->coverage, &part[COVERED], &part[EVIDENCE]);
	return add_files(m, &part[FILES], f);
}

static int
add_all(struct manifest_totals *m, const char *dir, struct fault *f)
{
	struct buf pattern = { 0 }, text = { 0 };
	glob_t found = { 0 };
	int rc = 0;

	buf_printf(&pattern, "%s/manifest/part-*.json", dir);
	if (glob(pattern.data, 0, NULL, &found) != 0)
		rc = fault_stop(f, "%s: there are no manifests of parts here", dir);
	for (size_t i = 0; rc == 0 && i < found.gl_pathc; i++) {
		struct fault inner = FAULT_NONE;

		if ((rc = read_file(found.gl_pathv[i], &text, &inner)) == 0)
			rc = add_part(m, &text, &inner);
		if (rc < 0)
			fault_stop(f, "%s: %s", found.gl_pathv[i], inner.text);
	}
	globfree(&found);
	buf_release(&pattern);
	buf_release(&text);
	return rc < 0 ? -2 : 0;
}

static int
write_merged(const struct manifest_totals *m, const char *dir, struct fault *f)
{
	struct buf path = { 0 }, b = { 0 };
	int rc;

	buf_printf(&b,
	    "{\"dataset\":\"alignx\",\"version\":\"%s\",\"parts\":%zu,"
	    "\n\"settings\":%.*s,\n\"counts\":",
	    PACKAGE_VERSION, m->parts, (int)m->settings.len, m->settings.data);
	json_write_counters(&b, &m->counts);
	buf_add_str(&b, ",\n\"sources\":");
	json_write_counter_groups(&b, &m->counts);
	buf_add_str(&b, ",\n");
	coverage_put_json(&m->coverage, &b);
	buf_add_str(&b, ",\n\"files\":[");
	buf_add(&b, m->files.data, m->files.len);
	buf_add_str(&b, "]}\n");
	buf_printf(&path, "%s/manifest.json", dir);
	rc = sink_write_file(path.data, b.data, b.len, f);
	buf_release(&path);
	buf_release(&b);
	return rc;
}

static void
put_summary(const struct manifest_totals *m, struct buf *out)
{
	int dimensions = 0, both = 0;

	for (int i = 0; i < DIMENSIONS; i++) {
		bool low = m->coverage.pole[0][i] > 0;
		bool high = m->coverage.pole[1][i] > 0;

		dimensions += low || high;
		both += low && high;
	}
	for (size_t i = 0; i < m->counts.len; i++)
		if (m->counts.item[i].group == NULL && m->counts.item[i].n > 0)
			buf_printf(out, "%s\t%" PRIu64 "\n", m->counts.item[i].name,
			    m->counts.item[i].n);
	buf_printf(out, "dimensions covered\t%d of %d (%d at both poles)\n", dimensions, DIMENSIONS,
	    both);
}

int
manifest_merge(const char *dir, struct buf *out, struct fault *f)
{
	struct manifest_totals m = { .json = json_new() };
	int rc;

	if (m.json == NULL)
		arena_out_of_memory();
	rc = add_all(&m, dir, f);
	if (rc == 0)
		rc = write_merged(&m, dir, f);
	if (rc == 0)
		put_summary(&m, out);
	json_free(m.json);
	arena_release(&m.names);
	buf_release(&m.settings);
	buf_release(&m.files);
	return rc;
}
