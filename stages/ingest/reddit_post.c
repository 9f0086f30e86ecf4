/* reddit_post.c - the text of a submission: its own, that of the post it passes on, a poll. */

#include "config.h"

#include <string.h>

#include "lib/core/json_pointer.h"
#include "stages/ingest/field.h"
#include "stages/ingest/reddit.h"

/* Of the post that a crosspost passes on. */
enum {
	PASSED_NAME,
	PASSED_AUTHOR,
	PASSED_TITLE,
	PASSED_SELFTEXT,
	PASSED_OVER_18,
	PASSED_REMOVED_BY,
	PASSED_POLL,
	PASSED
};
static const char *const passed_names[PASSED] = { "name", "author", "title", "selftext", "over_18",
	"removed_by_category", "poll_data" };

/* The value is in the member `name`. */
static int
locate(const char *name, struct fault *f)
{
	json_pointer_prepend(f, name, strlen(name));
	return -1;
}

static bool
is_there(const struct json_node *n)
{
	return n->kind != JSON_ABSENT && n->kind != JSON_NULL;
}

/* Adds a line to the body. */
static void
add_line(struct buf *body, const char *mark, const struct text *line)
{
	if (line->len == 0)
		return;
	if (body->len > 0)
		buf_add_byte(body, '\n');
	buf_add_str(body, mark);
	buf_add(body, line->ptr, line->len);
}

static int
add_option(const struct json_node *option, struct buf *body, struct fault *f)
{
	static const char *const name[] = { "text" };
	struct json_node field;
	struct text t = { 0 };

	if (option->kind != JSON_MAP)
		return fault_set(f, "wrong-type", "expected a map, found %s",
		    field_type_name(option));
	if (json_pick(option, name, 1, &field, f) < 0 || field_text(&field, name[0], &t, f) < 0)
		return -1;
	add_line(body, "- ", &t);
	return 0;
}

/* The options of a poll, one a line. */
static int
add_poll(const struct json_node *poll, struct buf *body, struct fault *f)
{
	static const char *const name[] = { "options" };
	struct json_node options, option;
	struct json_walk w;

	if (json_pick(poll, name, 1, &options, f) < 0)
		return -1;
	if (!is_there(&options))
		return 0;
	if (field_require_list(&options, name[0], f) < 0)
		return -1;
	json_walk_begin(&w, &options);
	for (size_t i = 0; json_walk_next(&w, NULL, &option); i++)
		if (add_option(&option, body, f) < 0) {
			json_pointer_prepend_index(f, i);
			return locate(name[0], f);
		}
	return 0;
}

static int
add_poll_of(const struct json_node *poll, const char *name, struct buf *body, struct fault *f)
{
	if (!is_there(poll))
		return 0;
	if (field_require_map(poll, name, f) < 0)
		return -1;
	return add_poll(poll, body, f) < 0 ? locate(name, f) : 0;
}

/* May the text of the post that was passed on be taken?  1, 0, or -1. */
static int
may_take(const struct ingest *g, const struct json_node *passed, struct fault *f)
{
	struct text name = { 0 }, author = { 0 }, by;
	bool is_over_18 = false;
	int removal;

	if (field_text(&passed[PASSED_NAME], passed_names[PASSED_NAME], &name, f) < 0
	    || field_text(&passed[PASSED_AUTHOR], passed_names[PASSED_AUTHOR], &author, f) < 0
	    || field_bool(&passed[PASSED_OVER_18], passed_names[PASSED_OVER_18], &is_over_18, f) < 0
	    || (removal = field_text(&passed[PASSED_REMOVED_BY], passed_names[PASSED_REMOVED_BY],
		    &by, f))
		< 0)
		return -1;
	return removal == 0 && (!is_over_18 || g->keeps_over_18)
	    && !authors_has_forgotten(g->authors, &name)
	    && !authors_has_forgotten(g->authors, &author);
}

/* Its body, its title if that is another one, and its poll. */
static int
take_passed(struct ingest *g, const struct json_node *passed, const struct text *own_title,
    struct fault *f)
{
	struct text title = { 0 }, text = { 0 };
	int rc = may_take(g, passed, f);

	if (rc <= 0)
		return rc;
	if (field_text(&passed[PASSED_TITLE], passed_names[PASSED_TITLE], &title, f) < 0
	    || field_text(&passed[PASSED_SELFTEXT], passed_names[PASSED_SELFTEXT], &text, f) < 0)
		return -1;
	if (reddit_is_removed(&title) || reddit_is_removed(&text))
		return 0;
	add_line(&g->joined, "", &text);
	if (!text_equals(&title, own_title))
		add_line(&g->joined, "", &title);
	return add_poll_of(&passed[PASSED_POLL], passed_names[PASSED_POLL], &g->joined, f);
}

/* Adds the text of the first post in the list, which is the one that this post passes on. */
static int
add_crossposted(struct ingest *g, const struct json_node *list, const struct text *own_title,
    struct fault *f)
{
	const char *name = reddit_names[REDDIT_CROSSPOSTED];
	struct json_node first, passed[PASSED];
	struct json_walk w;

	if (!is_there(list))
		return 0;
	if (field_require_list(list, name, f) < 0)
		return -1;
	json_walk_begin(&w, list);
	if (!json_walk_next(&w, NULL, &first) || first.kind != JSON_MAP)
		return 0;
	if (json_pick(&first, passed_names, PASSED, passed, f) == 0
	    && take_passed(g, passed, own_title, f) == 0)
		return 0;
	json_pointer_prepend_index(f, 0);
	return locate(name, f);
}

int
reddit_post_text(struct ingest *g, const struct json_node *field, struct text *body,
    struct text *whole, struct fault *f)
{
	struct text title;

	*body = (struct text){ 0 };
	if (field_require_text(&field[REDDIT_TITLE], reddit_names[REDDIT_TITLE], &title, f) < 0
	    || field_text(&field[REDDIT_SELFTEXT], reddit_names[REDDIT_SELFTEXT], body, f) < 0)
		return -1;
	if (reddit_is_removed(&title))
		*body = title;
	buf_clear(&g->joined);
	buf_add(&g->joined, body->ptr, body->len);
	if ((body->len == 0 && add_crossposted(g, &field[REDDIT_CROSSPOSTED], &title, f) < 0)
	    || add_poll_of(&field[REDDIT_POLL], reddit_names[REDDIT_POLL], &g->joined, f) < 0)
		return -1;
	buf_add_byte(&g->joined, '\n');
	buf_add(&g->joined, title.ptr, title.len);
	*whole = (struct text){ g->joined.data, g->joined.len };
	return 0;
}
