#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/arena.h"
#include "lib/core/buf.h"
#include "lib/json/json_rows.h"
#include "lib/json/json_scan.h"

enum {
	FIELDS_MOST = 256,	/* of a row that others are compared with */
	ROW_MOST = 64 * 1024,	/* its bytes */
	AHEAD = 4,		/* fields of it that a row may lack in one place */
	PATIENCE_MOST = 4096,	/* rows unlike it before another is taken */
	NONE = JSON_NAMES_MAX,
};

/* A field of the row that others are compared with, by its bytes there. */
struct field {
	uint32_t name, value, end;
	uint32_t which;			/* of the wanted names, or NONE */
	struct json_node node;
	bool has_escapes;
};

struct json_rows {
	struct json_names names;
	size_t n;			/* fields; 0: there is no such row */
	struct field field[FIELDS_MOST];
	char row[ROW_MOST + JSON_PADDING];
	size_t row_len;
	unsigned strikes, patience;
	struct buf texts;		/* without their escapes */
	struct json *nested;		/* for a wanted list or map */
};

/* A row that is being read. */
struct walk {
	struct json_rows *r;
	const char *row, *at, *end;
	struct json_node *out;
	bool is_unlike;			/* a name was not where it was expected */
	bool has_nested;
};

struct json_rows *
json_rows_new(const char *const *names, size_t n)
{
	struct json_rows *r = calloc(1, sizeof(*r));

	if (r == NULL)
		arena_exhausted();
	json_names_set(&r->names, names, n);
	r->nested = json_new();
	return r;
}

void
json_rows_free(struct json_rows *r)
{
	if (r == NULL)
		return;
	json_free(r->nested);
	buf_release(&r->texts);
	free(r);
}

/* A wanted list or map gets a tree of its own, for one of them in a row. */
static bool
keep_nested(struct walk *w, const char *value, size_t len,
    struct json_node *out)
{
	struct fault ignored = FAULT_NONE;

	if (w->has_nested)
		return false;
	w->has_nested = true;
	return json_parse(w->r->nested, value, len, out, &ignored) == 0;
}

/* A wanted value stands where f says, `by` bytes further on: no doubt? */
static inline bool
keep(struct walk *w, const struct field *f, ptrdiff_t by)
{
	struct json_node *out = &w->out[f->which];
	struct buf *b = &w->r->texts;
	const char *value = w->row + f->value + by;

	if (out->kind != JSON_ABSENT)
		return false;
	if (f->node.kind >= JSON_LIST)
		return keep_nested(w, value, f->end - f->value, out);
	*out = f->node;
	if (f->node.kind == JSON_TEXT)
		out->text.ptr = value + 1;
	if (f->has_escapes) {
		out->text.ptr = b->data + b->len;
		out->text.len = json_scan_unescape(value + 1,
		    f->node.text.len, b->data + b->len);
		b->len += out->text.len;
	}
	return true;
}

static bool
read_value(struct walk *w, struct field *f)
{
	f->value = (uint32_t)(w->at - w->row);
	w->at = json_scan_value(w->at, w->end, &f->node, &f->has_escapes);
	if (w->at == NULL)
		return false;
	f->end = (uint32_t)(w->at - w->row);
	return f->which == NONE || w->out == NULL || keep(w, f, 0);
}

/* The name and the colon behind it. */
static bool
read_name(struct walk *w, struct field *f)
{
	struct json_node name;
	bool has_escapes;

	f->name = (uint32_t)(w->at - w->row);
	w->at = json_scan_value(w->at, w->end, &name, &has_escapes);
	if (w->at == NULL || name.kind != JSON_TEXT || has_escapes)
		return false;
	f->which = (uint32_t)json_names_find(&w->r->names, name.text.ptr,
	    name.text.len);
	w->at = json_scan_blanks(w->at, w->end);
	if (w->at >= w->end || *w->at != ':')
		return false;
	w->at = json_scan_blanks(w->at + 1, w->end);
	return true;
}

static bool
read_brace(struct walk *w)
{
	w->at = json_scan_blanks(w->row, w->end);
	if (w->at >= w->end || *w->at != '{')
		return false;
	w->at = json_scan_blanks(w->at + 1, w->end);
	return true;
}

/* Behind a value: 1 a name comes, 0 the map ends, and the row with it; -1. */
static int
read_separator(struct walk *w)
{
	w->at = json_scan_blanks(w->at, w->end);
	if (w->at >= w->end || (*w->at != ',' && *w->at != '}'))
		return -1;
	bool is_last = *w->at == '}';

	w->at = json_scan_blanks(w->at + 1, w->end);
	return !is_last ? 1 : w->at == w->end ? 0 : -1;
}

