#include "config.h"

#include <string.h>

#include "infer/pear/head_coefficients.h"
#include "infer/model/fingerprint.h"

int
head_coefficients_check(const struct head_list *l, const char *file, const struct model *m,
    struct fault *f)
{
	char own[FINGERPRINT_SIZE];

	if (l->fingerprint == NULL)
		return 0;
	model_fingerprint(m, own);
	if (strcmp(own, l->fingerprint) == 0)
		return 0;
	return fault_stop(f,
	    "%s: made for another model: its fingerprint is %.64s, that "
	    "of this model %s",
	    file, l->fingerprint, own);
}

const float *
head_coefficients_read(const char *file, const struct model *m, struct arena *a, struct fault *f)
{
	float *out = arena_alloc(a, m->layers * m->heads * sizeof(*out));
	struct head_list list;

	if (head_list_read(&list, file, m->layers, m->heads, a, f) < 0
	    || head_coefficients_check(&list, file, m, f) < 0)
		return NULL;
	for (size_t i = 0; i < m->layers * m->heads; i++)
		out[i] = 1;
	for (size_t i = 0; i < list.len; i++) {
		const struct head_entry *e = &list.at[i];

		if (!e->has_coefficient) {
			fault_stop(f, "%s: /heads/%zu: the coefficient is missing", file, i);
			return NULL;
		}
		out[e->layer * m->heads + e->head] = (float)e->coefficient;
	}
	return out;
}
