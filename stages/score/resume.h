/* resume.h - scores that were worked out before, found again.
 *
 * While a run goes on, the sums of each row are appended to FILE.part beside its
 * output FILE, as JSON lines.  What a line holds is told by its key, a hash of the
 * token ids, the model and the coefficients, so that a line is taken over where
 * it is right and nowhere else, whatever became of the input meanwhile.  56 bytes
 * a row in memory. */

#ifndef ALIGNX_STAGES_SCORE_RESUME_H
#define ALIGNX_STAGES_SCORE_RESUME_H

#include "stages/score/rows.h"

struct resume {
	char *name;			/* FILE.part; NULL: nothing is kept */
	int fd;
	struct buf line;		/* not written yet */
	struct saved_score *known;	/* by key */
	size_t slots, len;
};

/* Begins to keep sums for an output file.  What FILE.part holds is read first, for
 * it is there only if a run was stopped; again: what FILE holds too.  Lines that
 * are cut or are none are passed over. */
int resume_open(struct resume *r, const char *file, bool again,
    struct fault *f);

/* Fills in the sums of a row that are known. */
void resume_fill(const struct resume *r, struct score_row *row);

/* Keeps the sums of a side of a row; they are written by resume_flush(). */
void resume_add(struct resume *r, const struct score_row *row,
    enum score_side side);
int resume_flush(struct resume *r, struct fault *f);

/* is_done: the output is whole, so FILE.part goes. */
void resume_close(struct resume *r, bool is_done);

#endif
