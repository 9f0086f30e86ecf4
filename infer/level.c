#include "config.h"

#include "infer/level.h"

enum level
level_of_processor(void)
{
#ifdef __x86_64__
	__builtin_cpu_init();
	if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma"))
		return LEVEL_PLAIN;
	return __builtin_cpu_supports("avx512f") ? LEVEL_AVX512 : LEVEL_AVX2;
#else
	return LEVEL_PLAIN;
#endif
}

const char *
level_name(enum level level)
{
	static const char *const names[LEVELS] = { "plain", "avx2", "avx512" };

	return names[level];
}
