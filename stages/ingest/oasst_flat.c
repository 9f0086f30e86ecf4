/* oasst_flat.c - OpenAssistant's messages, one a line.
 *
 * The messages of a tree are kept until it ends, so that a prompt has its dialogue, and a rating the
 * scale of all answers to its prompt, as in a file of trees. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/text/pseudonym.h"
#include "stages/ingest/oasst.h"

/* More messages than a tree of the data set has. */
enum { TREE_MAX = 2000 };

struct flat_message {
	struct oasst_message m;
	struct source_pos place;
};

struct oasst_flat {
	struct arena arena; /* of the messages */
	struct flat_message message[TREE_MAX];
	size_t len;
	struct ingest_dialogue dialogue;
};

static struct text
keep(struct oasst_flat *t, const struct text *from)
{
	return (struct text){ arena_strndup(&t->arena, from->len > 0 ? from->ptr : "", from->len),
		from->len };
}

static const struct flat_message *
parent_of(const struct oasst_flat *t, const struct flat_message *x)
{
	for (size_t i = 0; x->m.parent.len > 0 && i < t->len; i++)
		if (text_equals(&t->message[i].m.id, &x->m.parent) && &t->message[i] != x)
			return &t->message[i];
	return NULL;
}

/* Adds the turns from the root on: 1; 0 if one of them may not be quoted, or -2. */
static int
add_turns(struct ingest *g, struct oasst_flat *t, const struct flat_message *x, struct fault *f)
{
	const struct flat_message *turn[TREE_MAX];
	size_t n = 0;
	int rc;

	for (; x != NULL && n < TREE_MAX; x = parent_of(t, x))
		turn[n++] = x;
	ingest_dialogue_begin(&t->dialogue);
	while (n-- > 0) {
		if ((rc = oasst_may_be_quoted(g, &turn[n]->m, f)) <= 0)
			return rc;
		ingest_dialogue_add(&t->dialogue,
		    turn[n]->m.role == PROMPTER ? "Human" : "Assistant", &turn[n]->m.text);
	}
	return 1;
}

static bool
answers(const struct flat_message *x, const struct flat_message *prompt)
{
	return x->m.role == ASSISTANT && text_equals(&x->m.parent, &prompt->m.id);
}

static int
put_answers(struct ingest *g, const struct oasst_flat *t, const struct flat_message *prompt,
    int64_t worst, const struct ingest_thread *thread, struct fault *f)
{
	char user[PSEUDONYM_LEN];
	struct interaction x;
	int rc;

	for (size_t i = 0; i < t->len; i++) {
		const struct flat_message *a = &t->message[i];

		if (!answers(a, prompt))
			continue;
		if ((rc = oasst_set_common(g, &a->m, user, &x, f)) < 0)
			return rc;
		if (rc == 0)
			continue;
		g->place = a->place;
		oasst_set_rating(&x, a->m.rank, worst);
		ingest_thread_reply(g, thread, &x);
	}
	return 0;
}

/* A prompt that has answers becomes a post. */
static int
put_prompt(struct ingest *g, struct oasst_flat *t, const struct flat_message *prompt,
    struct fault *f)
{
	char user[PSEUDONYM_LEN];
	struct ingest_thread thread;
	struct interaction post;
	int64_t worst = -1;
	size_t n = 0;
	int rc;

	for (size_t i = 0; i < t->len; i++)
		if (answers(&t->message[i], prompt) && !t->message[i].m.is_deleted) {
			n++;
			worst = t->message[i].m.rank > worst ? t->message[i].m.rank : worst;
		}
	if (n == 0)
		return 0;
	if ((rc = oasst_set_common(g, &prompt->m, user, &post, f)) <= 0
	    || (rc = add_turns(g, t, prompt, f)) <= 0)
		return rc;
	post.text = ingest_dialogue_text(&t->dialogue);
	g->place = prompt->place;
	ingest_thread_begin(g, &post, &thread);
	return put_answers(g, t, prompt, worst, &thread, f);
}

int
oasst_flat_end(struct ingest *g, struct fault *f)
{
	struct oasst_flat *t = g->oasst;
	int rc = 0;

	if (t == NULL)
		return 0;
	for (size_t i = 0; i < t->len && rc >= 0; i++)
		if (t->message[i].m.role == PROMPTER)
			rc = put_prompt(g, t, &t->message[i], f);
		else if (parent_of(t, &t->message[i]) == NULL)
			ingest_drop(g, DROP_WITH_POST); /* what it answers is not there */
	t->len = 0;
	arena_reset(&t->arena);
	return rc < 0 ? rc : 0;
}

int
oasst_flat_add(struct ingest *g, const struct oasst_message *m, struct fault *f)
{
	const struct source_pos place = g->place;
	struct oasst_flat *t = g->oasst;
	struct flat_message *x;
	int rc = 0;

	if (t == NULL)
		t = g->oasst = arena_calloc(1, sizeof(*t));
	if (t->len == TREE_MAX || (t->len > 0 && !text_equals(&t->message[0].m.tree, &m->tree)))
		rc = oasst_flat_end(g, f);
	g->place = place;
	x = &t->message[t->len++];
	*x = (struct flat_message){ *m, place };
	x->m.id = keep(t, &m->id);
	x->m.text = keep(t, &m->text);
	x->m.user = keep(t, &m->user);
	x->m.parent = keep(t, &m->parent);
	x->m.tree = keep(t, &m->tree);
	x->place.file = keep(t, &place.file);
	return rc;
}

void
oasst_flat_free(struct oasst_flat *t)
{
	if (t == NULL)
		return;
	arena_release(&t->arena);
	buf_release(&t->dialogue.text);
	free(t);
}
