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
check_PROGRAMS += tests/unit/source_archive.t
tests_unit_source_archive_t_SOURCES = tests/unit/source_archive.c tests/tap.h
tests_unit_source_archive_t_LDADD = $(KIT_LIBS)

# JSON and msgpack
check_PROGRAMS += tests/unit/json.t tests/unit/json_fault.t tests/unit/json_tree.t tests/unit/json_write.t \
	tests/unit/pack.t tests/unit/pointer.t tests/unit/utf8.t
tests_unit_json_t_SOURCES = tests/unit/json.c tests/tap.h
tests_unit_json_t_LDADD = $(KIT_LIBS)
tests_unit_json_fault_t_SOURCES = tests/unit/json_fault.c tests/tap.h
tests_unit_json_fault_t_LDADD = $(KIT_LIBS)
check_PROGRAMS += tests/unit/json_rows.t tests/fuzz/rows
tests_unit_json_rows_t_SOURCES = tests/unit/json_rows.c tests/rows_agree.h tests/tap.h
tests_unit_json_rows_t_LDADD = $(KIT_LIBS)
tests_fuzz_rows_SOURCES = tests/fuzz/rows.c tests/fuzz/replay.c tests/rows_agree.h
tests_fuzz_rows_LDADD = $(KIT_LIBS)
tests_unit_json_tree_t_SOURCES = tests/unit/json_tree.c tests/tap.h
tests_unit_json_tree_t_LDADD = $(KIT_LIBS)
tests_unit_json_write_t_SOURCES = tests/unit/json_write.c tests/tap.h
tests_unit_json_write_t_LDADD = $(KIT_LIBS)
tests_unit_pack_t_SOURCES = tests/unit/pack.c tests/tap.h
tests_unit_pack_t_LDADD = $(KIT_LIBS)
tests_unit_pointer_t_SOURCES = tests/unit/pointer.c tests/tap.h
tests_unit_pointer_t_LDADD = $(KIT_LIBS)
tests_unit_utf8_t_SOURCES = tests/unit/utf8.c tests/tap.h
tests_unit_utf8_t_LDADD = $(KIT_LIBS)

# Shows what the reader makes of its operands, for tests/cli/source.t
check_PROGRAMS += tests/cli/items
tests_cli_items_SOURCES = tests/cli/items.c
tests_cli_items_LDADD = $(KIT_LIBS)

# Fuzz targets with saved inputs, replayed by tests/cli/fuzz.t
check_PROGRAMS += tests/fuzz/reader
tests_fuzz_reader_SOURCES = tests/fuzz/reader.c tests/fuzz/replay.c tests/split_log.h
tests_fuzz_reader_LDADD = $(KIT_LIBS)
check_PROGRAMS += tests/fuzz/json tests/fuzz/pack
tests_fuzz_json_SOURCES = tests/fuzz/json.c tests/fuzz/replay.c
tests_fuzz_json_LDADD = $(KIT_LIBS)
tests_fuzz_pack_SOURCES = tests/fuzz/pack.c tests/fuzz/replay.c
tests_fuzz_pack_LDADD = $(KIT_LIBS)

check_PROGRAMS += tests/fuzz/ingest tests/fuzz/text
tests_fuzz_ingest_SOURCES = tests/fuzz/ingest.c tests/fuzz/replay.c $(ingest_parts)
tests_fuzz_ingest_LDADD = $(SCHEMA_LIBS)
tests_fuzz_text_SOURCES = tests/fuzz/text.c tests/fuzz/replay.c
tests_fuzz_text_LDADD = $(KIT_LIBS)

shell_tests += tests/cli/fuzz.t tests/cli/source.t

# Text and names: what alignx-ingest is made of
check_PROGRAMS += tests/unit/clean.t tests/unit/ingest_bots.t tests/unit/ingest_pack.t \
	tests/unit/nameset.t tests/unit/pseudonym.t tests/unit/scrub.t tests/unit/strip.t
tests_unit_clean_t_SOURCES = tests/unit/clean.c tests/tap.h
tests_unit_clean_t_LDADD = $(KIT_LIBS)
tests_unit_ingest_bots_t_SOURCES = tests/unit/ingest_bots.c stages/ingest_bots.c tests/tap.h
tests_unit_ingest_bots_t_LDADD = $(KIT_LIBS)
tests_unit_ingest_pack_t_SOURCES = tests/unit/ingest_pack.c stages/ingest_pack.c tests/tap.h
tests_unit_ingest_pack_t_LDADD = $(SCHEMA_LIBS)
tests_unit_nameset_t_SOURCES = tests/unit/nameset.c tests/tap.h
tests_unit_nameset_t_LDADD = $(KIT_LIBS)
tests_unit_pseudonym_t_SOURCES = tests/unit/pseudonym.c tests/tap.h
tests_unit_pseudonym_t_LDADD = $(KIT_LIBS)
tests_unit_scrub_t_SOURCES = tests/unit/scrub.c tests/tap.h
tests_unit_scrub_t_LDADD = $(KIT_LIBS)
tests_unit_strip_t_SOURCES = tests/unit/strip.c tests/tap.h
tests_unit_strip_t_LDADD = $(KIT_LIBS)
shell_tests += tests/cli/ingest.t

