/* users.h - the sums of each user's history, kept from one run to the next.
 *
 * The state is a file of JSON lines, sorted by user:
 * {"user": "...", "items": 3, "twice": [90 sums of twice the directions]}.
 * About 450 bytes a user, in memory or, beyond the limit, in temporary files
 * (lib/io/spill_array.h); the index of names is always in memory, 16 to 32 bytes a
 * user. */

#ifndef ALIGNX_STAGES_PROFILE_USERS_H
#define ALIGNX_STAGES_PROFILE_USERS_H

#include "lib/core/hash_index.h"
#include "lib/io/spill_array.h"
#include "schema/message.h"
#include "schema/profile.h"

struct profile_user {
	uint64_t name; /* offset in names */
	uint32_t name_len;
	bool is_new; /* items were added in this run */
	struct profile sums;
};

/* A zeroed struct with a limit has no users. */
struct profile_users {
	struct spill_array_limit limit;
	struct spill_array user, names;
	struct hash_index by_name; /* numbers of users */
	size_t len;
	uint64_t names_len;
	struct spill_array order; /* by name, after profile_users_sort() */
};

/* The user of this name, added with empty sums if needed; the name is copied.  Valid
 * until the next call.  NULL with a fault. */
struct profile_user *profile_users_get(struct profile_users *u, const struct text *name,
    struct fault *f);

struct text profile_users_name(const struct profile_users *u, const struct profile_user *user);

/* Reads a state; a missing file is an empty state.  -2 with "FILE:LINE: sentence". */
int profile_users_read(struct profile_users *u, const char *file, struct fault *f);

/* Sorts the users by name; -2. */
int profile_users_sort(struct profile_users *u, struct fault *f);

/* User i of len in that order. */
const struct profile_user *profile_users_at(const struct profile_users *u, size_t i);

/* Replaces the state, sorted; the file appears when it is complete.  -2. */
int profile_users_write(const struct profile_users *u, const char *file, struct fault *f);

void profile_users_release(struct profile_users *u);

#endif
