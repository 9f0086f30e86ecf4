/* comments - tokenises many texts, for tests.
 *
 * usage: comments MODEL TEXTS COUNT: MODEL is a GGUF file or a folder with a
 * tokenizer, TEXTS a file of texts that end in NUL.  COUNT texts are tokenised: those of
 * the file, then altered copies, with parts repeated, removed or replaced.  Ids must be
 * tokens and must be decoded to the text.  Prints the number of texts. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "infer/model/open_model_file.h"
#include "infer/tokenizer/tokenizer.h"
#include "lib/core/file.h"
#include "lib/core/utf8.h"

static struct vocab vocabulary;
static struct tokenizer *tokenizer;
static struct buf ids, back, changed, wanted;
static struct normalizer normalizer;
static const char **text;
static size_t texts;
static uint64_t state = 1;

static size_t
below(size_t n)
{
	uint64_t z = state += 0x9e3779b97f4a7c15u; /* splitmix64 */

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return n > 0 ? (size_t)((z ^ z >> 31) % n) : 0;
}

static void
add(const char *s, size_t from, size_t to)
{
	buf_add(&changed, s + from, to - from);
}

/* A text with a part altered; invalid UTF-8 becomes '?'. */
static const char *
mutate(const char *s)
{
	const char *other = text[below(texts)];
	size_t len = strlen(s), far = strlen(other), a = below(len + 1);
	size_t b = a + below(len - a + 1), c = below(far + 1), d = c + below(far - c + 1);

	buf_clear(&changed);
	add(s, 0, a);
	switch (below(4)) {
	case 0: /* repeated */
		for (size_t i = below(4); i > 0; i--)
			add(s, a, b);
		break;
	case 1: /* cut out */
		break;
	case 2: /* another's part */
		add(other, c, d);
		break;
	default: /* a byte exchanged */
		buf_add_byte(&changed, (char)(1 + below(255)));
	}
	add(s, b, len);
	buf_add_byte(&changed, '\0');
	utf8_replace_invalid(changed.data);
	return changed.data;
}

/* The text that decoding should give: normalized, with spaces. */
static void
expect(const char *s)
{
	struct text t = { s, strlen(s) };
	const bool is_bytes = vocabulary.model == VOCAB_BPE;

	t = normalizer_run(&normalizer, vocabulary.normalizer, vocabulary.normalizers, t, true);
	buf_clear(&wanted);
	for (size_t i = 0; i < t.len;) {
		if (!is_bytes && t.len - i >= 3 && memcmp(t.ptr + i, "\xe2\x96\x81", 3) == 0) {
			buf_add_byte(&wanted, ' ');
			i += 3;
		} else {
			buf_add_byte(&wanted, t.ptr[i++]);
		}
	}
}

static bool
run(const char *s)
{
	size_t n;

	buf_clear(&ids);
	buf_clear(&back);
	tokenizer_encode(tokenizer, s, strlen(s), NULL, 0, &ids);
	n = ids.len / sizeof(uint32_t);
	for (size_t i = 0; i < n; i++) {
		uint32_t id = ((const uint32_t *)(const void *)ids.data)[i];

		if (id >= vocabulary.len)
			return false;
		tokenizer_decode(tokenizer, id, &back);
	}
	expect(s);
	return back.len == wanted.len
	    && (back.len == 0 || memcmp(back.data, wanted.data, back.len) == 0);
}

static int
begin(char **argv, struct arena *a, struct fault *f)
{
	struct stat st;
	struct model_file mf = { .is_folder = stat(argv[1], &st) == 0 && S_ISDIR(st.st_mode) };
	size_t len;
	char *all = file_read(argv[2], (size_t)1 << 30, a, &len, f);

	if (all == NULL || (!mf.is_folder && model_file_open(&mf, argv[1], a, f) < 0)
	    || vocab_read(&vocabulary, &mf, argv[1], a, f) < 0
	    || (tokenizer = tokenizer_new(&vocabulary, f)) == NULL)
		return -2;
	text = arena_alloc(a, (len + 1) * sizeof(*text));
	for (size_t i = 0; i < len; i += strlen(all + i) + 1) {
		utf8_replace_invalid(all + i);
		text[texts++] = all + i;
	}
	return texts > 0 ? 0 : -2;
}

int
main(int argc, char **argv)
{
	struct arena a = { 0 };
	struct fault f = FAULT_NONE;
	size_t n = argc == 4 ? strtoul(argv[3], NULL, 10) : 0, bad = 0;

	if (n == 0 || begin(argv, &a, &f) < 0) {
		fprintf(stderr, "usage: comments MODEL TEXTS COUNT\n%s\n", f.text);
		return 2;
	}
	for (size_t i = 0; i < n; i++) {
		const char *s = i < texts ? text[i] : mutate(text[i % texts]);

		if (!run(s) && bad++ < 3)
			fprintf(stderr, "comments: '%.200s' is decoded to '%.*s'\n", s,
			    (int)(back.len < 200 ? back.len : 200), back.data);
	}
	printf("%zu texts, %zu decoded to other texts\n", n, bad);
	tokenizer_free(tokenizer);
	normalizer_release(&normalizer);
	buf_release(&ids);
	buf_release(&back);
	buf_release(&changed);
	buf_release(&wanted);
	arena_release(&a);
	return bad > 0;
}
