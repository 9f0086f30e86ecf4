/* html_unescape.h - undoes the HTML escapes of Reddit's API.
 *
 * The API returns &, < and > as &amp;, &lt; and &gt; (once), and an &nbsp; or &#x200B; that
 * people typed with its & escaped as well.  Only these five are undone: an &copy; that
 * somebody typed stays. */

#ifndef ALIGNX_LIB_TEXT_HTML_UNESCAPE_H
#define ALIGNX_LIB_TEXT_HTML_UNESCAPE_H

#include <stddef.h>

/* Works in place; returns the new length. */
size_t html_unescape(char *s, size_t len);

#endif
