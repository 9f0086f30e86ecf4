/* rules_common.c - what all readers of a rule folder use: families, numbers, located faults. */

#include "config.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "annotate/rules_file.h"

enum { NUMBER_MAX = 32 };

static const char *const families[] = { "disclosure", "need", "trait", "style", "stance", "topic",
	"community", "behaviour" };

bool
rules_is_family(const struct text *name)
{
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		if (text_is(name, families[i]))
			return true;
	return false;
}

enum evidence_kind
rules_family_evidence(const struct text *family)
{
	return text_is(family, "topic")    ? EVIDENCE_TOPIC
	    : text_is(family, "style")     ? EVIDENCE_STYLE
	    : text_is(family, "behaviour") ? EVIDENCE_DONE
	    : text_is(family, "community") ? EVIDENCE_COMMUNITY
					   : EVIDENCE_SAID;
}

struct text
rules_family(const struct text *id)
{
	const char *dot = memchr(id->ptr, '.', id->len);

	return (struct text){ id->ptr, dot != NULL ? (size_t)(dot - id->ptr) : id->len };
}

bool
rules_number(const struct text *s, double low, double high, double *out)
{
	char copy[NUMBER_MAX + 1], *end;

	if (s->len == 0 || s->len > NUMBER_MAX || s->ptr[0] == ' ')
		return false;
	memcpy(copy, s->ptr, s->len);
	copy[s->len] = '\0';
	*out = strtod(copy, &end);
	return *end == '\0' && isfinite(*out) && *out >= low && *out <= high;
}

int
rules_blame(struct rules_reader *r, int line, const char *fmt, ...)
{
	struct fault one = FAULT_NONE;
	char said[sizeof(one.text)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(said, sizeof(said), fmt, ap);
	va_end(ap);
	fault_stop(&one, "%.300s:%d: %.200s", r->file, line, said);
	r->faults++;
	if (r->fn != NULL) {
		r->fn(r->with, &one);
		return 0;
	}
	return fault_stop(r->fault, "%s", one.text);
}

void *
rules_push(struct arena *a, void **array, size_t *len, size_t size)
{
	if ((*len & (*len - 1)) == 0) { /* 0, 1, 2, 4, ...: full */
		char *larger = arena_alloc(a, (*len > 0 ? 2 * *len : 1) * size);

		if (*len > 0)
			memcpy(larger, *array, *len * size);
		*array = larger;
	}
	return (char *)*array + (*len)++ * size;
}
