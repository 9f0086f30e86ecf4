/* linear_model.c - any bytes are parsed as a model, which judges a text if it is
 * accepted.  They are also tried after a valid header, or else fuzzing would hardly get beyond
 * the header. */

#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "annotate/ngram_scorer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
try(const char *data, size_t len)
{
	static const char text[] = "The tent was wet. I don't like caf\xc3\xa9s! 12";
	struct arena a = { 0 };
	struct fault f = FAULT_NONE;
	struct ngram_scorer *scores;
	double score[LINEAR_OUTPUTS];
	struct intensities x = { 0 };
	struct linear_model m;

	if (linear_model_parse(&m, "model", data, len, &a, &f) == 0) {
		scores = ngram_scorer_new(&m);
		ngram_scorer_score(scores, text, sizeof(text) - 1, score);
		linear_model_apply(&m, score, &x);
		ngram_scorer_free(scores);
		for (int i = 0; i < DIMENSIONS; i++)
			if (abs(x.value[i]) > INTENSITY_FULL || x.confidence[i] < 0
			    || x.confidence[i] > INTENSITY_FULL)
				abort();
	}
	arena_release(&a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size + 1);
	uint32_t words[2] = { LINEAR_MODEL_FILE_VERSION, (uint32_t)size };
	uint64_t hash;

	if (copy == NULL)
		return 0;
	memcpy(copy, data, size);
	try(copy, size);
	if (size >= 24) {
		hash = XXH3_64bits(copy + 24, size - 24);
		memcpy(copy, "alxlin\r\n", 8);
		memcpy(copy + 8, words, sizeof(words));
		memcpy(copy + 16, &hash, sizeof(hash));
		try(copy, size);
	}
	free(copy);
	return 0;
}
