/* print_schemas - prints the JSON Schema of a noun, to keep the files in schema/. */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "schema/nouns.h"

int
main(int argc, char **argv)
{
	static const struct layout *const parts[] = { &signal_layout,
		&intensities_layout, NULL };
	const struct layout *const *all[] = { noun_layouts, parts };
	struct buf b = { 0 };

	for (int k = 0; argc == 2 && k < 2; k++)
		for (int i = 0; all[k][i] != NULL; i++)
			if (strcmp(all[k][i]->name, argv[1]) == 0)
				noun_schema(all[k][i], &b);
	if (b.len == 0) {
		fputs("usage: print_schemas interaction|signal|intensities|"
		    "exchange|pair|record|benchmark\n", stderr);
		return 2;
	}
	fwrite(b.data, 1, b.len, stdout);
	buf_release(&b);
	return fflush(stdout) != 0 ? 2 : 0;
}
