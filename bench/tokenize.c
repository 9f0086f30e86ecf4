/* tokenize - measures the speed of the tokenizer.
 *
 * usage: tokenize MODEL TEXTS: a GGUF file or a folder, and texts that end in NUL.
 * Prints the least processor time of three rounds in seconds, the tokens, a hash of
 * all ids, and the time of normalizing and splitting the texts alone. */

#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <xxhash.h>

#include "infer/model/open_model_file.h"
#include "infer/tokenizer/tokenizer.h"
#include "lib/core/file.h"

static struct vocab vocabulary;
static struct buf ids;

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double
encode_all(struct tokenizer *t, const char *text, size_t len)
{
	double begin = now();

	buf_clear(&ids);
	for (size_t i = 0; i < len; i += strlen(text + i) + 1)
		tokenizer_encode(t, text + i, strlen(text + i), NULL, 0, &ids);
	return now() - begin;
}

static double
split_all(struct pretokenizer *s, const char *text, size_t len, size_t *words)
{
	struct normalizer n = { 0 };
	double begin = now();

	for (size_t i = 0; i < len; i += strlen(text + i) + 1) {
		struct text part = { text + i, strlen(text + i) };
		size_t found;

		part = normalizer_run(&n, vocabulary.normalizer, vocabulary.normalizers, part,
		    true);
		pretokenizer_run(s, part.ptr, part.len, &found);
		*words += found;
	}
	normalizer_release(&n);
	return now() - begin;
}

static int
read_vocabulary(const char *name, struct arena *a, struct fault *f)
{
	struct stat st;
	struct model_file mf = { .is_folder = stat(name, &st) == 0 && S_ISDIR(st.st_mode) };

	if (!mf.is_folder && model_file_open(&mf, name, a, f) < 0)
		return -2;
	return vocab_read(&vocabulary, &mf, name, a, f);
}

int
main(int argc, char **argv)
{
	struct arena a = { 0 };
	struct fault f = FAULT_NONE;
	struct tokenizer *t = NULL;
	struct pretokenizer *s = NULL;
	size_t len = 0, words = 0;
	double best = 1e9, split = 1e9;
	const char *text = argc == 3 ? file_read(argv[2], (size_t)1 << 30, &a, &len, &f) : NULL;

	if (argc == 3 && text != NULL && read_vocabulary(argv[1], &a, &f) == 0)
		t = tokenizer_new(&vocabulary, &f);
	if (t == NULL
	    || (s = pretokenizer_new(vocabulary.pretokenizer, vocabulary.pretokenizers, &f))
		== NULL) {
		fprintf(stderr, "usage: tokenize MODEL TEXTS\n%s\n", f.text);
		return 2;
	}
	for (int i = 0; i < 3; i++) {
		double x = encode_all(t, text, len), y = split_all(s, text, len, &words);

		best = x < best ? x : best;
		split = y < split ? y : split;
	}
	printf("%.3f %zu %016" PRIx64 " %.3f\n", best, ids.len / sizeof(uint32_t),
	    (uint64_t)XXH3_64bits(ids.data, ids.len), split);
	return 0;
}
