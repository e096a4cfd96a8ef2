// Single vector instructions that have no name in Swift. The standard library's `addingProduct`, `clamped` and
// friends on SIMD types are loops over lanes; these compile to one instruction, are imported as SIMD8<Double> and
// SIMD16<Float>, and mean the same on every machine: a multiply-add is fused whether or not the hardware can, and
// nothing is contracted, reordered or approximated.
#ifndef DESCENT_CLANES_H
#define DESCENT_CLANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma STDC FP_CONTRACT OFF

typedef double clanes_f64 __attribute__((ext_vector_type(8)));
typedef int64_t clanes_i64 __attribute__((ext_vector_type(8)));
typedef float clanes_f32 __attribute__((ext_vector_type(16)));
typedef int32_t clanes_i32 __attribute__((ext_vector_type(16)));

// A register of 128 bits.
typedef double clanes_f64n __attribute__((ext_vector_type(2)));
typedef int64_t clanes_i64n __attribute__((ext_vector_type(2)));

// Four of the first side by side.
typedef double clanes_f64w __attribute__((ext_vector_type(32)));
typedef int64_t clanes_i64w __attribute__((ext_vector_type(32)));
typedef float clanes_f32w __attribute__((ext_vector_type(64)));
typedef int32_t clanes_i32w __attribute__((ext_vector_type(64)));

// Marks memory that must not be accessed, for builds under AddressSanitizer; does nothing in others.
void clanes_poison(const void *start, size_t size);
void clanes_unpoison(const void *start, size_t size);

// The instruction sets that the code around this header is compiled for, a bit each. The vector modules are built for
// the CPU of the machine; the rest of the program is not, and can check the CPU before it calls them.
enum {
    CLANES_AVX = 1, CLANES_AVX2 = 2, CLANES_FMA = 4, CLANES_BMI2 = 8, CLANES_AVX512F = 16, CLANES_AVX512DQ = 32,
    CLANES_AVX512BW = 64, CLANES_AVX512VL = 128,
};
static inline unsigned clanes_compiled_features(void) {
    unsigned features = 0;
#ifdef __AVX__
    features |= CLANES_AVX;
#endif
#ifdef __AVX2__
    features |= CLANES_AVX2;
#endif
#ifdef __FMA__
    features |= CLANES_FMA;
#endif
#ifdef __BMI2__
    features |= CLANES_BMI2;
#endif
#ifdef __AVX512F__
    features |= CLANES_AVX512F;
#endif
#ifdef __AVX512DQ__
    features |= CLANES_AVX512DQ;
#endif
#ifdef __AVX512BW__
    features |= CLANES_AVX512BW;
#endif
#ifdef __AVX512VL__
    features |= CLANES_AVX512VL;
#endif
    return features;
}

/// The same of the CPU that the program runs on. Compiled for any CPU.
unsigned clanes_available_features(void);
/// The name of the first feature in `compiled` that `available` lacks; NULL where there is none.
const char *clanes_missing_feature(unsigned compiled, unsigned available);

#define CLANES_INLINE static inline __attribute__((always_inline, const, unused))
#define CLANES_MEMORY static inline __attribute__((always_inline, unused))

#ifdef __wasm__
#include "EmulatedFMA.h"
#else
#define CLANES_FMA(T, a, b, c) __builtin_elementwise_fma(a, b, c)
#endif

// One set of functions per element type. V is the vector, I its integer twin, S the scalar, M the mantissa's bits.
// min and max follow the x86 rule: where a lane holds NaN, the second operand is the result.
// pow2_of_biased takes n + 1.5·2^M + BIAS (a sum whose low bits are 2ⁿ's exponent field) and gives 2ⁿ.
#define CLANES_FUNCTIONS(T, V, I, S, IS, M, SIGN)                                                                    \
    CLANES_INLINE V clanes_splat_##T(S a) { return (V)a; }                                                             \
    CLANES_INLINE V clanes_add_##T(V a, V b) { return a + b; }                                                         \
    CLANES_INLINE V clanes_subtract_##T(V a, V b) { return a - b; }                                                    \
    CLANES_INLINE V clanes_multiply_##T(V a, V b) { return a * b; }                                                    \
    CLANES_INLINE V clanes_divide_##T(V a, V b) { return a / b; }                                                      \
    CLANES_INLINE V clanes_fma_##T(V a, V b, V c) { return CLANES_FMA(T, a, b, c); }                                  \
    CLANES_INLINE V clanes_min_##T(V a, V b) { return a < b ? a : b; }                                                 \
    CLANES_INLINE V clanes_max_##T(V a, V b) { return a > b ? a : b; }                                                 \
    CLANES_INLINE V clanes_sqrt_##T(V a) { return __builtin_elementwise_sqrt(a); }                                     \
    CLANES_INLINE V clanes_abs_##T(V a) { return __builtin_elementwise_abs(a); }                                       \
    CLANES_INLINE V clanes_copysign_##T(V a, V s) { return __builtin_elementwise_copysign(a, s); }                     \
    CLANES_INLINE V clanes_where_less_##T(V a, V b, V yes, V no) { return a < b ? yes : no; }                          \
    CLANES_INLINE V clanes_where_equal_##T(V a, V b, V yes, V no) { return a == b ? yes : no; }                        \
    CLANES_INLINE V clanes_pow2_of_biased_##T(V n) { return (V)((I)n << M); }                                          \
    /* Flips the sign where bit `bit` of the biased integer n is set: quadrants of sine and cosine. */                 \
    CLANES_INLINE V clanes_negate_if_bit_##T(V a, V n, int bit) { return (V)((I)a ^ ((((I)n >> bit) & 1) << SIGN)); }  \
    CLANES_INLINE V clanes_where_odd_##T(V n, V odd, V even) { return ((I)n & 1) != 0 ? odd : even; }                  \
    /* Splits a positive normal x into 2^e·m with m in [√½, √2): gives m, and e as a number. */                        \
    CLANES_INLINE V clanes_mantissa_##T(V x, IS root) { I b = (I)x - root; return (V)((b & (((IS)1 << M) - 1)) + root); } \
    CLANES_INLINE V clanes_exponent_##T(V x, IS root) { return __builtin_convertvector(((I)x - root) >> M, V); }       \
    CLANES_INLINE bool clanes_any_less_##T(V a, V b) { return __builtin_reduce_or((I)(a < b)) != 0; }                  \
    CLANES_INLINE bool clanes_all_finite_##T(V a) { return __builtin_reduce_and((I)((a - a) == 0)) != 0; }

