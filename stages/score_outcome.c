#include "config.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "lib/json_write.h"
#include "stages/score_outcome.h"

static const char *
persona_name(unsigned persona, char *name)
{
	static const char *const parts[] = { "ugc", "pair", "demo" };

	*name = '\0';
	for (int i = 0; i < 3; i++)
		if (persona >> i & 1) {
			strcat(name, *name != '\0' ? "+" : "");
			strcat(name, parts[i]);
		}
	return *name != '\0' ? name : "none";
}

static void
put_row(const struct score_row *r, struct buf *b)
{
	double margin = r->log_chosen - r->log_rejected;
	char persona[32];

	buf_printf(b, "{\"row\":%" PRIu64 ",\"persona\":\"%s\",\"tokens\":[%zu,%zu,"
	    "%zu],\"chosen\":", r->number, persona_name(r->persona, persona),
	    r->prompt, r->chosen, r->rejected);
	json_put_real(b, r->log_chosen);
	buf_add_str(b, ",\"rejected\":");
	json_put_real(b, r->log_rejected);
	buf_add_str(b, ",\"margin\":");
	json_put_real(b, margin);
	buf_printf(b, ",\"prefers\":\"%s\"}\n", margin > 0 ? "chosen" : margin < 0
	    ? "rejected" : "neither");
}

void
score_outcome_add(struct score_outcome *all, const struct score_row *r,
    struct buf *b)
{
	struct score_tally *o = &all->of[r->persona];

	o->rows++;
	o->correct += r->log_chosen > r->log_rejected;
	o->ties += !(r->log_chosen > r->log_rejected)
	    && !(r->log_chosen < r->log_rejected);
	if (b != NULL)
		put_row(r, b);
}

/* Accuracy with its 95 % interval (Wilson 1927); ties count as wrong. */
static void
put_tally(const char *name, const struct score_tally *o, struct buf *b)
{
	double n = (double)o->rows, p = (double)o->correct / n, z = 1.959964;
	double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
	double half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n));

	if (o->rows > 0)
		buf_printf(b, "%s\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%.4f\t%.4f\t%.4f\n",
		    name, o->rows, o->correct, o->ties, p, middle - half, middle + half);
}

void
score_outcome_print(const struct score_outcome *o, struct buf *b)
{
	struct score_tally all = { 0 };
	char name[32];

	buf_add_str(b, "persona\trows\tcorrect\tties\taccuracy\tlow\thigh\n");
	for (unsigned i = 0; i < SCORE_PERSONAS; i++) {
		put_tally(persona_name(i, name), &o->of[i], b);
		all.rows += o->of[i].rows;
		all.correct += o->of[i].correct;
		all.ties += o->of[i].ties;
	}
	put_tally("all", &all, b);
}
