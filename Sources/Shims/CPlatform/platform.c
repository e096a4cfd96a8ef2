#define _GNU_SOURCE
#include "CPlatform.h"
#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

int descent_exchange(const char *a, const char *b) {
    return renameat2(-100 /* AT_FDCWD */, a, -100, b, RENAME_EXCHANGE) == 0 ? 0 : errno;
}

void descent_keep_memory(void) {
    /* Few arenas: each gives its pages back by itself. With one alone, two threads that read a report wait for each other. */
    mallopt(M_ARENA_MAX, 2);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    mallopt(M_MMAP_THRESHOLD, 1 << 26);
    mallopt(M_TOP_PAD, 1 << 24);
}

void descent_return_memory(void) { malloc_trim(0); }

const char *descent_library_of(const char *symbol) {
    void *address = dlsym(RTLD_DEFAULT, symbol);
    Dl_info facts;
    return address != NULL && dladdr(address, &facts) != 0 ? facts.dli_fname : NULL;
}

struct listener {
    void (*take)(const char *path, void *context);
    void *context;
};

static int tell(struct dl_phdr_info *library, size_t size, void *listener) {
    (void)size;
    struct listener *ear = listener;
    if (library->dlpi_name != NULL && library->dlpi_name[0] == '/') ear->take(library->dlpi_name, ear->context);
    return 0;
}

void descent_each_library(void (*take)(const char *path, void *context), void *context) {
    struct listener ear = {take, context};
    dl_iterate_phdr(tell, &ear);
}

int descent_end_with_parent(int parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    return getppid() == parent;
}

static volatile sig_atomic_t receiver;

static void pass_on(int number, siginfo_t *info, void *context) {
    (void)context;
    /* At most 0: sent by a process. A terminal's signals come from the kernel. */
    if (info->si_code <= 0) kill(receiver, number);
}

void descent_pass_signals_on(int child) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = pass_on;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    receiver = child;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    /* Whoever has started this process may have blocked them. */
    sigset_t both;
    sigemptyset(&both);
    sigaddset(&both, SIGINT);
    sigaddset(&both, SIGTERM);
    sigprocmask(SIG_UNBLOCK, &both, NULL);
}
