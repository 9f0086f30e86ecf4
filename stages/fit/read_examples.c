#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "lib/core/utf8.h"
#include "schema/dimension.h"
#include "schema/direction_of.h"
#include "schema/profile.h"
#include "lib/text/tsv.h"
#include "stages/fit/read_examples.h"

static void
add(struct example_reader *r, struct interaction *x, const uint8_t label[DIMENSIONS], bool is_read,
    const struct text *group)
{
	if (!MESSAGE_HAS(&interaction_descriptor, x, signals))
		signals_find(r->engine, x);
	model_features_read(&r->features, &r->config, &x->text, &x->signals);
	examples_add(r->examples, &r->features, label, is_read, group);
}

static void
add_text(struct example_reader *r, const struct text *text, const uint8_t label[DIMENSIONS],
    bool is_read, const struct text *group)
{
	struct interaction x = { .text = *text };

	clean_text(&r->cleaner, &x.text);
	add(r, &x, label, is_read, group);
}

static int
read_header(struct example_reader *r, const struct tsv *t, struct fault *f)
{
	static const char *const name[COLUMNS][3] = {
		[COLUMN_DIMENSION] = { "dim", "dimension", "dim" },
		[COLUMN_LABEL] = { "label", "pole", "label" },
		[COLUMN_TEXT] = { "text", "statement", "text" },
		[COLUMN_COMMUNITY] = { "subreddit", "community", "subreddit" },
	};

	r->columns = (int)t->columns;
	for (int k = 0; k < COLUMNS; k++) {
		r->column[k] = -1;
		for (int c = 0; c < r->columns && c < TSV_COLUMNS_MAX; c++)
			for (int n = 0; n < 3; n++)
				if (text_is(&t->column[c], name[k][n]))
					r->column[k] = c;
	}
	if (r->column[COLUMN_DIMENSION] >= 0 && r->column[COLUMN_TEXT] >= 0)
		return 0;
	r->columns = 0;
	return fault_set(f, "no-columns",
	    "the first line of a table must name its columns, with "
	    "dim and text (or statement)");
}

static int
read_dimension(const struct text *t, struct fault *f)
{
	double number;
	int d = dimension_find(t->ptr, t->len);

	if (d >= 0)
		return d;
	if (rules_number(t, 0, DIMENSIONS - 1, &number) && number == (int)number)
		return (int)number;
	return fault_set(f, "no-dimension",
	    "unknown dimension '%.*s'; give a number from 0 to %d "
	    "or a key",
	    (int)(t->len < 40 ? t->len : 40), t->ptr, DIMENSIONS - 1);
}

static int
read_label(const struct text *t, struct fault *f)
{
	if (t->len == 1 && (*t->ptr == '0' || *t->ptr == '1'))
		return *t->ptr == '1' ? LABEL_HIGH : LABEL_LOW;
	return fault_set(f, "no-label", "unknown label '%.*s'; give 1 or 0",
	    (int)(t->len < 40 ? t->len : 40), t->ptr);
}

static int
read_table(struct example_reader *r, const struct reader_item *item, struct fault *f)
{
	struct tsv t = tsv_begin(item->data, item->len);
	uint8_t label[DIMENSIONS];
	const int *column = r->column;
	const struct text *group = NULL;
	int d, pole = LABEL_HIGH;

	if (!tsv_next(&t))
		return 0;
	if (item->number == 1)
		return read_header(r, &t, f);
	if (!utf8_is_valid(item->data, item->len))
		return fault_at(f, (int64_t)utf8_first_invalid(item->data, item->len), "bad-utf8",
		    "not UTF-8");
	if (r->columns == 0)
		return fault_set(f, "no-columns", "the first line of the table names no columns");
	if ((int)t.columns != r->columns)
		return fault_set(f, "other-columns", "%zu columns, but the first line names %d",
		    t.columns, r->columns);
	if ((d = read_dimension(&t.column[column[COLUMN_DIMENSION]], f)) < 0
	    || (column[COLUMN_LABEL] >= 0
		&& (pole = read_label(&t.column[column[COLUMN_LABEL]], f)) < 0))
		return -1;
	memset(label, LABEL_NEUTRAL, sizeof(label));
	label[d] = (uint8_t)pole;
	if (column[COLUMN_COMMUNITY] >= 0 && t.column[column[COLUMN_COMMUNITY]].len > 0)
		group = &t.column[column[COLUMN_COMMUNITY]];
	add_text(r, &t.column[column[COLUMN_TEXT]], label, false, group);
	return 0;
}

