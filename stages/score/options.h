/* score_options.h - what alignx-score is asked to do. */

#ifndef ALIGNX_STAGES_SCORE_OPTIONS_H
#define ALIGNX_STAGES_SCORE_OPTIONS_H

#include "lib/cli/opt.h"
#include "stages/score/encode.h"

enum score_print { SCORE_PRINT_SCORES, SCORE_PRINT_PROMPT, SCORE_PRINT_TOKENS };

/* Choices are indexes into the words of the table. */
struct score_options {
	const char *model, *pear, *describe, *tokens, *tmpdir;
	const char *reference, *reference_pear;
	int method, variant, template, bos, eos, reference_method, print, precision;
	bool is_compat, is_pairs, is_joint, is_plain, is_summary, resumes;
	long threads, room, batch, truncate, generate;
	double beta;
	int64_t memory;
};

extern struct score_options score_options;
extern const struct opt score_opts[];

enum score_reference { SCORE_NO_REFERENCE, SCORE_WITHOUT_PERSONA, SCORE_REFERENCE_MODEL };
enum score_reference score_options_reference(const struct score_options *o);

/* Is what was asked for together to be had together?  -2. */
int score_options_check(struct score_options *o, struct fault *f);

/* How a side is asked.  e: its model; NULL: there is none, and the template is
 * AlignX's own unless another was named. */
struct encode_settings score_options_encode_settings(const struct score_options *o, bool is_reference,
    const struct loaded_model *e);

#endif
