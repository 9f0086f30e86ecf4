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
#include "stages/ingest/ingest.h"

enum { BASE36_MAX = 13, COMMUNITY_MAX = 64 };

/* The fields read, in one pass over the row. */
enum {
	ID,
	NAME,
	AUTHOR,
	BODY,
	SELFTEXT,
	TITLE,
	LINK_ID,
	PARENT_ID,
	SUBREDDIT,
	CREATED,
	EDITED,
	SCORE,
	OVER_18,
	META,
	REMOVED_BY,
	FIELDS
};

static const char *const names[FIELDS] = { "id", "name", "author", "body", "selftext", "title",
	"link_id", "parent_id", "subreddit", "created_utc", "edited", "score", "over_18", "_meta",
	"removed_by_category" };

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
	int from = field[ID].kind == JSON_ABSENT && field[NAME].kind != JSON_ABSENT ? NAME : ID;
	struct text t;

	if (field_require_text(&field[from], names[from], &t, f) < 0)
		return -1;
	if (t.len > 3 && memcmp(t.ptr, kind, 3) == 0) {
		t.ptr += 3;
		t.len -= 3;
	} else if (from == NAME)
		t.len = 0;
	if (!is_base36(t.ptr, t.len))
		return field_fault(names[from], f, "bad-id", "expected an id in base 36");
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
	if (field_require_text(&field[which], names[which], out, f) < 0)
		return -1;
	if (!is_full_id(out, may_be_comment))
		return field_fault(names[which], f, "bad-id",
		    "expected "
		    "%s and an id in base 36",
		    may_be_comment ? "t1_ or t3_" : "t3_");
	return 0;
}

/* Is it what Reddit or the archive put in place of a text: "[deleted]", "[removed]",
 * "[ Removed by Reddit ]", "[deleted by user]"? */
static bool
is_removed(const struct text *t)
{
	const char *s = t->ptr;
	size_t n = t->len;

	while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\n'))
		n--;
	while (n > 0 && (*s == ' ' || *s == '\n'))
		s++, n--;
	if (n < 9 || n > 100 || *s != '[' || s[n - 1] != ']')
		return false;
	s += 1 + (s[1] == ' ');
	return (strncasecmp(s, "deleted", 7) == 0 || strncasecmp(s, "removed", 7) == 0)
	    && (s[7] == ']' || s[7] == ' ');
}

/* Was the text deleted by its author or removed by a moderator, at once or by the time the
 * archive looked again? */
