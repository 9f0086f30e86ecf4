#include "config.h"

#include <string.h>

#include "stages/score/chat_template.h"

const struct chat_template chat_templates[CHAT_TEMPLATES] = {
	{ "llama-3", "", "<|start_header_id|>system<|end_header_id|>\n\n", "\n<|eot_id|>",
	    "<|start_header_id|>user<|end_header_id|>\n\n",
	    "<|eot_id|><|start_header_id|>assistant<|end_header_id|>", false, true },
	{ "chatml", "", "<|im_start|>system\n", "<|im_end|>\n", "<|im_start|>user\n",
	    "<|im_end|>\n<|im_start|>assistant\n", false, false },
	{ "llama-2", "[INST] ", "<<SYS>>\n", "\n<</SYS>>\n\n", "", " [/INST]", true, true },
	{ "mistral", "[INST] ", "", "\n\n", "", " [/INST]", false, true },
	{ "gemma", "<start_of_turn>user\n", "", "\n\n", "", "<end_of_turn>\n<start_of_turn>model\n",
	    true, true },
	{ "none", "", "", "\n\n", "", "", false, true },
};

/* What shows a family: a token of the vocabulary, or a piece of the chat template.  The first
 * that is found decides. */
static const struct {
	const char *token, *piece;
	int template;
} marks[] = {
	{ "<|start_header_id|>", NULL, CHAT_LLAMA_3 },
	{ "<|im_start|>", NULL, CHAT_CHATML },
	{ "<start_of_turn>", NULL, CHAT_GEMMA },
	{ NULL, "<<SYS>>", CHAT_LLAMA_2 },
	{ "[INST]", NULL, CHAT_MISTRAL },
	{ NULL, "[INST]", CHAT_MISTRAL },
};

const struct chat_template *
chat_template_of(const struct vocab *v, const char *chat, size_t len, const char **why)
{
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		const char *mark = marks[i].token != NULL ? marks[i].token : marks[i].piece;
		bool is_there = marks[i].token != NULL
		    ? v->model != VOCAB_NONE && vocab_find(v, mark, strlen(mark)) != TOKEN_NONE
		    : len > 0 && memmem(chat, len, mark, strlen(mark)) != NULL;

		if (is_there) {
			*why = mark;
			return &chat_templates[marks[i].template];
		}
	}
	*why = NULL;
	return &chat_templates[CHAT_NONE];
}
