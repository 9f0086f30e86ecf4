# One archive a room; a room may use only those that tests/cli/layers.t lets it.

noinst_LIBRARIES += lib/core/libcore.a
lib_core_libcore_a_SOURCES = \
	lib/core/arena.c lib/core/arena.h \
	lib/core/base64.c lib/core/base64.h \
	lib/core/buf.c lib/core/buf.h \
	lib/core/casefold.c lib/core/casefold.h \
	lib/core/counters.c lib/core/counters.h \
	lib/core/fault.c lib/core/fault.h \
	lib/core/file.c lib/core/file.h \
	lib/core/hash_index.c lib/core/hash_index.h \
	lib/core/json_pointer.c lib/core/json_pointer.h \
	lib/core/memory_limit.c lib/core/memory_limit.h \
	lib/core/random.c lib/core/random.h \
	lib/core/rfc3339.c lib/core/rfc3339.h \
	lib/core/string_set.c lib/core/string_set.h \
	lib/core/target_clones.h \
	lib/core/temp_file.c lib/core/temp_file.h \
	lib/core/text.h \
	lib/core/thread_pool.c lib/core/thread_pool.h \
	lib/core/utf8.c lib/core/utf8.h lib/core/utf8_valid.cc

noinst_LIBRARIES += lib/text/libtext.a
lib_text_libtext_a_SOURCES = \
	lib/text/ascii.h \
	lib/text/clean_text.c lib/text/clean_text.h \
	lib/text/html_unescape.c lib/text/html_unescape.h \
	lib/text/markdown_link.c lib/text/markdown_link.h \
	lib/text/minhash.c lib/text/minhash.h \
	lib/text/normalize_text.c lib/text/normalize_text.h \
	lib/text/pii.c lib/text/pii.h \
	lib/text/pii_code.c lib/text/pii_code.h \
	lib/text/pii_email.c lib/text/pii_email.h \
	lib/text/pii_handle.c lib/text/pii_handle.h \
	lib/text/pii_match.h \
	lib/text/pii_messenger.c lib/text/pii_messenger.h \
	lib/text/pii_phone.c lib/text/pii_phone.h \
	lib/text/pii_profile.c lib/text/pii_profile.h \
	lib/text/pii_scan.c lib/text/pii_scan.h \
	lib/text/pii_user.c lib/text/pii_user.h \
	lib/text/pseudonym.c lib/text/pseudonym.h \
	lib/text/strip_url.c lib/text/strip_url.h \
	lib/text/top_level_domain.c lib/text/top_level_domain.h \
	lib/text/tsv.c lib/text/tsv.h

noinst_LIBRARIES += lib/io/libio.a
lib_io_libio_a_SOURCES = \
	lib/io/earlier_files.c lib/io/earlier_files.h \
	lib/io/file_digest.c lib/io/file_digest.h \
	lib/io/folder_files.c lib/io/folder_files.h \
	lib/io/folder_lock.c lib/io/folder_lock.h \
	lib/io/key_list.c lib/io/key_list.h \
	lib/io/progress.c lib/io/progress.h \
	lib/io/reader.c lib/io/reader.h \
	lib/io/record_splitter.c lib/io/record_splitter.h \
	lib/io/record_splitter_array.c \
	lib/io/record_splitter_msgpack.c \
	lib/io/sink.c lib/io/sink.h \
	lib/io/source.c lib/io/source.h \
	lib/io/source_archive.c lib/io/source_archive.h \
	lib/io/source_bzip2.c \
	lib/io/source_codec.h \
	lib/io/source_decompress.c lib/io/source_decompress.h \
	lib/io/source_gzip.c \
	lib/io/source_xz.c \
	lib/io/source_zst_blocks.c \
	lib/io/source_zstd.c \
	lib/io/spill_array.c lib/io/spill_array.h \
	lib/io/spool.c lib/io/spool.h

noinst_LIBRARIES += lib/json/libjson.a
lib_json_libjson_a_SOURCES = \
	lib/json/json.cc lib/json/json.h \
	lib/json/json_at.c \
	lib/json/json_diagnose.c lib/json/json_diagnose.h \
	lib/json/json_file.c \
	lib/json/json_escape.c lib/json/json_escape.h \
	lib/json/json_locate.c lib/json/json_locate.h \
	lib/json/json_to_msgpack.c \
	lib/json/json_write.c lib/json/json_write.h

noinst_LIBRARIES += lib/msgpack/libmsgpack.a
lib_msgpack_libmsgpack_a_SOURCES = \
	lib/msgpack/msgpack.c lib/msgpack/msgpack.h \
	lib/msgpack/msgpack_check.c lib/msgpack/msgpack_check.h \
	lib/msgpack/msgpack_token.h \
	lib/msgpack/msgpack_write.c

noinst_LIBRARIES += lib/cli/libcli.a
lib_cli_libcli_a_SOURCES = \
	lib/cli/common_options.c lib/cli/common_options.h \
	lib/cli/opt.c lib/cli/opt.h \
	lib/cli/opt_completion.c lib/cli/opt_completion.h \
	lib/cli/opt_each.c lib/cli/opt_each.h \
	lib/cli/opt_render.c lib/cli/opt_render.h \
	lib/cli/report.c lib/cli/report.h \
	lib/cli/suggest.c lib/cli/suggest.h \
	lib/cli/tool.c lib/cli/tool.h

noinst_LIBRARIES += lib/match/libmatch.a
EXTRA_DIST += lib/match/README.md
lib_match_libmatch_a_SOURCES = \
	lib/match/bigram_cache.c lib/match/bigram_cache.h \
	lib/match/bitset_pool.c lib/match/bitset_pool.h \
	lib/match/byte_classes.c lib/match/byte_classes.h \
	lib/match/first_words.c lib/match/first_words.h \
	lib/match/first_words_build.c \
	lib/match/interner.c lib/match/interner.h \
	lib/match/lazy_dfa.c lib/match/lazy_dfa.h \
	lib/match/literal_filter.c lib/match/literal_filter.h \
	lib/match/literal_info.c lib/match/literal_info.h \
	lib/match/match_list.c lib/match/match_list.h \
	lib/match/nfa.c lib/match/nfa.h \
	lib/match/pattern_set.c lib/match/pattern_set.h \
	lib/match/phrase_index.c lib/match/phrase_index.h \
	lib/match/phrase_index_build.c lib/match/phrase_index_internal.h \
	lib/match/prefilter.c lib/match/prefilter.h \
	lib/match/prefilter_build.c \
	lib/match/prefilter_internal.h \
	lib/match/regex_ast.c lib/match/regex_ast.h \
	lib/match/regex_parse.c \
	lib/match/required_literals.c lib/match/required_literals.h \
	lib/match/tokens.c lib/match/tokens.h \
	lib/match/u32_list.h \
	lib/match/word_cache.c lib/match/word_cache.h \
	lib/match/word_frequency.c lib/match/word_frequency.h \
	lib/match/word_info.h
