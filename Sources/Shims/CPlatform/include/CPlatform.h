// What the C library or the CPU knows and Swift does not say.
#ifndef DESCENT_CPLATFORM_H
#define DESCENT_CPLATFORM_H

/// Swaps two paths in one step. Returns 0, or an error number.
int descent_exchange(const char *a, const char *b);

/// Tells the allocator to keep freed memory for itself: the curves of finished runs make room for those of the next, and
/// the kernel need not clear pages over and over.
void descent_keep_memory(void);

/// Gives freed memory back to the system: between two reports, say.
void descent_return_memory(void);

/// The path of the library that a symbol of this process is in, or NULL.
const char *descent_library_of(const char *symbol);

/// Calls `take` with the path of every shared library that this process has loaded, as the loader was asked for it.
void descent_each_library(void (*take)(const char *path, void *context), void *context);

/// Ends this process with its parent, also when the parent is killed. Returns 0 if the process of the number `parent` has ended
/// already. Its number may be 1, in namespaces of its own.
int descent_end_with_parent(int parent);

/// From now on SIGINT and SIGTERM that somebody sends to this process are passed on to `child`, and end only that one. The
/// signals of a terminal reach the whole group of processes anyway; those are not passed on a second time.
void descent_pass_signals_on(int child);

/// Starts a program in a process group of its own, with pipes for its output and its errors and nothing for its input. The program
/// inherits no other open file, and the kernel ends it when the calling thread ends. `memory` limits the bytes of its data; 0 is no
/// limit. Returns the number of the process, or the negative of an error number.
int descent_start(const char *path, char *const arguments[], char *const environment[], const char *directory,
                  unsigned long long memory, int *output, int *errors);

/// What a program may use that somebody else has written. A limit of 0 is none.
struct descent_limits {
    /// The folder in which it runs; if it is isolated, the only one in which it can write.
    const char *scratch;
    /// Files and folders that it must not read, then NULL; only if it is isolated.
    char *const *hidden;
    /// Whether it runs in namespaces of its own: no network, no process but its own, no file that it can write but in `scratch`.
    int is_isolated;
    /// Bytes of data of one process, bytes of one file, seconds of processor time of one process.
    unsigned long long memory, file_size, seconds;
    /// Open files of one process; processes and threads, only if it is isolated.
    unsigned long long open_files, processes;
};

/// Starts a program with limits in a process group of its own, with three open files as its input, output and errors; it inherits no
/// other. The kernel ends it when the calling thread ends; an isolated one with all processes that it has started. Returns the
/// number of the process, or the negative of an error number, also where the system does not isolate.
int descent_start_limited(const char *path, char *const arguments[], char *const environment[],
                          const struct descent_limits *limits, const int files[3]);

#endif
