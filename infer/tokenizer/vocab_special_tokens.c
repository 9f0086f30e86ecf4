#include "config.h"

#include "infer/model/hf_folder.h"
#include "infer/tokenizer/vocab_special_tokens.h"

/* The template of a post-processor (TemplateProcessing, maybe in a Sequence). */
static struct json_node
template_of(const struct json_node *processor)
{
	struct json_node single = json_at(processor, "/single"), member;
	struct json_node list = json_at(processor, "/processors");
	struct json_walk w;

	json_walk_begin(&w, &list);
	while (json_walk_next(&w, NULL, &member))
		if (json_at(&member, "/single").kind == JSON_LIST)
			single = json_at(&member, "/single");
	return single;
}

static bool
has_template(const struct json_node *processor)
{
	return template_of(processor).kind == JSON_LIST;
}

/* Does it begin or end with this token? */
static bool
is_in_template(const struct vocab *v, const struct json_node *processor, bool at_end, uint32_t id)
{
	struct json_node single = template_of(processor), member, text,
			 last = { .kind = JSON_ABSENT };
	struct json_walk w;

	json_walk_begin(&w, &single);
	while (json_walk_next(&w, NULL, &member) && (last.kind == JSON_ABSENT || at_end))
		last = member;
	text = json_at(&last, "/SpecialToken/id");
	return id != TOKEN_NONE && text.kind == JSON_TEXT
	    && vocab_find(v, text.text.ptr, text.text.len) == id;
}

/* A token by its text, or a map with its content; false if the setting is absent. */
static bool
read_token(const struct vocab *v, const struct json_node *config, const char *pointer,
    uint32_t *out)
{
	struct json_node n = json_at(config, pointer);

	if (n.kind == JSON_MAP)
		n = json_at(&n, "/content");
	if (n.kind == JSON_TEXT)
		*out = vocab_find(v, n.text.ptr, n.text.len);
	return n.kind == JSON_TEXT || n.kind == JSON_NULL;
}

static void
read_token_id(const struct vocab *v, const struct json_node *config, const char *pointer,
    uint32_t *out)
{
	struct json_node n = json_at(config, pointer);

	if (n.kind == JSON_LIST)
		n = json_at(&n, "/0");
	if (n.kind == JSON_INT && n.integer >= 0 && (uint64_t)n.integer < v->len)
		*out = (uint32_t)n.integer;
}

/* False if the setting is absent. */
static bool
read_bool(const struct json_node *config, const char *pointer, bool *out)
{
	struct json_node n = json_at(config, pointer);

	if (n.kind == JSON_BOOL)
		*out = n.truth;
	return n.kind == JSON_BOOL;
}

int
vocab_special_tokens_read(struct vocab *v, const char *folder, const struct json_node *root,
    struct arena *a, struct fault *f)
{
	static const char *const files[] = { "tokenizer_config.json", "special_tokens_map.json",
		"generation_config.json", "config.json" };
	struct json_node p = json_at(root, "/post_processor"), config;
	bool has_bos = false, has_eos = false, has_add_bos = false, has_add_eos = false;
	struct json *j = json_new();
	const char *path;
	int rc = 0;

	for (int i = 0; i < 4 && rc == 0; i++) {
		rc = hf_folder_json(folder, files[i], false, j, &config, &path, a, f);
		if (i < 2) {
			has_bos = has_bos || read_token(v, &config, "/bos_token", &v->bos);
			has_eos = has_eos || read_token(v, &config, "/eos_token", &v->eos);
			has_add_bos = has_add_bos
			    || read_bool(&config, "/add_bos_token", &v->adds_bos);
			has_add_eos = has_add_eos
			    || read_bool(&config, "/add_eos_token", &v->adds_eos);
		}
		if (!has_bos && v->bos == TOKEN_NONE)
			read_token_id(v, &config, "/bos_token_id", &v->bos);
		if (!has_eos && v->eos == TOKEN_NONE)
			read_token_id(v, &config, "/eos_token_id", &v->eos);
	}
	json_free(j);
	vocab_mark_control(v);
	v->adds_bos_by = has_add_bos ? files[0] : has_template(&p) ? "tokenizer.json" : NULL;
	v->adds_eos_by = has_add_eos ? files[0] : has_template(&p) ? "tokenizer.json" : NULL;
	if (!has_add_bos)
		v->adds_bos |= is_in_template(v, &p, false, v->bos);
	if (!has_add_eos)
		v->adds_eos |= is_in_template(v, &p, true, v->eos);
	return rc;
}
