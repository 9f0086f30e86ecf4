#include "config.h"

#include <string.h>

#include "infer/model/hf_folder.h"
#include "infer/tokenizer/vocab_special_tokens.h"
#include "infer/tokenizer/vocab_sentencepiece.h"
#include "infer/tokenizer/vocab_hf_pipeline.h"
#include "lib/core/file.h"

enum { MERGES_MAX = 256 << 20 };

/* A tokenizer while it is read. */
struct reading {
	struct vocabulary *v;
	const char *folder, *path;	/* of tokenizer.json */
	struct arena *arena;
	struct fault *fault;
};

static int
wrong(const struct reading *r, const char *what)
{
	return fault_stop(r->fault, "%s: %s", r->path, what);
}

static bool
is_text(const struct json_node *n, const char *s)
{
	return n->kind == JSON_TEXT && n->text.len == strlen(s)
	    && memcmp(n->text.ptr, s, n->text.len) == 0;
}

static bool
flag(const struct json_node *of, const char *pointer)
{
	struct json_node n = json_at(of, pointer);

	return n.kind == JSON_BOOL && n.truth;
}

static bool
is_id(const struct json_node *n)
{
	return n->kind == JSON_INT && n->integer >= 0
	    && n->integer < VOCABULARY_TOKENS_MAX;
}

/* The largest id of a map from texts to ids, or of a list with fields "id"; *n is
 * raised to one more, *count by their number. */
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
put_token(const struct reading *r, size_t id, const struct json_node *text)
{
	r->v->token[id] = (struct directory_text){ arena_dup(r->arena, text->text.ptr,
	    text->text.len), text->text.len };
}

/* Each member of a list of pieces is [text, score]. */
static int
take_pieces(const struct reading *r, const struct json_node *list)
{
	struct json_node member, text, score;
	struct json_walk w;
	size_t id = 0;

	json_walk_begin(&w, list);
	while (json_walk_next(&w, NULL, &member)) {
		text = json_at(&member, "/0");
		score = json_at(&member, "/1");
		if (text.kind != JSON_TEXT || (score.kind != JSON_REAL
		    && score.kind != JSON_INT))
			return wrong(r, "/model/vocab: expected a text and a score each");
		put_token(r, id, &text);
		r->v->score[id++] = score.kind == JSON_REAL ? score.real
		    : (double)score.integer;
	}
	return 0;
}

static void
take_map(const struct reading *r, const struct json_node *map)
{
	struct json_node name, id;
	struct json_walk w;

	json_walk_begin(&w, map);
	while (json_walk_next(&w, &name, &id))
		put_token(r, (size_t)id.integer, &name);
}

/* Tokens beside the model's own: special ones are control tokens, others are found
 * in any text. */
static int
take_added(const struct reading *r, const struct json_node *added)
{
	struct json_node member, text, id;
	struct json_walk w;

	json_walk_begin(&w, added);
	while (json_walk_next(&w, NULL, &member)) {
		text = json_at(&member, "/content");
		id = json_at(&member, "/id");
		if (text.kind != JSON_TEXT || text.text.len == 0)
			return wrong(r, "/added_tokens: expected content and id each");
		if (flag(&member, "/single_word"))
			return wrong(r, "/added_tokens: single_word is not understood");
		put_token(r, (size_t)id.integer, &text);
		r->v->kind[id.integer] = flag(&member, "/special") ? TOKEN_CONTROL : TOKEN_USER;
		r->v->strip[id.integer] = (uint8_t)((flag(&member, "/lstrip")
		    ? TOKEN_STRIP_LEFT : 0) | (flag(&member, "/rstrip")
		    ? TOKEN_STRIP_RIGHT : 0));
	}
	return 0;
}

