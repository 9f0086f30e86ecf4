/* reddit.c - comments and submissions of the Pushshift and Arctic Shift dumps, from 2005 on.
 *
 * Over the years fields have come and gone, their order varies from line to line, and some
 * changed type: created_utc is an integer, a text or a real; edited is a boolean or the time
 * of the edit. */

#include "config.h"

#include <string.h>
#include <strings.h>

#include "lib/core/json_pointer.h"
#include "lib/text/html_unescape.h"
#include "lib/text/pseudonym.h"
#include "stages/ingest/field.h"
#include "stages/ingest/reddit.h"

enum { BASE36_MAX = 13, COMMUNITY_MAX = 64 };

const char *const reddit_names[REDDIT_FIELDS] = { "id", "name", "author", "body", "selftext",
	"title", "link_id", "parent_id", "subreddit", "created_utc", "edited", "score", "over_18",
	"_meta", "removed_by_category", "retrieved_on", "retrieved_utc", "updated_on",
	"crosspost_parent_list", "poll_data", "distinguished", "stickied" };

static bool
is_base36(const char *s, size_t len)
{
	if (len == 0 || len > BASE36_MAX)
		return false;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)(s[i] - '0') > 9 && (unsigned char)(s[i] - 'a') > 25)
			return false;
	return true;
}

/* "t1_" or "t3_" before an id in base 36. */
static bool
is_full_id(const struct text *id, bool may_be_comment)
{
	return id->len > 3 && id->ptr[0] == 't' && id->ptr[2] == '_'
	    && (id->ptr[1] == '3' || (id->ptr[1] == '1' && may_be_comment))
	    && is_base36(id->ptr + 3, id->len - 3);
}

/* The id of the row, from "id" (with or without its kind) or from "name" (always with it). */
static int
read_id(const struct json_node *field, const char *kind, struct ingest_id *id, struct fault *f)
{
	int from = field[REDDIT_ID].kind == JSON_ABSENT && field[REDDIT_NAME].kind != JSON_ABSENT
	    ? REDDIT_NAME
	    : REDDIT_ID;
	struct text t;

	if (field_require_text(&field[from], reddit_names[from], &t, f) < 0)
		return -1;
	if (t.len > 3 && memcmp(t.ptr, kind, 3) == 0) {
		t.ptr += 3;
		t.len -= 3;
	} else if (from == REDDIT_NAME)
		t.len = 0;
	if (!is_base36(t.ptr, t.len))
		return field_fault(reddit_names[from], f, "bad-id", "expected an id in base 36");
	memcpy(id->text, kind, 3);
	memcpy(id->text + 3, t.ptr, t.len);
	id->len = t.len + 3;
	return 0;
}

/* An id with its kind: "t3_abc" for a post, "t1_abc" for a comment. */
static int
read_full_id(const struct json_node *field, int which, bool may_be_comment, struct text *out,
    struct fault *f)
{
	if (field_require_text(&field[which], reddit_names[which], out, f) < 0)
		return -1;
	if (!is_full_id(out, may_be_comment))
		return field_fault(reddit_names[which], f, "bad-id",
		    "expected "
		    "%s and an id in base 36",
		    may_be_comment ? "t1_ or t3_" : "t3_");
	return 0;
}

/* A user's profile, "u_name", becomes "u_" and the pseudonym. */
static int
read_profile(struct ingest *g, const struct text *name, char *into, struct interaction *x,
    struct fault *f)
{
	struct text owner = { name->ptr + 2, name->len - 2 }, pseudonym;
	int status = authors_find(g->authors, &owner, &pseudonym, f);

	if (status != AUTHOR_KEPT)
		return status < 0 ? status : 0;
	memcpy(into, "u_", 2);
	memcpy(into + 2, pseudonym.ptr, pseudonym.len);
	x->community = (struct text){ into, 2 + pseudonym.len };
	MESSAGE_SET(&interaction_descriptor, x, community);
	return 0;
}

static int
read_community(struct ingest *g, const struct json_node *node, char *into, struct interaction *x,
    struct fault *f)
{
	struct text name;
	int rc = field_text(node, reddit_names[REDDIT_SUBREDDIT], &name, f);

	if (rc <= 0 || name.len == 0)
		return rc < 0 ? rc : 0;
	if (name.len > COMMUNITY_MAX)
		return field_fault(reddit_names[REDDIT_SUBREDDIT], f, "out-of-bounds",
		    "expected at most %d bytes, found %zu", COMMUNITY_MAX, name.len);
	if (name.len > 2 && strncasecmp(name.ptr, "u_", 2) == 0)
		return read_profile(g, &name, into, x, f);
	for (size_t i = 0; i < name.len; i++)
		into[i] = (char)(name.ptr[i] >= 'A' && name.ptr[i] <= 'Z' ? name.ptr[i] | 0x20
									  : name.ptr[i]);
	x->community = (struct text){ into, name.len };
	MESSAGE_SET(&interaction_descriptor, x, community);
	return 0;
}

