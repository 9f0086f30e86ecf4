/* target_clones.h - marks a function whose loops profit from wide vector registers.
 *
 * The compiler makes a version for each x86-64 level, and the loader picks one when the
 * program starts.  Results are the same on every level: sums keep the order of the source,
 * and multiplications and additions are not fused. */

#ifndef ALIGNX_LIB_CORE_TARGET_CLONES_H
#define ALIGNX_LIB_CORE_TARGET_CLONES_H

#if defined(__clang__) || !defined(__GNUC__)
#define TARGET_CLONES_LOOPS
#else
#define TARGET_CLONES_LOOPS __attribute__((optimize("O3", "no-trapping-math")))
#endif

/* Not under AddressSanitizer, whose run time is not ready when the loader picks a version;
 * not under clang, which gives the versions names that other files do not find. */
#if defined(HAVE_TARGET_CLONES) && !defined(__SANITIZE_ADDRESS__) && !defined(__clang__)
#define TARGET_CLONES \
	__attribute__((target_clones("arch=x86-64-v4", "avx2", "default"))) TARGET_CLONES_LOOPS
#else
#define TARGET_CLONES TARGET_CLONES_LOOPS
#endif

#endif