/* is_opposite: the direction points away from the text. */
static void
add_direction(struct example_reader *r, const struct text *text, const struct direction *direction,
    bool is_opposite, const struct text *group)
{
	uint8_t label[DIMENSIONS];

	for (int i = 0; i < DIMENSIONS; i++)
		label[i] = direction->at[i] == DIRECTION_NEUTRAL          ? LABEL_NEUTRAL
		    : (direction->at[i] == DIRECTION_HIGH) != is_opposite ? LABEL_HIGH
									  : LABEL_LOW;
	add_text(r, text, label, false, group);
}

static int
read_record(struct example_reader *r, const struct descriptor *d, const msgpack_object *tree,
    struct arena *brief, struct fault *f)
{
	const struct feedback *pair;
	const struct ugc *ugc;
	struct record x;
	char name[32];
	struct text group = { name,
		(size_t)snprintf(name, sizeof(name), "%" PRIu64, ++r->records) };

	if (message_decode(d, tree, brief, &x, f) < 0)
		return -1;
	ugc = x.ugc.item;
	for (size_t i = 0; i < x.ugc.len; i++)
		if (MESSAGE_HAS(&ugc_descriptor, &ugc[i], direction))
			add_direction(r, &ugc[i].comment, &ugc[i].direction, false, &group);
	pair = x.feedback.item;
	for (size_t i = 0; i < x.feedback.len; i++)
		if (MESSAGE_HAS(&feedback_descriptor, &pair[i], direction)) {
			add_direction(r, &pair[i].chosen, &pair[i].direction, false, &group);
			add_direction(r, &pair[i].rejected, &pair[i].direction, true, &group);
		}
	if (MESSAGE_HAS(d, &x, direction)) {
		add_direction(r, &x.chosen, &x.direction, false, &group);
		add_direction(r, &x.rejected, &x.direction, true, &group);
	}
	return 0;
}

static int
read_interaction(struct example_reader *r, const msgpack_object *tree, struct arena *brief,
    struct fault *f)
{
	const struct descriptor *d = &interaction_descriptor;
	uint8_t label[DIMENSIONS];
	struct interaction x;
	struct direction direction;

	if (message_decode(d, tree, brief, &x, f) < 0)
		return -1;
	if (!MESSAGE_HAS(d, &x, intensities))
		return fault_set(f, "no-intensities",
		    "this interaction has no intensities to "
		    "learn from; run it through alignx-map first");
	direction = direction_of_text(&x.intensities, r->dead_zone);
	for (int i = 0; i < DIMENSIONS; i++)
		label[i] = direction.at[i] == DIRECTION_NEUTRAL ? LABEL_NEUTRAL
		    : direction.at[i] == DIRECTION_HIGH         ? LABEL_HIGH
								: LABEL_LOW;
	add(r, &x, label, false, MESSAGE_HAS(d, &x, community) ? &x.community : &x.post);
	return 0;
}

static const msgpack_object *
value_of(const msgpack_object *map, const char *name)
{
	const size_t len = strlen(name);

	for (uint32_t i = 0; map->type == MSGPACK_OBJECT_MAP && i < map->via.map.size; i++) {
		const msgpack_object *key = &map->via.map.ptr[i].key;

		if (key->type == MSGPACK_OBJECT_STR && key->via.str.size == len
		    && memcmp(key->via.str.ptr, name, len) == 0)
			return &map->via.map.ptr[i].val;
	}
	return NULL;
}

static struct text
text_of(const msgpack_object *o)
{
	return o != NULL && o->type == MSGPACK_OBJECT_STR
	    ? (struct text){ o->via.str.ptr, o->via.str.size }
	    : (struct text){ 0 };
}

