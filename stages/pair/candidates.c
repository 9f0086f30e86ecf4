#include "config.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "schema/direction_of.h"
#include "stages/pair/candidates.h"

/* The dimension of each rating. */
static const struct {
	size_t at;
	int dimension;
} rated[] = {
	{ offsetof(struct ratings, harmlessness), 40 },
	{ offsetof(struct ratings, instruction_following), 41 },
	{ offsetof(struct ratings, honesty), 42 },
	{ offsetof(struct ratings, truthfulness), 43 },
	{ offsetof(struct ratings, helpfulness), 44 },
	{ offsetof(struct ratings, coherence), 45 },
	{ offsetof(struct ratings, complexity), 46 },
	{ offsetof(struct ratings, verbosity), 16 },
};
enum { RATED = sizeof(rated) / sizeof(rated[0]), COMPARED_STYLE = 16, COMPARED_COHERENCE = 45 };

static int64_t
characters(const struct text *t)
{
	int64_t n = 0;

	for (size_t i = 0; i < t->len; i++)
		n += ((unsigned char)t->ptr[i] & 0xc0) != 0x80;
	return n;
}

bool
pair_is_eligible(const struct pair_rules *r, const struct interaction *x)
{
	int64_t n = characters(&x->text);

	return x->type != INTERACTION_POST && MESSAGE_HAS(&interaction_descriptor, x, intensities)
	    && n >= r->min_chars && n <= r->max_chars;
}

static bool
is_rated(const struct interaction *x)
{
	return MESSAGE_HAS(&interaction_descriptor, x, ratings);
}

bool
pair_may_be_preferred(const struct interaction *x)
{
	return is_rated(x) || x->source == SOURCE_REDDIT || x->source == SOURCE_GENERIC;
}

/* Responses of an alignment set are compared on the rated dimensions alone. */
static void
set_rated_dimensions(const struct interaction *a, const struct interaction *b,
    unsigned char *compared)
{
	memset(compared, 0, DIMENSIONS);
	for (int k = 0; k < RATED; k++)
		compared[rated[k].dimension] = message_has(&ratings_descriptor, &a->ratings,
						   rated[k].at)
		    && message_has(&ratings_descriptor, &b->ratings, rated[k].at);
}

static double
rating(const struct ratings *r, size_t at)
{
	double x;

	memcpy(&x, (const char *)r + at, sizeof(x));
	return x;
}

/* > 0: the first of two rated responses was rated better. */
static double
rating_difference(const struct interaction *a, const struct interaction *b)
{
	double sum = 0;

	for (int k = 0; k < RATED; k++)
		if (rated[k].dimension >= 40
		    && message_has(&ratings_descriptor, &a->ratings, rated[k].at)
		    && message_has(&ratings_descriptor, &b->ratings, rated[k].at))
			sum += rating(&a->ratings, rated[k].at) - rating(&b->ratings, rated[k].at);
	return sum;
}

static uint64_t
id_hash(const struct pair_rules *r, const struct interaction *x)
{
	return XXH3_64bits_withSeed(x->id.ptr, x->id.len, r->seed);
}

static bool
is_comparable(const struct pair_rules *r, const struct interaction *a, const struct interaction *b)
{
	double long_one = (double)characters(&a->text);
	double short_one = (double)characters(&b->text);

	if (MESSAGE_HAS(&interaction_descriptor, a, user)
	    && MESSAGE_HAS(&interaction_descriptor, b, user) && text_equals(&a->user, &b->user))
		return false;
	if (is_rated(a) != is_rated(b) || text_equals(&a->text, &b->text))
		return false;
	if (MESSAGE_HAS(&interaction_descriptor, a, rater)
		!= MESSAGE_HAS(&interaction_descriptor, b, rater)
	    || !text_equals(&a->rater, &b->rater))
		return false;
	if (short_one > long_one) {
		double swap = short_one;

		short_one = long_one;
		long_one = swap;
	}
	return r->max_ratio == 0 || long_one <= r->max_ratio * short_one;
}

static bool
has_time(const struct interaction *x)
{
	return MESSAGE_HAS(&interaction_descriptor, x, created);
}

/* Does the pair meet the conditions on score and time, as in SHP?  first is preferred. */
static bool
meets_conditions(const struct pair_rules *r, const struct interaction *first,
    const struct interaction *second)
{
	int64_t apart = first->created - second->created;

	if ((r->is_later_only || r->max_seconds_apart > 0)
	    && !(has_time(first) && has_time(second)))
		return false;
	if (r->is_later_only && apart <= 0)
		return false;
	if (r->max_seconds_apart > 0 && llabs(apart) > r->max_seconds_apart)
		return false;
	if (!r->is_by_score)
		return true;
	return MESSAGE_HAS(&interaction_descriptor, first, score)
	    && MESSAGE_HAS(&interaction_descriptor, second, score) && first->score > second->score
	    && (r->min_score_ratio == 0
		|| (second->score > 0
		    && (double)first->score >= r->min_score_ratio * (double)second->score));
}

