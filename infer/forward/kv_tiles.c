#include "config.h"

#include <string.h>

#include "infer/forward/kv_tiles.h"

static const float zeros[MODEL_HEAD_MAX];

/* Appends a span's positions that are in the tile; spans come in order. */
static void
append_span(const struct kv_span *s, size_t len, int32_t position, struct kv_slots *out)
{
	int64_t from = (int64_t)position + (int64_t)out->len - s->position;

	for (; from >= 0 && from < (int64_t)len && out->len < KV_TILE; from++)
		out->slot[out->len++] = s->first + (size_t)from;
}

void
kv_slots_find(const struct kv_view *v, size_t own_len, int32_t position, struct kv_slots *out)
{
	out->len = 0;
	for (size_t i = 0; i < v->spans && out->len < KV_TILE; i++)
		append_span(&v->span[i], v->span[i].len, position, out);
	append_span(&v->own, own_len, position, out);
}

bool
kv_slots_equal(const struct kv_slots *a, const struct kv_slots *b)
{
	return a->len == b->len && memcmp(a->slot, b->slot, a->len * sizeof(*a->slot)) == 0;
}

void
kv_pack_keys(const struct kv_slots *p, const float *k, size_t head_size,
    matmul_transpose_fn *transpose, float *panel)
{
	for (size_t group = 0; group < KV_TILE; group += 16) {
		const uint32_t *row[16];

		for (size_t i = 0; i < 16; i++)
			row[i] = (const uint32_t *)(const void *)(group + i < p->len
				? k + p->slot[group + i] * head_size
				: zeros);
		transpose(row, head_size, 0, (uint32_t *)(void *)(panel + group));
	}
}

void
kv_pack_values(const struct kv_slots *p, const float *v, size_t head_size, float *panel)
{
	for (size_t from = 0; from < head_size; from += MATMUL_PANEL) {
		const size_t n = head_size - from < MATMUL_PANEL ? head_size - from : MATMUL_PANEL;
		const size_t width = kv_padded_size(n);

		for (size_t i = 0; i < KV_TILE; i++, panel += width) {
			memcpy(panel, i < p->len ? v + p->slot[i] * head_size + from : zeros,
			    n * sizeof(*panel));
			memset(panel + n, 0, (width - n) * sizeof(*panel));
		}
	}
}
