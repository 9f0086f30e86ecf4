/* split.h - which threads and which users are test data.
 *
 * Of a pair or exchange, its thread and its authors must be on one side.  `thread`: threads and
 * users are divided so that test data get their share of the pairs of each community and few
 * pairs are lost because they have users or threads of both sides (partition.h).  `community`:
 * whole communities are test data, their users follow.  `time`: the latest threads are; users
 * are shared, and test histories may show earlier threads.  `user`: as `thread`, but the author of a rejected text, and the posts of a history,
 * may be of the other side.  Alignment sets are training data. */

#ifndef ALIGNX_STAGES_EMIT_SPLIT_H
#define ALIGNX_STAGES_EMIT_SPLIT_H

#include "lib/core/buf.h"
#include "lib/io/key_list.h"
#include "stages/emit/item.h"

enum split_kind { SPLIT_BY_THREAD, SPLIT_BY_COMMUNITY, SPLIT_BY_TIME, SPLIT_BY_USER };

struct split_options {
	int kind;
	double share;    /* of pairs that are test data, 0 to 1 */
	double max_loss; /* share of pairs that may be lost; less than 0: split_default_loss() */
	uint64_t seed;
};

/* What must be on one side: the keys of an item, 0 for none. */
enum { SPLIT_KEYS = 5 };
struct split_edge {
	uint64_t key[SPLIT_KEYS]; /* the thread; the user, if there is one; other authors */
	uint64_t community;
	int64_t created; /* of the thread; INT64_MIN: not known */
	bool is_pair, has_user;
};

/* One and a half times the share, at most 0.3. */
double split_default_loss(double share);

/* Counts of pairs that may be split. */
struct split_figures {
	uint64_t pairs, test, lost;
	double share; /* that was asked of the partition in the end */
};

struct test_split {
	struct split_options options;   /* set by the caller */
	struct spill_array_limit limit; /* set by the caller */
	struct spill_array edges;       /* of struct split_edge, until the split is made */
	struct key_list keys;           /* the threads and users of test data */
	size_t edges_len;
	struct split_figures figures;
};

/* Takes note of an item; -2: the disk is full. */
int split_add(struct test_split *s, const struct emit_item *item, struct fault *f);

/* Decides; the result depends on the items and options, not on their order.  About 150 bytes
 * for each pair, of which --memory limits each table.  -2: the disk is full. */
int split_decide(struct test_split *s, struct fault *f);

/* Sets the sides of an item. */
void split_set_sides(const struct test_split *s, struct emit_item *item);

/* The decision as a file: a line of JSON, and a line for each key.  -2 with a fault. */
int split_write(const struct test_split *s, const char *path, struct fault *f);
int split_read(struct test_split *s, const char *path, struct fault *f);

/* Options and figures, as a JSON map. */
void split_put_json(const struct test_split *s, struct buf *b);

void split_release(struct test_split *s);

#endif
