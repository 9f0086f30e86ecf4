#include "config.h"

#include <math.h>
#include <string.h>

#include "lib/core/utf8.h"
#include "stages/pear/svg_heatmap.h"

enum { CELL = 20, LEFT = 60, TOP = 76, BAR = 14, WIDTH_MIN = 440 }; /* BAR: steps a side */

/* The largest effect of each sign: most heads help copying far more than any suppresses it, so
 * each sign has a scale of its own. */
struct colour_scale {
	double suppressing, helping;
};

/* Where an effect is on its sign's scale, from -1 to 1.  The square root keeps small ones
 * visible. */
static double
scaled(const struct colour_scale *s, double effect)
{
	const double end = effect > 0 ? s->suppressing : s->helping;

	return end > 0 ? copysign(sqrt(fabs(effect) / end), effect) : 0;
}

/* From blue over white to red: ColorBrewer's RdBu, which the colour-blind can tell apart. */
static void
put_rect(size_t x, size_t y, double share, struct buf *b)
{
	static const int white = 247, red[] = { 178, 24, 43 }, blue[] = { 33, 102, 172 };
	const int *to = share > 0 ? red : blue;
	int c[3];

	for (int i = 0; i < 3; i++)
		c[i] = white + (int)lround(fabs(share) * (to[i] - white));
	buf_printf(b,
	    "<rect x=\"%zu\" y=\"%zu\" width=\"%d\" height=\"%d\" stroke=\"#999999\" "
	    "fill=\"#%02x%02x%02x\"",
	    x, y, CELL, CELL, (unsigned)c[0], (unsigned)c[1], (unsigned)c[2]);
}

static void
put_cell(const struct ranked_head *r, const struct colour_scale *s, struct buf *b)
{
	put_rect(LEFT + r->head * CELL, TOP + r->layer * CELL, scaled(s, r->relative_effect), b);
	buf_printf(b, "><title>layer %zu, head %zu: %+.5f", r->layer, r->head, r->relative_effect);
	if (!isnan(r->error))
		buf_printf(b, " (standard error %.5f)", r->error);
	buf_add_str(b, "</title></rect>\n");
}

/* A file may hold any bytes as its model's name. */
static void
put_escaped(const char *name, struct buf *b)
{
	struct buf text = { 0 };

	buf_add(&text, name, strlen(name) + 1);
	utf8_replace_invalid(text.data);
	for (const char *s = text.data; *s != '\0'; s++)
		if (strchr("<>&", *s) != NULL)
			buf_printf(b, "&#%d;", *s);
		else
			buf_add_byte(b, (unsigned char)*s < ' ' ? ' ' : *s);
	buf_release(&text);
}

static void
put_axes(size_t layers, size_t heads, struct buf *b)
{
	const size_t middle = TOP + layers * CELL / 2;

	buf_printf(b,
	    "<text x=\"%zu\" y=\"%d\" text-anchor=\"middle\">head</text>\n"
	    "<text x=\"16\" y=\"%zu\" text-anchor=\"middle\" transform=\"rotate(-90 16 %zu)\">"
	    "layer</text>\n",
	    LEFT + heads * CELL / 2, TOP - 20, middle, middle);
	for (size_t h = 0; h<heads; h += heads> 20 ? 4 : 1)
		buf_printf(b, "<text x=\"%zu\" y=\"%d\" text-anchor=\"middle\">%zu</text>\n",
		    LEFT + h * CELL + CELL / 2, TOP - 5, h);
	for (size_t l = 0; l < layers; l++)
		buf_printf(b, "<text x=\"%d\" y=\"%zu\" text-anchor=\"end\">%zu</text>\n", LEFT - 6,
		    TOP + l * CELL + 14, l);
}

/* The colours from -1 to 1, and the effects at both ends, half-way to them and at 0. */
static void
put_legend(const struct colour_scale *s, size_t y, struct buf *b)
{
	for (size_t i = 0; i <= 2 * BAR; i++) {
		put_rect(LEFT + i * CELL / 2, y, ((double)i - BAR) / BAR, b);
		buf_add_str(b, "/>\n");
	}
	for (int i = -2; i <= 2; i++)
		buf_printf(b, "<text x=\"%d\" y=\"%zu\" text-anchor=\"middle\">%.2g</text>\n",
		    LEFT + CELL / 2 + (i + 2) * BAR * CELL / 4, y + CELL + 14,
		    (i < 0 ? -s->helping : s->suppressing) * i * i / 4 + 0.0);
	buf_printf(b,
	    "<text x=\"%d\" y=\"%zu\">helps copying</text>\n<text x=\"%d\" y=\"%zu\" "
	    "text-anchor=\"end\">suppresses copying</text>\n",
	    LEFT, y - 6, LEFT + (BAR + 1) * CELL, y - 6);
}

void
svg_heatmap_put(const struct ranked_head *ranked, size_t layers, size_t heads, const char *name,
    struct buf *b)
{
	struct colour_scale s = { 0, 0 };
	const size_t width = LEFT + (heads + 1) * CELL, bottom = TOP + layers * CELL;

	for (size_t i = 0; i < layers * heads; i++) {
		s.suppressing = fmax(s.suppressing, ranked[i].relative_effect);
		s.helping = fmax(s.helping, -ranked[i].relative_effect);
	}
	buf_printf(b,
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%zu\" height=\"%zu\" "
	    "font-family=\"sans-serif\" font-size=\"11\">\n",
	    width < WIDTH_MIN ? WIDTH_MIN : width, bottom + 84);
	buf_add_str(b,
	    "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
	    "<text x=\"16\" y=\"20\" font-size=\"14\">");
	put_escaped(name, b);
	buf_add_str(b,
	    "</text>\n<text x=\"16\" y=\"38\">effect of attention heads on copying, "
	    "relative to the metric</text>\n");
	put_axes(layers, heads, b);
	for (size_t i = 0; i < layers * heads; i++)
		put_cell(&ranked[i], &s, b);
	put_legend(&s, bottom + 40, b);
	buf_add_str(b, "</svg>\n");
}
