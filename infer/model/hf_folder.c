#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "infer/model/hf_folder.h"
#include "infer/model/hf_config.h"
#include "infer/model/hf_hparams.h"
#include "infer/model/hf_tensor.h"
#include "lib/core/memory_limit.h"
#include "lib/core/file.h"

enum {
	JSON_MAX = 256 << 20,
	SHARDS_MAX = 4096,
	FACTORS = 2,
	NAME = 256,
	BAICHUAN2_TOKENS = 125696
};

struct hf_reader {
	struct model_file *mf;
	const char *folder;
	struct buf entries; /* struct safetensors_entry, of all shards in turn */
	struct buf shards;  /* struct hf_shard */
	struct arena *arena;
	struct fault *fault;
};

struct hf_shard {
	const char *path;
	size_t first; /* entry of the shard */
};

const char *
hf_folder_path(const char *folder, const char *file, struct arena *a)
{
	size_t n = strlen(folder), len = strlen(file);
	char *path = arena_alloc(a, n + len + 2);

	memcpy(path, folder, n);
	path[n] = '/';
	memcpy(path + n + 1, file, len);
	return path;
}

static bool
exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

bool
hf_folder_has(const char *folder, const char *file, struct arena *a)
{
	return exists(hf_folder_path(folder, file, a));
}

int
hf_folder_json(const char *folder, const char *file, bool is_required, struct json *j,
    struct json_node *root, const char **path, struct arena *a, struct fault *f)
{
	*root = (struct json_node){ .kind = JSON_ABSENT };
	*path = hf_folder_path(folder, file, a);
	if (!is_required && !exists(*path))
		return 0;
	return json_parse_file(j, *path, JSON_MAX, root, a, f);
}

static size_t
entries_of(const struct hf_reader *r)
{
	return r->entries.len / sizeof(struct safetensors_entry);
}

static struct safetensors_entry *
entry(const struct hf_reader *r, size_t i)
{
	return (struct safetensors_entry *)(void *)r->entries.data + i;
}

static const struct hf_shard *
shard(const struct hf_reader *r, size_t i)
{
	return (const struct hf_shard *)(const void *)r->shards.data + i;
}

static size_t
shards_of(const struct hf_reader *r)
{
	return r->shards.len / sizeof(struct hf_shard);
}

static int
open_shard(struct hf_reader *r, const char *path)
{
	struct hf_shard s = { path, entries_of(r) };
	struct buf entries = { 0 };
	struct mapped_file *map = &r->mf->map[r->mf->maps];
	int rc = mapped_file_open(map, path, r->fault);

	if (rc < 0)
		return rc;
	r->mf->maps++;
	rc = safetensors_read(map, path, r->arena, &entries, r->fault);
	buf_add(&r->entries, entries.data, entries.len);
	buf_add(&r->shards, &s, sizeof(s));
	buf_release(&entries);
	return rc;
}

/* A name that cannot lead out of the folder. */
static bool
is_plain(const char *s, size_t len)
{
	return len > 0 && len < NAME && memchr(s, '/', len) == NULL && memchr(s, '\0', len) == NULL
	    && s[0] != '.';
}

static bool
is_open(const struct hf_reader *r, const char *path)
{
	for (size_t i = 0; i < shards_of(r); i++)
		if (strcmp(shard(r, i)->path, path) == 0)
			return true;
	return false;
}

/* Opens each file that weight_map names, once. */
static int
open_shards(struct hf_reader *r, const struct json_node *map, const char *index)
{
	struct json_node name, file;
	struct json_walk w;
	const char *last = "";
	int rc = 0;

	if (map->kind != JSON_MAP)
		return fault_stop(r->fault, "%s: /weight_map: expected a map", index);
	json_walk_begin(&w, map);
	while (rc == 0 && json_walk_next(&w, &name, &file)) {
		const char *path;

		if (file.kind != JSON_TEXT || !is_plain(file.text.ptr, file.text.len))
			return fault_stop(r->fault,
			    "%s: /weight_map: a file name must be plain, "
			    "without folders and leading dots",
			    index);
		if (json_is_string(&file, last))
			continue;
		last = arena_strndup(r->arena, file.text.ptr, file.text.len);
		path = hf_folder_path(r->folder, last, r->arena);
		if (is_open(r, path))
			continue;
		if (shards_of(r) == SHARDS_MAX)
			return fault_stop(r->fault, "%s: more than %d files", index, SHARDS_MAX);
		rc = open_shard(r, path);
	}
	return rc;
}