/* A boolean, or the time of the edit. */
static int
read_edited(const struct json_node *node, struct interaction *x, struct fault *f)
{
	int rc = 1;

	if (node->kind == JSON_INT || node->kind == JSON_REAL)
		x->edited = true;
	else
		rc = field_bool(node, reddit_names[REDDIT_EDITED], &x->edited, f);
	if (rc > 0)
		MESSAGE_SET(&interaction_descriptor, x, edited);
	return rc;
}

/* The fields that comments and submissions share, after the author. */
static int
read_common(struct ingest *g, const struct json_node *field, char *community, struct interaction *x,
    struct fault *f)
{
	int rc;

	if ((rc = read_community(g, &field[REDDIT_SUBREDDIT], community, x, f)) < 0)
		return rc;
	if ((rc = field_time(&field[REDDIT_CREATED], reddit_names[REDDIT_CREATED], &x->created, f))
	    < 0)
		return rc;
	if (rc > 0)
		MESSAGE_SET(&interaction_descriptor, x, created);
	if ((rc = field_int(&field[REDDIT_SCORE], reddit_names[REDDIT_SCORE], &x->score, f)) < 0)
		return rc;
	if (rc > 0)
		MESSAGE_SET(&interaction_descriptor, x, score);
	return read_edited(&field[REDDIT_EDITED], x, f);
}

/* Sets the user: 1, 0 if the text is dropped for its author, -2.  Posts of bots, and of
 * accounts that are gone, stay for the sake of those who answer them, but have no user: such
 * posts have nothing in common. */
static int
set_user(struct ingest *g, const struct text *author, struct interaction *x, struct fault *f)
{
	struct text pseudonym;

	if (x->type == INTERACTION_POST) {
		int status = authors_find(g->authors, author, &pseudonym, f);

		if (status == AUTHOR_BOT || status == AUTHOR_DELETED)
			return 1;
	}
	return ingest_set_author(g, author, x, f);
}

/* Decides whether the row is kept, and copies the pseudonym to `user`: 1, 0 if it is dropped,
 * -1 or -2. */
static int
read_author(struct ingest *g, const struct json_node *field, const struct text *text, char *user,
    struct interaction *x, struct fault *f)
{
	struct reddit_archive archive;
	bool is_over_18 = false;
	struct text author;
	int rc;

	if (field_require_text(&field[REDDIT_AUTHOR], reddit_names[REDDIT_AUTHOR], &author, f) < 0
	    || reddit_read_archive(field, &archive, f) < 0
	    || field_bool(&field[REDDIT_OVER_18], reddit_names[REDDIT_OVER_18], &is_over_18, f) < 0)
		return -1;
	if (archive.is_gone || reddit_is_removed(text))
		return ingest_drop(g, DROP_DELETED);
	if (is_over_18 && !g->keeps_over_18)
		return ingest_drop(g, DROP_OVER_18);
	if ((rc = set_user(g, &author, x, f)) <= 0)
		return rc;
	if (x->user.len > 0) {
		memcpy(user, x->user.ptr, x->user.len);
		x->user.ptr = user;
	}
	if (archive.retrieved > 0) {
		x->retrieved = archive.retrieved;
		MESSAGE_SET(&interaction_descriptor, x, retrieved);
	}
	return 1;
}

/* The post and the parent.  A reply to the post has depth 0; the depth of others cannot be
 * known in one pass. */
static int
read_links(const struct json_node *field, struct interaction *x, struct fault *f)
{
	if (read_full_id(field, REDDIT_LINK_ID, false, &x->post, f) < 0)
		return -1;
	if (field[REDDIT_PARENT_ID].kind == JSON_ABSENT
	    || field[REDDIT_PARENT_ID].kind == JSON_NULL)
		return 0;
	if (read_full_id(field, REDDIT_PARENT_ID, true, &x->parent, f) < 0)
		return -1;
	MESSAGE_SET(&interaction_descriptor, x, parent);
	if (text_equals(&x->parent, &x->post))
		MESSAGE_SET(&interaction_descriptor, x, depth);
	return 0;
}

/* Undoes HTML escapes; most texts have none. */
static void
unescape(struct ingest *g, struct text *text)
{
	if (text->len == 0 || memchr(text->ptr, '&', text->len) == NULL)
		return;
	if (text->ptr != g->joined.data) {
		buf_clear(&g->joined);
		buf_add(&g->joined, text->ptr, text->len);
	}
	*text = (struct text){ g->joined.data, html_unescape(g->joined.data, text->len) };
}

