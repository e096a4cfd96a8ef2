// What the C library or the CPU knows and Swift does not say.
#ifndef DESCENT_CPLATFORM_H
#define DESCENT_CPLATFORM_H

/// Swaps two paths in one step. Returns 0, or an error number.
int descent_exchange(const char *a, const char *b);

/// Tells the allocator to keep freed memory for itself: the curves of finished runs make room for those of the next, and
/// the kernel need not clear pages over and over.
void descent_keep_memory(void);

/// The path of the library that a symbol of this process is in, or NULL.
const char *descent_library_of(const char *symbol);

/// Ends this process with its parent, also when the parent is killed. Returns 0 if the parent has ended already.
int descent_end_with_parent(void);

/// From now on SIGINT and SIGTERM that somebody sends to this process are passed on to `child`, and end only that one. The
/// signals of a terminal reach the whole group of processes anyway; those are not passed on a second time.
void descent_pass_signals_on(int child);

/// Starts a program in a process group of its own, with pipes for its output and its errors and nothing for its input. The program
/// inherits no other open file, and the kernel ends it when the calling thread ends. `memory` limits the bytes of its data; 0 is no
/// limit. Returns the number of the process, or the negative of an error number.
int descent_start(const char *path, char *const arguments[], char *const environment[], const char *directory,
                  unsigned long long memory, int *output, int *errors);

#endif
