#include "config.h"

#include <stdlib.h>

#include "lib/json_doc.h"
#include "lib/json_fault.h"

enum { LEAST_ROOM = 64 * 1024 };

struct json *
json_new(void)
{
	struct json *j = calloc(1, sizeof(*j));

	if (j == NULL || (j->index = json_index_new()) == NULL)
		arena_exhausted();
	return j;
}

void
json_free(struct json *j)
{
	if (j == NULL)
		return;
	json_index_free(j->index);
	free(j->kind);
	free(j->link);
	free(j->decoded);
	free(j);
}

static void *
replace(void *old, size_t size)
{
	free(old);
	if ((old = malloc(size)) == NULL)
		arena_exhausted();
	return old;
}

/* Room for the tokens and texts of the document in hand. */
static void
make_room(struct json *j)
{
	size_t tokens = j->count + JSON_AHEAD, room = LEAST_ROOM;

	if (tokens > j->room) {
		while (room < tokens)
			room *= 2;
		j->kind = replace(j->kind, room);
		j->link = replace(j->link, room * sizeof(*j->link));
		j->room = room;
	}
	if (j->len > j->decoded_room) {
		for (room = LEAST_ROOM; room < j->len; )
			room *= 2;
		j->decoded = replace(j->decoded, room);
		j->decoded_room = room;
	}
}

static int
explain(const char *text, size_t len, struct fault *f)
{
	int r = json_fault(text, len, f);

	return r < 0 ? r : fault_set(f, "bad-json", "not JSON");
}

int
json_parse(struct json *j, const char *text, size_t len,
    struct json_node *root, struct fault *f)
{
	int r;

	*root = (struct json_node){ .kind = JSON_ABSENT };
	if (len > JSON_INDEX_MOST)
		return fault_at(f, 0, "bad-json", "document longer than 2 GiB");
	r = json_index_build(j->index, text, len, &j->at, &j->count);
	if (r == -2)
		arena_exhausted();
	if (r < 0)
		return explain(text, len, f);
	j->text = text;
	j->len = len;
	make_room(j);
	if (!json_check(j))
		return explain(text, len, f);
	*root = json_node(j, 0);
	return 0;
}
