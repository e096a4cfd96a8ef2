// What Swift without a runtime asks of a C library, for a page: memory, and numbers for hash tables.
#include <stddef.h>
#include <stdint.h>

extern unsigned char __heap_base;

// Blocks of a power of two, with lists of the free ones. The first eight bytes before a block have its class.
enum { SMALLEST = 5, CLASSES = 32 };
static void *unused[CLASSES];
static uintptr_t top;

static uintptr_t grown(uintptr_t size, uintptr_t alignment) {
    if (!top) top = (uintptr_t)&__heap_base;
    uintptr_t start = (top + alignment - 1) & ~(alignment - 1), end = start + size;
    uintptr_t pages = __builtin_wasm_memory_size(0), needed = (end + 0xFFFF) >> 16;
    if (end < start || (needed > pages && __builtin_wasm_memory_grow(0, needed - pages) == (size_t)-1)) return 0;
    top = end;
    return start;
}

// Every block is aligned to 64 bytes, a cache line: the engine asks for no more.
void *malloc(size_t size) {
    int class = SMALLEST;
    while (class < CLASSES - 1 && ((uintptr_t)1 << class) < size) class++;
    if (((uintptr_t)1 << class) < size) return 0;
    void *block = unused[class];
    if (block) {
        unused[class] = *(void **)block;
        return block;
    }
    uintptr_t start = grown(((uintptr_t)1 << class) + 64, 64);
    if (!start) return 0;
    *(uint64_t *)(start + 56) = (uint64_t)class;
    return (void *)(start + 64);
}

void free(void *block) {
    if (!block) return;
    int class = (int)*(uint64_t *)((uintptr_t)block - 8);
    *(void **)block = unused[class];
    unused[class] = block;
}

int posix_memalign(void **result, size_t alignment, size_t size) {
    if (alignment > 64) return 22;
    *result = malloc(size);
    return *result ? 0 : 12;
}

void *memcpy(void *restrict to, const void *restrict from, size_t count) {
    unsigned char *t = to;
    const unsigned char *f = from;
    while (count--) *t++ = *f++;
    return to;
}

void *memmove(void *to, const void *from, size_t count) {
    unsigned char *t = to;
    const unsigned char *f = from;
    if (t <= f) while (count--) *t++ = *f++;
    else while (count--) t[count] = f[count];
    return to;
}

void *memset(void *to, int value, size_t count) {
    unsigned char *t = to;
    while (count--) *t++ = (unsigned char)value;
    return to;
}

int memcmp(const void *a, const void *b, size_t count) {
    const unsigned char *x = a, *y = b;
    for (; count; count--, x++, y++) if (*x != *y) return *x - *y;
    return 0;
}

// Hash tables of a page hold nothing of strangers: any numbers will do, and equal ones keep equal runs equal.
void arc4random_buf(void *buffer, size_t count) { memset(buffer, 0x5A, count); }

uintptr_t __stack_chk_guard = 0x5A5A5A5A;
void __stack_chk_fail(void) { __builtin_trap(); }

// The product of whole numbers of 128 bits, which the compiler calls by this name.
__int128 __multi3(__int128 a, __int128 b) {
    uint64_t al = (uint64_t)a, bl = (uint64_t)b, ah = (uint64_t)(a >> 64), bh = (uint64_t)(b >> 64);
    uint64_t x = (uint32_t)al, y = al >> 32, u = (uint32_t)bl, v = bl >> 32;
    uint64_t low = x * u, first = y * u + (low >> 32), second = x * v + (uint32_t)first;
    uint64_t high = y * v + (first >> 32) + (second >> 32) + al * bh + ah * bl;
    return (__int128)((unsigned __int128)high << 64 | (second << 32 | (uint32_t)low));
}

// Tables of Unicode, which only texts beyond ASCII need. The texts of a page's engine are names without content.
uint16_t _swift_stdlib_getNormData(uint32_t scalar) { return (void)scalar, 0; }
uint32_t _swift_stdlib_getDecompositionEntry(uint32_t scalar) { return (void)scalar, 0; }
uint32_t _swift_stdlib_getComposition(uint32_t a, uint32_t b) { return (void)a, (void)b, UINT32_MAX; }
uint8_t _swift_stdlib_getGeneralCategory(uint32_t scalar) { return (void)scalar, 0; }
const uint8_t _swift_stdlib_nfd_decompositions[4] = {0};
