/* read_examples.h - reads labelled texts.
 *
 *	labels	JSON lines {"text": ..., "labels": {KEY: VALUE}, "group": ...} of texts that were
 *		read for all dimensions; values 1 and 2 are for label 1, -1 and -2 for label 0
 *	tables	tab-separated lines; the first line names the columns: dim (a number or a
 *		key), label (1 or 0; without it, every text shows pole 1), text or statement,
 *		and subreddit or community, whose texts are one group
 *	records	AlignX records: the texts of a history with their directions, and the two
 *		responses with the direction of the record
 *	interactions	with intensities, of any annotator
 *
 * With labels, nothing is known of a dimension that is not in a line of a table, or is neutral in a
 * record or an interaction; without, the text does not show it. */

#ifndef ALIGNX_STAGES_FIT_READ_EXAMPLES_H
#define ALIGNX_STAGES_FIT_READ_EXAMPLES_H

#include "lib/io/reader.h"
#include "lib/text/clean_text.h"
#include "schema/parse.h"
#include "annotate/signals.h"
#include "stages/fit/examples.h"

enum example_column { COLUMN_DIMENSION, COLUMN_LABEL, COLUMN_TEXT, COLUMN_COMMUNITY, COLUMNS };

struct example_reader {
	struct examples *examples;
	struct signal_finder *engine; /* for texts without signals */
	struct ngram_config config;
	double dead_zone; /* of intensities */
	struct parse *parse;
	struct model_features features;
	struct text_cleaner cleaner; /* as in alignx-ingest */
	int column[COLUMNS];         /* of the current table; -1: not there */
	int columns;
	uint64_t records;
	struct hash_index seen; /* texts with labels, by hash */
	uint64_t *seen_hash;
	size_t seen_len, seen_capacity;
};

/* Adds the examples of an item; -1 if it is none of these, or faulty. */
int read_examples_item(struct example_reader *r, const struct reader_item *item,
    struct arena *brief, struct fault *f);
void read_examples_release(struct example_reader *r);

#endif
