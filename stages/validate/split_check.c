#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "lib/core/arena.h"
#include "lib/json/json.h"
#include "stages/validate/split_check.h"

enum { MANIFEST_MAX = 256 << 20 };

static const char *const words[] = { "auto", "thread", "community", "time", "user", "none" };

/* What a manifest says of the split; thread if there is none. */
static int
kind_in(const char *manifest)
{
	struct arena a = { 0 };
	struct fault ignored = FAULT_NONE;
	struct json *json = json_new();
	struct json_node root, by;
	int kind = SPLIT_CHECK_THREAD;

	if (json == NULL)
		arena_out_of_memory();
	if (json_parse_file(json, manifest, MANIFEST_MAX, &root, &a, &ignored) == 0) {
		by = json_at(&root, "/settings/split/by");
		for (int i = SPLIT_CHECK_THREAD; by.kind == JSON_TEXT && i <= SPLIT_CHECK_USER; i++)
			if (strlen(words[i]) == by.text.len
			    && memcmp(words[i], by.text.ptr, by.text.len) == 0)
				kind = i;
	}
	json_free(json);
	arena_release(&a);
	return kind;
}

/* The manifest is in a folder above the file: DIR/train/part.msgpack, DIR/test/UGC/part.msgpack. */
static int
kind_of(const char *file)
{
	struct buf path = { 0 };
	int kind = SPLIT_CHECK_THREAD;
	size_t len = strlen(file);

	for (int up = 0; up < 3; up++) {
		while (len > 0 && file[len - 1] != '/')
			len--;
		buf_clear(&path);
		buf_printf(&path, "%.*smanifest.json", (int)len, file);
		buf_add_byte(&path, '\0');
		if ((kind = kind_in(path.data)) != SPLIT_CHECK_THREAD || len == 0)
			break;
		len--;
	}
	buf_release(&path);
	return kind;
}

/* Is it on this side alone? */
static bool
see(struct split_check *s, const struct text *what, uint64_t seed, int split)
{
	uint64_t key = XXH3_64bits_withSeed(what->ptr, what->len, seed);
	struct hash_probe p = hash_index_probe(&s->index, key);

	while (hash_probe_next(&p))
		if (s->seen[p.number].key == key)
			return s->seen[p.number].split == split;
	s->seen = arena_grow_array(s->seen, s->len, &s->cap, sizeof(*s->seen));
	s->seen[s->len] = (struct split_seen){ key, split };
	hash_index_add(&s->index, key, s->len++);
	return true;
}

static int
shared(const char *pointer, const char *what, const struct text *name, int split, struct fault *f)
{
	snprintf(f->pointer, sizeof(f->pointer), "%s", pointer);
	return fault_set(f, "across-split", "the %s %.*s of this %s record is in a %s record, too",
	    what, (int)(name->len < 64 ? name->len : 64), name->ptr,
	    split == SPLIT_TEST ? "test" : "training", split == SPLIT_TEST ? "training" : "test");
}

static bool
begins(const struct text *t, const char *with)
{
	return t->len >= strlen(with) && memcmp(t->ptr, with, strlen(with)) == 0;
}

/* One text of a record. */
static int
check_text(struct split_check *s, const struct origin *x, size_t i, int split, struct fault *f)
{
	const bool is_history = begins(&x->pointer, "/User-") || begins(&x->pointer, "/Pair-");
	const bool is_by_user = s->kind == SPLIT_CHECK_USER;
	char pointer[64];

	if (is_history && (is_by_user || s->kind == SPLIT_CHECK_TIME))
		return 0;
	if (is_by_user && begins(&x->pointer, "/rejected"))
		return 0;
	snprintf(pointer, sizeof(pointer), "/provenance/texts/%zu/thread", i);
	if (x->thread.len > 0 && !see(s, &x->thread, 1, split))
		return shared(pointer, "thread", &x->thread, split, f);
	snprintf(pointer, sizeof(pointer), "/provenance/texts/%zu/user", i);
	if (x->user.len > 0 && s->kind != SPLIT_CHECK_TIME && !see(s, &x->user, 0, split))
		return shared(pointer, "user", &x->user, split, f);
	return 0;
}

int
split_check_record(struct split_check *s, const char *file, const struct record *r, struct fault *f)
{
	const struct provenance *p = &r->provenance;
	const struct origin *text;
	int rc = 0;

	if (s->kind == SPLIT_CHECK_NONE || !MESSAGE_HAS(&record_descriptor, r, provenance)
	    || !MESSAGE_HAS(&provenance_descriptor, p, split))
		return 0;
	if (s->kind == SPLIT_CHECK_AUTO)
		s->kind = kind_of(file);
	text = p->texts.item;
	for (size_t i = 0; rc == 0 && i < p->texts.len; i++)
		rc = check_text(s, &text[i], i, p->split, f);
	if (rc == 0 && s->kind == SPLIT_CHECK_USER && MESSAGE_HAS(&provenance_descriptor, p, user)
	    && !see(s, &p->user, 0, p->split))
		rc = shared("/provenance/user", "user", &p->user, p->split, f);
	return rc;
}

void
split_check_release(struct split_check *s)
{
	hash_index_release(&s->index);
	free(s->seen);
}
