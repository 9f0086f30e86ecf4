/* evidence_kind.h - on what a judgement about a text's author rests. */

#ifndef ALIGNX_SCHEMA_EVIDENCE_KIND_H
#define ALIGNX_SCHEMA_EVIDENCE_KIND_H

enum evidence_kind {
	EVIDENCE_NONE,      /* there is no judgement, or it is not known */
	EVIDENCE_SAID,      /* the author says it of himself */
	EVIDENCE_DONE,      /* he does it in the text: insults, thanks, helps ... */
	EVIDENCE_TOPIC,     /* what the text is about */
	EVIDENCE_STYLE,     /* how it is written */
	EVIDENCE_COMMUNITY, /* where it is written */
	EVIDENCE_WORDING,   /* a model's judgement of all of its words */
	EVIDENCE_RATED,     /* a data set's own rating, or a language model's judgement */
	EVIDENCE_KINDS
};

extern const char *const evidence_kind_word[EVIDENCE_KINDS + 1]; /* ends with NULL */

/* The kind with this word; -1: there is none. */
int evidence_kind_find(const char *word, unsigned long len);

#endif
