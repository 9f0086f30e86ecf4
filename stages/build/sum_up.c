#include "config.h"

#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/core/file.h"
#include "lib/io/sink.h"
#include "lib/json/json_write.h"
#include "stages/build/funnel.h"
#include "stages/build/sum_up.h"

enum { MANIFEST_MAX = 1 << 30, SMALL_MAX = 64 << 20 };

struct sum_up {
	const char *dir;
	struct funnel funnel;
	struct arena arena;
	struct buf dumps;      /* JSON */
	struct buf bad, notes; /* lines: for status 1, and others */
	struct buf path;
	const char *comments; /* the name of a dump of comments */
};

static const char *
in_work(struct sum_up *s, const char *name)
{
	buf_clear(&s->path);
	buf_printf(&s->path, "%s/.work/%s", s->dir, name);
	buf_add_byte(&s->path, '\0');
	return s->path.data;
}

/* A dump that is not what it should be. */
static void
judge_dump(struct sum_up *s, const char *path, const struct funnel_dump *d)
{
	if (d->is_broken)
		buf_printf(&s->bad,
		    "%s is cut short or corrupt: %" PRIu64
		    " rows of it were read; get it again (alignx-ingest --check tells where it ends)\n",
		    path, d->rows - d->refused);
	else if (20 * d->refused > d->rows)
		buf_printf(&s->bad, "%" PRIu64 " of the %" PRIu64 " rows of %s were refused\n",
		    d->refused, d->rows, path);
}

static void
put_dump(struct sum_up *s, const char *source, const char *path, const char *sha256,
    const struct funnel_dump *d)
{
	struct stat st;

	buf_printf(&s->dumps, "%s\n{\"file\":", s->dumps.len > 0 ? "," : "");
	json_write_text(&s->dumps, path, strlen(path));
	buf_printf(&s->dumps,
	    ",\"source\":\"%s\",\"bytes\":%lld,\"sha256\":\"%.64s\",\"rows\":%" PRIu64
	    ",\"refused\":%" PRIu64 ",\"whole\":%s}",
	    source, stat(path, &st) == 0 ? (long long)st.st_size : -1, sha256, d->rows, d->refused,
	    d->is_broken ? "false" : "true");
}

/* A line of dumps.tsv: key, source, path. */
static int
add_dump(struct sum_up *s, const char *line, struct fault *f)
{
	char key[64], source[64], name[80];
	int path = 0;
	struct funnel_dump d = { 0 };
	size_t len;
	const char *sha256;

	if (sscanf(line, "%63[^\t]\t%63[^\t]\t%n", key, source, &path) != 2 || path == 0)
		return fault_stop(f, "%s: this is not a list of dumps", in_work(s, "dumps.tsv"));
	snprintf(name, sizeof(name), "map/%s.sha256", key);
	if ((sha256 = file_read(in_work(s, name), SMALL_MAX, &s->arena, &len, f)) == NULL)
		return -2;
	snprintf(name, sizeof(name), "map/%s.stats", key);
	/* --ingest may have a --stats of its own: then nothing is known of the rows */
	if (access(in_work(s, name), F_OK) == 0
	    && funnel_add_dump(&s->funnel, in_work(s, name), funnel_dataset(source), &d, f) < 0)
		return -2;
	if (strcmp(source, "reddit-comments") == 0)
		s->comments = line + path;
	judge_dump(s, line + path, &d);
	put_dump(s, source, line + path, sha256, &d);
	return 0;
}

static int
add_dumps(struct sum_up *s, struct fault *f)
{
	size_t len;
	char *text = file_read(in_work(s, "dumps.tsv"), SMALL_MAX, &s->arena, &len, f);
	char *next = NULL;
	int rc = text != NULL ? 0 : -2;

	for (char *line = text != NULL ? strtok_r(text, "\n", &next) : NULL;
	     line != NULL && rc == 0; line = strtok_r(NULL, "\n", &next))
		rc = add_dump(s, line, f);
	return rc;
}

static int
add_all(struct sum_up *s, enum funnel_stage stage, const char *pattern, struct fault *f)
{
	glob_t found = { 0 };
	int rc = 0;

	glob(in_work(s, pattern), 0, NULL, &found);
	for (size_t i = 0; i < found.gl_pathc && rc == 0; i++)
		rc = funnel_add(&s->funnel, stage, found.gl_pathv[i], f);
	globfree(&found);
	return rc;
}

/* Was a test part asked for?  With the default share an empty one is only said. */
static bool
wants_test_part(const char *options)
{
	const char *share = options != NULL ? strstr(options, "--test-share") : NULL;

	return share != NULL && strtod(share + strlen("--test-share") + 1, NULL) > 0;
}

static void
judge_records(struct sum_up *s, const char *options)
{
	const struct counters *emit = &s->funnel.stage[FUNNEL_EMIT];
	const uint64_t train = counters_look_up(emit, "train");
	const uint64_t test = counters_look_up(emit, "test");

	if (train + test == 0)
		buf_printf(&s->bad, "no records: %s\n",
		    counters_look_up(emit, "pairs") == 0
			? "there were no pairs; a pair needs a post and two comments that answer "
			  "the same text"
			: "no pair became one; the counts above say where they were lost");
	else if (test == 0)
		buf_printf(wants_test_part(options) ? &s->bad : &s->notes,
		    "no test rows: with so few users and threads a larger --test-share or --max-loss "
		    "is needed (--emit), or --split time or user\n");
}

