#include "config.h"

#include <string.h>

#include "infer/tokenizer/pretokenizer.h"

#define GPT2 "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"
#define LLAMA3(numbers) "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|" \
	numbers "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
#define HAN "[\xe4\xb8\x80-\xe9\xbe\xa5\xe0\xa0\x80-\xe4\xb8\x80\xea\xb0\x80-\xed\x9f\xbf]+"

const char split_gpt2[] = GPT2;

enum { STEPS = 5 };

/* By tokenizer.ggml.pre; patterns are applied in turn. */
static const struct family {
	const char *name, *pattern[STEPS];
	bool takes_words, is_composed;
} families[] = {
	{ "default", { GPT2 }, false, false },
	{ "gpt-2", { GPT2 }, false, false },
	{ "mpt", { GPT2 }, false, false },
	{ "olmo", { GPT2 }, false, false },
	{ "llama-bpe", { LLAMA3("\\p{N}{1,3}") }, true, false },
	{ "llama-v3", { LLAMA3("\\p{N}{1,3}") }, true, false },
	{ "llama3", { LLAMA3("\\p{N}{1,3}") }, true, false },
	{ "dbrx", { LLAMA3("\\p{N}{1,3}") }, false, false },
	{ "smaug-bpe", { LLAMA3("\\p{N}{1,3}") }, false, false },
	{ "qwen2", { LLAMA3("\\p{N}") }, false, true },
	{ "stablelm2", { LLAMA3("\\p{N}") }, false, true },
	{ "smollm", { "\\p{N}", GPT2 }, false, false },
	{ "starcoder", { "\\p{N}", GPT2 }, false, false },
	{ "refact", { "\\p{N}", GPT2 }, false, false },
	{ "command-r", { "\\p{N}", GPT2 }, false, false },
	{ "falcon", { "[\\p{P}$+<=>^~|`]+", GPT2, "[0-9][0-9][0-9]" }, false, false },
	{ "deepseek-coder", { "[\\r\\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", HAN, "\\p{N}" }, false,
	    false },
	{ "bloom", { " ?[^(\\s|.,!?\xe2\x80\xa6\xe3\x80\x82\xef\xbc\x8c\xe3\x80\x81\xe0\xa5\xa4"
	    "\xdb\x94\xd8\x8c)]+" }, false, false },
};
enum { FAMILIES = sizeof(families) / sizeof(families[0]) };

static const struct split_step *
steps_of(const struct family *family, size_t *n)
{
	static struct split_step steps[FAMILIES][STEPS];
	struct split_step *s = steps[family - families];

	for (*n = 0; *n < STEPS && family->pattern[*n] != NULL; ++*n)
		s[*n].pattern = (struct directory_text){ family->pattern[*n],
			strlen(family->pattern[*n]) };
	return s;
}

int
split_named(const char *name, size_t len, const struct split_step **step,
    size_t *steps, bool *takes_words, bool *is_composed, struct fault *f)
{
	for (const struct family *k = families; k < families + FAMILIES; k++)
		if (strlen(k->name) == len && memcmp(k->name, name, len) == 0) {
			*step = steps_of(k, steps);
			*takes_words = k->takes_words;
			*is_composed = k->is_composed;
			return 0;
		}
	return fault_stop(f, "the pre-tokenizer %.*s is not known",
	    (int)(len < 32 ? len : 32), name);
}
