#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "infer/model/model_loader.h"

enum { NAME = 96 };

static const char *
key_name(const struct opening *o, const char *key, char *room)
{
	snprintf(room, NAME, "%s.%s", o->m->architecture->name, key);
	return room;
}

bool
opening_natural(const struct opening *o, const char *key, uint64_t *out)
{
	char name[NAME];

	return directory_natural(&o->m->file, key_name(o, key, name), out);
}

double
opening_real_or(const struct opening *o, const char *key, double other)
{
	char name[NAME];
	double x;

	return directory_real(&o->m->file, key_name(o, key, name), &x) ? x : other;
}

bool
opening_text(const struct opening *o, const char *key, struct directory_text *out)
{
	char name[NAME];

	return directory_string(&o->m->file, key_name(o, key, name), out);
}

bool
opening_bool(const struct opening *o, const char *key)
{
	char name[NAME];
	bool is = false;

	directory_bool(&o->m->file, key_name(o, key, name), &is);
	return is;
}

int
opening_need(const struct opening *o, const char *key, uint64_t most, size_t *out)
{
	uint64_t n;

	if (!opening_natural(o, key, &n))
		return fault_stop(o->fault, "%s: the key %s.%s is missing, or no number",
		    o->file, o->m->architecture->name, key);
	if (n == 0 || n > most)
		return fault_stop(o->fault, "%s: %s.%s is %" PRIu64 ", expected 1 to %"
		    PRIu64, o->file, o->m->architecture->name, key, n, most);
	*out = (size_t)n;
	return 0;
}

int
opening_want(const struct opening *o, const char *key, uint64_t most, size_t other,
    size_t *out)
{
	uint64_t n;

	*out = other;
	return opening_natural(o, key, &n) && n != 0 ? opening_need(o, key, most, out) : 0;
}

int
opening_need_each(const struct opening *o, const char *key, size_t layer, size_t *out)
{
	char name[NAME];
	const struct directory_key *k = directory_key_of(&o->m->file,
	    key_name(o, key, name));

	if (k == NULL || !k->is_array)
		return opening_need(o, key, OPENING_WIDTH_MAX, out);
	if (k->count < o->m->layers || directory_natural_at(k, layer) == 0
	    || directory_natural_at(k, layer) > OPENING_WIDTH_MAX)
		return fault_stop(o->fault, "%s: %s has no good number for layer %zu",
		    o->file, name, layer);
	*out = (size_t)directory_natural_at(k, layer);
	return 0;
}

const struct directory_tensor *
opening_tensor(const struct opening *o, size_t layer, const char *part,
    const char *what)
{
	char name[NAME];

	snprintf(name, sizeof(name), "blk.%zu.%s.%s", layer, part, what);
	return directory_find(&o->m->file, name);
}

static int
blame_shape(const struct opening *o, const struct directory_tensor *t,
    size_t columns, size_t rows)
{
	return fault_stop(o->fault, "%s: tensor %.*s is %zu x %zu, expected %zu x %zu",
	    o->file, (int)(t->name.len < 96 ? t->name.len : 96), t->name.ptr, t->dimension[0], t->dimension[1],
	    columns, rows);
}

int
opening_matrix(const struct opening *o, const struct directory_tensor *t,
    size_t columns, size_t rows, struct weight *out)
{
	*out = (struct weight){ .data = NULL };
	if (t == NULL)
		return 0;
	if (t->dimensions > 2 || t->dimension[0] != columns || t->dimension[1] != rows)
		return blame_shape(o, t, columns, rows);
	*out = (struct weight){ .type = t->type, .rows = rows, .columns = columns,
		.data = t->data };
	return 0;
}

int
opening_vector(const struct opening *o, const struct directory_tensor *t,
    size_t len, const float **out)
{
	float *copy;

	*out = NULL;
	if (t == NULL)
		return 0;
	if (t->dimensions != 1 || t->dimension[0] != len)
		return blame_shape(o, t, len, 1);
	copy = arena_get(o->arena, len * sizeof(*copy));
	t->type->decode(t->data, len / t->type->numbers, copy);
	*out = copy;
	return 0;
}

int
opening_missing(const struct opening *o, size_t layer, const char *part)
{
	const struct part_name *p = o->m->architecture->part;

	for (; o->m->file.is_folder && p->folder != NULL; p++)
		if (p->gguf != NULL && strncmp(p->gguf, "blk.*.", 6) == 0
		    && strcmp(p->gguf + 6, part) == 0)
			return fault_stop(o->fault, "%s: the tensor %s.weight of layer %zu is "
			    "missing", o->file, p->folder, layer);
	return fault_stop(o->fault, "%s: the tensor blk.%zu.%s.weight is missing",
	    o->file, layer, part);
}
