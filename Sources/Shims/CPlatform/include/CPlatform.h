// What the C library or the CPU knows and Swift does not say.
#ifndef DESCENT_CPLATFORM_H
#define DESCENT_CPLATFORM_H

/// Swaps two paths in one step. Returns 0, or an error number.
int descent_exchange(const char *a, const char *b);

/// Tells the allocator to keep freed memory for itself: the curves of finished runs make room for those of the next, and
/// the kernel need not clear pages over and over.
void descent_keep_memory(void);

#endif
