#define _GNU_SOURCE
#include "CPlatform.h"
#include <errno.h>
#include <stdio.h>
#include <stddef.h>

int descent_exchange(const char *a, const char *b) {
    return renameat2(-100 /* AT_FDCWD */, a, -100, b, RENAME_EXCHANGE) == 0 ? 0 : errno;
}

const char *descent_missing_feature(void) { return NULL; }