static int
read_key_label(const msgpack_object_kv *kv, uint8_t label[DIMENSIONS], struct fault *f)
{
	const struct text key = text_of(&kv->key);
	int d = key.ptr != NULL ? dimension_find(key.ptr, key.len) : -1;
	int64_t value = kv->val.type == MSGPACK_OBJECT_POSITIVE_INTEGER ? (int64_t)kv->val.via.u64
	    : kv->val.type == MSGPACK_OBJECT_NEGATIVE_INTEGER           ? kv->val.via.i64
									: 0;

	if (d < 0)
		return fault_set(f, "no-dimension",
		    "unknown key '%.*s' in labels; the keys are those of dimensions.tsv",
		    (int)(key.len < 40 ? key.len : 40), key.ptr != NULL ? key.ptr : "");
	if (value < -2 || value > 2 || value == 0)
		return fault_set(f, "no-label", "the label of %.*s must be 2, 1, -1 or -2",
		    (int)key.len, key.ptr);
	label[d] = value > 0 ? LABEL_HIGH : LABEL_LOW;
	return 0;
}

/* A text that was read already would be in two folds. */
static bool
is_repeated(struct example_reader *r, const struct text *text)
{
	uint64_t hash = XXH3_64bits(text->ptr, text->len);
	struct hash_probe p = hash_index_probe(&r->seen, hash);

	while (hash_probe_next(&p))
		if (r->seen_hash[p.number] == hash)
			return true;
	r->seen_hash = arena_grow_array(r->seen_hash, r->seen_len, &r->seen_capacity, sizeof(hash));
	r->seen_hash[r->seen_len] = hash;
	hash_index_add(&r->seen, hash, r->seen_len++);
	return false;
}

static int
read_labels(struct example_reader *r, const msgpack_object *tree, const msgpack_object *labels,
    struct fault *f)
{
	struct text text = text_of(value_of(tree, "text"));
	struct text group = text_of(value_of(tree, "group"));
	uint8_t label[DIMENSIONS];

	if (text.len == 0 || labels->type != MSGPACK_OBJECT_MAP)
		return fault_set(f, "no-text",
		    "labels need a text: {\"text\": ..., \"labels\": {KEY: VALUE}}");
	memset(label, LABEL_NEUTRAL, sizeof(label));
	for (uint32_t i = 0; i < labels->via.map.size; i++)
		if (read_key_label(&labels->via.map.ptr[i], label, f) < 0)
			return -1;
	if (is_repeated(r, &text))
		return fault_set(f, "doubled-text", "this text has been read already");
	if (group.len == 0)
		group = text_of(value_of(tree, "community"));
	add_text(r, &text, label, true, group.len > 0 ? &group : NULL);
	return 0;
}

static int
read_message(struct example_reader *r, const struct reader_item *item, struct arena *brief,
    struct fault *f)
{
	const struct descriptor *d;
	const msgpack_object *labels;
	msgpack_object tree;

	if (parse_tree(r->parse, item, brief, &tree, f) < 0)
		return -1;
	if ((labels = value_of(&tree, "labels")) != NULL && value_of(&tree, "kind") == NULL)
		return read_labels(r, &tree, labels, f);
	if ((d = message_descriptor_of(&tree, f)) == NULL)
		return -1;
	if (d == &interaction_descriptor)
		return read_interaction(r, &tree, brief, f);
	if (d == &record_descriptor || d == &benchmark_descriptor)
		return read_record(r, d, &tree, brief, f);
	return fault_set(f, "wrong-kind", "expected a record or an interaction, found %s", d->name);
}

int
read_examples_item(struct example_reader *r, const struct reader_item *item, struct arena *brief,
    struct fault *f)
{
	int rc;

	if (item->form == READER_LINES && item->len > 0 && strchr("{[", item->data[0]) == NULL)
		return read_table(r, item, f);
	if ((rc = read_message(r, item, brief, f)) == -1)
		parse_locate(item, f);
	return rc;
}

void
read_examples_release(struct example_reader *r)
{
	parse_free(r->parse);
	model_features_release(&r->features);
	hash_index_release(&r->seen);
	free(r->seen_hash);
	text_cleaner_release(&r->cleaner);
}
