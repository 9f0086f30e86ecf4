# A page is prose (man/*.in) with holes that the programs fill in themselves; each
# example in a page is the command of a golden test.  Automake reads the section off
# the name of the variable, since it cannot see names that make computes.
nodist_man1_MANS = $(addprefix man/,$(addsuffix .1,$(bin_PROGRAMS)))
nodist_man5_MANS = man/alignx-formats.5
nodist_man7_MANS = man/alignx.7
pages = $(nodist_man1_MANS) $(nodist_man5_MANS) $(nodist_man7_MANS)
EXTRA_DIST += $(addsuffix .in,$(pages)) build-aux/page.awk
CLEANFILES += $(pages)

$(nodist_man1_MANS): man/%.1: man/%.1.in % build-aux/page.awk
	$(AM_V_GEN)$(MKDIR_P) man && $(AWK) -v prog=./$* \
	    -v golden=$(srcdir)/tests/golden/$* -f $(srcdir)/build-aux/page.awk \
	    $< > $@.tmp && mv $@.tmp $@
man/alignx.7 man/alignx-formats.5: man/%: man/%.in build-aux/page.awk \
    $(bin_PROGRAMS) schema/print_schemas
	$(AM_V_GEN)$(MKDIR_P) man && $(AWK) -v prog=./alignx \
	    -f $(srcdir)/build-aux/page.awk $< > $@.tmp && mv $@.tmp $@

# Completions are printed by the programs too; that of alignx lists the others.
bashcompdir = $(datadir)/bash-completion/completions
zshcompdir = $(datadir)/zsh/site-functions
fishcompdir = $(datadir)/fish/vendor_completions.d
nodist_bashcomp_DATA = $(addprefix completion/,$(bin_PROGRAMS))
nodist_zshcomp_DATA = $(addprefix completion/_,$(bin_PROGRAMS))
nodist_fishcomp_DATA = $(addprefix completion/,$(addsuffix .fish,$(bin_PROGRAMS)))
completion/alignx completion/_alignx completion/alignx.fish: $(bin_PROGRAMS)
$(nodist_bashcomp_DATA): completion/%: %
	$(AM_V_GEN)$(MKDIR_P) completion && ./$* --print-completion=bash > $@
$(nodist_zshcomp_DATA): completion/_%: %
	$(AM_V_GEN)$(MKDIR_P) completion && ./$* --print-completion=zsh > $@
$(nodist_fishcomp_DATA): completion/%.fish: %
	$(AM_V_GEN)$(MKDIR_P) completion && ./$* --print-completion=fish > $@
CLEANFILES += $(nodist_bashcomp_DATA) $(nodist_zshcomp_DATA) $(nodist_fishcomp_DATA)
