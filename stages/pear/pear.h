/* pear.h - what the commands of alignx-pear share. */

#ifndef ALIGNX_STAGES_PEAR_PEAR_H
#define ALIGNX_STAGES_PEAR_PEAR_H

#include "infer/pear/copy_eval.h"
#include "lib/io/progress.h"
#include "lib/cli/tool.h"

/* Options of several commands. */
struct pear_options {
	const char *output; /* NULL: standard output */
	struct opt_list length, sequences;
	long seed, threads;
	int64_t memory;
	bool no_simd;
	int progress; /* enum progress_when */
};
extern struct pear_options pear_options;

/* A command has options of its own and one operand. */
struct pear_command {
	const char *name, *summary;
	const struct opt *opts;
	bool needs_copy_task; /* runs the copying task */
	int (*run)(struct stage_ctx *t, const char *model, struct fault *f);
};
extern const struct pear_command pear_detect_command, pear_learn_command, pear_apply_command;

/* An open model, and what runs it. */
struct pear_tool {
	const char *file;
	struct model model;
	struct copy_task copy_task;
	struct pear_context ctx;
	struct progress progress;
};
int pear_open(struct pear_tool *p, const char *file, struct arena *a, struct fault *f);
void pear_close(struct pear_tool *p);

/* -2: the model and these bytes do not fit in memory; length: for the message. */
int pear_check_memory(const struct pear_tool *p, size_t bytes, size_t length, struct fault *f);

/* Number i of a repeated option, the last if it was given less often, `other` if never. -2:
 * not a whole number from `least` on. */
int pear_number(const struct opt_list *l, const char *word, size_t i, size_t other, size_t least,
    size_t *out, struct fault *f);

/* "model" and "fingerprint", the first members of a JSON map. */
void pear_put_model(const struct pear_tool *p, struct buf *b);

/* "name": {accuracy, loss, metric} */
void pear_put_copy_score(const char *name, const struct copy_score *r, struct buf *b);

#endif
