/* sources.c - the table of data sets, and the parsing of a row. */

#include "config.h"

#include "stages/ingest/ingest.h"

/* In the order of the words of --source. */
const struct ingest_source ingest_sources[] = {
	{ "reddit", SOURCE_REDDIT, "", NULL, ingest_reddit },
	{ "reddit-comments", SOURCE_REDDIT, "", NULL, ingest_reddit_comment },
	{ "reddit-submissions", SOURCE_REDDIT, "", NULL, ingest_reddit_submission },
	{ "pku-saferlhf", SOURCE_PKU_SAFERLHF, "pku:", ingest_pku, NULL },
	{ "ultrafeedback", SOURCE_ULTRAFEEDBACK, "uf:", ingest_ultrafeedback, NULL },
	{ "helpsteer2", SOURCE_HELPSTEER2, "hs2:", ingest_helpsteer, NULL },
	{ "prism", SOURCE_PRISM, "prism:", ingest_prism, NULL },
	{ "hh-rlhf", SOURCE_HH_RLHF, "hh:", ingest_hh, NULL },
	{ "oasst", SOURCE_OASST, "", ingest_oasst, NULL },
	{ "alignx", SOURCE_ALIGNX, "alignx:", NULL, ingest_alignx },
	{ "p-soups", SOURCE_P_SOUPS, "p-soups:", NULL, ingest_alignx },
	{ "generic", SOURCE_GENERIC, "", ingest_generic, NULL },
	{ .name = NULL },
};

int
ingest_row(struct ingest *g, struct json_node *row, struct fault *f)
{
	const struct reader_item *item = &g->ctx->item;

	if (item->form == READER_MSGPACK)
		return fault_set(f, "wrong-kind",
		    "expected JSON, found msgpack; "
		    "the output of alignx-ingest needs no second ingest");
	if (json_parse(g->json, item->data, item->len, row, f) < 0)
		return -1;
	if (row->kind != JSON_MAP)
		return fault_set(f, "wrong-type", "expected a map, one row of %s", g->source->name);
	return 0;
}
