#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/arena.h"
#include "lib/io/source_codec.h"
#include "lib/io/source_decompress.h"

enum { RAW_MAX = 256 * 1024 };

struct source_decompress {
	int window_log;
	source_pull_fn *pull;
	void *from;
	const struct source_codec *codec; /* NULL: the bytes are plain */
	void *state;
	bool in_frame, raw_ended, is_broken;
	uint8_t *raw_at; /* within raw */
	size_t raw_len;
	size_t ahead_at, ahead_len;      /* plain bytes that were peeked */
	uint64_t plain;                  /* bytes decoded so far */
	uint64_t pulled, good;           /* raw bytes; those before the last that were decoded */
	struct fault broken, raw_broken; /* reported after the bytes before */
	uint8_t ahead[SOURCE_DECOMPRESS_PEEK];
	uint8_t raw[RAW_MAX];
};

struct source_decompress *
source_decompress_new(int window_log)
{
	struct source_decompress *u = malloc(sizeof(*u));

	if (u == NULL)
		arena_out_of_memory();
	u->codec = NULL;
	u->window_log = window_log;
	return u;
}

static void
drop_codec(struct source_decompress *u)
{
	if (u->codec != NULL)
		u->codec->close(u->state);
	u->codec = NULL;
}

void
source_decompress_free(struct source_decompress *u)
{
	if (u == NULL)
		return;
	drop_codec(u);
	free(u);
}

/* Reads raw bytes after those that are left. */
static void
refill(struct source_decompress *u)
{
	memmove(u->raw, u->raw_at, u->raw_len);
	u->raw_at = u->raw;
	ssize_t n = u->pull(u->from, u->raw + u->raw_len, RAW_MAX - u->raw_len, &u->raw_broken);

	if (n > 0) {
		u->raw_len += (size_t)n;
		u->pulled += (uint64_t)n;
	} else
		u->raw_ended = true;
}

static void
fill_head(struct source_decompress *u)
{
	while (u->raw_len < SOURCE_HEAD && !u->raw_ended)
		refill(u);
}

int
source_decompress_begin(struct source_decompress *u, source_pull_fn *pull, void *from,
    struct fault *f)
{
	static const struct source_codec *const known[] = { &source_zstd, &source_gzip,
		&source_bzip2, &source_xz, &source_zst_blocks };

	drop_codec(u);
	u->pull = pull;
	u->from = from;
	u->in_frame = u->is_broken = false;
	u->plain = u->pulled = u->good = 0;
	u->broken = u->raw_broken = FAULT_NONE;
	source_decompress_forget(u);
	fill_head(u);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i]->has_magic(u->raw_at, u->raw_len)) {
			u->codec = known[i];
			u->state = u->codec->open(u->window_log);
			u->in_frame = true;
			return u->codec->begin(u->state, u->raw_at, u->raw_len, f);
		}
	return 0;
}

bool
source_decompress_is_plain(const struct source_decompress *u)
{
	return u->codec == NULL;
}

uint64_t
source_decompress_good(const struct source_decompress *u)
{
	return u->good;
}

size_t
source_decompress_unread(const struct source_decompress *u)
{
	return u->raw_len + (u->codec == NULL ? u->ahead_len : 0);
}

void
source_decompress_forget(struct source_decompress *u)
{
	u->raw_at = u->raw;
	u->raw_len = u->ahead_at = u->ahead_len = 0;
	u->raw_ended = false;
}

static bool
skip_padding(struct source_decompress *u)
{
	bool is_padding = false;

	while (u->raw_len > 0 && *u->raw_at == 0) {
		is_padding = true;
		u->raw_at++;
		u->raw_len--;
	}
	return is_padding;
}

/* No raw bytes are left: 0 at their end, -2 if they are broken. */
static int
end_of_raw(const struct source_decompress *u, struct fault *f)
{
	if (u->raw_broken.text[0] == '\0')
		return 0;
	*f = u->raw_broken;
	return -2;
}

/* After a frame: 1 another begins, 0 the stream ends, -2. */
static int
next_frame(struct source_decompress *u, struct fault *f)
{
	do {
		fill_head(u); /* a frame of zst_blocks may begin with a zero */
	} while (!u->codec->has_magic(u->raw_at, u->raw_len) && skip_padding(u));
	if (u->raw_len == 0)
		return end_of_raw(u, f);
	if (!u->codec->has_magic(u->raw_at, u->raw_len))
		return fault_stop(f,
		    "after %" PRIu64 " bytes the %s data end "
		    "and something else follows",
		    u->plain, u->codec->name);
	u->in_frame = true;
	return u->codec->begin(u->state, u->raw_at, u->raw_len, f) < 0 ? -2 : 1;
}

