#include "config.h"

#include <string.h>
#include <xxhash.h>

#include "infer/pear/head_coefficients.h"
#include "infer/model/fingerprint.h"
#include "stages/score/loaded_model.h"

int
loaded_model_open(struct loaded_model *e, const char *file, const char *coefficients,
    struct arena *a, struct fault *f)
{
	*e = (struct loaded_model){ 0 };
	if (model_open(&e->model, file, a, f) < 0)
		return -2;
	e->file = file;
	if (coefficients != NULL
	    && (e->coefficient = head_coefficients_read(coefficients, &e->model, a, f)) == NULL)
		return -2;
	return 0;
}

int
loaded_model_read_tokenizer(struct loaded_model *e, struct arena *a, struct fault *f)
{
	struct text chat = { NULL, 0 };

	if (vocab_read(&e->vocabulary, &e->model.file, e->file, a, f) < 0
	    || (e->tokenizer = tokenizer_new(&e->vocabulary, f)) == NULL)
		return -2;
	model_file_string(&e->model.file, "tokenizer.chat_template", &chat);
	e->template = chat_template_of(&e->vocabulary, chat.ptr, chat.len, &e->template_mark);
	return 0;
}

void
loaded_model_hash(struct loaded_model *e)
{
	char fingerprint[FINGERPRINT_SIZE];

	model_fingerprint(&e->model, fingerprint);
	e->key = XXH3_64bits(fingerprint, strlen(fingerprint));
	if (e->coefficient != NULL)
		e->key = XXH3_64bits_withSeed(e->coefficient,
		    e->model.layers * e->model.heads * sizeof(*e->coefficient), e->key);
}

void
loaded_model_close(struct loaded_model *e)
{
	if (e->file == NULL)
		return;
	tokenizer_free(e->tokenizer);
	model_close(&e->model);
	*e = (struct loaded_model){ 0 };
}
