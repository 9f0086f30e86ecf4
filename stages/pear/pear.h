/* pear.h - what the sub-commands of alignx-pear share. */

#ifndef ALIGNX_STAGES_PEAR_PEAR_H
#define ALIGNX_STAGES_PEAR_PEAR_H

#include "infer/pear/copy_eval.h"
#include "lib/io/progress.h"
#include "lib/cli/tool.h"

/* Options that several of them have. */
struct pear_options {
	const char *output;		/* NULL: standard output */
	struct opt_list length, sequences;
	long seed, threads;
	int64_t memory;
	bool is_plain;
	int progress;			/* enum progress_when */
};
extern struct pear_options pear_options;

/* Each has a table of its own options, and does its work on one operand. */
struct pear_command {
	const char *name, *gist;
	const struct opt *opts;
	bool is_working;		/* takes a model through texts */
	int (*run)(struct turn *t, const char *model, struct fault *f);
};
extern const struct pear_command pear_detect_command, pear_learn_command,
    pear_apply_command;

/* A model that is open, and how to work with it. */
struct pear_run_context {
	const char *file;
	struct model model;
	struct copy_task copy_task;
	struct pear_context work;
	struct progress progress;
};
int pear_open(struct pear_run_context *p, const char *file, struct arena *a,
    struct fault *f);
void pear_close(struct pear_run_context *p);

/* -2 with a sentence if there is no memory for the model and so many bytes for texts of
 * length tokens twice. */
int pear_check_memory(const struct pear_run_context *p, size_t bytes, size_t length,
    struct fault *f);

/* Writes a whole file by renaming, or to standard output where name is NULL. */
int pear_write(const char *name, const struct buf *b, struct fault *f);

/* Number `i` of a list of options, the last where there are fewer, other where
 * there are none.  -2 with a sentence. */
int pear_number(const struct opt_list *l, const char *word, size_t i, size_t other,
    size_t least, size_t *out, struct fault *f);

/* "model" and "fingerprint", the first members of a JSON map. */
void pear_put_model(const struct pear_run_context *p, struct buf *b);

/* "name": {accuracy, loss, metric} */
void pear_put_copy_score(const char *name, const struct copy_score *r, struct buf *b);

#endif
