#include "config.h"

#include <string.h>

#include "stages/score/choices.h"
#include "stages/score/describe.h"

static void
put_line(struct buf *b, const char *what, const char *value, size_t len)
{
	buf_printf(b, "%-14s ", what);
	buf_add(b, value, len);
	buf_add_byte(b, '\n');
}

static void
put_number(struct buf *b, const char *what, size_t n)
{
	buf_printf(b, "%-14s %zu\n", what, n);
}

/* Number and bytes of the tensors of each type. */
static void
put_types(const struct model_file *g, struct buf *b)
{
	const struct dtype *t;

	for (size_t i = 0; (t = dtype_at(i)) != NULL; i++) {
		size_t n = 0, bytes = 0;

		for (size_t k = 0; k < g->tensors; k++)
			if (g->tensor[k].type == t) {
				n++;
				bytes += g->tensor[k].bytes;
			}
		if (n > 0)
			buf_printf(b, "%-14s %zu tensors, %.1f MB\n", t->name, n,
			    (double)bytes / 1e6);
	}
}

static const char *
position_name(const struct model *m)
{
	switch (m->positions) {
	case POSITIONS_ROPE_INTERLEAVED:
		return "rotary, adjacent pairs";
	case POSITIONS_ROPE_NEOX:
		return "rotary, halves";
	case POSITIONS_ALIBI:
		return "ALiBi";
	case POSITIONS_LEARNED:
		return "learned";
	case POSITIONS_NONE:
		break;
	}
	return "none";
}

/* The chat template that would be used, and why; then BOS, EOS and the pre-tokenizer. */
static void
put_template(struct loaded_model *e, const struct score_options *options, struct arena *a,
    struct buf *out)
{
	struct fault why = FAULT_NONE;
	struct encode_settings settings;

	if (loaded_model_read_tokenizer(e, a, &why) < 0) {
		put_line(out, "no tokens", why.text, strlen(why.text));
		return;
	}
	settings = score_options_encode_settings(options, false, e);
	choices_describe(e, &settings, out);
	buf_printf(out, "%-14s %s%s%s%s\n", "template", e->template->name,
	    e->template_mark != NULL ? " (it has " : "",
	    e->template_mark != NULL ? e->template_mark : "", e->template_mark != NULL ? ")" : "");
}

/* The window of attention, and how rotary frequencies are scaled. */
static void
put_window_and_rope(const struct model *m, struct buf *b)
{
	size_t window = 0, layers = 0;

	for (size_t i = 0; i < m->layers; i++) {
		window = m->layer[i].window > 0 ? m->layer[i].window : window;
		layers += m->layer[i].window > 0;
	}
	if (layers > 0)
		buf_printf(b, "%-14s %zu tokens, in %zu of %zu layers\n", "window", window, layers,
		    m->layers);
	if (m->rope_frequency == NULL)
		return;
	buf_printf(b, "%-14s base %g, %zu of %zu dimensions", "rope", m->rope_base, m->rope_size,
	    m->head_size);
	if (m->rope_long != NULL)
		buf_printf(b,
		    ", longrope: short factors for texts of up to %zu tokens, long ones beyond",
		    m->rope_original);
	else if (m->rope_factor != 1)
		buf_printf(b, ", %.*s by %g", (int)m->rope_scaling.len, m->rope_scaling.ptr,
		    m->rope_factor);
	buf_add_byte(b, '\n');
}

void
score_describe(struct loaded_model *e, const struct score_options *options,
    const struct session_options *o, struct arena *life, struct buf *out)
{
	const struct model *m = &e->model;
	const char *how = position_name(m), *a = m->architecture->name;
	struct text tokenizer = { "none", 4 };

	put_line(out, "architecture", a, strlen(a));
	if (m->name.len > 0)
		put_line(out, "name", m->name.ptr, m->name.len < 256 ? m->name.len : 256);
	put_number(out, "layers", m->layers);
	put_number(out, "width", m->width);
	buf_printf(out, "%-14s %zu of %zu, keys and values %zu\n", "heads", m->heads, m->head_size,
	    m->kv_heads);
	put_number(out, "mlp", m->mlp_max);
	put_line(out, "positions", how, strlen(how));
	put_number(out, "vocabulary", m->vocabulary);
	put_number(out, "context", m->context);
	put_window_and_rope(m, out);
	model_file_string(&m->file, "tokenizer.ggml.model", &tokenizer);
	put_line(out, "tokenizer", tokenizer.ptr, tokenizer.len < 64 ? tokenizer.len : 64);
	put_template(e, options, life, out);
	put_types(&m->file, out);
	buf_printf(out, "%-14s %.1f MB with a KV cache of %zu tokens, besides the file's %.1f",
	    "memory", (double)session_bytes(m, o, 1) / 1e6, o->tokens > 0 ? o->tokens : m->context,
	    (double)model_file_bytes(&m->file) / 1e6);
	if (m->file.copied > 0)
		buf_printf(out, ", of which %.1f are copied", (double)m->file.copied / 1e6);
	buf_add_byte(out, '\n');
}
