/* alignment.c - data sets of prompts with rated responses: PKU-SafeRLHF, UltraFeedback (not
 * binarised), HelpSteer2. */

#include "config.h"

#include <string.h>

#include "lib/core/json_pointer.h"
#include "stages/ingest/chat_messages.h"
#include "stages/ingest/field.h"
#include "stages/ingest/thread.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static int
require_bool(const struct json_node *n, const char *name, bool *out, struct fault *f)
{
	int rc = field_bool(n, name, out, f);

	return rc == 0 ? field_fault(name, f, n->kind == JSON_NULL ? "wrong-type" : "missing-field",
		   "expected true or false, found %s", field_type_name(n))
		       : rc;
}

/* Which of the two responses: 0 or 1. */
static int
require_index(const struct json_node *n, const char *name, int64_t *out, struct fault *f)
{
	if (n->kind == JSON_ABSENT)
		return field_fault(name, f, "missing-field", "this field is missing");
	if (field_int(n, name, out, f) < 0)
		return -1;
	if (n->kind == JSON_NULL || *out < 0 || *out > 1)
		return field_fault(name, f, "out-of-bounds", "expected 0 or 1");
	return 1;
}

/* Half of harmlessness is whether the response is safe, half whether it is
 * the safer of the two, so 1 is safe and safer, -1 unsafe and less safe. */
int
ingest_pku(struct ingest *g, const struct json_node *row, struct fault *f)
{
	enum { PROMPT, RESPONSE, SAFE = 3, BETTER = 5, SAFER };
	static const char *const names[] = { "prompt", "response_0", "response_1",
		"is_response_0_safe", "is_response_1_safe", "better_response_id",
		"safer_response_id" };
	struct json_node field[COUNT(names)];
	struct interaction post = { 0 };
	struct text response[2];
	struct ingest_thread t;
	bool is_safe[2];
	int64_t better = 0, safer = 0;

	if (json_pick(row, names, COUNT(names), field, f) < 0
	    || field_require_text(&field[PROMPT], names[PROMPT], &post.text, f) < 0
	    || require_index(&field[BETTER], names[BETTER], &better, f) < 0
	    || require_index(&field[SAFER], names[SAFER], &safer, f) < 0)
		return -1;
	for (int i = 0; i < 2; i++)
		if (field_require_text(&field[RESPONSE + i], names[RESPONSE + i], &response[i], f)
			< 0
		    || require_bool(&field[SAFE + i], names[SAFE + i], &is_safe[i], f) < 0)
			return -1;
	ingest_thread_begin(g, &post, &t);
	for (int i = 0; i < 2; i++) {
		struct ratings r = { 0 };

		ingest_set_rating(&r, ASPECT_HARMLESSNESS,
		    (is_safe[i] ? 0.5 : -0.5) + (safer == i ? 0.5 : -0.5));
		ingest_set_rating(&r, ASPECT_HELPFULNESS, better == i ? 0.5 : -0.5);
		ingest_thread_rated(g, &t, &response[i], &r);
	}
	return 1;
}

/* {"honesty": {"Rating": "4", ...}, ...}; ratings from 1 to 5, or "N/A". */
static int
read_annotations(const struct json_node *map, struct ratings *r, struct fault *f)
{
	static const char *const names[] = { "instruction_following", "honesty", "truthfulness",
		"helpfulness" };
	static const enum ingest_aspect aspects[] = { ASPECT_INSTRUCTION_FOLLOWING, ASPECT_HONESTY,
		ASPECT_TRUTHFULNESS, ASPECT_HELPFULNESS };
	static const char *const rating = "Rating";
	struct json_node field[COUNT(names)], value;
	double x = 0;

	if (json_pick(map, names, COUNT(names), field, f) < 0)
		return -1;
	for (size_t i = 0; i < COUNT(names); i++) {
		int rc;

		if (json_pick(&field[i], &rating, 1, &value, f) < 0
		    || (rc = field_rating(&value, rating, 1, 5, &x, f)) < 0) {
			json_pointer_prepend(f, names[i], strlen(names[i]));
			return -1;
		}
		if (rc > 0)
			ingest_set_rating(r, aspects[i], (x - 3) / 2);
	}
	return 0;
}

static int
read_completion(const struct json_node *map, struct text *response, struct ratings *r,
    struct fault *f)
{
	static const char *const names[] = { "response", "annotations" };
	struct json_node field[COUNT(names)];

	if (json_pick(map, names, COUNT(names), field, f) < 0
	    || field_require_text(&field[0], names[0], response, f) < 0
	    || field_require_map(&field[1], names[1], f) < 0)
		return -1;
	if (read_annotations(&field[1], r, f) == 0)
		return 0;
	json_pointer_prepend(f, names[1], strlen(names[1]));
	return -1;
}

