#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/json/json.h"
#include "lib/json/json_write.h"
#include "lib/io/reader.h"
#include "stages/score/resume.h"

enum { LINE_BYTES_MAX = 1 << 16, WINDOW_LOG = 31 };

struct saved_score {
	uint64_t key;
	double sum[SCORE_SIDES][2];
	bool has[SCORE_SIDES];
};

/* NULL: there is none. */
static struct saved_score *
find(const struct resume *r, uint64_t key)
{
	struct hash_probe p = hash_index_probe(&r->index, key);

	while (hash_probe_next(&p))
		if (r->saved[p.number].key == key)
			return &r->saved[p.number];
	return NULL;
}

static struct saved_score *
find_or_add(struct resume *r, uint64_t key)
{
	struct saved_score *s = find(r, key);

	if (s != NULL)
		return s;
	r->saved = arena_grow_array(r->saved, r->len, &r->cap, sizeof(*r->saved));
	hash_index_add(&r->index, key, r->len);
	r->saved[r->len] = (struct saved_score){ .key = key };
	return &r->saved[r->len++];
}

static bool
read_real(const struct json_node *n, double *out)
{
	*out = n->kind == JSON_REAL ? n->real : (double)n->integer;
	return n->kind == JSON_REAL || n->kind == JSON_INT;
}

/* "chosen" and "rejected" of a line, or of its "reference". */
static void
read_sums(struct saved_score *s, const struct json_node *map, enum score_side side)
{
	static const char *const names[] = { "chosen", "rejected" };
	struct json_node field[2];
	struct fault ignored = FAULT_NONE;

	if (map->kind == JSON_MAP && json_pick(map, names, 2, field, &ignored) == 0
	    && read_real(&field[0], &s->sum[side][0]) && read_real(&field[1], &s->sum[side][1]))
		s->has[side] = true;
}

static void
read_line(struct resume *r, const struct json_node *line)
{
	static const char *const names[] = { "key", "reference" };
	struct fault ignored = FAULT_NONE;
	struct json_node field[2];
	struct saved_score *s;
	char hex[17] = "", *end;
	uint64_t key;

	if (line->kind != JSON_MAP || json_pick(line, names, 2, field, &ignored) < 0
	    || field[0].kind != JSON_TEXT || field[0].text.len != 16)
		return;
	memcpy(hex, field[0].text.ptr, 16);
	key = strtoull(hex, &end, 16);
	if (*end != '\0' || key == 0)
		return;
	s = find_or_add(r, key);
	read_sums(s, line, SCORE_POLICY);
	read_sums(s, &field[1], SCORE_REFERENCE);
}

static int
read_file(struct resume *r, const char *file, struct fault *f)
{
	struct fault ignored = FAULT_NONE;
	struct reader *in;
	struct reader_item item;
	struct json *j;
	struct json_node line;
	int rc;

	if (access(file, F_OK) != 0)
		return 0;
	in = reader_new(READER_LINES, LINE_BYTES_MAX);
	j = json_new();
	rc = reader_open(in, file, WINDOW_LOG, f);
	while (rc == 0 && (rc = reader_next(in, &item, &ignored)) != 0) {
		if (rc == 1 && json_parse(j, item.data, item.len, &line, &ignored) == 0)
			read_line(r, &line);
		fault_clear(&ignored);
		rc = 0;
	}
	reader_free(in);
	json_free(j);
	return rc;
}

int
resume_open(struct resume *r, const char *file, bool reads_output, struct fault *f)
{
	struct buf name = { 0 };

	buf_add_str(&name, file);
	buf_add(&name, ".part", 6);
	r->name = name.data;
	if ((reads_output && read_file(r, file, f) < 0) || read_file(r, r->name, f) < 0)
		return -2;
	if ((r->fd = open(r->name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666)) < 0)
		return fault_sys(f, "%s", r->name);
	if (lseek(r->fd, 0, SEEK_END) > 0)
		buf_add_byte(&r->line, '\n'); /* ends a line that was cut off */
	return 0;
}

void
resume_fill(const struct resume *r, struct score_row *row)
{
	const struct saved_score *s = find(r, row->key);

	for (int side = 0; s != NULL && side < SCORE_SIDES; side++)
		if (row->left[side] > 0 && s->has[side]) {
			memcpy(row->of[side].sum, s->sum[side], sizeof(s->sum[side]));
			row->left[side] = 0;
		}
}

void
resume_add(struct resume *r, const struct score_row *row, enum score_side side)
{
	const double *sum = row->of[side].sum;
	struct buf *b = &r->line;

	if (r->name == NULL || !isfinite(sum[0]) || !isfinite(sum[1]))
		return;
	buf_printf(b, "{\"key\":\"%016" PRIx64 "\",%s\"chosen\":", row->key,
	    side == SCORE_REFERENCE ? "\"reference\":{" : "");
	json_write_real(b, sum[0]);
	buf_add_str(b, ",\"rejected\":");
	json_write_real(b, sum[1]);
	buf_add_str(b, side == SCORE_REFERENCE ? "}}\n" : "}\n");
}

int
resume_flush(struct resume *r, struct fault *f)
{
	size_t done = 0;

	while (r->name != NULL && done < r->line.len) {
		ssize_t n = write(r->fd, r->line.data + done, r->line.len - done);

		if (n < 0 && errno != EINTR)
			return fault_sys(f, "%s", r->name);
		done += n > 0 ? (size_t)n : 0;
	}
	buf_clear(&r->line);
	return 0;
}

void
resume_close(struct resume *r, bool is_done)
{
	if (r->name == NULL)
		return;
	close(r->fd);
	if (is_done)
		unlink(r->name);
	free(r->name);
	free(r->saved);
	hash_index_release(&r->index);
	buf_release(&r->line);
	*r = (struct resume){ 0 };
}
