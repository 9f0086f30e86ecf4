#include "config.h"

#include <stddef.h>

#include "stages/profile/formats.h"

/* Any map with a profile. */
struct profile_map {
	struct message message;
	struct text profile;
	struct direction direction; /* "direction" */
	struct direction published; /* "Preference Direction" */
};

static const struct field profile_map_fields[] = {
	{ .name = "profile",
	    .type = FIELD_TEXT,
	    .at = offsetof(struct profile_map, profile),
	    .high = INT32_MAX,
	    .meaning = "A rendered direction." },
	{ .name = "direction",
	    .type = FIELD_DIRECTION,
	    .at = offsetof(struct profile_map, direction),
	    .meaning = "A direction." },
	{ .name = "Preference Direction",
	    .type = FIELD_DIRECTION,
	    .at = offsetof(struct profile_map, published),
	    .meaning = "A direction." },
	{ 0 },
};

static const struct descriptor profile_map_descriptor = { .name = "map with a profile",
	.version = 1,
	.size = sizeof(struct profile_map),
	.field = profile_map_fields,
	.meaning = "Any map that holds a profile." };

/* Decodes a vector as if it were the direction of a map. */
static int
read_vector(const msgpack_object *list, struct arena *a, struct direction *d, struct fault *f)
{
	msgpack_object_kv kv = { .val = *list };
	msgpack_object map = { .type = MSGPACK_OBJECT_MAP, .via.map = { 1, &kv } };
	struct profile_map c;

	kv.key.type = MSGPACK_OBJECT_STR;
	kv.key.via.str = (msgpack_object_str){ 9, "direction" };
	if (message_decode(&profile_map_descriptor, &map, a, &c, f) < 0)
		return -1;
	*d = c.direction;
	return 0;
}

static int
read_map(enum profile_from from, const msgpack_object *map, struct arena *a, struct direction *d,
    struct fault *f)
{
	struct profile_map c;

	if (message_decode(&profile_map_descriptor, map, a, &c, f) < 0)
		return -1;
	if (from == PROFILE_FROM_PROFILE)
		return MESSAGE_HAS(&profile_map_descriptor, &c, profile)
		    ? direction_parse(c.profile.ptr, c.profile.len, d, f)
		    : fault_set(f, "missing-field", "this row has no profile");
	*d = MESSAGE_HAS(&profile_map_descriptor, &c, published) ? c.published : c.direction;
	return MESSAGE_HAS(&profile_map_descriptor, &c, published)
		|| MESSAGE_HAS(&profile_map_descriptor, &c, direction)
	    ? 0
	    : fault_set(f, "missing-field",
		"this row has no Preference Direction, and no direction");
}

int
profile_format_read(enum profile_from from, struct parse *p, const struct reader_item *item,
    struct arena *a, struct direction *d, struct fault *f)
{
	msgpack_object tree;

	if (from == PROFILE_FROM_TEXT)
		return direction_parse(item->data, item->len, d, f);
	if (parse_tree(p, item, a, &tree, f) < 0)
		return -1;
	return from == PROFILE_FROM_VECTOR ? read_vector(&tree, a, d, f)
					   : read_map(from, &tree, a, d, f);
}
