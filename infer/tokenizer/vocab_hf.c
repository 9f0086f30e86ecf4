/* vocab_hf.c - reads the vocabulary of a Hugging Face folder: tokenizer.json (Hugging Face
 * Tokenizers), else tokenizer.model, else vocab.json and merges.txt (GPT-2). */

#include "config.h"

#include <string.h>

#include "infer/model/hf_folder.h"
#include "infer/tokenizer/vocab_special_tokens.h"
#include "infer/tokenizer/vocab_sentencepiece.h"
#include "infer/tokenizer/vocab_hf_pipeline.h"
#include "lib/core/file.h"

enum { MERGES_MAX = 256 << 20 };

struct hf_vocab_reader {
	struct vocab *v;
	const char *folder, *path; /* path: of the file that is being read */
	struct arena *arena;
	struct fault *fault;
};

static int
fail(const struct hf_vocab_reader *r, const char *what)
{
	return fault_stop(r->fault, "%s: %s", r->path, what);
}

static bool
is_id(const struct json_node *n)
{
	return n->kind == JSON_INT && n->integer >= 0 && n->integer < VOCAB_TOKENS_MAX;
}

/* Raises *n to the largest id + 1 of a map from strings to ids, or of a list of maps with
 * "id", and *count by their number. */
static bool
measure(const struct json_node *of, size_t *n, size_t *count)
{
	struct json_node member;
	struct json_walk w;

	json_walk_begin(&w, of);
	while (json_walk_next(&w, NULL, &member)) {
		struct json_node id = of->kind == JSON_MAP ? member : json_at(&member, "/id");

		if (!is_id(&id))
			return false;
		if ((size_t)id.integer >= *n)
			*n = (size_t)id.integer + 1;
		++*count;
	}
	return true;
}

static void
put_token(const struct hf_vocab_reader *r, size_t id, const struct json_node *text)
{
	r->v->token[id] = (struct text){ arena_strndup(r->arena, text->text.ptr, text->text.len),
		text->text.len };
}

/* Unigram: "vocab" is a list of [text, score]. */
static int
read_pieces(const struct hf_vocab_reader *r, const struct json_node *list)
{
	struct json_node member, text, score;
	struct json_walk w;
	size_t id = 0;

	json_walk_begin(&w, list);
	while (json_walk_next(&w, NULL, &member)) {
		text = json_at(&member, "/0");
		score = json_at(&member, "/1");
		if (text.kind != JSON_TEXT || (score.kind != JSON_REAL && score.kind != JSON_INT))
			return fail(r, "/model/vocab: expected pairs of a string and a score");
		put_token(r, id, &text);
		r->v->score[id++] = score.kind == JSON_REAL ? score.real : (double)score.integer;
	}
	return 0;
}

static void
read_map(const struct hf_vocab_reader *r, const struct json_node *map)
{
	struct json_node name, id;
	struct json_walk w;

	json_walk_begin(&w, map);
	while (json_walk_next(&w, &name, &id))
		put_token(r, (size_t)id.integer, &name);
}

/* Special added tokens are control tokens; the others are found in any text. */
static int
read_added(const struct hf_vocab_reader *r, const struct json_node *added)
{
	struct json_node member, text, id;
	struct json_walk w;

	json_walk_begin(&w, added);
	while (json_walk_next(&w, NULL, &member)) {
		text = json_at(&member, "/content");
		id = json_at(&member, "/id");
		if (text.kind != JSON_TEXT || text.text.len == 0)
			return fail(r, "/added_tokens: expected maps with content and id");
		if (json_bool_or(&member, "/single_word", false))
			return fail(r, "/added_tokens: single_word is not supported");
		put_token(r, (size_t)id.integer, &text);
		r->v->kind[id.integer] = json_bool_or(&member, "/special", false) ? TOKEN_CONTROL
										  : TOKEN_USER;
		r->v->strip[id.integer] =
		    (uint8_t)((json_bool_or(&member, "/lstrip", false) ? TOKEN_STRIP_LEFT : 0)
			| (json_bool_or(&member, "/rstrip", false) ? TOKEN_STRIP_RIGHT : 0));
	}
	return 0;
}

