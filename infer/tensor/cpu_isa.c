#include "config.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#ifdef __x86_64__
#include <cpuid.h>
#ifdef __linux__
#include <asm/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif
#endif

#include "infer/tensor/cpu_isa.h"

#ifdef __x86_64__
/* Linux saves the 8 KiB of tile registers only for a process that asks for it. */
static bool
has_amx(void)
{
	enum { BF16 = 1 << 22, TILE = 1 << 24, INT8 = 1 << 25, TILE_DATA = 18 };
	unsigned a, b, c, d;

	if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)
	    || (d & (BF16 | TILE | INT8)) != (BF16 | TILE | INT8))
		return false;
#ifdef ARCH_REQ_XCOMP_PERM
	return syscall(SYS_arch_prctl, ARCH_REQ_XCOMP_PERM, TILE_DATA) == 0;
#else
	return false;
#endif
}
#endif

static enum cpu_isa
highest(void)
{
#ifdef __x86_64__
	__builtin_cpu_init();
	if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma"))
		return CPU_ISA_PLAIN;
	if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw")
	    || !__builtin_cpu_supports("avx512dq") || !__builtin_cpu_supports("avx512vl"))
		return CPU_ISA_AVX2;
	if (!__builtin_cpu_supports("avx512vnni"))
		return CPU_ISA_AVX512;
	if (!__builtin_cpu_supports("avx512bf16"))
		return CPU_ISA_VNNI;
	return has_amx() ? CPU_ISA_AMX : CPU_ISA_BF16;
#else
	return CPU_ISA_PLAIN;
#endif
}

/* The instruction set that ALIGNX_LEVEL names; CPU_ISAS if it names none. */
static enum cpu_isa
named(const char *level)
{
	static const char *const names[CPU_ISAS] = { "plain", "avx2", "avx512", "vnni", "bf16",
		"amx" };
	int i = 0;

	while (i < CPU_ISAS && (level == NULL || strcmp(level, names[i]) != 0))
		i++;
	return (enum cpu_isa)i;
}

enum cpu_isa
cpu_isa_detect(void)
{
	const enum cpu_isa wanted = named(getenv("ALIGNX_LEVEL")), isa = highest();

	return wanted < isa ? wanted : isa;
}

int
cpu_isa_check(struct fault *f)
{
	const char *level = getenv("ALIGNX_LEVEL");

	if (level == NULL || level[0] == '\0' || named(level) < CPU_ISAS)
		return 0;
	return fault_stop(f, "ALIGNX_LEVEL wants one of plain|avx2|avx512|vnni|bf16|amx, not '%s'",
	    level);
}
