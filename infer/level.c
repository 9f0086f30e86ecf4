#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "infer/level.h"

static enum level
highest(void)
{
#ifdef __x86_64__
	__builtin_cpu_init();
	if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma"))
		return LEVEL_PLAIN;
	if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw")
	    || !__builtin_cpu_supports("avx512dq") || !__builtin_cpu_supports("avx512vl"))
		return LEVEL_AVX2;
	if (!__builtin_cpu_supports("avx512vnni"))
		return LEVEL_AVX512;
	return __builtin_cpu_supports("avx512bf16") ? LEVEL_BF16 : LEVEL_VNNI;
#else
	return LEVEL_PLAIN;
#endif
}

enum level
level_of_processor(void)
{
	const char *wanted = getenv("ALIGNX_LEVEL");
	enum level level = highest();

	for (int i = 0; wanted != NULL && i < (int)level; i++)
		if (strcmp(wanted, level_name((enum level)i)) == 0)
			return (enum level)i;
	return level;
}

const char *
level_name(enum level level)
{
	static const char *const names[LEVELS] = { "plain", "avx2", "avx512", "vnni",
		"bf16" };

	return names[level];
}
