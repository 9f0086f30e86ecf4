#include "config.h"

#include <stdio.h>
#include <string.h>

#include "schema/messages.h"

/* Bounds that mean none. */
#define ANY_LENGTH (0, INT32_MAX)
#define SOME_LENGTH (1, INT32_MAX)
#define ID_LENGTH (1, 256)
/* what a double holds exactly, so that every JSON reader sees the same */
#define MOST 9007199254740991
#define ANY_INT (-MOST, MOST)

/* Rows of a layout: required and optional fields.  `s` is the struct. */
#define NAME(n) .name = n, .name_len = sizeof(n) - 1
#define AT(s, member) offsetof(struct s, member)
#define KIND { NAME("kind"), .type = FIELD_KIND, .is_required = true, \
	.meaning = "What this is." }
#define KIND_VERSION { NAME("version"), .type = FIELD_VERSION, .is_required = true, \
	.meaning = "Version of the layout." }
#define ROW(n, t, req, s, m, ...) { NAME(n), .type = t, .is_required = req, \
	.at = AT(s, m), __VA_ARGS__ }
#define BOUNDS(lo, hi) .low = lo, .high = hi
#define TEXT(n, req, s, m, bounds, what) \
	ROW(n, FIELD_TEXT, req, s, m, BOUNDS bounds, .meaning = what)
#define INT(n, req, s, m, bounds, what) \
	ROW(n, FIELD_INT, req, s, m, BOUNDS bounds, .meaning = what)
#define REAL(n, req, s, m, bounds, what) \
	ROW(n, FIELD_REAL, req, s, m, BOUNDS bounds, .meaning = what)
#define WORD(n, req, s, m, list, what) \
	ROW(n, FIELD_WORD, req, s, m, .words = list, .meaning = what)
#define MAP(n, req, s, m, layout, what) \
	ROW(n, FIELD_MAP, req, s, m, .of = &layout, .meaning = what)
#define LIST(n, req, s, m, layout, bounds, what) \
	ROW(n, FIELD_LIST, req, s, m, BOUNDS bounds, .of = &layout, .meaning = what)
#define DIRECTION(n, req, s, m, what) \
	ROW(n, FIELD_DIRECTION, req, s, m, .meaning = what)
#define HUNDREDTHS(n, req, s, m, bounds, what) \
	ROW(n, FIELD_HUNDREDTHS, req, s, m, BOUNDS bounds, .meaning = what)
#define END { .name = NULL }

#define LAYOUT(s, word, rows, what) const struct layout s##_layout = { \
	.name = word, .version = 1, .size = sizeof(struct s), .field = rows, \
	.meaning = what }

const char *const source_words[] = { "reddit", "pku-saferlhf", "ultrafeedback",
	"helpsteer2", "prism", "hh-rlhf", "oasst", "alignx", "p-soups",
	"generic", NULL };
static const char *const type_words[] = { "post", "comment", "response", NULL };
static const char *const split_words[] = { "train", "test", NULL };
static const char *const persona_words[] = { "author", "matched", NULL };

static const struct field place_fields[] = {
	TEXT("file", true, place, file, SOME_LENGTH,
	    "The operand as it was named; an archive's member behind a slash."),
	INT("byte", true, place, byte, (0, MOST),
	    "First byte of the line in the plain file."),
	INT("line", true, place, line, (1, MOST), "Its number, from 1."),
	END };
LAYOUT(place, "place", place_fields, "Where a text stands in its dump.");

static const struct field signal_fields[] = {
	TEXT("rule", true, signal, rule, ID_LENGTH, "Id of the rule that spoke."),
	INT("dimension", true, signal, dimension, (0, DIMENSIONS - 1),
	    "Index of the dimension."),
	INT("pole", true, signal, pole, (0, 1),
	    "The published value the evidence speaks for."),
	REAL("weight", true, signal, weight, (0, 10), "Strength of one hit."),
	INT("count", true, signal, count, (1, 3), "Hits, three at the most."),
	END };
LAYOUT(signal, "signal", signal_fields, "One piece of evidence in a text.");

