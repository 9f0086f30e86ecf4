#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "annotate/rule_examples.h"
#include "lib/json/json.h"

struct example_check {
	struct signal_finder *finder;
	struct json *json;
	struct arena brief;
	rules_fault_fn *fn;
	void *with;
	size_t faults;
};

__attribute__((format(printf, 3, 4))) static void
blame(struct example_check *c, const struct rules_value *at, const char *fmt, ...)
{
	struct fault one = FAULT_NONE;
	char said[300];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(said, sizeof(said), fmt, ap);
	va_end(ap);
	fault_stop(&one, "%.200s:%d: %s", at->file, at->line, said);
	c->fn(c->with, &one);
	c->faults++;
}

/* The fields that an example in JSON may have. */
enum { TEXT, PARENT, POST, COMMUNITY, CREATED, SCORE, DEPTH, EDITED, FIELDS };
static const char *const fields[FIELDS] = { "text", "parent", "post", "community", "created",
	"score", "depth", "edited" };

static bool
set_text(const struct json_node *from, struct text *to)
{
	if (from->kind == JSON_TEXT)
		*to = (struct text){ from->text.ptr, from->text.len };
	return from->kind == JSON_TEXT;
}

static bool
set_integer(const struct json_node *from, int64_t *to)
{
	if (from->kind == JSON_INT)
		*to = from->integer;
	return from->kind == JSON_INT;
}

/* False if a value is of the wrong type. */
static bool
set_field(struct interaction *x, int field, const struct json_node *from)
{
	const struct descriptor *d = &interaction_descriptor;

#define SET(member, how) \
	MESSAGE_SET(d, x, member); \
	return how(from, &x->member)
	switch (field) {
	case TEXT:
		SET(text, set_text);
	case PARENT:
		SET(parent, set_text);
	case POST:
		SET(post, set_text);
	case COMMUNITY:
		SET(community, set_text);
	case CREATED:
		SET(created, set_integer);
	case SCORE:
		SET(score, set_integer);
	case DEPTH:
		SET(depth, set_integer);
#undef SET
	default:
		MESSAGE_SET(d, x, edited);
		x->edited = from->truth;
		return from->kind == JSON_BOOL;
	}
}

/* Reads an example in JSON; returns what is wrong with it, or NULL. */
static const char *
read_fields(struct example_check *c, const struct text *from, struct interaction *x,
    struct fault *f)
{
	char *padded = arena_alloc(&c->brief, from->len + JSON_PADDING);
	struct json_node root, name, value;
	struct json_walk w;
	int i;

	memcpy(padded, from->ptr, from->len);
	if (json_parse(c->json, padded, from->len, &root, f) < 0)
		return f->text;
	json_walk_begin(&w, &root);
	while (json_walk_next(&w, &name, &value)) {
		for (i = 0; i < FIELDS; i++)
			if (text_is(&(struct text){ name.text.ptr, name.text.len }, fields[i]))
				break;
		if (i == FIELDS)
			return "an example may only have the fields text, parent, post, "
			       "community, created, score, depth and edited";
		if (!set_field(x, i, &value))
			return "a field of this example has the wrong type";
	}
	return NULL;
}

/* Is there a signal of a rule for its own pole? */
static bool
has_rule(const struct rule *rule, const struct list *signals)
{
	const struct signal *s = signals->item;

	for (size_t i = 0; i < signals->len; i++)
		if (s[i].rule.ptr == rule->id.ptr && s[i].pole == rule->pole)
			return true;
	return false;
}

static void
check_example(struct example_check *c, const struct rule *rule, const struct rules_value *example,
    bool must)
{
	struct interaction x = { .post = { "", 0 }, .text = example->text };
	struct fault f = FAULT_NONE;
	const char *why = NULL;

	arena_reset(&c->brief);
	if (example->text.ptr[0] == '{')
		why = read_fields(c, &example->text, &x, &f);
	if (why != NULL) {
		blame(c, example, "%.250s", why);
		return;
	}
	signals_find(c->finder, &x);
	if (has_rule(rule, &x.signals) != must)
		blame(c, example, "the rule '%.*s' %s", (int)rule->id.len, rule->id.ptr,
		    must ? "finds no signal in this text"
			 : "finds a signal in this text, which it must reject");
}

struct rule_examples
rule_examples_check(const struct rules *rules, struct signal_finder *e, rules_fault_fn *fn,
    void *with)
{
	struct example_check c = { .finder = e, .json = json_new(), .fn = fn, .with = with };
	struct rule_examples out = { 0, 0 };

	for (size_t i = 0; i < rules->len; i++) {
		const struct rule *rule = &rules->rule[i];

		for (size_t k = 0; k < rule->match.len; k++)
			check_example(&c, rule, &rule->match.at[k], true);
		for (size_t k = 0; k < rule->reject.len; k++)
			check_example(&c, rule, &rule->reject.at[k], false);
		out.examples += rule->match.len + rule->reject.len;
	}
	json_free(c.json);
	arena_release(&c.brief);
	out.faults = c.faults;
	return out;
}
