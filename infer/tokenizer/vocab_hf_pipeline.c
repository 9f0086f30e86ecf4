#include "config.h"

#include <string.h>

#include "infer/model/hf_folder.h"
#include "infer/tokenizer/vocab_hf_pipeline.h"
#include "lib/core/base64.h"

enum { DEPTH_MAX = 4 };

struct hf_pipeline_reader {
	struct vocab *v;
	const char *path;
	bool *is_byte_level;
	struct arena *arena;
	struct fault *fault;
};

static struct text
copy_text(const struct hf_pipeline_reader *r, const struct json_node *n)
{
	return (struct text){
		n->kind == JSON_TEXT ? arena_strndup(r->arena, n->text.ptr, n->text.len) : "",
		n->kind == JSON_TEXT ? n->text.len : 0
	};
}

static int
unsupported(const struct hf_pipeline_reader *r, const char *what, const struct json_node *type)
{
	bool has_type = type->kind == JSON_TEXT;

	return fault_stop(r->fault, "%s: the %s %.*s is not supported", r->path, what,
	    has_type ? (int)(type->text.len < 48 ? type->text.len : 48) : 7,
	    has_type ? type->text.ptr : "(none)");
}

static int
add_normalizer(const struct hf_pipeline_reader *r, enum normalizer_kind kind)
{
	const struct normalizer_step s = { .kind = kind };

	return vocab_add_normalizer(r->v, &s, r->fault);
}

static int
read_strip(const struct hf_pipeline_reader *r, const struct json_node *n)
{
	if (json_bool_or(n, "/strip_left", true) && add_normalizer(r, NORMALIZER_STRIP_LEFT) < 0)
		return -2;
	return json_bool_or(n, "/strip_right", true) ? add_normalizer(r, NORMALIZER_STRIP_RIGHT)
						     : 0;
}

static int
read_replace(const struct hf_pipeline_reader *r, const struct json_node *n)
{
	struct json_node from = json_at(n, "/pattern/String"), to = json_at(n, "/content");
	struct normalizer_step s = { .kind = NORMALIZER_REPLACE };

	if (from.kind != JSON_TEXT || from.text.len == 0 || to.kind != JSON_TEXT)
		return fault_stop(r->fault,
		    "%s: a Replace normalizer must have a String to "
		    "replace, not a pattern",
		    r->path);
	s.from = copy_text(r, &from);
	s.to = copy_text(r, &to);
	return vocab_add_normalizer(r->v, &s, r->fault);
}

static int
read_prepend(const struct hf_pipeline_reader *r, const struct json_node *n)
{
	struct json_node to = json_at(n, "/prepend");
	struct normalizer_step s = { .kind = NORMALIZER_PREPEND, .to = copy_text(r, &to) };

	r->v->adds_space = s.to.len > 0;
	return vocab_add_normalizer(r->v, &s, r->fault);
}

static int
read_charsmap(const struct hf_pipeline_reader *r, const struct json_node *n)
{
	struct json_node map = json_at(n, "/precompiled_charsmap");
	struct normalizer_step s = { .kind = NORMALIZER_CHARSMAP };
	unsigned char *bytes = arena_alloc(r->arena,
	    map.kind == JSON_TEXT ? map.text.len / 4 * 3 + 1 : 1);

	s.from.ptr = (const char *)bytes;
	if (map.kind != JSON_TEXT || !base64_decode(bytes, &s.from.len, map.text.ptr, map.text.len)
	    || !normalizer_charsmap_is_valid(&s.from))
		return fault_stop(r->fault,
		    "%s: the precompiled_charsmap is not "
		    "valid",
		    r->path);
	return vocab_add_normalizer(r->v, &s, r->fault);
}

static int
read_normalizer(const struct hf_pipeline_reader *r, const struct json_node *n, int depth)
{
	static const struct {
		const char *name;
		enum normalizer_kind kind;
	} plain[] = { { "NFC", NORMALIZER_NFC }, { "NFD", NORMALIZER_NFD },
		{ "NFKC", NORMALIZER_NFKC }, { "NFKD", NORMALIZER_NFKD },
		{ "Lowercase", NORMALIZER_LOWERCASE } };
	struct json_node type = json_at(n, "/type"), list, member;
	struct json_walk w;
	int rc = 0;

	if (n->kind == JSON_ABSENT || n->kind == JSON_NULL)
		return 0;
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (json_is_string(&type, plain[i].name))
			return add_normalizer(r, plain[i].kind);
	if (json_is_string(&type, "Strip"))
		return read_strip(r, n);
	if (json_is_string(&type, "Replace"))
		return read_replace(r, n);
	if (json_is_string(&type, "Prepend"))
		return read_prepend(r, n);
	if (json_is_string(&type, "Precompiled"))
		return read_charsmap(r, n);
	list = json_at(n, "/normalizers");
	if (!json_is_string(&type, "Sequence") || list.kind != JSON_LIST || depth == DEPTH_MAX)
		return unsupported(r, "normalizer", &type);
	json_walk_begin(&w, &list);
	while (rc == 0 && json_walk_next(&w, NULL, &member))
		rc = read_normalizer(r, &member, depth + 1);
	return rc;
}

static int
add_pretokenizer(const struct hf_pipeline_reader *r, const char *pattern, size_t len,
    enum pretokenizer_behavior behavior, bool is_inverted)
{
	const struct pretokenizer_step s = {
		.pattern = { pattern, len }, .behavior = behavior, .is_inverted = is_inverted
	};

	return vocab_add_pretokenizer(r->v, &s, r->fault);
}

