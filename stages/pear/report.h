/* report.h - writes the effects of heads as JSON. */

#ifndef ALIGNX_STAGES_PEAR_REPORT_H
#define ALIGNX_STAGES_PEAR_REPORT_H

#include "infer/pear/head_list.h"
#include "infer/pear/head_ranking.h"
#include "stages/pear/pear.h"

/* Runs, correlations between them, ranked heads and, unless published is NULL, the overlap
 * with that list. */
void pear_report_put(const struct pear_tool *p, const struct head_effects *run, size_t runs,
    const struct ranked_head *ranked, const struct head_list *published, struct buf *b);

#endif
