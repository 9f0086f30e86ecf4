/* ingest_source.c - the data sets, and what reads a row of each. */

#include "config.h"

#include "stages/ingest.h"

/* In the order of the words of --source. */
const struct ingest_source ingest_sources[] = {
	{ "reddit", SOURCE_REDDIT, "", ingest_reddit, NULL },
	{ "reddit-comments", SOURCE_REDDIT, "", ingest_reddit_comment, NULL },
	{ "reddit-submissions", SOURCE_REDDIT, "", ingest_reddit_submission, NULL },
	{ "pku-saferlhf", SOURCE_PKU_SAFERLHF, "pku:", ingest_pku, NULL },
	{ "ultrafeedback", SOURCE_ULTRAFEEDBACK, "uf:", ingest_ultrafeedback, NULL },
	{ "helpsteer2", SOURCE_HELPSTEER2, "hs2:", ingest_helpsteer, NULL },
	{ "prism", SOURCE_PRISM, "prism:", ingest_prism, NULL },
	{ "hh-rlhf", SOURCE_HH_RLHF, "hh:", ingest_hh, NULL },
	{ "oasst", SOURCE_OASST, "", ingest_oasst, NULL },
	{ "alignx", SOURCE_ALIGNX, "alignx:", NULL, ingest_records },
	{ "p-soups", SOURCE_P_SOUPS, "p-soups:", NULL, ingest_records },
	{ "generic", SOURCE_GENERIC, "", ingest_generic, NULL },
	{ .name = NULL },
};