/* Quotes a string as a pattern. */
static struct text
quote(const struct hf_pipeline_reader *r, const struct json_node *n)
{
	char *s = arena_alloc(r->arena, 2 * n->text.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < n->text.len; i++) {
		char c = n->text.ptr[i];

		if (strchr("\\^$.[]|()?*+{}#-", c) != NULL && c != '\0')
			s[len++] = '\\';
		s[len++] = c;
	}
	return (struct text){ s, len };
}

static int
read_behavior(const struct hf_pipeline_reader *r, const struct json_node *n,
    enum pretokenizer_behavior *out)
{
	static const char *const names[] = { "Isolated", "Removed", "MergedWithPrevious",
		"MergedWithNext", "Contiguous" };
	struct json_node how = json_at(n, "/behavior");

	for (int i = 0; i < 5; i++)
		if (json_is_string(&how, names[i])) {
			*out = (enum pretokenizer_behavior)i;
			return 0;
		}
	return unsupported(r, "behavior", &how);
}

static int
read_split(const struct hf_pipeline_reader *r, const struct json_node *n)
{
	struct json_node regex = json_at(n, "/pattern/Regex");
	struct json_node text = json_at(n, "/pattern/String");
	struct text pattern;
	enum pretokenizer_behavior behavior;

	if (read_behavior(r, n, &behavior) < 0)
		return -2;
	if (regex.kind == JSON_TEXT)
		pattern = copy_text(r, &regex);
	else if (text.kind == JSON_TEXT && text.text.len > 0)
		pattern = quote(r, &text);
	else
		return fault_stop(r->fault, "%s: a Split must have a pattern", r->path);
	return add_pretokenizer(r, pattern.ptr, pattern.len, behavior,
	    json_bool_or(n, "/invert", false));
}

static int
read_byte_level(const struct hf_pipeline_reader *r, const struct json_node *n)
{
	const struct normalizer_step space = { .kind = NORMALIZER_PREPEND_TO_NONSPACE,
		.to = { " ", 1 } };

	*r->is_byte_level = true;
	if (json_bool_or(n, "/add_prefix_space", true)) {
		r->v->adds_space = true;
		if (vocab_add_normalizer(r->v, &space, r->fault) < 0)
			return -2;
	}
	return json_bool_or(n, "/use_regex", true) ? add_pretokenizer(r, pretokenizer_gpt2,
		   strlen(pretokenizer_gpt2), PRETOKENIZER_ISOLATED, false)
						   : 0;
}

static int
read_metaspace(const struct hf_pipeline_reader *r, const struct json_node *n)
{
	struct json_node mark = json_at(n, "/replacement");
	struct json_node scheme = json_at(n, "/prepend_scheme");
	bool adds = json_bool_or(n, "/add_prefix_space", true);

	if (mark.kind == JSON_TEXT && !json_is_string(&mark, "\xe2\x96\x81"))
		return fault_stop(r->fault, "%s: a Metaspace must replace spaces by U+2581",
		    r->path);
	if (r->v->pretokenizers > 0)
		return fault_stop(r->fault,
		    "%s: a Metaspace after other steps is not "
		    "supported",
		    r->path);
	if (scheme.kind == JSON_TEXT)
		adds = !json_is_string(&scheme, "never");
	if (vocab_add_metaspace(r->v, adds, NORMALIZER_PREPEND_IF_MISSING,
		json_is_string(&scheme, "first"), r->fault)
	    < 0)
		return -2;
	return json_bool_or(n, "/split", true)
	    ? add_pretokenizer(r, "\xe2\x96\x81", 3, PRETOKENIZER_MERGED_WITH_NEXT, false)
	    : 0;
}

static int
read_pre_tokenizer(const struct hf_pipeline_reader *r, const struct json_node *n, int depth)
{
	struct json_node type = json_at(n, "/type"), list, member;
	enum pretokenizer_behavior behavior;
	struct json_walk w;
	int rc = 0;

	if (n->kind == JSON_ABSENT || n->kind == JSON_NULL)
		return 0;
	if (json_is_string(&type, "Split"))
		return read_split(r, n);
	if (json_is_string(&type, "ByteLevel"))
		return read_byte_level(r, n);
	if (json_is_string(&type, "Metaspace"))
		return read_metaspace(r, n);
	if (json_is_string(&type, "Digits"))
		return add_pretokenizer(r, "\\p{N}", 5,
		    json_bool_or(n, "/individual_digits", false) ? PRETOKENIZER_ISOLATED
								 : PRETOKENIZER_CONTIGUOUS,
		    false);
	if (json_is_string(&type, "Punctuation"))
		return read_behavior(r, n, &behavior) < 0
		    ? -2
		    : add_pretokenizer(r, "[\\p{P}$+<=>^`|~]", 16, behavior, false);
	list = json_at(n, "/pretokenizers");
	if (!json_is_string(&type, "Sequence") || list.kind != JSON_LIST || depth == DEPTH_MAX)
		return unsupported(r, "pre-tokenizer", &type);
	json_walk_begin(&w, &list);
	while (rc == 0 && json_walk_next(&w, NULL, &member))
		rc = read_pre_tokenizer(r, &member, depth + 1);
	return rc;
}

int
vocab_hf_pipeline_read(struct vocab *v, const struct json_node *root, const char *path,
    bool *is_byte_level, struct arena *a, struct fault *f)
{
	struct hf_pipeline_reader r = { v, path, is_byte_level, a, f };
	struct json_node n = json_at(root, "/normalizer");

	*is_byte_level = false;
	if (read_normalizer(&r, &n, 0) < 0)
		return -2;
	n = json_at(root, "/pre_tokenizer");
	return read_pre_tokenizer(&r, &n, 0);
}
