#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/cli/report.h"
#include "lib/core/utf8.h"
#include "lib/json/json_write.h"

enum { SHARE_FROM = 1000 }; /* records before a percentage is judged, except at the end */

static int
read_max_bad(struct report *r, struct fault *f)
{
	char *end;

	r->bad_limit = -1;
	r->bad_share = 2;
	if (r->max_bad == NULL)
		return 0;
	double x = strtod(r->max_bad, &end);
	if (end == r->max_bad || !(x >= 0))
		return fault_stop(f,
		    "--max-bad wants a number or a percentage "
		    "such as 1%%, not '%s'",
		    r->max_bad);
	if (strcmp(end, "%") == 0 && x <= 100)
		r->bad_share = x / 100;
	else if (*end == '\0' && x < 1e15)
		r->bad_limit = (int64_t)x;
	else
		return fault_stop(f,
		    "--max-bad wants a number or a percentage "
		    "such as 1%%, not '%s'",
		    r->max_bad);
	return 0;
}

int
report_begin(struct report *r, struct fault *f)
{
	if (read_max_bad(r, f) < 0)
		return -2;
	if (r->quarantine != NULL && (r->kept = sink_open(r->quarantine, f)) == NULL)
		return -2;
	return 0;
}

static uint64_t
place_of(const struct reader_item *item, const struct fault *f)
{
	return item->offset + (f->at > 0 ? (uint64_t)f->at : 0);
}

/* One JSON line: the place, the reason, and the bytes of the record. */
static int
keep(struct report *r, const char *name, const struct reader_item *item, const struct fault *why,
    struct fault *f)
{
	struct buf *b = &r->line;

	buf_clear(b);
	buf_add_str(b, "{\"file\":");
	if (utf8_is_valid(name, strlen(name)))
		json_write_text(b, name, strlen(name));
	else
		buf_add_str(b, "null");
	buf_printf(b, ",\"number\":%" PRIu64 ",\"byte\":%" PRIu64 ",\"code\":\"%s\",\"pointer\":",
	    item->number, place_of(item, why), why->code);
	json_write_text(b, why->pointer, strlen(why->pointer));
	buf_add_str(b, ",\"fault\":");
	json_write_text(b, why->text, strlen(why->text));
	if (item->form != READER_MSGPACK && utf8_is_valid(item->data, item->len)) {
		buf_add_str(b, ",\"text\":");
		json_write_text(b, item->data, item->len);
	} else {
		buf_add_str(b, ",\"base64\":");
		json_write_base64(b, item->data, item->len);
	}
	buf_add_str(b, "}\n");
	return sink_write(r->kept, b->data, b->len, f);
}

static bool
is_too_many(const struct report *r, uint64_t bad, bool is_end)
{
	if (r->bad_limit >= 0 && bad > (uint64_t)r->bad_limit)
		return true;
	return r->taken >= (is_end ? 1 : SHARE_FROM)
	    && (double)bad > r->bad_share * (double)r->taken;
}

static int
stop_for_number(const struct report *r, uint64_t bad, struct fault *f)
{
	return fault_stop(f,
	    "%" PRIu64 " of %" PRIu64 " records refused, more "
	    "than --max-bad %s allows",
	    bad, r->taken, r->max_bad);
}

static void
show(struct report *r, const char *name, const struct reader_item *item, const struct fault *f)
{
	progress_clear(&r->progress);
	fprintf(stderr, "%s: %s:%" PRIu64 ":%" PRIu64 ": %s%s%s\n", r->program, name, item->number,
	    place_of(item, f), f->pointer, f->pointer[0] != '\0' ? ": " : "", f->text);
}

/* Messages must be UTF-8 even where a name in them is not. */
static struct fault
valid_utf8(const struct fault *f)
{
	struct fault g = *f;

	utf8_replace_invalid(g.text);
	utf8_replace_invalid(g.pointer);
	return g;
}

void
report_note(struct report *r, const char *name, const struct reader_item *item,
    const struct fault *f)
{
	struct fault g = valid_utf8(f);

	if (!r->is_quiet)
		show(r, name, item, &g);
}

