/* extract_starts.h - where in a text which patterns may begin.
 *
 * Nearly all patterns begin at a word.  Where they may do so by that word and the next
 * (extract_openings.h), and the text holds the words that they need
 * (extract_needs.h), each is read by an automaton (extract_states.h), which hardly
 * errs.  The few other patterns are left to extract_elsewhere.h. */

#ifndef ALIGNX_STAGES_EXTRACT_STARTS_H
#define ALIGNX_STAGES_EXTRACT_STARTS_H

#include "lib/core/text.h"
#include "lib/match/tokens.h"

struct starts;

struct starts *starts_new(void);

/* Patterns are added in the order of their numbers, from 0.  False: the pattern
 * may begin anywhere. */
bool starts_add(struct starts *s, const struct text *pattern);

/* To be called before each text, when all patterns were added; true if what was told
 * of words before is no longer so. */
bool starts_refresh(struct starts *s);

/* Finds out what patterns make of a word, in small letters; and gives it a number, which
 * is that of these bytes as long as it is remembered. */
void starts_look_up(struct starts *s, const char *word, size_t len,
    struct token_word *out);

/* Asks for what is looked at where two words follow each other from memory. */
void starts_fetch(const struct starts *s, const struct token_word *first,
    const struct token_word *second);

/* Told of places where a pattern may begin, in rising order for each pattern; of
 * those that are known alone.  What is known of the tokens' words is set. */
typedef void starts_fn(void *with, uint32_t pattern, size_t at);
void starts_find(struct starts *s, const struct tokens *t, starts_fn *fn,
    void *with);

/* Where to stop reading from a place on: what is not known by then may match.  The
 * text is padded with what is no word, of which one byte is read. */
enum { STARTS_READ_MOST = 400 };

static inline size_t
starts_stop(size_t at, size_t len)
{
	return at + STARTS_READ_MOST < len + 1 ? at + STARTS_READ_MOST : len + 1;
}

void starts_free(struct starts *s);		/* NULL is allowed */

#endif