/* Puts the preferred one first. */
static void
put_preferred_first(const struct pair_rules *r, const struct interaction **a,
    const struct interaction **b)
{
	const struct interaction *x = *a, *y = *b;
	bool is_swapped;

	if (is_rated(x) && rating_difference(x, y) != 0)
		is_swapped = rating_difference(x, y) < 0;
	else if (r->is_by_score)
		is_swapped = y->score > x->score;
	else
		is_swapped = ((id_hash(r, x) ^ id_hash(r, y)) & 1) != 0;
	if (is_swapped) {
		*a = y;
		*b = x;
	}
}

/* Which answer has more, if that is sure enough. */
static unsigned char
compare_answers(const struct pair_rules *r, int dimension, const struct interaction *a,
    const struct interaction *b)
{
	double first = compare_probability(r->compare, dimension, a, b);
	double second = compare_probability(r->compare, dimension, b, a);

	if (fmax(first, second) < r->min_confidence)
		return DIRECTION_NEUTRAL;
	return first > second ? DIRECTION_HIGH : DIRECTION_LOW;
}

static struct direction
find_direction(const struct pair_rules *r, const struct interaction *a, const struct interaction *b)
{
	unsigned char compared[DIMENSIONS];
	struct direction d;

	if (is_rated(a)) {
		set_rated_dimensions(a, b, compared);
		return direction_of_difference(&a->intensities, &b->intensities, compared,
		    r->dead_zone);
	}
	d = direction_of_pair(&a->intensities, &b->intensities, r->dead_zone);
	for (int i = 0; r->compare != NULL && i < DIMENSIONS; i++)
		if (compare_has(r->compare, i))
			d.at[i] = compare_answers(r, i, a, b);
	return d;
}

void
pair_evidence(const struct pair_rules *r, const struct interaction *first,
    const struct interaction *second, const struct direction *direction,
    int8_t evidence[DIMENSIONS])
{
	const struct intensities *a = &first->intensities, *b = &second->intensities;

	for (int i = 0; i < DIMENSIONS; i++) {
		const int sign = direction->at[i] - DIRECTION_NEUTRAL;
		const int of_first = sign * a->value[i] * a->confidence[i];
		const int of_second = -sign * b->value[i] * b->confidence[i];

		evidence[i] = (int8_t)(sign == 0 ? EVIDENCE_NONE
			: is_rated(first)        ? EVIDENCE_RATED
			: r->compare != NULL && compare_has(r->compare, i)
			? i == COMPARED_STYLE || i >= COMPARED_COHERENCE ? EVIDENCE_STYLE
									 : EVIDENCE_DONE
			: of_first >= of_second ? a->evidence[i]
						: b->evidence[i]);
	}
}

static int
try_pair(const struct pair_rules *r, const struct interaction *a, const struct interaction *b,
    pair_found_fn *found, void *with, struct fault *f)
{
	struct direction d;
	int rc;

	if (!is_comparable(r, a, b))
		return 0;
	put_preferred_first(r, &a, &b);
	if (!is_rated(a) && !meets_conditions(r, a, b))
		return 0;
	d = find_direction(r, a, b);
	if (direction_is_neutral(&d))
		return 0;
	rc = found(with, a, b, &d, f);
	return rc < 0 ? rc : 1;
}

struct hashed_response {
	uint64_t hash;
	const struct interaction *x;
};

static int
by_hash(const void *va, const void *vb)
{
	const struct hashed_response *a = va, *b = vb;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return text_compare(&a->x->id, &b->x->id);
}

static void
shuffle(const struct pair_rules *r, const struct interaction **x, size_t n)
{
	struct hashed_response *all = calloc(n, sizeof(*all));

	if (all == NULL)
		arena_out_of_memory();
	for (size_t i = 0; i < n; i++)
		all[i] = (struct hashed_response){ id_hash(r, x[i]), x[i] };
	qsort(all, n, sizeof(*all), by_hash);
	for (size_t i = 0; i < n; i++)
		x[i] = all[i].x;
	free(all);
}

int
pair_candidates(const struct pair_rules *r, const struct interaction **x, size_t n,
    pair_found_fn *found, void *with, struct fault *f)
{
	if (n < 2)
		return 0;
	shuffle(r, x, n);
	for (size_t i = 0; i < n; i++) {
		long made = 0;

		for (size_t k = i + 1; k < n && k - i <= (size_t)r->tries && made < r->per_response;
		     k++) {
			int rc = try_pair(r, x[i], x[k], found, with, f);

			if (rc < 0)
				return rc;
			made += rc;
		}
	}
	return 0;
}
