#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/core/arena.h"
#include "lib/core/random.h"
#include "stages/emit/partition.h"

/* The temperatures are for the costs of partition.h.  More sweeps than SWEEPS_MAX gain nothing on
 * the graphs that were tried; fewer give side 1 less than its share, at the same price an edge. */
enum { ODDS = 1024, SWEEPS_MIN = 60, SWEEPS_MAX = 500, VISITS = 400000000 };
static const double hottest = 0.75, coldest = 0.4; /* the former for each edge of a node */

struct annealing {
	const struct partition *p;
	struct spill_array incidences; /* of uint32_t: the edges of each node, one after another */
	struct spill_array begins;     /* of uint32_t: where those of a node begin; one more */
	struct spill_array counts;     /* of unsigned char: pins of each edge on side 1 */
	struct spill_array sizes;      /* the same, of all its pins */
	const uint32_t *incidence, *begin;
	unsigned char *count, *size;
	int64_t *lack;       /* of each group: edges that side 1 should have, less those it has */
	int64_t *gain;       /* of each group: the change of a step, 0 between steps */
	uint64_t odds[ODDS]; /* of accepting a step that costs so much, of 2^64 */
	double hot;          /* the first temperature */
	struct random random;
};

static int
reserve(struct annealing *a, const struct spill_array_limit *l, struct fault *f)
{
	const struct partition *p = a->p;
	size_t pins = 0;

	for (size_t i = 0; i < PARTITION_PINS * p->edges; i++)
		pins += p->pin[i] != PARTITION_NO_NODE;
	if (pins >= UINT32_MAX)
		return fault_stop(f, "the split holds at most %u places of users and threads",
		    UINT32_MAX);
	if (spill_array_resize(&a->incidences, pins * sizeof(uint32_t), l, f) < 0
	    || spill_array_resize(&a->begins, (p->nodes + 2) * sizeof(uint32_t), l, f) < 0
	    || spill_array_resize(&a->counts, p->edges, l, f) < 0
	    || spill_array_resize(&a->sizes, p->edges, l, f) < 0)
		return -2;
	a->hot = hottest * (double)pins / (double)(p->nodes + 1);
	a->count = a->counts.data;
	a->size = a->sizes.data;
	a->lack = arena_calloc(p->groups, sizeof(*a->lack));
	a->gain = arena_calloc(p->groups, sizeof(*a->gain));
	return 0;
}

/* A counting sort of the edges by node. */
static void
list_incidences(struct annealing *a)
{
	const struct partition *p = a->p;
	uint32_t *incidence = a->incidences.data, *begin = a->begins.data;

	for (size_t i = 0; i < PARTITION_PINS * p->edges; i++)
		if (p->pin[i] != PARTITION_NO_NODE) {
			begin[p->pin[i] + 2]++;
			a->size[i / PARTITION_PINS]++;
			a->count[i / PARTITION_PINS] += p->side[p->pin[i]];
		}
	for (size_t n = 2; n < p->nodes + 2; n++)
		begin[n] += begin[n - 1];
	for (size_t i = 0; i < PARTITION_PINS * p->edges; i++)
		if (p->pin[i] != PARTITION_NO_NODE)
			incidence[begin[p->pin[i] + 1]++] = (uint32_t)(i / PARTITION_PINS);
	a->incidence = incidence;
	a->begin = begin;
}

static void
set_lacks(struct annealing *a)
{
	const struct partition *p = a->p;
	int64_t *has = arena_calloc(p->groups, sizeof(*has));

	for (size_t i = 0; i < p->edges; i++) {
		a->lack[p->group[i]] += p->weight[i];
		has[p->group[i]] += a->count[i] == a->size[i] ? p->weight[i] : 0;
	}
	for (size_t g = 0; g < p->groups; g++)
		a->lack[g] = (int64_t)(p->share * (double)a->lack[g] + 0.5) - has[g];
	free(has);
}