EXTRA_DIST += $(shell_tests) tests/lib.sh tests/golden tests/fuzz/corpus

# prove runs C and shell tests alike and ends with a Result line.
# make check T=tests/cli/golden.t runs one of them.
check-local: $(check_PROGRAMS) $(bin_PROGRAMS)
	srcdir='$(abs_top_srcdir)' builddir='$(abs_top_builddir)' PYTHON3='$(PYTHON3)' \
	programs='$(notdir $(bin_PROGRAMS))' $(PROVE) $(PROVEFLAGS) \
	$(if $(T),$(T),$(filter %.t,$(check_PROGRAMS)) \
	$(addprefix $(srcdir)/,$(shell_tests)))

check_PROGRAMS += tests/unit/noun_unpack.t tests/unit/opt.t tests/unit/schema.t
tests_unit_noun_unpack_t_SOURCES = tests/unit/noun_unpack.c tests/tap.h
tests_unit_noun_unpack_t_LDADD = $(SCHEMA_LIBS)
tests_unit_opt_t_SOURCES = tests/unit/opt.c tests/tap.h
tests_unit_opt_t_LDADD = $(KIT_LIBS)
tests_unit_schema_t_SOURCES = tests/unit/schema.c tests/tap.h
tests_unit_schema_t_LDADD = $(SCHEMA_LIBS)

shell_tests += tests/cli/golden.t tests/cli/manners.t tests/cli/layers.t \
	tests/cli/schema.t tests/cli/pair.t tests/cli/bad.t tests/cli/build.t tests/cli/real.t \
	tests/cli/dedup.t tests/cli/memory.t tests/cli/readme.t
EXTRA_DIST += tests/oracle tests/vectors data-samples

check_PROGRAMS += tests/unit/room.t tests/unit/spool.t
tests_unit_room_t_SOURCES = tests/unit/room.c tests/tap.h
tests_unit_room_t_LDADD = $(KIT_LIBS)
tests_unit_spool_t_SOURCES = tests/unit/spool.c tests/tap.h
tests_unit_spool_t_LDADD = $(KIT_LIBS)

check_PROGRAMS += tests/unit/unescape.t
tests_unit_unescape_t_SOURCES = tests/unit/unescape.c tests/tap.h
tests_unit_unescape_t_LDADD = $(KIT_LIBS)
check_PROGRAMS += tests/unit/fold.t
tests_unit_fold_t_SOURCES = tests/unit/fold.c tests/tap.h
tests_unit_fold_t_LDADD = $(KIT_LIBS)
check_PROGRAMS += tests/unit/minhash.t
tests_unit_minhash_t_SOURCES = tests/unit/minhash.c tests/tap.h
tests_unit_minhash_t_LDADD = $(KIT_LIBS)

check_PROGRAMS += tests/unit/rules.t tests/unit/extract_tokens.t tests/unit/extract_words.t \
	tests/unit/extract_literals.t tests/unit/extract_starts.t tests/unit/map_intensity.t
tests_unit_rules_t_SOURCES = tests/unit/rules.c tests/unit/rules_folder.h tests/tap.h
tests_unit_rules_t_LDADD = $(SCHEMA_LIBS)
tests_unit_extract_tokens_t_SOURCES = tests/unit/extract_tokens.c tests/tap.h $(extract_parts)
tests_unit_extract_tokens_t_LDADD = $(EXTRACT_LIBS)
# the same as on processors whose registers are not made use of
check_PROGRAMS += tests/unit/extract_tokens_plain.t
tests_unit_extract_tokens_plain_t_SOURCES = tests/unit/extract_tokens.c tests/tap.h \
	stages/extract_masks.c stages/extract_masks.h stages/extract_tokens.c stages/extract_tokens.h
