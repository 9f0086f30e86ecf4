/* pii_forms.c - of 2,000 made-up names, mentioned in every form that people use, none is left,
 * and the sentences around them are. */

#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text/clean_text.h"
#include "tests/tap.h"

enum { MENTIONS = 2000, LINE = 512, NAME = 64 };

/* '$' is the name, '~' the name with its signs escaped as markdown does it; a form that begins
 * with '-' is of a site whose names may have hyphens. */
static const char *const forms[] = {
	/* Reddit, Voat, Ruqqus */
	"-u/$",
	"-/u/$",
	"-/user/$",
	"-U/~",
	"r/u_$",
	"[$](/u/$)",
	"[@$](/user/$)",
	"[u/$](https://www.reddit.com/user/$)",
	"[his posts](https://old.reddit.com/u/$/comments)",
	"-https://www.reddit.com/user/$",
	"-reddit.com/u/$/comments/",
	"[PM me](https://www.reddit.com/message/compose?to=$&subject=x)",
	"https://www.reddit.com/message/compose/?subject=y&to=%2Fu%2F$",
	"[write to $](/message/compose/?to=/u/$)",
	"[@$](https://ruqqus.com/@$)",
	/* handles */
	"@$",
	"(@$)",
	"\"@~\"",
	".@$",
	"@$@mastodon.example",
	"[@$](https://twitter.com/$)",
	/* profiles */
	"https://twitter.com/$/status/123",
	"x.com/$",
	"https://mobile.twitter.com/$?lang=en",
	"instagram.com/$",
	"https://www.facebook.com/$",
	"-https://www.linkedin.com/in/$/",
	"-https://github.com/$/dotfiles",
	"-[$'s dotfiles](https://github.com/$/dotfiles)",
	"https://www.youtube.com/@$",
	"youtube.com/c/$",
	"https://www.youtube.com/user/$/videos",
	"https://www.tiktok.com/@$",
	"https://medium.com/@$/why-it-is-so-1a2b3c",
	"t.me/$",
	"<https://www.twitch.tv/$>",
	"https://soundcloud.com/$/song",
	"https://www.patreon.com/$",
	"https://steamcommunity.com/id/$/",
	"https://keybase.io/$",
	"paypal.me/$",
	"https://venmo.com/u/$",
	"https://stackoverflow.com/users/12345/$",
	"https://en.wikipedia.org/wiki/User:$",
	/* messengers */
	"$#1234",
	"Discord: $",
	"discord name: $#0042",
	"venmo: @$",
	"**Telegram:** $",
	/* e-mail */
	"$@host.example.com",
	"<mailto:$@host.example>",
	"[mail](mailto:$@host.example)",
	"$ at example dot com",
	"$ (at) example (dot) com",
	"$ [at] example [dot] co [dot] uk",
	"$ AT gmail DOT com",
	"$(at)example.com",
	"$@example dot com",
};

/* '$' is the mention. */
static const char *const carriers[] = {
	"Thanks $",
	"$ said something similar",
	"As mentioned by $, nothing helps",
	"My contact is $. Have fun",
	"Everybody agrees (see $), right?",
	"First line\n$\nthird line",
	"* item one\n* $\n* item three",
	"> quoted $ words\n\nanswer",
	"Look: $!",
	"**$** wins",
};

static uint64_t state = 17;

static size_t
dice(size_t n)
{
	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (size_t)(state >> 33) % n;
}

#define PICK(list) list[dice(sizeof(list) / sizeof(*(list)))]

/* A part of a name: "veldor", "Veldor", "VELDOR". */
static void
add_part(char *name)
{
	static const char *const syllables[] = { "vel", "dor", "kax", "miq", "zut", "pra", "lon",
		"gri", "bov", "wex", "fyn", "hul" };
	char part[16] = "";
	size_t how = dice(5);

	for (size_t n = 2 + dice(2); n > 0; n--)
		strcat(part, PICK(syllables));
	for (char *c = part; *c != '\0'; c++)
		if (how == 0 || (how < 3 && c == part))
			*c = (char)toupper(*c);
	strcat(name, part);
}

/* A name as people choose them: one or two parts, joined or not, digits, signs at the ends. */
static void
make_name(char *name, bool may_have_hyphen)
{
	static const char *const joints[] = { "", "_", "_", "-", "__" };
	static const char *const ends[] = { "", "", "", "1", "99", "1987", "_", "_x", "_4U",
		"007" };
	static const char *const begins[] = { "", "", "", "", "x_", "_", "The", "4" };

	strcpy(name, PICK(begins));
	add_part(name);
	if (dice(2) == 0) {
		strcat(name, PICK(joints));
		add_part(name);
	}
	strcat(name, PICK(ends));
	for (char *c = name; *c != '\0'; c++)
		if (*c == '-' && !may_have_hyphen)
			*c = '_';
}

static void
escape(const char *name, char *escaped)
{
	for (; *name != '\0'; name++) {
		if (*name == '_' || *name == '-')
			*escaped++ = '\\';
		*escaped++ = *name;
	}
	*escaped = '\0';
}

static void
fill(const char *form, const char *name, char *into)
{
	char escaped[2 * LINE];

	escape(name, escaped);
	for (; *form != '\0'; form++) {
		const char *part = *form == '$' ? name : *form == '~' ? escaped : NULL;

		if (part == NULL)
			*into++ = *form;
		else
			into = stpcpy(into, part);
	}
	*into = '\0';
}

/* Are the words of the carrier there, in order? */
static bool
has_words(const char *text, const char *carrier)
{
	char words[LINE], *save = NULL;

	strcpy(words, carrier);
	for (char *w = strtok_r(words, " \n", &save); w != NULL; w = strtok_r(NULL, " \n", &save)) {
		if (strchr(w, '$') != NULL)
			continue;
		if ((text = strstr(text, w)) == NULL)
			return false;
		text += strlen(w);
	}
	return true;
}

static bool
has_name(const char *text, const char *name)
{
	char escaped[2 * NAME];

	escape(name, escaped);
	return strcasestr(text, name) != NULL || strcasestr(text, escaped) != NULL;
}

static bool
is_readable(const char *text)
{
	return strstr(text, "[]") == NULL && strstr(text, "()") == NULL
	    && strstr(text, "](") == NULL && strstr(text, "  ") == NULL
	    && strstr(text, "://") == NULL;
}

static bool
try_mention(struct text_cleaner *c, const char *form, const char *carrier)
{
	char name[NAME], mention[LINE], raw[LINE], cleaned[2 * LINE];
	struct text text;

	make_name(name, *form == '-');
	fill(form + (*form == '-'), name, mention);
	fill(carrier, mention, raw);
	text = (struct text){ raw, strlen(raw) };
	clean_text(c, &text);
	snprintf(cleaned, sizeof(cleaned), "%.*s", (int)text.len, text.ptr);
	if (!has_name(cleaned, name) && has_words(cleaned, carrier) && is_readable(cleaned))
		return true;
	printf("# '%s' became '%s'\n", raw, cleaned);
	return false;
}

int
main(void)
{
	const size_t n = sizeof(forms) / sizeof(*forms);
	struct text_cleaner c = { 0 };

	for (size_t f = 0; f < n; f++) {
		int left = 0, tried = MENTIONS / (int)n + 1;

		for (int k = 0; k < tried; k++)
			left += !try_mention(&c, forms[f],
			    carriers[(size_t)k % (sizeof(carriers) / sizeof(*carriers))]);
		ok(left == 0, "%d names as %s: %d left", tried, forms[f] + (*forms[f] == '-'),
		    left);
	}
	text_cleaner_release(&c);
	return tap_done();
}