static int
put_completions(struct ingest *g, const struct json_node *list, const struct ingest_thread *t,
    struct fault *f)
{
	struct json_node value;
	struct json_walk w;
	size_t i = 0;

	json_walk_begin(&w, list);
	for (; json_walk_next(&w, NULL, &value); i++) {
		struct ratings r = { 0 };
		struct text response;

		if (read_completion(&value, &response, &r, f) < 0) {
			json_pointer_prepend_index(f, i);
			json_pointer_prepend(f, "completions", strlen("completions"));
			return -1;
		}
		ingest_thread_rated(g, t, &response, &r);
	}
	return 1;
}

int
ingest_ultrafeedback(struct ingest *g, const struct json_node *row, struct fault *f)
{
	static const char *const names[] = { "instruction", "completions" };
	struct json_node field[COUNT(names)];
	struct interaction post = { 0 };
	struct ingest_thread t;

	if (json_pick(row, names, COUNT(names), field, f) < 0)
		return -1;
	if (field[0].kind == JSON_ABSENT && field[1].kind == JSON_ABSENT)
		return ingest_chat_choice(g, row, f);
	if (field_require_text(&field[0], names[0], &post.text, f) < 0
	    || field_require_list(&field[1], names[1], f) < 0)
		return -1;
	ingest_thread_begin(g, &post, &t);
	return put_completions(g, &field[1], &t, f);
}

/* A prompt of several turns: "Hello\n<extra_id_1>Assistant\nHi!\n<extra_id_1>User\nHow ...".  No turns
 * if it is a single one. */
static void
read_turns(const struct text *prompt, struct ingest_dialogue *d)
{
	static const char mark[] = "\n<extra_id_1>";
	static const struct {
		const char *name, *who;
	} roles[] = { { "Assistant\n", "Assistant" }, { "User\n", "Human" } };
	const char *who = "Human", *at = prompt->ptr, *stop = prompt->ptr + prompt->len, *next;

	ingest_dialogue_begin(d);
	while ((next = memmem(at, (size_t)(stop - at), mark, strlen(mark))) != NULL) {
		const char *role = next + strlen(mark);
		size_t i = 0, len = 0;

		for (; i < COUNT(roles); i++) {
			len = strlen(roles[i].name);
			if ((size_t)(stop - role) >= len && memcmp(role, roles[i].name, len) == 0)
				break;
		}
		if (i == COUNT(roles))
			break; /* other words of the text */
		ingest_dialogue_add(d, who, &(struct text){ at, (size_t)(next - at) });
		who = roles[i].who;
		at = role + len;
	}
	if (d->turns > 0)
		ingest_dialogue_add(d, who, &(struct text){ at, (size_t)(stop - at) });
}

/* Ratings from 0 to 4. */
int
ingest_helpsteer(struct ingest *g, const struct json_node *row, struct fault *f)
{
	enum { PROMPT, RESPONSE, RATED };
	static const char *const names[] = { "prompt", "response", "helpfulness", "correctness",
		"coherence", "complexity", "verbosity" };
	static const enum ingest_aspect aspects[] = { ASPECT_HELPFULNESS, ASPECT_TRUTHFULNESS,
		ASPECT_COHERENCE, ASPECT_COMPLEXITY, ASPECT_VERBOSITY };
	struct json_node field[COUNT(names)];
	struct interaction post = { 0 };
	struct ratings r = { 0 };
	struct ingest_dialogue dialogue = { 0 };
	struct ingest_thread t;
	struct text response;
	double x = 0;

	if (json_pick(row, names, COUNT(names), field, f) < 0
	    || field_require_text(&field[PROMPT], names[PROMPT], &post.text, f) < 0
	    || field_require_text(&field[RESPONSE], names[RESPONSE], &response, f) < 0)
		return -1;
	for (size_t i = 0; i < COUNT(aspects); i++) {
		const char *name = names[RATED + i];
		int rc = field_rating(&field[RATED + i], name, 0, 4, &x, f);

		if (rc <= 0)
			return rc < 0
			    ? rc
			    : field_fault(name, f, "missing-field", "this field is missing");
		ingest_set_rating(&r, aspects[i], (x - 2) / 2);
	}
	read_turns(&post.text, &dialogue);
	if (dialogue.turns > 0)
		post.text = ingest_dialogue_text(&dialogue);
	ingest_thread_begin(g, &post, &t);
	ingest_thread_rated(g, &t, &response, &r);
	buf_release(&dialogue.text);
	return 1;
}
