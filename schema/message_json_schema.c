/* message_json_schema.c - a descriptor as a JSON Schema document (2020-12). */

#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "lib/json/json_write.h"
#include "schema/dimension.h"
#include "schema/message.h"

static void
line(struct buf *b, int depth, const char *text)
{
	for (int i = 0; i < depth; i++)
		buf_add_byte(b, '\t');
	buf_add_str(b, text);
	buf_add_byte(b, '\n');
}

static void
put_meaning(struct buf *b, const char *meaning)
{
	buf_add_str(b, "\"description\": ");
	json_write_text(b, meaning, strlen(meaning));
}

static void
put_enum(struct buf *b, const char *const *values)
{
	buf_add_str(b, "\"enum\": [");
	for (int i = 0; values[i] != NULL; i++)
		buf_printf(b, "%s\"%s\"", i > 0 ? ", " : "", values[i]);
	buf_add_str(b, "]");
}

static void
put_bounds(struct buf *b, const struct field *field, const char *low, const char *high)
{
	buf_printf(b, ", \"%s\": %" PRId64 ", \"%s\": %" PRId64, low, field->low, high,
	    field->high);
}

/* An array of a value for each dimension. */
static void
put_dimensions(struct buf *b, const struct field *field)
{
	buf_printf(b, "\"type\": \"array\", \"minItems\": %d, \"maxItems\": %d, \"items\": {",
	    DIMENSIONS, DIMENSIONS);
	if (field->type == FIELD_DIRECTION) {
		buf_add_str(b, "\"enum\": [0, 0.5, 1]}");
		return;
	}
	buf_add_str(b, "\"type\": \"integer\"");
	put_bounds(b, field, "minimum", "maximum");
	buf_add_byte(b, '}');
}

static void
put_type(struct buf *b, const struct descriptor *d, const struct field *field)
{
	switch (field->type) {
	case FIELD_KIND:
		buf_printf(b, "\"const\": \"%s\"", d->name);
		break;
	case FIELD_VERSION:
		buf_printf(b, "\"const\": %d", d->version);
		break;
	case FIELD_ENUM:
		put_enum(b, field->values);
		break;
	case FIELD_BOOL:
		buf_add_str(b, "\"type\": \"boolean\"");
		break;
	case FIELD_MAP:
		buf_printf(b, "\"$ref\": \"#/$defs/%s\"", field->of->name);
		break;
	case FIELD_TEXT:
		buf_add_str(b, "\"type\": \"string\"");
		put_bounds(b, field, "minLength", "maxLength");
		break;
	case FIELD_INT:
	case FIELD_REAL:
		buf_printf(b, "\"type\": \"%s\"", field->type == FIELD_INT ? "integer" : "number");
		put_bounds(b, field, "minimum", "maximum");
		break;
	case FIELD_DIRECTION:
	case FIELD_PERCENT:
		put_dimensions(b, field);
		break;
	case FIELD_LIST:
		buf_printf(b,
		    "\"type\": \"array\", \"items\": "
		    "{\"$ref\": \"#/$defs/%s\"}",
		    field->of->name);
		put_bounds(b, field, "minItems", "maxItems");
		break;
	}
}

/* The members of an object schema, without its braces. */
static void
put_object(struct buf *b, const struct descriptor *d, int depth)
{
	const char *comma = "";

	for (int i = 0; i < depth; i++)
		buf_add_byte(b, '\t');
	put_meaning(b, d->meaning);
	buf_add_str(b, ",\n");
	line(b, depth, "\"type\": \"object\",");
	line(b, depth, "\"properties\": {");
	for (const struct field *field = d->field; field->name != NULL; field++) {
		for (int i = 0; i <= depth; i++)
			buf_add_byte(b, '\t');
		buf_printf(b, "\"%s\": {", field->name);
		put_type(b, d, field);
		buf_add_str(b, ", ");
		put_meaning(b, field->meaning);
		buf_printf(b, "}%s\n", field[1].name != NULL ? "," : "");
	}
	line(b, depth, "},");
	for (int i = 0; i < depth; i++)
		buf_add_byte(b, '\t');
	buf_add_str(b, "\"required\": [");
	for (const struct field *field = d->field; field->name != NULL; field++)
		if (field->is_required) {
			buf_printf(b, "%s\"%s\"", comma, field->name);
			comma = ", ";
		}
	buf_add_str(b, "]");
}

enum { DEFS_MAX = 16 };

/* The descriptors that a descriptor refers to, each once, nearest first. */
static size_t
collect_parts(const struct descriptor *d, const struct descriptor **defs, size_t n)
{
	for (const struct field *field = d->field; field->name != NULL; field++) {
		bool is_known = field->of == NULL;

		for (size_t i = 0; i < n; i++)
			is_known |= defs[i] == field->of;
		if (is_known || n == DEFS_MAX)
			continue;
		defs[n++] = field->of;
		n = collect_parts(field->of, defs, n);
	}
	return n;
}

void
message_json_schema(const struct descriptor *d, struct buf *b)
{
	const struct descriptor *defs[DEFS_MAX];
	size_t n = collect_parts(d, defs, 0);

	line(b, 0, "{");
	line(b, 1, "\"$schema\": \"https://json-schema.org/draft/2020-12/schema\",");
	buf_printf(b, "\t\"$id\": \"urn:alignx:%s:%d\",\n\t\"title\": \"%s\",\n", d->name,
	    d->version, d->name);
	put_object(b, d, 1);
	if (n > 0)
		buf_add_str(b, ",\n\t\"$defs\": {\n");
	for (size_t i = 0; i < n; i++) {
		buf_printf(b, "\t\t\"%s\": {\n", defs[i]->name);
		put_object(b, defs[i], 3);
		buf_printf(b, "\n\t\t}%s\n", i + 1 < n ? "," : "");
	}
	buf_add_str(b, n > 0 ? "\t}\n}\n" : "\n}\n");
}