static int
read_tokens(const struct hf_vocab_reader *r, const struct json_node *vocab,
    const struct json_node *added)
{
	struct vocab *v = r->v;
	size_t n = 0, count = 0;
	int rc = 0;

	if (vocab->kind == JSON_LIST)
		n = count = json_count(vocab);
	else if (vocab->kind != JSON_MAP || !measure(vocab, &n, &count))
		return fail(r, "/model/vocab: expected a map from tokens to ids");
	if (added->kind == JSON_LIST && !measure(added, &n, &count))
		return fail(r, "/added_tokens: expected maps with content and id");
	if (n == 0 || n > 2 * count + (1 << 16) || n > VOCAB_TOKENS_MAX)
		return fail(r, "/model/vocab: no tokens, or large gaps between ids");
	vocab_alloc(v, n, r->arena);
	if (vocab->kind == JSON_LIST)
		rc = read_pieces(r, vocab);
	else
		read_map(r, vocab);
	if (rc == 0 && added->kind == JSON_LIST)
		rc = read_added(r, added);
	vocab_build_index(v, r->arena);
	return rc;
}

/* Without byte_fallback, tokens such as <0x0A> are ordinary text. */
static void
set_byte_tokens(struct vocab *v, bool has_bytes)
{
	for (unsigned b = 0; b < 256; b++) {
		if (has_bytes && v->byte[b] != TOKEN_NONE)
			v->kind[v->byte[b]] = TOKEN_BYTE;
		else if (!has_bytes)
			v->byte[b] = TOKEN_NONE;
	}
}

static void
read_unknown(struct vocab *v, const struct json_node *model)
{
	struct json_node id = json_at(model, "/unk_id"), text = json_at(model, "/unk_token");

	if (id.kind == JSON_INT && id.integer >= 0 && (uint64_t)id.integer < v->len)
		v->unknown = (uint32_t)id.integer;
	else if (text.kind == JSON_TEXT)
		v->unknown = vocab_find(v, text.text.ptr, text.text.len);
	if (v->unknown != TOKEN_NONE && v->kind[v->unknown] == TOKEN_NORMAL)
		v->kind[v->unknown] = TOKEN_UNKNOWN;
}

static struct text
text_of(const struct json_node *n)
{
	return (struct text){ n->text.ptr, n->text.len };
}

/* A merge is "left right", or a list of both; false if it is neither. */
static bool
split_merge(const struct json_node *m, struct text *left, struct text *right)
{
	const struct json_node first = json_at(m, "/0"), second = json_at(m, "/1");
	const char *space = m->kind == JSON_TEXT && m->text.len > 1
	    ? memchr(m->text.ptr + 1, ' ', m->text.len - 1)
	    : NULL;

	if (space != NULL) {
		*left = (struct text){ m->text.ptr, (size_t)(space - m->text.ptr) };
		*right = (struct text){ space + 1, m->text.len - left->len - 1 };
		return true;
	}
	if (first.kind != JSON_TEXT || second.kind != JSON_TEXT)
		return false;
	*left = text_of(&first);
	*right = text_of(&second);
	return true;
}

static int
read_merges(const struct hf_vocab_reader *r, const struct json_node *list)
{
	struct buf scratch = { 0 };
	struct text left, right;
	struct json_node m;
	struct json_walk w;
	bool is_good = list->kind == JSON_LIST;

	r->v->merge = arena_alloc(r->arena, (json_count(list) + 1) * sizeof(*r->v->merge));
	json_walk_begin(&w, list);
	while (is_good && json_walk_next(&w, NULL, &m))
		if ((is_good = split_merge(&m, &left, &right)))
			vocab_add_merge(r->v, &left, &right, &scratch);
	buf_release(&scratch);
	return is_good ? 0 : fail(r, "/model/merges: expected a list of pairs");
}

static int
check_model(const struct hf_vocab_reader *r, const struct json_node *model)
{
	static const char *const unsupported[] = { "/continuing_subword_prefix",
		"/end_of_word_suffix" };
	struct json_node type = json_at(model, "/type"), n;

	if (type.kind == JSON_TEXT && !json_is_string(&type, "BPE")
	    && !json_is_string(&type, "Unigram"))
		return fault_stop(r->fault,
		    "%s: the model %.*s is not supported; BPE and "
		    "Unigram are",
		    r->path, (int)(type.text.len < 32 ? type.text.len : 32), type.text.ptr);
	for (int i = 0; i < 2; i++) {
		n = json_at(model, unsupported[i]);
		if (n.kind == JSON_TEXT && n.text.len > 0)
			return fault_stop(r->fault, "%s: /model%s is not supported", r->path,
			    unsupported[i]);
	}
	return 0;
}