/* The decoder made no progress, so it gets more input: 1, or -2. */
static int
feed(struct source_decompress *u, struct fault *f)
{
	if (u->raw_len == RAW_MAX)
		return fault_stop(f,
		    "broken %s data after %" PRIu64 " bytes: "
		    "the decoder does not advance",
		    u->codec->name, u->plain);
	if (!u->raw_ended) {
		refill(u);
		return 1;
	}
	if (end_of_raw(u, f) < 0)
		return -2;
	return fault_stop(f,
	    "truncated: the %s data stop in the middle, after "
	    "%" PRIu64 " bytes",
	    u->codec->name, u->plain);
}

/* One step: 1 to go on, 0 the stream ends, -2 it is broken. */
static int
decode_some(struct source_decompress *u, struct source_step *s, struct fault *f)
{
	const char *why = "";
	uint8_t *out = s->out;
	int rc;

	if (!u->in_frame && (rc = next_frame(u, f)) <= 0)
		return rc;
	s->in = u->raw_at;
	s->in_len = u->raw_len;
	enum source_status how = u->codec->step(u->state, s, &why);
	bool is_stuck = s->out == out && s->in == u->raw_at;

	u->raw_at = s->in;
	u->raw_len = s->in_len;
	u->plain += (uint64_t)(s->out - out);
	if (s->out > out || how == SOURCE_FRAME_END)
		u->good = u->pulled - u->raw_len;
	u->in_frame = how == SOURCE_CONTINUES;
	if (how == SOURCE_CORRUPT)
		return fault_stop(f, "broken %s data after %" PRIu64 " bytes: %s", u->codec->name,
		    u->plain, why);
	return how == SOURCE_CONTINUES && is_stuck ? feed(u, f) : 1;
}

/* What was decoded before a break is returned before it is reported. */
static ssize_t
decode(struct source_decompress *u, void *into, size_t cap)
{
	struct source_step s = { .out = into, .out_len = cap };
	int rc = 1;

	while (rc == 1 && s.out_len == cap)
		rc = decode_some(u, &s, &u->broken);
	u->is_broken = rc < 0;
	return s.out_len < cap ? (ssize_t)(cap - s.out_len) : rc;
}

static ssize_t
pass_on(struct source_decompress *u, void *into, size_t cap)
{
	ssize_t n;

	if (u->raw_len == 0) {
		n = u->raw_ended ? end_of_raw(u, &u->broken)
				 : u->pull(u->from, into, cap, &u->broken);
		u->is_broken = n < 0;
		u->raw_ended = n <= 0;
		return n;
	}
	if (cap > u->raw_len)
		cap = u->raw_len;
	memcpy(into, u->raw_at, cap);
	u->raw_at += cap;
	u->raw_len -= cap;
	return (ssize_t)cap;
}

static ssize_t
produce(struct source_decompress *u, void *into, size_t cap)
{
	if (u->is_broken)
		return -2;
	return u->codec != NULL ? decode(u, into, cap) : pass_on(u, into, cap);
}

ssize_t
source_decompress_peek(struct source_decompress *u, const uint8_t **head, struct fault *f)
{
	ssize_t n = 1;

	while (u->ahead_len < SOURCE_DECOMPRESS_PEEK && n > 0) {
		n = produce(u, u->ahead + u->ahead_len, SOURCE_DECOMPRESS_PEEK - u->ahead_len);
		if (n > 0)
			u->ahead_len += (size_t)n;
	}
	*head = u->ahead;
	if (u->ahead_len == 0 && n < 0)
		*f = u->broken;
	return u->ahead_len > 0 ? (ssize_t)u->ahead_len : n;
}

ssize_t
source_decompress_read(struct source_decompress *u, void *into, size_t cap, struct fault *f)
{
	ssize_t n;

	if (u->ahead_len == 0) {
		if ((n = produce(u, into, cap)) < 0)
			*f = u->broken;
		return n;
	}
	if (cap > u->ahead_len)
		cap = u->ahead_len;
	memcpy(into, u->ahead + u->ahead_at, cap);
	u->ahead_at += cap;
	u->ahead_len -= cap;
	return (ssize_t)cap;
}
