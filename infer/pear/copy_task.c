#include "config.h"

#include <string.h>

#include "infer/pear/copy_task.h"
#include "lib/core/random.h"

static bool
is_drawn(const struct vocab *v, size_t id)
{
	const uint8_t kind = id < v->len ? v->kind[id] : TOKEN_UNUSED;

	return v->model == VOCAB_NONE || kind == TOKEN_NORMAL || kind == TOKEN_BYTE;
}

int
copy_task_open(struct copy_task *c, const struct model *m, const char *file, struct arena *a,
    struct fault *f)
{
	uint32_t *id = arena_alloc(a, m->vocabulary * sizeof(*id));
	struct vocab v = { 0 };

	if (vocab_read(&v, &m->file, file, a, f) < 0)
		return -2;
	*c = (struct copy_task){ .id = id };
	for (size_t i = 0; i < m->vocabulary; i++)
		if (is_drawn(&v, i))
			id[c->ids++] = (uint32_t)i;
	if (c->ids < 2)
		return fault_stop(f,
		    "%s: the vocabulary has %zu ordinary tokens, "
		    "too few to draw sequences to copy from",
		    file, c->ids);
	return 0;
}

void
copy_task_draw(const struct copy_task *c, uint64_t seed, uint64_t number, size_t n, uint32_t *out)
{
	struct random r = random_stream(seed, number);

	for (size_t i = 0; i < n; i++)
		out[i] = c->id[random_below(&r, c->ids)];
	memcpy(out + n, out, n * sizeof(*out));
}
