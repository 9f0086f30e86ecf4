/* fingerprint.h - a number that tells models apart.
 *
 * Whoever keeps results of a model beside it (scores, coefficients of heads) keeps
 * its fingerprint with them. */

#ifndef ALIGNX_INFER_FINGERPRINT_H
#define ALIGNX_INFER_FINGERPRINT_H

#include "infer/model.h"

/* Of the shapes, types and a sample of the bytes of every matrix: three lines of
 * 64 bytes each, so that a file of any size takes milliseconds. */
uint64_t model_fingerprint(const struct model *m);

#endif