static int
read_model(const struct hf_vocab_reader *r, const struct json_node *root)
{
	struct vocab *v = r->v;
	struct json_node model = json_at(root, "/model");
	struct json_node vocab = json_at(&model, "/vocab"), merges;
	struct json_node added = json_at(root, "/added_tokens");
	bool is_byte_level;

	if (check_model(r, &model) < 0 || read_tokens(r, &vocab, &added) < 0
	    || vocab_hf_pipeline_read(v, root, r->path, &is_byte_level, r->arena, r->fault) < 0)
		return -2;
	set_byte_tokens(v, json_bool_or(&model, "/byte_fallback", false));
	read_unknown(v, &model);
	v->ignores_merges = json_bool_or(&model, "/ignore_merges", false);
	v->model = vocab.kind == JSON_LIST ? VOCAB_UNIGRAM
	    : is_byte_level                ? VOCAB_BPE
					   : VOCAB_BPE_CHARS;
	v->pretokenizer_name = (struct text){ "of the tokenizer", 16 };
	v->pretokenizer_by = "tokenizer.json";
	merges = json_at(&model, "/merges");
	return v->model == VOCAB_UNIGRAM ? 0 : read_merges(r, &merges);
}

/* merges.txt has a merge on each line. */
static int
read_merges_txt(const struct hf_vocab_reader *r)
{
	const char *path = hf_folder_path(r->folder, "merges.txt", r->arena), *s;
	struct buf scratch = { 0 };
	size_t len, lines = 1;
	char *text = file_read(path, MERGES_MAX, r->arena, &len, r->fault);

	if (text == NULL)
		return -2;
	for (size_t i = 0; i < len; i++)
		lines += text[i] == '\n';
	r->v->merge = arena_alloc(r->arena, lines * sizeof(*r->v->merge));
	for (s = text; *s != '\0'; s += strspn(s, "\n")) {
		const size_t line = strcspn(s, "\n");
		const struct text left = { s, strcspn(s, " \n") };
		const struct text right = { s + left.len + 1, line - left.len - 1 };

		if (left.len > 0 && left.len + 1 < line && strncmp(s, "#version", 8) != 0)
			vocab_add_merge(r->v, &left, &right, &scratch);
		s += line;
	}
	buf_release(&scratch);
	return 0;
}

static int
read_gpt2_files(struct hf_vocab_reader *r, struct json *j)
{
	const struct pretokenizer_step gpt2 = { .pattern = { pretokenizer_gpt2,
						    strlen(pretokenizer_gpt2) } };
	struct json_node map, none = { .kind = JSON_ABSENT };

	if (hf_folder_json(r->folder, "vocab.json", false, j, &map, &r->path, r->arena, r->fault)
	    < 0)
		return -2;
	if (map.kind == JSON_ABSENT)
		return 0;
	if (read_tokens(r, &map, &none) < 0 || read_merges_txt(r) < 0
	    || vocab_add_pretokenizer(r->v, &gpt2, r->fault) < 0)
		return -2;
	set_byte_tokens(r->v, false);
	r->v->model = VOCAB_BPE;
	return vocab_special_tokens_read(r->v, r->folder, &none, r->arena, r->fault);
}

int
vocab_hf_read(struct vocab *v, const char *folder, struct arena *a, struct fault *f)
{
	struct hf_vocab_reader r = { .v = v, .folder = folder, .arena = a, .fault = f };
	struct json *j = json_new();
	struct json_node root;
	int rc = hf_folder_json(folder, "tokenizer.json", false, j, &root, &r.path, a, f);

	if (rc == 0 && root.kind == JSON_ABSENT)
		rc = hf_folder_has(folder, "tokenizer.model", a)
		    ? vocab_sentencepiece_read(v, folder, a, f)
		    : read_gpt2_files(&r, j);
	else if (rc == 0 && (rc = read_model(&r, &root)) == 0)
		rc = vocab_special_tokens_read(v, folder, &root, a, f);
	json_free(j);
	return rc;
}
