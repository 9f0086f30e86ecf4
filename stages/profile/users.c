#include "config.h"

#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <xxhash.h>

#include "lib/json/json.h"
#include "lib/json/json_write.h"
#include "lib/io/reader.h"
#include "lib/io/sink.h"
#include "stages/profile/users.h"

enum { LINE_MAX_BYTES = 1 << 16, NAME_MAX_BYTES = 1024 };

struct text
profile_users_name(const struct profile_users *u, const struct profile_user *user)
{
	return (struct text){ (const char *)u->names.data + user->name, user->name_len };
}

static struct profile_user *
user_at(const struct profile_users *u, size_t i)
{
	return (struct profile_user *)u->user.data + i;
}

static struct profile_user *
add(struct profile_users *u, const struct text *name, struct fault *f)
{
	struct profile_user *user;
	size_t end = u->names_len + name->len;

	if (u->len == UINT32_MAX - 1) {
		fault_stop(f, "more than %" PRIu32 " users", UINT32_MAX - 1);
		return NULL;
	}
	if (spill_array_reserve(&u->user, u->len, sizeof(*user), &u->limit, f) < 0
	    || (end >= u->names.size
		&& spill_array_resize(&u->names, 2 * end + 1, &u->limit, f) < 0))
		return NULL;
	user = user_at(u, u->len++);
	user->name = u->names_len;
	user->name_len = (uint32_t)name->len;
	memcpy((char *)u->names.data + u->names_len, name->ptr, name->len);
	u->names_len = end;
	return user;
}

struct profile_user *
profile_users_get(struct profile_users *u, const struct text *name, struct fault *f)
{
	uint64_t hash = XXH3_64bits(name->ptr, name->len);
	struct hash_probe p = hash_index_probe(&u->by_name, hash);
	struct profile_user *user;

	while (hash_probe_next(&p)) {
		struct text other;

		user = user_at(u, p.number);
		other = profile_users_name(u, user);
		if (text_equals(&other, name))
			return user;
	}
	if ((user = add(u, name, f)) != NULL)
		hash_index_add(&u->by_name, hash, u->len - 1);
	return user;
}

static bool
is_count(const struct json_node *n, int64_t most)
{
	return n->kind == JSON_INT && n->integer >= 0 && n->integer <= most;
}

/* One line of the state. */
static int
read_line(struct profile_users *u, const struct json_node *row, struct fault *f)
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
		return fault_set(f, "bad-state",
		    "expected a user, a number of items and a "
		    "list of %d sums",
		    DIMENSIONS);
	name = (struct text){ field[0].text.ptr, field[0].text.len };
	if ((user = profile_users_get(u, &name, f)) == NULL)
		return -2;
	user->sums.items = (uint32_t)field[1].integer;
	json_walk_begin(&walk, &field[2]);
	for (int i = 0; json_walk_next(&walk, NULL, &item); i++) {
		if (!is_count(&item, 2 * field[1].integer))
			return fault_set(f, "bad-state",
			    "sum %d is not from 0 to twice the "
			    "number of items",
			    i);
		user->sums.twice[i] = (uint32_t)item.integer;
	}
	return 0;
}

int
profile_users_read(struct profile_users *u, const char *file, struct fault *f)
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
		rc = json_parse(j, item.data, item.len, &row, f) < 0 ? -1 : read_line(u, &row, f);
	if (rc < 0) {
		struct fault why = *f;

		fault_clear(f);
		fault_stop(f, "%s:%" PRIu64 ": %s", file, item.number, why.text);
	}
	reader_free(r);
	json_free(j);
	return rc < 0 ? -2 : 0;
}

/* A user in the order of names: by the first 8 bytes, then by all. */
struct name_order {
	uint64_t first; /* big-endian */
	uint64_t user;
};

/* The users that are being sorted: qsort() takes no argument. */
static const struct profile_users *sorted;

static int
by_name(const void *va, const void *vb)
{
	const struct name_order *a = va, *b = vb;
	struct text x, y;

	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	x = profile_users_name(sorted, user_at(sorted, a->user));
	y = profile_users_name(sorted, user_at(sorted, b->user));
	return text_compare(&x, &y);
}

static uint64_t
first_of(const struct text *name)
{
	uint64_t first = 0;

	memcpy(&first, name->ptr, name->len < sizeof(first) ? name->len : sizeof(first));
	return be64toh(first);
}

int
profile_users_sort(struct profile_users *u, struct fault *f)
{
	struct name_order *rank;

	if (spill_array_resize(&u->order, u->len * sizeof(*rank), &u->limit, f) < 0)
		return -2;
	rank = u->order.data;
	for (size_t i = 0; i < u->len; i++) {
		struct text name = profile_users_name(u, user_at(u, i));

		rank[i] = (struct name_order){ first_of(&name), i };
	}
	sorted = u;
	return spill_array_sort(&u->order, u->len, sizeof(*rank), by_name, &u->limit, f);
}

const struct profile_user *
profile_users_at(const struct profile_users *u, size_t i)
{
	return user_at(u, ((const struct name_order *)u->order.data)[i].user);
}

static void
put_user(const struct profile_user *u, const struct text *name, struct buf *b)
{
	buf_add_str(b, "{\"user\":");
	json_write_text(b, name->ptr, name->len);
	buf_printf(b, ",\"items\":%" PRIu32 ",\"twice\":[", u->sums.items);
	for (int i = 0; i < DIMENSIONS; i++)
		buf_printf(b, "%s%" PRIu32, i > 0 ? "," : "", u->sums.twice[i]);
	buf_add_str(b, "]}\n");
}

int
profile_users_write(const struct profile_users *u, const char *file, struct fault *f)
{
	struct sink *s = sink_open(file, f);
	struct buf b = { 0 };
	int rc = s != NULL ? 0 : -2;

	for (size_t i = 0; i < u->len && rc == 0; i++) {
		const struct profile_user *user = profile_users_at(u, i);
		const struct text name = profile_users_name(u, user);

		buf_clear(&b);
		put_user(user, &name, &b);
		rc = sink_write(s, b.data, b.len, f);
	}
	if (rc == 0)
		rc = sink_close(s, f);
	else
		sink_abandon(s);
	buf_release(&b);
	return rc;
}

void
profile_users_release(struct profile_users *u)
{
	spill_array_release(&u->user);
	spill_array_release(&u->names);
	hash_index_release(&u->by_name);
	spill_array_release(&u->order);
}
