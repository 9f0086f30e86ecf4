# Unit tests: tests/unit/NAME.c becomes tests/unit/NAME.t
check_PROGRAMS += tests/unit/arena.t
tests_unit_arena_t_SOURCES = tests/unit/arena.c tests/tap.h
tests_unit_arena_t_LDADD = $(KIT_LIBS)

EXTRA_DIST += $(shell_tests) tests/lib.sh tests/golden tests/fuzz/corpus

# prove runs C and shell tests alike and ends with a Result line.
# make check T=tests/cli/golden.t runs one of them.
check-local: $(check_PROGRAMS) $(bin_PROGRAMS)
	srcdir='$(abs_top_srcdir)' builddir='$(abs_top_builddir)' PYTHON3='$(PYTHON3)' \
	programs='$(notdir $(bin_PROGRAMS))' $(PROVE) $(PROVEFLAGS) \
	$(if $(T),$(T),$(filter %.t,$(check_PROGRAMS)) \
	$(addprefix $(srcdir)/,$(shell_tests)))
