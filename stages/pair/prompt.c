#include "config.h"

#include <string.h>

#include "lib/text/ascii.h"
#include "stages/pair/prompt.h"

struct thread_text
thread_text_of(const struct interaction *x)
{
	const struct descriptor *from = &interaction_descriptor, *to = &thread_text_descriptor;
	struct thread_text y = { .id = x->id, .text = x->text, .place = x->place };

#define COPY(field) \
	do { \
		if (MESSAGE_HAS(from, x, field)) { \
			y.field = x->field; \
			MESSAGE_SET(to, &y, field); \
		} \
	} while (0)
	COPY(user);
	COPY(rater);
	COPY(community);
	COPY(created);
	COPY(score);
	COPY(ratings);
	COPY(intensities);
#undef COPY
	return y;
}

static void
set_post_above(struct thread_text *y, const struct interaction *post)
{
	const struct descriptor *d = &thread_text_descriptor;

	y->thread = post->id;
	MESSAGE_SET(d, y, thread);
	y->thread_place = post->place;
	MESSAGE_SET(d, y, thread_place);
	if (MESSAGE_HAS(&interaction_descriptor, post, created)) {
		y->thread_created = post->created;
		MESSAGE_SET(d, y, thread_created);
	}
	if (!MESSAGE_HAS(&interaction_descriptor, post, user))
		return;
	y->thread_user = post->user;
	MESSAGE_SET(d, y, thread_user);
}

void
prompt_make(struct prompt *p, struct arena *a)
{
	const struct text *above = &p->post->text, *text = &p->answered->text;
	char *both;

	p->as_text = thread_text_of(p->answered);
	MESSAGE_CLEAR(&thread_text_descriptor, &p->as_text, intensities);
	if (p->answered == p->post)
		return;
	both = arena_alloc(a, above->len + text->len + 2);
	memcpy(both, above->ptr, above->len);
	memset(both + above->len, '\n', 2);
	memcpy(both + above->len + 2, text->ptr, text->len);
	p->as_text.text = (struct text){ both, above->len + text->len + 2 };
	set_post_above(&p->as_text, p->post);
}

/* A link, whose scheme and host may be gone, has a slash or a scheme, and no space. */
static long
words_in(const char *s, size_t len)
{
	size_t letters = 0, others = 0;

	if (memchr(s, '/', len) != NULL && len > 12)
		return 0;
	for (size_t i = 0; i < len; i++) {
		const unsigned char c = (unsigned char)s[i];

		letters += ascii_is_alpha(s[i]);
		others += c >= 0xe3 && c < 0xee; /* kana, Han and Hangul: no spaces */
	}
	return others > 1 ? (long)(others + 1) / 2 : letters + others > 0;
}

long
prompt_words(const struct text *text)
{
	long words = 0;

	for (size_t i = 0, from; i < text->len; i++) {
		for (from = i; i < text->len && !ascii_is_space(text->ptr[i]);)
			i++;
		if (i > from)
			words += words_in(text->ptr + from, i - from);
	}
	return words;
}

bool
prompt_is_by(const struct interaction *post, const struct interaction *response)
{
	return MESSAGE_HAS(&interaction_descriptor, post, user)
	    && MESSAGE_HAS(&interaction_descriptor, response, user)
	    && text_equals(&post->user, &response->user);
}
