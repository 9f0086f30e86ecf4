#include "config.h"

#include <stdio.h>
#include <string.h>

#include "schema/profile.h"
#include "stages/score/prompt.h"

static void
put(struct prompt_text *p, const char *s, size_t len, bool is_template)
{
	struct tokenizer_part part = { len, is_template };

	buf_add(&p->text, s, len);
	buf_add(&p->parts, &part, sizeof(part));
}

static void
put_template(struct prompt_text *p, const char *s)
{
	put(p, s, strlen(s), true);
}

static void
put_text(struct prompt_text *p, const struct text *t)
{
	put(p, t->ptr, t->len, false);
}

static void
put_number(struct prompt_text *p, size_t n)
{
	char s[32];

	snprintf(s, sizeof(s), "%zu. ", n);
	put_template(p, s);
}

static void
put_ugc(struct prompt_text *p, const struct list *items)
{
	const struct ugc *u = items->item;

	if (items->len > 0)
		put_template(p, "**This person has commented on some posts:**\n\n");
	for (size_t i = 0; i < items->len; i++, u++) {
		put_number(p, i + 1);
		put_template(p, "*Post:*\n");
		put_text(p, &u->prompt);
		put_template(p, "\n\n*Comment:*\n");
		put_text(p, &u->comment);
		put_template(p, "\n\n");
	}
}

static void
put_feedback(struct prompt_text *p, const struct list *items)
{
	const struct feedback *x = items->item;

	if (items->len > 0)
		put_template(p,
		    "**This person has chosen or rejected comments on some "
		    "posts:**\n\n");
	for (size_t i = 0; i < items->len; i++, x++) {
		put_number(p, i + 1);
		put_template(p, "*Post:*\n");
		put_text(p, &x->prompt);
		put_template(p, "\n\n*Chosen:*\n");
		put_text(p, &x->chosen);
		put_template(p, "\n\n*Rejected:*\n");
		put_text(p, &x->rejected);
		put_template(p, "\n\n");
	}
}

int
prompt_profile(const struct record *r, bool uses_released_rounding, struct direction *d,
    struct fault *f)
{
	struct profile sum = { 0 };

	if (r->profile.len > 0)
		return direction_parse(r->profile.ptr, r->profile.len, d, f);
	profile_add_history(&sum, r);
	*d = uses_released_rounding ? profile_direction_as_released(&sum) : profile_direction(&sum);
	return sum.items > 0
	    ? 0
	    : fault_set(f, "no-profile",
		"this row has neither a "
		"profile nor a history with directions, so there is nothing to bridge with");
}

/* The row's own profile is text like any other. */
static int
put_profile(struct prompt_text *p, bool uses_released_rounding, const struct record *r,
    struct fault *f)
{
	struct direction d;
	struct buf text = { 0 };

	if (r->profile.len > 0) {
		put_text(p, &r->profile);
		return 0;
	}
	if (prompt_profile(r, uses_released_rounding, &d, f) < 0)
		return -1;
	direction_render(&d, &text);
	put(p, text.data, text.len, false);
	buf_release(&text);
	return 0;
}

static const char *
system_sentence(const struct prompt_settings *q)
{
	if (q->method == SCORE_PBA)
		return "Generate a task-specific response based on user preferences.";
	return q->variant == SCORE_TRAINING
	    ? "Generate a task-specific response based on user historical behavior."
	    : "Generate a task-specific response based on user historical behavior and "
	      "preferences.";
}

/* History, profile or description of the person. */
static int
put_persona(struct prompt_text *p, const struct prompt_settings *q, const struct record *r,
    struct fault *f)
{
	if (q->is_bare)
		return 0;
	if (q->method == SCORE_PBA)
		return put_profile(p, q->uses_released_rounding, r, f);
	put_ugc(p, &r->ugc);
	put_feedback(p, &r->feedback);
	if (q->variant == SCORE_EVALUATION)
		put_text(p, &r->demographic);
	return 0;
}

static int
put_user(struct prompt_text *p, const struct prompt_settings *q, const struct record *r,
    struct fault *f)
{
	put_template(p, "***Task***\n\n");
	if (q->variant == SCORE_EVALUATION)
		put_template(p, "**Post:**\n");
	put_text(p, &r->prompt);
	put_template(p,
	    q->method == SCORE_PBA ? "\n\n***User Preferences***\n\n"
		: q->variant == SCORE_TRAINING
		? "\n\n***Historical Behavior***\n\n"
		: "\n\n***Historical Behavior and User Preferences***\n\n");
	if (put_persona(p, q, r, f) < 0)
		return -1;
	put_template(p, "\n\n***Response:***\n\n");
	return 0;
}

static bool
is_space(char c)
{
	return c != '\0' && strchr(" \t\n\r\f\v", c) != NULL;
}

/* The user's text alone. */
static void
put_plain(struct prompt_text *p, const struct prompt_settings *q, const struct text *t)
{
	size_t from = 0;

	while (q->template->is_trimmed && from < t->len && is_space(t->ptr[from]))
		from++;
	put(p, t->ptr + from, t->len - from, false);
}

/* Drops white space at the end, but not before `from`. */
static void
trim(struct prompt_text *p, size_t from)
{
	struct tokenizer_part *part = (void *)p->parts.data;
	size_t n = p->parts.len / sizeof(*part);

	while (p->text.len > from && is_space(p->text.data[p->text.len - 1])) {
		while (part[n - 1].len == 0)
			n--;
		part[n - 1].len--;
		p->text.len--;
	}
	p->parts.len = n * sizeof(*part);
}

int
prompt_make(struct prompt_text *p, const struct prompt_settings *q, const struct record *r,
    struct fault *f)
{
	const struct chat_template *t = q->template;
	size_t from;

	buf_clear(&p->text);
	buf_clear(&p->parts);
	put_template(p, t->open);
	if (q->method != SCORE_PLAIN) {
		put_template(p, t->system_open);
		put_template(p, system_sentence(q));
		put_template(p, t->system_close);
	}
	put_template(p, t->user_open);
	from = p->text.len;
	if (q->method == SCORE_PLAIN)
		put_plain(p, q, &r->prompt);
	else if (put_user(p, q, r, f) < 0)
		return -1;
	if (t->is_trimmed)
		trim(p, from);
	put_template(p, t->user_close);
	return 0;
}

const struct tokenizer_part *
prompt_parts(const struct prompt_text *p, size_t *n)
{
	*n = p->parts.len / sizeof(struct tokenizer_part);
	return (const struct tokenizer_part *)(const void *)p->parts.data;
}

void
prompt_release(struct prompt_text *p)
{
	buf_release(&p->text);
	buf_release(&p->parts);
}
