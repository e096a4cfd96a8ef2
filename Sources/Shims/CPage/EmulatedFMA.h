// Multiply-adds rounded once, where the processor has no instruction for them: WebAssembly.
//
// Boldo & Melquiond, "Emulation of FMA and correctly rounded sums: proved algorithms using rounding to odd", IEEE Transactions on
// Computers 57 (2008), doi:10.1109/TC.2007.70819, figure 4. Product and sums are split into a rounded number and its exact error;
// the two errors are added with rounding to odd, which makes the last addition round as if the whole sum were exact:
//
//     uh + ul = a·b,  th + tl = c + ul,  vh + vl = uh + th,  z = odd(tl + vl),  fma = vh + z
//
// This holds where nothing overflows and the error of the product is a normal number. Other numbers take the function `fma` beside this file, one by one.
#ifndef DESCENT_EMULATED_FMA_H
#define DESCENT_EMULATED_FMA_H

double fma(double, double, double);

// a + b rounded to odd: where the sum is not exact and its last bit is even, the neighbour on the side of the error.
CLANES_INLINE clanes_f64n clanes_odd_sum(clanes_f64n a, clanes_f64n b) {
    clanes_f64n high = a + b, t = high - a, low = (a - (high - t)) + (b - t);
    clanes_i64n raw = (clanes_i64n)high, isInexact = low != 0, isEven = (raw & 1) - 1;
    clanes_i64n outwards = ((((clanes_i64n)low ^ raw) >> 63) << 1) + 1;
    return (clanes_f64n)(raw + (outwards & isInexact & isEven));
}

CLANES_INLINE clanes_f64n clanes_fused(clanes_f64n a, clanes_f64n b, clanes_f64n c, clanes_f64n uh) {
    // Dekker's product with Veltkamp's splitting.
    clanes_f64n ca = 134217729.0 * a, cb = 134217729.0 * b;
    clanes_f64n ah = ca - (ca - a), bh = cb - (cb - b), al = a - ah, bl = b - bh;
    clanes_f64n ul = al * bl - (((uh - ah * bh) - al * bh) - ah * bl);
    clanes_f64n th = c + ul, t = th - c, tl = (c - (th - t)) + (ul - t);
    clanes_f64n vh = uh + th, v = vh - uh, vl = (uh - (vh - v)) + (th - v);
    return vh + clanes_odd_sum(tl, vl);
}

#ifdef __wasm_relaxed_simd__
CLANES_INLINE clanes_f64n clanes_emulated_f64n(clanes_f64n a, clanes_f64n b, clanes_f64n c) {
    return __builtin_wasm_relaxed_madd_f64x2(a, b, c);
}
#else
static __attribute__((noinline, unused)) clanes_f64n clanes_emulated_f64n(clanes_f64n a, clanes_f64n b, clanes_f64n c) {
    const double least = 0x1p-900, most = 0x1p450;
    clanes_f64n product = a * b, sizes = __builtin_elementwise_abs(product);
    clanes_f64n x = __builtin_elementwise_abs(a), y = __builtin_elementwise_abs(b), z = __builtin_elementwise_abs(c);
    clanes_i64n isSmall = (x <= most) & (y <= most) & (z <= most), isNormal = sizes >= least;
    if (__builtin_reduce_and(isSmall & isNormal)) return clanes_fused(a, b, c, product);
    // The product of 0 is exact.
    clanes_i64n isZero = (a == 0) | (b == 0);
    if (__builtin_reduce_and(isSmall & (isNormal | isZero))) {
        clanes_f64n sum = product + c, fused = clanes_fused(a, b, c, product);
        return isZero ? sum : fused;
    }
    return (clanes_f64n){fma(a.x, b.x, c.x), fma(a.y, b.y, c.y)};
}
#endif

CLANES_INLINE clanes_f64 clanes_emulated_f64(clanes_f64 a, clanes_f64 b, clanes_f64 c) {
    clanes_f64 result;
    for (int i = 0; i < 8; i += 2) {
        clanes_f64n r = clanes_emulated_f64n(
            (clanes_f64n){a[i], a[i + 1]}, (clanes_f64n){b[i], b[i + 1]}, (clanes_f64n){c[i], c[i + 1]});
        result[i] = r.x;
        result[i + 1] = r.y;
    }
    return result;
}
CLANES_INLINE clanes_f64w clanes_emulated_f64w(clanes_f64w a, clanes_f64w b, clanes_f64w c) {
    clanes_f64w result;
    for (int i = 0; i < 32; i += 2) {
        clanes_f64n r = clanes_emulated_f64n(
            (clanes_f64n){a[i], a[i + 1]}, (clanes_f64n){b[i], b[i + 1]}, (clanes_f64n){c[i], c[i + 1]});
        result[i] = r.x;
        result[i + 1] = r.y;
    }
    return result;
}
#define clanes_emulated_f32(a, b, c) __builtin_elementwise_fma(a, b, c)
#define clanes_emulated_f32w(a, b, c) __builtin_elementwise_fma(a, b, c)
#define CLANES_FMA(T, a, b, c) clanes_emulated_##T(a, b, c)

#endif
