bin_PROGRAMS += alignx-cat alignx-validate
alignx_cat_SOURCES = stages/cat.c
alignx_cat_LDADD = $(SCHEMA_LIBS)
alignx_validate_SOURCES = stages/validate.c
alignx_validate_LDADD = $(SCHEMA_LIBS)

bin_PROGRAMS += alignx alignx-pair alignx-emit
alignx_SOURCES = stages/alignx.c
alignx_LDADD = $(KIT_LIBS)
alignx_pair_SOURCES = stages/pair.c stages/pair_candidates.c stages/pair_candidates.h
alignx_pair_LDADD = $(SCHEMA_LIBS)
alignx_emit_SOURCES = stages/emit.c \
	stages/emit_files.c stages/emit_files.h \
	stages/emit_item.c stages/emit_item.h \
	stages/emit_manifest.c stages/emit_manifest.h \
	stages/emit_persona.c stages/emit_persona.h \
	stages/emit_pool.c stages/emit_pool.h \
	stages/emit_record.c stages/emit_record.h
alignx_emit_LDADD = $(SCHEMA_LIBS)
bin_PROGRAMS += alignx-build
alignx_build_SOURCES = stages/build.c stages/build_script.c stages/build_script.h
alignx_build_LDADD = $(KIT_LIBS)

bin_PROGRAMS += alignx-ingest
ingest_parts = stages/ingest.h \
	stages/ingest_alignment.c \
	stages/ingest_bots.c stages/ingest_bots.h \
	stages/ingest_field.c stages/ingest_field.h \
	stages/ingest_generic.c \
	stages/ingest_messages.c stages/ingest_messages.h \
	stages/ingest_oasst.c \
	stages/ingest_pack.c stages/ingest_pack.h \
	stages/ingest_people.c stages/ingest_people.h \
	stages/ingest_prism.c \
	stages/ingest_put.c \
	stages/ingest_records.c \
	stages/ingest_reddit.c \
	stages/ingest_source.c \
	stages/ingest_thread.c stages/ingest_thread.h
alignx_ingest_SOURCES = stages/ingest.c $(ingest_parts)
alignx_ingest_LDADD = $(SCHEMA_LIBS)
bin_PROGRAMS += alignx-dedup alignx-shard
alignx_dedup_SOURCES = stages/dedup.c stages/dedup_groups.c stages/dedup_groups.h \
	stages/dedup_near.c stages/dedup_near.h \
	stages/dedup_text.c stages/dedup_text.h
alignx_dedup_LDADD = $(KIT_LIBS)
alignx_shard_SOURCES = stages/shard.c
alignx_shard_LDADD = $(KIT_LIBS)

bin_PROGRAMS += alignx-extract alignx-map
extract_parts = \
	stages/extract_check.c stages/extract_check.h \
	stages/extract_elsewhere.c stages/extract_elsewhere.h \
	stages/extract_ending.c stages/extract_ending.h \
	stages/extract_engine.c stages/extract_engine.h \
	stages/extract_features.c stages/extract_features.h \
	stages/extract_hits.c stages/extract_hits.h \
	stages/extract_lexicon.c stages/extract_lexicon.h \
	stages/extract_literals.c stages/extract_literals.h \
	stages/extract_openings.c stages/extract_openings.h \
	stages/extract_openings_add.c \
	stages/extract_pairs.c stages/extract_pairs.h \
	stages/extract_patterns.c stages/extract_patterns.h \
	stages/extract_pieces.c stages/extract_pieces.h \
	stages/extract_masks.c stages/extract_masks.h \
	stages/extract_needs.c stages/extract_needs.h \
	stages/extract_nfa.c stages/extract_nfa.h \
	stages/extract_rows.c stages/extract_rows.h \
	stages/extract_starts.c stages/extract_starts.h \
	stages/extract_starts_add.c stages/extract_starts_state.h \
	stages/extract_states.c stages/extract_states.h \
	stages/extract_steps.c stages/extract_steps.h \
	stages/extract_syntax.c stages/extract_syntax.h \
	stages/extract_texts.c stages/extract_texts.h \
	stages/extract_tokens.c stages/extract_tokens.h \
	stages/extract_glossary.c stages/extract_glossary.h \
	stages/extract_voice.c stages/extract_voice.h \
	stages/extract_ways.c stages/extract_ways.h \
	stages/extract_words.c stages/extract_words.h
