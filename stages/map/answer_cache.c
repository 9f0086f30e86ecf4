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
#include "lib/json/json.h"
#include "lib/json/json_write.h"
#include "stages/map/answer_cache.h"

enum { DIGITS = 32, LINE_MAX_BYTES = 16 << 20 };

/* Where the line of a key is; len 0: a free slot. */
struct place {
	uint64_t key[2];
	uint64_t at;
	uint32_t len;
};

struct answer_cache {
	FILE *file;
	const char *name;
	uint64_t end;			/* of the last whole line */
	struct place *slot;
	size_t slots, len;
	struct json *json;
	struct buf line;
};

struct answer_key
answer_key_of(const void *data, size_t len)
{
	XXH128_hash_t hash = XXH3_128bits(data, len);

	return (struct answer_key){ { hash.high64, hash.low64 } };
}

static struct place *
slot_of(struct answer_cache *c, const uint64_t key[2])
{
	size_t at = key[0] & (c->slots - 1);

	while (c->slot[at].len != 0 && memcmp(c->slot[at].key, key,
	    sizeof(c->slot[at].key)) != 0)
		at = (at + 1) & (c->slots - 1);
	return &c->slot[at];
}

static void
remember(struct answer_cache *c, const struct place *p)
{
	struct place *old = c->slot, *to;
	size_t n = c->slots;

	if (2 * (c->len + 1) > n) {
		c->slots = n == 0 ? 1024 : 2 * n;
		c->slot = calloc(c->slots, sizeof(*c->slot));
		if (c->slot == NULL)
			arena_exhausted();
		for (size_t i = 0; i < n; i++)
			if (old[i].len != 0)
				*slot_of(c, old[i].key) = old[i];
		free(old);
	}
	to = slot_of(c, p->key);
	c->len += to->len == 0;
	*to = *p;
}

/* The key and the answer of the line that was read. */
static bool
parse_line(struct answer_cache *c, uint64_t key[2], struct json_node *answer)
{
	static const char *const names[] = { "key", "answer" };
	struct json_node root, part[2];
	struct fault f = FAULT_NONE;
	char digits[DIGITS + 1];

	memset(buf_reserve(&c->line, JSON_PADDING), 0, JSON_PADDING);
	if (json_parse(c->json, c->line.data, c->line.len, &root, &f) < 0
	    || json_pick(&root, names, 2, part, &f) < 0
	    || part[0].kind != JSON_TEXT || part[0].text.len != DIGITS
	    || part[1].kind != JSON_TEXT)
		return false;
	memcpy(digits, part[0].text.ptr, DIGITS);
	digits[DIGITS] = '\0';
	if (sscanf(digits, "%16" SCNx64 "%16" SCNx64, &key[0], &key[1]) != 2)
		return false;
	*answer = part[1];
	return true;
}

/* Finds the lines.  What is no line of a cache, but for one that is cut at the end,
 * is a fault: the file may be something else that must not be written to. */
static int
read_lines(struct answer_cache *c, struct fault *f)
{
	struct json_node answer;
	struct place p = { 0 };
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	int number = 0, rc = 0;

	while (rc == 0 && (n = getline(&line, &room, c->file)) > 0
	    && line[n - 1] == '\n') {
		number++;
		buf_clear(&c->line);
		buf_add(&c->line, line, (size_t)n - 1);
		if (n > LINE_MAX_BYTES || !parse_line(c, p.key, &answer)) {
			rc = fault_stop(f, "%s:%d: this is no line of a cache of answers",
			    c->name, number);
			break;
		}
		p.at = c->end;
		p.len = (uint32_t)n;
		remember(c, &p);
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
		return fault_stop(f, "%s: another program writes to this cache", c->name);
	if (read_lines(c, f) < 0)
		return -2;
	if (ftruncate(fd, (off_t)c->end) < 0
	    || fseeko(c->file, (off_t)c->end, SEEK_SET) < 0)
		return fault_sys(f, "%s", c->name);
	return 0;
}

struct answer_cache *
answer_cache_open(const char *file, struct fault *f)
{
	struct answer_cache *c = calloc(1, sizeof(*c));

	if (c == NULL)
		arena_exhausted();
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
	free(c->slot);
	json_free(c->json);
	buf_release(&c->line);
	free(c);
}

bool
answer_cache_get(struct answer_cache *c, struct answer_key key, struct buf *answer)
{
	struct json_node node;
	const struct place *p;
	uint64_t found[2];

	if (c->slots == 0 || (p = slot_of(c, key.at))->len == 0)
		return false;
	buf_clear(&c->line);
	if (pread(fileno(c->file), buf_reserve(&c->line, p->len), p->len - 1,
	    (off_t)p->at) != (ssize_t)p->len - 1)
		return false;
	c->line.len = p->len - 1;
	if (!parse_line(c, found, &node))
		return false;
	buf_clear(answer);
	buf_add(answer, node.text.ptr, node.text.len);
	return true;
}

int
answer_cache_put(struct answer_cache *c, struct answer_key key, const char *answer, size_t len,
    struct fault *f)
{
	struct place p = { { key.at[0], key.at[1] }, c->end, 0 };

	buf_clear(&c->line);
	buf_printf(&c->line, "{\"key\":\"%016" PRIx64 "%016" PRIx64 "\",\"answer\":",
	    key.at[0], key.at[1]);
	json_put_text(&c->line, answer, len);
	buf_add_str(&c->line, "}\n");
	if (fwrite(c->line.data, 1, c->line.len, c->file) != c->line.len
	    || fflush(c->file) != 0)
		return fault_sys(f, "%s", c->name);
	p.len = (uint32_t)c->line.len;
	c->end += c->line.len;
	remember(c, &p);
	return 0;
}
