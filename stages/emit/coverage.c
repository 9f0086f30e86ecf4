#include "config.h"

#include <inttypes.h>

#include "stages/emit/coverage.h"

void
coverage_add(struct coverage *c, const struct direction *d, const int8_t *evidence)
{
	for (int i = 0; i < DIMENSIONS; i++)
		if (d->at[i] != DIRECTION_NEUTRAL) {
			c->pole[d->at[i] / 2][i]++;
			c->evidence[evidence != NULL ? evidence[i] : EVIDENCE_NONE][i]++;
		}
}

static void
put_evidence(const uint64_t n[DIMENSIONS], struct buf *b)
{
	const char *before = "{";

	for (int i = 0; i < DIMENSIONS; i++)
		if (n[i] > 0) {
			buf_printf(b, "%s\"%s\":%" PRIu64, before, dimension_table[i].key, n[i]);
			before = ",";
		}
	buf_add_str(b, *before == '{' ? "{}" : "}");
}

void
coverage_put_json(const struct coverage *c, struct buf *b)
{
	buf_add_str(b, "\"dimensions\":{");
	for (int i = 0; i < DIMENSIONS; i++)
		buf_printf(b, "%s\"%s\":[%" PRIu64 ",%" PRIu64 "]", i > 0 ? "," : "",
		    dimension_table[i].key, c->pole[0][i], c->pole[1][i]);
	buf_add_str(b, "},\n\"evidence\":{");
	for (int k = 0; k < EVIDENCE_KINDS; k++) {
		buf_printf(b, "%s\"%s\":", k > 0 ? "," : "", evidence_kind_word[k]);
		put_evidence(c->evidence[k], b);
	}
	buf_add_byte(b, '}');
}

static void
add_poles(struct coverage *c, const struct json_node *dimensions)
{
	struct json_walk w;
	struct json_node name, value;

	json_walk_begin(&w, dimensions);
	while (json_walk_next(&w, &name, &value)) {
		int i = dimension_find(name.text.ptr, name.text.len);
		struct json_node low = json_at(&value, "/0");
		struct json_node high = json_at(&value, "/1");

		if (i < 0 || low.kind != JSON_INT || high.kind != JSON_INT)
			continue;
		c->pole[0][i] += (uint64_t)low.integer;
		c->pole[1][i] += (uint64_t)high.integer;
	}
}

static void
add_evidence(uint64_t n[DIMENSIONS], const struct json_node *dimensions)
{
	struct json_walk w;
	struct json_node name, value;

	json_walk_begin(&w, dimensions);
	while (json_walk_next(&w, &name, &value)) {
		int i = dimension_find(name.text.ptr, name.text.len);

		if (i >= 0 && value.kind == JSON_INT)
			n[i] += (uint64_t)value.integer;
	}
}

void
coverage_add_json(struct coverage *c, const struct json_node *dimensions,
    const struct json_node *evidence)
{
	struct json_walk w;
	struct json_node name, value;

	add_poles(c, dimensions);
	json_walk_begin(&w, evidence);
	while (json_walk_next(&w, &name, &value)) {
		int k = evidence_kind_find(name.text.ptr, name.text.len);

		if (k >= 0 && value.kind == JSON_MAP)
			add_evidence(c->evidence[k], &value);
	}
}
