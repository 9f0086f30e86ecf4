# tests/unit/NAME.c becomes tests/unit/NAME.t; what a test needs of all rooms is linked to it.
AM_DEFAULT_SOURCE_EXT = .c
LDADD = $(INFER_ROOMS) $(ANNOTATE_LIBS)
check_PROGRAMS += \
	tests/unit/arena.t \
	tests/unit/casefold.t \
	tests/unit/hash_index.t \
	tests/unit/html_unescape.t \
	tests/unit/intensity.t \
	tests/unit/json.t \
	tests/unit/json_diagnose.t \
	tests/unit/json_pointer.t \
	tests/unit/json_to_msgpack.t \
	tests/unit/json_write.t \
	tests/unit/linear_model.t \
	tests/unit/matmul.t \
	tests/unit/memory_limit.t \
	tests/unit/message_unpack.t \
	tests/unit/minhash.t \
	tests/unit/msgpack.t \
	tests/unit/linear_scorer.t \
	tests/unit/normalize_text.t \
	tests/unit/opt.t \
	tests/unit/pear.t \
	tests/unit/phrase_index.t \
	tests/unit/pii.t \
	tests/unit/pii_forms.t \
	tests/unit/prefilter.t \
	tests/unit/pseudonym.t \
	tests/unit/reader.t \
	tests/unit/record_splitter.t \
	tests/unit/required_literals.t \
	tests/unit/rfc3339.t \
	tests/unit/rules.t \
	tests/unit/schema.t \
	tests/unit/session.t \
	tests/unit/source.t \
	tests/unit/source_archive.t \
	tests/unit/spill_array.t \
	tests/unit/spool.t \
	tests/unit/string_set.t \
	tests/unit/strip_url.t \
	tests/unit/tokens.t \
	tests/unit/utf8.t

# what is private to a program
check_PROGRAMS += tests/unit/ingest_bots.t
tests_unit_ingest_bots_t_SOURCES = tests/unit/ingest_bots.c stages/ingest/bots.c
check_PROGRAMS += tests/unit/ingest_no_answer.t
tests_unit_ingest_no_answer_t_SOURCES = tests/unit/ingest_no_answer.c stages/ingest/no_answer.c \
	stages/ingest/no_words.c stages/ingest/plain_words.c

# the same as on processors whose registers are not made use of
check_PROGRAMS += tests/unit/tokens_plain.t
tests_unit_tokens_plain_t_SOURCES = tests/unit/tokens.c lib/match/byte_classes.c lib/match/tokens.c
tests_unit_tokens_plain_t_CPPFLAGS = $(AM_CPPFLAGS) -DMASKS_PLAIN

# Fuzz targets with saved inputs, replayed by tests/cli/fuzz.t
check_PROGRAMS += \
	tests/fuzz/head_coefficients \
	tests/fuzz/hf_folder \
	tests/fuzz/ingest \
	tests/fuzz/json \
	tests/fuzz/linear_model \
	tests/fuzz/model \
	tests/fuzz/msgpack \
	tests/fuzz/reader \
	tests/fuzz/text \
	tests/fuzz/tokenizer
tests_fuzz_head_coefficients_SOURCES = tests/fuzz/head_coefficients.c tests/fuzz/replay.c
tests_fuzz_hf_folder_SOURCES = tests/fuzz/hf_folder.c tests/fuzz/replay.c
tests_fuzz_ingest_SOURCES = tests/fuzz/ingest.c tests/fuzz/replay.c $(ingest_parts)
tests_fuzz_json_SOURCES = tests/fuzz/json.c tests/fuzz/replay.c
tests_fuzz_linear_model_SOURCES = tests/fuzz/linear_model.c tests/fuzz/replay.c
tests_fuzz_model_SOURCES = tests/fuzz/model.c tests/fuzz/replay.c
tests_fuzz_msgpack_SOURCES = tests/fuzz/msgpack.c tests/fuzz/replay.c
tests_fuzz_reader_SOURCES = tests/fuzz/reader.c tests/fuzz/replay.c
tests_fuzz_text_SOURCES = tests/fuzz/text.c tests/fuzz/replay.c
tests_fuzz_tokenizer_SOURCES = tests/fuzz/tokenizer.c tests/fuzz/replay.c

# What shell tests ask: how the reader cuts its operands, what a tokenizer and PEAR make of input
check_PROGRAMS += tests/cli/items tests/tools/comments tests/tools/pear tests/tools/tokenize

shell_tests += \
	tests/cli/annotate.t \
	tests/cli/bad.t \
	tests/cli/bench_labels.t \
	tests/cli/bench_rules.t \
	tests/cli/build.t \
	tests/cli/completion.t \
	tests/cli/dedup.t \
	tests/cli/extract.t \
	tests/cli/fit.t \
	tests/cli/fits.t \
	tests/cli/folder.t \
	tests/cli/fuzz.t \
	tests/cli/golden.t \
	tests/cli/ingest.t \
	tests/cli/install.t \
	tests/cli/labels.t \
	tests/cli/layers.t \
	tests/cli/manners.t \
	tests/cli/mapping.t \
	tests/cli/memory.t \
	tests/cli/names.t \
	tests/cli/pair.t \
	tests/cli/split.t \
	tests/cli/threads.t \
	tests/cli/pear.t \
	tests/cli/profile.t \
	tests/cli/readme.t \
	tests/cli/real.t \
	tests/cli/rules.t \
	tests/cli/schema.t \
	tests/cli/score.t \
	tests/cli/score_real.t \
	tests/cli/score_rows.t \
	tests/cli/score_share.t \
	tests/cli/source.t \
	tests/cli/tokenizer.t \
	tests/cli/vectors.t
EXTRA_DIST += $(shell_tests) tests/lib.sh tests/golden tests/oracle tests/pear tests/vectors \
	tests/fuzz/corpus tests/tools/rename_authors.py data-samples
noinst_HEADERS = tests/split_log.h tests/tap.h tests/fuzz/try_model.h \
	tests/unit/random_pattern.h tests/unit/rules_folder.h

# prove runs C and shell tests alike and ends with a Result line.
# make check T=tests/cli/golden.t runs one of them.
# alignx-pear apply is tried on models of every type, hence bench/make_model.
check-local: $(check_PROGRAMS) $(bin_PROGRAMS) bench/make_model
	srcdir='$(abs_top_srcdir)' builddir='$(abs_top_builddir)' PYTHON3='$(PYTHON3)' \
	programs='$(notdir $(bin_PROGRAMS))' $(PROVE) -j$$(nproc) --failures --comments $(PROVEFLAGS) \
	$(if $(T),$(T),$(filter %.t,$(check_PROGRAMS)) \
	$(addprefix $(abs_top_srcdir)/,$(shell_tests)))
