/* oasst.c - OpenAssistant: trees, nested messages, single messages.
 *
 * In a tree, each message of a prompter that has answers becomes a post.  Its text is the
 * dialogue up to it, because an answer to "why?" cannot be judged without.  Messages that come
 * one a line with the id of their tree are put together first (oasst_flat.c). */

#include "config.h"

#include <string.h>

#include "lib/core/json_pointer.h"
#include "lib/text/pseudonym.h"
#include "stages/ingest/field.h"
#include "stages/ingest/oasst.h"

enum { MESSAGE_ID, PARENT_ID, TREE_ID, TEXT, ROLE, DELETED, RANK, USER_ID, REPLIES, FIELDS };
static const char *const names[FIELDS] = { "message_id", "parent_id", "message_tree_id", "text",
	"role", "deleted", "rank", "user_id", "replies" };

struct oasst_tree {
	struct ingest *g;
	struct ingest_dialogue dialogue;
};

static int
read_role(const struct json_node *n, enum oasst_role *role, struct fault *f)
{
	struct text word;

	if (field_require_text(n, names[ROLE], &word, f) < 0)
		return -1;
	if (text_is(&word, "prompter"))
		*role = PROMPTER;
	else if (text_is(&word, "assistant"))
		*role = ASSISTANT;
	else
		return field_fault(names[ROLE], f, "wrong-type", "expected prompter or assistant");
	return 0;
}

static int
require_id(const struct json_node *n, const char *name, struct text *id, struct fault *f)
{
	if (field_require_text(n, name, id, f) < 0)
		return -1;
	if (id->len == 0 || id->len > INGEST_ID_MAX)
		return field_fault(name, f, "bad-id", "expected an id of 1 to %d bytes",
		    INGEST_ID_MAX);
	return 0;
}

static int
read_message(const struct json_node *map, struct oasst_message *m, struct fault *f)
{
	struct json_node field[FIELDS];

	*m = (struct oasst_message){ .rank = -1 };
	if (json_pick(map, names, FIELDS, field, f) < 0
	    || require_id(&field[MESSAGE_ID], names[MESSAGE_ID], &m->id, f) < 0
	    || field_require_text(&field[TEXT], names[TEXT], &m->text, f) < 0
	    || read_role(&field[ROLE], &m->role, f) < 0
	    || field_bool(&field[DELETED], names[DELETED], &m->is_deleted, f) < 0
	    || field_int(&field[RANK], names[RANK], &m->rank, f) < 0
	    || field_text(&field[USER_ID], names[USER_ID], &m->user, f) < 0
	    || field_text(&field[TREE_ID], names[TREE_ID], &m->tree, f) < 0
	    || field_text(&field[PARENT_ID], names[PARENT_ID], &m->parent, f) < 0)
		return -1;
	m->replies = field[REPLIES];
	if (m->replies.kind != JSON_ABSENT && m->replies.kind != JSON_NULL
	    && field_require_list(&m->replies, names[REPLIES], f) < 0)
		return -1;
	return 0;
}

static int
read_reply(const struct json_node *map, size_t i, struct oasst_message *m, struct fault *f)
{
	if (read_message(map, m, f) == 0)
		return 0;
	json_pointer_prepend_index(f, i);
	json_pointer_prepend(f, names[REPLIES], strlen(names[REPLIES]));
	return -1;
}

int
oasst_set_common(struct ingest *g, const struct oasst_message *m, char *user, struct interaction *x,
    struct fault *f)
{
	int rc;

	if (m->is_deleted)
		return ingest_drop(g, DROP_DELETED);
	*x = (struct interaction){ .id = m->id, .text = m->text };
	if (m->user.len == 0)
		return 1;
	if ((rc = ingest_set_author(g, &m->user, x, f)) <= 0)
		return rc;
	memcpy(user, x->user.ptr, PSEUDONYM_LEN);
	x->user.ptr = user;
	return 1;
}

void
oasst_set_rating(struct interaction *x, int64_t rank, int64_t worst)
{
	if (rank < 0 || worst <= 0)
		return;
	ingest_set_rating(&x->ratings, ASPECT_HELPFULNESS, 1 - 2 * (double)rank / (double)worst);
	MESSAGE_SET(&interaction_descriptor, x, ratings);
}

/* The number of answers to a prompt, and the rank of the worst. */
static int
count_answers(const struct json_node *replies, size_t *answers, int64_t *worst, struct fault *f)
{
	struct json_node value;
	struct json_walk w;
	struct oasst_message m;

	*answers = 0;
	*worst = -1;
	json_walk_begin(&w, replies);
	for (size_t i = 0; json_walk_next(&w, NULL, &value); i++) {
		if (read_reply(&value, i, &m, f) < 0)
			return -1;
		if (m.is_deleted || m.role != ASSISTANT)
			continue;
		++*answers;
		if (m.rank > *worst)
			*worst = m.rank;
	}
	return 0;
}