static const struct field intensities_fields[] = {
	TEXT("annotator", true, intensities, annotator, ID_LENGTH,
	    "Id and version of what judged."),
	HUNDREDTHS("value", true, intensities, value, (-INTENSITY_FULL, INTENSITY_FULL),
	    "Hundredths; above 0 towards label 1, below towards label 0."),
	HUNDREDTHS("confidence", true, intensities, confidence, (0, INTENSITY_FULL),
	    "Hundredths; 0 where nothing is known."),
	END };
LAYOUT(intensities, "intensities", intensities_fields,
    "How much of each dimension a text shows.");

#define RATING(n, m) REAL(n, false, ratings, m, (-1, 1), "From -1 (worst) to 1 (best or most).")
static const struct field ratings_fields[] = {
	RATING("harmlessness", harmlessness),
	RATING("instruction_following", instruction_following),
	RATING("honesty", honesty),
	RATING("truthfulness", truthfulness),
	RATING("helpfulness", helpfulness),
	RATING("coherence", coherence),
	RATING("complexity", complexity),
	RATING("verbosity", verbosity),
	END };
LAYOUT(ratings, "ratings", ratings_fields, "What a data set says of a response.");

static const struct field interaction_fields[] = {
	KIND, KIND_VERSION,
	TEXT("id", true, interaction, id, ID_LENGTH, "Unique in its source."),
	WORD("source", true, interaction, source, source_words, "The data set."),
	WORD("type", true, interaction, type, type_words, "What kind of text."),
	TEXT("post", true, interaction, post, ID_LENGTH,
	    "Id of the post it stands under; its own for a post."),
	TEXT("parent", false, interaction, parent, ID_LENGTH, "Id of what it replies to."),
	TEXT("user", false, interaction, user, ID_LENGTH, "Pseudonym of who wrote it."),
	TEXT("rater", false, interaction, rater, ID_LENGTH,
	    "Pseudonym of whose ratings these are."),
	TEXT("community", false, interaction, community, ID_LENGTH,
	    "Where it was written, in lower case."),
	INT("created", false, interaction, created, ANY_INT, "Seconds since 1970, UTC."),
	INT("score", false, interaction, score, ANY_INT, "Votes."),
	INT("depth", false, interaction, depth, (0, INT32_MAX),
	    "0 for a reply to the post, 1 for a reply to that, ..."),
	ROW("edited", FIELD_BOOL, false, interaction, edited,
	    .meaning = "Was it changed by its author?"),
	TEXT("text", true, interaction, text, SOME_LENGTH,
	    "The cleaned text; of a post: body, newline, title."),
	MAP("ratings", false, interaction, ratings, ratings_layout,
	    "What the data set says of it."),
	MAP("place", true, interaction, place, place_layout, "Where it came from."),
	TEXT("rules", false, interaction, rules, ID_LENGTH,
	    "Version of the rule set that made the signals."),
	LIST("signals", false, interaction, signals, signal_layout, (0, 65535),
	    "What alignx-extract found."),
	MAP("intensities", false, interaction, intensities, intensities_layout,
	    "What alignx-map made of it."),
	END };
LAYOUT(interaction, "interaction", interaction_fields, "One text somebody wrote.");

static const struct field item_fields[] = {
	TEXT("id", true, item, id, ID_LENGTH, "Unique in its source."),
	TEXT("thread", false, item, thread, ID_LENGTH,
	    "Id of the post it stands under, where a comment is what is answered."),
	TEXT("user", false, item, user, ID_LENGTH, "Pseudonym of who wrote it."),
	TEXT("rater", false, item, rater, ID_LENGTH, "Pseudonym of whose ratings these are."),
	TEXT("community", false, item, community, ID_LENGTH, "Where it was written."),
	INT("created", false, item, created, ANY_INT, "Seconds since 1970, UTC."),
	INT("score", false, item, score, ANY_INT, "Votes."),
	TEXT("text", true, item, text, SOME_LENGTH, "The cleaned text."),
	MAP("ratings", false, item, ratings, ratings_layout, "What the data set says of it."),
	MAP("place", true, item, place, place_layout, "Where it came from."),
	MAP("intensities", false, item, intensities, intensities_layout,
	    "How much of each dimension it shows."),
	END };
