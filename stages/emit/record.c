#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/msgpack/msgpack.h"
#include "schema/demographic.h"
#include "schema/profile.h"
#include "stages/emit/record.h"

/* Value times confidence of a claim, and the confidence of a sure one. */
enum { FOUNDED = 1000, SURE = 70 };

static int
fetch(struct spool *spool, const struct emit_item *item, struct arena *a, msgpack_zone *zone,
    void *out, struct fault *f)
{
	const struct descriptor *d = item->is_pair ? &pair_descriptor : &exchange_descriptor;
	char *copy = arena_alloc(a, item->len);
	msgpack_object tree;

	if (spool_read(spool, item->offset, copy, item->len, f) < 0
	    || msgpack_parse(copy, item->len, zone, &tree, f) < 0
	    || message_decode(d, &tree, a, out, f) < 0)
		return -2; /* it was valid when it was spooled */
	return 0;
}

int
emit_record_read(struct emit_record *r, struct spool *spool, struct arena *a, msgpack_zone *zone,
    struct fault *f)
{
	const struct persona *p = &r->persona;
	int rc = fetch(spool, r->item, a, zone, &r->pair, f);

	for (size_t i = 0; i < p->ugcs && rc == 0; i++)
		rc = fetch(spool, p->ugc[i], a, zone, &r->ugc[i], f);
	for (size_t i = 0; i < p->pairs && rc == 0; i++)
		rc = fetch(spool, p->pair[i], a, zone, &r->feedback[i], f);
	return rc;
}

static struct text
text_of(struct arena *a, const char *s, size_t len)
{
	return (struct text){ arena_strndup(a, len > 0 ? s : "", len), len };
}

struct origin_list {
	struct arena *arena;
	struct origin *item;
	size_t len;
};

static void
add_one(struct origin_list *o, struct text pointer, const struct text *id,
    const struct text *thread, const struct text *user, const struct source_pos *place)
{
	struct origin *x = &o->item[o->len++];

	*x = (struct origin){
		.pointer = pointer, .id = *id, .thread = *thread, .user = *user, .place = *place
	};
	MESSAGE_SET(&origin_descriptor, x, thread);
	if (user->len > 0)
		MESSAGE_SET(&origin_descriptor, x, user);
}

/* A text that answers, or is, `post`.  The prompt of a reply to a comment has two texts. */
static void
add_origin(struct origin_list *o, const struct thread_text *text, const struct thread_text *post,
    const char *list, size_t i, const char *field)
{
	const struct text *thread = post->thread.len > 0 ? &post->thread : &post->id;
	char name[96];
	int n = list != NULL ? snprintf(name, sizeof(name), "/%s/%zu/%s", list, i, field)
			     : snprintf(name, sizeof(name), "/%s", field);
	struct text pointer = text_of(o->arena, name, (size_t)n);

	if (text == post && post->thread.len > 0)
		add_one(o, pointer, thread, thread, &post->thread_user, &post->thread_place);
	add_one(o, pointer, &text->id, thread, &text->user, &text->place);
}

static void
show_ugc(const struct emit_record *r, struct record *out, struct origin_list *o,
    struct profile *history)
{
	struct ugc *list = arena_alloc(o->arena, (r->persona.ugcs + 1) * sizeof(*list));

	for (size_t i = 0; i < r->persona.ugcs; i++) {
		const struct exchange *x = &r->ugc[i];

		list[i] = (struct ugc){ .prompt = x->post.text,
			.comment = x->comment.text,
			.direction = r->persona.ugc[i]->direction };
		profile_add(history, &list[i].direction);
		add_origin(o, &x->post, &x->post, "User-Generated Content", i, "prompt");
		add_origin(o, &x->comment, &x->post, "User-Generated Content", i, "comment");
	}
	out->ugc = (struct list){ list, r->persona.ugcs };
}

static void
show_feedback(const struct emit_record *r, struct record *out, struct origin_list *o,
    struct profile *history)
{
	struct feedback *list = arena_alloc(o->arena, (r->persona.pairs + 1) * sizeof(*list));

	for (size_t i = 0; i < r->persona.pairs; i++) {
		const struct pair *x = &r->feedback[i];

		list[i] = (struct feedback){ .prompt = x->post.text,
			.chosen = x->first.text,
			.rejected = x->second.text,
			.direction = x->direction };
		profile_add(history, &x->direction);
		add_origin(o, &x->post, &x->post, "Pair-wise Comparative Feedback", i, "prompt");
		add_origin(o, &x->first, &x->post, "Pair-wise Comparative Feedback", i, "chosen");
		add_origin(o, &x->second, &x->post, "Pair-wise Comparative Feedback", i,
		    "rejected");
	}
	out->feedback = (struct list){ list, r->persona.pairs };
}

