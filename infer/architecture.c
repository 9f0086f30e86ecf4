#include "config.h"

#include <string.h>

#include "infer/architecture.h"

static const struct architecture table[] = {
	{ "llama", NORM_RMS, POSITIONS_ROPE_PAIRS, ACTIVATION_SILU, true, false, 0, 0, 0, 1, true },
	{ "qwen2", NORM_RMS, POSITIONS_ROPE_HALVES, ACTIVATION_SILU, true, false, 0, 0, 0, 1, false },
	{ "qwen3", NORM_RMS, POSITIONS_ROPE_HALVES, ACTIVATION_SILU, true, false, 0, 0, 0, 1, true },
	{ "gemma2", NORM_RMS, POSITIONS_ROPE_HALVES, ACTIVATION_GELU_TANH, true, true, 0, 50, 30, 2, false },
	{ "phi3", NORM_RMS, POSITIONS_ROPE_HALVES, ACTIVATION_SILU, true, false, 0, 0, 0, 1, false },
	{ "gpt2", NORM_LAYER, POSITIONS_LEARNED, ACTIVATION_GELU_TANH, false, false, 0, 0, 0, 1, false },
	{ "bloom", NORM_LAYER, POSITIONS_ALIBI, ACTIVATION_GELU_TANH, false, false, 8, 0, 0, 1, false },
	{ "mpt", NORM_LAYER, POSITIONS_ALIBI, ACTIVATION_GELU_ERF, false, false, 0, 0, 0, 1, false },
	{ "baichuan", NORM_RMS, POSITIONS_ROPE_PAIRS, ACTIVATION_SILU, true, false, 8, 0, 0, 1, false },
};
enum { ROWS = sizeof(table) / sizeof(table[0]) };

const struct architecture *
architecture_named(const char *name, unsigned long len)
{
	for (int i = 0; i < ROWS; i++)
		if (strlen(table[i].name) == len && memcmp(table[i].name, name, len) == 0)
			return &table[i];
	return NULL;
}

const char *
architecture_list(void)
{
	static char list[256];

	if (list[0] == '\0')
		for (int i = 0; i < ROWS; i++) {
			strcat(list, i > 0 ? ", " : "");
			strcat(list, table[i].name);
		}
	return list;
}
