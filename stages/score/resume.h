/* resume.h - reuses scores of an earlier run.
 *
 * While a run goes on, each row's sums are appended to FILE.part next to the output FILE, as
 * JSON lines.  A line's key is a hash of token ids, model and coefficients, so a line is used
 * only where it is right, however the input changed.  Memory: 64 to 130 bytes a line. */

#ifndef ALIGNX_STAGES_SCORE_RESUME_H
#define ALIGNX_STAGES_SCORE_RESUME_H

#include "lib/core/hash_index.h"
#include "stages/score/rows.h"

struct resume {
	char *name; /* FILE.part; NULL: nothing is kept */
	int fd;
	struct buf line; /* not written yet */
	struct saved_score *saved;
	size_t len, cap;
	struct hash_index index; /* of `saved`, by key */
};

/* Reads FILE.part, which exists if a run was stopped, and if reads_output FILE itself; then
 * opens FILE.part to append.  Lines that are cut or damaged are skipped. -2: I/O. */
int resume_open(struct resume *r, const char *file, bool reads_output, struct fault *f);

/* Fills in the saved sums of a row. */
void resume_fill(const struct resume *r, struct score_row *row);

/* Saves the sums of a side of a row; resume_flush() writes them. */
void resume_add(struct resume *r, const struct score_row *row, enum score_side side);
int resume_flush(struct resume *r, struct fault *f);

/* is_done: the output is complete, so FILE.part is removed. */
void resume_close(struct resume *r, bool is_done);

#endif
