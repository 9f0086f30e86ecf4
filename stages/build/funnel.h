/* funnel.h - the counts of all stages of a build. */

#ifndef ALIGNX_STAGES_BUILD_FUNNEL_H
#define ALIGNX_STAGES_BUILD_FUNNEL_H

#include <stdbool.h>

#include "lib/core/arena.h"
#include "lib/core/buf.h"
#include "lib/core/counters.h"
#include "lib/core/fault.h"
#include "lib/json/json.h"

enum funnel_stage { FUNNEL_INGEST, FUNNEL_DEDUP, FUNNEL_PAIR, FUNNEL_EMIT, FUNNEL_STAGES };

struct funnel {
	struct counters stage[FUNNEL_STAGES]; /* by data set */
	struct json *json;
	struct arena arena;
};

/* One dump, as alignx-ingest counted it. */
struct funnel_dump {
	uint64_t rows, refused;
	bool is_broken; /* cut short or corrupt */
};

/* The data set of a word of --source; NULL: there is none. */
const char *funnel_dataset(const char *source);

/* Adds the --stats of the ingest of a dump; -2 with a fault. */
int funnel_add_dump(struct funnel *x, const char *file, const char *dataset,
    struct funnel_dump *dump, struct fault *f);
/* Adds the --stats, or the merged manifest, of another stage. */
int funnel_add(struct funnel *x, enum funnel_stage stage, const char *file, struct fault *f);

/* A table: stage, count, in all, and for each data set if there are several. */
void funnel_print(const struct funnel *x, struct buf *out);
void funnel_put_json(const struct funnel *x, struct buf *b);

/* Appends a line for each step that loses more than half, with the reason and the cure.
 * comments: the name of a dump of comments, or NULL. */
void funnel_explain(const struct funnel *x, const char *comments, struct buf *lines);

void funnel_release(struct funnel *x);

#endif