EXTRACT_LIBS = $(SCHEMA_LIBS) $(PCRE2_LIBS)
alignx_extract_SOURCES = stages/extract.c $(extract_parts) \
	stages/map_weights.c stages/map_weights.h
alignx_extract_LDADD = $(EXTRACT_LIBS)
alignx_map_SOURCES = stages/map.c stages/map_explain.c stages/map_explain.h \
	stages/map_intensity.c stages/map_intensity.h \
	stages/map_weights.c stages/map_weights.h $(map_model_files) $(extract_parts) \
	stages/map_annotate.c stages/map_annotate.h \
	stages/map_cache.c stages/map_cache.h \
	stages/map_endpoint.c stages/map_endpoint.h \
	stages/map_engine.c stages/map_engine.h \
	stages/map_http.c stages/map_http.h \
	stages/map_question.c stages/map_question.h \
	stages/map_way.h stages/map_way_all.c stages/map_way_each.c
alignx_map_LDADD = infer/libinfer.a $(EXTRACT_LIBS) $(CURL_LIBS)
map_model_files = stages/map_model.c stages/map_model.h stages/map_model_file.c \
	stages/map_ngram.h stages/map_ngrams.c stages/map_ngrams.h \
	stages/map_scores.c stages/map_scores.h
map_model_parts = $(map_model_files) stages/extract_masks.c stages/extract_masks.h \
	stages/extract_tokens.c stages/extract_tokens.h

bin_PROGRAMS += alignx-fit
alignx_fit_SOURCES = stages/fit.c \
	stages/fit_area.c stages/fit_area.h \
	stages/fit_blend.c stages/fit_blend.h \
	stages/fit_odds.c stages/fit_odds.h \
	stages/fit_pack.c stages/fit_pack.h \
	stages/fit_read.c stages/fit_read.h \
	stages/fit_rows.c stages/fit_rows.h \
	stages/fit_scores.c stages/fit_scores.h \
	stages/fit_train.c stages/fit_train.h \
	stages/map_intensity.c stages/map_intensity.h \
	stages/map_model.c stages/map_model.h stages/map_model_file.c \
	stages/map_ngram.h stages/map_ngrams.c stages/map_ngrams.h \
	stages/map_weights.c stages/map_weights.h $(extract_parts)
alignx_fit_LDADD = infer/libinfer.a $(EXTRACT_LIBS) $(LINEAR_LIBS)

bin_PROGRAMS += alignx-score
alignx_score_SOURCES = stages/score.c \
	stages/score_describe.c stages/score_describe.h \
	stages/score_encode.c stages/score_encode.h \
	stages/score_engine.c stages/score_engine.h \
	stages/score_generate.c stages/score_generate.h \
	stages/score_job.c stages/score_job.h \
	stages/score_options.c stages/score_options.h \
	stages/score_order.c stages/score_order.h \
	stages/score_outcome.c stages/score_outcome.h \
	stages/score_prompt.c stages/score_prompt.h \
	stages/score_read.c stages/score_read.h \
	stages/score_resume.c stages/score_resume.h \
	stages/score_rows.c stages/score_rows.h \
	stages/score_run.c stages/score_run.h \
	stages/score_template.c stages/score_template.h \
	stages/score_tokens.c stages/score_tokens.h
alignx_score_LDADD = schema/libschema.a $(INFER_LIBS)
bin_PROGRAMS += alignx-profile
alignx_profile_SOURCES = stages/profile.c stages/profile_forms.c stages/profile_forms.h \
	stages/profile_users.c stages/profile_users.h
alignx_profile_LDADD = $(SCHEMA_LIBS)
bin_PROGRAMS += alignx-pear
alignx_pear_SOURCES = stages/pear.c stages/pear.h stages/pear_apply.c \
	stages/pear_checkpoint.c stages/pear_checkpoint.h \
	stages/pear_detect.c stages/pear_learn.c \
	stages/pear_picture.c stages/pear_picture.h \
	stages/pear_report.c stages/pear_report.h
alignx_pear_LDADD = $(INFER_LIBS)
