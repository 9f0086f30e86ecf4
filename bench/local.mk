# What benchmarks measure with; `make bench/NAME` builds one.
EXTRA_PROGRAMS = bench/all_patterns bench/make_model bench/prefill bench/matmul bench/pear bench/score_shared \
	bench/sign bench/tokenize
bench_all_patterns_SOURCES = bench/all_patterns.c
bench_all_patterns_LDADD = $(ANNOTATE_LIBS)
bench_make_model_SOURCES = bench/make_model.c
bench_make_model_LDADD = $(INFER_LIBS)
bench_prefill_SOURCES = bench/prefill.c
bench_prefill_LDADD = $(INFER_LIBS)
bench_matmul_SOURCES = bench/matmul.c
bench_matmul_LDADD = $(INFER_LIBS)
bench_score_shared_SOURCES = bench/score_shared.c stages/score/trie_order.c stages/score/rows.c \
	stages/score/trie_walk.c
bench_score_shared_LDADD = $(INFER_ROOMS) $(SCHEMA_LIBS) $(PCRE2_LIBS)
bench_pear_SOURCES = bench/pear.c
bench_pear_LDADD = $(INFER_LIBS)
bench_sign_SOURCES = bench/sign.c
bench_sign_LDADD = $(KIT_LIBS)
bench_tokenize_SOURCES = bench/tokenize.c
bench_tokenize_LDADD = $(INFER_LIBS)
CLEANFILES += $(EXTRA_PROGRAMS)
