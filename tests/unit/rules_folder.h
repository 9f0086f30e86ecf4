/* rules_folder.h - a test writes rules into a temporary folder. */

#ifndef ALIGNX_TESTS_UNIT_RULES_FOLDER_H
#define ALIGNX_TESTS_UNIT_RULES_FOLDER_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "annotate/rules.h"

/* Writes a file into a folder that is made at first. */
static const char *
rules_folder_put(const char *name, const char *text)
{
	static char folder[64];
	char file[128];
	FILE *to;

	if (folder[0] == '\0') {
		strcpy(folder, "/tmp/alignx-rules-XXXXXX");
		if (mkdtemp(folder) == NULL)
			abort();
	}
	snprintf(file, sizeof(file), "%s/%s", folder, name);
	if (text == NULL) {
		unlink(file);
		return folder;
	}
	if ((to = fopen(file, "w")) == NULL)
		abort();
	fputs(text, to);
	fclose(to);
	return folder;
}

/* A rule with all it needs, except what is given. */
#define RULE(id, rest) \
	"rule " id "\ndimension pets\npole 1\nweight 1\n" rest "\nmatch x\nreject y\n\n"

#endif
