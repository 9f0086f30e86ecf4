/* msgpack_write.c - the writing functions of msgpack.h. */

#include "config.h"

#include "lib/msgpack/msgpack.h"

static int
append(void *b, const char *data, size_t len)
{
	buf_add(b, data, len);
	return 0;
}

/* Made in each function, so that the compiler can inline the callback: then msgpack-c is only a
 * quarter slower than encoders written for struct buf. */
static inline msgpack_packer
packer(struct buf *b)
{
	return (msgpack_packer){ .data = b, .callback = append };
}

void
msgpack_write_map(struct buf *b, size_t n)
{
	msgpack_packer to = packer(b);

	msgpack_pack_map(&to, n);
}

void
msgpack_write_list(struct buf *b, size_t n)
{
	msgpack_packer to = packer(b);

	msgpack_pack_array(&to, n);
}

void
msgpack_write_text(struct buf *b, const char *s, size_t len)
{
	msgpack_packer to = packer(b);

	msgpack_pack_str(&to, len);
	msgpack_pack_str_body(&to, s, len);
}

void
msgpack_write_str(struct buf *b, const char *s)
{
	msgpack_write_text(b, s, strlen(s));
}

void
msgpack_write_bin(struct buf *b, const void *data, size_t len)
{
	msgpack_packer to = packer(b);

	msgpack_pack_bin(&to, len);
	msgpack_pack_bin_body(&to, data, len);
}

void
msgpack_write_int(struct buf *b, int64_t x)
{
	msgpack_packer to = packer(b);

	msgpack_pack_int64(&to, x);
}

void
msgpack_write_real(struct buf *b, double x)
{
	msgpack_packer to = packer(b);

	msgpack_pack_double(&to, x);
}

void
msgpack_write_bool(struct buf *b, bool x)
{
	msgpack_packer to = packer(b);

	if (x)
		msgpack_pack_true(&to);
	else
		msgpack_pack_false(&to);
}

void
msgpack_write_object(struct buf *b, const msgpack_object *o)
{
	msgpack_packer to = packer(b);

	msgpack_pack_object(&to, *o);
}
