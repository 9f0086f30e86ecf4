# A folder under stages/ is private to its program; what two programs share is a library.

bin_PROGRAMS += alignx
alignx_SOURCES = stages/alignx.c
alignx_LDADD = $(KIT_LIBS)
bin_PROGRAMS += alignx-cat
alignx_cat_SOURCES = stages/cat.c
alignx_cat_LDADD = $(SCHEMA_LIBS)
bin_PROGRAMS += alignx-validate
alignx_validate_SOURCES = \
	stages/validate/split_check.c stages/validate/split_check.h \
	stages/validate/validate.c
alignx_validate_LDADD = $(SCHEMA_LIBS)
bin_PROGRAMS += alignx-shard
alignx_shard_SOURCES = stages/shard.c
alignx_shard_LDADD = $(KIT_LIBS)
bin_PROGRAMS += alignx-extract
alignx_extract_SOURCES = stages/extract.c
alignx_extract_LDADD = $(ANNOTATE_LIBS)

bin_PROGRAMS += alignx-build
alignx_build_SOURCES = \
	stages/build/build.c \
	stages/build/bytes_read.c stages/build/bytes_read.h \
	stages/build/check_options.c stages/build/check_options.h \
	stages/build/dumps.c stages/build/dumps.h \
	stages/build/funnel.c stages/build/funnel.h \
	stages/build/rules_digest.c stages/build/rules_digest.h \
	stages/build/run_script.c stages/build/run_script.h \
	stages/build/script.c stages/build/script.h \
	stages/build/sum_up.c stages/build/sum_up.h \
	stages/build/work_folder.c stages/build/work_folder.h
alignx_build_LDADD = $(ANNOTATE_LIBS)

bin_PROGRAMS += alignx-ingest
ingest_parts = \
	stages/ingest/alignment.c \
	stages/ingest/alignx_records.c \
	stages/ingest/authors.c stages/ingest/authors.h \
	stages/ingest/bots.c stages/ingest/bots.h \
	stages/ingest/chat_messages.c stages/ingest/chat_messages.h \
	stages/ingest/field.c stages/ingest/field.h \
	stages/ingest/generic.c \
	stages/ingest/ingest.h \
	stages/ingest/names_left.c stages/ingest/names_left.h \
	stages/ingest/no_answer.c stages/ingest/no_answer.h \
	stages/ingest/no_words.c \
	stages/ingest/oasst.c stages/ingest/oasst.h \
	stages/ingest/oasst_flat.c \
	stages/ingest/plain_words.c stages/ingest/plain_words.h \
	stages/ingest/prism.c \
	stages/ingest/reddit.c stages/ingest/reddit.h \
	stages/ingest/reddit_archive.c \
	stages/ingest/reddit_post.c \
	stages/ingest/sources.c \
	stages/ingest/thread.c stages/ingest/thread.h \
	stages/ingest/write.c
alignx_ingest_SOURCES = \
	stages/ingest/check.c stages/ingest/check.h \
	stages/ingest/ingest.c \
	stages/ingest/recognize.c stages/ingest/recognize.h \
	$(ingest_parts)
alignx_ingest_LDADD = $(SCHEMA_LIBS) $(PCRE2_LIBS)

bin_PROGRAMS += alignx-dedup
alignx_dedup_SOURCES = \
	stages/dedup/decide.c stages/dedup/decide.h \
	stages/dedup/dedup.c \
	stages/dedup/near.c stages/dedup/near.h \
	stages/dedup/one_run.c stages/dedup/one_run.h \
	stages/dedup/record_text.c stages/dedup/record_text.h \
	stages/dedup/signature.c stages/dedup/signature.h \
	stages/dedup/union_find.c stages/dedup/union_find.h
alignx_dedup_LDADD = $(SCHEMA_LIBS)

bin_PROGRAMS += alignx-pair
alignx_pair_SOURCES = \
	stages/pair/candidates.c stages/pair/candidates.h \
	stages/pair/compare.c stages/pair/compare.h \
	stages/pair/pair.c \
	stages/pair/prompt.c stages/pair/prompt.h \
	stages/pair/thread_index.c stages/pair/thread_index.h
alignx_pair_LDADD = $(ANNOTATE_LIBS)

