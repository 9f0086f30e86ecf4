#include "config.h"

#include <string.h>

#include "annotate/rules_phrase.h"

static bool
is_apostrophe(const char *s, size_t len, size_t *size)
{
	*size = 1;
	if (s[0] == '\'')
		return true;
	*size = 3;
	return len >= 3 && memcmp(s, "\xe2\x80\x99", 3) == 0;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
	    || (unsigned char)c >= 0x80;
}

static const char *
part_fault(const struct phrase_part *part)
{
	const char *s = part->text.ptr;
	size_t letters = 0, len = part->text.len, size;
	bool is_inner = false; /* the character before is a letter */

	if (len == 0)
		return "a word is missing next to '_' or '*'";
	for (size_t i = 0; i < len; i += size) {
		if (is_apostrophe(s + i, len - i, &size)) {
			if (!is_inner || i + size == len)
				return "an apostrophe must be between two letters";
			is_inner = false;
			continue;
		}
		if (!is_letter(s[i]))
			return "a word has only letters, digits and apostrophes; "
			       "join words with '_'";
		size = 1;
		is_inner = true;
		letters += ((unsigned char)s[i] & 0xc0) != 0x80;
	}
	return part->is_prefix && letters < PHRASE_PREFIX_MIN
	    ? "at least three letters must precede '*'"
	    : NULL;
}

const char *
rules_phrase_fault(const struct text *phrase)
{
	struct phrase_part part[PHRASE_WORDS_MAX];
	int n = phrase_split(phrase, part);
	const char *why = NULL;

	if (n < 0)
		return "a phrase has up to four words";
	for (int i = 0; i < n && why == NULL; i++)
		why = part_fault(&part[i]);
	return why;
}
