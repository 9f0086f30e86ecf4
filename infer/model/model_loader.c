#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "infer/model/model_loader.h"

enum { NAME = 96 };

static const char *
key_name(const struct model_loader *ld, const char *key, char *name)
{
	snprintf(name, NAME, "%s.%s", ld->m->architecture->name, key);
	return name;
}

static bool
get_uint(const struct model_loader *ld, const char *key, uint64_t *out)
{
	char name[NAME];

	return model_file_uint(&ld->m->file, key_name(ld, key, name), out);
}

double
loader_double_or(const struct model_loader *ld, const char *key, double otherwise)
{
	char name[NAME];
	double x;

	return model_file_double(&ld->m->file, key_name(ld, key, name), &x) ? x : otherwise;
}

bool
loader_string(const struct model_loader *ld, const char *key, struct text *out)
{
	char name[NAME];

	return model_file_string(&ld->m->file, key_name(ld, key, name), out);
}

bool
loader_bool(const struct model_loader *ld, const char *key)
{
	char name[NAME];
	bool is = false;

	model_file_bool(&ld->m->file, key_name(ld, key, name), &is);
	return is;
}

int
loader_require(const struct model_loader *ld, const char *key, uint64_t max, size_t *out)
{
	uint64_t n;

	if (!get_uint(ld, key, &n))
		return fault_stop(ld->fault, "%s: the key %s.%s is missing, or not a number",
		    ld->file, ld->m->architecture->name, key);
	if (n == 0 || n > max)
		return fault_stop(ld->fault, "%s: %s.%s is %" PRIu64 ", expected 1 to %" PRIu64,
		    ld->file, ld->m->architecture->name, key, n, max);
	*out = (size_t)n;
	return 0;
}

int
loader_get_or(const struct model_loader *ld, const char *key, uint64_t max, size_t otherwise,
    size_t *out)
{
	uint64_t n;

	*out = otherwise;
	return get_uint(ld, key, &n) && n != 0 ? loader_require(ld, key, max, out) : 0;
}

int
loader_require_per_layer(const struct model_loader *ld, const char *key, size_t layer, size_t *out)
{
	char name[NAME];
	const struct model_file_key *k = model_file_find_key(&ld->m->file, key_name(ld, key, name));

	if (k == NULL || !k->is_array)
		return loader_require(ld, key, LOADER_WIDTH_MAX, out);
	if (k->count < ld->m->layers || model_file_uint_at(k, layer) == 0
	    || model_file_uint_at(k, layer) > LOADER_WIDTH_MAX)
		return fault_stop(ld->fault, "%s: %s has no valid number for layer %zu", ld->file,
		    name, layer);
	*out = (size_t)model_file_uint_at(k, layer);
	return 0;
}

const struct model_file_tensor *
loader_find(const struct model_loader *ld, const char *name)
{
	struct model_file *mf = &ld->m->file;
	const struct model_file_tensor *t = model_file_find_tensor(mf, name);

	if (t != NULL)
		mf->tensor[t - mf->tensor].is_used = true;
	return t;
}

const struct model_file_tensor *
loader_tensor(const struct model_loader *ld, size_t layer, const char *part, const char *suffix)
{
	char name[NAME];

	snprintf(name, sizeof(name), "blk.%zu.%s.%s", layer, part, suffix);
	return loader_find(ld, name);
}

bool
loader_bool_of_layer(const struct model_loader *ld, const char *key, size_t layer, bool otherwise)
{
	char name[NAME];
	const struct model_file_key *k = model_file_find_key(&ld->m->file, key_name(ld, key, name));

	if (k == NULL || !k->is_array || model_file_type_size(k->type) != 1 || k->count <= layer)
		return otherwise;
	return k->data[layer] != 0;
}

static int
blame_shape(const struct model_loader *ld, const struct model_file_tensor *t, size_t columns,
    size_t rows)
{
	return fault_stop(ld->fault, "%s: tensor %.*s is %zu x %zu, expected %zu x %zu", ld->file,
	    (int)(t->name.len < 96 ? t->name.len : 96), t->name.ptr, t->dimension[0],
	    t->dimension[1], columns, rows);
}

int
loader_matrix(const struct model_loader *ld, const struct model_file_tensor *t, size_t columns,
    size_t rows, struct weight *out)
{
	*out = (struct weight){ .data = NULL };
	if (t == NULL)
		return 0;
	if (t->dimensions > 2 || t->dimension[0] != columns || t->dimension[1] != rows)
		return blame_shape(ld, t, columns, rows);
	*out = (struct weight){
		.type = t->type, .rows = rows, .columns = columns, .data = t->data
	};
	return 0;
}

int
loader_vector(const struct model_loader *ld, const struct model_file_tensor *t, size_t len,
    const float **out)
{
	float *copy;

	*out = NULL;
	if (t == NULL)
		return 0;
	if (t->dimensions != 1 || t->dimension[0] != len)
		return blame_shape(ld, t, len, 1);
	copy = arena_alloc(ld->arena, len * sizeof(*copy));
	t->type->decode(t->data, len / t->type->block_elems, copy);
	*out = copy;
	return 0;
}

int
loader_missing(const struct model_loader *ld, size_t layer, const char *part, const char *suffix)
{
	const struct tensor_name *p = ld->m->architecture->tensor;

	for (; ld->m->file.is_folder && p->hf != NULL; p++)
		if (p->gguf != NULL && strncmp(p->gguf, "blk.*.", 6) == 0
		    && strcmp(p->gguf + 6, part) == 0)
			return fault_stop(ld->fault,
			    "%s: the tensor %s.%s of layer %zu is "
			    "missing",
			    ld->file, p->hf, suffix, layer);
	return fault_stop(ld->fault, "%s: the tensor blk.%zu.%s.%s is missing", ld->file, layer,
	    part, suffix);
}
