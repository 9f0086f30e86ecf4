#include "config.h"

#include <stdio.h>

#include "schema/decode_value.h"
#include "schema/messages.h"

/* Bounds of lengths and integers. */
#define ANY_LENGTH (0, INT32_MAX)
#define SOME_LENGTH (1, INT32_MAX)
#define ID_LENGTH (1, 256)
/* exact in a double, so that every JSON reader sees the same number */
#define INT_LIMIT 9007199254740991
#define ANY_INT (-INT_LIMIT, INT_LIMIT)

/* A field of a descriptor: its name, is it required, the struct and its member. */
/* clang-format off */
#define NAME(n) .name = n, .name_len = sizeof(n) - 1
#define AT(s, member) offsetof(struct s, member)
#define KIND { NAME("kind"), .type = FIELD_KIND, .is_required = true, \
	.meaning = "What this is." }
#define KIND_VERSION { NAME("version"), .type = FIELD_VERSION, .is_required = true, \
	.meaning = "Version of the format." }
#define FIELD(n, t, req, s, m, ...) { NAME(n), .type = t, .is_required = req, \
	.at = AT(s, m), __VA_ARGS__ }
#define BOUNDS(lo, hi) .low = lo, .high = hi
#define TEXT(n, req, s, m, bounds, what) \
	FIELD(n, FIELD_TEXT, req, s, m, BOUNDS bounds, .meaning = what)
#define INT(n, req, s, m, bounds, what) \
	FIELD(n, FIELD_INT, req, s, m, BOUNDS bounds, .meaning = what)
#define REAL(n, req, s, m, bounds, what) \
	FIELD(n, FIELD_REAL, req, s, m, BOUNDS bounds, .meaning = what)
#define ENUM(n, req, s, m, names, what) \
	FIELD(n, FIELD_ENUM, req, s, m, .values = names, .meaning = what)
#define MAP(n, req, s, m, nested, what) \
	FIELD(n, FIELD_MAP, req, s, m, .of = &nested, .meaning = what)
#define LIST(n, req, s, m, nested, bounds, what) \
	FIELD(n, FIELD_LIST, req, s, m, BOUNDS bounds, .of = &nested, .meaning = what)
#define DIRECTION(n, req, s, m, what) \
	FIELD(n, FIELD_DIRECTION, req, s, m, .meaning = what)
#define PERCENT(n, req, s, m, bounds, what) \
	FIELD(n, FIELD_PERCENT, req, s, m, BOUNDS bounds, .meaning = what)
#define END { .name = NULL }

#define DESCRIPTOR(d, s, kind, fields, what) \
	const struct descriptor d = { .name = kind, .version = 1, \
	.size = sizeof(struct s), .field = fields, .meaning = what }
/* clang-format on */

const char *const dataset_names[] = { "reddit", "pku-saferlhf", "ultrafeedback", "helpsteer2",
	"prism", "hh-rlhf", "oasst", "alignx", "p-soups", "generic", NULL };
static const char *const type_names[] = { "post", "comment", "response", NULL };
static const char *const split_names[] = { "train", "test", NULL };
static const char *const persona_names[] = { "author", "matched", NULL };

static const struct field source_pos_fields[] = {
	TEXT("file", true, source_pos, file, SOME_LENGTH,
	    "The operand as given; a member of an archive after a slash."),
	INT("byte", true, source_pos, byte, (0, INT_LIMIT),
	    "Offset of the record in the decompressed file."),
	INT("line", true, source_pos, line, (1, INT_LIMIT), "Line number, from 1."), END
};
DESCRIPTOR(source_pos_descriptor, source_pos, "place", source_pos_fields,
    "Where in a dump a text comes from.");

static const struct field signal_fields[] = { TEXT("rule", true, signal, rule, ID_LENGTH,
						  "Id of the rule."),
	INT("dimension", true, signal, dimension, (0, DIMENSIONS - 1), "Index of the dimension."),
	INT("pole", true, signal, pole, (0, 1), "1 or 0: the label that it is evidence for."),
	REAL("weight", true, signal, weight, (0, 10), "Weight of one hit."),
	INT("count", true, signal, count, (1, 3), "Number of hits, at most 3."),
	ENUM("evidence", false, signal, evidence, evidence_kind_word, "Kind of evidence."), END };
DESCRIPTOR(signal_descriptor, signal, "signal", signal_fields, "What one rule found in a text.");

static const struct field intensities_fields[] = { TEXT("annotator", true, intensities, annotator,
						       ID_LENGTH,
						       "Id and version of what estimated them."),
	PERCENT("value", true, intensities, value, (-INTENSITY_FULL, INTENSITY_FULL),
	    "Percent; positive towards label 1, negative towards label 0."),
	PERCENT("confidence", true, intensities, confidence, (0, INTENSITY_FULL),
	    "Percent; 0 if nothing is known."),
	PERCENT("evidence", false, intensities, evidence, (0, EVIDENCE_KINDS - 1),
	    "On what each judgement rests: 0 none, 1 said, 2 done, 3 topic, 4 style, 5 community, 6 wording, 7 rated."),
	END };
