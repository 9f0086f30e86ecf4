/* opt_print.c - the faces of an option table: help, manual page, completion. */

#include "config.h"

#include <ctype.h>
#include <string.h>

#include "lib/opt.h"
#include "lib/tool.h"

typedef void each_fn(FILE *to, const struct opt *o);

/* Does the program have an option of its own in place of a common one? */
static bool
is_replaced(const struct tool *t, const struct opt *common)
{
	for (const struct opt *o = t->opts; o->word != NULL; o++)
		if (strcmp(o->word, common->word) == 0)
			return true;
	return false;
}

static void
each(FILE *to, const struct tool *t, each_fn *fn)
{
	for (const struct opt *o = t->opts; o->word != NULL; o++)
		fn(to, o);
	for (const struct opt *o = tool_common(t); o->word != NULL; o++)
		if (!is_replaced(t, o))
			fn(to, o);
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
bash_words(FILE *to, const struct opt *o)
{
	fprintf(to, "--%s ", o->word);
	if (o->letter)
		fprintf(to, "-%c ", o->letter);
}

static void
bash_case(FILE *to, const struct opt *o)
{
	if (o->arg == NULL)
		return;
	fprintf(to, "\t--%s", o->word);
	if (o->letter)
		fprintf(to, "|-%c", o->letter);
	fputs(") COMPREPLY=($(compgen ", to);
	if (o->kind == OPT_CHOICE) {
		fputs("-W '", to);
		for (const char *p = o->choice; *p != '\0'; p++)
			putc(*p == '|' ? ' ' : *p, to);
		fputs("' ", to);
	} else if (o->kind == OPT_FILE) {
		fputs("-f ", to);
	}
	fputs("-- \"$cur\")); return ;;\n", to);
}

static void
zsh_line(FILE *to, const struct opt *o)
{
	const char *then = o->arg == NULL ? "" : o->kind == OPT_FILE
	    ? ":_files" : ":";

	if (o->letter)
		fprintf(to, "  '(-%c --%s)'{-%c,--%s}'[%s]%s%s%s' \\\n",
		    o->letter, o->word, o->letter, o->word, o->help,
		    o->arg ? ":" : "", o->arg ? o->arg : "", then);
	else
		fprintf(to, "  '--%s[%s]%s%s%s' \\\n", o->word, o->help,
		    o->arg ? ":" : "", o->arg ? o->arg : "", then);
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
	case OPT_BASH: {
		char fn[64];
		size_t i;

		for (i = 0; t->name[i] != '\0' && i + 1 < sizeof(fn); i++)
			fn[i] = t->name[i] == '-' ? '_' : t->name[i];
		fn[i] = '\0';
		fprintf(to, "_%s() {\n\tlocal cur=${COMP_WORDS[COMP_CWORD]}\n"
		    "\tcase ${COMP_WORDS[COMP_CWORD-1]} in\n", fn);
		each(to, t, bash_case);
		fputs("\tesac\n\tif [[ $cur == -* ]]; then\n"
		    "\t\tCOMPREPLY=($(compgen -W '", to);
		each(to, t, bash_words);
		fprintf(to, "' -- \"$cur\"))\n\telse\n"
		    "\t\tCOMPREPLY=($(compgen -f -- \"$cur\"))\n\tfi\n}\n"
		    "complete -F _%s %s\n", fn, t->name);
		break;
	}
	case OPT_ZSH:
		fprintf(to, "#compdef %s\n_arguments \\\n", t->name);
		each(to, t, zsh_line);
		fputs("  '*:file:_files'\n", to);
		break;
	case OPT_WORDS:
		each(to, t, word_line);
		break;
	}
}
