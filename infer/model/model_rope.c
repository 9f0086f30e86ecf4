/* model_rope.c - reads how a model encodes positions: rotary frequencies and their scaling, or
 * ALiBi. */

#include "config.h"

#include <math.h>
#include <string.h>

#include "infer/model/model_loader.h"

/* How rotary frequencies are scaled for long contexts. */
struct rope_scaling {
	enum { SCALING_NONE, SCALING_LINEAR, SCALING_YARN, SCALING_LLAMA3 } kind;
	double factor, base;
	double original;      /* context length before scaling */
	double low, high;     /* llama3: freq_factors */
	double from, to;      /* yarn: the pairs between which the ramp rises */
	const float *factors; /* a divisor for each pair, or NULL */
};

static int
read_kind(const struct model_loader *ld, struct rope_scaling *s, bool has_factors)
{
	static const char *const names[] = { "none", "linear", "yarn", "llama3", "longrope" };
	struct model *m = ld->m;
	struct text t = { "linear", 6 };

	loader_string(ld, "rope.scaling.type", &t);
	s->factor = loader_double_or(ld, "rope.scaling.factor", 1);
	for (int i = 0; i < 5; i++) {
		if (!text_is(&t, names[i]))
			continue;
		s->kind = has_factors || i == 4 || !(s->factor > 0) ? SCALING_NONE : i;
		m->rope_factor = s->kind != SCALING_NONE ? s->factor : 1;
		m->rope_scaling = s->kind == SCALING_LINEAR && s->factor == 1
		    ? (struct text){ names[0], 4 }
		    : (struct text){ names[s->kind], strlen(names[s->kind]) };
		return 0;
	}
	return fault_stop(ld->fault,
	    "%s: RoPE scaling of type %.*s is not "
	    "supported",
	    ld->file, (int)(t.len < 32 ? t.len : 32), t.ptr);
}

/* The pair, as a real number, that makes this many rotations over the original context
 * (Peng et al. 2023, section 3.2). */
static double
pair_of_rotations(const struct rope_scaling *s, double rotations, size_t size)
{
	return (double)size * log(s->original / (rotations * 2 * M_PI)) / (2 * log(s->base));
}

static void
set_ramp(const struct model_loader *ld, struct rope_scaling *s, size_t size)
{
	s->from = fmax(0,
	    floor(pair_of_rotations(s, loader_double_or(ld, "rope.scaling.yarn_beta_fast", 32),
		size)));
	s->to = fmin((double)size - 1,
	    ceil(pair_of_rotations(s, loader_double_or(ld, "rope.scaling.yarn_beta_slow", 1),
		size)));
	if (!(s->to - s->from >= 0.001))
		s->to = s->from + 0.001;
}

/* Radians per position of pair i: base^(-2i/size), scaled. */
static double
frequency(const struct rope_scaling *s, size_t i, size_t size)
{
	double f = pow(s->base, -2.0 * (double)i / (double)size), ramp;

	switch (s->kind) {
	case SCALING_NONE:
		return s->factors != NULL ? f / (double)s->factors[i] : f;
	case SCALING_LINEAR:
		return f / s->factor;
	case SCALING_YARN: /* low frequencies are scaled, high ones are not */
		ramp = fmin(1, fmax(0, ((double)i - s->from) / (s->to - s->from)));
		return f / s->factor * ramp + f * (1 - ramp);
	case SCALING_LLAMA3: /* the same, by wavelength instead of index */
		ramp = (s->original * f / (2 * M_PI) - s->low) / (s->high - s->low);
		ramp = fmin(1, fmax(0, ramp));
		return f / s->factor * (1 - ramp) + f * ramp;
	}
	return f;
}

/* Frequency factors: those of Llama 3.1, or those of LongRoPE for short texts and for long
 * ones. */
static int
read_factors(const struct model_loader *ld, const float **factors, const float **longer)
{
	static const char *const names[] = { "rope_factors_short.weight",
		"rope_factors_long.weight", "rope_freqs.weight" };
	const size_t half = ld->m->rope_size / 2;
	const float *f[3];

	for (int i = 0; i < 3; i++)
		if (loader_vector(ld, loader_find(ld, names[i]), half, &f[i]) < 0)
			return -2;
	if ((f[0] == NULL) != (f[1] == NULL))
		return fault_stop(ld->fault, "%s: the tensor %s is missing", ld->file,
		    names[f[0] != NULL]);
	*factors = f[0] != NULL ? f[0] : f[2];
	*longer = f[1];
	return 0;
}