DESCRIPTOR(intensities_descriptor, intensities, "intensities", intensities_fields,
    "How much of each dimension a text shows.");

#define RATING(n, m) REAL(n, false, ratings, m, (-1, 1), "From -1 (worst) to 1 (best or most).")
static const struct field ratings_fields[] = { RATING("harmlessness", harmlessness),
	RATING("instruction_following", instruction_following), RATING("honesty", honesty),
	RATING("truthfulness", truthfulness), RATING("helpfulness", helpfulness),
	RATING("coherence", coherence), RATING("complexity", complexity),
	RATING("verbosity", verbosity), END };
DESCRIPTOR(ratings_descriptor, ratings, "ratings", ratings_fields,
    "Ratings of a response by its data set.");

static const struct field interaction_fields[] = { KIND, KIND_VERSION,
	TEXT("id", true, interaction, id, ID_LENGTH, "Unique in its source."),
	ENUM("source", true, interaction, source, dataset_names, "The data set."),
	ENUM("type", true, interaction, type, type_names, "What kind of text."),
	TEXT("post", true, interaction, post, ID_LENGTH,
	    "Id of the post it is under; for a post, its own."),
	TEXT("parent", false, interaction, parent, ID_LENGTH, "Id of the text it replies to."),
	TEXT("user", false, interaction, user, ID_LENGTH, "Pseudonym of the author."),
	TEXT("rater", false, interaction, rater, ID_LENGTH, "Pseudonym of the rater."),
	TEXT("community", false, interaction, community, ID_LENGTH,
	    "Subreddit or forum, in lower case."),
	INT("created", false, interaction, created, ANY_INT, "Seconds since 1970, UTC."),
	INT("score", false, interaction, score, ANY_INT, "Votes."),
	INT("depth", false, interaction, depth, (0, INT32_MAX),
	    "0 for a reply to the post, 1 for a reply to such a reply, and so on."),
	FIELD("edited", FIELD_BOOL, false, interaction, edited,
	    .meaning = "True if the text was edited."),
	INT("retrieved", false, interaction, retrieved, ANY_INT,
	    "When the archive took this version, in seconds since 1970, UTC."),
	TEXT("text", true, interaction, text, SOME_LENGTH,
	    "The normalized text; for a post: body, newline, title."),
	MAP("ratings", false, interaction, ratings, ratings_descriptor,
	    "Its ratings by the data set."),
	MAP("place", true, interaction, place, source_pos_descriptor, "Where it came from."),
	TEXT("rules", false, interaction, rules_version, ID_LENGTH,
	    "Version of the rules that made the signals."),
	LIST("signals", false, interaction, signals, signal_descriptor, (0, 65535),
	    "The signals that alignx-extract found."),
	MAP("intensities", false, interaction, intensities, intensities_descriptor,
	    "The intensities that alignx-map estimated."),
	END };
DESCRIPTOR(interaction_descriptor, interaction, "interaction", interaction_fields,
    "One text somebody wrote.");

static const struct field thread_text_fields[] = { TEXT("id", true, thread_text, id, ID_LENGTH,
						       "Unique in its source."),
	TEXT("thread", false, thread_text, thread, ID_LENGTH,
	    "Id of the post above, if the prompt is itself a comment; the text is then that of both."),
	TEXT("thread_user", false, thread_text, thread_user, ID_LENGTH,
	    "Pseudonym of the author of that post."),
	MAP("thread_place", false, thread_text, thread_place, source_pos_descriptor,
	    "Where that post came from."),
	INT("thread_created", false, thread_text, thread_created, ANY_INT,
	    "When that post was written, as created."),
	TEXT("user", false, thread_text, user, ID_LENGTH, "Pseudonym of the author."),
	TEXT("rater", false, thread_text, rater, ID_LENGTH, "Pseudonym of the rater."),
	TEXT("community", false, thread_text, community, ID_LENGTH, "Subreddit or forum."),
	INT("created", false, thread_text, created, ANY_INT, "Seconds since 1970, UTC."),
	INT("score", false, thread_text, score, ANY_INT, "Votes."),
	TEXT("text", true, thread_text, text, SOME_LENGTH, "The normalized text."),
	MAP("ratings", false, thread_text, ratings, ratings_descriptor,
	    "Its ratings by the data set."),
	MAP("place", true, thread_text, place, source_pos_descriptor, "Where it came from."),
	MAP("intensities", false, thread_text, intensities, intensities_descriptor,
	    "How much of each dimension it shows."),
	END };