static int
open_files(struct hf_reader *r)
{
	static const char index[] = "model.safetensors.index.json";
	const char *one = hf_folder_path(r->folder, "model.safetensors", r->arena), *path;
	struct json_node root, map;
	struct json *j;
	int rc;

	r->mf->map = arena_alloc(r->arena, SHARDS_MAX * sizeof(*r->mf->map));
	if (exists(one))
		return open_shard(r, one);
	if (!hf_folder_has(r->folder, index, r->arena))
		return fault_stop(r->fault,
		    "%s: a folder must have model.safetensors or %s; "
		    "tensors in other formats (.bin, .pth) must be converted first",
		    r->folder, index);
	j = json_new();
	rc = hf_folder_json(r->folder, index, true, j, &root, &path, r->arena, r->fault);
	if (rc == 0) {
		map = json_at(&root, "/weight_map");
		rc = open_shards(r, &map, path);
	}
	json_free(j);
	return rc;
}

/* Baichuan 2 normalises the rows of its output matrix; in config.json it differs from
 * Baichuan 1 by the size of the vocabulary alone. */
static bool
has_unit_output_rows(const struct architecture *arch, const struct safetensors_entry *e,
    const struct text *name)
{
	return strcmp(arch->name, "baichuan") == 0 && e->dimensions == 2
	    && e->dimension[0] == BAICHUAN2_TOKENS && text_is(name, "output.weight");
}

/* How to convert a tensor; its name is set already. */
struct hf_conversion {
	const struct safetensors_entry *entry;
	enum tensor_fixup fixup;
	const char *path;
};

static int
plan(struct hf_reader *r, const struct architecture *arch, bool is_tied, struct hf_conversion *out)
{
	struct model_file *mf = r->mf;
	size_t s = 0, n = 0;

	for (size_t i = 0; i < entries_of(r); i++) {
		const struct safetensors_entry *e = entry(r, i);
		struct model_file_tensor *t = &mf->tensor[mf->tensors];
		struct hf_conversion *p = &out[n];
		enum hf_tensor_use use;

		while (s + 1 < shards_of(r) && shard(r, s + 1)->first <= i)
			s++;
		*p = (struct hf_conversion){ .entry = e, .path = shard(r, s)->path };
		use = hf_tensor_name(arch, &e->name, &t->name, &p->fixup, r->arena);
		if (use == HF_TENSOR_UNKNOWN)
			return fault_stop(r->fault,
			    "%s: tensor %.*s is not one of the "
			    "architecture %s",
			    p->path, (int)(e->name.len < 96 ? e->name.len : 96), e->name.ptr,
			    arch->name);
		if (use == HF_TENSOR_IGNORED
		    || (is_tied && strncmp(t->name.ptr, "output.", 7) == 0))
			continue;
		if (has_unit_output_rows(arch, e, &t->name))
			p->fixup = FIXUP_L2_NORMALISE_ROWS;
		mf->tensors++;
		n++;
	}
	return 0;
}

