/* opt_completion.c - what a shell completes, from an option table and a list of
 * commands, if a program has some. */

#include "config.h"

#include <string.h>

#include "lib/cli/opt_render.h"

/* A text within single quotes; `special`: what the shell wants a backslash before. */
static void
quoted(FILE *to, const char *s, const char *special)
{
	for (; *s != '\0'; s++)
		if (*s == '\'')
			fputs("'\\''", to);
		else
			fprintf(to, "%s%c", strchr(special, *s) != NULL ? "\\" : "", *s);
}

static void
choices(FILE *to, const struct opt *o)
{
	for (const char *p = o->choice; *p != '\0'; p++)
		putc(*p == '|' ? ' ' : *p, to);
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
		choices(to, o);
		fputs("' ", to);
	} else if (o->kind == OPT_FILE) {
		fputs("-f ", to);
	}
	fputs("-- \"$cur\")); return ;;\n", to);
}

/* The first word is a command, and what follows are its options. */
static void
bash_commands(FILE *to, const struct tool *t)
{
	static const struct opt none = { 0 };

	fputs("\tlocal words='", to);
	for (const struct tool_command *c = t->commands; c->name != NULL; c++)
		fprintf(to, "%s ", c->name);
	opt_face_each(to, t, &none, bash_words);
	fputs("'\n\t(( COMP_CWORD == 1 )) || case ${COMP_WORDS[1]} in\n", to);
	for (const struct tool_command *c = t->commands; c->name != NULL; c++) {
		fprintf(to, "\t%s) words='", c->name);
		opt_face_each(to, t, c->opts, bash_words);
		fputs("' ;;\n", to);
	}
	fputs("\tesac\n\tif (( COMP_CWORD == 1 )) || [[ $cur == -* ]]; then\n", to);
}

static void
bash(FILE *to, const struct tool *t)
{
	char fn[64];
	size_t i;

	for (i = 0; t->name[i] != '\0' && i + 1 < sizeof(fn); i++)
		fn[i] = t->name[i] == '-' ? '_' : t->name[i];
	fn[i] = '\0';
	fprintf(to, "_%s() {\n\tlocal cur=${COMP_WORDS[COMP_CWORD]}\n"
	    "\tcase ${COMP_WORDS[COMP_CWORD-1]} in\n", fn);
	opt_face_each(to, t, t->opts, bash_case);
	fputs("\tesac\n", to);
	if (t->commands != NULL) {
		bash_commands(to, t);
	} else {
		fputs("\tlocal words='", to);
		opt_face_each(to, t, t->opts, bash_words);
		fputs("'\n\tif [[ $cur == -* ]]; then\n", to);
	}
	fprintf(to, "\t\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n\telse\n"
	    "\t\tCOMPREPLY=($(compgen -f -- \"$cur\"))\n\tfi\n}\n"
	    "complete -F _%s %s\n", fn, t->name);
}

static void
zsh_line(FILE *to, const struct opt *o)
{
	if (o->letter)
		fprintf(to, "  '(-%c --%s)'{-%c,--%s}'[", o->letter, o->word, o->letter,
		    o->word);
	else
		fprintf(to, "  '--%s[", o->word);
	quoted(to, o->help, "[]");
	putc(']', to);
	if (o->arg != NULL) {
		fprintf(to, ":%s:", o->arg);
		if (o->kind == OPT_FILE)
			fputs("_files", to);
		if (o->kind == OPT_CHOICE) {
			putc('(', to);
			choices(to, o);
			putc(')', to);
		}
	}
	fputs("' \\\n", to);
}

static void
zsh_arguments(FILE *to, const struct tool *t, const struct opt *own)
{
	fputs("_arguments \\\n", to);
	opt_face_each(to, t, own, zsh_line);
	fputs("  '*:file:_files'\n", to);
}

static void
zsh(FILE *to, const struct tool *t)
{
	static const struct opt none = { 0 };

	fprintf(to, "#compdef %s\n", t->name);
	if (t->commands == NULL) {
		zsh_arguments(to, t, t->opts);
		return;
	}
	fputs("local -a commands=(\n", to);
	for (const struct tool_command *c = t->commands; c->name != NULL; c++) {
		fprintf(to, "  '%s:", c->name);
		quoted(to, c->gist, ":");
		fputs("'\n", to);
	}
	fputs(")\nif (( CURRENT == 2 )) && [[ $PREFIX != -* ]]; then\n"
	    "_describe command commands\nreturn\nfi\n"
	    "(( CURRENT > 2 )) && shift words && (( CURRENT-- ))\ncase $words[1] in\n", to);
	for (const struct tool_command *c = t->commands; c->name != NULL; c++) {
		fprintf(to, "%s)\n", c->name);
		zsh_arguments(to, t, c->opts);
		fputs(";;\n", to);
	}
	fputs("*)\n", to);
	zsh_arguments(to, t, &none);
	fputs(";;\nesac\n", to);
}

static void
fish_line(FILE *to, const struct opt *o)
{
	fprintf(to, "complete $to -l %s", o->word);
	if (o->letter)
		fprintf(to, " -s %c", o->letter);
	if (o->arg != NULL && o->kind == OPT_CHOICE) {
		fputs(" -x -a '", to);
		choices(to, o);
		putc('\'', to);
	} else if (o->arg != NULL) {
		fputs(o->kind == OPT_FILE ? " -r -F" : " -x", to);
	}
	fputs(" -d '", to);
	quoted(to, o->help, "");
	fputs("'\n", to);
}

static void
fish(FILE *to, const struct tool *t)
{
	static const struct opt none = { 0 };

	fprintf(to, "set -l to -c %s", t->name);
	if (t->commands == NULL) {
		putc('\n', to);
		opt_face_each(to, t, t->opts, fish_line);
		return;
	}
	fputs(" -n __fish_use_subcommand\n", to);
	for (const struct tool_command *c = t->commands; c->name != NULL; c++) {
		fprintf(to, "complete $to -f -a %s -d '", c->name);
		quoted(to, c->gist, "");
		fputs("'\n", to);
	}
	opt_face_each(to, t, &none, fish_line);
	for (const struct tool_command *c = t->commands; c->name != NULL; c++) {
		fprintf(to, "set to -c %s -n '__fish_seen_subcommand_from %s'\n", t->name,
		    c->name);
		opt_face_each(to, t, c->opts, fish_line);
	}
}

void
opt_face_completion(FILE *to, const struct tool *t, enum opt_view view)
{
	if (view == OPT_BASH)
		bash(to, t);
	else if (view == OPT_ZSH)
		zsh(to, t);
	else
		fish(to, t);
}