/* May it be an answer?  1; 0 if it is dropped as none, or -1. */
static int
check_answer(struct ingest *g, const struct json_node *field, const struct text *text,
    struct fault *f)
{
	static const enum drop_reason why[] = {
		[NO_ANSWER_WORDS] = DROP_NO_WORDS,
		[NO_ANSWER_NOTICE] = DROP_MODERATION,
		[NO_ANSWER_BOT] = DROP_BOT,
	};
	struct no_answer_comment c = { .text = *text, .may_be_bot = g->keeps_bots };
	enum no_answer_kind is;
	struct text as;
	int rc = field_text(&field[REDDIT_DISTINGUISHED], reddit_names[REDDIT_DISTINGUISHED], &as,
	    f);

	if (rc < 0
	    || field_bool(&field[REDDIT_STICKIED], reddit_names[REDDIT_STICKIED], &c.is_stickied, f)
		< 0)
		return -1;
	c.is_distinguished = rc > 0;
	if (text->len < (size_t)g->min_chars) /* too short anyway */
		return 1;
	is = no_answer_find(g->no_answer, &c);
	return is == NO_ANSWER_NONE ? 1 : ingest_drop(g, why[is]);
}

static int
put_comment(struct ingest *g, const struct json_node *field, struct fault *f)
{
	struct interaction x = { .type = INTERACTION_COMMENT };
	char user[PSEUDONYM_LEN], community[COMMUNITY_MAX];
	struct ingest_id id;
	int rc;

	if (read_id(field, "t1_", &id, f) < 0
	    || field_require_text(&field[REDDIT_BODY], reddit_names[REDDIT_BODY], &x.text, f) < 0
	    || read_links(field, &x, f) < 0)
		return -1;
	x.id = (struct text){ id.text, id.len };
	if ((rc = read_author(g, field, &x.text, user, &x, f)) <= 0)
		return rc;
	if ((rc = read_common(g, field, community, &x, f)) < 0)
		return rc;
	unescape(g, &x.text);
	if ((rc = check_answer(g, field, &x.text, f)) <= 0)
		return rc;
	clean_text(&g->cleaner, &x.text);
	return ingest_write(g, &x);
}

static int
put_submission(struct ingest *g, const struct json_node *field, struct fault *f)
{
	struct interaction x = { .type = INTERACTION_POST };
	char user[PSEUDONYM_LEN], community[COMMUNITY_MAX];
	struct ingest_id id;
	struct text body;
	int rc;

	if (read_id(field, "t3_", &id, f) < 0 || reddit_post_text(g, field, &body, &x.text, f) < 0)
		return -1;
	x.id = x.post = (struct text){ id.text, id.len };
	if ((rc = read_author(g, field, &body, user, &x, f)) <= 0)
		return rc;
	if ((rc = read_common(g, field, community, &x, f)) < 0)
		return rc;
	unescape(g, &x.text);
	clean_text(&g->cleaner, &x.text);
	return ingest_write(g, &x);
}

/* Reads the fields of the current row. */
static int
pick(struct ingest *g, struct json_node *field, struct fault *f)
{
	struct json_node row;

	if (g->reddit_fields.n == 0)
		json_names_set(&g->reddit_fields, reddit_names, REDDIT_FIELDS);
	if (ingest_row(g, &row, f) < 0 || json_pick_names(&row, &g->reddit_fields, field, f) < 0)
		return -1;
	if (field[REDDIT_AUTHOR].kind == JSON_TEXT)
		authors_prefetch(g->authors, field[REDDIT_AUTHOR].text.ptr,
		    field[REDDIT_AUTHOR].text.len);
	return 0;
}

int
ingest_reddit_comment(struct ingest *g, struct fault *f)
{
	struct json_node field[REDDIT_FIELDS];

	return pick(g, field, f) < 0 ? -1 : put_comment(g, field, f);
}

int
ingest_reddit_submission(struct ingest *g, struct fault *f)
{
	struct json_node field[REDDIT_FIELDS];

	return pick(g, field, f) < 0 ? -1 : put_submission(g, field, f);
}

int
ingest_reddit(struct ingest *g, struct fault *f)
{
	struct json_node field[REDDIT_FIELDS];

	if (pick(g, field, f) < 0)
		return -1;
	if (field[REDDIT_BODY].kind != JSON_ABSENT)
		return put_comment(g, field, f);
	if (field[REDDIT_TITLE].kind != JSON_ABSENT)
		return put_submission(g, field, f);
	return fault_set(f, "missing-field",
	    "neither 'body' nor 'title' is there, "
	    "so this is neither a comment nor a submission");
}
