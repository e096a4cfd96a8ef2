#define _GNU_SOURCE
#include "CPlatform.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Files that the parent has open, sockets among them, are not for the child. */
static void close_others_at_exec(void) {
    if (syscall(SYS_close_range, 3u, ~0u, 4u /* CLOSE_RANGE_CLOEXEC */) == 0) return;
    for (int file = 3; file < 1024; file += 1) fcntl(file, F_SETFD, FD_CLOEXEC);
}

/* Where memory runs out, the kernel ends this program first. */
static void offer_to_be_killed(void) {
    int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (file < 0) return;
    ssize_t ignored = write(file, "800", 3);
    (void)ignored;
    close(file);
}

/* In the child, between fork and exec: only calls that are safe there. */
static void become(const char *path, char *const arguments[], char *const environment[], const char *directory,
                   unsigned long long memory, pid_t parent, int output, int errors) {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) _exit(127);
    int input = open("/dev/null", O_RDONLY);
    if (input < 0 || dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(errors, 2) < 0) return;
    close_others_at_exec();
    offer_to_be_killed();
    struct rlimit none = {0, 0}, data = {memory, memory};
    setrlimit(RLIMIT_CORE, &none);
    if (memory > 0 && setrlimit(RLIMIT_DATA, &data) != 0) return;
    for (int number = 1; number < 32; number += 1) signal(number, SIG_DFL);
    sigset_t nothing;
    sigemptyset(&nothing);
    sigprocmask(SIG_SETMASK, &nothing, NULL);
    if (chdir(directory) != 0) return;
    /* A build may be writing the program at this moment. */
    const struct timespec pause = {0, 20 * 1000 * 1000};
    for (int attempt = 0; attempt < 100; attempt += 1) {
        execve(path, arguments, environment);
        if (errno != ETXTBSY) return;
        nanosleep(&pause, NULL);
    }
    errno = ETXTBSY;
}

int descent_start(const char *path, char *const arguments[], char *const environment[], const char *directory,
                  unsigned long long memory, int *output, int *errors) {
    int out[2], err[2], failure[2];
    if (pipe2(out, O_CLOEXEC) != 0) return -errno;
    if (pipe2(err, O_CLOEXEC) != 0) return -errno;
    if (pipe2(failure, O_CLOEXEC) != 0) return -errno;
    pid_t parent = getpid(), child = fork();
    if (child == 0) {
        become(path, arguments, environment, directory, memory, parent, out[1], err[1]);
        int number = errno;
        ssize_t ignored = write(failure[1], &number, sizeof number);
        (void)ignored;
        _exit(127);
    }
    int number = child < 0 ? errno : 0;
    close(out[1]);
    close(err[1]);
    close(failure[1]);
    /* The pipe ends without a word when the program has begun. */
    if (child > 0 && read(failure[0], &number, sizeof number) == sizeof number) waitpid(child, NULL, 0);
    close(failure[0]);
    if (number != 0) {
        close(out[0]);
        close(err[0]);
        return -number;
    }
    *output = out[0];
    *errors = err[0];
    return child;
}
