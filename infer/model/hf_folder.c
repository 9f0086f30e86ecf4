#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "infer/model/hf_folder.h"
#include "infer/model/hf_config.h"
#include "infer/model/hf_hparams.h"
#include "infer/model/hf_tensor.h"
#include "lib/core/memory_limit.h"
#include "lib/core/file.h"

enum { JSON_MAX = 256 << 20, SHARDS_MAX = 4096, FACTORS = 2, NAME = 256,
	BAICHUAN2_TOKENS = 125696 };

/* A folder while it is read. */
struct reading {
	struct directory *d;
	const char *folder;
	struct buf entries;		/* struct safetensors_entry, shard by shard */
	struct buf shards;		/* struct shard */
	struct arena *arena;
	struct fault *fault;
};

struct shard {
	const char *path;
	size_t first;			/* of its entries */
};

const char *
folder_path(const char *folder, const char *file, struct arena *a)
{
	size_t n = strlen(folder), len = strlen(file);
	char *path = arena_get(a, n + len + 2);

	memcpy(path, folder, n);
	path[n] = '/';
	memcpy(path + n + 1, file, len);
	return path;
}

static bool
is_there(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

bool
folder_has(const char *folder, const char *file, struct arena *a)
{
	return is_there(folder_path(folder, file, a));
}

int
folder_json(const char *folder, const char *file, bool is_needed,
    struct json *j, struct json_node *root, const char **path, struct arena *a,
    struct fault *f)
{
	struct fault why = FAULT_NONE;
	char *text, *padded;
	size_t len;

	*root = (struct json_node){ .kind = JSON_ABSENT };
	*path = folder_path(folder, file, a);
	if (!is_needed && !is_there(*path))
		return 0;
	if ((text = file_read(*path, JSON_MAX, a, &len, f)) == NULL)
		return -2;
	padded = arena_get(a, len + JSON_PADDING);
	memcpy(padded, text, len);
	return json_parse(j, padded, len, root, &why) == 0 ? 0
	    : fault_stop(f, "%s: byte %lld: %s", *path, (long long)why.at, why.text);
}

static size_t
entries_of(const struct reading *r)
{
	return r->entries.len / sizeof(struct safetensors_entry);
}

static struct safetensors_entry *
entry(const struct reading *r, size_t i)
{
	return (struct safetensors_entry *)(void *)r->entries.data + i;
}

static const struct shard *
shard(const struct reading *r, size_t i)
{
	return (const struct shard *)(const void *)r->shards.data + i;
}

static size_t
shards_of(const struct reading *r)
{
	return r->shards.len / sizeof(struct shard);
}

static int
open_shard(struct reading *r, const char *path)
{
	struct shard s = { path, entries_of(r) };
	struct buf entries = { 0 };
	struct mapping *map = &r->d->map[r->d->maps];
	int rc = mapping_open(map, path, r->fault);

	if (rc < 0)
		return rc;
	r->d->maps++;
	rc = safetensors_read(map, path, r->arena, &entries, r->fault);
	buf_add(&r->entries, entries.data, entries.len);
	buf_add(&r->shards, &s, sizeof(s));
	buf_release(&entries);
	return rc;
}

/* A name that leads nowhere but into the folder. */
static bool
is_plain(const char *s, size_t len)
{
	return len > 0 && len < NAME && memchr(s, '/', len) == NULL
	    && memchr(s, '\0', len) == NULL && s[0] != '.';
}

static bool
is_open(const struct reading *r, const char *path)
{
	for (size_t i = 0; i < shards_of(r); i++)
		if (strcmp(shard(r, i)->path, path) == 0)
			return true;
	return false;
}

/* Opens each file that the index names, once. */
static int
open_shards(struct reading *r, const struct json_node *map, const char *index)
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
			return fault_stop(r->fault, "%s: /weight_map: files must be named by "
			    "plain names of files in the folder", index);
		if (strlen(last) == file.text.len
		    && memcmp(last, file.text.ptr, file.text.len) == 0)
			continue;
		last = arena_dup(r->arena, file.text.ptr, file.text.len);
		path = folder_path(r->folder, last, r->arena);
		if (is_open(r, path))
			continue;
		if (shards_of(r) == SHARDS_MAX)
			return fault_stop(r->fault, "%s: more than %d files", index, SHARDS_MAX);
		rc = open_shard(r, path);
	}
	return rc;
}

