/* prism.c - PRISM conversations, in which people rate the responses of models.
 *
 * In each turn the user's message becomes a post, whose text is the dialogue up to it with the
 * chosen responses; the models' messages become responses, with the score from 1 to 100 as
 * helpfulness. */

#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <xxhash.h>

#include "lib/core/json_pointer.h"
#include "lib/text/pseudonym.h"
#include "stages/ingest/field.h"
#include "stages/ingest/thread.h"

struct prism_conversation {
	struct ingest *g;
	struct ingest_id id;
	char user[PSEUDONYM_LEN];
	struct ingest_dialogue dialogue;
	struct ingest_thread thread;
	struct text chosen; /* in the current turn, or empty */
	bool has_post;
};

enum { ROLE, CONTENT, TURN, SCORE, IF_CHOSEN, FIELDS };
static const char *const names[FIELDS] = { "role", "content", "turn", "score", "if_chosen" };

static int
put_user(struct prism_conversation *c, const struct json_node *field, const struct text *said,
    struct fault *f)
{
	struct interaction post = { .user = { c->user, PSEUDONYM_LEN } };
	struct ingest_id id;
	int64_t turn;
	int rc = field_int(&field[TURN], names[TURN], &turn, f);

	if (rc <= 0)
		return rc < 0
		    ? rc
		    : field_fault(names[TURN], f, "missing-field", "this field is missing");
	if (c->chosen.len > 0)
		ingest_dialogue_add(&c->dialogue, "Assistant", &c->chosen);
	ingest_dialogue_add(&c->dialogue, "Human", said);
	id.len = (size_t)snprintf(id.text, sizeof(id.text), "%.*s:%" PRId64, (int)c->id.len,
	    c->id.text, turn);
	post.id = (struct text){ id.text, id.len };
	post.text = ingest_dialogue_text(&c->dialogue);
	MESSAGE_SET(&interaction_descriptor, &post, user);
	ingest_thread_begin(c->g, &post, &c->thread);
	c->chosen = (struct text){ 0 };
	c->has_post = true;
	return 0;
}

static int
put_model(struct prism_conversation *c, const struct json_node *field, const struct text *said,
    struct fault *f)
{
	struct interaction x = { .text = *said };
	bool is_chosen = false;
	double score;
	int rc = field_rating(&field[SCORE], names[SCORE], 1, 100, &score, f);

	if (rc < 0 || field_bool(&field[IF_CHOSEN], names[IF_CHOSEN], &is_chosen, f) < 0)
		return -1;
	if (!c->has_post)
		return fault_set(f, "bad-dialogue", "a model speaks before the user does");
	if (is_chosen)
		c->chosen = *said;
	if (rc > 0) {
		ingest_set_rating(&x.ratings, ASPECT_HELPFULNESS, (score - 50.5) / 49.5);
		MESSAGE_SET(&interaction_descriptor, &x, ratings);
		x.rater = (struct text){ c->user, PSEUDONYM_LEN };
		MESSAGE_SET(&interaction_descriptor, &x, rater);
	}
	ingest_thread_reply(c->g, &c->thread, &x);
	return 0;
}

static int
put_utterance(struct prism_conversation *c, const struct json_node *map, struct fault *f)
{
	struct json_node field[FIELDS];
	struct text role, said;

	if (json_pick(map, names, FIELDS, field, f) < 0
	    || field_require_text(&field[ROLE], names[ROLE], &role, f) < 0
	    || field_require_text(&field[CONTENT], names[CONTENT], &said, f) < 0)
		return -1;
	if (text_is(&role, "user"))
		return put_user(c, field, &said, f);
	if (text_is(&role, "model"))
		return put_model(c, field, &said, f);
	return field_fault(names[ROLE], f, "wrong-type", "expected user or model");
}

/* The id in the data set, or one made from the whole row. */
static int
read_id(struct prism_conversation *c, const struct json_node *n, struct fault *f)
{
	const struct reader_item *item = &c->g->ctx->item;
	const char *prefix = c->g->source->prefix;
	struct text own;
	XXH128_hash_t h;
	int rc = field_text(n, "conversation_id", &own, f);

	if (rc < 0)
		return rc;
	if (rc > 0 && (own.len == 0 || own.len > INGEST_ID_MAX / 2))
		return field_fault("conversation_id", f, "bad-id",
		    "expected an id of 1 to %d bytes", INGEST_ID_MAX / 2);
	h = XXH3_128bits(item->data, item->len);
	if (rc > 0)
		c->id.len = (size_t)snprintf(c->id.text, sizeof(c->id.text), "%s%.*s", prefix,
		    (int)own.len, own.ptr);
	else
		c->id.len = (size_t)snprintf(c->id.text, sizeof(c->id.text),
		    "%s%016" PRIx64 "%016" PRIx64, prefix, h.high64, h.low64);
	return 0;
}

static int
put_history(struct prism_conversation *c, const struct json_node *list, struct fault *f)
{
	struct json_node value;
	struct json_walk w;
	int rc;

	json_walk_begin(&w, list);
	for (size_t i = 0; json_walk_next(&w, NULL, &value); i++)
		if ((rc = put_utterance(c, &value, f)) < 0) {
			json_pointer_prepend_index(f, i);
			json_pointer_prepend(f, "conversation_history",
			    strlen("conversation_history"));
			return rc;
		}
	return 0;
}

int
ingest_prism(struct ingest *g, const struct json_node *row, struct fault *f)
{
	static const char *const fields[] = { "user_id", "conversation_history",
		"conversation_id" };
	struct prism_conversation c = { .g = g };
	struct json_node field[3];
	struct interaction x = { 0 };
	struct text user;
	int rc;

	if (json_pick(row, fields, 3, field, f) < 0
	    || field_require_text(&field[0], fields[0], &user, f) < 0)
		return -1;
	if (field[1].kind == JSON_ABSENT)
		return field_fault(fields[1], f, "missing-field",
		    "this field is missing; if this is the survey, name the file "
		    "of conversations instead");
	if (field_require_list(&field[1], fields[1], f) < 0 || read_id(&c, &field[2], f) < 0)
		return -1;
	if ((rc = ingest_set_author(g, &user, &x, f)) <= 0)
		return rc;
	memcpy(c.user, x.user.ptr, PSEUDONYM_LEN);
	rc = put_history(&c, &field[1], f);
	buf_release(&c.dialogue.text);
	return rc;
}
