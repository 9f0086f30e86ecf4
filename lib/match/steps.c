#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/core/arena.h"
#include "lib/match/steps.h"

enum { SLOTS = 1 << STEPS_BITS };

void
steps_init(struct steps *s, struct states *states)
{
	s->states = states;
	s->slot = arena_array(SLOTS, sizeof(*s->slot));
}

void
steps_forget(struct steps *s)
{
	memset(s->slot, 0, SLOTS * sizeof(*s->slot));
}

void
steps_release(struct steps *s)
{
	free(s->slot);
}

uint32_t
steps_read(struct steps *s, uint32_t state, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len && state != STATES_NONE && state != STATES_ANY
	    && !(state & STATES_ACCEPT); i++)
		state = states_next(s->states, state, (unsigned char)bytes[i]);
	return state;
}
