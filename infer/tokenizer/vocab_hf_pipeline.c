#include "config.h"

#include <string.h>

#include "infer/tokenizer/vocab_hf_pipeline.h"
#include "lib/core/base64.h"

enum { DEPTH_MAX = 4 };

/* A tokenizer.json while it is read. */
struct reading {
	struct vocabulary *v;
	const char *path;
	bool *is_bytes;
	struct arena *arena;
	struct fault *fault;
};

static bool
is_text(const struct json_node *n, const char *s)
{
	return n->kind == JSON_TEXT && n->text.len == strlen(s)
	    && memcmp(n->text.ptr, s, n->text.len) == 0;
}

static bool
flag(const struct json_node *of, const char *pointer, bool other)
{
	struct json_node n = json_at(of, pointer);

	return n.kind == JSON_BOOL ? n.truth : other;
}

static struct directory_text
text_of(const struct reading *r, const struct json_node *n)
{
	return (struct directory_text){ n->kind == JSON_TEXT
	    ? arena_dup(r->arena, n->text.ptr, n->text.len) : "",
	    n->kind == JSON_TEXT ? n->text.len : 0 };
}

static int
unknown(const struct reading *r, const char *what, const struct json_node *type)
{
	bool is = type->kind == JSON_TEXT;

	return fault_stop(r->fault, "%s: the %s %.*s is not understood", r->path, what,
	    is ? (int)(type->text.len < 48 ? type->text.len : 48) : 7,
	    is ? type->text.ptr : "(none)");
}

static int
add_normal(const struct reading *r, enum normalize_kind kind)
{
	const struct normalize_step s = { .kind = kind };

	return vocabulary_add_normal(r->v, &s, r->fault);
}

static int
take_strip(const struct reading *r, const struct json_node *n)
{
	if (flag(n, "/strip_left", true) && add_normal(r, NORMALIZE_STRIP_LEFT) < 0)
		return -2;
	return flag(n, "/strip_right", true) ? add_normal(r, NORMALIZE_STRIP_RIGHT) : 0;
}

static int
take_replace(const struct reading *r, const struct json_node *n)
{
	struct json_node from = json_at(n, "/pattern/String"), to = json_at(n, "/content");
	struct normalize_step s = { .kind = NORMALIZE_REPLACE };

	if (from.kind != JSON_TEXT || from.text.len == 0 || to.kind != JSON_TEXT)
		return fault_stop(r->fault, "%s: a Replace normalizer must have a String to "
		    "replace, not a pattern", r->path);
	s.from = text_of(r, &from);
	s.to = text_of(r, &to);
	return vocabulary_add_normal(r->v, &s, r->fault);
}

static int
take_prepend(const struct reading *r, const struct json_node *n)
{
	struct json_node to = json_at(n, "/prepend");
	struct normalize_step s = { .kind = NORMALIZE_PREPEND, .to = text_of(r, &to) };

	r->v->adds_space = s.to.len > 0;
	return vocabulary_add_normal(r->v, &s, r->fault);
}

static int
take_map(const struct reading *r, const struct json_node *n)
{
	struct json_node map = json_at(n, "/precompiled_charsmap");
	struct normalize_step s = { .kind = NORMALIZE_CHARACTERS };
	unsigned char *bytes = arena_get(r->arena, map.kind == JSON_TEXT
	    ? map.text.len / 4 * 3 + 1 : 1);

	s.from.ptr = (const char *)bytes;
	if (map.kind != JSON_TEXT
	    || !base64_read(bytes, &s.from.len, map.text.ptr, map.text.len)
	    || !normalize_map_is_good(&s.from))
		return fault_stop(r->fault, "%s: precompiled_charsmap is no map of "
		    "characters", r->path);
	return vocabulary_add_normal(r->v, &s, r->fault);
}

static int
take_normalizer(const struct reading *r, const struct json_node *n, int depth)
{
	static const struct { const char *name; enum normalize_kind kind; } plain[] = {
		{ "NFC", NORMALIZE_NFC }, { "NFD", NORMALIZE_NFD },
		{ "NFKC", NORMALIZE_NFKC }, { "NFKD", NORMALIZE_NFKD },
		{ "Lowercase", NORMALIZE_LOWERCASE } };
	struct json_node type = json_at(n, "/type"), list, member;
	struct json_walk w;
	int rc = 0;

	if (n->kind == JSON_ABSENT || n->kind == JSON_NULL)
		return 0;
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (is_text(&type, plain[i].name))
			return add_normal(r, plain[i].kind);
	if (is_text(&type, "Strip"))
		return take_strip(r, n);
	if (is_text(&type, "Replace"))
		return take_replace(r, n);
	if (is_text(&type, "Prepend"))
		return take_prepend(r, n);
	if (is_text(&type, "Precompiled"))
		return take_map(r, n);
	list = json_at(n, "/normalizers");
	if (!is_text(&type, "Sequence") || list.kind != JSON_LIST || depth == DEPTH_MAX)
		return unknown(r, "normalizer", &type);
	json_walk_begin(&w, &list);
	while (rc == 0 && json_walk_next(&w, NULL, &member))
		rc = take_normalizer(r, &member, depth + 1);
	return rc;
}

static int
add_split(const struct reading *r, const char *pattern, size_t len,
    enum split_matches matches, bool is_inverted)
{
	const struct split_step s = { .pattern = { pattern, len }, .matches = matches,
		.is_inverted = is_inverted };

