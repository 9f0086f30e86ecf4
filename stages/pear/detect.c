/* alignx-pear detect - computes the effect of every head on copying. */

#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "infer/pear/head_coefficients.h"
#include "infer/pear/head_ranking.h"
#include "lib/json/json_write.h"
#include "lib/io/sink.h"
#include "stages/pear/pear.h"
#include "stages/pear/svg_heatmap.h"
#include "stages/pear/report.h"

static long seeds = 3;
static const char *compare_file, *heatmap_file;

static const struct opt opts[] = {
	{ 0, "seeds", "n", OPT_INT, &seeds,
	    "detect: repeat each setting with n seeds, from --seed on (default 3)", 1, 1000, NULL },
	{ 0, "compare", "file", OPT_FILE, &compare_file,
	    "detect: report the overlap of the top K heads with those of the list in file", 0, 0,
	    NULL },
	{ 0, "heatmap", "file", OPT_FILE, &heatmap_file,
	    "detect: draw the effects, layers by heads, into an SVG file", 0, 0, NULL, "picture" },
	{ 0 },
};

struct detect_progress {
	struct pear_tool *tool;
	size_t run, runs;
};

static void
on_progress(void *with, size_t done, size_t all)
{
	const struct detect_progress *d = with;

	progress_printf(&d->tool->progress, "run %zu of %zu: %zu of %zu heads", d->run + 1, d->runs,
	    done, all);
}

/* Every setting with every seed. */
static int
list_runs(struct head_effects *run, size_t settings, struct fault *f)
{
	for (size_t i = 0; i < settings * (size_t)seeds; i++) {
		struct head_effects_options *s = &run[i].options;

		if (pear_number(&pear_options.length, "length", i / (size_t)seeds, 50, 2,
			&s->length, f)
			< 0
		    || pear_number(&pear_options.sequences, "sequences", i / (size_t)seeds, 20, 2,
			   &s->sequences, f)
			< 0)
			return -2;
		s->seed = (uint64_t)pear_options.seed + i % (size_t)seeds;
	}
	return 0;
}

static int
detect(struct pear_tool *p, struct stage_ctx *t, struct head_list *published, struct fault *f)
{
	const size_t settings = pear_options.length.len > pear_options.sequences.len
	    ? pear_options.length.len
	    : pear_options.sequences.len;
	const size_t runs = (settings > 0 ? settings : 1) * (size_t)seeds;
	const size_t heads = p->model.layers * p->model.heads;
	struct head_effects *run = arena_alloc(t->run_arena, runs * sizeof(*run));
	struct ranked_head *ranked = arena_alloc(t->run_arena, heads * sizeof(*ranked));
	struct detect_progress d = { p, 0, runs };
	struct buf b = { 0 };
	int rc = list_runs(run, settings > 0 ? settings : 1, f);

	for (size_t i = 0; rc == 0 && i < runs; i++)
		rc = pear_check_memory(p, head_effects_bytes(&p->ctx, &run[i].options),
		    run[i].options.length, f);
	p->ctx.on_progress = on_progress;
	p->ctx.with = &d;
	for (; rc == 0 && d.run < runs; d.run++)
		rc = head_effects_compute(&p->ctx, &p->copy_task, &run[d.run], t->run_arena, f);
	progress_clear(&p->progress);
	if (rc < 0)
		return rc;
	head_ranking_make(run, runs, p->model.layers, p->model.heads, ranked);
	pear_report_put(p, run, runs, ranked, published, &b);
	rc = sink_write_file(pear_options.output, b.data, b.len, f);
	if (rc == 0 && heatmap_file != NULL) {
		buf_clear(&b);
		svg_heatmap_put(ranked, p->model.layers, p->model.heads,
		    p->model.name.len > 0
			? arena_strndup(t->run_arena, p->model.name.ptr, p->model.name.len)
			: p->file,
		    &b);
		rc = sink_write_file(heatmap_file, b.data, b.len, f);
	}
	buf_release(&b);
	return rc;
}

static int
run(struct stage_ctx *t, const char *model, struct fault *f)
{
	struct pear_tool p;
	struct head_list published = { .at = NULL };
	int rc;

	if (pear_open(&p, model, t->run_arena, f) < 0)
		return -2;
	rc = compare_file == NULL ? 0
				  : head_list_read(&published, compare_file, p.model.layers,
				      p.model.heads, t->run_arena, f);
	if (rc == 0)
		rc = detect(&p, t, compare_file != NULL ? &published : NULL, f);
	pear_close(&p);
	return rc;
}

const struct pear_command pear_detect_command = {
	.name = "detect",
	.summary = "find attention heads that suppress copying",
	.opts = opts,
	.needs_copy_task = true,
	.run = run,
};
