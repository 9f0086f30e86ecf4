/* options.h - the options of alignx-score. */

#ifndef ALIGNX_STAGES_SCORE_OPTIONS_H
#define ALIGNX_STAGES_SCORE_OPTIONS_H

#include "lib/cli/opt.h"
#include "stages/score/encode.h"

enum score_print { SCORE_PRINT_SCORES, SCORE_PRINT_PROMPT, SCORE_PRINT_TOKENS };

/* Choices are indexes into the words of score_opts. */
struct score_options {
	const char *model, *pear, *describe, *tokens, *tmpdir;
	const char *reference, *reference_pear;
	int method, variant, template, bos, eos, reference_method, print, precision;
	bool uses_released_rounding, is_pairs, is_joint, no_simd, is_summary, is_resumed;
	long threads, ctx_size, batch, truncate, generate;
	double beta;
	int64_t memory;
};

extern struct score_options score_options;
extern const struct opt score_opts[];

enum score_reference { SCORE_NO_REFERENCE, SCORE_WITHOUT_PERSONA, SCORE_REFERENCE_MODEL };
enum score_reference score_options_reference(const struct score_options *o);

/* -2: options contradict each other. */
int score_options_check(struct score_options *o, struct fault *f);

/* How a side's rows are encoded. m: its model; NULL: none, and AlignX's own template unless
 * another is named. */
struct encode_settings score_options_encode_settings(const struct score_options *o,
    bool is_reference, const struct loaded_model *m);

#endif
