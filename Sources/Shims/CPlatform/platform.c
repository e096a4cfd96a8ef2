#define _GNU_SOURCE
#include "CPlatform.h"
#include <errno.h>
#include <malloc.h>
#include <stdio.h>

int descent_exchange(const char *a, const char *b) {
    return renameat2(-100 /* AT_FDCWD */, a, -100, b, RENAME_EXCHANGE) == 0 ? 0 : errno;
}

void descent_keep_memory(void) {
    /* One arena: those of threads give their pages back whenever they are empty. */
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    mallopt(M_MMAP_THRESHOLD, 1 << 26);
    mallopt(M_TOP_PAD, 1 << 24);
}