static int
take_tokens(const struct reading *r, const struct json_node *vocab,
    const struct json_node *added)
{
	struct vocabulary *v = r->v;
	size_t n = 0, count = 0;
	int rc = 0;

	if (vocab->kind == JSON_LIST)
		n = count = json_count(vocab);
	else if (vocab->kind != JSON_MAP || !measure(vocab, &n, &count))
		return wrong(r, "/model/vocab: expected a map from tokens to ids");
	if (added->kind == JSON_LIST && !measure(added, &n, &count))
		return wrong(r, "/added_tokens: expected content and id each");
	if (n == 0 || n > 2 * count + (1 << 16) || n > VOCABULARY_TOKENS_MAX)
		return wrong(r, "/model/vocab: there are no tokens, or large gaps between ids");
	vocabulary_make_room(v, n, r->arena);
	if (vocab->kind == JSON_LIST)
		rc = take_pieces(r, vocab);
	else
		take_map(r, vocab);
	if (rc == 0 && added->kind == JSON_LIST)
		rc = take_added(r, added);
	vocabulary_index(v, r->arena);
	return rc;
}

/* Without fallback to bytes, tokens of that form are texts like others. */
static void
settle_bytes(struct vocabulary *v, bool has_bytes)
{
	for (unsigned b = 0; b < 256; b++) {
		if (has_bytes && v->byte[b] != TOKEN_NONE)
			v->kind[v->byte[b]] = TOKEN_BYTE;
		else if (!has_bytes)
			v->byte[b] = TOKEN_NONE;
	}
}

static void
take_unknown(struct vocabulary *v, const struct json_node *model)
{
	struct json_node id = json_at(model, "/unk_id"), text = json_at(model, "/unk_token");

	if (id.kind == JSON_INT && id.integer >= 0 && (uint64_t)id.integer < v->len)
		v->unknown = (uint32_t)id.integer;
	else if (text.kind == JSON_TEXT)
		v->unknown = vocabulary_find(v, text.text.ptr, text.text.len);
	if (v->unknown != TOKEN_NONE && v->kind[v->unknown] == TOKEN_NORMAL)
		v->kind[v->unknown] = TOKEN_UNKNOWN;
}

/* Each merge is "left right", or a list of both. */
static int
take_merges(const struct reading *r, const struct json_node *list)
{
	struct buf scratch = { 0 };
	struct json_node m, left, right;
	struct json_walk w;
	int rc = list->kind == JSON_LIST ? 0 : -1;

	r->v->merge = arena_get(r->arena, (json_count(list) + 1) * sizeof(*r->v->merge));
	json_walk_begin(&w, list);
	while (rc == 0 && json_walk_next(&w, NULL, &m)) {
		const char *blank = m.kind == JSON_TEXT && m.text.len > 1
		    ? memchr(m.text.ptr + 1, ' ', m.text.len - 1) : NULL;

		left = json_at(&m, "/0");
		right = json_at(&m, "/1");
		if (blank != NULL)
			vocabulary_add_merge(r->v, m.text.ptr, (size_t)(blank - m.text.ptr),
			    blank + 1, (size_t)(m.text.ptr + m.text.len - blank - 1), &scratch);
		else if (left.kind == JSON_TEXT && right.kind == JSON_TEXT)
			vocabulary_add_merge(r->v, left.text.ptr, left.text.len, right.text.ptr,
			    right.text.len, &scratch);
		else
			rc = -1;
	}
	buf_release(&scratch);
	return rc == 0 ? 0 : wrong(r, "/model/merges: expected a list of pairs");
}

static int
check_model(const struct reading *r, const struct json_node *model)
{
	static const char *const empty[] = { "/continuing_subword_prefix",
		"/end_of_word_suffix" };
	struct json_node type = json_at(model, "/type"), n;

	if (type.kind == JSON_TEXT && !is_text(&type, "BPE") && !is_text(&type, "Unigram"))
		return fault_stop(r->fault, "%s: the model %.*s is not understood; BPE and "
		    "Unigram are", r->path, (int)(type.text.len < 32 ? type.text.len : 32),
		    type.text.ptr);
	for (int i = 0; i < 2; i++) {
		n = json_at(model, empty[i]);
		if (n.kind == JSON_TEXT && n.text.len > 0)
			return fault_stop(r->fault, "%s: /model%s is not understood", r->path,
			    empty[i]);
	}
	return 0;
}

