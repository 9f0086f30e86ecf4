/* auc.h - area under the curve: the chance that a score is higher where the
 * answer is yes (Mann and Whitney 1947); ties count half. */

#ifndef ALIGNX_STAGES_FIT_AUC_H
#define ALIGNX_STAGES_FIT_AUC_H

#include <stdbool.h>
#include <stddef.h>

/* Not a number if there is no yes, or no no. */
double auc(const double *score, const bool *is_yes, size_t n);

#endif