bin_PROGRAMS += alignx-emit
alignx_emit_SOURCES = \
	stages/emit/coverage.c stages/emit/coverage.h \
	stages/emit/emit.c \
	stages/emit/item.c stages/emit/item.h \
	stages/emit/item_index.c stages/emit/item_index.h \
	stages/emit/make_records.c stages/emit/make_records.h \
	stages/emit/manifest.c stages/emit/manifest.h \
	stages/emit/output_files.c stages/emit/output_files.h \
	stages/emit/partition.c stages/emit/partition.h \
	stages/emit/persona.c stages/emit/persona.h \
	stages/emit/record.c stages/emit/record.h \
	stages/emit/split.c stages/emit/split.h stages/emit/split_decide.c \
	stages/emit/split_graph.c stages/emit/split_graph.h stages/emit/split_units.c
alignx_emit_LDADD = $(SCHEMA_LIBS)

bin_PROGRAMS += alignx-profile
alignx_profile_SOURCES = \
	stages/profile/formats.c stages/profile/formats.h \
	stages/profile/profile.c \
	stages/profile/users.c stages/profile/users.h
alignx_profile_LDADD = $(SCHEMA_LIBS)

bin_PROGRAMS += alignx-map
alignx_map_SOURCES = \
	stages/map/answer_cache.c stages/map/answer_cache.h \
	stages/map/ask_all.c \
	stages/map/ask_each.c \
	stages/map/ask_mode.h \
	stages/map/explain.c stages/map/explain.h \
	stages/map/http_client.c stages/map/http_client.h \
	stages/map/llm_annotate.c stages/map/llm_annotate.h \
	stages/map/llm_local.c stages/map/llm_local.h \
	stages/map/llm_openai.c stages/map/llm_openai.h \
	stages/map/llm_prompt.c stages/map/llm_prompt.h \
	stages/map/map.c
alignx_map_LDADD = $(INFER_ROOMS) $(ANNOTATE_LIBS) $(CURL_LIBS)

bin_PROGRAMS += alignx-fit
alignx_fit_SOURCES = \
	stages/fit/auc.c stages/fit/auc.h \
	stages/fit/calibrate.c stages/fit/calibrate.h \
	stages/fit/cross_validate.c stages/fit/cross_validate.h \
	stages/fit/examples.c stages/fit/examples.h \
	stages/fit/fit.c \
	stages/fit/logistic_regression.c stages/fit/logistic_regression.h \
	stages/fit/quantize_weights.c stages/fit/quantize_weights.h \
	stages/fit/read_examples.c stages/fit/read_examples.h \
	stages/fit/train.c stages/fit/train.h
alignx_fit_LDADD = $(ANNOTATE_LIBS) $(LINEAR_LIBS)

bin_PROGRAMS += alignx-score
alignx_score_SOURCES = \
	stages/score/chat_template.c stages/score/chat_template.h \
	stages/score/choices.c stages/score/choices.h \
	stages/score/describe.c stages/score/describe.h \
	stages/score/encode.c stages/score/encode.h \
	stages/score/generate.c stages/score/generate.h \
	stages/score/job.c stages/score/job.h \
	stages/score/loaded_model.c stages/score/loaded_model.h \
	stages/score/options.c stages/score/options.h \
	stages/score/prompt.c stages/score/prompt.h \
	stages/score/read_rows.c stages/score/read_rows.h \
	stages/score/results.c stages/score/results.h \
	stages/score/resume.c stages/score/resume.h \
	stages/score/rows.c stages/score/rows.h \
	stages/score/score.c \
	stages/score/token_scores.c stages/score/token_scores.h \
	stages/score/trie_order.c stages/score/trie_order.h \
	stages/score/trie_walk.c stages/score/trie_walk.h
alignx_score_LDADD = $(INFER_ROOMS) $(SCHEMA_LIBS) $(PCRE2_LIBS)

bin_PROGRAMS += alignx-pear
alignx_pear_SOURCES = \
	stages/pear/apply.c \
	stages/pear/checkpoint.c stages/pear/checkpoint.h \
	stages/pear/detect.c \
	stages/pear/learn.c \
	stages/pear/pear.c stages/pear/pear.h \
	stages/pear/report.c stages/pear/report.h \
	stages/pear/svg_heatmap.c stages/pear/svg_heatmap.h
alignx_pear_LDADD = $(INFER_LIBS)
