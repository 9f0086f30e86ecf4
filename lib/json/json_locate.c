#include "config.h"

#include <stdbool.h>
#include <string.h>

#include "lib/json/json_locate.h"

struct walk {
	const char *p, *end;
};

static void
skip_blank(struct walk *w)
{
	while (w->p < w->end && strchr(" \t\r\n", *w->p) != NULL && *w->p != '\0')
		w->p++;
}

/* Behind the text that begins here. */
static void
skip_text(struct walk *w)
{
	for (w->p++; w->p < w->end && *w->p != '"'; w->p++)
		if (*w->p == '\\')
			w->p++;
	w->p = w->p < w->end ? w->p + 1 : w->end;
}

static void
skip_value(struct walk *w)
{
	size_t depth = 0;

	do {
		skip_blank(w);
		if (w->p >= w->end)
			return;
		if (*w->p == '"') {
			skip_text(w);
		} else {
			depth += *w->p == '{' || *w->p == '[';
			depth -= depth > 0 && (*w->p == '}' || *w->p == ']');
			w->p++;
		}
		if (depth == 0 && w->p < w->end && strchr(",]}", *w->p) != NULL)
			return;
	} while (w->p < w->end);
}

/* Does the name at p (behind its quote) equal a step, escaped as in RFC 6901? */
static bool
is_step(const char *name, size_t len, const char *step, size_t step_len)
{
	size_t i = 0;

	for (size_t k = 0; k < step_len; k++, i++) {
		char c = step[k];

		if (c == '~' && k + 1 < step_len)
			c = step[++k] == '0' ? '~' : '/';
		if (i >= len || name[i] != c)
			return false;
	}
	return i == len;
}

/* Goes to the member of the map or list at p; false if it has none such. */
static bool
descend(struct walk *w, const char *step, size_t step_len)
{
	bool is_map = *w->p == '{';
	size_t wanted = 0, index = 0;

	for (size_t i = 0; !is_map && i < step_len && step[i] >= '0'
	    && step[i] <= '9' && i < 9; i++)
		wanted = wanted * 10 + (size_t)(step[i] - '0');
	for (w->p++;; w->p++) {
		bool is_it = !is_map && index++ == wanted;

		skip_blank(w);
		if (w->p >= w->end || *w->p == '}' || *w->p == ']')
			return false;
		if (is_map) {
			const char *name = w->p + 1;

			skip_text(w);
			is_it = is_step(name, (size_t)(w->p - name - 1), step, step_len);
			skip_blank(w);
			w->p++;		/* the colon */
			skip_blank(w);
		}
		if (is_it || w->p >= w->end)
			return is_it;
		skip_value(w);
		skip_blank(w);
		if (w->p >= w->end || *w->p != ',')
			return false;
	}
}

int64_t
json_locate(const char *text, size_t len, const char *pointer)
{
	struct walk w = { text, text + len };
	const char *found;

	skip_blank(&w);
	found = w.p;
	while (*pointer == '/' && w.p < w.end && (*w.p == '{' || *w.p == '[')) {
		size_t n = strcspn(++pointer, "/");

		if (!descend(&w, pointer, n))
			break;
		found = w.p;
		pointer += n;
	}
	return found - text;
}
