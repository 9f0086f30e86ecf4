#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/core/fault.h"

__attribute__((format(printf, 4, 0))) static void
put(struct fault *f, int64_t at, const char *code, const char *fmt, va_list ap)
{
	if (f->text[0] != '\0')
		return;
	f->code = code;
	f->at = at;
	vsnprintf(f->text, sizeof(f->text), fmt, ap);
}

int
fault_set(struct fault *f, const char *code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(f, -1, code, fmt, ap);
	va_end(ap);
	return -1;
}

int
fault_at(struct fault *f, int64_t at, const char *code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(f, at, code, fmt, ap);
	va_end(ap);
	return -1;
}

int
fault_stop(struct fault *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(f, -1, "stop", fmt, ap);
	va_end(ap);
	return -2;
}

int
fault_sys(struct fault *f, const char *fmt, ...)
{
	int e = errno;
	va_list ap;
	size_t n;

	if (f->text[0] != '\0')
		return -2;
	va_start(ap, fmt);
	put(f, -1, "system", fmt, ap);
	va_end(ap);
	n = strlen(f->text);
	snprintf(f->text + n, sizeof(f->text) - n, ": %s", strerror(e));
	return -2;
}

void
fault_clear(struct fault *f)
{
	*f = FAULT_NONE;
}
