/* reddit_archive.c - what the archive says of a row of a Reddit dump. */

#include "config.h"

#include <string.h>
#include <strings.h>

#include "lib/core/json_pointer.h"
#include "stages/ingest/field.h"
#include "stages/ingest/reddit.h"

/* Of "_meta", which Arctic Shift adds. */
enum { WAS_DELETED_LATER, WAS_INITIALLY_DELETED, REMOVAL_TYPE, RETRIEVED_2ND_ON, METAS };
static const char *const metas[METAS] = { "was_deleted_later", "was_initially_deleted",
	"removal_type", "retrieved_2nd_on" };

bool
reddit_is_removed(const struct text *t)
{
	const char *s = t->ptr;
	size_t n = t->len;

	while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\n'))
		n--;
	while (n > 0 && (*s == ' ' || *s == '\n'))
		s++, n--;
	if (n < 9 || n > 100 || *s != '[' || s[n - 1] != ']')
		return false;
	s += 1 + (s[1] == ' ');
	return (strncasecmp(s, "deleted", 7) == 0 || strncasecmp(s, "removed", 7) == 0)
	    && (s[7] == ']' || s[7] == ' ');
}

static int
keep_latest(const struct json_node *n, const char *name, int64_t *latest, struct fault *f)
{
	int64_t t;
	int rc = field_time(n, name, &t, f);

	if (rc > 0 && t > *latest)
		*latest = t;
	return rc;
}

/* A text that was gone at first and was there when the archive looked again is restored; what
 * says how it had been removed is left as it was. */
static int
read_meta(const struct json_node *meta, struct reddit_archive *out, struct fault *f)
{
	bool was_later = false, was_at_first = false;
	struct text why;
	int removal;

	if (field_bool(&meta[WAS_DELETED_LATER], metas[WAS_DELETED_LATER], &was_later, f) < 0
	    || field_bool(&meta[WAS_INITIALLY_DELETED], metas[WAS_INITIALLY_DELETED], &was_at_first,
		   f)
		< 0
	    || (removal = field_text(&meta[REMOVAL_TYPE], metas[REMOVAL_TYPE], &why, f)) < 0
	    || keep_latest(&meta[RETRIEVED_2ND_ON], metas[RETRIEVED_2ND_ON], &out->retrieved, f)
		< 0)
		return -1;
	out->is_gone = was_later || (!was_at_first && (out->is_gone || removal > 0));
	return 0;
}

/* The archive cannot have taken a version before it was made, so the time of an edit counts. */
static int
read_times(const struct json_node *field, int64_t *latest, struct fault *f)
{
	static const enum reddit_field times[] = { REDDIT_RETRIEVED_ON, REDDIT_RETRIEVED_UTC,
		REDDIT_UPDATED_ON, REDDIT_EDITED };

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		const struct json_node *n = &field[times[i]];

		if (n->kind != JSON_BOOL && keep_latest(n, reddit_names[times[i]], latest, f) < 0)
			return -1;
	}
	return 0;
}

int
reddit_read_archive(const struct json_node *field, struct reddit_archive *out, struct fault *f)
{
	struct json_node meta[METAS];
	const char *name = reddit_names[REDDIT_META];
	struct text by;
	int rc = field_text(&field[REDDIT_REMOVED_BY], reddit_names[REDDIT_REMOVED_BY], &by, f);

	*out = (struct reddit_archive){ .is_gone = rc > 0 };
	if (rc < 0 || read_times(field, &out->retrieved, f) < 0)
		return -1;
	if (field[REDDIT_META].kind == JSON_ABSENT || field[REDDIT_META].kind == JSON_NULL)
		return 0;
	if (field_require_map(&field[REDDIT_META], name, f) < 0)
		return -1;
	if (json_pick(&field[REDDIT_META], metas, METAS, meta, f) == 0
	    && read_meta(meta, out, f) == 0)
		return 0;
	json_pointer_prepend(f, name, strlen(name));
	return -1;
}