static int
take_model(const struct reading *r, const struct json_node *root)
{
	struct vocabulary *v = r->v;
	struct json_node model = json_at(root, "/model");
	struct json_node vocab = json_at(&model, "/vocab"), merges;
	struct json_node added = json_at(root, "/added_tokens");
	bool is_bytes;

	if (check_model(r, &model) < 0 || take_tokens(r, &vocab, &added) < 0
	    || vocabulary_steps_read(v, root, r->path, &is_bytes, r->arena, r->fault) < 0)
		return -2;
	settle_bytes(v, flag(&model, "/byte_fallback"));
	take_unknown(v, &model);
	v->takes_words = flag(&model, "/ignore_merges");
	v->model = vocab.kind == JSON_LIST ? VOCABULARY_UNIGRAM
	    : is_bytes ? VOCABULARY_BPE : VOCABULARY_BPE_CHARACTERS;
	merges = json_at(&model, "/merges");
	return v->model == VOCABULARY_UNIGRAM ? 0 : take_merges(r, &merges);
}

/* GPT-2's own files: a map of tokens, and a merge on each line. */
static int
take_lines(const struct reading *r)
{
	const char *path = folder_path(r->folder, "merges.txt", r->arena), *s;
	struct buf scratch = { 0 };
	size_t len, lines = 1;
	char *text = file_read(path, MERGES_MAX, r->arena, &len, r->fault);

	if (text == NULL)
		return -2;
	for (size_t i = 0; i < len; i++)
		lines += text[i] == '\n';
	r->v->merge = arena_get(r->arena, lines * sizeof(*r->v->merge));
	for (s = text; *s != '\0'; s += strspn(s, "\n")) {
		size_t line = strcspn(s, "\n"), left = strcspn(s, " \n");

		if (left > 0 && left + 1 < line && strncmp(s, "#version", 8) != 0)
			vocabulary_add_merge(r->v, s, left, s + left + 1, line - left - 1, &scratch);
		s += line;
	}
	buf_release(&scratch);
	return 0;
}

static int
take_plain_files(struct reading *r, struct json *j)
{
	const struct split_step words = { .pattern = { split_gpt2, strlen(split_gpt2) } };
	struct json_node map, none = { .kind = JSON_ABSENT };

	if (folder_json(r->folder, "vocab.json", false, j, &map, &r->path, r->arena,
	    r->fault) < 0)
		return -2;
	if (map.kind == JSON_ABSENT)
		return 0;
	if (take_tokens(r, &map, &none) < 0 || take_lines(r) < 0
	    || vocabulary_add_split(r->v, &words, r->fault) < 0)
		return -2;
	settle_bytes(r->v, false);
	r->v->model = VOCABULARY_BPE;
	return vocabulary_ends_read(r->v, r->folder, &none, r->arena, r->fault);
}

int
vocabulary_folder_read(struct vocabulary *v, const char *folder,
    struct arena *a, struct fault *f)
{
	struct reading r = { .v = v, .folder = folder, .arena = a, .fault = f };
	struct json *j = json_new();
	struct json_node root;
	int rc = folder_json(folder, "tokenizer.json", false, j, &root, &r.path, a, f);

	if (rc == 0 && root.kind == JSON_ABSENT)
		rc = folder_has(folder, "tokenizer.model", a)
		    ? vocabulary_sentencepiece_read(v, folder, a, f)
		    : take_plain_files(&r, j);
	else if (rc == 0 && (rc = take_model(&r, &root)) == 0)
		rc = vocabulary_ends_read(v, folder, &root, a, f);
	json_free(j);
	return rc;
}