DESCRIPTOR(thread_text_descriptor, thread_text, "item", thread_text_fields,
    "A post or response of an exchange or a pair.");

static const struct field exchange_fields[] = { KIND, KIND_VERSION,
	ENUM("source", true, exchange, source, dataset_names, "The data set."),
	TEXT("user", false, exchange, user, ID_LENGTH, "Pseudonym of the author of the comment."),
	MAP("post", true, exchange, post, thread_text_descriptor, "The post."),
	MAP("comment", true, exchange, comment, thread_text_descriptor, "The comment."), END };
DESCRIPTOR(exchange_descriptor, exchange, "exchange", exchange_fields,
    "A post and one reply to it.");

static const struct field pair_fields[] = { KIND, KIND_VERSION,
	TEXT("id", true, pair, id, ID_LENGTH, "Unique in the data set."),
	ENUM("source", true, pair, source, dataset_names, "The data set."),
	TEXT("user", false, pair, user, ID_LENGTH, "Pseudonym of the user whose preference it is."),
	MAP("post", true, pair, post, thread_text_descriptor, "The post."),
	MAP("first", true, pair, first, thread_text_descriptor, "The preferred response."),
	MAP("second", true, pair, second, thread_text_descriptor, "The other response."),
	DIRECTION("direction", true, pair, direction, "Of the first over the second."),
	PERCENT("evidence", false, pair, evidence, (0, EVIDENCE_KINDS - 1),
	    "On what each direction rests: 0 none, 1 said, 2 done, 3 topic, 4 style, 5 community, 6 wording, 7 rated."),
	END };
DESCRIPTOR(pair_descriptor, pair, "pair", pair_fields,
    "A post, two responses and the direction of the preference.");

#define UGC_FIELDS(all) \
	TEXT("prompt", true, ugc, prompt, ANY_LENGTH, "A post by another user."), \
	    TEXT("comment", true, ugc, comment, ANY_LENGTH, "The user's comment."), \
	    DIRECTION("Preference Direction", all, ugc, direction, \
		"The direction of the comment.")
static const struct field ugc_fields[] = { UGC_FIELDS(true), END };
static const struct field loose_ugc_fields[] = { UGC_FIELDS(false), END };
DESCRIPTOR(ugc_descriptor, ugc, "ugc", ugc_fields, "A comment of the user.");
static DESCRIPTOR(loose_ugc_descriptor, ugc, "loose-ugc", loose_ugc_fields,
    "A comment of the user.");

#define FEEDBACK_FIELDS(all) \
	TEXT("prompt", true, feedback, prompt, ANY_LENGTH, "A post."), \
	    TEXT("chosen", true, feedback, chosen, ANY_LENGTH, "The response the user prefers."), \
	    TEXT("rejected", true, feedback, rejected, ANY_LENGTH, "The other response."), \
	    DIRECTION("Preference Direction", all, feedback, direction, \
		"Of the chosen over the rejected.")
static const struct field feedback_fields[] = { FEEDBACK_FIELDS(true), END };
static const struct field loose_feedback_fields[] = { FEEDBACK_FIELDS(false), END };
DESCRIPTOR(feedback_descriptor, feedback, "feedback", feedback_fields,
    "A preference of the user between two responses.");
static DESCRIPTOR(loose_feedback_descriptor, feedback, "loose-feedback", loose_feedback_fields,
    "A preference of the user between two responses.");

static const struct field origin_fields[] = { TEXT("pointer", true, origin, pointer, SOME_LENGTH,
						  "RFC 6901 pointer to the text in the record."),
	TEXT("id", true, origin, id, ID_LENGTH, "Id of that text in its source."),
	TEXT("thread", false, origin, thread, ID_LENGTH, "Id of the post it is under, or its own."),
	TEXT("user", false, origin, user, ID_LENGTH, "Pseudonym of its author."),
	MAP("place", true, origin, place, source_pos_descriptor,
	    "Where in the dump it comes from."),
	END };
DESCRIPTOR(origin_descriptor, origin, "origin", origin_fields,
    "Where a text of a record came from.");

static const struct field provenance_fields[] = { TEXT("id", true, provenance, id, ID_LENGTH,
						      "Id of the record."),
	ENUM("source", true, provenance, source, dataset_names, "The data set."),
	ENUM("split", false, provenance, split, split_names, "Training or test."),
	ENUM("persona", false, provenance, persona, persona_names,
	    "Whose history the record shows."),
	TEXT("user", false, provenance, user, ID_LENGTH, "Pseudonym of the user."),
	TEXT("annotator", false, provenance, annotator, ID_LENGTH,
	    "Id and version of what estimated the intensities."),
	REAL("agreement", false, provenance, agreement, (0, 1),
	    "Share of the persona's evidence that agrees with the direction of the record."),
	FIELD("uninformed", FIELD_BOOL, false, provenance, uninformed,
	    .meaning = "True if the history says nothing on any dimension of the record."),
	PERCENT("evidence", false, provenance, evidence, (0, EVIDENCE_KINDS - 1),
	    "On what each direction of the record rests: 0 none, 1 said, 2 done, 3 topic, 4 style, 5 community, 6 wording, 7 rated."),
	LIST("texts", true, provenance, texts, origin_descriptor, (0, 4096),
	    "The texts of the record and where each came from."),
	END };