int
report_refused(struct report *r, const char *name, const struct reader_item *item, struct fault *f)
{
	struct fault why = valid_utf8(f);
	uint64_t n = counters_add(&r->refused, why.code, 1), bad;

	fault_clear(f);
	if (!r->is_quiet && (n <= REPORT_SHOWN || r->is_full))
		show(r, name, item, &why);
	if (r->kept != NULL && keep(r, name, item, &why, f) < 0)
		return -2;
	if (r->is_strict)
		return fault_stop(f,
		    "stopped at the first refused record "
		    "(--strict)");
	bad = counters_total(&r->refused);
	return is_too_many(r, bad, false) ? stop_for_number(r, bad, f) : 0;
}

void
report_say(struct report *r, const struct fault *f)
{
	progress_clear(&r->progress);
	fprintf(stderr, "%s: %s\n", r->program, f->text);
}

void
report_say_fault(void *report, const struct fault *f)
{
	report_say(report, f);
}

int
report_end(struct report *r, struct fault *f)
{
	uint64_t bad = counters_total(&r->refused);

	progress_clear(&r->progress);
	for (size_t i = 0; i < r->refused.len && !r->is_quiet && !r->is_full; i++)
		if (r->refused.item[i].n > REPORT_SHOWN)
			fprintf(stderr,
			    "%s: %s: %" PRIu64 " records refused, "
			    "the first %d are shown\n",
			    r->program, r->refused.item[i].name, r->refused.item[i].n,
			    REPORT_SHOWN);
	buf_release(&r->line);
	if (r->kept != NULL) {
		struct sink *s = r->kept;

		r->kept = NULL;
		if (sink_close(s, f) < 0)
			return -2;
	}
	return is_too_many(r, bad, true) ? stop_for_number(r, bad, f) : 0;
}

static void
put_size(struct buf *line, uint64_t bytes)
{
	if (bytes < 1000)
		buf_printf(line, ", %" PRIu64 " bytes written", bytes);
	else if (bytes < 1000000)
		buf_printf(line, ", %.1f kB written", (double)bytes / 1e3);
	else
		buf_printf(line, ", %.1f MB written", (double)bytes / 1e6);
}

/* Was anything left out? */
static bool
has_losses(const struct report *r, const struct counters *counts)
{
	if (counters_total(&r->refused) > 0)
		return true;
	for (size_t i = 0; i < counts->len; i++)
		if (strncmp(counts->item[i].name, "dropped", strlen("dropped")) == 0
		    && counts->item[i].n > 0)
			return true;
	return false;
}

static bool
is_worth_a_line(const struct report *r, bool is_empty, const struct counters *counts)
{
	if (r->taken == 0)
		return false;
	if (is_empty)
		return true;
	if (r->is_quiet || r->progress.when == PROGRESS_NEVER)
		return false;
	return r->progress.when == PROGRESS_ALWAYS || isatty(STDERR_FILENO)
	    || has_losses(r, counts);
}

void
report_sum_up(const struct report *r, uint64_t written, bool has_result,
    const struct counters *counts)
{
	uint64_t bad = counters_total(&r->refused);
	bool is_empty = written == 0 && !has_result && bad < r->taken;
	struct buf line = { 0 };
	const char *before = ":";

	if (!is_worth_a_line(r, is_empty, counts))
		return;
	buf_printf(&line, "%s: %" PRIu64 " record%s read, %" PRIu64 " refused", r->program,
	    r->taken, r->taken == 1 ? "" : "s", bad);
	if (written > 0)
		put_size(&line, written);
	if (!is_empty)
		buf_printf(&line, ", %.1f s", progress_seconds(&r->progress));
	else
		buf_add_str(&line, ", nothing written");
	for (size_t i = 0; i < counts->len; i++)
		if (counts->item[i].group == NULL && counts->item[i].n > 0) {
			buf_printf(&line, "%s %s %" PRIu64, before, counts->item[i].name,
			    counts->item[i].n);
			before = ",";
		}
	buf_add_byte(&line, '\n');
	/* in one write: programs of a pipeline share standard error */
	fwrite(line.data, 1, line.len, stderr);
	buf_release(&line);
}
