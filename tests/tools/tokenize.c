/* tokenize - prints the ids of texts, for tests.
 *
 * usage: tokenize MODEL [SEPARATOR]: MODEL is a GGUF file, or a folder that needs a
 * tokenizer only.  Standard input is one text, or several with lines SEPARATOR between
 * them; each gives a line of ids.  Decoded, the ids must give the text again, but for
 * a space that the vocabulary adds in front. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "infer/model/open_model_file.h"
#include "infer/tokenizer/tokenizer.h"

static struct buf ids, back;

static int
run(struct tokenizer *t, const struct vocab *v, const char *s, size_t len)
{
	const uint32_t *id;
	size_t n, less;

	buf_clear(&ids);
	buf_clear(&back);
	tokenizer_encode(t, s, len, NULL, 0, &ids);
	id = (const uint32_t *)(const void *)ids.data;
	n = ids.len / sizeof(*id);
	for (size_t i = 0; i < n; i++) {
		printf("%s%" PRIu32, i > 0 ? " " : "", id[i]);
		tokenizer_decode(t, id[i], &back);
	}
	puts("");
	less = v->adds_space && back.len > 0;
	if (back.len - less == len && (len == 0 || memcmp(back.data + less, s, len) == 0))
		return 0;
	fprintf(stderr, "tokenize: '%.*s' is decoded to '%.*s'\n", (int)len, s, (int)back.len,
	    back.data);
	return 1;
}

int
main(int argc, char **argv)
{
	struct arena a = { 0 };
	struct fault f = FAULT_NONE;
	struct model_file mf;
	struct stat st;
	struct vocab v;
	struct tokenizer *t = NULL;
	struct buf in = { 0 }, line = { 0 };
	int c, rc = 0;

	mf = (struct model_file){ .is_folder = argc > 1 && stat(argv[1], &st) == 0
		    && S_ISDIR(st.st_mode) };
	if (argc < 2 || (!mf.is_folder && model_file_open(&mf, argv[1], &a, &f) < 0)
	    || vocab_read(&v, &mf, argv[1], &a, &f) < 0 || (t = tokenizer_new(&v, &f)) == NULL) {
		fprintf(stderr, "tokenize: %s\n", f.text);
		return 2;
	}
	if (argc > 2)
		buf_printf(&line, "\n%s\n", argv[2]);
	while ((c = getchar()) != EOF)
		buf_add_byte(&in, (char)c);
	for (const char *s = in.data, *end = s + in.len; s != NULL && s <= end;) {
		const char *next = line.len > 0 && s < end
		    ? memmem(s, (size_t)(end - s), line.data, line.len)
		    : NULL;

		rc |= run(t, &v, s, (size_t)((next != NULL ? next : end) - s));
		s = next != NULL ? next + line.len : NULL;
	}
	tokenizer_free(t);
	model_file_close(&mf);
	arena_release(&a);
	buf_release(&in);
	buf_release(&line);
	buf_release(&ids);
	buf_release(&back);
	return rc;
}
