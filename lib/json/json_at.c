/* json_at.c - what json.h asks of a value by its JSON pointer. */

#include "config.h"

#include <string.h>

#include "lib/core/json_pointer.h"
#include "lib/json/json.h"

static struct json_node
member(const struct json_node *of, const struct json_pointer_step *step)
{
	struct json_node name, value;
	struct json_walk w;
	int64_t index = 0;

	json_walk_begin(&w, of);
	while (json_walk_next(&w, &name, &value)) {
		if (of->kind == JSON_MAP ? json_pointer_matches(step, name.text.ptr, name.text.len)
					 : json_pointer_index(step) == index++)
			return value;
	}
	return (struct json_node){ .kind = JSON_ABSENT };
}

struct json_node
json_at(const struct json_node *from, const char *pointer)
{
	struct json_node node = *from;
	struct json_pointer_step step;

	while (node.kind != JSON_ABSENT && json_pointer_next(&pointer, &step))
		node = member(&node, &step);
	if (*pointer != '\0')
		node = (struct json_node){ .kind = JSON_ABSENT };
	return node;
}

bool
json_is_string(const struct json_node *n, const char *s)
{
	return n->kind == JSON_TEXT && n->text.len == strlen(s)
	    && memcmp(n->text.ptr, s, n->text.len) == 0;
}

bool
json_bool_or(const struct json_node *of, const char *pointer, bool otherwise)
{
	struct json_node n = json_at(of, pointer);

	return n.kind == JSON_BOOL ? n.truth : otherwise;
}
