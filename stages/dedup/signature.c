#include "config.h"

#include <string.h>
#include <xxhash.h>

#include "lib/msgpack/msgpack.h"
#include "lib/msgpack/msgpack_token.h"
#include "stages/dedup/signature.h"

/* The layout of a signature: this, then its bands. */
struct packed {
	char mark[6];
	unsigned char group, bands;
	uint64_t hash[2], id, user, thread;
	int64_t created;
};

static const char field[] = "signature";
static const char mark[6] = { 'a', 'l', 'x', 's', 'g', '1' };

void
signature_write(const struct dedup_signature *s, struct buf *b)
{
	struct packed p = { .group = s->record.group,
		.bands = (unsigned char)s->bands,
		.hash = { s->record.hash[0], s->record.hash[1] },
		.id = s->record.id,
		.user = s->record.user,
		.thread = s->record.thread,
		.created = s->record.created };
	char bytes[sizeof(p) + sizeof(s->band)];
	const size_t bands = s->bands * sizeof(s->band[0]);

	memcpy(p.mark, mark, sizeof(mark));
	memcpy(bytes, &p, sizeof(p));
	memcpy(bytes + sizeof(p), s->band, bands);
	msgpack_write_map(b, 1);
	msgpack_write_text(b, field, strlen(field));
	msgpack_write_bin(b, bytes, sizeof(p) + bands);
}

static const char *
find_bytes(const void *data, size_t len, size_t *n)
{
	const void *value;
	struct msgpack_token t;
	size_t value_len;

	if (!msgpack_find(data, len, field, &value, &value_len)
	    || !msgpack_token_read(value, value_len, &t) || t.kind != MSGPACK_TOKEN_BYTES)
		return NULL;
	*n = (size_t)t.body_len;
	return (const char *)value + t.head_len;
}

int
signature_read(const void *data, size_t len, struct dedup_signature *s, struct fault *f)
{
	struct packed p = { .bands = 0 };
	size_t n;
	const char *bytes = find_bytes(data, len, &n);

	if (bytes != NULL && n >= sizeof(p))
		memcpy(&p, bytes, sizeof(p));
	if (bytes == NULL || n < sizeof(p) || memcmp(p.mark, mark, sizeof(mark)) != 0
	    || p.bands > MINHASH_BANDS_MAX || n != sizeof(p) + p.bands * sizeof(s->band[0]))
		return fault_set(f, "bad-signature", "this was not written by alignx-dedup --sign");
	s->record = (struct dedup_record){ .hash = { p.hash[0], p.hash[1] },
		.created = p.created,
		.id = p.id,
		.user = p.user,
		.thread = p.thread,
		.group = p.group };
	s->bands = p.bands;
	memcpy(s->band, bytes + sizeof(p), p.bands * sizeof(s->band[0]));
	return 0;
}

uint64_t
signature_key(const struct dedup_record *r)
{
	const uint64_t what[] = { r->id, r->hash[0] };

	return XXH3_64bits(what, sizeof(what));
}
