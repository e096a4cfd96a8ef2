// The multiply-adds of the engine of a page, compared with those of this processor: numbers near every limit, and near ties.
#define fma emulated_fma
#define fmaf emulated_fmaf
#include "../Sources/Shims/CPage/fma.c"
#undef fma
#undef fmaf
#define CLANES_INLINE static inline __attribute__((unused))
typedef double clanes_f64n __attribute__((ext_vector_type(2)));
typedef int64_t clanes_i64n __attribute__((ext_vector_type(2)));
typedef double clanes_f64 __attribute__((ext_vector_type(8)));
typedef double clanes_f64w __attribute__((ext_vector_type(32)));
#define fma emulated_fma
#include "../Sources/Shims/CPage/EmulatedFMA.h"
#undef fma
double fma(double, double, double);
float fmaf(float, float, float);
#include <stdio.h>

static uint64_t state = 88172645463325252u;
static uint64_t drawn(void) {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return state * 0x2545F4914F6CDD1Du;
}
// A number with drawn bits and a biased exponent from a range.
static double ranged(int least, int count) {
    return number((drawn() & ~((uint64_t)0x7FF << 52)) | (uint64_t)(least + drawn() % count) << 52);
}
static double picked(void) {
    static const double special[] = {0, -0.0, 1, -1, 1 / 0.0, -1 / 0.0, 0 / 0.0, 5e-324, -5e-324, 0x1p-1022, 0x1.fffffffffffffp1023, 0.5, 3};
    switch (drawn() % 8) {
    case 0: return number(drawn());
    case 1: return ranged(963, 120);
    case 2: return ranged(0, 120);
    case 3: return number(bits(ranged(993, 60)) & ~(((uint64_t)1 << 40) - 1));
    case 4: return special[drawn() % (sizeof special / sizeof *special)];
    case 5: return ranged(470, 120);
    case 6: return ranged(1400, 150);
    default: return ranged(1023, 4);
    }
}
static int differ(double x, double y) { return (x == x || y == y) && bits(x) != bits(y); }

int main(void) {
    long faults = 0, count = 10000000;
    for (long i = 0; i < count && faults < 10; i++) {
        double a = picked(), b = picked(), c = picked();
        if (drawn() % 4 == 0) {
            // Near the negative product: what is left is the error.
            c = -(a * b);
            if (drawn() % 2 && c == c && c != 0) c = number(bits(c) + (drawn() % 2 ? 1 : -1));
        }
        double x = fma(a, b, c), one = emulated_fma(a, b, c);
        clanes_f64n two = clanes_emulated_f64n((clanes_f64n){a, b}, (clanes_f64n){b, a}, (clanes_f64n){c, c});
        float f = fmaf((float)a, (float)b, (float)c), g = emulated_fmaf((float)a, (float)b, (float)c);
        if (differ(one, x) || differ(two.x, x) || differ(two.y, x) || differ(f, g)) {
            fprintf(stderr, "%a * %a + %a: %a or %a, not %a\n", a, b, c, one, two.x, x);
            faults++;
        }
    }
    if (!faults) printf("%ld emulated multiply-adds have the bits of this processor's\n", count);
    return faults != 0;
}
