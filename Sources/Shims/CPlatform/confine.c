#define _GNU_SOURCE
#include "CPlatform.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Not in every C library: the arguments of mount_setattr(2). */
struct attributes {
    uint64_t set, clear, propagation, user_namespace;
};
enum { number_of_mount_setattr = 442, read_only = 1, no_set_user_id = 2, recursive = 0x8000 };

static int change_mounts(const char *path, unsigned flags, uint64_t set, uint64_t clear) {
    struct attributes attributes = {set, clear, 0, 0};
    return (int)syscall(number_of_mount_setattr, AT_FDCWD, path, flags, &attributes, sizeof attributes);
}

static int write_text(const char *path, const char *text, size_t count) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return -1;
    ssize_t written = write(file, text, count);
    int number = errno;
    close(file);
    errno = number;
    return written == (ssize_t)count ? 0 : -1;
}

/* The devices that a program may need, on a file system in memory; all others, disks among them, are out of reach. */
static int keep_few_devices(const char *place) {
    static const char *const names[] = {"null", "zero", "full", "random", "urandom"};
    if (mount("devices", place, "tmpfs", MS_NOSUID | MS_NOEXEC, "size=64k,mode=755") != 0) return -1;
    for (size_t index = 0; index < sizeof names / sizeof *names; index += 1) {
        char from[64], to[4096];
        snprintf(from, sizeof from, "/dev/%s", names[index]);
        if (snprintf(to, sizeof to, "%s/%s", place, names[index]) >= (int)sizeof to) return errno = ENAMETOOLONG, -1;
        int file = open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (file < 0) return -1;
        close(file);
        if (mount(from, to, NULL, MS_BIND, NULL) != 0) return -1;
    }
    if (mount(place, "/dev", NULL, MS_BIND | MS_REC, NULL) != 0) return -1;
    return umount2(place, MNT_DETACH);
}

/* Every file can be read, but for those that are hidden; only `scratch` can be written. */
static int confine_files(const struct descent_limits *limits, const char *devices) {
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return -1;
    if (keep_few_devices(devices) != 0) return -1;
    for (char *const *path = limits->hidden; path != NULL && *path != NULL; path += 1) {
        struct stat facts;
        if (stat(*path, &facts) != 0) continue;
        int failed = S_ISDIR(facts.st_mode) ? mount("hidden", *path, "tmpfs", MS_RDONLY, "size=4k,mode=755")
                                            : mount("/dev/null", *path, NULL, MS_BIND, NULL);
        if (failed) return -1;
    }
    if (mount(limits->scratch, limits->scratch, NULL, MS_BIND, NULL) != 0) return -1;
    if (change_mounts("/", recursive, read_only | no_set_user_id, 0) != 0) return -1;
    if (change_mounts(limits->scratch, 0, 0, read_only) != 0) return -1;
    /* Processes outside stay invisible. Where the system hides parts of /proc, its own stays, read-only. */
    mount("proc", "/proc", "proc", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
    return 0;
}

/* In the new namespaces this process is an ordinary user, so that the program that it becomes has no capability. */
static int become_ordinary_user(uid_t user, gid_t group) {
    char text[64];
    int count = snprintf(text, sizeof text, "1000 %u 1", user);
    if (write_text("/proc/self/uid_map", text, (size_t)count) != 0) return -1;
    if (write_text("/proc/self/setgroups", "deny", 4) != 0 && errno != ENOENT) return -1;
    count = snprintf(text, sizeof text, "1000 %u 1", group);
    return write_text("/proc/self/gid_map", text, (size_t)count);
}

static int limit(int resource, unsigned long long most) {
    struct rlimit present, next = {most, most};
    if (most == 0) return 0;
    if (getrlimit(resource, &present) != 0) return -1;
    if (present.rlim_max != RLIM_INFINITY && present.rlim_max < most) next.rlim_cur = next.rlim_max = present.rlim_max;
    return setrlimit(resource, &next);
}

static int set_limits(const struct descent_limits *limits) {
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    if (limit(RLIMIT_DATA, limits->memory) || limit(RLIMIT_FSIZE, limits->file_size)) return -1;
    if (limit(RLIMIT_NOFILE, limits->open_files)) return -1;
    /* Without namespaces of its own it would count all processes of the user. */
    if (limits->is_isolated && limit(RLIMIT_NPROC, limits->processes)) return -1;
    if (limits->seconds == 0) return 0;
    /* First a signal that says why, then the end. */
    struct rlimit time = {limits->seconds, limits->seconds + 1};
    return setrlimit(RLIMIT_CPU, &time);
}

/* In the child, between its start and exec: only calls that are safe there. */
static void become(const char *path, char *const arguments[], char *const environment[],
                   const struct descent_limits *limits, const char *devices, const int files[3], uid_t user, gid_t group) {
    setpgid(0, 0);
    for (int index = 0; index < 3; index += 1) {
        if (dup2(files[index], index) < 0) return;
    }
    if (syscall(SYS_close_range, 3u, ~0u, 4u /* CLOSE_RANGE_CLOEXEC */) != 0) {
        for (int file = 3; file < 1024; file += 1) fcntl(file, F_SETFD, FD_CLOEXEC);
    }
    /* Where memory runs out, the kernel ends this program first. */
    write_text("/proc/self/oom_score_adj", "800", 3);
    if (limits->is_isolated) {
        if (become_ordinary_user(user, group) != 0 || confine_files(limits, devices) != 0) return;
    }
    if (set_limits(limits) != 0 || chdir(limits->scratch) != 0) return;
    for (int number = 1; number < 32; number += 1) signal(number, SIG_DFL);
    sigset_t nothing;
    sigemptyset(&nothing);
    sigprocmask(SIG_SETMASK, &nothing, NULL);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    execve(path, arguments, environment);
}

int descent_start_limited(const char *path, char *const arguments[], char *const environment[],
                          const struct descent_limits *limits, const int files[3]) {
    int failure[2];
    char devices[4096];
    if (snprintf(devices, sizeof devices, "%s/.devices", limits->scratch) >= (int)sizeof devices) return -ENAMETOOLONG;
    if (limits->is_isolated && mkdir(devices, 0700) != 0 && errno != EEXIST) return -errno;
    if (pipe2(failure, O_CLOEXEC) != 0) return -errno;
    const uid_t user = geteuid();
    const gid_t group = getegid();
    const unsigned long spaces =
        CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP;
    pid_t child = limits->is_isolated ? (pid_t)syscall(SYS_clone, spaces | SIGCHLD, 0, 0, 0, 0) : fork();
    if (child == 0) {
        become(path, arguments, environment, limits, devices, files, user, group);
        int number = errno;
        ssize_t ignored = write(failure[1], &number, sizeof number);
        (void)ignored;
        _exit(127);
    }
    int number = child < 0 ? errno : 0;
    close(failure[1]);
    /* The pipe ends without a word when the program has begun. */
    if (child > 0 && read(failure[0], &number, sizeof number) == sizeof number) waitpid(child, NULL, 0);
    close(failure[0]);
    if (limits->is_isolated) rmdir(devices);
    return number != 0 ? -number : child;
}
