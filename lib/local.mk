noinst_LIBRARIES += lib/libkit.a
lib_libkit_a_SOURCES = \
	lib/arena.c lib/arena.h \
	lib/base64.c lib/base64.h \
	lib/buf.c lib/buf.h \
	lib/clean.c lib/clean.h \
	lib/count.c lib/count.h \
	lib/fault.c lib/fault.h \
	lib/file.c lib/file.h \
	lib/fold.c lib/fold.h \
	lib/json.cc lib/json.h lib/json_at.c lib/json_tree.c \
	lib/json_escape.c lib/json_escape.h \
	lib/json_fault.c lib/json_fault.h \
	lib/json_locate.c lib/json_locate.h \
	lib/json_rows.c lib/json_rows.h \
	lib/json_scan.c lib/json_scan.h \
	lib/json_write.c lib/json_write.h \
	lib/nameset.c lib/nameset.h \
	lib/minhash.c lib/minhash.h \
	lib/opt.c lib/opt.h lib/opt_completion.c lib/opt_face.h lib/opt_print.c \
	lib/pack.c lib/pack.h lib/pack_step.h lib/pack_write.c \
	lib/pack_extent.c lib/pack_extent.h \
	lib/pointer.c lib/pointer.h \
	lib/progress.c lib/progress.h \
	lib/random.c lib/random.h \
	lib/pseudonym.c lib/pseudonym.h \
	lib/reader.c lib/reader.h \
	lib/reader_split.c lib/reader_split.h \
	lib/reader_split_array.c lib/reader_split_pack.c \
	lib/report.c lib/report.h \
	lib/room.c lib/room.h \
	lib/scrub.c lib/scrub.h \
	lib/scrub_phone.c lib/scrub_phone.h \
	lib/sink.c lib/sink.h \
	lib/source.c lib/source.h \
	lib/source_archive.c lib/source_archive.h \
	lib/source_bzip2.c lib/source_gzip.c lib/source_xz.c lib/source_zstd.c \
	lib/source_codec.h \
	lib/source_unpack.c lib/source_unpack.h \
	lib/strip.c lib/strip.h \
	lib/spool.c lib/spool.h \
	lib/temporary.c lib/temporary.h \
	lib/tool.c lib/tool.h \
	lib/unescape.c lib/unescape.h \
	lib/utf8.c lib/utf8.h \
	lib/vector.h
