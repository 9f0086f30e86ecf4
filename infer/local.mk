noinst_LIBRARIES += infer/tensor/libtensor.a
infer_tensor_libtensor_a_SOURCES = \
	infer/tensor/compute_type.h \
	infer/tensor/cpu_isa.c infer/tensor/cpu_isa.h \
	infer/tensor/dtype.c infer/tensor/dtype.h \
	infer/tensor/dtype_block.h \
	infer/tensor/dtype_quants.c \
	infer/tensor/weight.h

noinst_LIBRARIES += infer/matmul/libmatmul.a
infer_matmul_libmatmul_a_SOURCES = \
	infer/matmul/kernel.c infer/matmul/kernel.h \
	infer/matmul/kernel_amx_bf16.c \
	infer/matmul/kernel_amx_int8.c \
	infer/matmul/kernel_avx2.c \
	infer/matmul/kernel_avx512.c \
	infer/matmul/kernels.h \
	infer/matmul/matmul.c infer/matmul/matmul.h \
	infer/matmul/matmul_backward.c infer/matmul/matmul_backward.h \
	infer/matmul/matmul_internal.h \
	infer/matmul/matmul_task.c \
	infer/matmul/pack_activations.c infer/matmul/pack_activations.h \
	infer/matmul/pack_weights.c infer/matmul/pack_weights.h \
	infer/matmul/quantize.c infer/matmul/quantize.h \
	infer/matmul/transpose_avx512.h

noinst_LIBRARIES += infer/model/libmodel.a
infer_model_libmodel_a_SOURCES = \
	infer/model/architecture.c infer/model/architecture.h \
	infer/model/fingerprint.c infer/model/fingerprint.h \
	infer/model/gguf.c infer/model/gguf.h \
	infer/model/hf_config.c infer/model/hf_config.h \
	infer/model/hf_folder.c infer/model/hf_folder.h \
	infer/model/hf_hparams.c infer/model/hf_hparams.h \
	infer/model/hf_rope_scaling.c \
	infer/model/hf_tensor.c infer/model/hf_tensor.h \
	infer/model/mapped_file.c infer/model/mapped_file.h \
	infer/model/model.c infer/model/model.h \
	infer/model/model_file.c infer/model/model_file.h \
	infer/model/model_loader.c infer/model/model_loader.h \
	infer/model/model_rope.c \
	infer/model/model_tensors.c \
	infer/model/open_model_file.c infer/model/open_model_file.h \
	infer/model/safetensors.c infer/model/safetensors.h

noinst_LIBRARIES += infer/tokenizer/libtokenizer.a
infer_tokenizer_libtokenizer_a_SOURCES = \
	infer/tokenizer/bpe_merge.c infer/tokenizer/bpe_merge.h \
	infer/tokenizer/normalizer.c infer/tokenizer/normalizer.h \
	infer/tokenizer/pretokenizer.c infer/tokenizer/pretokenizer.h \
	infer/tokenizer/pretokenizer_presets.c \
	infer/tokenizer/token_cache.c infer/tokenizer/token_cache.h \
	infer/tokenizer/token_list.c infer/tokenizer/token_list.h \
	infer/tokenizer/tokenizer.c infer/tokenizer/tokenizer.h \
	infer/tokenizer/tokenizer_bpe.c \
	infer/tokenizer/tokenizer_internal.h \
	infer/tokenizer/tokenizer_spm.c \
	infer/tokenizer/tokenizer_unigram.c \
	infer/tokenizer/vocab.c infer/tokenizer/vocab.h \
	infer/tokenizer/vocab_gguf.c \
	infer/tokenizer/vocab_hf.c \
	infer/tokenizer/vocab_hf_pipeline.c infer/tokenizer/vocab_hf_pipeline.h \
	infer/tokenizer/vocab_sentencepiece.c infer/tokenizer/vocab_sentencepiece.h \
	infer/tokenizer/vocab_special_tokens.c infer/tokenizer/vocab_special_tokens.h

noinst_LIBRARIES += infer/forward/libforward.a
infer_forward_libforward_a_SOURCES = \
	infer/forward/attention.c infer/forward/attention.h \
	infer/forward/attention_amx.c infer/forward/attention_amx.h \
	infer/forward/attention_scratch.c infer/forward/attention_scratch.h \
	infer/forward/forward.c infer/forward/forward.h \
	infer/forward/forward_embed.c \
	infer/forward/forward_internal.h \
	infer/forward/forward_layer.c \
	infer/forward/forward_memory.c \
	infer/forward/forward_rows.c infer/forward/forward_rows.h \
	infer/forward/kv_tiles.c infer/forward/kv_tiles.h \
	infer/forward/logits.c infer/forward/logits.h \
	infer/forward/math_approx.h \
	infer/forward/ops.c infer/forward/ops.h \
	infer/forward/session.c infer/forward/session.h \
	infer/forward/softmax.c infer/forward/softmax.h

noinst_LIBRARIES += infer/pear/libpear.a
infer_pear_libpear_a_SOURCES = \
	infer/pear/attention_backward.c infer/pear/attention_backward.h \
	infer/pear/backward.c infer/pear/backward.h \
	infer/pear/copy_eval.c infer/pear/copy_eval.h \
	infer/pear/copy_task.c infer/pear/copy_task.h \
	infer/pear/fold_coefficients.c infer/pear/fold_coefficients.h \
	infer/pear/head_coefficients.c infer/pear/head_coefficients.h \
	infer/pear/head_effects.c infer/pear/head_effects.h \
	infer/pear/head_learning.c infer/pear/head_learning.h \
	infer/pear/head_list.c infer/pear/head_list.h \
	infer/pear/head_ranking.c infer/pear/head_ranking.h \
	infer/pear/lm_loss.c infer/pear/lm_loss.h \
	infer/pear/ops_backward.c infer/pear/ops_backward.h \
	infer/pear/saved_activations.c infer/pear/saved_activations.h
