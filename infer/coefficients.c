#include "config.h"

#include <math.h>
#include <string.h>

#include "infer/coefficients.h"
#include "lib/file.h"
#include "lib/json.h"

enum { FILE_MAX = 16 << 20 };

static bool
is_index(const struct json_node *n, size_t below)
{
	return n->kind == JSON_INT && n->integer >= 0 && (uint64_t)n->integer < below;
}

static bool
real(const struct json_node *n, double *out)
{
	if (n->kind == JSON_INT)
		*out = (double)n->integer;
	else if (n->kind == JSON_REAL)
		*out = n->real;
	else
		return false;
	return isfinite(*out) && fabs(*out) < 1e6;
}

/* One entry; bit i of seen tells that a head was there. */
static int
take(const struct json_node *entry, const struct model *m, float *out,
    unsigned char *seen, size_t number, const char *file, struct fault *f)
{
	static const char *const names[] = { "layer", "head", "coefficient" };
	struct json_node field[3];
	double x;
	size_t at;

	if (json_pick(entry, names, 3, field, f) < 0)
		return -2;
	if (!is_index(&field[0], m->layers) || !is_index(&field[1], m->heads))
		return fault_stop(f, "%s: /heads/%zu: the model has layers 0 to %zu and "
		    "heads 0 to %zu, and this is none of them", file, number,
		    m->layers - 1, m->heads - 1);
	if (!real(&field[2], &x))
		return fault_stop(f, "%s: /heads/%zu/coefficient: expected a finite number "
		    "below a million", file, number);
	at = (size_t)field[0].integer * m->heads + (size_t)field[1].integer;
	if (seen[at]++)
		return fault_stop(f, "%s: /heads/%zu: this head stands twice", file, number);
	out[at] = (float)x;
	return 0;
}

static int
read_heads(const struct json_node *root, const struct model *m, float *out,
    struct arena *a, const char *file, struct fault *f)
{
	static const char *const names[] = { "heads" };
	unsigned char *seen = arena_get(a, m->layers * m->heads);
	struct json_node heads, entry;
	struct json_walk walk;
	int rc = 0;

	if (json_pick(root, names, 1, &heads, f) < 0)
		return -2;
	if (heads.kind != JSON_LIST)
		return fault_stop(f, "%s: expected a map with a list \"heads\"", file);
	json_walk_begin(&walk, &heads);
	for (size_t i = 0; rc == 0 && json_walk_next(&walk, NULL, &entry); i++)
		rc = take(&entry, m, out, seen, i, file, f);
	return rc;
}

const float *
coefficients_read(const char *file, const struct model *m, struct arena *a,
    struct fault *f)
{
	float *out = arena_get(a, m->layers * m->heads * sizeof(*out));
	struct json *j = json_new();
	struct json_node root;
	struct fault why = FAULT_NONE;
	size_t len;
	char *text = file_read(file, FILE_MAX, a, &len, f), *padded;
	int rc = text != NULL ? 0 : -2;

	for (size_t i = 0; i < m->layers * m->heads; i++)
		out[i] = 1;
	if (rc == 0) {
		padded = arena_get(a, len + JSON_PADDING);
		memcpy(padded, text, len);
		if (json_parse(j, padded, len, &root, &why) < 0)
			rc = fault_stop(f, "%s: byte %lld: %s", file, (long long)why.at,
			    why.text);
		else
			rc = read_heads(&root, m, out, a, file, f);
	}
	json_free(j);
	return rc == 0 ? out : NULL;
}
