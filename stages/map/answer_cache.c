#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include <xxhash.h>

#include "lib/core/arena.h"
#include "lib/core/hash_index.h"
#include "lib/json/json.h"
#include "lib/json/json_write.h"
#include "stages/map/answer_cache.h"

enum { KEY_DIGITS = 32, LINE_MAX_BYTES = 16 << 20 };

/* A line of the file. */
struct cached_line {
	struct answer_key key;
	uint64_t at;
	uint32_t len;
};

struct answer_cache {
	FILE *file;
	const char *name;
	uint64_t end; /* of the last whole line */
	struct cached_line *lines;
	size_t len, capacity;
	struct hash_index by_key;
	struct json *json;
	struct buf line;
};

struct answer_key
answer_key_of(const void *data, size_t len)
{
	XXH128_hash_t hash = XXH3_128bits(data, len);

	return (struct answer_key){ { hash.high64, hash.low64 } };
}

static struct cached_line *
find(const struct answer_cache *c, const struct answer_key *key)
{
	struct hash_probe p = hash_index_probe(&c->by_key, key->at[0]);

	while (hash_probe_next(&p))
		if (memcmp(&c->lines[p.number].key, key, sizeof(*key)) == 0)
			return &c->lines[p.number];
	return NULL;
}

/* The last line of a key counts. */
static void
add(struct answer_cache *c, const struct cached_line *line)
{
	struct cached_line *known = find(c, &line->key);

	if (known != NULL) {
		*known = *line;
		return;
	}
	c->lines = arena_grow_array(c->lines, c->len, &c->capacity, sizeof(*c->lines));
	hash_index_add(&c->by_key, line->key.at[0], c->len);
	c->lines[c->len++] = *line;
}

/* Parses c->line. */
static bool
parse_line(struct answer_cache *c, struct answer_key *key, struct json_node *answer)
{
	static const char *const names[] = { "key", "answer" };
	struct json_node root, part[2];
	struct fault f = FAULT_NONE;
	char digits[KEY_DIGITS + 1];

	memset(buf_reserve(&c->line, JSON_PADDING), 0, JSON_PADDING);
	if (json_parse(c->json, c->line.data, c->line.len, &root, &f) < 0
	    || json_pick(&root, names, 2, part, &f) < 0 || part[0].kind != JSON_TEXT
	    || part[0].text.len != KEY_DIGITS || part[1].kind != JSON_TEXT)
		return false;
	memcpy(digits, part[0].text.ptr, KEY_DIGITS);
	digits[KEY_DIGITS] = '\0';
	if (sscanf(digits, "%16" SCNx64 "%16" SCNx64, &key->at[0], &key->at[1]) != 2)
		return false;
	*answer = part[1];
	return true;
}

/* Reads all lines.  A line that is not a line of a cache is a fault, since the file may be
 * something else that must not be overwritten; but an incomplete last line is dropped. */
static int
read_lines(struct answer_cache *c, struct fault *f)
{
	struct json_node answer;
	struct cached_line l = { 0 };
	char *line = NULL;
	size_t capacity = 0;
	ssize_t n;
	int number = 0, rc = 0;

	while (rc == 0 && (n = getline(&line, &capacity, c->file)) > 0 && line[n - 1] == '\n') {
		number++;
		buf_clear(&c->line);
		buf_add(&c->line, line, (size_t)n - 1);
		if (n > LINE_MAX_BYTES || !parse_line(c, &l.key, &answer)) {
			rc = fault_stop(f,
			    "%s:%d: not a line of a cache of answers; "
			    "name another file",
			    c->name, number);
			break;
		}
		l.at = c->end;
		l.len = (uint32_t)n;
		add(c, &l);
		c->end += (size_t)n;
	}
	free(line);
	return rc == 0 && ferror(c->file) ? fault_sys(f, "%s", c->name) : rc;
}

static int
open_file(struct answer_cache *c, struct fault *f)
{
	int fd = open(c->name, O_RDWR | O_CREAT | O_CLOEXEC, 0666);

	if (fd < 0 || (c->file = fdopen(fd, "r+")) == NULL)
		return fault_sys(f, "%s", c->name);
	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		return fault_stop(f, "%s: another program is writing to this cache", c->name);
	if (read_lines(c, f) < 0)
		return -2;
	if (ftruncate(fd, (off_t)c->end) < 0 || fseeko(c->file, (off_t)c->end, SEEK_SET) < 0)
		return fault_sys(f, "%s", c->name);
	return 0;
}

struct answer_cache *
answer_cache_open(const char *file, struct fault *f)
{
	struct answer_cache *c = arena_calloc(1, sizeof(*c));

	c->name = file;
	c->json = json_new();
	if (open_file(c, f) == 0)
		return c;
	answer_cache_free(c);
	return NULL;
}

void
answer_cache_free(struct answer_cache *c)
{
	if (c == NULL)
		return;
	if (c->file != NULL)
		fclose(c->file);
	free(c->lines);
	hash_index_release(&c->by_key);
	json_free(c->json);
	buf_release(&c->line);
	free(c);
}

bool
answer_cache_look_up(struct answer_cache *c, struct answer_key key, struct buf *answer)
{
	struct json_node node;
	const struct cached_line *l = find(c, &key);
	struct answer_key found;

	if (l == NULL)
		return false;
	buf_clear(&c->line);
	if (pread(fileno(c->file), buf_reserve(&c->line, l->len), l->len - 1, (off_t)l->at)
	    != (ssize_t)l->len - 1)
		return false;
	c->line.len = l->len - 1;
	if (!parse_line(c, &found, &node))
		return false;
	buf_clear(answer);
	buf_add(answer, node.text.ptr, node.text.len);
	return true;
}

int
answer_cache_put(struct answer_cache *c, struct answer_key key, const char *answer, size_t len,
    struct fault *f)
{
	struct cached_line l = { .key = key, .at = c->end };

	buf_clear(&c->line);
	buf_printf(&c->line, "{\"key\":\"%016" PRIx64 "%016" PRIx64 "\",\"answer\":", key.at[0],
	    key.at[1]);
	json_write_text(&c->line, answer, len);
	buf_add_str(&c->line, "}\n");
	if (fwrite(c->line.data, 1, c->line.len, c->file) != c->line.len || fflush(c->file) != 0)
		return fault_sys(f, "%s", c->name);
	l.len = (uint32_t)c->line.len;
	c->end += c->line.len;
	add(c, &l);
	return 0;
}
