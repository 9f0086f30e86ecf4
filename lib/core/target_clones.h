/* vector.h - marks a function whose loops gain from wide registers.
 *
 * The compiler makes a version for each level of processor, and the loader
 * picks one when the program starts.  Results are the same on every level: the
 * order of sums is that of the source, and no level joins a product and a sum. */

#ifndef ALIGNX_LIB_VECTOR_H
#define ALIGNX_LIB_VECTOR_H

#if defined(__clang__) || !defined(__GNUC__)
#define VECTOR_LOOPS
#else
#define VECTOR_LOOPS __attribute__((optimize("O3", "no-trapping-math")))
#endif

/* The sanitizers' run time is not there yet when the loader picks; and clang gives
 * the versions names that other files do not find. */
#if defined(HAVE_TARGET_CLONES) && !defined(__SANITIZE_ADDRESS__) && !defined(__clang__)
#define VECTOR __attribute__((target_clones("arch=x86-64-v4", "avx2", "default"))) VECTOR_LOOPS
#else
#define VECTOR VECTOR_LOOPS
#endif

#endif
