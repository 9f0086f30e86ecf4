/* opt_print.c - the faces of an option table: help and manual page. */

#include "config.h"

#include <ctype.h>
#include <string.h>

#include "lib/cli/opt_render.h"

/* Does a table have an option of its own in place of a common one? */
static bool
is_replaced(const struct opt *own, const struct opt *common)
{
	for (const struct opt *o = own; o->word != NULL; o++)
		if (strcmp(o->word, common->word) == 0)
			return true;
	return false;
}

void
opt_face_each(FILE *to, const struct tool *t, const struct opt *own, opt_face_fn *fn)
{
	for (const struct opt *o = own; o->word != NULL; o++)
		fn(to, o);
	for (const struct opt *o = tool_common(t); o->word != NULL; o++)
		if (!is_replaced(own, o))
			fn(to, o);
}

static void
each(FILE *to, const struct tool *t, opt_face_fn *fn)
{
	opt_face_each(to, t, t->opts, fn);
}

static void
help_line(FILE *to, const struct opt *o)
{
	char left[64];
	int n;

	n = snprintf(left, sizeof(left), "%c%c%c --%s%s%s",
	    o->letter ? '-' : ' ', o->letter ? o->letter : ' ',
	    o->letter ? ',' : ' ', o->word, o->arg ? " " : "",
	    o->arg ? o->arg : "");
	if (n > 26)
		fprintf(to, "  %s\n  %-26s  %s\n", left, "", o->help);
	else
		fprintf(to, "  %-26s  %s\n", left, o->help);
}

/* Dashes that a reader may copy are written \- for groff. */
static void
mdoc_text(FILE *to, const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s == '-' || *s == '\\')
			putc('\\', to);
		putc(*s == '\\' ? 'e' : *s, to);
	}
}

static void
mdoc_synopsis(FILE *to, const struct opt *o)
{
	fputs(".Op Fl ", to);
	if (o->letter)
		putc(o->letter, to);
	else
		fprintf(to, "\\-%s", o->word);
	if (o->arg)
		fprintf(to, " Ar %s", o->arg);
	putc('\n', to);
}

static void
mdoc_operands(FILE *to, const char *operands)
{
	size_t n = strlen(operands);

	if (n > 2 && operands[0] == '[')
		fprintf(to, ".Op Ar %.*s\n", (int)n - 2, operands + 1);
	else if (n > 0)
		fprintf(to, ".Ar %s\n", operands);
}

static void
mdoc_option(FILE *to, const struct opt *o)
{
	fputs(".It ", to);
	if (o->letter) {
		fprintf(to, "Fl %c", o->letter);
		if (o->arg)
			fprintf(to, " Ar %s", o->arg);
		fputs(" , ", to);
	}
	fprintf(to, "Fl \\-%s", o->word);
	if (o->arg)
		fprintf(to, " Ar %s", o->arg);
	putc('\n', to);
	putc(toupper((unsigned char)o->help[0]), to);
	mdoc_text(to, o->help + 1);
	fputs(".\n", to);
}

static void
word_line(FILE *to, const struct opt *o)
{
	fprintf(to, "--%s%s%s\n", o->word, o->arg ? " " : "",
	    o->arg ? o->arg : "");
}

void
opt_print(FILE *to, const struct tool *t, enum opt_view view)
{
	switch (view) {
	case OPT_HELP:
		fprintf(to, "usage: %s [options] %s\n\n%s - %s\n\n", t->name,
		    t->operands, t->name, t->gist);
		each(to, t, help_line);
		break;
	case OPT_MDOC_SYNOPSIS:
		fputs(".Nm\n", to);
		each(to, t, mdoc_synopsis);
		mdoc_operands(to, t->operands);
		break;
	case OPT_MDOC_OPTIONS:
		fputs(".Bl -tag -width Ds\n", to);
		each(to, t, mdoc_option);
		fputs(".El\n", to);
		break;
	case OPT_BASH:
	case OPT_ZSH:
	case OPT_FISH:
		opt_face_completion(to, t, view);
		break;
	case OPT_WORDS:
		each(to, t, word_line);
		break;
	}
}
