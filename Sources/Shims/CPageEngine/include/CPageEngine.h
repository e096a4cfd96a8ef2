#ifndef DESCENT_PAGE_ENGINE_H
#define DESCENT_PAGE_ENGINE_H
#include <stddef.h>

/// The engine of a page, WebAssembly compressed by gzip. `count` gets the number of bytes.
const unsigned char *descent_page_engine(size_t *count);

#endif
