/* attention_room.h - scratch memory of infer/forward/attention.c, for each worker. */

#ifndef ALIGNX_INFER_ATTENTION_ROOM_H
#define ALIGNX_INFER_ATTENTION_ROOM_H

#include "infer/forward/kv_tiles.h"

enum { ATTENTION_ROWS = 64 };		/* of a batch, at most, in a block */

/* The queries of an item are the rows of a block, times the heads of a group: query
 * number row * group + head.  Of each: the largest score so far, and sum and
 * values scaled by exp(-most). */
struct queries {
	float *tile;			/* tiles x depth x rows */
	float *most, *sum;		/* tiles x rows */
	float *value;			/* tiles x rows x width */
};

struct scratch {
	struct queries q;
	float *keys, *values;		/* panels of the tile in hand */
	_Alignas(64) float score[PRODUCT_TILE_MAX * ATTENTION_TILE];
	_Alignas(64) float weight[ATTENTION_TILE * PRODUCT_TILE_MAX];
};

struct attention_room {
	struct pool *pool;
	struct scratch **scratch;	/* of each worker */
	struct product_way way;
	bool is_rounded;		/* bfloat16 throughout, summed as tile registers do */
	size_t depth;			/* head_size, in whole groups of such sums */
	size_t rows;			/* in a block */
};

#endif