/* exp(-1 / temperature), in basic operations alone: libraries differ in the last bit. */
static void
set_odds(struct annealing *a, double temperature)
{
	double base = 1 / (1 + 1 / temperature / 256), odds = 1;

	for (int i = 0; i < 8; i++)
		base *= base;
	for (int i = 0; i < ODDS; i++, odds *= base)
		a->odds[i] = i == 0 ? UINT64_MAX : (uint64_t)(odds * 0x1p63) * 2;
}

static int64_t
magnitude(int64_t x)
{
	return x < 0 ? -x : x;
}

/* What it costs to move a node to the other side. */
static int64_t
cost_of(struct annealing *a, uint32_t node, int step)
{
	const struct partition *p = a->p;
	int64_t cost = 0;

	for (uint32_t i = a->begin[node]; i < a->begin[node + 1]; i++) {
		const uint32_t e = a->incidence[i];
		const int size = a->size[e], was = a->count[e], is = was + step;

		cost += PARTITION_CUT * ((is > 0 && is < size) - (was > 0 && was < size));
		a->gain[p->group[e]] += p->weight[e] * ((is == size) - (was == size));
	}
	for (uint32_t i = a->begin[node]; i < a->begin[node + 1]; i++) {
		const uint32_t g = p->group[a->incidence[i]];

		cost += p->price * (magnitude(a->lack[g] - a->gain[g]) - magnitude(a->lack[g]));
		a->gain[g] = 0;
	}
	return cost;
}

static void
move(struct annealing *a, uint32_t node, int step)
{
	const struct partition *p = a->p;

	p->side[node] ^= 1;
	for (uint32_t i = a->begin[node]; i < a->begin[node + 1]; i++) {
		const uint32_t e = a->incidence[i];

		a->lack[p->group[e]] += a->count[e] == a->size[e] ? p->weight[e] : 0;
		a->count[e] = (unsigned char)(a->count[e] + step);
		a->lack[p->group[e]] -= a->count[e] == a->size[e] ? p->weight[e] : 0;
	}
}

static void
sweep(struct annealing *a)
{
	const struct partition *p = a->p;

	for (uint32_t n = 0; n < p->nodes; n++) {
		const int step = p->side[n] ? -1 : 1;
		int64_t cost;

		if (p->is_fixed != NULL && p->is_fixed[n])
			continue;
		cost = cost_of(a, n, step);
		if (cost <= 0
		    || (cost < ODDS && random_below(&a->random, UINT64_MAX) < a->odds[cost]))
			move(a, n, step);
	}
}

static struct partition_result
result_of(const struct annealing *a)
{
	struct partition_result r = { 0 };

	for (size_t i = 0; i < a->p->edges; i++) {
		r.second += a->count[i] == a->size[i];
		r.cut += a->count[i] > 0 && a->count[i] < a->size[i];
	}
	return r;
}

int
partition_divide(const struct partition *p, const struct spill_array_limit *l,
    struct partition_result *result, struct fault *f)
{
	struct annealing a = { .p = p, .random = random_stream(p->seed, 0) };
	size_t sweeps = VISITS / (p->edges + 1);
	int rc = reserve(&a, l, f);

	sweeps = sweeps < SWEEPS_MIN ? SWEEPS_MIN : sweeps > SWEEPS_MAX ? SWEEPS_MAX : sweeps;
	for (size_t n = 0; n < p->nodes; n++)
		if (p->is_fixed == NULL || !p->is_fixed[n])
			p->side[n] = 0;
	if (rc == 0) {
		list_incidences(&a);
		set_lacks(&a);
		for (size_t i = 0; i < sweeps; i++) {
			set_odds(&a, a.hot - (a.hot - coldest) * (double)i / (double)(sweeps - 1));
			sweep(&a);
		}
		*result = result_of(&a);
	}
	spill_array_release(&a.incidences);
	spill_array_release(&a.begins);
	spill_array_release(&a.counts);
	spill_array_release(&a.sizes);
	free(a.lack);
	free(a.gain);
	return rc;
}
