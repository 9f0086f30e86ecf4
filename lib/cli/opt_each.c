#include "config.h"

#include <string.h>

#include "lib/cli/common_options.h"
#include "lib/cli/opt_each.h"

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
opt_each(FILE *to, const struct tool *t, const struct opt *own, opt_each_fn *fn)
{
	const struct opt *common = common_options_table(t->input != TOOL_OPERANDS);

	for (const struct opt *o = own; o->word != NULL; o++)
		fn(to, o);
	for (const struct opt *o = common; o->word != NULL; o++)
		if (!is_replaced(own, o))
			fn(to, o);
}
