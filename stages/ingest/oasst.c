/* ingest_oasst.c - OpenAssistant: trees, nested messages, single messages.
 *
 * In a tree each prompter's message that was answered becomes a post; its
 * text is the dialogue up to it, because what follows on "why?" cannot be
 * judged without.  Single messages come one a line and point at what they
 * answer; their posts are just what was said. */

#include "config.h"

#include <string.h>

#include "lib/core/json_pointer.h"
#include "lib/text/pseudonym.h"
#include "stages/ingest/field.h"
#include "stages/ingest/thread.h"

enum { MESSAGE_ID, PARENT_ID, TEXT, ROLE, DELETED, RANK, USER_ID, REPLIES,
	FIELDS };
static const char *const names[FIELDS] = { "message_id", "parent_id", "text",
	"role", "deleted", "rank", "user_id", "replies" };

enum role { PROMPTER, ASSISTANT };

struct message {
	struct text id, text, user;
	enum role role;
	bool is_deleted;
	int64_t rank;			/* 0 is best; -1 if it has none */
	struct json_node parent, replies;
};

struct tree {
	struct ingest *g;
	struct ingest_dialogue dialogue;
};

static int
read_role(const struct json_node *n, enum role *role, struct fault *f)
{
	struct text word;

	if (ingest_field_need_text(n, names[ROLE], &word, f) < 0)
		return -1;
	if (word.len == 8 && memcmp(word.ptr, "prompter", 8) == 0)
		*role = PROMPTER;
	else if (word.len == 9 && memcmp(word.ptr, "assistant", 9) == 0)
		*role = ASSISTANT;
	else
		return ingest_field_blame(names[ROLE], f, "wrong-type",
		    "expected prompter or assistant");
	return 0;
}

static int
need_id(const struct json_node *n, const char *name, struct text *id,
    struct fault *f)
{
	if (ingest_field_need_text(n, name, id, f) < 0)
		return -1;
	if (id->len == 0 || id->len > INGEST_ID_MAX)
		return ingest_field_blame(name, f, "bad-id",
		    "expected an id of 1 to %d bytes", INGEST_ID_MAX);
	return 0;
}

static int
read_message(const struct json_node *map, struct message *m, struct fault *f)
{
	struct json_node field[FIELDS];

	*m = (struct message){ .rank = -1 };
	if (json_pick(map, names, FIELDS, field, f) < 0
	    || need_id(&field[MESSAGE_ID], names[MESSAGE_ID], &m->id, f) < 0
	    || ingest_field_need_text(&field[TEXT], names[TEXT], &m->text, f) < 0
	    || read_role(&field[ROLE], &m->role, f) < 0
	    || ingest_field_bool(&field[DELETED], names[DELETED],
	    &m->is_deleted, f) < 0
	    || ingest_field_int(&field[RANK], names[RANK], &m->rank, f) < 0
	    || ingest_field_text(&field[USER_ID], names[USER_ID], &m->user, f) < 0)
		return -1;
	m->parent = field[PARENT_ID];
	m->replies = field[REPLIES];
	if (m->replies.kind != JSON_ABSENT && m->replies.kind != JSON_NULL
	    && ingest_field_need_list(&m->replies, names[REPLIES], f) < 0)
		return -1;
	return 0;
}

static int
read_reply(const struct json_node *map, size_t i, struct message *m,
    struct fault *f)
{
	if (read_message(map, m, f) == 0)
		return 0;
	pointer_under_index(f, i);
	pointer_under(f, names[REPLIES], strlen(names[REPLIES]));
	return -1;
}

/* Sets id, text and user: 1, 0 if the message is dropped, or a fault. */
static int
fill(struct ingest *g, const struct message *m, char *user,
    struct interaction *x, struct fault *f)
{
	int rc;

	if (m->is_deleted)
		return ingest_drop(g, INGEST_DELETED);
	*x = (struct interaction){ .id = m->id, .text = m->text };
	if (m->user.len == 0)
		return 1;
	if ((rc = ingest_author(g, &m->user, x, f)) <= 0)
		return rc;
	memcpy(user, x->user.ptr, PSEUDONYM_LEN);
	x->user.ptr = user;
	return 1;
}

static void
set_rating(struct interaction *x, double value)
{
	ingest_rate(&x->ratings, ASPECT_HELPFULNESS, value);
	NOUN_SET(&interaction_layout, x, ratings);
}

