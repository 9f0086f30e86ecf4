/* rows_agree.h - json_rows.h beside json.h, for its test and its fuzz target. */
#ifndef ALIGNX_TESTS_ROWS_AGREE_H
#define ALIGNX_TESTS_ROWS_AGREE_H
#include <stdbool.h>
#include <string.h>
#include "lib/core/buf.h"
#include "lib/json/json_rows.h"

enum { ROWS_NAMES = 5 };
static const char *const rows_names[ROWS_NAMES] = { "id", "body", "n", "meta",
	"caf\xc3\xa9" };
static struct json_rows *rows;
static struct json *rows_parser;
static struct buf rows_left, rows_right;

static void
rows_put(struct buf *b, const struct json_node *n)
{
	struct json_walk walk;
	struct json_node name = { .kind = JSON_ABSENT }, value;

	buf_printf(b, "%d:", (int)n->kind);
	if (n->kind == JSON_TEXT)
		buf_add(b, n->text.ptr, n->text.len);
	else if (n->kind == JSON_INT || n->kind == JSON_REAL)
		buf_add(b, &n->integer, sizeof(n->integer));
	else if (n->kind == JSON_BOOL)
		buf_add_byte(b, (char)('0' + n->truth));
	json_walk_begin(&walk, n);
	while (json_walk_next(&walk, &name, &value)) {
		if (n->kind == JSON_MAP)
			rows_put(b, &name);
		rows_put(b, &value);
	}
	buf_add_byte(b, ';');
}

/* Is a row that raises no doubt good, with the fields that a tree has?  What
 * stands behind it looks like more of it. */
static bool
rows_agree(const char *row, size_t len, bool *is_sure)
{
	struct json_node root, picked[ROWS_NAMES], parsed[ROWS_NAMES];
	struct fault f = FAULT_NONE;

	if (rows == NULL) {
		rows = json_rows_new(rows_names, ROWS_NAMES);
		rows_parser = json_new();
	}
	buf_clear(&rows_left);
	buf_clear(&rows_right);
	*is_sure = json_rows_pick(rows, row, len, picked);
	if (!*is_sure)
		return true;
	for (int i = 0; i < ROWS_NAMES; i++)
		rows_put(&rows_left, &picked[i]);
	if (json_parse(rows_parser, row, len, &root, &f) < 0
	    || root.kind != JSON_MAP
	    || json_pick(&root, rows_names, ROWS_NAMES, parsed, &f) < 0)
		return false;
	for (int i = 0; i < ROWS_NAMES; i++)
		rows_put(&rows_right, &parsed[i]);
	return rows_left.len == rows_right.len
	    && memcmp(rows_left.data, rows_right.data, rows_left.len) == 0;
}
#endif
