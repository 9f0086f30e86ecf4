/* auc.h - area under the ROC curve: the chance that a positive example scores higher than a
 * negative one (Mann and Whitney 1947); ties count half. */

#ifndef ALIGNX_STAGES_FIT_AUC_H
#define ALIGNX_STAGES_FIT_AUC_H

#include <stdbool.h>
#include <stddef.h>

/* NAN if all examples are of one class. */
double auc(const double *score, const bool *is_positive, size_t n);

#endif
