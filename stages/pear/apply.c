/* alignx-pear apply - writes a model with its head coefficients folded in. */

#include "config.h"

#include "infer/pear/head_coefficients.h"
#include "infer/pear/fold_coefficients.h"
#include "stages/pear/pear.h"

static const char *coefficients_file;
static bool is_exact;

static const struct opt opts[] = {
	{ 'c', "coefficients", "file", OPT_FILE, &coefficients_file,
	    "apply: file of coefficients, as learn writes it", 0, 0, NULL },
	{ 0, "exact", NULL, OPT_FLAG, &is_exact,
	    "apply: convert matrices that change to F32, so that nothing is rounded", 0, 0, NULL },
	{ 0 },
};

static int
apply(const struct model *m, const char *file, struct arena *a, struct fault *f)
{
	const float *by = head_coefficients_read(coefficients_file, m, a, f);
	struct fold_plan plan;
	struct sink *to;

	if (by == NULL || fold_coefficients_plan(&plan, m, by, is_exact, file, a, f) < 0
	    || (to = sink_open(pear_options.output, f)) == NULL)
		return -2;
	if (fold_coefficients_write(&plan, to, f) == 0)
		return sink_close(to, f);
	sink_abandon(to);
	return -2;
}

static int
run(struct stage_ctx *t, const char *file, struct fault *f)
{
	struct model m;
	int rc;

	if (coefficients_file == NULL)
		return fault_stop(f, "--coefficients must name a file of coefficients");
	if (pear_options.output == NULL)
		return fault_stop(f, "--output must name the file to write");
	if (model_open(&m, file, t->run_arena, f) < 0)
		return -2;
	rc = apply(&m, file, t->run_arena, f);
	model_close(&m);
	return rc;
}

const struct pear_command pear_apply_command = {
	.name = "apply",
	.summary = "fold coefficients of heads into a model",
	.opts = opts,
	.run = run,
};
