#include "config.h"

#include "lib/text/clean_text.h"
#include "lib/text/normalize_text.h"
#include "lib/text/pii.h"
#include "lib/text/strip_url.h"

typedef bool change_fn(const char *s, size_t len, struct buf *into);

/* Changes the text into the buffer that it is not in. */
static bool
apply(struct text_cleaner *c, change_fn *change, struct text *text)
{
	struct buf *into = &c->buf[text->ptr == c->buf[0].data];

	if (!change(text->ptr, text->len, into))
		return false;
	*text = (struct text){ into->data, into->len };
	return true;
}

void
clean_text(struct text_cleaner *c, struct text *text)
{
	for (int round = 0; round < CLEAN_ROUNDS_MAX; round++) {
		bool is_changed;

		apply(c, normalize_text, text);
		is_changed = !c->keeps_names && apply(c, pii_replace, text);
		is_changed |= apply(c, strip_urls, text);
		if (!is_changed)
			return;
	}
	text->len = 0;
}

void
text_cleaner_release(struct text_cleaner *c)
{
	buf_release(&c->buf[0]);
	buf_release(&c->buf[1]);
}
