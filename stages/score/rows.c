#include "config.h"

#include "stages/score/rows.h"

struct score_row *
score_rows_all(const struct score_rows *r, size_t *n)
{
	*n = r->rows.len / sizeof(struct score_row);
	return (struct score_row *)(void *)r->rows.data;
}

static const struct model_scores *
scores_of(const struct score_rows *r, uint64_t text)
{
	const struct score_row *row = (const void *)r->rows.data;

	return &row[text >> 2].of[text >> 1 & 1];
}

size_t
score_text_len(const struct score_rows *r, uint64_t text, size_t *prompt)
{
	const struct model_scores *t = scores_of(r, text);

	*prompt = t->prompt;
	return (size_t)t->prompt + t->response[text & 1];
}

const uint32_t *
score_text_ids(const struct score_rows *r, uint64_t text, size_t at, size_t *n, uint32_t *scratch,
    struct fault *f)
{
	const struct model_scores *t = scores_of(r, text);
	const uint32_t *view;
	uint64_t offset = at;

	if (at < t->prompt && (text & 1) == 1) {
		*n = t->prompt - at;
	} else {
		*n = (size_t)t->prompt + t->response[text & 1] - at;
		offset += (text & 1) == 1 ? t->response[0] : 0;
	}
	offset = t->at + offset * sizeof(*view);
	if ((view = spool_view(r->ids, offset, *n * sizeof(*view))) != NULL)
		return view;
	if (*n > SCORE_SCRATCH)
		*n = SCORE_SCRATCH;
	return spool_read(r->ids, offset, scratch, *n * sizeof(*scratch), f) < 0 ? NULL : scratch;
}

void
score_rows_release(struct score_rows *r)
{
	buf_release(&r->rows);
	spool_free(r->ids);
	r->ids = NULL;
}
