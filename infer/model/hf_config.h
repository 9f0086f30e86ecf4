/* hf_config.h - reads settings of a Hugging Face config.json and stores them as GGUF
 * keys.  For the hf_*.c files of this folder. */

#ifndef ALIGNX_INFER_MODEL_HF_CONFIG_H
#define ALIGNX_INFER_MODEL_HF_CONFIG_H

#include "infer/model/hf_folder.h"

enum { HF_CONFIG_KEYS_MAX = 64 }; /* further keys are dropped */

struct hf_config {
	struct model_file *mf;
	const struct json_node *config;
	const char *path; /* of config.json */
	const struct architecture *architecture;
	struct arena *arena;
	struct fault *fault;
};

/* A setting by its name, with slashes between levels ("rope_scaling/factor"), or
 * JSON_ABSENT; and the first that is set of several names, separated by spaces. */
struct json_node hf_config_at(const struct hf_config *c, const char *name);
struct json_node hf_config_first(const struct hf_config *c, const char *names);

/* Neither absent nor null; a finite number. */
bool hf_config_is_set(const struct json_node *n);
bool hf_config_double(const struct json_node *n, double *out);
double hf_config_double_or(const struct json_node *of, const char *pointer, double otherwise);

/* Store a key of the architecture ("ARCHITECTURE.key"); the last one stores any key. */
void hf_config_put(const struct hf_config *c, const char *key, enum model_file_type type,
    const void *data, size_t len);
/* A list of n values of one byte. */
void hf_config_put_list(const struct hf_config *c, const char *key, enum model_file_type type,
    const unsigned char *byte, size_t n);
void hf_config_put_uint(const struct hf_config *c, const char *key, uint64_t n);
void hf_config_put_double(const struct hf_config *c, const char *key, double x);
void hf_config_put_string(struct model_file *mf, const char *key, const char *s, size_t len,
    struct arena *a);

/* -2 with "FILE: /NAME: what"; of several names, the first. */
int hf_config_fail(const struct hf_config *c, const char *name, const char *what);

/* hf_rope_scaling.c: rope_scaling (or rope_parameters) as keys, and as tensors of
 * frequency factors.  -2. */
int hf_rope_scaling_read(const struct hf_config *c);

#endif