/* Takes a row that was read as the one to compare others with. */
static void
take(struct json_rows *r, const char *row, size_t len)
{
	struct walk w = { .r = r, .row = row, .end = row + len };
	size_t n = 0;
	int more = 1;

	r->n = 0;
	if (len > ROW_MOST || !read_brace(&w))
		return;
	for (; more == 1; n++)
		if (n == FIELDS_MOST || !read_name(&w, &r->field[n])
		    || !read_value(&w, &r->field[n])
		    || (more = read_separator(&w)) < 0)
			return;
	memcpy(r->row, row, len);
	r->row_len = len;
	r->n = n;
}

/* Behind field *t - 1 (or the brace), passes over the fields that are the same
 * as in the other row.  *t is then the next one; is_named if its name is the
 * same too, and w->at at its value.  false: in doubt. */
static bool
pass_same(struct walk *w, size_t *t, bool *is_named)
{
	const struct json_rows *r = w->r;
	size_t from = *t == 0 ? r->field[0].name : r->field[*t - 1].end;
	size_t left = (size_t)(w->end - w->at), other_left = r->row_len - from;
	size_t reach = from + json_scan_same(w->at, r->row + from,
	    left < other_left ? left : other_left);
	ptrdiff_t by = (w->at - w->row) - (ptrdiff_t)from;
	const struct field *f = &r->field[*t], *stop = r->field + r->n;

	/* with the byte behind it, or a number might go on */
	for (; f < stop && f->end < reach; f++) {
		if (f->which != NONE && !keep(w, f, by))
			return false;
		w->at = w->row + f->end + by;
	}
	*is_named = f < stop && f->value <= reach;
	if (*is_named)
		w->at = w->row + f->value + by;
	*t = (size_t)(f - r->field);
	return true;
}

/* At a name that is not the one of field *t: finds it further on in the other
 * row, and says so in *t, or reads it; *is_known which. */
static bool
find_name(struct walk *w, size_t *t, struct field *f, bool *is_known)
{
	const struct json_rows *r = w->r;

	for (size_t i = *t; i < r->n && i < *t + AHEAD; i++) {
		const struct field *other = &r->field[i];
		size_t len = other->value - other->name;

		*is_known = len <= (size_t)(w->end - w->at)
		    && memcmp(w->at, r->row + other->name, len) == 0;
		if (*is_known) {
			w->at += len;
			f->which = other->which;
			*t = i;
			return true;
		}
	}
	*is_known = false;
	return read_name(w, f);
}

/* Reads a row beside the other one, if there is one. */
static bool
read_row(struct walk *w)
{
	size_t t = 0;		/* the other row's field that comes next */
	bool is_named = false, is_first = true;
	struct field f;
	int more = 1;

	if (!read_brace(w))
		return false;
	for (;; is_first = false) {
		if ((t > 0 || is_first) && w->r->n > 0
		    && !pass_same(w, &t, &is_named))
			return false;
		if (is_named)
			f.which = w->r->field[t].which;
		else {
			if ((!is_first || t > 0)
			    && (more = read_separator(w)) <= 0)
				return more == 0;
			w->is_unlike = true;
			if (!find_name(w, &t, &f, &is_named))
				return false;
		}
		if (!read_value(w, &f))
			return false;
		t += is_named;
		is_named = false;
	}
}

/* Rows in no order must not make every row be taken. */
static void
learn(struct json_rows *r, const struct walk *w)
{
	if (!w->is_unlike) {
		r->strikes = 0;
		r->patience = 1;
	} else if (r->strikes++ >= r->patience) {
		take(r, w->row, (size_t)(w->end - w->row));
		r->strikes = 0;
		r->patience = r->patience < PATIENCE_MOST
		    ? 2 * r->patience + 1 : PATIENCE_MOST;
	}
}

bool
json_rows_pick(struct json_rows *r, const char *row, size_t len,
    struct json_node *out)
{
	struct walk w = { .r = r, .row = row, .end = row + len, .out = out };

	if (len > UINT32_MAX)
		return false;
	for (size_t k = 0; k < r->names.n; k++)
		out[k].kind = JSON_ABSENT;
	buf_clear(&r->texts);
	buf_reserve(&r->texts, len);
	if (!read_row(&w))
		return false;
	learn(r, &w);
	return true;
}
