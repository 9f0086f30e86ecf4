#include "config.h"

#include <string.h>

#include "schema/direction.h"

struct direction
direction_neutral(void)
{
	struct direction d;

	memset(d.at, DIRECTION_NEUTRAL, sizeof(d.at));
	return d;
}

struct direction
direction_flipped(const struct direction *d)
{
	struct direction e;

	for (int i = 0; i < DIMENSIONS; i++)
		e.at[i] = (unsigned char)(DIRECTION_HIGH - d->at[i]);
	return e;
}

bool
direction_is_neutral(const struct direction *d)
{
	for (int i = 0; i < DIMENSIONS; i++)
		if (d->at[i] != DIRECTION_NEUTRAL)
			return false;
	return true;
}

void
direction_render(const struct direction *d, struct buf *b)
{
	bool is_first = true;

	for (int i = 0; i < DIMENSIONS; i++) {
		if (d->at[i] == DIRECTION_NEUTRAL)
			continue;
		if (!is_first)
			buf_add_str(b, ", ");
		buf_add_str(b, dimension_table[i].label[d->at[i] / 2]);
		is_first = false;
	}
}

/* The longest label that is a prefix of text: its length, or 0. */
static size_t
longest_label(const char *text, size_t len, int *dimension, int *pole)
{
	size_t best = 0;

	for (int i = 0; i < DIMENSIONS; i++)
		for (int p = 0; p < 2; p++) {
			const char *label = dimension_table[i].label[p];
			size_t n = strlen(label);

			if (n <= best || n > len || memcmp(label, text, n) != 0)
				continue;
			best = n;
			*dimension = i;
			*pole = p;
		}
	return best;
}

int
direction_parse(const char *text, size_t len, struct direction *d, struct fault *f)
{
	size_t at = 0;
	int dimension = 0, pole = 0;

	*d = direction_neutral();
	while (at < len) {
		size_t n = longest_label(text + at, len - at, &dimension, &pole);

		if (n == 0)
			return fault_at(f, (int64_t)at, "bad-profile",
			    "no label of a dimension begins here: '%.*s'",
			    (int)(len - at < 40 ? len - at : 40), text + at);
		if (d->at[dimension] != DIRECTION_NEUTRAL)
			return fault_at(f, (int64_t)at, "bad-profile",
			    "dimension %d (%s) appears twice", dimension,
			    dimension_table[dimension].key);
		d->at[dimension] = (unsigned char)(pole * DIRECTION_HIGH);
		at += n;
		if (at == len)
			return 0;
		if (len - at < 3 || memcmp(text + at, ", ", 2) != 0)
			return fault_at(f, (int64_t)at, "bad-profile",
			    "expected ', ' and another label");
		at += 2;
	}
	return 0;
}