static int
read_removal(const struct json_node *field, bool *is_gone, struct fault *f)
{
	static const char *const metas[] = { "was_deleted_later", "was_initially_deleted",
		"removal_type" };
	struct json_node meta[3];
	bool was_later = false, was_at_first = false;
	struct text why = { 0 };
	int by = field_text(&field[REMOVED_BY], names[REMOVED_BY], &why, f);

	if (by != 0) {
		*is_gone = true;
		return by;
	}
	if (field[META].kind == JSON_ABSENT || field[META].kind == JSON_NULL)
		return 0;
	if (field_require_map(&field[META], names[META], f) < 0)
		return -1;
	if (json_pick(&field[META], metas, 3, meta, f) < 0
	    || field_bool(&meta[0], metas[0], &was_later, f) < 0
	    || field_bool(&meta[1], metas[1], &was_at_first, f) < 0
	    || (by = field_text(&meta[2], metas[2], &why, f)) < 0) {
		json_pointer_prepend(f, names[META], strlen(names[META]));
		return -1;
	}
	*is_gone = was_later || was_at_first || by > 0;
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
	int rc = field_text(node, names[SUBREDDIT], &name, f);

	if (rc <= 0 || name.len == 0)
		return rc < 0 ? rc : 0;
	if (name.len > COMMUNITY_MAX)
		return field_fault(names[SUBREDDIT], f, "out-of-bounds",
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
		rc = field_bool(node, names[EDITED], &x->edited, f);
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

	if ((rc = read_community(g, &field[SUBREDDIT], community, x, f)) < 0)
		return rc;
	if ((rc = field_time(&field[CREATED], names[CREATED], &x->created, f)) < 0)
		return rc;
	if (rc > 0)
		MESSAGE_SET(&interaction_descriptor, x, created);
	if ((rc = field_int(&field[SCORE], names[SCORE], &x->score, f)) < 0)
		return rc;
	if (rc > 0)
		MESSAGE_SET(&interaction_descriptor, x, score);
	return read_edited(&field[EDITED], x, f);
}

/* Decides whether the row is kept, and copies the pseudonym to `user`: 1, 0 if it is dropped,
 * -1 or -2. */
static int
read_author(struct ingest *g, const struct json_node *field, const struct text *text, char *user,
    struct interaction *x, struct fault *f)
{
	bool is_gone = is_removed(text), is_over_18 = false;
	struct text author;
	int rc;

	if (field_require_text(&field[AUTHOR], names[AUTHOR], &author, f) < 0
	    || read_removal(field, &is_gone, f) < 0
	    || field_bool(&field[OVER_18], names[OVER_18], &is_over_18, f) < 0)
		return -1;
	if (is_gone)
		return ingest_drop(g, DROP_DELETED);
	if (is_over_18 && !g->keeps_over_18)
		return ingest_drop(g, DROP_OVER_18);
	if ((rc = ingest_set_author(g, &author, x, f)) <= 0)
		return rc;
	memcpy(user, x->user.ptr, x->user.len);
	x->user.ptr = user;
	return 1;
}

/* The post and the parent.  A reply to the post has depth 0; the depth of others cannot be
 * known in one pass. */
static int
read_links(const struct json_node *field, struct interaction *x, struct fault *f)
{
	if (read_full_id(field, LINK_ID, false, &x->post, f) < 0)
		return -1;
	if (field[PARENT_ID].kind == JSON_ABSENT || field[PARENT_ID].kind == JSON_NULL)
		return 0;
	if (read_full_id(field, PARENT_ID, true, &x->parent, f) < 0)
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

static int
put_comment(struct ingest *g, const struct json_node *field, struct fault *f)
{
	struct interaction x = { .type = INTERACTION_COMMENT };
	char user[PSEUDONYM_LEN], community[COMMUNITY_MAX];
	struct ingest_id id;
	int rc;

	if (read_id(field, "t1_", &id, f) < 0
	    || field_require_text(&field[BODY], names[BODY], &x.text, f) < 0
	    || read_links(field, &x, f) < 0)
		return -1;
	x.id = (struct text){ id.text, id.len };
	if ((rc = read_author(g, field, &x.text, user, &x, f)) <= 0)
		return rc;
	if ((rc = read_common(g, field, community, &x, f)) < 0)
		return rc;
	unescape(g, &x.text);
	clean_text(&g->cleaner, &x.text);
	return ingest_write(g, &x);
}

/* Body, newline, title (as in the AlignX release); a link has no body. */
static int
read_post_text(struct ingest *g, const struct json_node *field, struct text *body,
    struct text *whole, struct fault *f)
{
	struct text title;

	*body = (struct text){ 0 };
	if (field_require_text(&field[TITLE], names[TITLE], &title, f) < 0
	    || field_text(&field[SELFTEXT], names[SELFTEXT], body, f) < 0)
		return -1;
	if (is_removed(&title))
		*body = title;
	buf_clear(&g->joined);
	buf_add(&g->joined, body->ptr, body->len);
	buf_add_byte(&g->joined, '\n');
	buf_add(&g->joined, title.ptr, title.len);
	*whole = (struct text){ g->joined.data, g->joined.len };
	return 0;
}

static int
put_submission(struct ingest *g, const struct json_node *field, struct fault *f)
{
	struct interaction x = { .type = INTERACTION_POST };
	char user[PSEUDONYM_LEN], community[COMMUNITY_MAX];
	struct ingest_id id;
	struct text body;
	int rc;

	if (read_id(field, "t3_", &id, f) < 0 || read_post_text(g, field, &body, &x.text, f) < 0)
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
		json_names_set(&g->reddit_fields, names, FIELDS);
	if (ingest_row(g, &row, f) < 0 || json_pick_names(&row, &g->reddit_fields, field, f) < 0)
		return -1;
	if (field[AUTHOR].kind == JSON_TEXT)
		authors_prefetch(g->authors, field[AUTHOR].text.ptr, field[AUTHOR].text.len);
	return 0;
}

int
ingest_reddit_comment(struct ingest *g, struct fault *f)
{
	struct json_node field[FIELDS];

	return pick(g, field, f) < 0 ? -1 : put_comment(g, field, f);
}

int
ingest_reddit_submission(struct ingest *g, struct fault *f)
{
	struct json_node field[FIELDS];

	return pick(g, field, f) < 0 ? -1 : put_submission(g, field, f);
}

int
ingest_reddit(struct ingest *g, struct fault *f)
{
	struct json_node field[FIELDS];

	if (pick(g, field, f) < 0)
		return -1;
	if (field[BODY].kind != JSON_ABSENT)
		return put_comment(g, field, f);
	if (field[TITLE].kind != JSON_ABSENT)
		return put_submission(g, field, f);
	return fault_set(f, "missing-field",
	    "neither 'body' nor 'title' is there, "
	    "so this is neither a comment nor a submission");
}
