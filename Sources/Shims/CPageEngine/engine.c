#include "CPageEngine.h"

// A part of C23, which the compiler has for older C too.
#pragma clang diagnostic ignored "-Wc23-extensions"
static const unsigned char engine[] = {
#embed "engine.wasm.gz"
};

static const unsigned char fused[] = {
#embed "engine-fused.wasm.gz"
};

const unsigned char *descent_page_engine(size_t *count) {
    *count = sizeof engine;
    return engine;
}

const unsigned char *descent_page_engine_fused(size_t *count) {
    *count = sizeof fused;
    return fused;
}
