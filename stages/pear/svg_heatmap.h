/* pear_picture.h - effects of heads as a heat map, in SVG. */

#ifndef ALIGNX_STAGES_PEAR_PICTURE_H
#define ALIGNX_STAGES_PEAR_PICTURE_H

#include "infer/pear/head_ranking.h"
#include "lib/core/buf.h"

/* A row for each layer, the first at the top, a column for each head: red where a
 * head keeps the model from copying, blue where it helps, white at 0. */
void pear_picture_put(const struct pear_ranked *ranked, size_t layers, size_t heads,
    struct buf *b);

#endif
