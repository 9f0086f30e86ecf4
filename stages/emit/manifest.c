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
#include "stages/emit/manifest.h"

enum { PART_MAX = 64 << 20 }; /* bytes of a manifest part */

void
coverage_add(struct coverage *c, const struct direction *d)
{
	for (int i = 0; i < DIMENSIONS; i++)
		if (d->at[i] != DIRECTION_NEUTRAL)
			c->pole[d->at[i] / 2][i]++;
}

void
coverage_put_json(const struct coverage *c, struct buf *b)
{
	buf_add_byte(b, '{');
	for (int i = 0; i < DIMENSIONS; i++)
		buf_printf(b, "%s\"%s\":[%" PRIu64 ",%" PRIu64 "]", i > 0 ? "," : "",
		    dimension_table[i].key, c->pole[0][i], c->pole[1][i]);
	buf_add_byte(b, '}');
}

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
add_counts(struct manifest_totals *m, const struct json_node *counts)
{
	struct json_walk w;
	struct json_node name, value;

	json_walk_begin(&w, counts);
	while (json_walk_next(&w, &name, &value))
		if (value.kind == JSON_INT && value.integer >= 0)
			counters_add(&m->counts,
			    arena_strndup(&m->names, name.text.ptr, name.text.len),
			    (uint64_t)value.integer);
}

static void
add_coverage(struct manifest_totals *m, const struct json_node *dimensions)
{
	struct json_walk w;
	struct json_node name, value;

	json_walk_begin(&w, dimensions);
	while (json_walk_next(&w, &name, &value)) {
		int i = dimension_find(name.text.ptr, name.text.len);
		struct json_node low = json_at(&value, "/0");
		struct json_node high = json_at(&value, "/1");

		if (i < 0 || low.kind != JSON_INT || high.kind != JSON_INT)
			continue;
		m->coverage.pole[0][i] += (uint64_t)low.integer;
		m->coverage.pole[1][i] += (uint64_t)high.integer;
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

static int
add_part(struct manifest_totals *m, const struct buf *text, struct fault *f)
{
	static const char *const names[] = { "settings", "counts", "dimensions", "files" };
	struct json_node root, part[4];
	struct buf settings = { 0 };
	int rc;

	if (json_parse(m->json, text->data, text->len, &root, f) < 0 || root.kind != JSON_MAP
	    || json_pick(&root, names, 4, part, f) < 0 || part[0].kind != JSON_MAP
	    || part[1].kind != JSON_MAP || part[2].kind != JSON_MAP || part[3].kind != JSON_LIST)
		return fault_set(f, "bad-manifest", "this is not the manifest of a part");
	rc = put_node(&part[0], &settings, f);
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
	add_counts(m, &part[1]);
	add_coverage(m, &part[2]);
	return add_files(m, &part[3], f);
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
	struct sink *s;
	int rc = -2;

	buf_printf(&b,
	    "{\"dataset\":\"alignx\",\"version\":\"%s\",\"parts\":%zu,"
	    "\n\"settings\":%.*s,\n\"counts\":",
	    PACKAGE_VERSION, m->parts, (int)m->settings.len, m->settings.data);
	json_write_counters(&b, &m->counts);
	buf_add_str(&b, ",\n\"dimensions\":");
	coverage_put_json(&m->coverage, &b);
	buf_add_str(&b, ",\n\"files\":[");
	buf_add(&b, m->files.data, m->files.len);
	buf_add_str(&b, "]}\n");
	buf_printf(&path, "%s/manifest.json", dir);
	if ((s = sink_open(path.data, f)) != NULL) {
		if ((rc = sink_write(s, b.data, b.len, f)) == 0)
			rc = sink_close(s, f);
		else
			sink_abandon(s);
	}
	buf_release(&path);
	buf_release(&b);
	return rc;
}

/* Where pairs were lost, by the names of the counts, and what a user can do about it. */
static const struct manifest_loss {
	const char *count, *what, *cure;
} losses[] = {
	{ "dropped-across-split", "lost between training and test",
	    "their users and threads are in both parts; another --test-share, or 0, loses fewer" },
	{ "dropped-neutral", "neutral", "no text of theirs states a preference" },
	{ "dropped-no-history", "without history",
	    "their users wrote nothing else; give more months, --persona matched, or --min-history 0" },
	{ "dropped-test-without-both-histories", "test rows without both histories",
	    "give more months" },
	{ "dropped-per-user", "over the limit of a user", "--per-user raises it" },
};

enum { LOSSES = sizeof(losses) / sizeof(losses[0]) };

/* Says what a user may not expect: no records, or no test rows. */
static void
put_warnings(const struct manifest_totals *m, uint64_t train, uint64_t test, struct buf *out)
{
	const struct manifest_loss *most = &losses[0];
	uint64_t across = counters_look_up(&m->counts, losses[0].count);

	if (train + test > 0) {
		if (test == 0 && across > 0)
			buf_printf(out, "no test rows\t%" PRIu64 " pairs %s: %s\n", across,
			    losses[0].what, losses[0].cure);
		return;
	}
	if (counters_look_up(&m->counts, "pairs") == 0) {
		buf_add_str(out,
		    "no records\tthere were no pairs: a pair needs a post and two comments on it; "
		    "comments are often on posts of earlier months, so give the submissions (RS_) of "
		    "these and the months before\n");
		return;
	}
	for (size_t i = 1; i < LOSSES; i++)
		if (counters_look_up(&m->counts, losses[i].count)
		    > counters_look_up(&m->counts, most->count))
			most = &losses[i];
	buf_printf(out, "no records\t%" PRIu64 " pairs and comments %s: %s\n",
	    counters_look_up(&m->counts, most->count), most->what, most->cure);
}

static void
put_summary(const struct manifest_totals *m, struct buf *out)
{
	const uint64_t train = counters_look_up(&m->counts, "train");
	const uint64_t test = counters_look_up(&m->counts, "test");
	int dimensions = 0, both = 0;

	for (int i = 0; i < DIMENSIONS; i++) {
		bool low = m->coverage.pole[0][i] > 0;
		bool high = m->coverage.pole[1][i] > 0;

		dimensions += low || high;
		both += low && high;
	}
	buf_printf(out,
	    "training records\t%" PRIu64 "\ntest rows\t%" PRIu64 "\nusers\t%" PRIu64
	    "\ndimensions covered\t%d of %d (%d at both "
	    "poles)\n",
	    train, test, counters_look_up(&m->counts, "users"), dimensions, DIMENSIONS, both);
	buf_printf(out, "pairs\t%" PRIu64 "\n", counters_look_up(&m->counts, "pairs"));
	for (size_t i = 0; i < LOSSES; i++)
		if (counters_look_up(&m->counts, losses[i].count) > 0)
			buf_printf(out, "%s\t%" PRIu64 "\n", losses[i].what,
			    counters_look_up(&m->counts, losses[i].count));
	put_warnings(m, train, test, out);
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
