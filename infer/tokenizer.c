#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "infer/tokenizer.h"
#include "infer/tokenizer_family.h"

struct tokenizer {
	const struct vocabulary *vocabulary;
	struct tokenizer_spm spm;
	struct tokenizer_bpe *bpe;	/* NULL: it is not BPE */
	uint32_t *special;		/* the longer first */
	size_t specials;
	bool begins[256];		/* does a special token begin with this byte? */
};

static bool
is_special(const struct vocabulary *v, size_t id)
{
	return (v->kind[id] == TOKEN_CONTROL || v->kind[id] == TOKEN_USER)
	    && v->token[id].len > 0;
}

static const struct vocabulary *sorting;

static int
longer_first(const void *va, const void *vb)
{
	const uint32_t *a = va, *b = vb;
	size_t x = sorting->token[*a].len, y = sorting->token[*b].len;

	if (x != y)
		return x > y ? -1 : 1;
	return *a < *b ? -1 : *a > *b;
}

static void
list_specials(struct tokenizer *t)
{
	const struct vocabulary *v = t->vocabulary;

	if ((t->special = calloc(v->len + 1, sizeof(*t->special))) == NULL)
		arena_exhausted();
	for (size_t id = 0; id < v->len; id++)
		if (is_special(v, id)) {
			t->special[t->specials++] = (uint32_t)id;
			t->begins[(unsigned char)v->token[id].ptr[0]] = true;
		}
	sorting = v;
	if (t->specials > 1)
		qsort(t->special, t->specials, sizeof(*t->special), longer_first);
}

struct tokenizer *
tokenizer_new(const struct vocabulary *v, struct fault *f)
{
	struct tokenizer *t;

	if (v->model != VOCABULARY_SPM && v->model != VOCABULARY_BPE) {
		fault_stop(f, "the model's file brings no tokenizer that is known");
		return NULL;
	}
	if ((t = calloc(1, sizeof(*t))) == NULL)
		arena_exhausted();
	t->vocabulary = v;
	tokenizer_spm_init(&t->spm, v);
	if (v->model == VOCABULARY_BPE && (t->bpe = tokenizer_bpe_new(v, f)) == NULL) {
		free(t);
		return NULL;
	}
	list_specials(t);
	return t;
}

void
tokenizer_free(struct tokenizer *t)
{
	if (t == NULL)
		return;
	tokenizer_spm_release(&t->spm);
	tokenizer_bpe_free(t->bpe);
	free(t->special);
	free(t);
}

/* The special token that stands here; TOKEN_NONE.  Tokens that users added are
 * plain text and count everywhere, control tokens in templates alone. */
static uint32_t
special_at(const struct tokenizer *t, const char *s, size_t len, bool is_template)
{
	if (!t->begins[(unsigned char)*s])
		return TOKEN_NONE;
	for (size_t i = 0; i < t->specials; i++) {
		const struct directory_text *k = &t->vocabulary->token[t->special[i]];

		if (k->len <= len && memcmp(k->ptr, s, k->len) == 0 && (is_template
		    || t->vocabulary->kind[t->special[i]] == TOKEN_USER))
			return t->special[i];
	}
	return TOKEN_NONE;
}

static void
encode_plain(struct tokenizer *t, const char *text, size_t len, struct buf *ids)
{
	if (len == 0)
		return;
	if (t->bpe != NULL)
		tokenizer_bpe_encode(t->bpe, text, len, ids);
	else
		tokenizer_spm_encode(&t->spm, text, len, ids);
}

void
tokenizer_encode(struct tokenizer *t, const char *text, size_t len,
    const struct tokenizer_part *parts, size_t n, struct buf *ids)
{
	size_t from = 0, part = 0, end = n > 0 ? parts[0].len : len;

	for (size_t i = 0; i < len;) {
		uint32_t id;

		while (i >= end && part + 1 < n)
			end += parts[++part].len;
		id = special_at(t, text + i, (i < end ? end : len) - i,
		    part < n && parts[part].is_template);
		if (id == TOKEN_NONE) {
			i++;
			continue;
		}
		encode_plain(t, text + from, i - from, ids);
		buf_add(ids, &id, sizeof(id));
		from = i += t->vocabulary->token[id].len;
	}
	encode_plain(t, text + from, len - from, ids);
}

void
tokenizer_decode(const struct tokenizer *t, uint32_t id, struct buf *out)
{
	const struct vocabulary *v = t->vocabulary;

	if (id >= v->len || v->kind[id] == TOKEN_CONTROL)
		return;
	if (v->kind[id] == TOKEN_USER)
		buf_add(out, v->token[id].ptr, v->token[id].len);
	else if (t->bpe != NULL)
		tokenizer_bpe_decode(t->bpe, id, out);
	else
		tokenizer_spm_decode(v, id, out);
}
