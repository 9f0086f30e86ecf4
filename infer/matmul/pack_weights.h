/* pack.h - weights as dwords, in panels (see infer/matmul/kernel.h).
 *
 * Numbers behind the end of a row, and rows behind the last, are 0. */

#ifndef ALIGNX_INFER_PACK_H
#define ALIGNX_INFER_PACK_H

#include "infer/matmul/kernel.h"
#include "infer/tensor/weight.h"

/* What a worker unpacks weights into. */
struct pack_room;

size_t pack_room_bytes(void);
struct pack_room *pack_room_new(void);
void pack_room_free(struct pack_room *r);

/* Rows [first, first + PRODUCT_PANEL) of w, `dwords` of them from `slab` on; a
 * view into the room, which has PRODUCT_PANELS of them. */
struct panel pack_panel(struct pack_room *r, size_t number, const struct weight *w,
    enum format format, struct product_way way, size_t first, size_t slab, size_t dwords);

#endif
