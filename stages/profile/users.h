/* profile_users.h - what is known of each user, kept from one run to the next.
 *
 * A user is the sums of his history, 90 numbers and a count; an item more is an
 * addition.  The state is a file of JSON lines, sorted by user:
 * {"user": "...", "items": 3, "twice": [90 sums of twice the directions]}.  About
 * 450 bytes a user, in memory or, beyond the limit, in files that are gone when the
 * program ends (lib/io/spill_array.h). */

#ifndef ALIGNX_STAGES_PROFILE_USERS_H
#define ALIGNX_STAGES_PROFILE_USERS_H

#include "lib/io/spill_array.h"
#include "schema/message.h"
#include "schema/profile.h"

struct profile_user {
	uint64_t name;			/* where it begins among the names */
	uint32_t name_len;
	bool is_new;			/* something was added in this run */
	struct profile sums;
};

/* A zeroed struct with a limit is nobody. */
struct profile_users {
	struct room_limit limit;
	struct room user, names, slot;	/* slot: number + 1, by hash of the name */
	size_t len, slots;
	uint64_t names_len;
	struct room order;		/* by name, once they are sorted */
};

/* The user of this name, made with empty sums if need be; the name is copied.  Stays
 * until the next one is asked for.  NULL with a fault. */
struct profile_user *profile_users_get(struct profile_users *u,
    const struct text *name, struct fault *f);

struct text profile_users_name(const struct profile_users *u,
    const struct profile_user *user);

/* Reads a state; a file that is not there is an empty one.  -2 with
 * "FILE:LINE: what is wrong". */
int profile_users_read(struct profile_users *u, const char *file, struct fault *f);

/* Puts them in the order of their names; then the i-th of len. */
int profile_users_sort(struct profile_users *u, struct fault *f);
const struct profile_user *profile_users_at(const struct profile_users *u, size_t i);

/* Writes it anew, sorted, under its name only when it is whole. */
int profile_users_write(const struct profile_users *u, const char *file,
    struct fault *f);

void profile_users_release(struct profile_users *u);

#endif
