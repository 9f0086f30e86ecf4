#include "config.h"

#include <stdio.h>
#include <string.h>

#include "lib/core/json_pointer.h"

bool
json_pointer_next(const char **pointer, struct json_pointer_step *step)
{
	if (**pointer != '/')
		return false;
	step->ptr = *pointer + 1;
	step->len = strcspn(step->ptr, "/");
	*pointer = step->ptr + step->len;
	return true;
}

bool
json_pointer_matches(const struct json_pointer_step *step, const char *name, size_t len)
{
	size_t i = 0;

	for (size_t k = 0; k < step->len; k++, i++) {
		char c = step->ptr[k];

		if (c == '~' && k + 1 < step->len)
			c = step->ptr[++k] == '0' ? '~' : '/';
		if (i >= len || name[i] != c)
			return false;
	}
	return i == len;
}

int64_t
json_pointer_index(const struct json_pointer_step *step)
{
	int64_t index = 0;

	if (step->len == 0 || step->len > 18 || (step->len > 1 && step->ptr[0] == '0'))
		return -1;
	for (size_t i = 0; i < step->len; i++) {
		if (step->ptr[i] < '0' || step->ptr[i] > '9')
			return -1;
		index = index * 10 + (step->ptr[i] - '0');
	}
	return index;
}

void
json_pointer_prepend(struct fault *f, const char *name, size_t len)
{
	char step[sizeof(f->pointer)];
	size_t n = 0, left = strlen(f->pointer);

	step[n++] = '/';
	for (size_t i = 0; i < len && n + 2 < sizeof(step); i++) {
		if (name[i] == '~' || name[i] == '/') {
			step[n++] = '~';
			step[n++] = name[i] == '~' ? '0' : '1';
		} else if (name[i] != '\0') {
			step[n++] = name[i];
		} else {
			step[n++] = '?'; /* the fault's pointer is a C string */
		}
	}
	if (left > sizeof(f->pointer) - 1 - n)
		left = sizeof(f->pointer) - 1 - n;
	memmove(f->pointer + n, f->pointer, left);
	memcpy(f->pointer, step, n);
	f->pointer[n + left] = '\0';
}

void
json_pointer_prepend_index(struct fault *f, size_t index)
{
	char digits[24];
	int n = snprintf(digits, sizeof(digits), "%zu", index);

	json_pointer_prepend(f, digits, (size_t)n);
}