CLANES_FUNCTIONS(f64, clanes_f64, clanes_i64, double, int64_t, 52, 63)
CLANES_FUNCTIONS(f64n, clanes_f64n, clanes_i64n, double, int64_t, 52, 63)
CLANES_FUNCTIONS(f32, clanes_f32, clanes_i32, float, int32_t, 23, 31)
CLANES_FUNCTIONS(f64w, clanes_f64w, clanes_i64w, double, int64_t, 52, 63)
CLANES_FUNCTIONS(f32w, clanes_f32w, clanes_i32w, float, int32_t, 23, 31)

// Sum over lanes by halving (upper half added to lower half), the one order used everywhere.
CLANES_INLINE double clanes_sum_f64(clanes_f64 v) {
    double __attribute__((ext_vector_type(4))) h = v.lo + v.hi;
    double __attribute__((ext_vector_type(2))) q = h.lo + h.hi;
    return q.x + q.y;
}
CLANES_INLINE double clanes_sum_f64n(clanes_f64n v) { return v.x + v.y; }
CLANES_INLINE float clanes_sum_f32(clanes_f32 v) {
    float __attribute__((ext_vector_type(8))) h = v.lo + v.hi;
    float __attribute__((ext_vector_type(4))) q = h.lo + h.hi;
    float __attribute__((ext_vector_type(2))) r = q.lo + q.hi;
    return r.x + r.y;
}

// Rows become columns: a square of as many vectors as a vector has lanes. A stage swaps blocks of half the size of the
// stage before: first the halves of vectors half a square apart, at last single numbers of neighbours.
#define CLANES_EXCHANGE(V, a, b, low, high)                                                                            \
    do {                                                                                                               \
        V first = __builtin_shufflevector(a, b, low);                                                                  \
        b = __builtin_shufflevector(a, b, high);                                                                       \
        a = first;                                                                                                     \
    } while (0)
#define CLANES_LIST(...) __VA_ARGS__
// Swift aligns vectors to 16 bytes at most.
typedef double clanes_loose_f64 __attribute__((ext_vector_type(8), aligned(16)));
typedef float clanes_loose_f32 __attribute__((ext_vector_type(16), aligned(16)));
CLANES_MEMORY void clanes_transpose_f64(const void *source, long from_stride, void *target, long to_stride) {
    const clanes_loose_f64 *from = source;
    clanes_loose_f64 *to = target;
    clanes_f64 v[8];
    for (int i = 0; i < 8; i++) v[i] = from[i * from_stride];
    for (int i = 0; i < 4; i++) CLANES_EXCHANGE(clanes_f64, v[i], v[i + 4], CLANES_LIST(0, 1, 2, 3, 8, 9, 10, 11), CLANES_LIST(4, 5, 6, 7, 12, 13, 14, 15));
    for (int i = 0; i < 8; i += i % 4 == 1 ? 3 : 1) CLANES_EXCHANGE(clanes_f64, v[i], v[i + 2], CLANES_LIST(0, 1, 8, 9, 4, 5, 12, 13), CLANES_LIST(2, 3, 10, 11, 6, 7, 14, 15));
    for (int i = 0; i < 8; i += 2) CLANES_EXCHANGE(clanes_f64, v[i], v[i + 1], CLANES_LIST(0, 8, 2, 10, 4, 12, 6, 14), CLANES_LIST(1, 9, 3, 11, 5, 13, 7, 15));
    for (int i = 0; i < 8; i++) to[i * to_stride] = v[i];
}
CLANES_MEMORY void clanes_transpose_f32(const void *source, long from_stride, void *target, long to_stride) {
    const clanes_loose_f32 *from = source;
    clanes_loose_f32 *to = target;
    clanes_f32 v[16];
    for (int i = 0; i < 16; i++) v[i] = from[i * from_stride];
    for (int i = 0; i < 8; i++)
        CLANES_EXCHANGE(clanes_f32, v[i], v[i + 8], CLANES_LIST(0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23), CLANES_LIST(8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31));
    for (int i = 0; i < 16; i += i % 8 == 3 ? 5 : 1)
        CLANES_EXCHANGE(clanes_f32, v[i], v[i + 4], CLANES_LIST(0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27), CLANES_LIST(4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31));
    for (int i = 0; i < 16; i += i % 4 == 1 ? 3 : 1)
        CLANES_EXCHANGE(clanes_f32, v[i], v[i + 2], CLANES_LIST(0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29), CLANES_LIST(2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31));
    for (int i = 0; i < 16; i += 2)
        CLANES_EXCHANGE(clanes_f32, v[i], v[i + 1], CLANES_LIST(0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30), CLANES_LIST(1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31));
    for (int i = 0; i < 16; i++) to[i * to_stride] = v[i];
}

