// a·b + c rounded once, for a processor without the instruction (WebAssembly has none).
//
// Boldo & Melquiond, "Emulation of FMA and correctly rounded sums: proved algorithms using rounding to odd", IEEE Transactions on
// Computers 57 (2008), doi:10.1109/TC.2007.70819, figure 4. The product and the sums are split into a rounded number and its exact
// error; the two errors are added with rounding to odd, which makes the last addition round as if the whole sum were exact:
//
//     uh + ul = a·b,  th + tl = c + ul,  vh + vl = uh + th,  z = odd(tl + vl),  fma = vh + z
//
// This holds where nothing overflows or underflows. Numbers for which that is not certain are computed with whole numbers.
#include <stdint.h>

static inline uint64_t bits(double a) { return __builtin_bit_cast(uint64_t, a); }
static inline double number(uint64_t a) { return __builtin_bit_cast(double, a); }
static inline int exponent(double a) { return (int)(bits(a) >> 52 & 0x7FF); }

static inline void two_sum(double a, double b, double *high, double *low) {
    double s = a + b, t = s - a;
    *low = (a - (s - t)) + (b - t);
    *high = s;
}

// Dekker's product with Veltkamp's splitting into 26 bits each.
static inline void two_product(double a, double b, double *high, double *low) {
    double p = a * b, ca = 134217729.0 * a, cb = 134217729.0 * b;
    double ah = ca - (ca - a), bh = cb - (cb - b), al = a - ah, bl = b - bh;
    *low = al * bl - (((p - ah * bh) - al * bh) - ah * bl);
    *high = p;
}

// a + b rounded to odd: where the sum is not exact and its last bit is even, the neighbour on the side of the error.
static inline double odd_sum(double a, double b) {
    double high, low;
    two_sum(a, b, &high, &low);
    uint64_t raw = bits(high);
    if (low != 0 && !(raw & 1)) raw += (low > 0) == (high > 0) ? 1 : -1;
    return number(raw);
}

static inline double fused(double a, double b, double c) {
    double uh, ul, th, tl, vh, vl;
    two_product(a, b, &uh, &ul);
    two_sum(c, ul, &th, &tl);
    two_sum(uh, th, &vh, &vl);
    return vh + odd_sum(tl, vl);
}

// Whole numbers of 128 bits in two halves: WebAssembly has no such type, and the functions of a compiler's library are not linked.
typedef struct { uint64_t high, low; } wide;

static inline wide product_of(uint64_t a, uint64_t b) {
    uint64_t al = (uint32_t)a, ah = a >> 32, bl = (uint32_t)b, bh = b >> 32;
    uint64_t low = al * bl, first = ah * bl + (low >> 32), second = al * bh + (uint32_t)first;
    return (wide){ah * bh + (first >> 32) + (second >> 32), second << 32 | (uint32_t)low};
}
static inline wide shifted_up(wide a, int n) {
    if (n >= 64) return (wide){n >= 128 ? 0 : a.low << (n - 64), 0};
    return n == 0 ? a : (wide){a.high << n | a.low >> (64 - n), a.low << n};
}
static inline wide shifted_down(wide a, int n) {
    if (n >= 64) return (wide){0, n >= 128 ? 0 : a.high >> (n - 64)};
    return n == 0 ? a : (wide){a.high >> n, a.low >> n | a.high << (64 - n)};
}
static inline int compared(wide a, wide b) {
    if (a.high != b.high) return a.high > b.high ? 1 : -1;
    return a.low > b.low ? 1 : a.low < b.low ? -1 : 0;
}
static inline wide difference(wide a, wide b) { return (wide){a.high - b.high - (a.low < b.low), a.low - b.low}; }
static inline wide sum_of(wide a, wide b) {
    uint64_t low = a.low + b.low;
    return (wide){a.high + b.high + (low < a.low), low};
}
static inline int leading_place(wide a) {
    return a.high ? 127 - __builtin_clzll(a.high) : a.low ? 63 - __builtin_clzll(a.low) : -1;
}
/// Bits below place n.
static inline wide below(wide a, int n) {
    return difference(a, shifted_up(shifted_down(a, n), n));
}

