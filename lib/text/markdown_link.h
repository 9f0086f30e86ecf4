/* markdown_link.h - links of markdown: [label](https://host/path "title"). */

#ifndef ALIGNX_LIB_TEXT_MARKDOWN_LINK_H
#define ALIGNX_LIB_TEXT_MARKDOWN_LINK_H

#include <stdbool.h>
#include <stddef.h>

struct markdown_link {
	size_t target, target_end; /* https://host/path */
	size_t end;                /* after the closing bracket */
};

/* Reads what follows the label whose ']' is at `close`.  False: that is no link, as in a[i](x).
 * A target has a scheme, or is a path of the site or a host: /r/x, #top, host.com/a. */
bool markdown_link_read(const char *s, size_t len, size_t close, struct markdown_link *link);

/* The ']' of the label whose '[' is at `open`, if it is at most `reach` bytes further; else
 * `open`. */
size_t markdown_label_end(const char *s, size_t len, size_t open, size_t reach);

#endif
