/* make_model - writes a Llama of random weights as GGUF, for benchmarks; see --help. */

#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "infer/tensor/dtype.h"

static FILE *out;
static uint64_t state = 1, offset;
static const struct dtype *type, *finer, *plain; /* finer NULL: no mixture */

struct tensor {
	char name[64];
	size_t columns, rows; /* rows 0: a vector */
	const struct dtype *type;
};

static struct tensor tensor[4096];
static size_t tensors;

static uint64_t
next(void)
{
	uint64_t z = state += 0x9e3779b97f4a7c15u; /* splitmix64 */

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static void
put(const void *p, size_t n)
{
	if (fwrite(p, 1, n, out) != n) {
		perror("make_model");
		exit(2);
	}
}

static void
put_u32(uint32_t x)
{
	put(&x, 4);
}
static void
put_u64(uint64_t x)
{
	put(&x, 8);
}

static void
put_text(const char *s)
{
	put_u64(strlen(s));
	put(s, strlen(s));
}

static void
put_key(const char *name, uint32_t value)
{
	char key[64];

	snprintf(key, sizeof(key), "llama.%s", name);
	put_text(key);
	put_u32(4);
	put_u32(value);
}

/* The first and the last eighth of the layers, and every third between them. */
static bool
is_finer(const char *name, size_t layer, size_t layers)
{
	const size_t eighth = layers / 8;

	if (layer == SIZE_MAX)
		return strcmp(name, "token_embd") == 0;
	return (strcmp(name, "attn_v") == 0 || strcmp(name, "ffn_down") == 0)
	    && (layer < eighth || layer >= 7 * eighth || (layer - eighth) % 3 == 2);
}

static void
add(const char *name, size_t layer, size_t layers, size_t columns, size_t rows)
{
	struct tensor *t = &tensor[tensors++];

	t->type = rows == 0 ? plain : finer != NULL && is_finer(name, layer, layers) ? finer : type;
	if (layer == SIZE_MAX)
		snprintf(t->name, sizeof(t->name), "%s.weight", name);
	else
		snprintf(t->name, sizeof(t->name), "blk.%zu.%s.weight", layer, name);
	t->columns = columns;
	t->rows = rows;
}

static size_t
bytes_of(const struct tensor *t)
{
	return t->rows == 0 ? t->columns * sizeof(float)
			    : t->rows * (t->columns / t->type->block_elems) * t->type->block_bytes;
}

static void
put_entry(const struct tensor *t)
{
	put_text(t->name);
	put_u32(t->rows == 0 ? 1 : 2);
	put_u64(t->columns);
	if (t->rows > 0)
		put_u64(t->rows);
	put_u32(t->type->gguf);
	put_u64(offset);
	offset += (bytes_of(t) + 31) / 32 * 32;
}

/* A block of random bits whose values are about 0.02 in magnitude. */
static void
make_block(const struct dtype *of, unsigned char *b)
{
	static const uint16_t small = 0x0c00, tiny = 0x0200;
	float x = ((float)(next() >> 40) / 8388608.0f - 1) * 0.03f;
	uint32_t bits;

	memcpy(&bits, &x, 4);
	for (size_t i = 0; i < of->block_bytes; i += 8) {
		uint64_t r = next();

		memcpy(b + i, &r, of->block_bytes - i < 8 ? of->block_bytes - i : 8);
	}
	if (strcmp(of->name, "F32") == 0)
		memcpy(b, &x, 4);
	else if (strcmp(of->name, "BF16") == 0)
		memcpy(b, (char *)&bits + 2, 2);
	else if (strcmp(of->name, "F16") == 0)
		b[1] = (unsigned char)((b[1] & 0x83) | 0x20);
	else if (strcmp(of->name, "Q6_K") == 0)
		memcpy(b + 208, &tiny, 2);
	else if (of->block_elems == 256)
		memcpy(b, &tiny, 2), memcpy(b + 2, &tiny, 2);
	else
		memcpy(b, &small, 2);
	if (of->block_elems == 32 && of->has_min)
		b[3] = (unsigned char)((b[3] & 0x83) | 0x10);
}

static void
put_data(const struct tensor *t)
{
	static unsigned char block[64 * 256];
	const float one = 1;
	size_t n = bytes_of(t), pad = (32 - n % 32) % 32;

	if (t->rows == 0)
		for (size_t i = 0; i < t->columns; i++)
			put(&one, sizeof(one));
	for (size_t i = 0; t->rows > 0 && i < n / t->type->block_bytes; i++) {
		make_block(t->type, block);
		put(block, t->type->block_bytes);
	}
	memset(block, 0, pad);
	put(block, pad);
}

struct sizes {
	uint32_t layers, width, heads, kv_heads, mlp, vocabulary;
};

static void
add_tensors(const struct sizes *s)
{
	const size_t n = s->layers, kv_width = s->width / s->heads * s->kv_heads;

	add("token_embd", SIZE_MAX, n, s->width, s->vocabulary);
	add("output_norm", SIZE_MAX, n, s->width, 0);
	for (uint32_t i = 0; i < n; i++) {
		add("attn_norm", i, n, s->width, 0);
		add("attn_q", i, n, s->width, s->width);
		add("attn_k", i, n, s->width, kv_width);
		add("attn_v", i, n, s->width, kv_width);
		add("attn_output", i, n, s->width, s->width);
		add("ffn_norm", i, n, s->width, 0);
		add("ffn_gate", i, n, s->width, s->mlp);
		add("ffn_up", i, n, s->width, s->mlp);
		add("ffn_down", i, n, s->mlp, s->width);
	}
}

static void
put_header(const struct sizes *s)
{
	const float epsilon = 1e-5f;

	put("GGUF", 4);
	put_u32(3);
	put_u64(tensors);
	put_u64(10);
	put_text("general.architecture");
	put_u32(8);
	put_text("llama");
	/* other engines require these two */
	put_text("tokenizer.ggml.model");
	put_u32(8);
	put_text("no_vocab");
	put_key("vocab_size", s->vocabulary);
	put_text("llama.attention.layer_norm_rms_epsilon");
	put_u32(6);
	put(&epsilon, sizeof(epsilon));
	put_key("block_count", s->layers);
	put_key("embedding_length", s->width);
	put_key("feed_forward_length", s->mlp);
	put_key("attention.head_count", s->heads);
	put_key("attention.head_count_kv", s->kv_heads);
	put_key("context_length", 8192);
	for (size_t i = 0; i < tensors; i++)
		put_entry(&tensor[i]);
	for (long at = ftell(out); at % 32 != 0; at++)
		put("", 1);
}

static int
usage(FILE *to, int code)
{
	fputs("usage: make_model FILE TYPE [LAYERS WIDTH HEADS KV_HEADS MLP VOCABULARY]\n"
	      "\n"
	      "Writes a Llama of random weights to FILE, as GGUF without a tokenizer.  The same\n"
	      "arguments give the same bytes.\n"
	      "\n"
	      "TYPE        storage type of the matrices; vectors are F32.  One of\n"
	      "           ",
	    to);
	for (size_t i = 0; dtype_at(i) != NULL; i++)
		fprintf(to, " %s", dtype_at(i)->name);
	fputs(
	    ",\n"
	    "            or Q4_K_M, llama.cpp's mixture: Q4_K, but Q6_K for the embedding and for\n"
	    "            ffn_down and attn_v of half of the layers\n"
	    "LAYERS      transformer layers (16; at most 400)\n"
	    "WIDTH       of the embedding (2048)\n"
	    "HEADS       query heads; they divide WIDTH (32)\n"
	    "KV_HEADS    key and value heads; they divide HEADS (8)\n"
	    "MLP         width of the hidden layer of an MLP (8192)\n"
	    "VOCABULARY  tokens (128256)\n"
	    "\n"
	    "The defaults make a billion weights, the sizes of Llama 3.2 1B.  WIDTH and MLP are\n"
	    "multiples of the type's block: 32, or 256 for types that end in _K.\n",
	    to);
	return code;
}

static bool
read_type(const char *name)
{
	plain = dtype_named("F32");
	type = dtype_named(name);
	if (strcmp(name, "Q4_K_M") == 0) {
		type = dtype_named("Q4_K");
		finer = dtype_named("Q6_K");
	}
	return type != NULL;
}

static bool
fit(const struct sizes *s)
{
	return s->layers <= 400 && s->heads > 0 && s->kv_heads > 0 && s->width % s->heads == 0
	    && s->heads % s->kv_heads == 0 && s->width % type->block_elems == 0
	    && s->mlp % type->block_elems == 0;
}

int
main(int argc, char **argv)
{
	uint32_t size[] = { 16, 2048, 32, 8, 8192, 128256 };
	struct sizes s;

	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return usage(stdout, 0);
	if (argc < 3 || argc > 9)
		return usage(stderr, 2);
	if (!read_type(argv[2]))
		return fprintf(stderr, "make_model: no type '%s'; see --help\n", argv[2]), 2;
	for (int i = 3; i < argc; i++)
		size[i - 3] = (uint32_t)strtoul(argv[i], NULL, 10);
	s = (struct sizes){ size[0], size[1], size[2], size[3], size[4], size[5] };
	if (!fit(&s))
		return fputs("make_model: sizes do not divide; see --help\n", stderr), 2;
	if ((out = fopen(argv[1], "wb")) == NULL)
		return perror(argv[1]), 2;
	add_tensors(&s);
	put_header(&s);
	for (size_t i = 0; i < tensors; i++)
		put_data(&tensor[i]);
	return fclose(out) == 0 ? 0 : 2;
}
