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
type_of(const struct field *field)
{
	switch (field->type) {
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
		return field->of->name;
	case FIELD_LIST:
		return "list of";
	}
	return "";
}

static void
print_mdoc(const struct descriptor *d)
{
	printf("%s\n.Bl -tag -width Ds -compact\n", d->meaning);
	for (const struct field *field = d->field; field->name != NULL; field++) {
		printf(".It %s Pq %s%s%s%s\n%s\n", field->name, type_of(field),
		    field->type == FIELD_LIST ? " " : "",
		    field->type == FIELD_LIST ? field->of->name : "",
		    field->is_required ? "" : ", optional", field->meaning);
		for (int i = 0; field->values != NULL && field->values[i] != NULL; i++)
			printf("%s%s", i > 0 ? ", " : "", field->values[i]);
		if (field->values != NULL)
			puts(".");
	}
	puts(".El");
}

int
main(int argc, char **argv)
{
	const struct descriptor *d = argc > 1 ? find(argv[argc - 1]) : NULL;
	struct buf b = { 0 };

	if (d == NULL) {
		fputs("usage: print_schemas [--mdoc] message\n", stderr);
		return 2;
	}
	if (argc > 2) {
		print_mdoc(d);
	} else {
		message_json_schema(d, &b);
		fwrite(b.data, 1, b.len, stdout);
	}
	buf_release(&b);
	return fflush(stdout) != 0 ? 2 : 0;
}
