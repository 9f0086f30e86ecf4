/* Values of a checked document: as nodes, picked out of maps, walked, found. */

#include "config.h"

#include <string.h>

#include "lib/json_doc.h"
#include "lib/pointer.h"

static inline void
set_text(const struct json *j, size_t i, struct json_node *node)
{
	const char *p = json_begin(j, i) + 1;

	node->kind = JSON_TEXT;
	if (j->link[i] == JSON_PLAIN) {
		node->text.ptr = p;
		node->text.len = (size_t)(json_stop(j, i) - 1 - p);
	} else {
		node->text.ptr = j->decoded + (p - j->text);
		node->text.len = j->link[i];
	}
}

struct json_node
json_node(const struct json *j, size_t i)
{
	struct json_node node = { .inner = { (uintptr_t)j, i } };

	switch (j->kind[i]) {
	case '{': node.kind = JSON_MAP; break;
	case '[': node.kind = JSON_LIST; break;
	case '"': set_text(j, i, &node); break;
	case 'n': node.kind = JSON_NULL; break;
	case 't': node.kind = JSON_BOOL; node.truth = true; break;
	case 'f': node.kind = JSON_BOOL; break;
	default: json_number(json_begin(j, i), json_stop(j, i), &node);
	}
	return node;
}

enum { WANTED = 64, SLOTS = 128 };	/* names looked for in one pass */

struct wanted {
	const char *const *name;
	size_t len[WANTED];
	uint8_t next[WANTED];		/* in the same slot; WANTED at the end */
	uint8_t slot[SLOTS];
};

/* The length and the first and last byte tell most names apart. */
static inline size_t
slot_of(const char *name, size_t len)
{
	if (len == 0)
		return 0;
	return ((unsigned char)name[0] + 5u * (unsigned char)name[len - 1] + 11 * len)
	    % SLOTS;
}

static void
want(struct wanted *w, const char *const *name, size_t n)
{
	w->name = name;
	memset(w->slot, WANTED, sizeof(w->slot));
	for (size_t k = 0; k < n; k++) {
		uint8_t *slot;

		w->len[k] = strlen(name[k]);
		slot = &w->slot[slot_of(name[k], w->len[k])];
		w->next[k] = *slot;
		*slot = (uint8_t)k;
	}
}

static inline size_t
find(const struct wanted *w, const char *name, size_t len)
{
	size_t k = w->slot[slot_of(name, len)];

	while (k != WANTED
	    && (w->len[k] != len || memcmp(w->name[k], name, len) != 0))
		k = w->next[k];
	return k;
}

static int
doubled(const struct json *j, size_t i, const char *name, struct fault *f)
{
	pointer_under(f, name, strlen(name));
	return fault_at(f, j->at[i], "doubled-field", "field stands twice");
}

static int
pick(const struct json_node *map, const char *const *names, size_t n,
    struct json_node *out, struct fault *f)
{
	const struct json *j = (const struct json *)map->inner[0];
	struct wanted w;
	struct json_node name;

	want(&w, names, n);
	for (size_t i = map->inner[1] + 1; j->kind[i] == '"'; ) {
		size_t k;

		set_text(j, i, &name);
		k = find(&w, name.text.ptr, name.text.len);
		if (k != WANTED && out[k].kind != JSON_ABSENT)
			return doubled(j, i, names[k], f);
		if (k != WANTED)
			out[k] = json_node(j, i + 2);
		i += 3;
		if (j->kind[i] != ',')		/* no comma follows a bracket */
			i = json_after(j, i - 1);
		i += j->kind[i] == ',';
	}
	return 0;
}

int
json_pick(const struct json_node *map, const char *const *names, size_t n,
    struct json_node *out, struct fault *f)
{
	int r = 0;

	for (size_t k = 0; k < n; k++)
		out[k].kind = JSON_ABSENT;
	if (map->kind != JSON_MAP)
		return 0;
	for (size_t k = 0; k < n && r == 0; k += WANTED)
		r = pick(map, names + k, n - k < WANTED ? n - k : WANTED, out + k, f);
	return r;
}

void
json_walk_begin(struct json_walk *w, const struct json_node *of)
{
	const struct json *j = (const struct json *)of->inner[0];
	size_t first = of->inner[1] + 1;
	bool is_map = of->kind == JSON_MAP;

	*w = (struct json_walk){ .inner = { of->inner[0], 0, is_map } };
	if ((is_map && j->kind[first] != '}')
	    || (of->kind == JSON_LIST && j->kind[first] != ']'))
		w->inner[1] = first;
}

bool
json_walk_next(struct json_walk *w, struct json_node *name,
    struct json_node *value)
{
	const struct json *j = (const struct json *)w->inner[0];
	size_t i = w->inner[1];

	if (i == 0)
		return false;
	if (w->inner[2]) {
		if (name != NULL)
			*name = json_node(j, i);
		i += 2;
	}
	*value = json_node(j, i);
	i = json_after(j, i);
	w->inner[1] = j->kind[i] == ',' ? i + 1 : 0;
	return true;
}

static struct json_node
member(const struct json_node *of, const struct pointer_step *step)
{
	struct json_node name, value;
	struct json_walk w;
	int64_t index = 0;

	json_walk_begin(&w, of);
	while (json_walk_next(&w, &name, &value)) {
		if (of->kind == JSON_MAP
		    ? pointer_is_name(step, name.text.ptr, name.text.len)
		    : pointer_index(step) == index++)
			return value;
	}
	return (struct json_node){ .kind = JSON_ABSENT };
}

struct json_node
json_at(const struct json_node *from, const char *pointer)
{
	struct json_node node = *from;
	struct pointer_step step;

	while (node.kind != JSON_ABSENT && pointer_next(&pointer, &step))
		node = member(&node, &step);
	if (*pointer != '\0')
		node = (struct json_node){ .kind = JSON_ABSENT };
	return node;
}