static int
open_files(struct reading *r)
{
	static const char index[] = "model.safetensors.index.json";
	const char *one = folder_path(r->folder, "model.safetensors", r->arena), *path;
	struct json_node root, map;
	struct json *j;
	int rc;

	r->d->map = arena_get(r->arena, SHARDS_MAX * sizeof(*r->d->map));
	if (is_there(one))
		return open_shard(r, one);
	if (!folder_has(r->folder, index, r->arena))
		return fault_stop(r->fault, "%s: a folder must have model.safetensors or %s; "
		    "tensors in other formats (.bin, .pth) must be converted first",
		    r->folder, index);
	j = json_new();
	rc = folder_json(r->folder, index, true, j, &root, &path, r->arena, r->fault);
	if (rc == 0) {
		map = json_at(&root, "/weight_map");
		rc = open_shards(r, &map, path);
	}
	json_free(j);
	return rc;
}

/* Baichuan 2 says by the size of its vocabulary alone that its output matrix is to
 * be normed, row by row. */
static bool
is_normed_output(const struct architecture *arch,
    const struct safetensors_entry *e, const struct directory_text *name)
{
	return strcmp(arch->name, "baichuan") == 0 && e->dimensions == 2
	    && e->dimension[0] == BAICHUAN2_TOKENS && name->len == 13
	    && memcmp(name->ptr, "output.weight", 13) == 0;
}

/* A tensor that will be taken; its name is set already. */
struct planned {
	const struct safetensors_entry *entry;
	enum arrangement how;
	const char *path;
};

static int
plan(struct reading *r, const struct architecture *arch, bool is_tied,
    struct planned *out)
{
	struct directory *d = r->d;
	size_t s = 0, n = 0;

	for (size_t i = 0; i < entries_of(r); i++) {
		const struct safetensors_entry *e = entry(r, i);
		struct directory_tensor *t = &d->tensor[d->tensors];
		struct planned *p = &out[n];
		enum folder_name known;

		while (s + 1 < shards_of(r) && shard(r, s + 1)->first <= i)
			s++;
		*p = (struct planned){ .entry = e, .path = shard(r, s)->path };
		known = folder_tensor_name(arch, &e->name, &t->name, &p->how, r->arena);
		if (known == FOLDER_NAME_UNKNOWN)
			return fault_stop(r->fault, "%s: tensor %.*s is none that %s has",
			    p->path, (int)(e->name.len < 96 ? e->name.len : 96),
			    e->name.ptr, arch->name);
		if (known == FOLDER_NAME_UNUSED || (is_tied
		    && strncmp(t->name.ptr, "output.", 7) == 0))
			continue;
		if (is_normed_output(arch, e, &t->name))
			p->how = ARRANGED_UNIT_ROWS;
		d->tensors++;
		n++;
	}
	return 0;
}

static int
take_tensors(struct reading *r, const struct architecture *arch, bool is_tied)
{
	struct directory *d = r->d;
	struct planned *p = arena_get(r->arena, (entries_of(r) + 1) * sizeof(*p));
	const size_t first = d->tensors;	/* factors of longrope may be there already */
	uint64_t heads = 0, copies = 0;
	char key[NAME];

	snprintf(key, sizeof(key), "%s.attention.head_count", arch->name);
	directory_natural(d, key, &heads);
	if (plan(r, arch, is_tied, p) < 0)
		return -2;
	for (size_t i = 0; i < d->tensors - first; i++)
		copies += folder_tensor_copies(p[i].entry, p[i].how);
	if (copies > 0 && memory_check(r->folder, 0, copies, "tensors in another order",
	    "take a GGUF file of it", r->fault) < 0)
		return -2;
	for (size_t i = 0; i < d->tensors - first; i++)
		if (folder_tensor_arrange(p[i].entry, p[i].how, heads < 1 << 20
		    ? (size_t)heads : 0, &d->tensor[first + i], &d->copied, p[i].path, r->arena,
		    r->fault) < 0)
			return -2;
	return 0;
}

