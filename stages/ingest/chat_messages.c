/* chat_messages.c - chosen and rejected answers: binarised data sets and HH-RLHF. */

#include "config.h"

#include <float.h>
#include <string.h>

#include "lib/core/json_pointer.h"
#include "stages/ingest/field.h"
#include "stages/ingest/chat_messages.h"
#include "stages/ingest/thread.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum { PROMPT, CHOSEN, REJECTED };
static const char *const names[] = { "prompt", "chosen", "rejected" };

static int
no_common_prompt(struct fault *f)
{
	return fault_set(f, "no-common-prompt",
	    "chosen and rejected do not answer the same prompt");
}

/* The name of a chat role in a dialogue. */
static const char *
who_is(const struct text *role)
{
	static const char *const roles[][2] = { { "user", "Human" }, { "assistant", "Assistant" },
		{ "system", "System" } };

	for (size_t i = 0; i < COUNT(roles); i++)
		if (text_is(role, roles[i][0]))
			return roles[i][1];
	return NULL;
}

static int
read_message(const struct json_node *map, const char **who, struct text *said, struct fault *f)
{
	static const char *const of_message[] = { "role", "content" };
	struct json_node field[2];
	struct text role;

	if (json_pick(map, of_message, 2, field, f) < 0
	    || field_require_text(&field[0], of_message[0], &role, f) < 0
	    || field_require_text(&field[1], of_message[1], said, f) < 0)
		return -1;
	*who = who_is(&role);
	return *who != NULL
	    ? 0
	    : field_fault(of_message[0], f, "wrong-type", "expected user, assistant or system");
}

/* The last message is the answer, those before it are the dialogue. */
static int
read_messages(const struct json_node *list, struct ingest_dialogue *d, struct text *answer,
    struct fault *f)
{
	const char *who = NULL, *next;
	struct json_node message;
	struct json_walk w;
	struct text said;
	size_t i = 0;

	ingest_dialogue_begin(d);
	json_walk_begin(&w, list);
	for (; json_walk_next(&w, NULL, &message); i++) {
		if (i > 0)
			ingest_dialogue_add(d, who, answer);
		if (read_message(&message, &next, &said, f) < 0) {
			json_pointer_prepend_index(f, i);
			return -1;
		}
		who = next;
		*answer = said;
	}
	if (i < 2 || strcmp(who, "Assistant") != 0)
		return fault_set(f, "bad-dialogue",
		    "expected messages that end "
		    "with an assistant's");
	return 0;
}

static int
put_messages(struct ingest *g, const struct json_node *field, struct fault *f)
{
	struct ingest_dialogue d[2] = { 0 };
	struct text answer[2], prompt[2] = { 0 };
	int rc = 0;

	for (int i = 0; i < 2 && rc == 0; i++) {
		const char *name = names[CHOSEN + i];

		if ((rc = field_require_list(&field[CHOSEN + i], name, f)) < 0)
			break;
		if ((rc = read_messages(&field[CHOSEN + i], &d[i], &answer[i], f)) < 0)
			json_pointer_prepend(f, name, strlen(name));
		else
			prompt[i] = ingest_dialogue_text(&d[i]);
	}
	if (rc == 0 && !text_equals(&prompt[0], &prompt[1]))
		rc = no_common_prompt(f);
	if (rc == 0)
		ingest_thread_choice(g, &prompt[0], &answer[0], &answer[1]);
	buf_release(&d[0].text);
	buf_release(&d[1].text);
	return rc;
}

/* What a set rated the answers, under any of the names that are in use: 1 if the chosen one is
 * better or nothing is known, 0 if the row is dropped: nobody preferred what is called chosen. */
