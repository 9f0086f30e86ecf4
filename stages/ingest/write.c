/* ingest_put.c - from a raw text to a packed interaction. */

#include "config.h"

#include "lib/text/normalize_text.h"
#include "lib/text/pii.h"
#include "lib/text/strip_url.h"
#include "stages/ingest/ingest.h"

static void
look_into(struct text *text, const struct buf *b)
{
	*text = (struct text){ b->data, b->len };
}

/* Scrubbing comes first, so that a name is seen while its address is whole. */
void
ingest_prepare(struct ingest *g, struct text *text)
{
	if (clean_text(text->ptr, text->len, &g->cleaned))
		look_into(text, &g->cleaned);
	if (!g->keeps_names && scrub_text(text->ptr, text->len, &g->scrubbed))
		look_into(text, &g->scrubbed);
	if (!strip_text(text->ptr, text->len, &g->stripped))
		return;
	look_into(text, &g->stripped);	/* a gap may be where a link was */
	if (clean_text(text->ptr, text->len, &g->cleaned))
		look_into(text, &g->cleaned);
}

int
ingest_drop(struct ingest *g, enum ingest_fate why)
{
	g->fates[why]++;
	return 0;
}

/* A short title makes a good post, and a short response was rated as it is,
 * so only comments have a least length. */
static enum ingest_fate
judge_length(const struct ingest *g, const struct interaction *x)
{
	size_t least = x->type == INTERACTION_COMMENT ? (size_t)g->min_chars : 1;
	size_t n = x->text.len;

	/* a character has 1 to 4 bytes, so most need not be counted */
	if (n > (size_t)g->max_chars || n < 4 * least)
		n = clean_chars(x->text.ptr, n);
	return n == 0 || n < least ? INGEST_SHORT
	    : n > (size_t)g->max_chars ? INGEST_LONG : INGEST_KEPT;
}

int
ingest_put(struct ingest *g, struct interaction *x)
{
	enum ingest_fate fate = judge_length(g, x);

	if (ingest_people_forgets_id(g->people, &x->id))
		fate = INGEST_FORGOTTEN;
	g->fates[fate]++;
	if (fate != INGEST_KEPT)
		return 0;
	x->source = g->source->is;
	x->place = g->place;
	noun_pack(&interaction_layout, x, g->turn->out);
	return 1;
}

int
ingest_author(struct ingest *g, const struct text *name,
    struct interaction *x, struct fault *f)
{
	int person = ingest_people_ask(g->people, name, &x->user, f);

	switch (person) {
	case PERSON_KEPT:
		NOUN_SET(&interaction_layout, x, user);
		return 1;
	case PERSON_BOT: return ingest_drop(g, INGEST_BOT);
	case PERSON_FORGOTTEN: return ingest_drop(g, INGEST_FORGOTTEN);
	case PERSON_DELETED: return ingest_drop(g, INGEST_DELETED);
	default: return person;
	}
}

void
ingest_rate(struct ratings *r, enum ingest_aspect aspect, double value)
{
	static const size_t at[ASPECTS] = {
		[ASPECT_HARMLESSNESS] = offsetof(struct ratings, harmlessness),
		[ASPECT_INSTRUCTION_FOLLOWING] =
		    offsetof(struct ratings, instruction_following),
		[ASPECT_HONESTY] = offsetof(struct ratings, honesty),
		[ASPECT_TRUTHFULNESS] = offsetof(struct ratings, truthfulness),
		[ASPECT_HELPFULNESS] = offsetof(struct ratings, helpfulness),
		[ASPECT_COHERENCE] = offsetof(struct ratings, coherence),
		[ASPECT_COMPLEXITY] = offsetof(struct ratings, complexity),
		[ASPECT_VERBOSITY] = offsetof(struct ratings, verbosity),
	};

	*(double *)((char *)r + at[aspect]) = value;
	noun_set(&ratings_layout, r, at[aspect]);
}
