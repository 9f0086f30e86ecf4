#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <xxhash.h>

#include "stages/ingest/thread.h"

static void
id_of_post(const struct ingest *g, const struct text *text, struct ingest_id *id)
{
	XXH128_hash_t h = XXH3_128bits(text->ptr, text->len);

	id->len = (size_t)snprintf(id->text, sizeof(id->text), "%s%016" PRIx64 "%016" PRIx64,
	    g->source->prefix, h.high64, h.low64);
}

static void
id_of_reply(const struct ingest_thread *t, const struct text *text, struct ingest_id *id)
{
	id->len = (size_t)snprintf(id->text, sizeof(id->text), "%.*s:%016" PRIx64, (int)t->post.len,
	    t->post.text, XXH3_64bits(text->ptr, text->len));
	if (id->len >= sizeof(id->text))
		id->len = sizeof(id->text) - 1;
}

static bool
is_same(const struct ingest_id *a, const struct ingest_id *b)
{
	return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

void
ingest_thread_begin(struct ingest *g, struct interaction *post, struct ingest_thread *t)
{
	bool has_id = post->id.len > 0;

	post->type = INTERACTION_POST;
	clean_text(&g->cleaner, &post->text);
	if (has_id) {
		memcpy(t->post.text, post->id.ptr, post->id.len);
		t->post.len = post->id.len;
	} else
		id_of_post(g, &post->text, &t->post);
	post->id = post->post = (struct text){ t->post.text, t->post.len };
	if (!has_id && is_same(&t->post, &g->last_post)) {
		t->is_kept = g->is_last_kept;
		return;
	}
	t->is_kept = ingest_write(g, post);
	g->last_post = t->post;
	g->is_last_kept = t->is_kept;
}

void
ingest_thread_reply(struct ingest *g, const struct ingest_thread *t, struct interaction *reply)
{
	struct ingest_id id;

	if (!t->is_kept) {
		ingest_drop(g, DROP_WITH_POST);
		return;
	}
	reply->type = INTERACTION_RESPONSE;
	clean_text(&g->cleaner, &reply->text);
	if (reply->id.len == 0) {
		id_of_reply(t, &reply->text, &id);
		reply->id = (struct text){ id.text, id.len };
	}
	reply->post = (struct text){ t->post.text, t->post.len };
	ingest_write(g, reply);
}

void
ingest_thread_rated(struct ingest *g, const struct ingest_thread *t, const struct text *text,
    const struct ratings *ratings)
{
	struct interaction x = { .text = *text, .ratings = *ratings };

	MESSAGE_SET(&interaction_descriptor, &x, ratings);
	ingest_thread_reply(g, t, &x);
}

void
ingest_thread_choice(struct ingest *g, const struct text *prompt, const struct text *chosen,
    const struct text *rejected)
{
	struct interaction post = { .text = *prompt };
	struct ratings better = { 0 }, worse = { 0 };
	struct ingest_thread t;
	enum ingest_aspect aspect = g->aspect < 0 ? ASPECT_HELPFULNESS
						  : (enum ingest_aspect)g->aspect;

	ingest_set_rating(&better, aspect, 1);
	ingest_set_rating(&worse, aspect, -1);
	ingest_thread_begin(g, &post, &t);
	ingest_thread_rated(g, &t, chosen, &better);
	ingest_thread_rated(g, &t, rejected, &worse);
}

void
ingest_dialogue_begin(struct ingest_dialogue *d)
{
	buf_clear(&d->text);
	d->turns = 0;
}

void
ingest_dialogue_add(struct ingest_dialogue *d, const char *who, const struct text *text)
{
	if (d->turns++ == 0)
		d->first = who;
	else
		buf_add_str(&d->text, "\n\n");
	buf_add_str(&d->text, who);
	buf_add_str(&d->text, ": ");
	buf_add(&d->text, text->ptr, text->len);
}

struct text
ingest_dialogue_text(const struct ingest_dialogue *d)
{
	size_t skip = d->turns == 1 ? strlen(d->first) + 2 : 0;

	return (struct text){ d->text.data + skip, d->text.len - skip };
}