LAYOUT(item, "item", item_fields, "A text inside an exchange or a pair.");

static const struct field exchange_fields[] = {
	KIND, KIND_VERSION,
	WORD("source", true, exchange, source, source_words, "The data set."),
	TEXT("user", false, exchange, user, ID_LENGTH, "Who wrote the comment."),
	MAP("post", true, exchange, post, item_layout, "The post."),
	MAP("comment", true, exchange, comment, item_layout, "The comment under it."),
	END };
LAYOUT(exchange, "exchange", exchange_fields, "A post and one comment under it.");

static const struct field pair_fields[] = {
	KIND, KIND_VERSION,
	TEXT("id", true, pair, id, ID_LENGTH, "Unique in a data set."),
	WORD("source", true, pair, source, source_words, "The data set."),
	TEXT("user", false, pair, user, ID_LENGTH, "Whose preference it is."),
	MAP("post", true, pair, post, item_layout, "The post."),
	MAP("first", true, pair, first, item_layout, "The response preferred."),
	MAP("second", true, pair, second, item_layout, "The other response."),
	DIRECTION("direction", true, pair, direction, "Of the first over the second."),
	END };
LAYOUT(pair, "pair", pair_fields, "A post and two responses with a direction.");

#define UGC_FIELDS(all) \
	TEXT("prompt", true, ugc, prompt, ANY_LENGTH, "A post by somebody else."), \
	TEXT("comment", true, ugc, comment, ANY_LENGTH, "The user's comment."), \
	DIRECTION("Preference Direction", all, ugc, direction, "What the comment shows.")
static const struct field ugc_fields[] = { UGC_FIELDS(true), END };
static const struct field loose_ugc_fields[] = { UGC_FIELDS(false), END };
LAYOUT(ugc, "ugc", ugc_fields, "Something the user wrote.");
static const struct layout loose_ugc_layout = { .name = "loose-ugc", .version = 1,
	.size = sizeof(struct ugc), .field = loose_ugc_fields,
	.meaning = "Something the user wrote." };

#define FEEDBACK_FIELDS(all) \
	TEXT("prompt", true, feedback, prompt, ANY_LENGTH, "A post."), \
	TEXT("chosen", true, feedback, chosen, ANY_LENGTH, "The response the user prefers."), \
	TEXT("rejected", true, feedback, rejected, ANY_LENGTH, "The other response."), \
	DIRECTION("Preference Direction", all, feedback, direction, \
	    "Of the chosen over the rejected.")
static const struct field feedback_fields[] = { FEEDBACK_FIELDS(true), END };
static const struct field loose_feedback_fields[] = { FEEDBACK_FIELDS(false), END };
LAYOUT(feedback, "feedback", feedback_fields, "A verdict of the user.");
static const struct layout loose_feedback_layout = { .name = "loose-feedback",
	.version = 1, .size = sizeof(struct feedback),
	.field = loose_feedback_fields, .meaning = "A verdict of the user." };

static const struct field origin_fields[] = {
	TEXT("pointer", true, origin, pointer, SOME_LENGTH,
	    "RFC 6901 pointer to a text of the record."),
	TEXT("id", true, origin, id, ID_LENGTH, "Id of that text in its source."),
	MAP("place", true, origin, place, place_layout, "Where it stands in the dump."),
	END };
LAYOUT(origin, "origin", origin_fields, "A text of a record and where it came from.");

static const struct field provenance_fields[] = {
	TEXT("id", true, provenance, id, ID_LENGTH, "Id of the record."),
	WORD("source", true, provenance, source, source_words, "The data set."),
	WORD("split", false, provenance, split, split_words, "Training or test."),
	WORD("persona", false, provenance, persona, persona_words,
	    "How the identity was made."),
	TEXT("user", false, provenance, user, ID_LENGTH, "Pseudonym of the user."),
	TEXT("annotator", false, provenance, annotator, ID_LENGTH,
	    "Id and version of what judged the texts."),
	REAL("agreement", false, provenance, agreement, (0, 1),
	    "Share of persona evidence that agrees with the record's direction."),
	LIST("texts", true, provenance, texts, origin_layout, (0, 4096),
	    "The texts of the record and where each came from."),
	END };
