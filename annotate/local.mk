noinst_LIBRARIES += annotate/libannotate.a
annotate_libannotate_a_SOURCES = \
	annotate/attribution.c annotate/attribution.h \
	annotate/evidence.c annotate/evidence.h \
	annotate/features.c annotate/features.h \
	annotate/intensity.c annotate/intensity.h \
	annotate/lexicon.c annotate/lexicon.h \
	annotate/linear_model.c annotate/linear_model.h \
	annotate/linear_model_file.c \
	annotate/linear_scorer.c annotate/linear_scorer.h \
	annotate/model_features.c annotate/model_features.h \
	annotate/model_hash.h \
	annotate/rule_examples.c annotate/rule_examples.h \
	annotate/rules.c annotate/rules.h \
	annotate/rules_common.c \
	annotate/rules_communities.c \
	annotate/rules_file.c annotate/rules_file.h \
	annotate/rules_phrase.c annotate/rules_phrase.h \
	annotate/signals.c annotate/signals.h \
	annotate/weights.c annotate/weights.h

EXTRA_DIST += annotate/labels
