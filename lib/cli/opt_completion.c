#include "config.h"

#include <string.h>

#include "lib/cli/opt_completion.h"
#include "lib/cli/opt_each.h"

static const struct opt none[] = { { 0 } };

/* Inside single quotes; special: the characters that need a backslash. */
static void
put_quoted(FILE *to, const char *s, const char *special)
{
	for (; *s != '\0'; s++)
		if (*s == '\'')
			fputs("'\\''", to);
		else
			fprintf(to, "%s%c", strchr(special, *s) != NULL ? "\\" : "", *s);
}

static void
put_choices(FILE *to, const struct opt *o)
{
	for (const char *p = o->choice; *p != '\0'; p++)
		putc(*p == '|' ? ' ' : *p, to);
}

static void
put_names(FILE *to, const struct tool *t)
{
	for (const struct tool_command *c = t->commands; c->name != NULL; c++)
		fprintf(to, "%s ", c->name);
}

static bool
is_folder(const struct opt *o)
{
	return o->kind == OPT_FILE && strcmp(o->arg, "dir") == 0;
}

/* alignx runs programs of their own: each has its own completion. */
static bool
has_programs(const struct tool *t)
{
	return t->commands != NULL && t->commands->opts == NULL;
}

static void
bash_words(FILE *to, const struct opt *o)
{
	fprintf(to, "--%s ", o->word);
	if (o->letter)
		fprintf(to, "-%c ", o->letter);
}

/* What follows an option: words, names of files, or both; an argument of another kind
 * cannot be completed. */
static void
bash_argument(FILE *to, const struct opt *o)
{
	if (o->arg == NULL)
		return;
	fprintf(to, "\t--%s", o->word);
	if (o->letter)
		fprintf(to, "|-%c", o->letter);
	if (o->kind != OPT_FILE && o->choice == NULL) {
		fputs(") return ;;\n", to);
		return;
	}
	fputs(")", to);
	if (o->choice != NULL) {
		fputs(" words='", to);
		put_choices(to, o);
		putc('\'', to);
	}
	if (o->kind == OPT_FILE)
		fputs(is_folder(o) ? " files=-d" : " files=-f", to);
	fputs(" ;;\n", to);
}

/* Words for the first place are the commands; after one of them, its options. */
static void
bash_commands(FILE *to, const struct tool *t)
{
	fputs("\t*)\tif (( COMP_CWORD == 1 )); then\n\t\t\twords='", to);
	put_names(to, t);
	opt_each(to, t, none, bash_words);
	fputs("'\n\t\telif [[ $cur != -* ]]; then\n\t\t\tfiles=-f\n"
	      "\t\telse case ${COMP_WORDS[1]} in\n",
	    to);
	for (const struct tool_command *c = t->commands; c->name != NULL; c++) {
		fprintf(to, "\t\t\t%s) words='", c->name);
		opt_each(to, t, c->opts, bash_words);
		fputs("' ;;\n", to);
	}
	fputs("\t\tesac; fi ;;\n", to);
}

static void
bash_programs(FILE *to, const struct tool *t)
{
	fputs("\t*)\tlocal names=' help ", to);
	put_names(to, t);
	fputs("' program=${COMP_WORDS[1]}\n\t\tif (( COMP_CWORD == 1 )); then\n"
	      "\t\t\twords=\"$names ",
	    to);
	opt_each(to, t, none, bash_words);
	fputs("\"\n\t\telif [[ $program == help ]]; then\n\t\t\twords=$names\n"
	      "\t\telif [[ $names == *\" $program \"* ]]; then\n"
	      "\t\t\tlocal complete=_alignx_${program//-/_}\n"
	      "\t\t\tdeclare -F \"$complete\" >/dev/null ||\n"
	      "\t\t\t    eval \"$(\"${1:-alignx}\" \"$program\" --print-completion=bash)\"\n"
	      "\t\t\tCOMP_WORDS=(\"alignx-$program\" \"${COMP_WORDS[@]:2}\")\n"
	      "\t\t\t(( COMP_CWORD-- ))\n"
	      "\t\t\t\"$complete\" \"alignx-$program\"\n\t\t\treturn\n\t\tfi ;;\n",
	    to);
}

void
opt_completion_bash(FILE *to, const struct tool *t)
{
	char fn[64];
	size_t i;

	for (i = 0; t->name[i] != '\0' && i + 1 < sizeof(fn); i++)
		fn[i] = t->name[i] == '-' ? '_' : t->name[i];
	fn[i] = '\0';
	fprintf(to,
	    "_%s() {\n\tlocal cur=${COMP_WORDS[COMP_CWORD]} words= files=\n"
	    "\tlocal prev=${COMP_WORDS[COMP_CWORD-1]}\n"
	    "\t[[ $cur == = ]] && cur=\n" /* --option= is two words, --option=x three */
	    "\t[[ $prev == = ]] && prev=${COMP_WORDS[COMP_CWORD-2]}\n"
	    "\tcase $prev in\n",
	    fn);
	opt_each(to, t, t->opts, bash_argument);
	if (has_programs(t))
		bash_programs(to, t);
	else if (t->commands != NULL)
		bash_commands(to, t);
	else {
		fputs("\t*)\tfiles=-f\n\t\t[[ $cur == -* ]] && files= words='", to);
		opt_each(to, t, t->opts, bash_words);
		fputs("' ;;\n", to);
	}
	/* readline then adds / to a folder and a blank to anything else */
	fprintf(to,
	    "\tesac\n\t[[ $files ]] && compopt -o filenames 2>/dev/null\n"
	    "\tmapfile -t COMPREPLY < <(compgen $files -W \"$words\" -- \"$cur\")\n}\n"
	    "complete -F _%s %s\n",
	    fn, t->name);
}

