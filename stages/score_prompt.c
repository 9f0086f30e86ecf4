#include "config.h"

#include <stdio.h>
#include <string.h>

#include "schema/profile.h"
#include "stages/score_prompt.h"

static void
put(struct score_prompt *p, const char *s, size_t len, bool is_template)
{
	struct tokenizer_part part = { len, is_template };

	buf_add(&p->text, s, len);
	buf_add(&p->parts, &part, sizeof(part));
}

static void
put_template(struct score_prompt *p, const char *s)
{
	put(p, s, strlen(s), true);
}

static void
put_text(struct score_prompt *p, const struct text *t)
{
	put(p, t->ptr, t->len, false);
}

static void
put_number(struct score_prompt *p, size_t n)
{
	char s[32];

	snprintf(s, sizeof(s), "%zu. ", n);
	put_template(p, s);
}

static void
put_ugc(struct score_prompt *p, const struct list *items)
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
put_feedback(struct score_prompt *p, const struct list *items)
{
	const struct feedback *x = items->item;

	if (items->len > 0)
		put_template(p, "**This person has chosen or rejected comments on some "
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
score_profile(const struct record *r, struct direction *d, struct fault *f)
{
	struct profile sum = { 0 };

	if (r->profile.len > 0)
		return direction_parse(r->profile.ptr, r->profile.len, d, f);
	profile_add_history(&sum, r);
	*d = profile_direction(&sum);
	return sum.items > 0 ? 0 : fault_set(f, "no-profile", "this row has neither a "
	    "profile nor a history with directions, so there is nothing to bridge with");
}

/* A profile that the row brings is text like any other. */
static int
put_profile(struct score_prompt *p, const struct record *r, struct fault *f)
{
	struct direction d;
	struct buf text = { 0 };

	if (r->profile.len > 0) {
		put_text(p, &r->profile);
		return 0;
	}
	if (score_profile(r, &d, f) < 0)
		return -1;
	direction_render(&d, &text);
	put(p, text.data, text.len, false);
	buf_release(&text);
	return 0;
}

static const char *
system_sentence(enum score_method method, enum score_variant variant)
{
	if (method == SCORE_PBA)
		return "Generate a task-specific response based on user preferences.";
	return variant == SCORE_TRAINING
	    ? "Generate a task-specific response based on user historical behavior."
	    : "Generate a task-specific response based on user historical behavior and "
	      "preferences.";
}

int
score_prompt_make(struct score_prompt *p, enum score_method method,
    enum score_variant variant, const struct record *r, struct fault *f)
{
	buf_clear(&p->text);
	buf_clear(&p->parts);
	if (method == SCORE_PLAIN) {
		put_text(p, &r->prompt);
		return 0;
	}
	put_template(p, "<|start_header_id|>system<|end_header_id|>\n\n");
	put_template(p, system_sentence(method, variant));
	put_template(p, "\n<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n"
	    "***Task***\n\n");
	if (variant == SCORE_EVALUATION)
		put_template(p, "**Post:**\n");
	put_text(p, &r->prompt);
	if (method == SCORE_PBA) {
		put_template(p, "\n\n***User Preferences***\n\n");
		if (put_profile(p, r, f) < 0)
			return -1;
	} else {
		put_template(p, variant == SCORE_TRAINING
		    ? "\n\n***Historical Behavior***\n\n"
		    : "\n\n***Historical Behavior and User Preferences***\n\n");
		put_ugc(p, &r->ugc);
		put_feedback(p, &r->feedback);
		if (variant == SCORE_EVALUATION)
			put_text(p, &r->demographic);
	}
	put_template(p, "\n\n***Response:***\n\n<|eot_id|>"
	    "<|start_header_id|>assistant<|end_header_id|>");
	return 0;
}

const struct tokenizer_part *
score_prompt_parts(const struct score_prompt *p, size_t *n)
{
	*n = p->parts.len / sizeof(struct tokenizer_part);
	return (const struct tokenizer_part *)(const void *)p->parts.data;
}

void
score_prompt_release(struct score_prompt *p)
{
	buf_release(&p->text);
	buf_release(&p->parts);
}
