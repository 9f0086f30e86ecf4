/* linear_model.c - any bytes are parsed as a model, which judges a text if it is
 * accepted.  They are also tried after a valid header, or else fuzzing would hardly get beyond
 * the header. */

#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "annotate/linear_scorer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
try(const char *data, size_t len)
{
	static const char words[] = "The tent was wet. I don't like caf\xc3\xa9s! 12";
	struct arena a = { 0 };
	struct fault f = FAULT_NONE;
	struct linear_scorer *scorer;
	struct signal signal = { .rule = { "topic.tents", 11 },
		.dimension = 86,
		.pole = 1,
		.weight = 1,
		.count = 2,
		.evidence = EVIDENCE_TOPIC };
	struct list signals = { &signal, 1 };
	struct linear_word top[3];
	double score[LINEAR_OUTPUTS];
	struct intensities x = { 0 };
	struct linear_model m;

	if (linear_model_parse(&m, "model", data, len, &a, &f) == 0) {
		struct text text = { words, sizeof(words) - 1 };

		scorer = linear_scorer_new(&m);
		linear_scorer_score(scorer, &text, &signals, score);
		linear_model_apply(&m, score, linear_model_threshold(&m, 0.5), &x);
		linear_scorer_evidence(scorer, &signals, &x);
		for (size_t i = 0; i < m.outputs; i++)
			linear_scorer_words(scorer, i, top, 3);
		linear_scorer_free(scorer);
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
