# Unit tests: tests/unit/NAME.c becomes tests/unit/NAME.t
check_PROGRAMS += tests/unit/arena.t
tests_unit_arena_t_SOURCES = tests/unit/arena.c tests/tap.h
tests_unit_arena_t_LDADD = $(KIT_LIBS)

check_PROGRAMS += tests/unit/reader.t tests/unit/reader_split.t tests/unit/source.t
tests_unit_reader_t_SOURCES = tests/unit/reader.c tests/tap.h
tests_unit_reader_t_LDADD = $(KIT_LIBS)
tests_unit_reader_split_t_SOURCES = tests/unit/reader_split.c tests/split_log.h tests/tap.h
tests_unit_reader_split_t_LDADD = $(KIT_LIBS)
tests_unit_source_t_SOURCES = tests/unit/source.c tests/tap.h
tests_unit_source_t_LDADD = $(KIT_LIBS)

# Shows what the reader makes of its operands, for tests/cli/source.t
check_PROGRAMS += tests/cli/items
tests_cli_items_SOURCES = tests/cli/items.c
tests_cli_items_LDADD = $(KIT_LIBS)

# Fuzz targets with saved inputs, replayed by tests/cli/fuzz.t
check_PROGRAMS += tests/fuzz/reader
tests_fuzz_reader_SOURCES = tests/fuzz/reader.c tests/fuzz/replay.c tests/split_log.h
tests_fuzz_reader_LDADD = $(KIT_LIBS)

shell_tests += tests/cli/fuzz.t tests/cli/source.t

EXTRA_DIST += $(shell_tests) tests/lib.sh tests/golden tests/fuzz/corpus

# prove runs C and shell tests alike and ends with a Result line.
# make check T=tests/cli/golden.t runs one of them.
check-local: $(check_PROGRAMS) $(bin_PROGRAMS)
	srcdir='$(abs_top_srcdir)' builddir='$(abs_top_builddir)' PYTHON3='$(PYTHON3)' \
	programs='$(notdir $(bin_PROGRAMS))' $(PROVE) $(PROVEFLAGS) \
	$(if $(T),$(T),$(filter %.t,$(check_PROGRAMS)) \
	$(addprefix $(srcdir)/,$(shell_tests)))

check_PROGRAMS += tests/unit/opt.t tests/unit/schema.t
tests_unit_opt_t_SOURCES = tests/unit/opt.c tests/tap.h
tests_unit_opt_t_LDADD = $(KIT_LIBS)
tests_unit_schema_t_SOURCES = tests/unit/schema.c tests/tap.h
tests_unit_schema_t_LDADD = $(SCHEMA_LIBS)

shell_tests += tests/cli/golden.t tests/cli/manners.t tests/cli/layers.t \
	tests/cli/schema.t tests/cli/pair.t
EXTRA_DIST += tests/oracle data-samples