CLANES_MEMORY void clanes_transpose_f64n(const void *source, long from_stride, void *target, long to_stride) {
    const clanes_f64n *from = source;
    clanes_f64n *to = target, a = from[0], b = from[from_stride];
    to[0] = __builtin_shufflevector(a, b, 0, 2);
    to[to_stride] = __builtin_shufflevector(a, b, 1, 3);
}

// Numbers one after the other go to places `stride` numbers apart. A handful, mostly: the checks before a loop over
// vectors would take longer than the loop.
#define CLANES_SPREAD(T, S)                                                                                            \
    CLANES_MEMORY void clanes_spread_##T(const S *from, long count, S *to, long stride) {                              \
        _Pragma("clang loop vectorize(disable) unroll(disable)") for (long i = 0; i < count; i++) to[i * stride] = from[i]; \
    }
CLANES_SPREAD(f64, double)
CLANES_SPREAD(f32, float)

// A wide vector as one: upper half added to lower, twice.
CLANES_INLINE clanes_f64 clanes_fold_f64(clanes_f64w v) {
    double __attribute__((ext_vector_type(16))) h = v.lo + v.hi;
    return h.lo + h.hi;
}
CLANES_INLINE clanes_f32 clanes_fold_f32(clanes_f32w v) {
    float __attribute__((ext_vector_type(32))) h = v.lo + v.hi;
    return h.lo + h.hi;
}

// Four such sums at once, in the same order of additions: the halves of two vectors share one instruction.
typedef double clanes_f64x4 __attribute__((ext_vector_type(4)));
typedef float clanes_f32x4 __attribute__((ext_vector_type(4)));
CLANES_INLINE clanes_f64x4 clanes_sum4_f64(clanes_f64 a, clanes_f64 b, clanes_f64 c, clanes_f64 d) {
    clanes_f64 ab = __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11) + __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
    clanes_f64 cd = __builtin_shufflevector(c, d, 0, 1, 2, 3, 8, 9, 10, 11) + __builtin_shufflevector(c, d, 4, 5, 6, 7, 12, 13, 14, 15);
    clanes_f64 q = __builtin_shufflevector(ab, cd, 0, 1, 4, 5, 8, 9, 12, 13) + __builtin_shufflevector(ab, cd, 2, 3, 6, 7, 10, 11, 14, 15);
    return __builtin_shufflevector(q, q, 0, 2, 4, 6) + __builtin_shufflevector(q, q, 1, 3, 5, 7);
}
CLANES_INLINE clanes_f64x4 clanes_sum4_f64n(clanes_f64n a, clanes_f64n b, clanes_f64n c, clanes_f64n d) {
    return (clanes_f64x4){a.x + a.y, b.x + b.y, c.x + c.y, d.x + d.y};
}
CLANES_INLINE clanes_f32x4 clanes_sum4_f32(clanes_f32 a, clanes_f32 b, clanes_f32 c, clanes_f32 d) {
    clanes_f32 ab = __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)
        + __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
    clanes_f32 cd = __builtin_shufflevector(c, d, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)
        + __builtin_shufflevector(c, d, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
    clanes_f32 q = __builtin_shufflevector(ab, cd, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27)
        + __builtin_shufflevector(ab, cd, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
    float __attribute__((ext_vector_type(8))) p = __builtin_shufflevector(q, q, 0, 1, 4, 5, 8, 9, 12, 13)
        + __builtin_shufflevector(q, q, 2, 3, 6, 7, 10, 11, 14, 15);
    return __builtin_shufflevector(p, p, 0, 2, 4, 6) + __builtin_shufflevector(p, p, 1, 3, 5, 7);
}

#endif
