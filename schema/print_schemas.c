/* print_schemas - prints a message's descriptor as JSON Schema, for the files in schema/,
 * or with --mdoc as a list of fields, for alignx-formats(5). */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "schema/messages.h"

static const struct descriptor *const parts[] = { &source_pos_descriptor, &signal_descriptor,
	&intensities_descriptor, &ratings_descriptor, &thread_text_descriptor, &ugc_descriptor,
	&feedback_descriptor, &origin_descriptor, &provenance_descriptor, NULL };

static const struct descriptor *
find(const char *name)
{
	const struct descriptor *const *all[] = { message_descriptors, parts };

	for (int k = 0; k < 2; k++)
		for (int i = 0; all[k][i] != NULL; i++)
			if (strcmp(all[k][i]->name, name) == 0)
				return all[k][i];
	return NULL;
}

static const char *
type_of(const struct field *d)
{
	switch (d->type) {
	case FIELD_KIND:
	case FIELD_TEXT:
		return "text";
	case FIELD_ENUM:
		return "one of the values below";
	case FIELD_VERSION:
	case FIELD_INT:
		return "integer";
	case FIELD_REAL:
		return "number";
	case FIELD_BOOL:
		return "boolean";
	case FIELD_DIRECTION:
		return "direction";
	case FIELD_PERCENT:
		return "90 percentages";
	case FIELD_MAP:
		return d->of->name;
	case FIELD_LIST:
		return "list of";
	}
	return "";
}

static void
print_mdoc(const struct descriptor *l)
{
	printf("%s\n.Bl -tag -width Ds -compact\n", l->meaning);
	for (const struct field *d = l->field; d->name != NULL; d++) {
		printf(".It %s Pq %s%s%s%s\n%s\n", d->name, type_of(d),
		    d->type == FIELD_LIST ? " " : "", d->type == FIELD_LIST ? d->of->name : "",
		    d->is_required ? "" : ", optional", d->meaning);
		for (int i = 0; d->values != NULL && d->values[i] != NULL; i++)
			printf("%s%s", i > 0 ? ", " : "", d->values[i]);
		if (d->values != NULL)
			puts(".");
	}
	puts(".El");
}

int
main(int argc, char **argv)
{
	const struct descriptor *l = argc > 1 ? find(argv[argc - 1]) : NULL;
	struct buf b = { 0 };

	if (l == NULL) {
		fputs("usage: print_schemas [--mdoc] message\n", stderr);
		return 2;
	}
	if (argc > 2) {
		print_mdoc(l);
	} else {
		message_json_schema(l, &b);
		fwrite(b.data, 1, b.len, stdout);
	}
	buf_release(&b);
	return fflush(stdout) != 0 ? 2 : 0;
}
