#include "config.h"

#include <stdlib.h>

#include "lib/core/hash_index.h"
#include "lib/core/arena.h"
#include "stages/emit/make_records.h"

/* How often each text of a user was chosen. */
struct chosen_texts {
	struct hash_index index;
	struct chosen_text {
		uint64_t id;
		int records;
	} * text;
	size_t len, cap;
};

/* The run of one user's items. */
struct user_run {
	size_t begin, end;
	bool is_matched;
	long made, apart; /* records, and those kept apart */
	struct chosen_texts chosen;
};

struct making {
	struct make_records *m;
	struct arena arena; /* of the current record */
	msgpack_zone zone;
	struct buf packed;
	struct user_run user;
};

static int *
chosen_records(struct chosen_texts *c, uint64_t id)
{
	struct hash_probe p = hash_index_probe(&c->index, id);

	while (hash_probe_next(&p))
		if (c->text[p.number].id == id)
			return &c->text[p.number].records;
	c->text = arena_grow_array(c->text, c->len, &c->cap, sizeof(*c->text));
	c->text[c->len] = (struct chosen_text){ id, 0 };
	hash_index_add(&c->index, id, c->len);
	return &c->text[c->len++].records;
}

static void
count(const struct making *g, const struct emit_item *item, const char *name)
{
	counters_add_for(g->m->count, dataset_names[item->source], name, 1);
}

static int
put(struct making *g, const struct emit_record *r, const char *stream, int show, enum split split,
    struct fault *f)
{
	buf_clear(&g->packed);
	emit_record_pack(r, show, split, &g->arena, &g->packed);
	return output_files_put(g->m->files, stream, &g->packed, f);
}

/* The variants of a test row show different parts of the same persona. */
static int
put_test(struct making *g, const struct emit_record *r, struct fault *f)
{
	static const struct {
		const char *stream;
		int show;
	} variant[] = {
		{ "test/UGC", SHOW_UGC },
		{ "test/PAIR", SHOW_PAIR },
		{ "test/DEMO", SHOW_DEMOGRAPHIC },
		{ "test/arbitrary", SHOW_ALL },
	};

	for (int i = 0; i < 4; i++)
		if (put(g, r, variant[i].stream, variant[i].show, SPLIT_TEST, f) < 0)
			return -2;
	return 0;
}

static void
cover(struct make_records *m, const struct emit_record *r)
{
	const int8_t *evidence = MESSAGE_HAS(&pair_descriptor, &r->pair, evidence)
	    ? r->pair.evidence
	    : NULL;

	coverage_add(&m->coverage, &r->item->direction, evidence);
}

/* What became of a pair; less than 0: a fault. */
enum outcome { DROPPED, MADE, APART };

/* Writes a record where it belongs. */
static int
put_record(struct making *g, const struct emit_record *r, struct fault *f)
{
	const struct emit_item *item = r->item;
	const bool is_test = item->side == SIDE_TEST;
	const enum split split = is_test ? SPLIT_TEST : SPLIT_TRAIN;

	if (g->m->is_informed_only && persona_agreement(item, &r->persona) < 0) {
		count(g, item, "uninformed");
		return put(g, r, "uninformed", SHOW_ALL, split, f) < 0 ? -2 : APART;
	}
	if ((is_test ? put_test(g, r, f) : put(g, r, "train", SHOW_ALL, split, f)) < 0)
		return -2;
	cover(g->m, r);
	count(g, item, is_test ? "test" : "train");
	return MADE;
}

/* Makes a record of one pair. */
static int
make_record(struct making *g, const struct emit_item *item, const struct emit_item **candidate,
    size_t n, struct fault *f)
{
	const struct make_records *m = g->m;
	struct emit_record r = { .item = item,
		.persona = persona_choose(item, candidate, n, m->ugcs, m->pairs),
		.mode = g->user.is_matched ? PERSONA_MATCHED : PERSONA_AUTHOR };

	if (r.persona.ugcs + r.persona.pairs < m->min_history) {
		count(g, item, "dropped-no-history");
		return DROPPED;
	}
	if (item->side == SIDE_TEST && (r.persona.ugcs == 0 || r.persona.pairs == 0)) {
		count(g, item, "dropped-test-without-both-histories");
		return DROPPED;
	}
	arena_reset(&g->arena);
	msgpack_zone_clear(&g->zone);
	if (emit_record_read(&r, m->spool, &g->arena, &g->zone, f) < 0)
		return -2;
	return put_record(g, &r, f);
}

/* The limits that a user and a text have. */
static bool
is_over_limit(struct making *g, const struct emit_item *item)
{
	const struct user_run *u = &g->user;
	const char *why = NULL;

	if (item->user != 0 && (u->made == g->m->per_user || u->apart == g->m->per_user))
		why = "dropped-per-user";
	else if (*chosen_records(&g->user.chosen, item->chosen) == RECORDS_PER_CHOSEN)
		why = "dropped-chosen-twice";
	if (why != NULL)
		count(g, item, why);
	return why != NULL;
}

/* Makes records of one user's pairs, in rank order. */
static int
make_user(struct making *g, struct fault *f)
{
	struct item_index *items = g->m->items;
	struct user_run *u = &g->user;

	for (size_t i = u->begin; i < u->end; i++) {
		const struct emit_item *item = &items->item[i];
		const struct emit_item **candidate;
		size_t n;
		int outcome;

		if (!item->is_pair || item->side == SIDE_NEITHER || is_over_limit(g, item))
			continue;
		candidate = u->is_matched ? item_index_matched(items, item, &n)
					  : item_index_of_user(items, u->begin, u->end, &n);
		if ((outcome = make_record(g, item, candidate, n, f)) < 0)
			return outcome;
		*chosen_records(&u->chosen, item->chosen) += outcome == MADE;
		u->made += outcome == MADE;
		u->apart += outcome == APART;
	}
	return 0;
}

static void
release(struct making *g)
{
	arena_release(&g->arena);
	msgpack_zone_destroy(&g->zone);
	buf_release(&g->packed);
}

int
make_records(struct make_records *m, struct fault *f)
{
	struct making g = { .m = m };
	int rc = 0;

	if (!msgpack_zone_init(&g.zone, MSGPACK_ZONE_CHUNK_SIZE))
		arena_out_of_memory();
	for (size_t i = 0; i < m->items->len && rc == 0; i = g.user.end) {
		const struct emit_item *first = &m->items->item[i];

		g.user = (struct user_run){ .begin = i,
			.end = item_index_user_end(m->items, i),
			.is_matched = m->mode == PERSONA_MATCHED || first->user == 0 };
		rc = make_user(&g, f);
		/* a matched persona serves one record */
		counters_add_for(m->count, dataset_names[first->source], "users",
		    g.user.is_matched ? (uint64_t)g.user.made : g.user.made > 0);
		m->made += (size_t)g.user.made;
		hash_index_release(&g.user.chosen.index);
		free(g.user.chosen.text);
	}
	release(&g);
	return rc;
}
