#ifndef DESCENT_PAGE_ENGINE_H
#define DESCENT_PAGE_ENGINE_H
#include <stddef.h>

/// The engine of a page, WebAssembly compressed by gzip. `count` gets the number of bytes.
const unsigned char *descent_page_engine(size_t *count);

/// The same with an instruction for multiply-adds, for browsers and processors that round it once.
const unsigned char *descent_page_engine_fused(size_t *count);

#endif
