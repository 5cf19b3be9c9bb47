#ifndef VIVA_TESTS_FAILING_ALLOC_H
#define VIVA_TESTS_FAILING_ALLOC_H
/* Include this, then the .c file under test: its allocations then go through here, and the Nth can be made to fail. The
 * file's own object in the library is not linked, since the test defines its symbols. */

#include <stdlib.h>
#include <string.h>

static long alloc_left = -1; /* how many still succeed; -1: all */
static long alloc_live;

static int alloc_refused(void)
{
    if (alloc_left == 0)
        return 1;
    if (alloc_left > 0)
        alloc_left--;
    return 0;
}

static inline void *fault_malloc(size_t n)
{
    void *p = alloc_refused() ? NULL : malloc(n);
    alloc_live += p != NULL;
    return p;
}

static inline void *fault_calloc(size_t n, size_t size)
{
    void *p = alloc_refused() ? NULL : calloc(n, size);
    alloc_live += p != NULL;
    return p;
}

static inline void *fault_realloc(void *old, size_t n)
{
    void *p = alloc_refused() ? NULL : realloc(old, n);
    alloc_live += p != NULL && old == NULL;
    return p;
}

static inline void fault_free(void *p)
{
    alloc_live -= p != NULL;
    free(p);
}

#define malloc(n)     fault_malloc(n)
#define calloc(n, s)  fault_calloc(n, s)
#define realloc(p, n) fault_realloc(p, n)
#define free(p)       fault_free(p)

#endif
