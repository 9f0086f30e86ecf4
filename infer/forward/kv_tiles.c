#include "config.h"

#include <string.h>

#include "infer/forward/kv_tiles.h"

static const float nothing[MODEL_HEAD_MAX];

/* Adds the positions of a span that are in the tile; they come in order. */
static void
add_span(const struct span *s, size_t len, int32_t position, struct places *out)
{
	int64_t from = (int64_t)position + (int64_t)out->len - s->position;

	for (; from >= 0 && from < (int64_t)len && out->len < ATTENTION_TILE; from++)
		out->slot[out->len++] = s->first + (size_t)from;
}

void
attention_places(const struct view *v, size_t own_len, int32_t position,
    struct places *out)
{
	out->len = 0;
	for (size_t i = 0; i < v->spans && out->len < ATTENTION_TILE; i++)
		add_span(&v->span[i], v->span[i].len, position, out);
	add_span(&v->own, own_len, position, out);
}

bool
attention_places_equal(const struct places *a, const struct places *b)
{
	return a->len == b->len
	    && memcmp(a->slot, b->slot, a->len * sizeof(*a->slot)) == 0;
}

void
attention_keys(const struct places *p, const float *k, size_t head_size,
    product_turn_fn *turn, float *panel)
{
	for (size_t group = 0; group < ATTENTION_TILE; group += 16) {
		const uint32_t *row[16];

		for (size_t i = 0; i < 16; i++)
			row[i] = (const uint32_t *)(const void *)(group + i < p->len
			    ? k + p->slot[group + i] * head_size : nothing);
		turn(row, head_size, 0, (uint32_t *)(void *)(panel + group));
	}
}

void
attention_values(const struct places *p, const float *v, size_t head_size,
    float *panel)
{
	for (size_t from = 0; from < head_size; from += PRODUCT_PANEL) {
		const size_t n = head_size - from < PRODUCT_PANEL ? head_size - from
		    : PRODUCT_PANEL;
		const size_t width = attention_width(n);

		for (size_t i = 0; i < ATTENTION_TILE; i++, panel += width) {
			memcpy(panel, i < p->len ? v + p->slot[i] * head_size + from
			    : nothing, n * sizeof(*panel));
			memset(panel + n, 0, (width - n) * sizeof(*panel));
		}
	}
}
