#include "config.h"

#include <string.h>
#include <xxhash.h>

#include "infer/pear/head_coefficients.h"
#include "infer/model/fingerprint.h"
#include "stages/score/loaded_model.h"

int
score_engine_open(struct score_engine *e, const char *file,
    const char *coefficients, struct arena *a, struct fault *f)
{
	*e = (struct score_engine){ 0 };
	if (model_open(&e->model, file, a, f) < 0)
		return -2;
	e->file = file;
	if (coefficients != NULL && (e->coefficient = coefficients_read(coefficients,
	    &e->model, a, f)) == NULL)
		return -2;
	return 0;
}

int
score_engine_read(struct score_engine *e, struct arena *a, struct fault *f)
{
	struct text chat = { NULL, 0 };

	if (vocabulary_read(&e->vocabulary, &e->model.file, e->file, a, f) < 0
	    || (e->tokenizer = tokenizer_new(&e->vocabulary, f)) == NULL)
		return -2;
	if (e->vocabulary.len > e->model.vocabulary)
		return fault_stop(f, "%s: %zu tokens, and the model knows %zu", e->file,
		    e->vocabulary.len, e->model.vocabulary);
	directory_string(&e->model.file, "tokenizer.chat_template", &chat);
	e->template = score_template_of(&e->vocabulary, chat.ptr, chat.len,
	    &e->template_mark);
	return 0;
}

void
score_engine_name(struct score_engine *e)
{
	char fingerprint[FINGERPRINT_SIZE];

	model_fingerprint(&e->model, fingerprint);
	e->key = XXH3_64bits(fingerprint, strlen(fingerprint));
	if (e->coefficient != NULL)
		e->key = XXH3_64bits_withSeed(e->coefficient, e->model.layers
		    * e->model.heads * sizeof(*e->coefficient), e->key);
}

void
score_engine_close(struct score_engine *e)
{
	if (e->file == NULL)
		return;
	tokenizer_free(e->tokenizer);
	model_close(&e->model);
	*e = (struct score_engine){ 0 };
}
