/* generic.c - rows of any JSON, by --field name=/json/pointer. */

#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <xxhash.h>

#include "lib/text/pseudonym.h"
#include "stages/ingest/field.h"
#include "stages/ingest/ingest.h"

enum { ID, TEXT, TITLE, USER, POST, PARENT, COMMUNITY, CREATED, SCORE, FIELDS };
static const char *const words[FIELDS] = { "id", "text", "title", "user", "post", "parent",
	"community", "created", "score" };

/* The field that "name=/pointer" sets, and its pointer; -1 if there is none. */
static int
split_option(const char *option, const char **pointer)
{
	for (int i = 0; i < FIELDS; i++) {
		size_t n = strlen(words[i]);

		if (strncmp(option, words[i], n) == 0 && option[n] == '=') {
			*pointer = option + n + 1;
			return i;
		}
	}
	return -1;
}

int
ingest_generic_check(const struct ingest *g, struct fault *f)
{
	bool has_text = false;
	const char *pointer;

	for (size_t i = 0; i < g->fields.len; i++) {
		int which = split_option(g->fields.item[i], &pointer);

		if (which < 0)
			return fault_stop(f,
			    "--field expects name=/json/pointer, where "
			    "name is id, text, title, user, post, parent, community, "
			    "created or score; found '%s'",
			    g->fields.item[i]);
		if (pointer[0] != '/' && pointer[0] != '\0')
			return fault_stop(f,
			    "--field %s: a JSON pointer begins with "
			    "a slash",
			    g->fields.item[i]);
		has_text |= which == TEXT;
	}
	return has_text ? 0
			: fault_stop(f,
			    "--source generic needs --field "
			    "text=/json/pointer, the place of the text in each row");
}

static void
find_fields(const struct ingest *g, const struct json_node *row, struct json_node *field,
    const char **pointer)
{
	for (int i = 0; i < FIELDS; i++) {
		field[i].kind = JSON_ABSENT;
		pointer[i] = "";
	}
	for (size_t i = 0; i < g->fields.len; i++) {
		const char *where;
		int which = split_option(g->fields.item[i], &where);

		field[which] = json_at(row, where);
		pointer[which] = where;
	}
}

/* Points at the value by the pointer that the user gave. */
static int
place_fault(const char *pointer, struct fault *f)
{
	snprintf(f->pointer, sizeof(f->pointer), "%s", pointer);
	return -1;
}

/* An id, from a text or an integer: 1, 0 if it is absent, -1. */
static int
read_id(const struct json_node *n, struct ingest_id *id, struct fault *f)
{
	struct text t;

	if (n->kind == JSON_INT) {
		id->len = (size_t)snprintf(id->text, sizeof(id->text), "%" PRId64, n->integer);
		return 1;
	}
	int rc = field_text(n, "", &t, f);
	if (rc <= 0)
		return rc;
	if (t.len == 0 || t.len > INGEST_ID_MAX)
		return fault_set(f, "bad-id", "expected an id of 1 to %d bytes", INGEST_ID_MAX);
	memcpy(id->text, t.ptr, t.len);
	id->len = t.len;
	return 1;
}

struct generic_row {
	struct json_node field[FIELDS];
	const char *pointer[FIELDS];
	struct ingest_id id, post, parent, community;
	char user[PSEUDONYM_LEN];
};

static struct text
view(const struct ingest_id *id)
{
	return (struct text){ id->text, id->len };
}

static void
id_of_row(const struct ingest *g, struct ingest_id *id)
{
	XXH128_hash_t h = XXH3_128bits(g->ctx->item.data, g->ctx->item.len);

	id->len = (size_t)snprintf(id->text, sizeof(id->text), "%016" PRIx64 "%016" PRIx64,
	    h.high64, h.low64);
}

/* id, post, parent, community.  A row whose post is not itself is a comment. */
static int
read_ids(struct ingest *g, struct generic_row *r, struct interaction *x, struct fault *f)
{
	static const int which[] = { ID, POST, PARENT, COMMUNITY };
	struct ingest_id *into[] = { &r->id, &r->post, &r->parent, &r->community };

	for (int i = 0; i < 4; i++)
		if (read_id(&r->field[which[i]], into[i], f) < 0)
			return place_fault(r->pointer[which[i]], f);
	if (r->id.len == 0)
		id_of_row(g, &r->id);
	x->id = x->post = view(&r->id);
	if (r->post.len > 0)
		x->post = view(&r->post);
	x->type = text_equals(&x->post, &x->id) ? INTERACTION_POST : INTERACTION_COMMENT;
	if (r->parent.len > 0) {
		x->parent = view(&r->parent);
		MESSAGE_SET(&interaction_descriptor, x, parent);
	}
	for (size_t i = 0; i < r->community.len; i++)
		if (r->community.text[i] >= 'A' && r->community.text[i] <= 'Z')
			r->community.text[i] |= 0x20;
	if (r->community.len > 0) {
		x->community = view(&r->community);
		MESSAGE_SET(&interaction_descriptor, x, community);
	}
	return 0;
}

static int
read_numbers(const struct generic_row *r, struct interaction *x, struct fault *f)
{
	int rc;

	if ((rc = field_time(&r->field[CREATED], "", &x->created, f)) < 0)
		return place_fault(r->pointer[CREATED], f);
	if (rc > 0)
		MESSAGE_SET(&interaction_descriptor, x, created);
	if ((rc = field_int(&r->field[SCORE], "", &x->score, f)) < 0)
		return place_fault(r->pointer[SCORE], f);
	if (rc > 0)
		MESSAGE_SET(&interaction_descriptor, x, score);
	return 0;
}

/* Text, newline, title, as for a Reddit post. */
static int
read_text(struct ingest *g, const struct generic_row *r, struct text *text, struct fault *f)
{
	struct text title;
	int rc;

	if (field_require_text(&r->field[TEXT], "", text, f) < 0)
		return place_fault(r->pointer[TEXT], f);
	if ((rc = field_text(&r->field[TITLE], "", &title, f)) < 0)
		return place_fault(r->pointer[TITLE], f);
	if (rc == 0)
		return 0;
	buf_clear(&g->joined);
	buf_add(&g->joined, text->ptr, text->len);
	buf_add_byte(&g->joined, '\n');
	buf_add(&g->joined, title.ptr, title.len);
	*text = (struct text){ g->joined.data, g->joined.len };
	return 0;
}

static int
read_user(struct ingest *g, struct generic_row *r, struct interaction *x, struct fault *f)
{
	struct ingest_id name;
	int rc = read_id(&r->field[USER], &name, f);

	if (rc <= 0)
		return rc < 0 ? place_fault(r->pointer[USER], f) : 1;
	struct text text = view(&name);
	if ((rc = ingest_set_author(g, &text, x, f)) <= 0)
		return rc;
	memcpy(r->user, x->user.ptr, PSEUDONYM_LEN);
	x->user.ptr = r->user;
	return 1;
}

int
ingest_generic(struct ingest *g, const struct json_node *row, struct fault *f)
{
	struct interaction x = { 0 };
	struct generic_row r;
	int rc;

	r.id.len = r.post.len = r.parent.len = r.community.len = 0;
	find_fields(g, row, r.field, r.pointer);
	if (read_ids(g, &r, &x, f) < 0 || read_numbers(&r, &x, f) < 0
	    || read_text(g, &r, &x.text, f) < 0)
		return -1;
	if ((rc = read_user(g, &r, &x, f)) <= 0)
		return rc;
	clean_text(&g->cleaner, &x.text);
	return ingest_write(g, &x);
}