static float *
make_frequencies(const struct model_loader *ld, const struct rope_scaling *s, const float *factors)
{
	struct rope_scaling with = *s;
	const size_t size = ld->m->rope_size;
	float *out = arena_alloc(ld->arena, (size / 2 + 1) * sizeof(*out));

	with.factors = factors;
	for (size_t i = 0; i < size / 2; i++)
		out[i] = (float)frequency(&with, i, size);
	return out;
}

static int
read_rope(const struct model_loader *ld)
{
	struct model *m = ld->m;
	struct rope_scaling s = { .base = loader_double_or(ld, "rope.freq_base", 10000),
		.low = loader_double_or(ld, "rope.scaling.low_freq_factor", 1),
		.high = loader_double_or(ld, "rope.scaling.high_freq_factor", 4) };
	const size_t max = m->head_size;
	const float *factors = NULL, *longer = NULL;
	double partial = loader_double_or(ld, "rope.partial", 1);

	if (loader_get_or(ld, "rope.dimension_count", max, (size_t)((double)max * partial),
		&m->rope_size)
		< 0
	    || loader_get_or(ld, "rope.scaling.original_context_length", LOADER_CONTEXT_MAX,
		   m->context, &m->rope_original)
		< 0
	    || read_factors(ld, &factors, &longer) < 0 || read_kind(ld, &s, factors != NULL) < 0)
		return -2;
	if (!(s.base > 1) || !(s.high > s.low))
		return fault_stop(ld->fault,
		    "%s: RoPE needs a freq_base above 1, and a "
		    "high_freq_factor above low_freq_factor",
		    ld->file);
	m->rope_base = s.base;
	s.original = (double)m->rope_original;
	m->rope_attn_factor = (float)loader_double_or(ld, "rope.scaling.attn_factor", 1);
	if (s.kind == SCALING_YARN) {
		set_ramp(ld, &s, m->rope_size);
		m->rope_attn_factor *= s.factor > 1 ? (float)(0.1 * log(s.factor) + 1) : 1;
	}
	m->rope_frequency = make_frequencies(ld, &s, factors);
	m->rope_long = longer != NULL ? make_frequencies(ld, &s, longer) : NULL;
	return 0;
}

/* ALiBi slopes for h heads (Press et al. 2022): with n the largest power of two not above
 * h and max_bias 8, head i < n has 2^(-8(i+1)/n) and head n+j has 2^(-4(2j+1)/n). */
static void
make_alibi(const struct model_loader *ld, double max_bias)
{
	struct model *m = ld->m;
	size_t n = 1;

	while (2 * n <= m->heads)
		n *= 2;
	m->alibi = arena_alloc(ld->arena, m->heads * sizeof(float));
	for (size_t i = 0; i < m->heads; i++)
		m->alibi[i] = (float)(i < n
			? pow(2, -max_bias * (double)(i + 1) / (double)n)
			: pow(2, -max_bias / 2 * (double)(2 * (i - n) + 1) / (double)n));
}

int
model_rope_read(const struct model_loader *ld)
{
	struct model *m = ld->m;
	double max_bias = loader_double_or(ld, "attention.max_alibi_bias", m->architecture->alibi);

	m->positions = m->architecture->positions;
	/* Baichuan 7B has RoPE and 13B has ALiBi; only the number of layers shows which it is */
	if (strcmp(m->architecture->name, "baichuan") == 0 && m->layers != 32)
		m->positions = m->layers == 40 ? POSITIONS_ALIBI : POSITIONS_NONE;
	/* converters to GGUF permute q and k, folders are not permuted */
	if (m->positions == POSITIONS_ROPE_INTERLEAVED && m->file.is_folder)
		m->positions = POSITIONS_ROPE_NEOX;
	if (m->positions == POSITIONS_ALIBI && !(max_bias > 0))
		m->positions = m->position.data != NULL
		    ? POSITIONS_LEARNED
		    : POSITIONS_NONE; /* MPT may have switched ALiBi off */
	if (m->positions == POSITIONS_ALIBI)
		make_alibi(ld, max_bias);
	if (m->positions == POSITIONS_LEARNED && m->position.data == NULL)
		return fault_stop(ld->fault,
		    "%s: the tensor position_embd.weight is "
		    "missing",
		    ld->file);
	return m->positions == POSITIONS_ROPE_INTERLEAVED || m->positions == POSITIONS_ROPE_NEOX
	    ? read_rope(ld)
	    : 0;
}