static void
zsh_option(FILE *to, const struct opt *o)
{
	const char *equals = o->arg != NULL ? "=" : "";

	if (o->letter)
		fprintf(to, "  '(-%c --%s)'{-%c%s,--%s%s}'[", o->letter, o->word, o->letter,
		    o->arg != NULL ? "+" : "", o->word, equals);
	else
		fprintf(to, "  '--%s%s[", o->word, equals);
	put_quoted(to, o->help, "[]");
	putc(']', to);
	if (o->arg != NULL) {
		fprintf(to, ":%s:", o->arg);
		if (o->choice != NULL && o->kind == OPT_FILE) {
			fputs("{compadd ", to);
			put_choices(to, o);
			fputs("; _files}", to);
		} else if (o->choice != NULL) {
			putc('(', to);
			put_choices(to, o);
			putc(')', to);
		} else if (o->kind == OPT_FILE) {
			fputs(is_folder(o) ? "_files -/" : "_files", to);
		}
	}
	fputs("' \\\n", to);
}

static void
zsh_arguments(FILE *to, const struct tool *t, const struct opt *own)
{
	fputs("_arguments -s \\\n", to);
	opt_each(to, t, own, zsh_option);
	fputs("  '*:file:_files'\n", to);
}

static void
zsh_names(FILE *to, const struct tool *t)
{
	fputs("local -a commands=(\n", to);
	for (const struct tool_command *c = t->commands; c->name != NULL; c++) {
		fprintf(to, "  '%s:", c->name);
		put_quoted(to, c->summary, ":");
		fputs("'\n", to);
	}
	if (has_programs(t))
		fputs("  'help:list the programs, or show the options of one'\n", to);
	fputs(")\nif (( CURRENT == 2 )) && [[ $PREFIX != -* ]]; then\n"
	      "_describe command commands\nreturn\nfi\n",
	    to);
}

void
opt_completion_zsh(FILE *to, const struct tool *t)
{
	fprintf(to, "#compdef %s\n", t->name);
	if (t->commands == NULL) {
		zsh_arguments(to, t, t->opts);
		return;
	}
	zsh_names(to, t);
	if (has_programs(t)) {
		fputs("if (( CURRENT > 2 )); then\nif [[ $words[2] == help ]]; then\n"
		      "_describe command commands\nreturn\nfi\n"
		      "shift words\n(( CURRENT-- ))\nwords[1]=alignx-$words[1]\n_normal\n"
		      "return\nfi\n",
		    to);
		zsh_arguments(to, t, none);
		return;
	}
	fputs("(( CURRENT > 2 )) && shift words && (( CURRENT-- ))\ncase $words[1] in\n", to);
	for (const struct tool_command *c = t->commands; c->name != NULL; c++) {
		fprintf(to, "%s)\n", c->name);
		zsh_arguments(to, t, c->opts);
		fputs(";;\n", to);
	}
	fputs("*)\n", to);
	zsh_arguments(to, t, none);
	fputs(";;\nesac\n", to);
}

static void
fish_option(FILE *to, const struct opt *o)
{
	fprintf(to, "complete $to -l %s", o->word);
	if (o->letter)
		fprintf(to, " -s %c", o->letter);
	if (o->arg != NULL) {
		fputs(o->kind == OPT_FILE && !is_folder(o) ? " -r -F" : " -x", to);
		if (is_folder(o))
			fputs(" -a '(__fish_complete_directories)'", to);
		if (o->choice != NULL) {
			fputs(" -a '", to);
			put_choices(to, o);
			putc('\'', to);
		}
	}
	fputs(" -d '", to);
	put_quoted(to, o->help, "");
	fputs("'\n", to);
}

static void
fish_names(FILE *to, const struct tool *t)
{
	for (const struct tool_command *c = t->commands; c->name != NULL; c++) {
		fprintf(to, "complete $to -f -a %s -d '", c->name);
		put_quoted(to, c->summary, "");
		fputs("'\n", to);
	}
}

static void
fish_programs(FILE *to, const struct tool *t)
{
	fputs("complete $to -f -a help -d 'list the programs, or show the options of one'\n"
	      "function __alignx_program\n"
	      "\tset -l before (commandline -opc)\n"
	      "\tcomplete -C \"alignx-\"(string join ' ' -- (string escape -- $before[2..]) "
	      "(commandline -ct))\nend\n"
	      "complete -c alignx -f -n 'not __fish_use_subcommand; "
	      "and not __fish_seen_subcommand_from help' -a '(__alignx_program)'\n"
	      "set to -c alignx -n '__fish_seen_subcommand_from help'\n",
	    to);
	fish_names(to, t);
}

void
opt_completion_fish(FILE *to, const struct tool *t)
{
	fprintf(to, "set -l to -c %s", t->name);
	if (t->commands == NULL) {
		putc('\n', to);
		opt_each(to, t, t->opts, fish_option);
		return;
	}
	fputs(" -n __fish_use_subcommand\n", to);
	fish_names(to, t);
	opt_each(to, t, none, fish_option);
	if (has_programs(t)) {
		fish_programs(to, t);
		return;
	}
	for (const struct tool_command *c = t->commands; c->name != NULL; c++) {
		fprintf(to, "set to -c %s -n '__fish_seen_subcommand_from %s'\n", t->name, c->name);
		opt_each(to, t, c->opts, fish_option);
	}
}
