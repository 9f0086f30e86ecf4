#include "config.h"

#include "infer/model/hf_folder.h"
#include "infer/tokenizer/vocab_special_tokens.h"

/* Does what is put around texts begin (or end) with this token? */
static bool
is_put(const struct vocabulary *v, const struct json_node *processor, bool at_end,
    uint32_t id)
{
	struct json_node single = json_at(processor, "/single"), member, text, last = {
		.kind = JSON_ABSENT };
	struct json_node list = json_at(processor, "/processors");
	struct json_walk w;

	json_walk_begin(&w, &list);
	while (json_walk_next(&w, NULL, &member))
		if (json_at(&member, "/single").kind == JSON_LIST)
			single = json_at(&member, "/single");
	json_walk_begin(&w, &single);
	while (json_walk_next(&w, NULL, &member) && (last.kind == JSON_ABSENT || at_end))
		last = member;
	text = json_at(&last, "/SpecialToken/id");
	return id != TOKEN_NONE && text.kind == JSON_TEXT
	    && vocabulary_find(v, text.text.ptr, text.text.len) == id;
}

/* A token that a configuration names, as text or by a map with its content; false:
 * it says nothing of it. */
static bool
named_token(const struct vocabulary *v, const struct json_node *config,
    const char *pointer, uint32_t *out)
{
	struct json_node n = json_at(config, pointer);

	if (n.kind == JSON_MAP)
		n = json_at(&n, "/content");
	if (n.kind == JSON_TEXT)
		*out = vocabulary_find(v, n.text.ptr, n.text.len);
	return n.kind == JSON_TEXT || n.kind == JSON_NULL;
}

static void
numbered_token(const struct vocabulary *v, const struct json_node *config,
    const char *pointer, uint32_t *out)
{
	struct json_node n = json_at(config, pointer);

	if (n.kind == JSON_LIST)
		n = json_at(&n, "/0");
	if (n.kind == JSON_INT && n.integer >= 0 && (uint64_t)n.integer < v->len)
		*out = (uint32_t)n.integer;
}

static void
mark_control(struct vocabulary *v, uint32_t id)
{
	if (id != TOKEN_NONE && v->kind[id] == TOKEN_NORMAL)
		v->kind[id] = TOKEN_CONTROL;
}

/* true: the configuration tells. */
static bool
told(const struct json_node *config, const char *pointer, bool *out)
{
	struct json_node n = json_at(config, pointer);

	if (n.kind == JSON_BOOL)
		*out = n.truth;
	return n.kind == JSON_BOOL;
}

int
vocabulary_ends_read(struct vocabulary *v, const char *folder,
    const struct json_node *tokenizer, struct arena *a, struct fault *f)
{
	static const char *const files[] = { "tokenizer_config.json",
		"special_tokens_map.json", "generation_config.json", "config.json" };
	struct json_node p = json_at(tokenizer, "/post_processor"), root;
	bool has_bos = false, has_eos = false, told_bos = false, told_eos = false;
	struct json *j = json_new();
	const char *path;
	int rc = 0;

	for (int i = 0; i < 4 && rc == 0; i++) {
		rc = folder_json(folder, files[i], false, j, &root, &path, a, f);
		if (i < 2) {
			has_bos = has_bos || named_token(v, &root, "/bos_token", &v->bos);
			has_eos = has_eos || named_token(v, &root, "/eos_token", &v->eos);
			told_bos = told_bos || told(&root, "/add_bos_token", &v->adds_bos);
			told_eos = told_eos || told(&root, "/add_eos_token", &v->adds_eos);
		}
		if (!has_bos && v->bos == TOKEN_NONE)
			numbered_token(v, &root, "/bos_token_id", &v->bos);
		if (!has_eos && v->eos == TOKEN_NONE)
			numbered_token(v, &root, "/eos_token_id", &v->eos);
	}
	json_free(j);
	mark_control(v, v->bos);
	mark_control(v, v->eos);
	if (!told_bos)
		v->adds_bos |= is_put(v, &p, false, v->bos);
	if (!told_eos)
		v->adds_eos |= is_put(v, &p, true, v->eos);
	return rc;
}
