/* map_annotate.h - intensities from a language model that is asked.
 *
 * Of a single text it is asked which pole of each dimension the text shows; of a
 * pair, which of the two responses shows more of pole 1, in both orders, whose
 * answers are averaged, since models favour what comes first (or last).  Whom to
 * ask is behind a struct annotator: an engine (map_engine.h) or an endpoint
 * (map_endpoint.h). */

#ifndef ALIGNX_STAGES_MAP_ANNOTATE_H
#define ALIGNX_STAGES_MAP_ANNOTATE_H

#include "schema/parse.h"

/* Rises when the same texts are asked about in other words. */
#define ANNOTATE_VERSION "1"

enum { ANNOTATE_ID_MAX = 256 };

/* What is asked about: a text, or two responses to a post. */
struct annotate_subject {
	struct text post;		/* of a pair */
	struct text first, second;	/* second is of a pair */
	bool is_pair;
};

/* Which way (from -1, all pole 0, to 1) and how sure (from 0 to 1). */
struct annotate_mark {
	double value, confidence;
};

struct annotator {
	char id[ANNOTATE_ID_MAX];	/* name and version, of the model and the words */
	/* Of a pair, positive means that the first shows more.  -1: this text cannot be
	 * asked about; -2: nobody answers. */
	int (*ask)(struct annotator *a, const struct annotate_subject *s,
	    struct annotate_mark mark[DIMENSIONS], struct fault *f);
	void (*free)(struct annotator *a);
};

/* Reads an interaction or a pair and writes it with what the annotator says; a pair
 * gets the direction that its intensities have, beyond the dead zone. */
int annotate_item(struct annotator *a, struct parse *parse,
    const struct reader_item *item, double dead_zone, struct arena *brief,
    struct buf *out, struct fault *f);

#endif
