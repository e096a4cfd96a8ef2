#include "CLanes.h"
#include <stddef.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#define CLANES_POISONS 1
#endif
#endif

void clanes_poison(const void *start, size_t size) {
#ifdef CLANES_POISONS
    __asan_poison_memory_region(start, size);
#else
    (void)start, (void)size;
#endif
}

void clanes_unpoison(const void *start, size_t size) {
#ifdef CLANES_POISONS
    __asan_unpoison_memory_region(start, size);
#else
    (void)start, (void)size;
#endif
}

unsigned clanes_available_features(void) {
    unsigned features = 0;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx")) features |= CLANES_AVX;
    if (__builtin_cpu_supports("avx2")) features |= CLANES_AVX2;
    if (__builtin_cpu_supports("fma")) features |= CLANES_FMA;
    if (__builtin_cpu_supports("bmi2")) features |= CLANES_BMI2;
    if (__builtin_cpu_supports("avx512f")) features |= CLANES_AVX512F;
    if (__builtin_cpu_supports("avx512dq")) features |= CLANES_AVX512DQ;
    if (__builtin_cpu_supports("avx512bw")) features |= CLANES_AVX512BW;
    if (__builtin_cpu_supports("avx512vl")) features |= CLANES_AVX512VL;
#endif
    return features;
}

const char *clanes_missing_feature(unsigned compiled, unsigned available) {
    static const char *const names[] = {"AVX", "AVX2", "FMA", "BMI2", "AVX-512F", "AVX-512DQ", "AVX-512BW", "AVX-512VL"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (compiled & ~available & (1u << i)) return names[i];
    return NULL;
}
