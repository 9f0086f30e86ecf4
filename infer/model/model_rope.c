#include "config.h"

#include <math.h>
#include <string.h>

#include "infer/model/model_loader.h"

/* How rotary frequencies are stretched for long contexts. */
struct stretch {
	enum { STRETCH_NONE, STRETCH_LINEAR, STRETCH_YARN, STRETCH_LLAMA3 } how;
	double factor, base;
	double original;		/* the context before */
	double low, high;		/* Llama 3.1: wavelengths of the original context */
	double from, to;		/* YaRN: the pairs between which it sets in */
	const float *by;		/* a divisor of each pair that the file brings; NULL */
};

static int
read_how(const struct opening *o, struct stretch *s)
{
	static const char *const names[] = { "none", "linear", "yarn", "llama3",
		"longrope" };
	struct directory_text t = { "linear", 6 };

	opening_text(o, "rope.scaling.type", &t);
	s->factor = opening_real_or(o, "rope.scaling.factor", 1);
	for (int i = 0; i < 5; i++)
		if (t.len == strlen(names[i]) && memcmp(t.ptr, names[i], t.len) == 0) {
			s->how = s->by != NULL || i == 4 || !(s->factor > 0) ? STRETCH_NONE : i;
			return 0;
		}
	return fault_stop(o->fault, "%s: rotary scaling of type %.*s is not "
	    "understood", o->file, (int)(t.len < 32 ? t.len : 32), t.ptr);
}

/* The pair that turns so often over the original context (Peng et al. 2023,
 * section 3.2), as a real. */
static double
pair_of_turns(const struct stretch *s, double turns, size_t size)
{
	return (double)size * log(s->original / (turns * 2 * M_PI)) / (2 * log(s->base));
}

static void
set_ramp(const struct opening *o, struct stretch *s, size_t size)
{
	s->from = fmax(0, floor(pair_of_turns(s,
	    opening_real_or(o, "rope.scaling.yarn_beta_fast", 32), size)));
	s->to = fmin((double)size - 1, ceil(pair_of_turns(s,
	    opening_real_or(o, "rope.scaling.yarn_beta_slow", 1), size)));
	if (!(s->to - s->from >= 0.001))
		s->to = s->from + 0.001;
}

/* Radians a position of pair i: base^(-2i/n), stretched. */
static double
frequency(const struct stretch *s, size_t i, size_t size)
{
	double f = pow(s->base, -2.0 * (double)i / (double)size), part;

	switch (s->how) {
	case STRETCH_NONE:
		return s->by != NULL ? f / (double)s->by[i] : f;
	case STRETCH_LINEAR:
		return f / s->factor;
	case STRETCH_YARN:		/* slow pairs wholly, fast ones not at all */
		part = fmin(1, fmax(0, ((double)i - s->from) / (s->to - s->from)));
		return f / s->factor * part + f * (1 - part);
	case STRETCH_LLAMA3:		/* the same, by turns instead of by number */
		part = (s->original * f / (2 * M_PI) - s->low) / (s->high - s->low);
		part = fmin(1, fmax(0, part));
		return f / s->factor * (1 - part) + f * part;
	}
	return f;
}

/* Divisors of each pair: Llama 3.1's, or those for texts of the model's length. */
static int
read_factors(const struct opening *o, size_t original, const float **by)
{
	const struct directory *d = &o->m->file;
	const char *name = "rope_freqs.weight";

	if (directory_find(d, "rope_factors_long.weight") != NULL)
		name = o->m->context > original ? "rope_factors_long.weight"
		    : "rope_factors_short.weight";
	return opening_vector(o, directory_find(d, name), o->m->rope_size / 2, by);
}

static int
read_rope(const struct opening *o)
{
	struct model *m = o->m;
	struct stretch s = { .base = opening_real_or(o, "rope.freq_base", 10000),
		.low = opening_real_or(o, "rope.scaling.low_freq_factor", 1),
		.high = opening_real_or(o, "rope.scaling.high_freq_factor", 4) };
	size_t original, half, most = m->head_size;
	double partial = opening_real_or(o, "rope.partial", 1);

	if (opening_want(o, "rope.dimension_count", most,
	    (size_t)((double)most * partial), &m->rope_size) < 0
	    || opening_want(o, "rope.scaling.original_context_length",
	    OPENING_CONTEXT_MAX, m->context, &original) < 0
	    || read_factors(o, original, &s.by) < 0 || read_how(o, &s) < 0)
		return -2;
	if (!(s.base > 1) || !(s.high > s.low))
		return fault_stop(o->fault, "%s: rotary frequencies need a base above 1, and "
		    "a high_freq_factor above the low one", o->file);
	half = m->rope_size / 2;
	s.original = (double)original;
	m->rope_magnitude = (float)opening_real_or(o, "rope.scaling.attn_factor", 1);
	if (s.how == STRETCH_YARN) {
		set_ramp(o, &s, m->rope_size);
		m->rope_magnitude *= s.factor > 1 ? (float)(0.1 * log(s.factor) + 1) : 1;
	}
	m->rope_frequency = arena_get(o->arena, (half + 1) * sizeof(float));
	for (size_t i = 0; i < half; i++)
		m->rope_frequency[i] = (float)frequency(&s, i, m->rope_size);
	return 0;
}

/* Slopes for h heads: with n the largest power of two not above h, head i < n
 * has 2^(-8(i+1)/n) and head n+j has 2^(-4(2j+1)/n) (Press et al. 2022). */
static void
make_alibi(const struct opening *o, double most)
{
	struct model *m = o->m;
	size_t n = 1;

	while (2 * n <= m->heads)
		n *= 2;
	m->alibi = arena_get(o->arena, m->heads * sizeof(float));
	for (size_t i = 0; i < m->heads; i++)
		m->alibi[i] = (float)(i < n
		    ? pow(2, -most * (double)(i + 1) / (double)n)
		    : pow(2, -most / 2 * (double)(2 * (i - n) + 1) / (double)n));
}

int
model_positions_read(const struct opening *o)
{
	struct model *m = o->m;
	double most = opening_real_or(o, "attention.max_alibi_bias", m->architecture->alibi);

	m->positions = m->architecture->positions;
	/* Baichuan's two sizes differ in this, and say so by their depth alone */
	if (strcmp(m->architecture->name, "baichuan") == 0 && m->layers != 32)
		m->positions = m->layers == 40 ? POSITIONS_ALIBI : POSITIONS_NONE;
	/* what makes GGUF files from folders permutes q and k */
	if (m->positions == POSITIONS_ROPE_PAIRS && m->file.is_folder)
		m->positions = POSITIONS_ROPE_HALVES;
	if (m->positions == POSITIONS_ALIBI && !(most > 0))
		m->positions = m->position.data != NULL ? POSITIONS_LEARNED
		    : POSITIONS_NONE;	/* MPT has one or the other, or both */
	if (m->positions == POSITIONS_ALIBI)
		make_alibi(o, most);
	if (m->positions == POSITIONS_LEARNED && m->position.data == NULL)
		return fault_stop(o->fault, "%s: the tensor position_embd.weight is "
		    "missing", o->file);
	return m->positions == POSITIONS_ROPE_PAIRS
	    || m->positions == POSITIONS_ROPE_HALVES ? read_rope(o) : 0;
}