static int
convert_tensors(struct hf_reader *r, const struct architecture *arch, bool is_tied)
{
	struct model_file *mf = r->mf;
	struct hf_conversion *p = arena_alloc(r->arena, (entries_of(r) + 1) * sizeof(*p));
	const size_t first = mf->tensors; /* after the factors of longrope */
	uint64_t heads = 0, copies = 0;
	char key[NAME];

	snprintf(key, sizeof(key), "%s.attention.head_count", arch->name);
	model_file_uint(mf, key, &heads);
	if (plan(r, arch, is_tied, p) < 0)
		return -2;
	for (size_t i = 0; i < mf->tensors - first; i++)
		copies += hf_tensor_copied_bytes(p[i].entry, p[i].fixup);
	if (copies > 0
	    && memory_limit_check(r->folder, 0, copies, "converted tensors",
		   "use a GGUF file of the model", r->fault)
		< 0)
		return -2;
	for (size_t i = 0; i < mf->tensors - first; i++)
		if (hf_tensor_convert(p[i].entry, p[i].fixup, heads < 1 << 20 ? (size_t)heads : 0,
			&mf->tensor[first + i], &mf->copied, p[i].path, r->arena, r->fault)
		    < 0)
			return -2;
	return 0;
}

static int
check_names(const struct hf_reader *r, bool is_tied)
{
	struct model_file *mf = r->mf;

	if (model_file_index_tensors(mf, r->folder, r->fault) < 0)
		return -2;
	if (!is_tied && model_file_find_tensor(mf, "output.weight") == NULL)
		return fault_stop(r->fault,
		    "%s: the tensor lm_head.weight is missing, and "
		    "config.json does not set tie_word_embeddings",
		    r->folder);
	return 0;
}

static int
read_config(struct hf_reader *r, struct json *j, const struct architecture **arch, bool *is_tied)
{
	struct json_node root;
	const char *path;

	if (hf_folder_json(r->folder, "config.json", true, j, &root, &path, r->arena, r->fault) < 0)
		return -2;
	return hf_hparams_read(r->mf, &root, path, arch, is_tied, r->arena, r->fault);
}

/* The kind of tokenizer, and the chat template. */
static int
read_tokenizer(struct hf_reader *r, struct json *j)
{
	static const char *const files[] = { "tokenizer.json", "tokenizer.model", "vocab.json" };
	struct json_node root, t, list, member;
	struct json_walk w;
	const char *path, *text;
	size_t len;

	for (int i = 0; i < 3; i++)
		if (hf_folder_has(r->folder, files[i], r->arena)) {
			hf_config_put_string(r->mf, "tokenizer.ggml.model", files[i],
			    strlen(files[i]), r->arena);
			break;
		}
	if (hf_folder_json(r->folder, "tokenizer_config.json", false, j, &root, &path, r->arena,
		r->fault)
	    < 0)
		return -2;
	t = json_at(&root, "/chat_template");
	list = t;
	json_walk_begin(&w, &list);
	while (t.kind == JSON_LIST && json_walk_next(&w, NULL, &member))
		if (json_at(&member, "/template").kind == JSON_TEXT)
			t = json_at(&member, "/template"); /* the first is the default */
	path = hf_folder_path(r->folder, "chat_template.jinja", r->arena);
	if (t.kind == JSON_TEXT)
		hf_config_put_string(r->mf, "tokenizer.chat_template", t.text.ptr, t.text.len,
		    r->arena);
	else if (exists(path)) {
		if ((text = file_read(path, JSON_MAX, r->arena, &len, r->fault)) == NULL)
			return -2;
		hf_config_put_string(r->mf, "tokenizer.chat_template", text, len, r->arena);
	}
	return 0;
}

int
hf_folder_open(struct model_file *mf, const char *name, struct arena *a, struct fault *f)
{
	struct hf_reader r = { .mf = mf, .folder = name, .arena = a, .fault = f };
	const struct architecture *arch;
	struct json *j = json_new();
	bool is_tied;
	int rc = open_files(&r);

	mf->tensor = arena_alloc(a, (entries_of(&r) + FACTORS) * sizeof(*mf->tensor));
	if (rc == 0 && (rc = read_config(&r, j, &arch, &is_tied)) == 0
	    && (rc = convert_tensors(&r, arch, is_tied)) == 0
	    && (rc = check_names(&r, is_tied)) == 0)
		rc = read_tokenizer(&r, j);
	json_free(j);
	buf_release(&r.entries);
	buf_release(&r.shards);
	return rc;
}
