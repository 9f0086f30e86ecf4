#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/file.h"
#include "stages/score/token_scores.h"

enum { FILE_MAX = 64 << 20 };

/* Numbers between white space; text ends in NUL. */
static int
read_ids(const char *file, const char *text, struct buf *ids, struct fault *f)
{
	const char *s = text;

	while (*(s += strspn(s, " \t\r\n")) != '\0') {
		char *end;
		unsigned long n;
		uint32_t id;

		errno = 0;
		n = strtoul(s, &end, 10);
		if (*s == '-' || end == s || errno != 0 || n > UINT32_MAX
		    || strchr(" \t\r\n", *end) == NULL)
			return fault_stop(f, "%s: byte %td: expected a token id", file, s - text);
		id = (uint32_t)n;
		buf_add(ids, &id, sizeof(id));
		s = end;
	}
	return 0;
}

static int
print_scores(struct session *s, int64_t sequence, struct buf *out, struct fault *f)
{
	const float *score;
	double sum = 0;
	size_t n;

	session_run(s);
	if (session_check_finite(s, f) < 0)
		return -2;
	score = session_scores(s, sequence, &n);
	for (size_t i = 1; i < n; i++) {
		buf_printf(out, "%.6f\n", -(double)score[i]);
		sum -= (double)score[i];
	}
	buf_printf(out, "%.6f\n", sum);
	return 0;
}

int
token_scores(struct session *s, const char *file, struct buf *out, struct fault *f)
{
	struct arena a = { 0 };
	struct buf ids = { 0 };
	size_t len;
	const char *text = file_read(file, FILE_MAX, &a, &len, f);
	int64_t sequence = -1;
	int rc = -2;

	if (text != NULL && read_ids(file, text, &ids, f) == 0) {
		session_set_length(s, ids.len / sizeof(uint32_t));
		sequence = session_append(s, -1, (const uint32_t *)(const void *)ids.data,
		    ids.len / sizeof(uint32_t), true, f);
	}
	if (sequence >= 0)
		rc = print_scores(s, sequence, out, f);
	buf_release(&ids);
	arena_release(&a);
	return rc;
}
