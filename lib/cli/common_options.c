#include "config.h"

#include "lib/cli/common_options.h"

struct common_options common_options = { .zstd_window = 31, .max_bytes = 16 << 20 };

static const struct opt plain[] = {
	{ 'h', "help", NULL, OPT_FLAG, &common_options.wants_help, "print this help and exit", 0, 0,
	    NULL, NULL },
	{ 'V', "version", NULL, OPT_FLAG, &common_options.wants_version,
	    "print the version and exit", 0, 0, NULL, NULL },
	{ 0 },
};

static const struct opt filter[] = {
	{ 'o', "output", "file", OPT_FILE, &common_options.output, COMMON_OUTPUT_HELP, 0, 0, NULL,
	    NULL },
	{ 0, "strict", NULL, OPT_FLAG, &common_options.is_strict,
	    "stop at the first refused record, with status 2", 0, 0, NULL, NULL },
	{ 0, "max-bad", "n|p%", OPT_TEXT, &common_options.max_bad,
	    "stop with status 2 when more than n records, or p per cent of them, "
	    "are refused",
	    0, 0, NULL, NULL },
	{ 0, "quarantine", "file", OPT_FILE, &common_options.quarantine,
	    "write refused records to file, as JSON lines with place and reason", 0, 0, NULL,
	    NULL },
	{ 0, "max-bytes", "size", OPT_SIZE, &common_options.max_bytes,
	    "refuse records longer than size (default 16M)", 64, 1 << 30, NULL, NULL },
	{ 0, "zstd-window", "log", OPT_INT, &common_options.zstd_window,
	    "allow zstd windows of up to 2^log bytes (default 31)", 10, 31, NULL, NULL },
	{ 0, "stats", "file", OPT_FILE, &common_options.stats,
	    "write the final counts to file, as JSON", 0, 0, NULL, NULL },
	{ 0, "progress", "when", OPT_CHOICE, &common_options.progress,
	    "show progress, and a line of counts at the end, on standard error: auto (progress on a "
	    "terminal, the line there or if something was dropped), always or never (default "
	    "$ALIGNX_PROGRESS, else auto)",
	    0, 0, "auto|always|never", NULL },
	{ 'q', "quiet", NULL, OPT_FLAG, &common_options.is_quiet,
	    "print neither a line for each refused record nor a summary on a terminal", 0, 0, NULL,
	    NULL },
	{ 'h', "help", NULL, OPT_FLAG, &common_options.wants_help, "print this help and exit", 0, 0,
	    NULL, NULL },
	{ 'V', "version", NULL, OPT_FLAG, &common_options.wants_version,
	    "print the version and exit", 0, 0, NULL, NULL },
	{ 0 },
};

const struct opt *
common_options_table(bool is_filter)
{
	return is_filter ? filter : plain;
}