static int
check_ratings(struct ingest *g, const struct json_node *row, struct fault *f)
{
	static const char *const rated[] = { "score_chosen", "score_rejected", "chosen-rating",
		"rejected-rating", "chosen_rating", "rejected_rating", "chosen_score",
		"rejected_score" };
	struct json_node field[COUNT(rated)];
	double chosen, rejected;

	if (json_pick(row, rated, COUNT(rated), field, f) < 0)
		return -1;
	for (size_t i = 0; i < COUNT(rated); i += 2) {
		int a = field_rating(&field[i], rated[i], -DBL_MAX, DBL_MAX, &chosen, f);
		int b = a < 0
		    ? a
		    : field_rating(&field[i + 1], rated[i + 1], -DBL_MAX, DBL_MAX, &rejected, f);

		if (b < 0)
			return -1;
		if (a > 0 && b > 0 && chosen <= rejected)
			return ingest_drop(g, chosen < rejected ? DROP_REVERSED : DROP_TIE);
	}
	return 1;
}

int
ingest_chat_choice(struct ingest *g, const struct json_node *row, struct fault *f)
{
	struct json_node field[COUNT(names)];
	struct text text[COUNT(names)];
	int rc = check_ratings(g, row, f);

	if (rc <= 0)
		return rc;
	if (json_pick(row, names, COUNT(names), field, f) < 0)
		return -1;
	if (field[CHOSEN].kind == JSON_LIST || field[REJECTED].kind == JSON_LIST)
		return put_messages(g, field, f);
	for (size_t i = 0; i < COUNT(names); i++)
		if (field_require_text(&field[i], names[i], &text[i], f) < 0)
			return -1;
	ingest_thread_choice(g, &text[PROMPT], &text[CHOSEN], &text[REJECTED]);
	return 1;
}

static const char human[] = "\n\nHuman:", assistant[] = "\n\nAssistant:";

/* Splits "\n\nHuman: ... \n\nAssistant: answer" before its last turn. */
static int
split_dialogue(const struct json_node *n, const char *name, struct text *prompt,
    struct text *answer, struct fault *f)
{
	const size_t h = strlen(human), a = strlen(assistant);
	struct text t;
	size_t at;

	if (field_require_text(n, name, &t, f) < 0)
		return -1;
	if (t.len < h + a || memcmp(t.ptr, human, h) != 0)
		return field_fault(name, f, "bad-dialogue",
		    "expected a "
		    "dialogue that begins with two line ends and 'Human:'");
	for (at = t.len - a; at > 0 && memcmp(t.ptr + at, assistant, a) != 0; at--)
		;
	if (at == 0)
		return field_fault(name, f, "bad-dialogue",
		    "expected a turn of the assistant, found none");
	*prompt = (struct text){ t.ptr, at };
	*answer = (struct text){ t.ptr + at + a, t.len - at - a };
	return 0;
}

/* A single turn without its "Human:"; a longer dialogue keeps the speakers. */
static struct text
bare_prompt(const struct text *t)
{
	const size_t h = strlen(human), a = strlen(assistant);
	size_t skip = h;

	for (size_t i = h; i < t->len; i++) {
		const char *s = t->ptr + i;
		size_t left = t->len - i;

		if ((left >= h && memcmp(s, human, h) == 0)
		    || (left >= a && memcmp(s, assistant, a) == 0))
			skip = 2;
	}
	return (struct text){ t->ptr + skip, t->len - skip };
}

int
ingest_hh(struct ingest *g, const struct json_node *row, struct fault *f)
{
	struct json_node field[COUNT(names)];
	struct text prompt[2], answer[2];
	int given = g->aspect;

	if (json_pick(row, names, COUNT(names), field, f) < 0)
		return -1;
	for (int i = 0; i < 2; i++)
		if (split_dialogue(&field[CHOSEN + i], names[CHOSEN + i], &prompt[i], &answer[i], f)
		    < 0)
			return -1;
	if (!text_equals(&prompt[0], &prompt[1]))
		return no_common_prompt(f);
	prompt[0] = bare_prompt(&prompt[0]);
	if (given < 0 && strstr(g->file.data, "harmless") != NULL)
		g->aspect = ASPECT_HARMLESSNESS;
	ingest_thread_choice(g, &prompt[0], &answer[0], &answer[1]);
	g->aspect = given;
	return 1;
}
