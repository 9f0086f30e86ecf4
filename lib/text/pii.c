#include "config.h"

#include "lib/text/markdown_link.h"
#include "lib/text/pii.h"
#include "lib/text/pii_email.h"
#include "lib/text/pii_handle.h"
#include "lib/text/pii_messenger.h"
#include "lib/text/pii_phone.h"
#include "lib/text/pii_profile.h"
#include "lib/text/pii_scan.h"
#include "lib/text/pii_user.h"

enum { LABEL_MAX = 200, KNOWN_MIN = 3 };

/* A text, and within the label of a link the name that the link leads to. */
struct pii_reader {
	struct pii_text t;
	struct text_span {
		size_t from, end;
	} name;
	size_t label_end; /* 0: not in a label */
};

static bool
find_phone(const struct pii_text *t, size_t i, struct pii_match *m)
{
	*m = (struct pii_match){ i, pii_phone_end(t->s, t->len, i), i, "[phone]" };
	return m->end > i;
}

/* What the sign at i belongs to. */
static bool
find_at(const struct pii_text *t, size_t i, struct pii_match *m)
{
	switch (t->s[i]) {
	case '.':
		return pii_email_find(t, i, m);
	case '@':
		return pii_email_find(t, i, m) || pii_handle_find(t, i, m);
	case 'a':
	case 'A':
		return (pii_at(t, i + 1) | 0x20) == 't' && pii_email_find(t, i, m);
	case '/':
		return pii_profile_find(t, i, m) || pii_user_find(t, i, m);
	case '\\':
	case '=':
		return pii_user_find(t, i, m);
	case '#':
	case ':':
		return pii_messenger_find(t, i, m);
	case '+':
	case '(':
		return find_phone(t, i, m);
	default:
		return ascii_is_digit(t->s[i]) && (i == 0 || !ascii_is_digit(t->s[i - 1]))
		    && find_phone(t, i, m);
	}
}

/* Do two names have the same letters and digits, in any case?  "@Bob Smith", "bob_smith". */
static bool
is_same_name(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t i = 0, k = 0, same = 0;

	for (;; i++, k++, same++) {
		while (i < a_len && !ascii_is_alnum(a[i]))
			i++;
		while (k < b_len && !ascii_is_alnum(b[k]))
			k++;
		if (i == a_len || k == b_len)
			return i == a_len && k == b_len && same > 0;
		if (strncasecmp(a + i, b + k, 1) != 0)
			return false;
	}
}

/* At a '[': notes the name that a link leads to.  True: its label is that name, too. */
static bool
find_label(struct pii_reader *p, size_t open, struct pii_match *m)
{
	const struct pii_text *t = &p->t;
	size_t close = markdown_label_end(t->s, t->len, open, LABEL_MAX);
	struct markdown_link link;

	p->label_end = 0;
	if (close == open || !markdown_link_read(t->s, t->len, close, &link))
		return false;
	for (size_t i = link.target; i < link.target_end; i++) {
		if (!find_at(&(struct pii_text){ t->s, link.target_end, link.target }, i, m))
			continue;
		p->name = (struct text_span){ m->name, m->end };
		if (memchr(t->s + open, '/', close - open) == NULL) /* else it is a URL itself */
			p->label_end = close;
		if (!is_same_name(t->s + m->name, m->end - m->name, t->s + open + 1,
			close - open - 1))
			return false;
		if (m->replacement[0] == '[' && t->s[open + 1] == '@')
			m->replacement = "@[user]";
		m->from = open + 1;
		m->end = close;
		return true;
	}
	return false;
}

/* The name of the link, as a word of its label. */
static bool
find_known(const struct pii_reader *p, size_t i, struct pii_match *m)
{
	const char *s = p->t.s;
	size_t len = p->name.end - p->name.from;

	*m = (struct pii_match){ i, i + len, i, "[user]" };
	return i < p->label_end && len >= KNOWN_MIN && i + len <= p->label_end
	    && strncasecmp(s + i, s + p->name.from, len) == 0
	    && !ascii_is_word(pii_before(&p->t, i)) && !ascii_is_word(s[i + len]);
}

static bool
find_any(struct pii_reader *p, size_t i, struct pii_match *m)
{
	if (p->t.s[i] == '[' && find_label(p, i, m))
		return true;
	return find_at(&p->t, i, m) || (p->label_end > 0 && find_known(p, i, m));
}

/* The kind of text in which find_any() begins with the character; 0: in none. */
static const unsigned char kind_of[256] = { ['@'] = PII_SIGNS,
	['/'] = PII_SIGNS,
	['\\'] = PII_SIGNS,
	['='] = PII_SIGNS,
	['#'] = PII_SIGNS,
	[':'] = PII_SIGNS,
	['.'] = PII_SIGNS,
	['['] = PII_SIGNS,
	['a'] = PII_WORDS,
	['A'] = PII_WORDS,
	['+'] = PII_DIGITS,
	['('] = PII_DIGITS,
	['0' ... '9'] = PII_DIGITS };

bool
pii_replace(const char *s, size_t len, struct buf *into)
{
	struct pii_reader p = { .t = { s, len, 0 } };
	unsigned kinds = pii_scan(s, len);
	struct pii_match m;

	if (kinds == 0)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (i >= p.label_end && (kind_of[(unsigned char)s[i]] & kinds) == 0)
			continue;
		if (!find_any(&p, i, &m))
			continue;
		if (p.t.low == 0)
			buf_clear(into);
		buf_add(into, s + p.t.low, m.from - p.t.low);
		buf_add_str(into, m.replacement);
		p.t.low = m.end;
		i = m.end - 1;
	}
	if (p.t.low == 0)
		return false;
	buf_add(into, s + p.t.low, len - p.t.low);
	return true;
}
