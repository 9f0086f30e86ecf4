/* write.c - writes the interaction of a cleaned text. */

#include "config.h"

#include <string.h>

#include "lib/core/utf8.h"
#include "stages/ingest/ingest.h"
#include "stages/ingest/names_left.h"

int
ingest_drop(struct ingest *g, enum drop_reason why)
{
	g->texts[why]++;
	return 0;
}

/* Only comments have a minimum: a short title is a good post, and a short response has a
 * rating. */
static enum drop_reason
check_length(const struct ingest *g, const struct interaction *x)
{
	size_t min = x->type == INTERACTION_COMMENT ? (size_t)g->min_chars : 1;
	size_t n = x->text.len;

	/* a character has 1 to 4 bytes, so few texts need to be counted */
	if (n > (size_t)g->max_chars || n < 4 * min)
		n = utf8_count(x->text.ptr, n);
	return n == 0 || n < min ? DROP_SHORT : n > (size_t)g->max_chars ? DROP_LONG : DROP_NONE;
}

int
ingest_write(struct ingest *g, struct interaction *x)
{
	enum drop_reason why = check_length(g, x);

	if (authors_has_forgotten(g->authors, &x->id))
		why = DROP_FORGOTTEN;
	g->texts[why]++;
	if (why != DROP_NONE)
		return 0;
	g->names_left += names_left(g->authors, &x->text);
	x->source = g->source->is;
	x->place = g->place;
	message_encode(&interaction_descriptor, x, g->ctx->out);
	return 1;
}

int
ingest_set_author(struct ingest *g, const struct text *name, struct interaction *x, struct fault *f)
{
	int status = authors_find(g->authors, name, &x->user, f);

	switch (status) {
	case AUTHOR_KEPT:
		MESSAGE_SET(&interaction_descriptor, x, user);
		return 1;
	case AUTHOR_BOT:
		return ingest_drop(g, DROP_BOT);
	case AUTHOR_FORGOTTEN:
		return ingest_drop(g, DROP_FORGOTTEN);
	case AUTHOR_DELETED:
		return ingest_drop(g, DROP_DELETED);
	default:
		return status;
	}
}

void
ingest_set_rating(struct ratings *r, enum ingest_aspect aspect, double value)
{
	static const size_t at[ASPECTS] = {
		[ASPECT_HARMLESSNESS] = offsetof(struct ratings, harmlessness),
		[ASPECT_INSTRUCTION_FOLLOWING] = offsetof(struct ratings, instruction_following),
		[ASPECT_HONESTY] = offsetof(struct ratings, honesty),
		[ASPECT_TRUTHFULNESS] = offsetof(struct ratings, truthfulness),
		[ASPECT_HELPFULNESS] = offsetof(struct ratings, helpfulness),
		[ASPECT_COHERENCE] = offsetof(struct ratings, coherence),
		[ASPECT_COMPLEXITY] = offsetof(struct ratings, complexity),
		[ASPECT_VERBOSITY] = offsetof(struct ratings, verbosity),
	};

	memcpy((char *)r + at[aspect], &value, sizeof(value));
	message_set(&ratings_descriptor, r, at[aspect]);
}
