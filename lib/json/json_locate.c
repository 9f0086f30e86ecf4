#include "config.h"

#include <stdbool.h>
#include <string.h>

#include "lib/core/json_pointer.h"
#include "lib/json/json_locate.h"

struct json_cursor {
	const char *p, *end;
};

static void
skip_blank(struct json_cursor *w)
{
	while (w->p < w->end && strchr(" \t\r\n", *w->p) != NULL && *w->p != '\0')
		w->p++;
}

/* Skips the text that begins here. */
static void
skip_text(struct json_cursor *w)
{
	for (w->p++; w->p < w->end && *w->p != '"'; w->p++)
		if (*w->p == '\\')
			w->p++;
	w->p = w->p < w->end ? w->p + 1 : w->end;
}

static void
skip_value(struct json_cursor *w)
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

/* Goes to a member of the map or list at p; false if it does not exist. */
static bool
descend(struct json_cursor *w, const struct json_pointer_step *step)
{
	const int64_t wanted = json_pointer_index(step);
	bool is_map = *w->p == '{';
	int64_t index = 0;

	for (w->p++;; w->p++) {
		bool is_it = !is_map && index++ == wanted;

		skip_blank(w);
		if (w->p >= w->end || *w->p == '}' || *w->p == ']')
			return false;
		if (is_map) {
			const char *name = w->p + 1;

			skip_text(w);
			is_it = json_pointer_matches(step, name, (size_t)(w->p - name - 1));
			skip_blank(w);
			w->p++; /* the colon */
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
	struct json_cursor w = { text, text + len };
	struct json_pointer_step step;
	const char *found;

	skip_blank(&w);
	found = w.p;
	while (w.p < w.end && (*w.p == '{' || *w.p == '[') && json_pointer_next(&pointer, &step)
	    && descend(&w, &step))
		found = w.p;
	return found - text;
}
