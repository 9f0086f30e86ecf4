/* folder_config.h - config.json while it is read into keys.  For
 * infer/folder*.c. */

#ifndef ALIGNX_INFER_FOLDER_CONFIG_H
#define ALIGNX_INFER_FOLDER_CONFIG_H

#include "infer/model/hf_folder.h"

enum { FOLDER_CONFIG_KEYS = 64 };	/* room of the directory */

struct folder_config {
	struct directory *d;
	const struct json_node *config;
	const char *path;		/* of config.json */
	const struct architecture *architecture;
	struct arena *arena;
	struct fault *fault;
};

/* Settings by names with slashes between levels: JSON_ABSENT if it is not there; of
 * several names, separated by blanks, the first that is, and is not null. */
struct json_node folder_config_named(const struct folder_config *r,
    const char *name);
struct json_node folder_config_first(const struct folder_config *r,
    const char *names);

/* Is it there and not null; is it this text; is it a finite number? */
bool folder_config_is_there(const struct json_node *n);
bool folder_config_is_text(const struct json_node *n, const char *s);
bool folder_config_real(const struct json_node *n, double *out);
double folder_config_real_or(const struct json_node *of, const char *pointer,
    double other);

/* Keys of the architecture, and one with its name as it is. */
void folder_config_put(const struct folder_config *r, const char *key,
    enum directory_type type, const void *data, size_t len);
void folder_config_put_natural(const struct folder_config *r, const char *key,
    uint64_t n);
void folder_config_put_real(const struct folder_config *r, const char *key,
    double x);
void folder_config_put_text(struct directory *d, const char *key, const char *s,
    size_t len, struct arena *a);

/* -2: what is wrong with a setting (the first of several names). */
int folder_config_wrong(const struct folder_config *r, const char *name,
    const char *what);

/* infer/model/hf_rope_scaling.c: rope_scaling, as keys and factors.  -2. */
int folder_config_scaling(const struct folder_config *r);

#endif