	return vocabulary_add_split(r->v, &s, r->fault);
}

/* A text as a pattern that matches it alone. */
static struct directory_text
quoted(const struct reading *r, const struct json_node *n)
{
	char *s = arena_get(r->arena, 2 * n->text.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < n->text.len; i++) {
		char c = n->text.ptr[i];

		if (strchr("\\^$.[]|()?*+{}#-", c) != NULL && c != '\0')
			s[len++] = '\\';
		s[len++] = c;
	}
	return (struct directory_text){ s, len };
}

static int
take_matches(const struct reading *r, const struct json_node *n,
    enum split_matches *out)
{
	static const char *const names[] = { "Isolated", "Removed", "MergedWithPrevious",
		"MergedWithNext", "Contiguous" };
	struct json_node how = json_at(n, "/behavior");

	for (int i = 0; i < 5; i++)
		if (is_text(&how, names[i])) {
			*out = (enum split_matches)i;
			return 0;
		}
	return unknown(r, "behavior", &how);
}

static int
take_split(const struct reading *r, const struct json_node *n)
{
	struct json_node regex = json_at(n, "/pattern/Regex");
	struct json_node text = json_at(n, "/pattern/String");
	struct directory_text pattern;
	enum split_matches matches;

	if (take_matches(r, n, &matches) < 0)
		return -2;
	if (regex.kind == JSON_TEXT)
		pattern = text_of(r, &regex);
	else if (text.kind == JSON_TEXT && text.text.len > 0)
		pattern = quoted(r, &text);
	else
		return fault_stop(r->fault, "%s: a Split must have a pattern", r->path);
	return add_split(r, pattern.ptr, pattern.len, matches, flag(n, "/invert", false));
}

static int
take_bytes(const struct reading *r, const struct json_node *n)
{
	const struct normalize_step blank = { .kind = NORMALIZE_PREPEND_BLANK,
		.to = { " ", 1 } };

	*r->is_bytes = true;
	if (flag(n, "/add_prefix_space", true)) {
		r->v->adds_space = true;
		if (vocabulary_add_normal(r->v, &blank, r->fault) < 0)
			return -2;
	}
	return flag(n, "/use_regex", true) ? add_split(r, split_gpt2, strlen(split_gpt2),
	    SPLIT_ISOLATED, false) : 0;
}

static int
take_metaspace(const struct reading *r, const struct json_node *n)
{
	struct json_node mark = json_at(n, "/replacement");
	struct json_node scheme = json_at(n, "/prepend_scheme");
	bool adds = flag(n, "/add_prefix_space", true);

	if (mark.kind == JSON_TEXT && !is_text(&mark, "\xe2\x96\x81"))
		return fault_stop(r->fault, "%s: a Metaspace must put U+2581 for blanks",
		    r->path);
	if (r->v->splits > 0)
		return fault_stop(r->fault, "%s: a Metaspace behind other steps is not "
		    "understood", r->path);
	if (scheme.kind == JSON_TEXT)
		adds = !is_text(&scheme, "never");
	if (vocabulary_add_blanks(r->v, adds, NORMALIZE_PREPEND_MISSING,
	    is_text(&scheme, "first"), r->fault) < 0)
		return -2;
	return flag(n, "/split", true) ? add_split(r, "\xe2\x96\x81", 3, SPLIT_WITH_NEXT,
	    false) : 0;
}

static int
take_pre_tokenizer(const struct reading *r, const struct json_node *n, int depth)
{
	struct json_node type = json_at(n, "/type"), list, member;
	enum split_matches matches;
	struct json_walk w;
	int rc = 0;

	if (n->kind == JSON_ABSENT || n->kind == JSON_NULL)
		return 0;
	if (is_text(&type, "Split"))
		return take_split(r, n);
	if (is_text(&type, "ByteLevel"))
		return take_bytes(r, n);
	if (is_text(&type, "Metaspace"))
		return take_metaspace(r, n);
	if (is_text(&type, "Digits"))
		return add_split(r, "\\p{N}", 5, flag(n, "/individual_digits", false)
		    ? SPLIT_ISOLATED : SPLIT_CONTIGUOUS, false);
	if (is_text(&type, "Punctuation"))
		return take_matches(r, n, &matches) < 0 ? -2
		    : add_split(r, "[\\p{P}$+<=>^`|~]", 16, matches, false);
	list = json_at(n, "/pretokenizers");
	if (!is_text(&type, "Sequence") || list.kind != JSON_LIST || depth == DEPTH_MAX)
		return unknown(r, "pre-tokenizer", &type);
	json_walk_begin(&w, &list);
	while (rc == 0 && json_walk_next(&w, NULL, &member))
		rc = take_pre_tokenizer(r, &member, depth + 1);
	return rc;
}

int
vocabulary_steps_read(struct vocabulary *v, const struct json_node *root,
    const char *path, bool *is_bytes, struct arena *a, struct fault *f)
{
	struct reading r = { v, path, is_bytes, a, f };
	struct json_node n = json_at(root, "/normalizer");

	*is_bytes = false;
	if (take_normalizer(&r, &n, 0) < 0)
		return -2;
	n = json_at(root, "/pre_tokenizer");
	return take_pre_tokenizer(&r, &n, 0);
}
