/* fault.h - what went wrong, reported once, by the function that first knows it.
 *
 * Library code never prints and never exits.  A function that can fail takes a struct fault
 * as its last argument, writes one sentence into it and returns what fault_set() or
 * fault_sys() returned: -1 blames the current record, which the program may skip; -2 blames
 * the environment (I/O, memory, usage), and the program must stop.  The first sentence wins:
 * later ones describe consequences and are dropped.  Only tool_main() prints a fault. */

#ifndef ALIGNX_LIB_CORE_FAULT_H
#define ALIGNX_LIB_CORE_FAULT_H

#include <stdint.h>

struct fault {
	const char *code;  /* reason for --quarantine and --stats: "bad-json" */
	int64_t at;        /* byte within the current record, -1 if not known */
	char pointer[256]; /* RFC 6901 pointer to the value, "" for the whole */
	char text[512];
};

#define FAULT_NONE ((struct fault){ .at = -1 })

/* A failing function says "return fault_set(...)".  The code is a literal. */
int fault_set(struct fault *f, const char *code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4))); /* -1 */
int fault_at(struct fault *f, int64_t at, const char *code, const char *fmt, ...)
    __attribute__((format(printf, 4, 5))); /* -1, with the byte */
int fault_stop(struct fault *f, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));           /* -2 */
int fault_sys(struct fault *f, const char *fmt, ...) /* -2, appends strerror(errno) */
    __attribute__((format(printf, 2, 3)));
void fault_clear(struct fault *f);

#endif
