/* For fuzz targets: opens what may be a model; if it is one, evaluates a few tokens, and
 * encodes and decodes a text. */
#ifndef ALIGNX_TESTS_TRY_MODEL_H
#define ALIGNX_TESTS_TRY_MODEL_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "infer/forward/session.h"
#include "infer/model/open_model_file.h"
#include "infer/tokenizer/tokenizer.h"

static inline void
try_tokenizer(const struct model_file *mf, const char *name)
{
	static const char text[] = "The cat's 12  \n\xc3\xa9t\xc3\xa9 <s> and \xf0\x9f\x90\x88";
	const struct tokenizer_part part = { sizeof(text) - 1, true };
	struct arena a = { 0 };
	struct fault f = FAULT_NONE;
	struct vocab v;
	struct tokenizer *t = vocab_read(&v, mf, name, &a, &f) == 0 ? tokenizer_new(&v, &f) : NULL;
	struct buf ids = { 0 }, back = { 0 };

	if (t != NULL)
		tokenizer_encode(t, text, sizeof(text) - 1, &part, 1, &ids);
	for (size_t i = 0; i < ids.len / sizeof(uint32_t); i++)
		tokenizer_decode(t, ((const uint32_t *)(const void *)ids.data)[i], &back);
	buf_release(&ids);
	buf_release(&back);
	tokenizer_free(t);
	arena_release(&a);
}

static inline void
try_session(const struct model *m)
{
	static const uint32_t ids[] = { 0, 1, 0, 1, 1 };
	const struct session_options o = { .tokens = 6, .batch = 3, .isa = cpu_isa_detect() };
	struct fault f = FAULT_NONE;
	struct thread_pool *pool = thread_pool_new(1, &f);
	struct session *s = pool != NULL ? session_open(m, &o, pool) : NULL;

	if (s != NULL && session_append(s, -1, ids, 5, true, &f) >= 0)
		session_run(s);
	session_free(s);
	thread_pool_free(pool);
}

static inline void
try_model(const char *name)
{
	struct arena a = { 0 };
	struct fault f = FAULT_NONE;
	struct model_file mf;
	struct model m;

	if (model_file_open(&mf, name, &a, &f) == 0) {
		try_tokenizer(&mf, name);
		model_file_close(&mf);
	}
	f = FAULT_NONE;
	if (model_open(&m, name, &a, &f) == 0) {
		try_session(&m);
		model_close(&m);
	}
	arena_release(&a);
}

/* A folder of this process, created once, removed with its files at exit. */
static char try_folder_name[64];

static inline void
try_folder_remove(void)
{
	static const char *const files[] = { "config.json", "model.safetensors", "tokenizer.json",
		"tokenizer.model", "coefficients.json" };
	char path[128];

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", try_folder_name, files[i]);
		unlink(path);
	}
	rmdir(try_folder_name);
}

static inline const char *
try_folder(void)
{
	if (try_folder_name[0] != '\0')
		return try_folder_name;
	snprintf(try_folder_name, sizeof(try_folder_name), "%s/fuzz.XXXXXX",
	    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	if (mkdtemp(try_folder_name) == NULL)
		abort();
	atexit(try_folder_remove);
	return try_folder_name;
}

static inline void
try_remove(const char *file)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", try_folder(), file);
	unlink(path);
}

static inline void
try_write(const char *file, const void *data, size_t size)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", try_folder(), file);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	close(fd);
}

#endif
