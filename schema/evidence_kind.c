#include "config.h"

#include <string.h>

#include "schema/evidence_kind.h"

const char *const evidence_kind_word[EVIDENCE_KINDS + 1] = {
	[EVIDENCE_NONE] = "none",
	[EVIDENCE_SAID] = "said",
	[EVIDENCE_DONE] = "done",
	[EVIDENCE_TOPIC] = "topic",
	[EVIDENCE_STYLE] = "style",
	[EVIDENCE_COMMUNITY] = "community",
	[EVIDENCE_WORDING] = "wording",
	[EVIDENCE_RATED] = "rated",
};

int
evidence_kind_find(const char *word, unsigned long len)
{
	for (int i = 0; i < EVIDENCE_KINDS; i++)
		if (strlen(evidence_kind_word[i]) == len
		    && memcmp(evidence_kind_word[i], word, len) == 0)
			return i;
	return -1;
}
