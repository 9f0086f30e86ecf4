#include "config.h"

#include <math.h>
#include <string.h>

#include "infer/pear/head_list.h"
#include "lib/json/json.h"

enum { FILE_MAX = 64 << 20 };

/* A list while it is read. */
struct head_list_reader {
	struct head_list *list;
	const char *file;
	size_t layers, heads;
	unsigned char *seen; /* layers x heads: listed already? */
	struct arena *arena;
	struct fault *fault;
};

static bool
is_index(const struct json_node *n, size_t below)
{
	return n->kind == JSON_INT && n->integer >= 0 && (uint64_t)n->integer < below;
}

static bool
is_real(const struct json_node *n, double *out)
{
	if (n->kind == JSON_INT)
		*out = (double)n->integer;
	else if (n->kind == JSON_REAL)
		*out = n->real;
	else
		return false;
	return isfinite(*out) && fabs(*out) < 1e6;
}

static int
read_entry(struct head_list_reader *r, const struct json_node *entry)
{
	static const char *const names[] = { "layer", "head", "coefficient" };
	const size_t number = r->list->len;
	struct head_entry *e = &r->list->at[number];
	struct json_node field[3];

	if (json_pick(entry, names, 3, field, r->fault) < 0)
		return -2;
	if (!is_index(&field[0], r->layers) || !is_index(&field[1], r->heads))
		return fault_stop(r->fault,
		    "%s: /heads/%zu: the model has layers 0 to %zu "
		    "and heads 0 to %zu; this is another one",
		    r->file, number, r->layers - 1, r->heads - 1);
	e->layer = (size_t)field[0].integer;
	e->head = (size_t)field[1].integer;
	e->has_coefficient = field[2].kind != JSON_ABSENT;
	if (e->has_coefficient && !is_real(&field[2], &e->coefficient))
		return fault_stop(r->fault,
		    "%s: /heads/%zu/coefficient: expected a finite "
		    "number below a million",
		    r->file, number);
	if (r->seen[e->layer * r->heads + e->head]++)
		return fault_stop(r->fault, "%s: /heads/%zu: this head is listed twice", r->file,
		    number);
	r->list->len++;
	return 0;
}

static int
read_list(struct head_list_reader *r, const struct json_node *root)
{
	static const char *const names[] = { "heads", "fingerprint", "ranked" };
	struct json_node field[3], entry;
	struct json_walk walk;
	size_t n;

	if (json_pick(root, names, 3, field, r->fault) < 0)
		return -2;
	if (field[0].kind != JSON_LIST)
		return fault_stop(r->fault, "%s: expected a map with a list \"heads\"", r->file);
	if (field[1].kind == JSON_TEXT)
		r->list->fingerprint = arena_strndup(r->arena, field[1].text.ptr,
		    field[1].text.len);
	n = json_count(&field[0]);
	r->list->at = arena_alloc(r->arena, (n + 1) * sizeof(*r->list->at));
	json_walk_begin(&walk, &field[0]);
	while (json_walk_next(&walk, NULL, &entry))
		if (read_entry(r, &entry) < 0)
			return -2;
	r->list->ranked = is_index(&field[2], r->list->len) ? (size_t)field[2].integer
							    : r->list->len;
	return 0;
}

int
head_list_read(struct head_list *l, const char *file, size_t layers, size_t heads, struct arena *a,
    struct fault *f)
{
	struct head_list_reader r = { .list = l,
		.file = file,
		.layers = layers,
		.heads = heads,
		.seen = arena_alloc(a, layers * heads),
		.arena = a,
		.fault = f };
	struct json *j;
	struct json_node root;
	int rc;

	*l = (struct head_list){ .at = NULL };
	j = json_new();
	if ((rc = json_parse_file(j, file, FILE_MAX, &root, a, f)) == 0)
		rc = read_list(&r, &root);
	json_free(j);
	return rc;
}
