/* profile_users.h - what is known of each user, kept from one run to the next.
 *
 * A user is the sums of his history, 90 numbers and a count; an item more is an
 * addition.  The state is a file of JSON lines, sorted by user:
 * {"user": "...", "items": 3, "twice": [90 sums of twice the directions]}.  About
 * 450 bytes a user, in the arena. */

#ifndef ALIGNX_STAGES_PROFILE_USERS_H
#define ALIGNX_STAGES_PROFILE_USERS_H

#include "lib/arena.h"
#include "schema/noun.h"
#include "schema/profile.h"

struct profile_user {
	struct text name;
	struct profile sums;
	bool is_new;			/* something was added in this run */
};

struct profile_users {
	struct profile_user **slot;	/* by hash of the name */
	size_t slots, len;
};

/* The user of this name, made with empty sums if need be; the name is copied. */
struct profile_user *profile_users_get(struct profile_users *u, struct arena *a,
    const struct text *name);

/* Reads a state; a file that is not there is an empty one.  -2 with
 * "FILE:LINE: what is wrong". */
int profile_users_read(struct profile_users *u, const char *file,
    struct arena *a, struct fault *f);

/* Writes it anew, under its name only when it is whole. */
int profile_users_write(const struct profile_users *u, const char *file,
    struct fault *f);

/* All of them by name, in the arena. */
struct profile_user **profile_users_sorted(const struct profile_users *u,
    struct arena *a);

#endif
