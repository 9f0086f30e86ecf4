#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <xxhash.h>

#include "lib/json.h"
#include "lib/json_write.h"
#include "lib/reader.h"
#include "lib/sink.h"
#include "stages/profile_users.h"

enum { LINE_MAX_BYTES = 1 << 16, NAME_MAX_BYTES = 1024 };

static size_t
place(const struct profile_users *u, const struct text *name)
{
	size_t i = XXH3_64bits(name->ptr, name->len) % u->slots;

	while (u->slot[i] != NULL && (u->slot[i]->name.len != name->len
	    || memcmp(u->slot[i]->name.ptr, name->ptr, name->len) != 0))
		i = (i + 1) % u->slots;
	return i;
}

static void
grow(struct profile_users *u, struct arena *a)
{
	struct profile_users more = { .slots = u->slots > 0 ? 2 * u->slots : 1024,
		.len = u->len };

	more.slot = arena_get(a, more.slots * sizeof(*more.slot));
	for (size_t i = 0; i < u->slots; i++)
		if (u->slot[i] != NULL)
			more.slot[place(&more, &u->slot[i]->name)] = u->slot[i];
	*u = more;
}

struct profile_user *
profile_users_get(struct profile_users *u, struct arena *a,
    const struct text *name)
{
	size_t i;

	if (2 * u->len >= u->slots)
		grow(u, a);
	i = place(u, name);
	if (u->slot[i] == NULL) {
		u->slot[i] = arena_get(a, sizeof(**u->slot));
		u->slot[i]->name = (struct text){ arena_dup(a, name->ptr, name->len),
			name->len };
		u->len++;
	}
	return u->slot[i];
}

static bool
is_count(const struct json_node *n, int64_t most)
{
	return n->kind == JSON_INT && n->integer >= 0 && n->integer <= most;
}

/* One line of the state. */
static int
take_line(struct profile_users *u, const struct json_node *row, struct arena *a,
    struct fault *f)
{
	static const char *const names[] = { "user", "items", "twice" };
	struct json_node field[3], item;
	struct profile_user *user;
	struct text name;
	struct json_walk walk;

	if (row->kind != JSON_MAP || json_pick(row, names, 3, field, f) < 0
	    || field[0].kind != JSON_TEXT || field[0].text.len > NAME_MAX_BYTES
	    || !is_count(&field[1], UINT32_MAX / 2) || field[2].kind != JSON_LIST
	    || json_count(&field[2]) != DIMENSIONS)
		return fault_set(f, "bad-state", "expected a user, a number of items and a "
		    "list of %d sums", DIMENSIONS);
	name = (struct text){ field[0].text.ptr, field[0].text.len };
	user = profile_users_get(u, a, &name);
	user->sums.items = (uint32_t)field[1].integer;
	json_walk_begin(&walk, &field[2]);
	for (int i = 0; json_walk_next(&walk, NULL, &item); i++) {
		if (!is_count(&item, 2 * field[1].integer))
			return fault_set(f, "bad-state", "sum %d is not from 0 to twice the "
			    "number of items", i);
		user->sums.twice[i] = (uint32_t)item.integer;
	}
	return 0;
}

int
profile_users_read(struct profile_users *u, const char *file, struct arena *a,
    struct fault *f)
{
	struct reader *r;
	struct reader_item item;
	struct json *j;
	struct json_node row;
	struct stat st;
	int rc;

	if (stat(file, &st) < 0 && errno == ENOENT)
		return 0;
	r = reader_new(READER_LINES, LINE_MAX_BYTES);
	j = json_new();
	rc = reader_open(r, file, 0, f);
	while (rc == 0 && (rc = reader_next(r, &item, f)) == 1)
		rc = json_parse(j, item.data, item.len, &row, f) < 0 ? -1
		    : take_line(u, &row, a, f);
	if (rc < 0) {
		struct fault why = *f;

		fault_clear(f);
		fault_stop(f, "%s:%" PRIu64 ": %s", file, item.number, why.text);
	}
	reader_free(r);
	json_free(j);
	return rc < 0 ? -2 : 0;
}

static int
by_name(const void *va, const void *vb)
{
	const struct profile_user *const *a = va, *const *b = vb;
	const struct text *x = &(*a)->name, *y = &(*b)->name;
	int c = memcmp(x->ptr, y->ptr, x->len < y->len ? x->len : y->len);

	return c != 0 ? c : x->len < y->len ? -1 : x->len > y->len;
}

struct profile_user **
profile_users_sorted(const struct profile_users *u, struct arena *a)
{
	struct profile_user **out = arena_get(a, (u->len + 1) * sizeof(*out));
	size_t n = 0;

	for (size_t i = 0; i < u->slots; i++)
		if (u->slot[i] != NULL)
			out[n++] = u->slot[i];
	if (n > 1)
		qsort(out, n, sizeof(*out), by_name);
	return out;
}

static void
put_user(const struct profile_user *u, struct buf *b)
{
	buf_add_str(b, "{\"user\":");
	json_put_text(b, u->name.ptr, u->name.len);
	buf_printf(b, ",\"items\":%" PRIu32 ",\"twice\":[", u->sums.items);
	for (int i = 0; i < DIMENSIONS; i++)
		buf_printf(b, "%s%" PRIu32, i > 0 ? "," : "", u->sums.twice[i]);
	buf_add_str(b, "]}\n");
}

int
profile_users_write(const struct profile_users *u, const char *file,
    struct fault *f)
{
	struct arena brief = { 0 };
	struct profile_user **user = profile_users_sorted(u, &brief);
	struct sink *s = sink_open(file, f);
	struct buf b = { 0 };
	int rc = s != NULL ? 0 : -2;

	for (size_t i = 0; i < u->len && rc == 0; i++) {
		buf_clear(&b);
		put_user(user[i], &b);
		rc = sink_write(s, b.data, b.len, f);
	}
	if (rc == 0)
		rc = sink_close(s, f);
	else
		sink_abandon(s);
	buf_release(&b);
	arena_release(&brief);
	return rc;
}