/* How many answers a prompt has, and the rank of the worst. */
static int
survey(const struct json_node *replies, size_t *answers, int64_t *worst,
    struct fault *f)
{
	struct json_node value;
	struct json_walk w;
	struct message m;

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

/* Writes the answers under a post: the best has 1, the worst -1. */
static int
put_answers(struct ingest *g, const struct json_node *replies, int64_t worst,
    const struct ingest_thread *t, struct fault *f)
{
	char user[PSEUDONYM_LEN];
	struct json_node value;
	struct interaction x;
	struct json_walk w;
	struct message m;
	int rc;

	json_walk_begin(&w, replies);
	for (size_t i = 0; json_walk_next(&w, NULL, &value); i++) {
		if (read_reply(&value, i, &m, f) < 0)
			return -1;
		if (m.role != ASSISTANT)
			continue;
		if ((rc = fill(g, &m, user, &x, f)) < 0)
			return rc;
		if (rc == 0)
			continue;
		if (m.rank >= 0 && worst > 0)
			set_rating(&x, 1 - 2 * (double)m.rank / (double)worst);
		ingest_thread_reply(g, t, &x);
	}
	return 0;
}

static int walk(struct tree *t, const struct message *m, struct fault *f);

/* Goes on with the replies to a message. */
static int
walk_replies(struct tree *t, const struct message *m, struct fault *f)
{
	struct json_node value;
	struct json_walk w;
	struct message reply;
	int rc;

	json_walk_begin(&w, &m->replies);
	for (size_t i = 0; json_walk_next(&w, NULL, &value); i++) {
		if (read_reply(&value, i, &reply, f) < 0)
			return -1;
		if ((rc = walk(t, &reply, f)) < 0) {
			pointer_under_index(f, i);
			pointer_under(f, names[REPLIES], strlen(names[REPLIES]));
			return rc;
		}
	}
	return 0;
}

/* A prompt that was dropped takes what follows with it: longer dialogues are
 * longer still, and hold what was to be forgotten. */
static int
put_prompt(struct tree *t, const struct message *m, bool *goes_on,
    struct fault *f)
{
	char user[PSEUDONYM_LEN];
	struct ingest_thread thread;
	struct interaction post;
	size_t answers;
	int64_t worst;
	int rc;

	*goes_on = false;
	if ((rc = survey(&m->replies, &answers, &worst, f)) < 0 || answers == 0
	    || (rc = fill(t->g, m, user, &post, f)) <= 0)
		return rc;
	post.text = ingest_dialogue_text(&t->dialogue);
	ingest_thread_begin(t->g, &post, &thread);
	*goes_on = thread.is_kept;
	return put_answers(t->g, &m->replies, worst, &thread, f);
}

/* May what was said stand in the dialogues that follow on it? */
static int
is_wanted(struct ingest *g, const struct message *m, struct fault *f)
{
	struct text pseudonym;
	int person = m->user.len == 0 ? PERSON_KEPT
	    : ingest_people_ask(g->people, &m->user, &pseudonym, f);

	return person < 0 ? person : person == PERSON_KEPT && !m->is_deleted
	    && !ingest_people_forgets_id(g->people, &m->id);
}

static int
walk(struct tree *t, const struct message *m, struct fault *f)
{
	size_t len = t->dialogue.text.len, turns = t->dialogue.turns;
	bool goes_on = true;
	int rc = m->role == PROMPTER ? 1 : is_wanted(t->g, m, f);

	if (rc <= 0)
		return rc;
	ingest_dialogue_add(&t->dialogue,
	    m->role == PROMPTER ? "Human" : "Assistant", &m->text);
	if (m->role == PROMPTER)
		rc = put_prompt(t, m, &goes_on, f);
	if (rc >= 0 && goes_on)
		rc = walk_replies(t, m, f);
	t->dialogue.text.len = len;
	t->dialogue.turns = turns;
	return rc;
}

/* How many replies there are is not known, so the rating only keeps the order:
 * 1, 0, -1/3, -1/2, ... for the ranks 0, 1, 2, 3, ... */
static int
put_single(struct ingest *g, const struct message *m, struct fault *f)
{
	char user[PSEUDONYM_LEN];
	struct interaction x;
	int rc = fill(g, m, user, &x, f);

	if (rc <= 0)
		return rc;
	x.type = m->role == PROMPTER ? INTERACTION_POST : INTERACTION_RESPONSE;
	x.post = x.id;
	if (m->role == ASSISTANT
	    && need_id(&m->parent, names[PARENT_ID], &x.post, f) < 0)
		return -1;
	if (m->role == ASSISTANT && m->rank >= 0)
		set_rating(&x, (1 - (double)m->rank) / (1 + (double)m->rank));
	ingest_prepare(g, &x.text);
	return ingest_put(g, &x);
}

int
ingest_oasst(struct ingest *g, const struct json_node *row, struct fault *f)
{
	static const char *const prompt = "prompt";
	struct tree t = { .g = g };
	struct json_node root;
	struct message m;
	bool is_tree;
	int rc;

	if (json_pick(row, &prompt, 1, &root, f) < 0)
		return -1;
	is_tree = root.kind == JSON_MAP;
	if ((rc = read_message(is_tree ? &root : row, &m, f)) == 0) {
		if (!is_tree && m.replies.kind == JSON_ABSENT)
			return put_single(g, &m, f);
		rc = walk(&t, &m, f);
	}
	if (rc < 0 && is_tree)
		pointer_under(f, prompt, strlen(prompt));
	buf_release(&t.dialogue.text);
	return rc;
}
