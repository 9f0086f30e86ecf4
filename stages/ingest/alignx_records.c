/* alignx_records.c - published AlignX data: records, test sets, P-Soups.
 *
 * A row with all seven fields of the release is a record, any other a row of a benchmark.
 * Texts and unknown fields are unchanged; the kind and a provenance with the place of each
 * text are added. */

#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <xxhash.h>

#include "stages/ingest/ingest.h"

enum { POINTER_MAX = 64 };

/* The bits of kind and version, the first two fields of each descriptor, which the release does
 * not have. */
enum { KIND_AND_VERSION = 3 };

static bool
has_all_seven(const msgpack_object *row)
{
	static const char *const names[] = { "prompt", "chosen", "rejected", "Preference Direction",
		"Demographic Information", "User-Generated Content",
		"Pair-wise Comparative Feedback" };
	size_t seen = 0;

	if (row->type != MSGPACK_OBJECT_MAP)
		return false;
	for (uint32_t i = 0; i < row->via.map.size; i++) {
		const msgpack_object *key = &row->via.map.ptr[i].key;

		for (size_t k = 0; k < 7; k++)
			seen += key->type == MSGPACK_OBJECT_STR
			    && text_is(&(struct text){ key->via.str.ptr, key->via.str.size },
				names[k]);
	}
	return seen >= 7;
}

/* "p-soups:" and a hash, in the arena. */
static struct text
make_id(struct ingest *g, const void *data, size_t len)
{
	char id[INGEST_ID_MAX];
	XXH128_hash_t h = XXH3_128bits(data, len);
	int n = snprintf(id, sizeof(id), "%s%016" PRIx64 "%016" PRIx64, g->source->prefix, h.high64,
	    h.low64);

	return (struct text){ arena_strndup(g->ctx->record_arena, id, (size_t)n), (size_t)n };
}

/* Adds the origin of a text that is not empty. */
static void
add_origin(struct ingest *g, struct list *to, const struct text *text, const char *list, size_t i,
    const char *name)
{
	struct origin *o = (struct origin *)to->item + to->len;
	char pointer[POINTER_MAX];
	int n;

	if (text->len == 0)
		return;
	if (list != NULL)
		n = snprintf(pointer, sizeof(pointer), "/%s/%zu/%s", list, i, name);
	else
		n = snprintf(pointer, sizeof(pointer), "/%s", name);
	o->pointer = (struct text){ arena_strndup(g->ctx->record_arena, pointer, (size_t)n),
		(size_t)n };
	o->id = make_id(g, text->ptr, text->len);
	o->place = g->place;
	to->len++;
}

static void
add_origins(struct ingest *g, const struct record *r, struct list *to)
{
	const struct ugc *ugc = r->ugc.item;
	const struct feedback *pair = r->feedback.item;
	const char *const list = "Pair-wise Comparative Feedback";

	to->item = arena_alloc(g->ctx->record_arena,
	    (4 + 2 * r->ugc.len + 3 * r->feedback.len) * sizeof(struct origin));
	add_origin(g, to, &r->prompt, NULL, 0, "prompt");
	add_origin(g, to, &r->chosen, NULL, 0, "chosen");
	add_origin(g, to, &r->rejected, NULL, 0, "rejected");
	add_origin(g, to, &r->demographic, NULL, 0, "Demographic Information");
	for (size_t i = 0; i < r->ugc.len; i++) {
		const char *const ugcs = "User-Generated Content";

		add_origin(g, to, &ugc[i].prompt, ugcs, i, "prompt");
		add_origin(g, to, &ugc[i].comment, ugcs, i, "comment");
	}
	for (size_t i = 0; i < r->feedback.len; i++) {
		add_origin(g, to, &pair[i].prompt, list, i, "prompt");
		add_origin(g, to, &pair[i].chosen, list, i, "chosen");
		add_origin(g, to, &pair[i].rejected, list, i, "rejected");
	}
}

int
ingest_alignx(struct ingest *g, struct fault *f)
{
	const struct reader_item *item = &g->ctx->item;
	const struct descriptor *d;
	struct record r = { 0 };
	msgpack_object row;

	if (parse_tree(g->parse, item, g->ctx->record_arena, &row, f) < 0)
		return -1;
	d = has_all_seven(&row) ? &record_descriptor : &benchmark_descriptor;
	if (message_decode(d, &row, g->ctx->record_arena, &r, f) < 0)
		return -1;
	r.message.present |= KIND_AND_VERSION;
	if (!MESSAGE_HAS(d, &r, provenance)) {
		r.provenance.id = make_id(g, item->data, item->len);
		r.provenance.source = (int)g->source->is;
		add_origins(g, &r, &r.provenance.texts);
		MESSAGE_SET(d, &r, provenance);
	}
	if (authors_has_forgotten(g->authors, &r.provenance.id))
		return ingest_drop(g, DROP_FORGOTTEN);
	message_encode(d, &r, g->ctx->out);
	g->texts[DROP_NONE]++;
	return 1;
}