/* Writes the answers to a post. */
static int
put_answers(struct ingest *g, const struct json_node *replies, int64_t worst,
    const struct ingest_thread *t, struct fault *f)
{
	char user[PSEUDONYM_LEN];
	struct json_node value;
	struct interaction x;
	struct json_walk w;
	struct oasst_message m;
	int rc;

	json_walk_begin(&w, replies);
	for (size_t i = 0; json_walk_next(&w, NULL, &value); i++) {
		if (read_reply(&value, i, &m, f) < 0)
			return -1;
		if (m.role != ASSISTANT)
			continue;
		if ((rc = oasst_set_common(g, &m, user, &x, f)) < 0)
			return rc;
		if (rc == 0)
			continue;
		oasst_set_rating(&x, m.rank, worst);
		ingest_thread_reply(g, t, &x);
	}
	return 0;
}

static int walk(struct oasst_tree *t, const struct oasst_message *m, struct fault *f);

/* Walks the replies to a message. */
static int
walk_replies(struct oasst_tree *t, const struct oasst_message *m, struct fault *f)
{
	struct json_node value;
	struct json_walk w;
	struct oasst_message reply;
	int rc;

	json_walk_begin(&w, &m->replies);
	for (size_t i = 0; json_walk_next(&w, NULL, &value); i++) {
		if (read_reply(&value, i, &reply, f) < 0)
			return -1;
		if ((rc = walk(t, &reply, f)) < 0) {
			json_pointer_prepend_index(f, i);
			json_pointer_prepend(f, names[REPLIES], strlen(names[REPLIES]));
			return rc;
		}
	}
	return 0;
}

/* After a dropped prompt the walk does not go on: the dialogues below contain it. */
static int
put_prompt(struct oasst_tree *t, const struct oasst_message *m, bool *goes_on, struct fault *f)
{
	char user[PSEUDONYM_LEN];
	struct ingest_thread thread;
	struct interaction post;
	size_t answers;
	int64_t worst;
	int rc;

	*goes_on = false;
	if ((rc = count_answers(&m->replies, &answers, &worst, f)) < 0 || answers == 0
	    || (rc = oasst_set_common(t->g, m, user, &post, f)) <= 0)
		return rc;
	post.text = ingest_dialogue_text(&t->dialogue);
	ingest_thread_begin(t->g, &post, &thread);
	*goes_on = thread.is_kept;
	return put_answers(t->g, &m->replies, worst, &thread, f);
}

int
oasst_may_be_quoted(struct ingest *g, const struct oasst_message *m, struct fault *f)
{
	struct text pseudonym;
	int status = m->user.len == 0 ? AUTHOR_KEPT
				      : authors_find(g->authors, &m->user, &pseudonym, f);

	return status < 0
	    ? status
	    : status == AUTHOR_KEPT && !m->is_deleted && !authors_has_forgotten(g->authors, &m->id);
}

static int
walk(struct oasst_tree *t, const struct oasst_message *m, struct fault *f)
{
	size_t len = t->dialogue.text.len, turns = t->dialogue.turns;
	bool goes_on = true;
	int rc = m->role == PROMPTER ? 1 : oasst_may_be_quoted(t->g, m, f);

	if (rc <= 0)
		return rc;
	ingest_dialogue_add(&t->dialogue, m->role == PROMPTER ? "Human" : "Assistant", &m->text);
	if (m->role == PROMPTER)
		rc = put_prompt(t, m, &goes_on, f);
	if (rc >= 0 && goes_on)
		rc = walk_replies(t, m, f);
	t->dialogue.text.len = len;
	t->dialogue.turns = turns;
	return rc;
}

int
ingest_oasst(struct ingest *g, const struct json_node *row, struct fault *f)
{
	static const char *const prompt = "prompt";
	struct oasst_tree t = { .g = g };
	struct json_node root;
	struct oasst_message m;
	bool is_tree;
	int rc;

	if (json_pick(row, &prompt, 1, &root, f) < 0)
		return -1;
	is_tree = root.kind == JSON_MAP;
	if ((rc = read_message(is_tree ? &root : row, &m, f)) == 0) {
		if (!is_tree && m.replies.kind == JSON_ABSENT)
			return oasst_flat_add(g, &m, f);
		rc = walk(&t, &m, f);
	}
	if (rc < 0 && is_tree)
		json_pointer_prepend(f, prompt, strlen(prompt));
	buf_release(&t.dialogue.text);
	return rc;
}