static const uint64_t FRACTION = ((uint64_t)1 << 52) - 1, HIDDEN = (uint64_t)1 << 52;

/// sum·2^e and a trace of what lies below, rounded to nearest, ties to even.
static double rounded(wide sum, int e, int trace, int negative) {
    int top = leading_place(sum), lowest = e + top - 52 < -1074 ? -1074 - e : top - 52;
    uint64_t kept, raw;
    if (lowest <= 0) {
        kept = sum.low << -lowest;
    } else if (lowest > 127) {
        kept = 0;
    } else {
        int order = compared(below(sum, lowest), shifted_up((wide){0, 1}, lowest - 1));
        kept = shifted_down(sum, lowest).low;
        if (order > 0 || (order == 0 && (trace || (kept & 1)))) kept++;
    }
    if (kept < HIDDEN) {
        raw = kept;
    } else {
        int biased = e + lowest + 1075;
        if (kept >> 53) kept >>= 1, biased++;
        raw = biased >= 0x7FF ? (uint64_t)0x7FF << 52 : (uint64_t)biased << 52 | (kept & FRACTION);
    }
    return number(raw | (uint64_t)negative << 63);
}

/// The significand of a finite number other than 0 with its leading bit at place 125, and its exponent.
static inline wide scaled(wide a, int *e) {
    int n = 125 - leading_place(a);
    *e -= n;
    return shifted_up(a, n);
}
static inline uint64_t significand(double a) {
    return (bits(a) & FRACTION) | (exponent(a) ? HIDDEN : 0);
}
static inline int scale(double a) { return (exponent(a) ? exponent(a) : 1) - 1075; }

/// The definition itself, in whole numbers; all three are finite and not 0.
static double fused_exactly(double a, double b, double c) {
    int ep = scale(a) + scale(b), ec = scale(c);
    wide product = scaled(product_of(significand(a), significand(b)), &ep);
    wide addend = scaled((wide){0, significand(c)}, &ec);
    int negative = (int)((bits(a) ^ bits(b)) >> 63), other = (int)(bits(c) >> 63);
    // The smaller is moved to the exponent of the larger; bits that fall out leave a trace.
    int isProduct = ep > ec || (ep == ec && compared(product, addend) >= 0);
    wide large = isProduct ? product : addend, small = isProduct ? addend : product;
    int gap = isProduct ? ep - ec : ec - ep, e = isProduct ? ep : ec, trace;
    wide lost = gap > 127 ? small : below(small, gap);
    trace = (lost.high | lost.low) != 0;
    small = shifted_down(small, gap);
    wide sum = negative == other ? sum_of(large, small) : difference(large, small);
    if (negative != other && trace) sum = difference(sum, (wide){0, 1});
    if (!(sum.high | sum.low)) return 0;
    return rounded(sum, e, trace, isProduct ? negative : other);
}

double fma(double a, double b, double c) {
    // Exponents from which neither the splitting nor an error term leaves the normal range.
    int ea = exponent(a), eb = exponent(b), ec = exponent(c);
    if ((unsigned)(ea - 200) < 1600 && (unsigned)(eb - 200) < 1600 && (unsigned)(ea + eb - 1300) < 1500
        && (unsigned)(ec - 200) < 1700)
        return fused(a, b, c);
    // The product of 0 is exact, and so is what has no end.
    if (a == 0 || b == 0 || ea == 0x7FF || eb == 0x7FF) return a * b + c;
    if (ec == 0x7FF) return c;
    // A product that is not 0 and rounds to 0 keeps its sign.
    return c == 0 ? a * b : fused_exactly(a, b, c);
}

// In float64 the product of two float32 numbers is exact; their sum with a third, rounded to odd, rounds to the right float32.
float fmaf(float a, float b, float c) {
    double product = (double)a * b;
    if (product != product || c != c || product - product != 0 || c - c != 0 || product == 0 || c == 0) return (float)(product + c);
    return (float)odd_sum(product, c);
}