tests_unit_extract_tokens_plain_t_CPPFLAGS = $(AM_CPPFLAGS) -DMASKS_PLAIN
tests_unit_extract_tokens_plain_t_LDADD = $(EXTRACT_LIBS)
tests_unit_extract_literals_t_SOURCES = tests/unit/extract_literals.c tests/tap.h $(extract_parts)
tests_unit_extract_literals_t_LDADD = $(EXTRACT_LIBS)
tests_unit_extract_starts_t_SOURCES = tests/unit/extract_starts.c tests/tap.h $(extract_parts)
tests_unit_extract_starts_t_LDADD = $(EXTRACT_LIBS)
tests_unit_extract_words_t_SOURCES = tests/unit/extract_words.c tests/unit/rules_folder.h \
	tests/tap.h $(extract_parts)
tests_unit_extract_words_t_LDADD = $(EXTRACT_LIBS)
tests_unit_map_intensity_t_SOURCES = tests/unit/map_intensity.c tests/unit/rules_folder.h \
	tests/tap.h stages/map_intensity.c stages/map_weights.c
tests_unit_map_intensity_t_LDADD = $(SCHEMA_LIBS)
shell_tests += tests/cli/rules.t tests/cli/mapping.t tests/cli/extract.t tests/cli/score.t \
	tests/cli/fits.t tests/cli/score_rows.t tests/cli/score_share.t tests/cli/score_real.t tests/cli/profile.t

check_PROGRAMS += tests/tools/tokenize
tests_tools_tokenize_SOURCES = tests/tools/tokenize.c
tests_tools_tokenize_LDADD = $(INFER_LIBS)
check_PROGRAMS += tests/fuzz/model tests/unit/product.t
tests_fuzz_model_SOURCES = tests/fuzz/model.c tests/fuzz/replay.c tests/fuzz/try_model.h
tests_fuzz_model_LDADD = $(INFER_LIBS)
shell_tests += tests/cli/folder.t tests/cli/tokenizer.t tests/cli/vectors.t
check_PROGRAMS += tests/fuzz/coefficients tests/fuzz/folder tests/fuzz/tokenizer
tests_fuzz_coefficients_SOURCES = tests/fuzz/coefficients.c tests/fuzz/replay.c tests/fuzz/try_model.h
tests_fuzz_coefficients_LDADD = $(INFER_LIBS)
tests_fuzz_folder_SOURCES = tests/fuzz/folder.c tests/fuzz/replay.c tests/fuzz/try_model.h
tests_fuzz_folder_LDADD = $(INFER_LIBS)
tests_fuzz_tokenizer_SOURCES = tests/fuzz/tokenizer.c tests/fuzz/replay.c tests/fuzz/try_model.h
tests_fuzz_tokenizer_LDADD = $(INFER_LIBS)
check_PROGRAMS += tests/tools/comments
tests_tools_comments_SOURCES = tests/tools/comments.c
tests_tools_comments_LDADD = $(INFER_LIBS)
tests_unit_product_t_SOURCES = tests/unit/product.c tests/tap.h
tests_unit_product_t_LDADD = $(INFER_LIBS)
check_PROGRAMS += tests/unit/memory.t tests/unit/session.t
tests_unit_memory_t_SOURCES = tests/unit/memory.c tests/tap.h
tests_unit_memory_t_LDADD = $(INFER_LIBS)
tests_unit_session_t_SOURCES = tests/unit/session.c tests/tap.h
tests_unit_session_t_LDADD = $(INFER_LIBS)

check_PROGRAMS += tests/unit/map_model.t tests/unit/map_scores.t tests/fuzz/linear
tests_unit_map_scores_t_SOURCES = tests/unit/map_scores.c tests/tap.h $(map_model_parts)
tests_unit_map_scores_t_LDADD = $(SCHEMA_LIBS)
tests_unit_map_model_t_SOURCES = tests/unit/map_model.c tests/tap.h $(map_model_parts)
tests_unit_map_model_t_LDADD = $(SCHEMA_LIBS)
tests_fuzz_linear_SOURCES = tests/fuzz/linear.c tests/fuzz/replay.c $(map_model_parts)
tests_fuzz_linear_LDADD = $(SCHEMA_LIBS)
shell_tests += tests/cli/fit.t tests/cli/annotate.t
check_PROGRAMS += tests/tools/pear
tests_tools_pear_SOURCES = tests/tools/pear.c
tests_tools_pear_LDADD = $(INFER_LIBS)
shell_tests += tests/cli/pear.t
EXTRA_DIST += tests/pear
check_PROGRAMS += tests/unit/pear.t
tests_unit_pear_t_SOURCES = tests/unit/pear.c tests/tap.h
tests_unit_pear_t_LDADD = $(INFER_LIBS)
# alignx-pear apply is tried on models of every type
check-local: bench/make_model