LAYOUT(provenance, "provenance", provenance_fields, "Where a record came from.");

enum { HISTORY_MAX = 64 };	/* 4 in the release, 16 in one test file */

/* The published names; `all` says whether the release demands them. */
#define RECORD_FIELDS(all, ugcs, feedbacks) \
	TEXT("prompt", true, record, prompt, ANY_LENGTH, "The post that asks for a response."), \
	TEXT("chosen", true, record, chosen, ANY_LENGTH, "The response the user prefers."), \
	TEXT("rejected", true, record, rejected, ANY_LENGTH, "The other response."), \
	DIRECTION("Preference Direction", all, record, direction, \
	    "Of the chosen over the rejected."), \
	TEXT("Demographic Information", all, record, demographic, ANY_LENGTH, \
	    "The user described in words."), \
	LIST("User-Generated Content", all, record, ugc, ugcs, (0, HISTORY_MAX), \
	    "Comments of the user under other posts."), \
	LIST("Pair-wise Comparative Feedback", all, record, feedback, feedbacks, \
	    (0, HISTORY_MAX), "Verdicts of the user under other posts."), \
	TEXT("profile", false, record, profile, ANY_LENGTH, \
	    "A rendered direction, from visible history."), \
	TEXT("ground_truth_persona", false, record, ground_truth_persona, ANY_LENGTH, \
	    "What the benchmark says the user wants."), \
	MAP("provenance", false, record, provenance, provenance_layout, \
	    "Where the record came from.")

/* kind and version are optional here: the published files have neither. */
#define OWN_KIND { NAME("kind"), .type = FIELD_KIND, .meaning = "What this is." }
#define OWN_VERSION { NAME("version"), .type = FIELD_VERSION, \
	.meaning = "Version of the layout." }

static const struct field record_fields[] = {
	OWN_KIND, OWN_VERSION, RECORD_FIELDS(true, ugc_layout, feedback_layout), END };
LAYOUT(record, "record", record_fields, "An AlignX example.");

static const struct field benchmark_fields[] = {
	OWN_KIND, OWN_VERSION, RECORD_FIELDS(false, loose_ugc_layout, loose_feedback_layout), END };
const struct layout benchmark_layout = { .name = "benchmark", .version = 1,
	.size = sizeof(struct record), .field = benchmark_fields,
	.meaning = "A row of a test set, which may lack parts of a record." };

const struct layout *const noun_layouts[] = { &interaction_layout,
	&exchange_layout, &pair_layout, &record_layout, &benchmark_layout,
	NULL };

static const msgpack_object *
value_of(const msgpack_object *map, const char *name)
{
	size_t n = strlen(name);

	for (uint32_t i = 0; i < map->via.map.size; i++) {
		const msgpack_object_kv *kv = &map->via.map.ptr[i];

		if (kv->key.type == MSGPACK_OBJECT_STR
		    && kv->key.via.str.size == n
		    && memcmp(kv->key.via.str.ptr, name, n) == 0)
			return &kv->val;
	}
	return NULL;
}

const struct layout *
noun_layout_of(const msgpack_object *map, struct fault *f)
{
	const msgpack_object *kind;

	if (map->type != MSGPACK_OBJECT_MAP) {
		fault_set(f, "wrong-kind", "expected a map with a kind");
		return NULL;
	}
	if ((kind = value_of(map, "kind")) == NULL) {
		if (value_of(map, "Preference Direction") != NULL)
			return &record_layout;
		if (value_of(map, "chosen") != NULL)
			return &benchmark_layout;
		fault_set(f, "wrong-kind", "no field 'kind' says what this is");
		return NULL;
	}
	if (kind->type == MSGPACK_OBJECT_STR)
		for (int i = 0; noun_layouts[i] != NULL; i++)
			if (strlen(noun_layouts[i]->name) == kind->via.str.size
			    && memcmp(noun_layouts[i]->name,
			    kind->via.str.ptr, kind->via.str.size) == 0)
				return noun_layouts[i];
	snprintf(f->pointer, sizeof(f->pointer), "/kind");
	fault_set(f, "wrong-kind", "no such kind of noun");
	return NULL;
}
