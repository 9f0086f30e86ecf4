/* model_tensors.c - are a file's tensors those of its architecture: none missing, none left? */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "infer/model/model_loader.h"

enum { NAME = 96 };

/* Is it there, by itself or as a part of attn_qkv? */
static bool
has_part(const struct model_loader *ld, size_t layer, const char *part, const char *suffix)
{
	if (loader_tensor(ld, layer, part, suffix) != NULL)
		return true;
	return (strcmp(part, "attn_q") == 0 || strcmp(part, "attn_k") == 0
		   || strcmp(part, "attn_v") == 0)
	    && loader_tensor(ld, layer, "attn_qkv", suffix) != NULL;
}

int
model_tensors_check_required(const struct model_loader *ld)
{
	const char *s = ld->m->architecture->required;
	char part[NAME], *suffix;

	for (size_t len; s != NULL && *s != '\0'; s += len + (s[len] == ' ')) {
		len = strcspn(s, " ");
		snprintf(part, sizeof(part), "%.*s", (int)len, s);
		suffix = strrchr(part, '.');
		*suffix++ = '\0';
		for (size_t i = 0; i < ld->m->layers; i++)
			if (!has_part(ld, i, part, suffix))
				return loader_missing(ld, i, part, suffix);
	}
	return 0;
}

/* Does a name match a pattern up to a space or the end, in which '*' stands for a number? */
static bool
matches(const char *pattern, struct text name)
{
	for (; *pattern != '\0' && *pattern != ' '; pattern++) {
		size_t digits = 0;

		while (*pattern == '*' && digits < name.len && name.ptr[digits] >= '0'
		    && name.ptr[digits] <= '9')
			digits++;
		if (*pattern != '*' && (name.len == 0 || *name.ptr != *pattern))
			return false;
		digits = *pattern == '*' ? digits : 1;
		name = (struct text){ name.ptr + digits, name.len - digits };
	}
	return name.len == 0;
}

static bool
is_harmless(const struct architecture *a, const struct text *name)
{
	static const char activations[] = ".input_scale"; /* for engines that quantise them */
	const size_t n = sizeof(activations) - 1;

	if (name->len > n && memcmp(name->ptr + name->len - n, activations, n) == 0)
		return true;
	for (const char *s = a->harmless; s != NULL; s = strchr(s, ' ')) {
		s += *s == ' ';
		if (matches(s, *name))
			return true;
	}
	return false;
}

int
model_tensors_check_used(const struct model_loader *ld)
{
	const struct model_file *mf = &ld->m->file;
	const struct text *first = NULL;
	char others[NAME] = "";
	size_t n = 0;

	for (size_t i = 0; i < mf->tensors; i++) {
		const struct model_file_tensor *t = &mf->tensor[i];

		if (t->is_used || is_harmless(ld->m->architecture, &t->name))
			continue;
		first = first == NULL ? &t->name : first;
		n++;
	}
	if (n == 0)
		return 0;
	if (n > 1)
		snprintf(others, sizeof(others), " (and %zu more)", n - 1);
	return fault_stop(ld->fault,
	    "%s: tensor %.*s%s is not one of the architecture %s: this is another kind of model, "
	    "or block_count is too small",
	    ld->file, (int)(first->len < NAME ? first->len : NAME), first->ptr, others,
	    ld->m->architecture->name);
}
