/* split_graph.h - the pairs as a hypergraph whose nodes are threads and users. */

#ifndef ALIGNX_STAGES_EMIT_SPLIT_GRAPH_H
#define ALIGNX_STAGES_EMIT_SPLIT_GRAPH_H

#include "stages/emit/partition.h"
#include "stages/emit/split.h"

struct split_graph {
	const struct test_split *s; /* set by the caller */
	struct key_list nodes, communities;
	struct key_list rich; /* users who can have both histories in a test record */
	struct spill_array pins, groups, weights, sides, fixed;
	size_t edges_len;
	struct partition p; /* its groups are communities */
};

/* -2: the disk is full. */
int split_graph_build(struct split_graph *g, struct fault *f);

/* Small communities share a group; so do all if their sides are given. */
void split_graph_merge_groups(struct split_graph *g);

/* Takes whole communities, in the order of a hash, or the latest threads, up to the share of test
 * data, and fixes the sides of threads. */
void split_graph_fix_threads(struct split_graph *g, bool is_by_community);

void split_graph_release(struct split_graph *g);

#endif