DESCRIPTOR(provenance_descriptor, provenance, "provenance", provenance_fields,
    "Where a record came from.");

enum { HISTORY_MAX = 64 }; /* 4 in the release, 16 in one test file */

/* The published names; `all`: does the release require them? */
#define RECORD_FIELDS(all, ugcs, feedbacks) \
	TEXT("prompt", true, record, prompt, ANY_LENGTH, "The post to respond to."), \
	    TEXT("chosen", true, record, chosen, ANY_LENGTH, "The response the user prefers."), \
	    TEXT("rejected", true, record, rejected, ANY_LENGTH, "The other response."), \
	    DIRECTION("Preference Direction", all, record, direction, \
		"Of the chosen over the rejected."), \
	    TEXT("Demographic Information", all, record, demographic, ANY_LENGTH, \
		"A description of the user."), \
	    LIST("User-Generated Content", all, record, ugc, ugcs, (0, HISTORY_MAX), \
		"Comments of the user under other posts."), \
	    LIST("Pair-wise Comparative Feedback", all, record, feedback, feedbacks, \
		(0, HISTORY_MAX), "Preferences of the user under other posts."), \
	    TEXT("profile", false, record, profile, ANY_LENGTH, \
		"The direction of the history that the record shows, as text."), \
	    TEXT("ground_truth_persona", false, record, ground_truth_persona, ANY_LENGTH, \
		"What the user wants, according to the benchmark."), \
	    MAP("provenance", false, record, provenance, provenance_descriptor, \
		"Where the record came from.")

/* Optional here: the published files have neither kind nor version. */
#define OWN_KIND \
	{ \
		NAME("kind"), .type = FIELD_KIND, .meaning = "What this is." \
	}
#define OWN_VERSION \
	{ \
		NAME("version"), .type = FIELD_VERSION, .meaning = "Version of the format." \
	}

static const struct field record_fields[] = { OWN_KIND, OWN_VERSION,
	RECORD_FIELDS(true, ugc_descriptor, feedback_descriptor), END };
DESCRIPTOR(record_descriptor, record, "record", record_fields, "An AlignX example.");

static const struct field benchmark_fields[] = { OWN_KIND, OWN_VERSION,
	RECORD_FIELDS(false, loose_ugc_descriptor, loose_feedback_descriptor), END };
DESCRIPTOR(benchmark_descriptor, record, "benchmark", benchmark_fields,
    "A row of a benchmark, which may lack parts of a record.");

const struct descriptor *const message_descriptors[] = { &interaction_descriptor,
	&exchange_descriptor, &pair_descriptor, &record_descriptor, &benchmark_descriptor, NULL };

const char *
dataset_named(const char *name, size_t len)
{
	for (int i = 0; dataset_names[i] != NULL; i++)
		if (strlen(dataset_names[i]) == len && memcmp(dataset_names[i], name, len) == 0)
			return dataset_names[i];
	return NULL;
}

static const msgpack_object *
value_of(const msgpack_object *map, const char *name)
{
	for (uint32_t i = 0; i < map->via.map.size; i++)
		if (decode_is_str(&map->via.map.ptr[i].key, name))
			return &map->via.map.ptr[i].val;
	return NULL;
}

const struct descriptor *
message_descriptor_of(const msgpack_object *map, struct fault *f)
{
	const msgpack_object *kind;

	if (map->type != MSGPACK_OBJECT_MAP) {
		fault_set(f, "wrong-kind", "expected a map with a kind");
		return NULL;
	}
	if ((kind = value_of(map, "kind")) == NULL) {
		if (value_of(map, "Preference Direction") != NULL)
			return &record_descriptor;
		if (value_of(map, "chosen") != NULL)
			return &benchmark_descriptor;
		fault_set(f, "wrong-kind", "no field 'kind' says what this is");
		return NULL;
	}
	for (int i = 0; message_descriptors[i] != NULL; i++)
		if (decode_is_str(kind, message_descriptors[i]->name))
			return message_descriptors[i];
	snprintf(f->pointer, sizeof(f->pointer), "/kind");
	fault_set(f, "wrong-kind", "no such kind of message");
	return NULL;
}
