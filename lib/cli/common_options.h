/* common_options.h - the options that all programs share, and their values. */

#ifndef ALIGNX_LIB_CLI_COMMON_OPTIONS_H
#define ALIGNX_LIB_CLI_COMMON_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/cli/opt.h"

/* What a file of sink_open() is, for programs that have an -o of their own. */
#define COMMON_OUTPUT_HELP \
	"write to file, which appears under its name only when it is complete; a name that " \
	"ends in .zst is compressed"

struct common_options {
	bool wants_help, wants_version;
	bool is_strict, is_quiet;
	const char *output;     /* file name; NULL: standard output */
	const char *max_bad;    /* "10", "1%" or NULL */
	const char *quarantine; /* file name or NULL */
	const char *stats;      /* file name or NULL */
	int progress;           /* enum progress_when */
	long zstd_window;       /* log2 of bytes */
	int64_t max_bytes;      /* of a record */
};
extern struct common_options common_options;

/* Programs that are not filters have only --help and --version. */
const struct opt *common_options_table(bool is_filter);

#endif
