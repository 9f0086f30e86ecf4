/* schema.c - the preference space: dimensions, directions, profiles, descriptions. */

#include "config.h"

#include <string.h>

#include "schema/demographic.h"
#include "schema/direction_of.h"
#include "schema/profile.h"
#include "tests/tap.h"

static bool
renders(struct direction d, const char *want)
{
	struct buf b = { 0 };
	bool is_same;

	direction_render(&d, &b);
	is_same = b.len == strlen(want) && (b.len == 0 || memcmp(b.data, want, b.len) == 0);
	buf_release(&b);
	return is_same;
}

static void
test_table(void)
{
	int counts[5] = { 0 };
	const char *const groups[] = { "DDT", "CPN", "WLS", "CQ", "INT" };
	bool are_distinct = true;

	for (int i = 0; i < DIMENSIONS; i++)
		for (int k = 0; k < 5; k++)
			counts[k] += strcmp(dimension_table[i].group, groups[k]) == 0;
	ok(counts[0] == 7 && counts[1] == 21 && counts[2] == 12 && counts[3] == 7
		&& counts[4] == 43,
	    "groups have 7, 21, 12, 7 and 43");
	ok(strcmp(dimension_table[0].label[1], "Young") == 0, "0: 1 is young");
	ok(strcmp(dimension_table[1].label[1], "Female") == 0, "1: 1 is female");
	ok(strncmp(dimension_table[14].label[1], "Prefers superficial", 19) == 0,
	    "14: 1 is superficial");
	ok(strcmp(dimension_table[16].label[1], "Concise communication style") == 0,
	    "16: 1 is concise");
	ok(strcmp(dimension_table[54].label[0], "Dislikes wild imagination") == 0,
	    "54 is wild imagination");
	ok(dimension_find("fashion", 7) == 89 && dimension_find("no", 2) < 0,
	    "dimensions are found by key");
	for (int i = 0; i < 2 * DIMENSIONS; i++)
		for (int k = 0; k < i; k++)
			are_distinct &= strcmp(dimension_table[i / 2].label[i % 2],
					    dimension_table[k / 2].label[k % 2])
			    != 0;
	ok(are_distinct, "all 180 labels differ");
}

static void
test_labels(void)
{
	struct direction d = direction_neutral(), e;
	struct fault f = FAULT_NONE;
	struct buf b = { 0 };
	bool is_same = true;

	for (int i = 0; i < DIMENSIONS; i++)
		for (int pole = 0; pole <= 2; pole += 2) {
			d = direction_neutral();
			d.at[i] = (unsigned char)pole;
			d.at[(i * 7 + 3) % DIMENSIONS] = DIRECTION_LOW;
			buf_clear(&b);
			direction_render(&d, &b);
			is_same &= direction_parse(b.data, b.len, &e, &f) == 0
			    && memcmp(&d, &e, sizeof(d)) == 0;
		}
	ok(is_same, "every label is parsed to its dimension and pole");
	ok(direction_parse("Young, Mail", 11, &e, &f) < 0 && f.at == 7,
	    "an unknown label is located: %s", f.text);
	fault_clear(&f);
	ok(direction_parse("Young, Older", 12, &e, &f) < 0,
	    "a dimension that appears twice is refused: %s", f.text);
	ok(direction_parse("", 0, &e, &f) == 0 && direction_is_neutral(&e),
	    "an empty profile is neutral");
	d = direction_neutral();
	d.at[3] = DIRECTION_HIGH;
	d = direction_flipped(&d);
	ok(d.at[3] == DIRECTION_LOW && d.at[4] == DIRECTION_NEUTRAL,
	    "flipping swaps the poles and leaves neutral alone");
	buf_release(&b);
}

/* A history in which dimension i has high[i] items at 1, low[i] at 0. */
static struct direction
history(uint32_t items, uint32_t high, uint32_t low)
{
	struct profile p = { 0 };

	for (uint32_t k = 0; k < items; k++) {
		struct direction d = direction_neutral();

		d.at[9] = k < high   ? DIRECTION_HIGH
		    : k < high + low ? DIRECTION_LOW
				     : DIRECTION_NEUTRAL;
		profile_add(&p, &d);
	}
	return profile_direction(&p);
}

static void
test_profile(void)
{
	ok(renders(history(5, 3, 2), "Likes sleep"), "3 of 5 is 0.6 and passes");
	ok(renders(history(5, 2, 3), "Dislikes sleep"), "2 of 5 is 0.4 and passes");
	ok(renders(history(4, 1, 0), "Likes sleep"), "0.625 passes");
	ok(renders(history(10, 1, 0), "Likes sleep"),
	    "no dimension passes: the high extreme is taken");
	ok(renders(history(10, 0, 1), "Dislikes sleep"),
	    "no dimension passes: the low extreme is taken");
	ok(renders(history(4, 0, 0), ""), "all neutral stays neutral");
	ok(renders(history(0, 0, 0), ""), "an empty history is neutral");
	ok(renders(history(8, 2, 2), ""), "balanced stays neutral");
}

