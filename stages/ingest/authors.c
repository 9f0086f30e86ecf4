#include "config.h"

#include <string.h>
#include <xxhash.h>

#include "lib/core/string_set.h"
#include "lib/text/pseudonym.h"
#include "stages/ingest/bots.h"
#include "stages/ingest/authors.h"

/* Together 16 MiB; each entry is one line of the processor's cache. */
enum { KNOWN = 262144, KNOWN_NAME_MAX = 38 };

struct known {
	unsigned char len, person;
	char name[KNOWN_NAME_MAX], pseudonym[PSEUDONYM_LEN];
};

struct ingest_people {
	struct ingest_people_options options;
	struct ingest_bots *bots;
	struct nameset forgotten;
	struct pseudonym_key key;
	bool has_key;
	struct arena *arena;
	struct known *known, other;	/* other: names too long for the table */
};

static int
add_forgotten(void *with, const char *line, size_t len, struct fault *f)
{
	struct ingest_people *p = with;

	(void)f;
	if (len > 3 && strncmp(line, "/u/", 3) == 0)
		line += 3, len -= 3;
	else if (len > 2 && strncmp(line, "u/", 2) == 0)
		line += 2, len -= 2;
	nameset_add(&p->forgotten, p->arena, line, len);
	return 0;
}

static int
get_key(struct ingest_people *p, struct fault *f)
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

struct ingest_people *
ingest_people_new(const struct ingest_people_options *o, struct arena *a,
    struct fault *f)
{
	struct ingest_people *p = arena_get(a, sizeof(*p));

	p->options = *o;
	p->arena = a;
	p->known = arena_get(a, KNOWN * sizeof(*p->known));
	if (!o->keeps_bots
	    && (p->bots = ingest_bots_read(o->bots, a, f)) == NULL)
		return NULL;
	if (o->forget != NULL
	    && nameset_file(o->forget, add_forgotten, p, f) < 0)
		return NULL;
	if (o->key != NULL && get_key(p, f) < 0)
		return NULL;
	return p;
}

static bool
is(const struct text *name, const char *word)
{
	return name->len == strlen(word) && memcmp(name->ptr, word, name->len) == 0;
}

static int
judge(struct ingest_people *p, const struct text *name, struct known *k,
    struct fault *f)
{
	if (name->len == 0 || is(name, "[deleted]") || is(name, "[removed]"))
		return k->person = PERSON_DELETED;
	if (nameset_has(&p->forgotten, name->ptr, name->len))
		return k->person = PERSON_FORGOTTEN;
	if (p->bots != NULL && ingest_bots_has(p->bots, name->ptr, name->len))
		return k->person = PERSON_BOT;
	if (!p->has_key && get_key(p, f) < 0)
		return -2;
	pseudonym_make(&p->key, p->options.set, name->ptr, name->len,
	    k->pseudonym);
	return k->person = PERSON_KEPT;
}

static struct known *
entry(struct ingest_people *p, const char *name, size_t len)
{
	return &p->known[XXH3_64bits(name, len) % KNOWN];
}

void
ingest_people_expect(struct ingest_people *p, const char *name, size_t len)
{
	__builtin_prefetch(entry(p, name, len));
}

int
ingest_people_ask(struct ingest_people *p, const struct text *name,
    struct text *pseudonym, struct fault *f)
{
	struct known *k = &p->other;
	bool is_short = name->len > 0 && name->len <= KNOWN_NAME_MAX;
	int person;

	if (is_short)
		k = entry(p, name->ptr, name->len);
	*pseudonym = (struct text){ k->pseudonym, PSEUDONYM_LEN };
	if (is_short && k->len == name->len
	    && memcmp(k->name, name->ptr, name->len) == 0)
		return k->person;
	k->len = 0;
	person = judge(p, name, k, f);
	if (person >= 0 && is_short) {
		memcpy(k->name, name->ptr, name->len);
		k->len = (unsigned char)name->len;
	}
	return person;
}

bool
ingest_people_forgets_id(const struct ingest_people *p, const struct text *id)
{
	return nameset_has(&p->forgotten, id->ptr, id->len);
}
