#include "config.h"

#include "stages/score/prompt.h"
#include "stages/score/read_rows.h"

#define PAIR_TEXT(field_name, what) \
	{ \
		.name = #field_name, .type = FIELD_TEXT, .is_required = true, \
		.at = offsetof(struct record, field_name), .low = 0, .high = INT32_MAX, \
		.meaning = what \
	}

static const struct field pair_fields[] = {
	PAIR_TEXT(prompt, "What asks for a response."),
	PAIR_TEXT(chosen, "The better response."),
	PAIR_TEXT(rejected, "The other one."),
	{ 0 },
};

static const struct descriptor pair_row_descriptor = { .name = "pair of texts",
	.version = 1,
	.size = sizeof(struct record),
	.field = pair_fields,
	.meaning = "A plain pair." };

int
read_row(const msgpack_object *tree, bool is_pair, struct arena *a, struct record *r,
    const struct descriptor **descriptor, struct fault *f)
{
	const struct descriptor *d = is_pair ? &pair_row_descriptor
					     : message_descriptor_of(tree, f);

	if (d == NULL)
		return -1;
	if (!is_pair && d != &record_descriptor && d != &benchmark_descriptor)
		return fault_set(f, "wrong-kind",
		    "expected a record or a row of a test set, "
		    "found %s",
		    d->name);
	*descriptor = d;
	return message_decode(d, tree, a, r, f);
}

int
direction_agreement(const struct record *r, const struct descriptor *descriptor,
    bool uses_released_rounding, int *sum, struct fault *f)
{
	struct direction d;

	if (!MESSAGE_HAS(descriptor, r, direction))
		return fault_set(f, "missing-field",
		    "this row has no Preference Direction "
		    "to compare with");
	if (prompt_profile(r, uses_released_rounding, &d, f) < 0)
		return -1;
	*sum = 0;
	for (int i = 0; i < DIMENSIONS; i++)
		*sum += (d.at[i] - 1) * (r->direction.at[i] - 1);
	return 0;
}