static int
by_name(const void *va, const void *vb)
{
	const struct directory_tensor *a = va, *b = vb;
	size_t n = a->name.len < b->name.len ? a->name.len : b->name.len;
	int order = memcmp(a->name.ptr, b->name.ptr, n);

	return order != 0 ? order : a->name.len < b->name.len ? -1
	    : a->name.len > b->name.len;
}

static int
check_names(const struct reading *r, bool is_tied)
{
	struct directory *d = r->d;

	qsort(d->tensor, d->tensors, sizeof(*d->tensor), by_name);
	for (size_t i = 1; i < d->tensors; i++)
		if (by_name(&d->tensor[i - 1], &d->tensor[i]) == 0)
			return fault_stop(r->fault, "%s: two tensors of its files are %.*s",
			    r->folder, (int)d->tensor[i].name.len, d->tensor[i].name.ptr);
	if (!is_tied && directory_find(d, "output.weight") == NULL)
		return fault_stop(r->fault, "%s: the tensor lm_head.weight is missing, and "
		    "config.json does not say that it is tied", r->folder);
	return 0;
}

static int
read_config(struct reading *r, struct json *j, const struct architecture **arch,
    bool *is_tied)
{
	struct json_node root;
	const char *path;

	if (folder_json(r->folder, "config.json", true, j, &root, &path, r->arena,
	    r->fault) < 0)
		return -2;
	return folder_settings(r->d, &root, path, arch, is_tied, r->arena, r->fault);
}

/* How talk is written for the model, and what makes its tokens. */
static int
read_talk(struct reading *r, struct json *j)
{
	static const char *const files[] = { "tokenizer.json", "tokenizer.model",
		"vocab.json" };
	struct json_node root, t, list, member;
	struct json_walk w;
	const char *path, *text;
	size_t len;

	for (int i = 0; i < 3; i++)
		if (folder_has(r->folder, files[i], r->arena)) {
			folder_config_put_text(r->d, "tokenizer.ggml.model", files[i],
			    strlen(files[i]), r->arena);
			break;
		}
	if (folder_json(r->folder, "tokenizer_config.json", false, j, &root, &path,
	    r->arena, r->fault) < 0)
		return -2;
	t = json_at(&root, "/chat_template");
	list = t;
	json_walk_begin(&w, &list);
	while (t.kind == JSON_LIST && json_walk_next(&w, NULL, &member))
		if (json_at(&member, "/template").kind == JSON_TEXT)
			t = json_at(&member, "/template");	/* the first is the default */
	path = folder_path(r->folder, "chat_template.jinja", r->arena);
	if (t.kind == JSON_TEXT)
		folder_config_put_text(r->d, "tokenizer.chat_template", t.text.ptr, t.text.len,
		    r->arena);
	else if (is_there(path)) {
		if ((text = file_read(path, JSON_MAX, r->arena, &len, r->fault)) == NULL)
			return -2;
		folder_config_put_text(r->d, "tokenizer.chat_template", text, len, r->arena);
	}
	return 0;
}

int
folder_open(struct directory *d, const char *name, struct arena *a,
    struct fault *f)
{
	struct reading r = { .d = d, .folder = name, .arena = a, .fault = f };
	const struct architecture *arch;
	struct json *j = json_new();
	bool is_tied;
	int rc = open_files(&r);

	d->tensor = arena_get(a, (entries_of(&r) + FACTORS) * sizeof(*d->tensor));
	if (rc == 0 && (rc = read_config(&r, j, &arch, &is_tied)) == 0
	    && (rc = take_tensors(&r, arch, is_tied)) == 0
	    && (rc = check_names(&r, is_tied)) == 0)
		rc = read_talk(&r, j);
	json_free(j);
	buf_release(&r.entries);
	buf_release(&r.shards);
	return rc;
}