static void
put_lines_json(const struct buf *lines, struct buf *b, bool *is_first)
{
	for (size_t i = 0, end; i < lines->len; i = end + 1) {
		for (end = i; lines->data[end] != '\n';)
			end++;
		buf_add_byte(b, *is_first ? '[' : ',');
		json_write_text(b, lines->data + i, end - i);
		*is_first = false;
	}
}

/* The manifest of alignx-emit, continued. */
static int
write_manifest(struct sum_up *s, const char *options, const char *rules, struct fault *f)
{
	size_t len;
	const char *merged = file_read(in_work(s, "all/manifest.json"), MANIFEST_MAX, &s->arena,
	    &len, f);
	struct buf b = { 0 };
	bool is_first = true;
	int rc;

	if (merged == NULL)
		return -2;
	while (len > 0 && merged[len - 1] != '}')
		len--;
	buf_add(&b, merged, len - 1);
	buf_printf(&b, ",\n\"build\":%s,\"rules\":%s,\n\"dumps\":[%.*s],\n\"funnel\":", options,
	    rules, (int)s->dumps.len, s->dumps.len > 0 ? s->dumps.data : "");
	funnel_put_json(&s->funnel, &b);
	buf_add_str(&b, ",\n\"warnings\":");
	put_lines_json(&s->bad, &b, &is_first);
	put_lines_json(&s->notes, &b, &is_first);
	buf_add_str(&b, is_first ? "[]}\n" : "]}\n");
	rc = sink_write_file(in_work(s, "manifest.json"), b.data, b.len, f);
	buf_release(&b);
	return rc;
}

/* What the split took, of what was asked and allowed. */
static int
put_split(struct sum_up *s, struct buf *out, struct fault *f)
{
	static const char *const names[] = { "pairs", "test_pairs", "lost_pairs", "test_share",
		"max_loss" };
	struct json_node root, split, field[5], by;
	double n[5];

	if (json_parse_file(s->funnel.json, in_work(s, "all/manifest.json"), MANIFEST_MAX, &root,
		&s->arena, f)
	    < 0)
		return -2;
	split = json_at(&root, "/settings/split");
	by = json_at(&root, "/settings/split/by");
	if (split.kind != JSON_MAP || by.kind != JSON_TEXT
	    || json_pick(&split, names, 5, field, f) < 0)
		return fault_stop(f, "%s: this is not a manifest", s->path.data);
	for (int i = 0; i < 5; i++)
		n[i] = field[i].kind == JSON_INT ? (double)field[i].integer
		    : field[i].kind == JSON_REAL ? field[i].real
						 : 0;
	if (n[0] > 0)
		buf_printf(out,
		    "split by %.*s: %.1f %% of %.0f pairs are test data (asked: %.1f), %.1f %% are "
		    "lost (allowed: %.1f)\n",
		    (int)by.text.len, by.text.ptr, 100 * n[1] / n[0], n[0], 100 * n[3],
		    100 * n[2] / n[0], 100 * n[4]);
	return 0;
}

static void
say_lines(struct report *r, const struct buf *lines)
{
	struct fault line = FAULT_NONE;

	for (size_t i = 0, end; i < lines->len; i = end + 1) {
		for (end = i; lines->data[end] != '\n';)
			end++;
		fault_stop(&line, "%.*s", (int)(end - i), lines->data + i);
		report_say(r, &line);
		fault_clear(&line);
	}
}

static int
sum_up(struct sum_up *s, struct report *r, struct buf *out, struct fault *f)
{
	size_t len;
	const char *options, *rules;

	if (add_dumps(s, f) < 0 || add_all(s, FUNNEL_DEDUP, "pair/*.drop", f) < 0
	    || add_all(s, FUNNEL_PAIR, "pair/*.stats", f) < 0
	    || add_all(s, FUNNEL_EMIT, "all/manifest.json", f) < 0)
		return -2;
	options = file_read(in_work(s, "options.json"), SMALL_MAX, &s->arena, &len, f);
	rules = file_read(in_work(s, "rules.json"), SMALL_MAX, &s->arena, &len, f);
	if (options == NULL || rules == NULL)
		return -2;
	judge_records(s, options);
	funnel_explain(&s->funnel, s->comments, &s->notes);
	funnel_print(&s->funnel, out);
	if (put_split(s, out, f) < 0)
		return -2;
	say_lines(r, &s->bad);
	say_lines(r, &s->notes);
	return write_manifest(s, options, rules, f) < 0 ? -2 : s->bad.len > 0;
}

int
build_sum_up(const char *dir, struct report *r, struct buf *out, struct fault *f)
{
	struct sum_up s = { .dir = dir };
	int rc = sum_up(&s, r, out, f);

	funnel_release(&s.funnel);
	arena_release(&s.arena);
	buf_release(&s.dumps);
	buf_release(&s.bad);
	buf_release(&s.notes);
	buf_release(&s.path);
	return rc;
}
