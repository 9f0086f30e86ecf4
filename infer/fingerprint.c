#include "config.h"

#include <string.h>
#include <xxhash.h>

#include "infer/fingerprint.h"

enum { LINE = 64 };

static uint64_t
add(const struct weight *w, uint64_t seed)
{
	const char *data = w->data;
	uint64_t shape[2] = { w->rows, w->columns };
	size_t bytes;

	if (data == NULL)
		return XXH3_64bits_withSeed("", 0, seed);
	bytes = w->rows * (w->columns / w->type->numbers) * w->type->bytes;
	seed = XXH3_64bits_withSeed(shape, sizeof(shape), seed);
	seed = XXH3_64bits_withSeed(w->type->name, strlen(w->type->name), seed);
	if (bytes < 3 * LINE)
		return XXH3_64bits_withSeed(data, bytes, seed);
	seed = XXH3_64bits_withSeed(data, LINE, seed);
	seed = XXH3_64bits_withSeed(data + bytes / 2 - LINE / 2, LINE, seed);
	return XXH3_64bits_withSeed(data + bytes - LINE, LINE, seed);
}

uint64_t
model_fingerprint(const struct model *m)
{
	uint64_t h = add(&m->embedding, 0);

	h = add(&m->position, h);
	h = add(&m->output.weight, h);
	for (size_t i = 0; i < m->layers; i++) {
		const struct layer *l = &m->layer[i];
		const struct weight *const all[] = { &l->q.weight, &l->k.weight,
			&l->v.weight, &l->qkv.weight, &l->output.weight, &l->gate.weight,
			&l->up.weight, &l->down.weight };

		for (size_t k = 0; k < sizeof(all) / sizeof(all[0]); k++)
			h = add(all[k], h);
	}
	return h;
}
