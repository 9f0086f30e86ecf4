/* svg_heatmap.h - draws the effects of heads as a heat map, in SVG. */

#ifndef ALIGNX_STAGES_PEAR_SVG_HEATMAP_H
#define ALIGNX_STAGES_PEAR_SVG_HEATMAP_H

#include "infer/pear/head_ranking.h"
#include "lib/core/buf.h"

/* A row for each layer, the first at the top, a column for each head: red where the head
 * suppresses copying, blue where it helps.  name: the model's, the heading. */
void svg_heatmap_put(const struct ranked_head *ranked, size_t layers, size_t heads,
    const char *name, struct buf *b);

#endif
