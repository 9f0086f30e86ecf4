#include "config.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "lib/json/json.h"
#include "lib/json/json_write.h"
#include "stages/pear/pear.h"
#include "stages/pear/checkpoint.h"

enum { FILE_MAX = 64 << 20, STEPS_MAX = 1 << 30 };

void
pear_checkpoint_put_evaluations(const struct buf *evaluations, struct buf *b)
{
	const struct pear_evaluation *e = (const void *)evaluations->data;

	for (size_t i = 0; i < evaluations->len / sizeof(*e); i++) {
		buf_printf(b, "%s\n  {\"step\": %zu, \"loss\": ", i > 0 ? "," : "", e[i].step);
		json_write_real(b, e[i].loss);
		buf_add_str(b, ", ");
		pear_put_copy_score("held_out", &e[i].held_out, b);
		buf_add_byte(b, '}');
	}
}

void
pear_checkpoint_put(const struct pear_run *r, struct buf *b)
{
	const struct head_learning_state *s = &r->state;

	buf_add_str(b, "{\"run\": ");
	json_write_text(b, r->name, strlen(r->name));
	buf_printf(b, ",\n\"step\": %zu, \"loss\": ", s->step);
	json_write_real(b, r->loss);
	buf_add_str(b, ",\n");
	pear_put_copy_score("before", &r->before, b);
	buf_add_str(b, ",\n\"history\": [");
	pear_checkpoint_put_evaluations(&r->evaluations, b);
	buf_add_str(b, "],\n\"state\": [");
	for (size_t i = 0; i < s->len; i++) {
		buf_add_str(b, i > 0 ? ",\n  [" : "\n  [");
		json_write_real(b, (double)s->coefficient[i]);
		buf_add_str(b, ", ");
		json_write_real(b, s->first_moment[i]);
		buf_add_str(b, ", ");
		json_write_real(b, s->second_moment[i]);
		buf_add_byte(b, ']');
	}
	buf_add_str(b, "]}\n");
}

static bool
is_real(const struct json_node *n, double *out)
{
	*out = n->kind == JSON_REAL ? n->real : n->kind == JSON_INT ? (double)n->integer : NAN;
	return isfinite(*out);
}

static bool
is_count(const struct json_node *n, size_t *out)
{
	*out = n->kind == JSON_INT && n->integer >= 0 ? (size_t)n->integer : 0;
	return n->kind == JSON_INT && n->integer >= 0 && n->integer <= STEPS_MAX;
}

static bool
read_score(const struct json_node *n, struct copy_score *out)
{
	static const char *const names[] = { "accuracy", "loss", "metric" };
	struct json_node field[3];
	struct fault ignored = FAULT_NONE;

	return json_pick(n, names, 3, field, &ignored) == 0 && is_real(&field[0], &out->accuracy)
	    && is_real(&field[1], &out->loss) && is_real(&field[2], &out->metric);
}

static bool
read_evaluation(const struct json_node *n, struct buf *evaluations)
{
	static const char *const names[] = { "step", "loss", "held_out" };
	struct json_node field[3];
	struct fault ignored = FAULT_NONE;
	struct pear_evaluation e;

	memset(&e, 0, sizeof(e));
	if (json_pick(n, names, 3, field, &ignored) < 0 || !is_count(&field[0], &e.step)
	    || !is_real(&field[1], &e.loss) || !read_score(&field[2], &e.held_out))
		return false;
	buf_add(evaluations, &e, sizeof(e));
	return true;
}

/* [coefficient, first moment, second moment] */
static bool
read_head(const struct json_node *n, struct head_learning_state *s, size_t i)
{
	struct json_walk walk;
	struct json_node x;
	double value[3];
	size_t k = 0;

	if (json_count(n) != 3)
		return false;
	json_walk_begin(&walk, n);
	while (json_walk_next(&walk, NULL, &x) && is_real(&x, &value[k]))
		k++;
	if (k != 3 || value[2] < 0)
		return false;
	s->coefficient[i] = (float)value[0];
	s->first_moment[i] = value[1];
	s->second_moment[i] = value[2];
	return true;
}

static bool
read_lists(const struct json_node *history, const struct json_node *state, struct pear_run *r)
{
	struct json_walk walk;
	struct json_node x;
	size_t i = 0;

	if (history->kind != JSON_LIST || json_count(state) != r->state.len)
		return false;
	buf_clear(&r->evaluations);
	json_walk_begin(&walk, history);
	while (json_walk_next(&walk, NULL, &x))
		if (!read_evaluation(&x, &r->evaluations))
			return false;
	json_walk_begin(&walk, state);
	while (json_walk_next(&walk, NULL, &x))
		if (!read_head(&x, &r->state, i++))
			return false;
	return true;
}

static int
read_checkpoint(struct pear_run *r, const struct json_node *root, const char *file, struct fault *f)
{
	static const char *const names[] = { "run", "step", "loss", "before", "history", "state" };
	struct json_node field[6];

	if (json_pick(root, names, 6, field, f) < 0 || field[0].kind != JSON_TEXT)
		return fault_stop(f, "%s: this is not a checkpoint", file);
	if (field[0].text.len != strlen(r->name)
	    || memcmp(field[0].text.ptr, r->name, field[0].text.len) != 0)
		return fault_stop(f,
		    "%s: a checkpoint of another run: it is of %.*s, and "
		    "this is %.120s",
		    file, (int)(field[0].text.len < 120 ? field[0].text.len : 120),
		    field[0].text.ptr, r->name);
	if (!is_count(&field[1], &r->state.step) || !is_real(&field[2], &r->loss)
	    || !read_score(&field[3], &r->before) || !read_lists(&field[4], &field[5], r))
		return fault_stop(f,
		    "%s: this checkpoint is broken; remove it to start "
		    "over",
		    file);
	return 0;
}

int
pear_checkpoint_read(struct pear_run *r, const char *file, struct arena *a, struct fault *f)
{
	struct json_node root;
	struct json *j;
	int rc;

	if (access(file, F_OK) != 0)
		return 1;
	j = json_new();
	if ((rc = json_parse_file(j, file, FILE_MAX, &root, a, f)) == 0)
		rc = read_checkpoint(r, &root, file, f);
	json_free(j);
	return rc;
}
