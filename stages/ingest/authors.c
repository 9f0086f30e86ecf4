#include "config.h"

#include <string.h>
#include <xxhash.h>

#include "lib/core/string_set.h"
#include "lib/text/pseudonym.h"
#include "stages/ingest/authors.h"
#include "stages/ingest/bots.h"

/* 16 MiB in all; an entry is one cache line. */
enum { KNOWN_MAX = 262144, KNOWN_NAME_MAX = 38 };

struct known_author {
	unsigned char len, status;
	char name[KNOWN_NAME_MAX], pseudonym[PSEUDONYM_LEN];
};

struct authors {
	struct authors_options options;
	struct bots *bots;
	struct string_set forgotten;
	struct pseudonym_key key;
	bool has_key;
	struct arena *arena;
	struct known_author *known, other; /* other: for names too long for the table */
};

static int
add_forgotten(void *with, const char *line, size_t len, struct fault *f)
{
	struct authors *p = with;

	(void)f;
	if (len > 3 && strncmp(line, "/u/", 3) == 0)
		line += 3, len -= 3;
	else if (len > 2 && strncmp(line, "u/", 2) == 0)
		line += 2, len -= 2;
	string_set_add(&p->forgotten, p->arena, line, len);
	return 0;
}

static int
get_key(struct authors *p, struct fault *f)
{
	struct buf name = { 0 };
	int rc = 0;

	if (p->options.key != NULL)
		rc = pseudonym_key_read(p->options.key, &p->key, f);
	else if ((rc = pseudonym_key_file(&name, f)) == 0)
		rc = pseudonym_key_read(name.data, &p->key, f);
	buf_release(&name);
	p->has_key = rc == 0;
	return rc;
}

struct authors *
authors_new(const struct authors_options *o, struct arena *a, struct fault *f)
{
	struct authors *p = arena_alloc(a, sizeof(*p));

	p->options = *o;
	p->arena = a;
	p->known = arena_alloc(a, KNOWN_MAX * sizeof(*p->known));
	if (!o->keeps_bots && (p->bots = bots_read(o->bots, a, f)) == NULL)
		return NULL;
	if (o->forget != NULL && string_set_file(o->forget, add_forgotten, p, f) < 0)
		return NULL;
	if (o->key != NULL && get_key(p, f) < 0)
		return NULL;
	return p;
}

void
authors_free(struct authors *p)
{
	if (p == NULL)
		return;
	bots_free(p->bots);
	string_set_release(&p->forgotten);
}

static int
decide(struct authors *p, const struct text *name, struct known_author *k, struct fault *f)
{
	if (name->len == 0 || text_is(name, "[deleted]") || text_is(name, "[removed]"))
		return k->status = AUTHOR_DELETED;
	if (string_set_has(&p->forgotten, name->ptr, name->len))
		return k->status = AUTHOR_FORGOTTEN;
	if (p->bots != NULL && bots_has(p->bots, name->ptr, name->len))
		return k->status = AUTHOR_BOT;
	if (!p->has_key && get_key(p, f) < 0)
		return -2;
	pseudonym_make(&p->key, p->options.set, name->ptr, name->len, k->pseudonym);
	return k->status = AUTHOR_KEPT;
}

static struct known_author *
entry(struct authors *p, const char *name, size_t len)
{
	return &p->known[XXH3_64bits(name, len) % KNOWN_MAX];
}

bool
authors_has_seen(const struct authors *p, const char *name, size_t len)
{
	const struct known_author *k = &p->known[XXH3_64bits(name, len) % KNOWN_MAX];

	return k->len == len && k->status == AUTHOR_KEPT && memcmp(k->name, name, len) == 0;
}

void
authors_prefetch(struct authors *p, const char *name, size_t len)
{
	__builtin_prefetch(entry(p, name, len));
}

int
authors_find(struct authors *p, const struct text *name, struct text *pseudonym, struct fault *f)
{
	struct known_author *k = &p->other;
	bool is_short = name->len > 0 && name->len <= KNOWN_NAME_MAX;
	int status;

	if (is_short)
		k = entry(p, name->ptr, name->len);
	*pseudonym = (struct text){ k->pseudonym, PSEUDONYM_LEN };
	if (is_short && k->len == name->len && memcmp(k->name, name->ptr, name->len) == 0)
		return k->status;
	k->len = 0;
	status = decide(p, name, k, f);
	if (status >= 0 && is_short) {
		memcpy(k->name, name->ptr, name->len);
		k->len = (unsigned char)name->len;
	}
	return status;
}

bool
authors_has_forgotten(const struct authors *p, const struct text *name)
{
	return string_set_has(&p->forgotten, name->ptr, name->len);
}
