noinst_LIBRARIES += schema/libschema.a
schema_libschema_a_SOURCES = \
	schema/decode_value.c schema/decode_value.h \
	schema/demographic.c schema/demographic.h \
	schema/dimension.c schema/dimension.h \
	schema/direction.c schema/direction.h \
	schema/direction_of.c schema/direction_of.h \
	schema/evidence_kind.c schema/evidence_kind.h \
	schema/message.h \
	schema/message_decode.c \
	schema/message_encode.c \
	schema/message_json_schema.c \
	schema/message_unpack.c schema/message_unpack.h \
	schema/messages.c schema/messages.h \
	schema/parse.c schema/parse.h \
	schema/profile.c schema/profile.h

schema/dimension.$(OBJEXT): schema/dimension_table.h
schema/demographic.$(OBJEXT): schema/clauses_table.h
CLEANFILES += schema/dimension_table.h schema/clauses_table.h
EXTRA_DIST += schema/dimension_table.awk schema/clauses.awk schema/clauses.tsv
schema/clauses_table.h: schema/clauses.tsv schema/dimensions.tsv schema/clauses.awk
	$(AM_V_GEN)$(MKDIR_P) schema && awk -f $(srcdir)/schema/clauses.awk \
	    $(srcdir)/schema/dimensions.tsv $(srcdir)/schema/clauses.tsv > $@.tmp && mv $@.tmp $@
schema/dimension_table.h: schema/dimensions.tsv schema/dimension_table.awk
	$(AM_V_GEN)$(MKDIR_P) schema && awk -f $(srcdir)/schema/dimension_table.awk \
	    $(srcdir)/schema/dimensions.tsv > $@.tmp && mv $@.tmp $@

# The list of programs that alignx-ingest has built in.
stages/ingest/bots.$(OBJEXT): schema/bots_text.h
CLEANFILES += schema/bots_text.h
EXTRA_DIST += schema/bots_text.awk
schema/bots_text.h: schema/bots.txt schema/bots_text.awk
	$(AM_V_GEN)$(MKDIR_P) schema && awk -f $(srcdir)/schema/bots_text.awk \
	    $(srcdir)/schema/bots.txt > $@.tmp && mv $@.tmp $@

# The JSON Schema documents are printed from the descriptors, and kept in the tree;
# a test compares them.  After a change: make update-schemas.
schemas = schema/interaction.schema.json schema/signal.schema.json \
	schema/intensities.schema.json schema/exchange.schema.json \
	schema/pair.schema.json schema/record.schema.json \
	schema/benchmark.schema.json
noinst_PROGRAMS += schema/print_schemas
schema_print_schemas_SOURCES = schema/print_schemas.c
schema_print_schemas_LDADD = $(SCHEMA_LIBS)
update-schemas: schema/print_schemas
	for s in $(schemas); do schema/print_schemas \
	    `basename $$s .schema.json` > $(srcdir)/$$s || exit 1; done
.PHONY: update-schemas
dist_pkgdata_DATA = $(schemas) schema/coefficients.schema.json schema/dimensions.tsv schema/bots.txt

# The rules of alignx-extract and the weights of alignx-map.
rulesdir = $(pkgdatadir)/rules
dist_rules_DATA = schema/rules/README.md schema/rules/QUALITY.md schema/rules/communities.tsv \
	schema/rules/weights.tsv schema/rules/default.model schema/rules/MODEL.md \
	$(wildcard $(srcdir)/schema/rules/*.rules)
