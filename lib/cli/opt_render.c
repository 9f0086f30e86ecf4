#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/cli/opt_completion.h"
#include "lib/cli/opt_each.h"
#include "lib/cli/opt_render.h"

enum { WIDTH = 80, WIDTH_MIN = 50, WIDTH_MAX = 1000, HELP_COLUMN = 30 };

static int
line_width(FILE *to)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	long n = WIDTH;

	if (!isatty(fileno(to)))
		return WIDTH;
	if (columns != NULL && strtol(columns, NULL, 10) > 0)
		n = strtol(columns, NULL, 10);
	else if (ioctl(fileno(to), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		n = size.ws_col;
	return n < WIDTH_MIN ? WIDTH_MIN : n > WIDTH_MAX ? WIDTH_MAX : (int)n;
}

/* A text that starts at a column and is wrapped there. */
static void
put_wrapped(FILE *to, int column, const char *text)
{
	int width = line_width(to), at = column;

	while (*text != '\0') {
		int n = (int)strcspn(text, " ");

		if (at > column && at + 1 + n > width) {
			fprintf(to, "\n%*s", column, "");
			at = column;
		}
		at += fprintf(to, "%s%.*s", at > column ? " " : "", n, text);
		text += n + strspn(text + n, " ");
	}
	putc('\n', to);
}

/* A name, then a text. */
static void
put_item(FILE *to, const char *name, int column, const char *text)
{
	fprintf(to, "  %-*s", column - 2, name);
	if ((int)strlen(name) > column - 4)
		fprintf(to, "\n%*s", column, "");
	put_wrapped(to, column, text);
}

static void
help_option(FILE *to, const struct opt *o)
{
	char name[64];

	snprintf(name, sizeof(name), "%c%c%c --%s%s%s", o->letter ? '-' : ' ',
	    o->letter ? o->letter : ' ', o->letter ? ',' : ' ', o->word, o->arg ? " " : "",
	    o->arg ? o->arg : "");
	put_item(to, name, HELP_COLUMN, o->help);
}

static void
help_commands(FILE *to, const struct tool *t)
{
	int widest = 0;

	put_wrapped(to, 0,
	    t->commands->opts == NULL ? "programs (alignx help PROGRAM shows the options "
					"of one; each has a manual page):"
				      : "commands:");
	for (const struct tool_command *c = t->commands; c->name != NULL; c++)
		if ((int)strlen(c->name) > widest)
			widest = (int)strlen(c->name);
	for (const struct tool_command *c = t->commands; c->name != NULL; c++)
		put_item(to, c->name, widest + 4, c->summary);
	putc('\n', to);
}

static void
help(FILE *to, const struct tool *t)
{
	fprintf(to, "usage: %s [options] %s\n\n%s - %s\n\n", t->name, t->operands, t->name,
	    t->summary);
	if (t->commands != NULL && t->commands->name != NULL)
		help_commands(to, t);
	opt_each(to, t, t->opts, help_option);
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

/* "each: ..." explains a word that is typed, or names the command that has the option. */
static bool
begins_with_literal(const char *help)
{
	size_t n = strcspn(help, " ");

	return n > 0 && help[n - 1] == ':';
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
	putc(begins_with_literal(o->help) ? o->help[0] : toupper((unsigned char)o->help[0]), to);
	mdoc_text(to, o->help + 1);
	fputs(".\n", to);
}

static void
word_line(FILE *to, const struct opt *o)
{
	fprintf(to, "--%s%s%s\n", o->word, o->arg ? " " : "", o->arg ? o->arg : "");
}

static void
mdoc_programs(FILE *to, const struct tool *t)
{
	for (const struct tool_command *c = t->commands; c != NULL && c->name != NULL; c++)
		fprintf(to, ".It Xr %s-%s 1\n%s\n", t->name, c->name, c->summary);
}

void
opt_render(FILE *to, const struct tool *t, enum opt_view view)
{
	switch (view) {
	case OPT_HELP:
		help(to, t);
		break;
	case OPT_MAN_SUMMARY:
		fprintf(to, "%s\n", t->summary);
		break;
	case OPT_MAN_SYNOPSIS:
		fputs(".Nm\n", to);
		opt_each(to, t, t->opts, mdoc_synopsis);
		mdoc_operands(to, t->operands);
		break;
	case OPT_MAN_OPTIONS:
		fputs(".Bl -tag -width Ds\n", to);
		opt_each(to, t, t->opts, mdoc_option);
		fputs(".El\n", to);
		break;
	case OPT_MAN_PROGRAMS:
		mdoc_programs(to, t);
		break;
	case OPT_BASH:
		opt_completion_bash(to, t);
		break;
	case OPT_ZSH:
		opt_completion_zsh(to, t);
		break;
	case OPT_FISH:
		opt_completion_fish(to, t);
		break;
	case OPT_WORDS:
		opt_each(to, t, t->opts, word_line);
		break;
	}
}