static void
test_direction_of(void)
{
	struct intensities a = { .value = { [7] = 50, [8] = -50, [9] = 21 },
		.confidence = { [7] = 100, [8] = 100, [9] = 50 } };
	struct intensities b = { .value = { [8] = 50 }, .confidence = { [8] = 20 } };
	unsigned char compared[DIMENSIONS] = { [8] = 1 };
	struct direction d = direction_of_text(&a, 0.1);

	ok(d.at[7] == DIRECTION_HIGH && d.at[8] == DIRECTION_LOW && d.at[9] == DIRECTION_HIGH,
	    "a text has a direction beyond the dead zone");
	d = direction_of_text(&a, 0.105);
	ok(d.at[9] == DIRECTION_NEUTRAL, "on the edge of the dead zone it is neutral");
	d = direction_of_difference(&a, &b, NULL, 0.1);
	ok(d.at[7] == DIRECTION_HIGH && d.at[8] == DIRECTION_LOW, "a difference has its sign");
	d = direction_of_difference(&b, &a, compared, 0.1);
	ok(d.at[8] == DIRECTION_HIGH && d.at[7] == DIRECTION_NEUTRAL,
	    "swapped, and only on the dimensions that are compared");
}

/* What only one of two texts surely shows. */
static void
test_direction_of_pair(void)
{
	struct intensities a = { .value = { 90, 90, 90, 30, 90, 90 },
		.confidence = { 50, 50, 50, 49, 50, 100 } };
	struct intensities b = { .value = { 0, 90, 90, 0, -90, 90 },
		.confidence = { 0, 20, 21, 0, 60, 0 } };
	struct direction d = direction_of_pair(&a, &b, 0.1), back = direction_of_pair(&b, &a, 0.1);
	bool is_flipped = true;

	ok(d.at[0] == DIRECTION_HIGH, "the first shows it, the second does not");
	ok(d.at[1] == DIRECTION_HIGH, "the second hardly shows it");
	ok(d.at[2] == DIRECTION_NEUTRAL, "the second may show it");
	ok(d.at[3] == DIRECTION_NEUTRAL, "the first shows it less likely than not");
	ok(d.at[4] == DIRECTION_HIGH, "each shows another pole");
	for (int i = 0; i < DIMENSIONS; i++)
		is_flipped &= d.at[i] == 2 - back.at[i];
	ok(is_flipped, "swapped texts flip the direction");
}

static void
test_demographic(void)
{
	struct demographic d = { direction_neutral(), direction_neutral() };
	struct buf b = { 0 };

	demographic_render(&d, 0, &b);
	ok(b.len == 0, "a neutral direction has no description");
	d.sure.at[63] = DIRECTION_HIGH;
	d.sure.at[64] = DIRECTION_HIGH;
	d.sure.at[75] = DIRECTION_LOW;
	d.sure.at[16] = DIRECTION_HIGH;
	demographic_render(&d, 0, &b);
	buf_add_byte(&b, '\0');
	ok(strcmp(b.data,
	       "This person likes cars and gourmet food. This person "
	       "dislikes reading.\nThis person keeps it brief.")
		== 0,
	    "interests, then portrait");
	buf_clear(&b);
	demographic_render(&d, 1, &b);
	ok(strncmp(b.data, "This person keeps it brief.\n", 28) == 0,
	    "the portrait may come first");
	buf_clear(&b);
	d.likely.at[74] = DIRECTION_HIGH;
	d.likely.at[3] = DIRECTION_LOW;
	demographic_render(&d, 0, &b);
	buf_add_byte(&b, '\0');
	ok(strcmp(b.data,
	       "This person likes cars and gourmet food. This person dislikes reading. This person seems "
	       "to like music.\nThis person keeps it brief. This person seems to be someone who is "
	       "reserved and recharges alone.")
		== 0,
	    "what is only likely is hedged");
	d.likely = direction_neutral();
	for (int i = 0; i < DIMENSIONS; i++)
		for (int pole = 0; pole <= 2 && i < 47; pole += 2) {
			d.sure = direction_neutral();
			d.sure.at[i] = (unsigned char)pole;
			buf_clear(&b);
			demographic_render(&d, 0, &b);
			buf_add_byte(&b, '\0');
			if (strstr(b.data, dimension_table[i].label[pole / 2]) != NULL)
				ok(false, "the clause for label %d/%d does not quote the label", i,
				    pole);
		}
	buf_release(&b);
}

int
main(void)
{
	test_table();
	test_labels();
	test_profile();
	test_direction_of();
	test_direction_of_pair();
	test_demographic();
	return tap_done();
}
