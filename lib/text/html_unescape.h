/* unescape.h - undoes what web services do to text before they hand it out.
 *
 * Reddit's interface gives &, < and > as &amp;, &lt; and &gt; (once), and
 * what people type as &nbsp; or &#x200B; reaches the archives with its & so
 * treated.  Only these are undone: nobody else's &copy; is touched. */

#ifndef ALIGNX_LIB_UNESCAPE_H
#define ALIGNX_LIB_UNESCAPE_H

#include <stddef.h>

/* Works in place; returns the new length. */
size_t unescape_text(char *s, size_t len);

#endif
