noinst_LIBRARIES += infer/libinfer.a
infer_libinfer_a_SOURCES = \
	infer/architecture.c infer/architecture.h \
	infer/attention.c infer/attention.h infer/attention_amx.c infer/attention_amx.h infer/attention_room.c infer/attention_room.h \
	infer/attention_tile.c infer/attention_tile.h \
	infer/coefficients.c infer/coefficients.h \
	infer/directory.c infer/directory.h \
	infer/fingerprint.c infer/fingerprint.h \
	infer/folder.c infer/folder.h \
	infer/folder_config.c infer/folder_config.h infer/folder_rope.c \
	infer/folder_settings.c infer/folder_settings.h \
	infer/folder_tensor.c infer/folder_tensor.h \
	infer/format.h infer/forward.c infer/forward.h infer/forward_embed.c \
	infer/forward_layer.c infer/forward_memory.c infer/forward_state.h infer/function.h \
	infer/gguf.c infer/gguf.h \
	infer/layers.c infer/layers.h \
	infer/level.c infer/level.h \
	infer/logits.c infer/logits.h \
	infer/mapping.c infer/mapping.h \
	infer/memory.c infer/memory.h infer/memory_group.c infer/memory_number.h \
	infer/merge.c infer/merge.h \
	infer/model.c infer/model.h infer/model_positions.c \
	infer/normalize.c infer/normalize.h \
	infer/opening.c infer/opening.h \
	infer/pool.c infer/pool.h \
	infer/pack.c infer/pack.h infer/pack_round.c infer/pack_round.h \
	infer/product.c infer/product.h infer/product_item.c infer/product_state.h \
	infer/product_amx_bf16.c infer/product_amx_int8.c \
	infer/product_avx2.c infer/product_avx512.c \
	infer/product_kernel.c infer/product_kernel.h infer/product_level.h infer/product_turn.h \
	infer/safetensors.c infer/safetensors.h \
	infer/session.c infer/session.h \
	infer/softmax.c infer/softmax.h \
	infer/split.c infer/split.h infer/split_named.c \
	infer/tiles.c infer/tiles.h \
	infer/tokenizer.c infer/tokenizer.h infer/tokenizer_family.h \
	infer/tokenizer_bpe.c infer/tokenizer_spm.c infer/tokenizer_unigram.c \
	infer/type.c infer/type.h infer/type_block.h infer/type_codes.c \
	infer/vocabulary.c infer/vocabulary.h infer/vocabulary_gguf.c \
	infer/vocabulary_ends.c infer/vocabulary_ends.h \
	infer/vocabulary_folder.c \
	infer/vocabulary_sentencepiece.c infer/vocabulary_sentencepiece.h \
	infer/vocabulary_steps.c infer/vocabulary_steps.h \
	infer/weight.h infer/words.c infer/words.h

# PEAR, and the way back through layers
infer_libinfer_a_SOURCES += \
	infer/attention_back.c infer/attention_back.h \
	infer/backward.c infer/backward.h \
	infer/copying.c infer/copying.h \
	infer/fold.c infer/fold.h \
	infer/heads.c infer/heads.h \
	infer/layers_back.c infer/layers_back.h \
	infer/pear.c infer/pear.h \
	infer/pear_detect.c infer/pear_detect.h \
	infer/pear_learn.c infer/pear_learn.h \
	infer/pear_rank.c infer/pear_rank.h \
	infer/product_back.c infer/product_back.h \
	infer/readout.c infer/readout.h \
	infer/trace.c infer/trace.h