/* Does the chosen text itself claim the pole of a direction? */
static bool
chosen_shows(const struct emit_record *r, int i)
{
	const struct intensities *x = &r->pair.first.intensities;
	const int sign = r->pair.direction.at[i] - DIRECTION_NEUTRAL;

	return MESSAGE_HAS(&thread_text_descriptor, &r->pair.first, intensities)
	    && sign * x->value[i] * x->confidence[i] > FOUNDED;
}

/* What the chosen text or the history founds of the direction, and how well: a pole that only
 * the rejected text speaks for says nothing of the person. */
static struct demographic
found_demographic(const struct emit_record *r)
{
	struct demographic d = { direction_neutral(), direction_neutral() };

	for (int i = 0; i < DIMENSIONS; i++) {
		const unsigned char pole = r->pair.direction.at[i];
		const bool is_shown = chosen_shows(r, i);
		size_t sources = is_shown;

		for (size_t k = 0; k < r->persona.ugcs; k++)
			sources += r->persona.ugc[k]->direction.at[i] == pole;
		for (size_t k = 0; k < r->persona.pairs; k++)
			sources += r->persona.pair[k]->direction.at[i] == pole;
		if (pole == DIRECTION_NEUTRAL || sources == 0)
			continue;
		if (sources > 1 || (is_shown && r->pair.first.intensities.confidence[i] >= SURE))
			d.sure.at[i] = pole;
		else
			d.likely.at[i] = pole;
	}
	return d;
}

static void
show_texts(const struct emit_record *r, int show, struct record *out, struct origin_list *o)
{
	const struct demographic demographic = found_demographic(r);
	struct profile history = { 0 };
	struct direction d;
	struct buf b = { 0 };

	if (show & SHOW_UGC)
		show_ugc(r, out, o, &history);
	if (show & SHOW_PAIR)
		show_feedback(r, out, o, &history);
	if (show & SHOW_DEMOGRAPHIC)
		demographic_render(&demographic, r->item->rank, &b);
	out->demographic = text_of(o->arena, b.data, b.len);
	if (history.items > 0) {
		buf_clear(&b);
		d = profile_direction(&history);
		direction_render(&d, &b);
		out->profile = text_of(o->arena, b.data, b.len);
		MESSAGE_SET(&record_descriptor, out, profile);
	}
	buf_release(&b);
}

static void
set_user(const struct emit_record *r, struct provenance *p, struct arena *a)
{
	char made_up[24];
	int n;

	p->persona = (int)r->mode;
	MESSAGE_SET(&provenance_descriptor, p, persona);
	if (r->mode == PERSONA_AUTHOR) {
		p->user = r->pair.user;
	} else {
		n = snprintf(made_up, sizeof(made_up), "m%016" PRIx64, r->item->rank);
		p->user = text_of(a, made_up, (size_t)n);
	}
	MESSAGE_SET(&provenance_descriptor, p, user);
}

static void
set_provenance(const struct emit_record *r, enum split split, const struct origin_list *o,
    struct record *out)
{
	struct provenance *p = &out->provenance;
	double agreement = persona_agreement(r->item, &r->persona);

	p->id = r->pair.id;
	p->source = r->pair.source;
	p->split = (int)split;
	MESSAGE_SET(&provenance_descriptor, p, split);
	set_user(r, p, o->arena);
	if (MESSAGE_HAS(&thread_text_descriptor, &r->pair.first, intensities)) {
		p->annotator = r->pair.first.intensities.annotator;
		MESSAGE_SET(&provenance_descriptor, p, annotator);
	}
	if (MESSAGE_HAS(&pair_descriptor, &r->pair, evidence)) {
		memcpy(p->evidence, r->pair.evidence, sizeof(p->evidence));
		MESSAGE_SET(&provenance_descriptor, p, evidence);
	}
	if (agreement >= 0) {
		p->agreement = agreement;
		MESSAGE_SET(&provenance_descriptor, p, agreement);
	} else {
		p->uninformed = true;
		MESSAGE_SET(&provenance_descriptor, p, uninformed);
	}
	p->texts = (struct list){ o->item, o->len };
	MESSAGE_SET(&record_descriptor, out, provenance);
}

void
emit_record_pack(const struct emit_record *r, int show, enum split split, struct arena *a,
    struct buf *out)
{
	struct record record = { .prompt = r->pair.post.text,
		.chosen = r->pair.first.text,
		.rejected = r->pair.second.text,
		.direction = r->pair.direction };
	struct origin_list o = { .arena = a };

	record.message.present = 3; /* kind and version */
	o.item = arena_alloc(a, (4 + 7 * PERSONA_ITEMS_MAX) * sizeof(*o.item));
	add_origin(&o, &r->pair.post, &r->pair.post, NULL, 0, "prompt");
	add_origin(&o, &r->pair.first, &r->pair.post, NULL, 0, "chosen");
	add_origin(&o, &r->pair.second, &r->pair.post, NULL, 0, "rejected");
	show_texts(r, show, &record, &o);
	set_provenance(r, split, &o, &record);
	message_encode(&record_descriptor, &record, out);
}
