#include "config.h"

#include <string.h>

#include "lib/io/sink.h"
#include "lib/json/json_write.h"
#include "stages/dedup/near.h"
#include "stages/dedup/one_run.h"
#include "stages/dedup/record_text.h"

enum { RUN = 1 << 20 }; /* bytes written at once */

int
one_run_begin(struct one_run *x, struct fault *f)
{
	x->spool = spool_new(x->limit.memory, x->limit.folder, f);
	return x->spool == NULL ? -2 : 0;
}

int
one_run_add(struct one_run *x, struct stage_ctx *t, struct dedup_record record, struct fault *f)
{
	struct dedup_record *r;

	if (x->len == UINT32_MAX)
		return fault_stop(f,
		    "more than %u records; split them with "
		    "alignx-shard first",
		    UINT32_MAX);
	if (spill_array_reserve(&x->spilled, x->len, sizeof(*r), &x->limit, f) < 0)
		return -2;
	x->records = x->spilled.data;
	r = &x->records[x->len];
	*r = record;
	r->len = (uint32_t)t->item.len;
	if (spool_add(x->spool, t->item.data, t->item.len, &r->offset, f) < 0)
		return -2;
	x->len++;
	return 0;
}

static int
put_id(struct one_run *x, struct dedup_reread *back, const struct dedup_record *r, struct buf *b,
    struct fault *f)
{
	struct dedup_text text;

	if (dedup_text_reread(x->spool, r->offset, r->len, back, &text, f) < 0)
		return -2;
	json_write_text(b, text.id, text.id_len);
	return 0;
}

static int
write_survivors(struct one_run *x, struct fault *f)
{
	struct dedup_reread back = { 0 };
	struct sink *s = sink_open(x->survivors, f);
	struct buf b = { 0 };
	int rc = s != NULL ? 0 : -2;

	for (size_t i = 0; i < x->len && rc == 0; i++) {
		const struct dedup_record *r = &x->records[i];

		if (r->representative == i)
			continue;
		buf_clear(&b);
		buf_add_str(&b, "{\"dropped\":");
		rc = put_id(x, &back, r, &b, f);
		buf_add_str(&b, ",\"survivor\":");
		if (rc == 0)
			rc = put_id(x, &back, &x->records[r->representative], &b, f);
		buf_printf(&b, ",\"exact\":%s}\n",
		    r->hash[0] == x->records[r->representative].hash[0] ? "true" : "false");
		if (rc == 0)
			rc = sink_write(s, b.data, b.len, f);
	}
	buf_release(&b);
	dedup_reread_release(&back);
	if (rc == 0)
		return sink_close(s, f);
	sink_abandon(s);
	return rc;
}

/* Runs of kept records are written straight from the spool's memory. */
static int
write_kept(struct one_run *x, struct stage_ctx *t, struct fault *f)
{
	size_t next;

	for (size_t i = 0; i < x->len; i = next) {
		uint64_t from = x->records[i].offset;
		size_t len = 0;
		const char *view;

		for (next = i; next < x->len && x->records[next].representative == next
		     && (len == 0 || len + x->records[next].len <= RUN);
		     next++)
			len += x->records[next].len;
		counters_add(t->count, "kept", next - i);
		if (next == i) {
			next++;
			continue;
		}
		if ((view = spool_view(x->spool, from, len)) != NULL) {
			if (tool_write(t, view, len, f) < 0)
				return -2;
			continue;
		}
		if (spool_read(x->spool, from, buf_reserve(t->out, len), len, f) < 0)
			return -2;
		t->out->len += len;
		if (tool_flush(t, f) < 0)
			return -2;
	}
	return 0;
}

int
one_run_end(struct one_run *x, struct stage_ctx *t, struct fault *f)
{
	struct dedup_near near = { .sketch = x->sketch,
		.min_jaccard = x->min_jaccard,
		.threads = x->threads,
		.spool = x->spool,
		.limit = x->limit };
	int rc = dedup_exact(x->records, x->len, &x->limit, f);
	const size_t exact = dedup_count_dropped(x->records, x->len);

	counters_add(t->count, "dropped-exact", exact);
	if (rc == 0 && x->sketch != NULL) {
		rc = dedup_near(&near, x->records, x->len, f);
		counters_add(t->count, "too-short-for-near", near.too_short);
	}
	counters_add(t->count, "dropped-near", dedup_count_dropped(x->records, x->len) - exact);
	if (rc == 0 && x->survivors != NULL)
		rc = write_survivors(x, f);
	return rc == 0 ? write_kept(x, t, f) : rc;
}

void
one_run_release(struct one_run *x)
{
	spill_array_release(&x->spilled);
	spool_free(x->spool);
}
