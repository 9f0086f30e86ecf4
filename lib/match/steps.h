/* extract_steps.h - what an automaton does for a whole word, remembered.
 *
 * For extract_starts.c.  Words are known by numbers, so that what comes behind a state
 * when all bytes of a word are read is a look-up, most often. */

#ifndef ALIGNX_STAGES_EXTRACT_STEPS_H
#define ALIGNX_STAGES_EXTRACT_STEPS_H

#include "lib/match/lazy_dfa.h"

enum { STEPS_BITS = 17 };		/* of the number of slots */

struct steps {
	struct states *states;
	struct steps_slot *slot;	/* of those that have the same place, the last one */
};

struct steps_slot {
	uint32_t state, number;		/* 0: none */
	uint32_t next;
};

void steps_init(struct steps *s, struct states *states);

/* When the states were forgotten, or numbers are given again. */
void steps_forget(struct steps *s);
void steps_release(struct steps *s);

/* What comes behind a state when so many bytes are read: with STATES_ACCEPT if anything
 * was accepted on the way, which ends it, as STATES_ANY and STATES_NONE do. */
uint32_t steps_read(struct steps *s, uint32_t state, const char *bytes, size_t len);

static inline struct steps_slot *
steps_slot(const struct steps *s, uint32_t state, uint32_t number)
{
	return &s->slot[(state * 0x9e3779b1u ^ number * 0x85ebca6bu) >> (32 - STEPS_BITS)];
}

/* Asks for what is known of a state and a number from memory. */
static inline void
steps_fetch(const struct steps *s, uint32_t state, uint32_t number)
{
	__builtin_prefetch(steps_slot(s, state, number));
}

/* The same; `number` is that of the bytes, and not 0. */
static inline uint32_t
steps_next(struct steps *s, uint32_t state, uint32_t number, const char *bytes, size_t len)
{
	struct steps_slot *at = steps_slot(s, state, number);

	if (at->state != state || at->number != number)
		*at = (struct steps_slot){ state, number, steps_read(s, state, bytes, len) };
	return at->next;
}

#endif
