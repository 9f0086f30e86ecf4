#include "config.h"

#include <math.h>

#include "stages/pear/svg_heatmap.h"

enum { CELL = 16, EDGE = 48, KEY = 64 };

/* White at 0; red and blue are of the same lightness, told apart by the colour-blind. */
static void
put_colour(double share, struct buf *b)
{
	const int red[] = { 178, 24, 43 }, blue[] = { 33, 102, 172 };
	const int *to = share > 0 ? red : blue;
	double by = fabs(share);
	int c[3];

	for (int i = 0; i < 3; i++)
		c[i] = (int)lround(255 + by * (to[i] - 255));
	buf_printf(b, "#%02x%02x%02x", (unsigned)c[0], (unsigned)c[1], (unsigned)c[2]);
}

static void
put_cell(const struct ranked_head *r, double most, struct buf *b)
{
	buf_printf(b, "<rect x=\"%zu\" y=\"%zu\" width=\"%d\" height=\"%d\" fill=\"",
	    EDGE + r->head * CELL, EDGE + r->layer * CELL, CELL, CELL);
	put_colour(most > 0 ? r->effect / most : 0, b);
	buf_printf(b, "\"><title>layer %zu, head %zu: %+.5f</title></rect>\n", r->layer,
	    r->head, r->effect);
}

static void
put_axes(size_t layers, size_t heads, struct buf *b)
{
	buf_printf(b, "<text x=\"%d\" y=\"16\">effect on copying, relative: red keeps from "
	    "it, blue helps</text>\n<text x=\"%d\" y=\"%d\">head</text>\n"
	    "<text x=\"4\" y=\"%d\">layer</text>\n", 4, EDGE, EDGE - 18, EDGE - 4);
	for (size_t h = 0; h < heads; h += heads > 16 ? 4 : 1)
		buf_printf(b, "<text x=\"%zu\" y=\"%d\">%zu</text>\n", EDGE + h * CELL,
		    EDGE - 4, h);
	for (size_t l = 0; l < layers; l++)
		buf_printf(b, "<text x=\"%d\" y=\"%zu\" text-anchor=\"end\">%zu</text>\n",
		    EDGE - 4, EDGE + (l + 1) * CELL - 4, l);
}

void
svg_heatmap_put(const struct ranked_head *ranked, size_t layers, size_t heads,
    struct buf *b)
{
	double most = 0;

	for (size_t i = 0; i < layers * heads; i++)
		most = fmax(most, fabs(ranked[i].effect));
	buf_printf(b, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%zu\" height=\"%zu\" "
	    "font-family=\"sans-serif\" font-size=\"10\">\n", EDGE + heads * CELL
	    + (heads < 20 ? (20 - heads) * CELL : 0) + CELL, EDGE + layers * CELL + KEY);
	buf_add_str(b, "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
	put_axes(layers, heads, b);
	for (size_t i = 0; i < layers * heads; i++)
		put_cell(&ranked[i], most, b);
	buf_printf(b, "<text x=\"%d\" y=\"%zu\">full colour: %.5f</text>\n</svg>\n", EDGE,
	    EDGE + layers * CELL + 24, most);
}
