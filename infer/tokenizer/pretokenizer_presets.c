/* pretokenizer_presets.c - the pre-tokenizers that GGUF files name in tokenizer.ggml.pre.
 *
 * To add one: a row in presets[] with its name and patterns.  The patterns are "Split"
 * patterns of the model's tokenizer.json, or those of llama.cpp (src/llama-vocab.cpp),
 * in PCRE2 syntax.  ignores_merges is "ignore_merges" in tokenizer.json, needs_nfc an
 * NFC "normalizer".  tests/cli/tokenizer.t compares with published ids: add the name
 * to its list of vocabularies (ggml-vocab-NAME.gguf with .inp and .out). */

#include "config.h"

#include "infer/tokenizer/pretokenizer.h"

#define GPT2 "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"
#define LLAMA3(numbers) \
	"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|" numbers \
	"| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
#define HAN "[\xe4\xb8\x80-\xe9\xbe\xa5\xe0\xa0\x80-\xe4\xb8\x80\xea\xb0\x80-\xed\x9f\xbf]+"

const char pretokenizer_gpt2[] = GPT2;

static const struct pretokenizer_preset presets[] = {
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
	{ "bloom",
	    { " ?[^(\\s|.,!?\xe2\x80\xa6\xe3\x80\x82\xef\xbc\x8c\xe3\x80\x81\xe0\xa5\xa4"
	      "\xdb\x94\xd8\x8c)]+" },
	    false, false },
};

const struct pretokenizer_preset *
pretokenizer_preset(const struct text *name)
{
	for (size_t i = 0; i < sizeof(presets) / sizeof(presets[0]); i++)
		if (text_is(name, presets[i].name))
			return &presets[i];
	return NULL;
}
