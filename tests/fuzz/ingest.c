/* ingest.c - rows of any data set give interactions or records that are in order, or are
 * refused with a sentence.  The first byte picks the data set. */

#include "config.h"

#include <stdint.h>
#include <string.h>

#include "lib/msgpack/msgpack.h"
#include "stages/ingest/ingest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct ingest g = { .min_chars = 1,
	.max_chars = 1000,
	.aspect = -1,
	.fields = { { "text=/a", "id=/b", "user=/c", "title=/d", "post=/e", "created=/f",
			"score=/g", "community=/h", "parent=/i" },
	    9 } };
static struct arena brief, life;
static struct buf row, out;
static struct stage_ctx ctx;
static msgpack_zone zone;

static void
must(bool good)
{
	if (!good)
		__builtin_trap();
}

static void
begin(void)
{
	static struct authors_options options = { .set = "fuzz" };
	struct fault f = FAULT_NONE;

	g.authors = authors_new(&options, &life, &f);
	must(g.authors != NULL);
	g.no_answer = no_answer_new();
	g.json = json_new();
	g.parse = parse_new();
	g.ctx = &ctx;
	g.place = (struct source_pos){ .file = { "fuzz", 4 }, .line = 1 };
	buf_add(&g.file, "fuzz", 5);
	ctx = (struct stage_ctx){ .record_arena = &brief, .run_arena = &life, .out = &out };
	msgpack_zone_init(&zone, MSGPACK_ZONE_CHUNK_SIZE);
}

static int
read_row(struct fault *f)
{
	struct json_node root;

	if (g.source->item != NULL)
		return g.source->item(&g, f);
	if (json_parse(g.json, row.data, row.len, &root, f) < 0)
		return -1;
	return root.kind == JSON_MAP ? g.source->row(&g, &root, f) : 0;
}

/* Reads back what was written, as the next program will. */
static void
check_output(void)
{
	size_t at = 0;

	while (at < out.len) {
		struct fault f = FAULT_NONE;
		const struct descriptor *d;
		msgpack_object tree;
		int64_t n = msgpack_extent(out.data + at, out.len - at, &f);

		must(n > 0);
		msgpack_zone_clear(&zone);
		must(msgpack_parse(out.data + at, (size_t)n, &zone, &tree, &f) == 0);
		must((d = message_descriptor_of(&tree, &f)) != NULL);
		must(message_decode(d, &tree, &brief, arena_alloc(&brief, d->size), &f) == 0);
		at += (size_t)n;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fault f = FAULT_NONE;
	size_t sources = 0;
	int rc;

	if (g.json == NULL)
		begin();
	if (size == 0)
		return 0;
	while (ingest_sources[sources].name != NULL)
		sources++;
	g.source = &ingest_sources[(uint8_t)(data[0] - 'a') % sources];
	arena_reset(&brief);
	buf_clear(&out);
	buf_clear(&row);
	buf_add(&row, data + 1, size - 1);
	memset(buf_reserve(&row, READER_PADDING), 0, READER_PADDING);
	ctx.item = (struct reader_item){ row.data, row.len, READER_LINES, 0, 1 };
	memset(g.texts, 0, sizeof(g.texts));
	g.last_post.len = 0;
	rc = read_row(&f);
	must(rc != -2 && (rc == -1) == (f.text[0] != '\0'));
	if (rc >= 0)
		check_output();
	return 0;
}
