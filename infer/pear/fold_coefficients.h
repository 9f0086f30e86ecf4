/* fold_coefficients.h - writes a GGUF file with head coefficients folded into its weights.
 *
 * PEAR's zero-overhead inference: the columns of a layer's output projection that belong to a
 * head are multiplied by its coefficient, W_O[:, h d : (h + 1) d] *= c_h.  The projection's
 * bias is not, and everything else is copied byte for byte.  A quantised block with a single
 * coefficient keeps its type: its scales are multiplied.  A matrix with a block that has
 * several, or with a scale that half precision cannot hold, becomes F32. */

#ifndef ALIGNX_INFER_PEAR_FOLD_COEFFICIENTS_H
#define ALIGNX_INFER_PEAR_FOLD_COEFFICIENTS_H

#include "infer/model/model.h"
#include "lib/io/sink.h"

struct fold_plan {
	const struct model *model;
	const float *coefficient;    /* layers x heads */
	bool is_exact;               /* every matrix that changes becomes F32 */
	unsigned char *change;       /* of each layer: enum fold_change */
	size_t changed, dequantised; /* matrices that change, and those that become F32 */
};

enum fold_change { FOLD_KEEP, FOLD_SCALE, FOLD_TO_F32 };

/* Decides what to do with each matrix. -2: the model is not a GGUF file. */
int fold_coefficients_plan(struct fold_plan *p, const struct model *m, const float *coefficient,
    bool is_exact, const char *file, struct arena *a, struct fault *f);

/* Writes the whole file.  With all coefficients 1, the same bytes as the model's. -2: I/O. */
int fold_coefficients_write(const struct fold_plan *p, struct sink *to, struct fault *f);

#endif
