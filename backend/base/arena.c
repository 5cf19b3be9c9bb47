#include "base/arena.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif
#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define REDZONE      alignof(max_align_t) /* an overrun of one allocation is caught before the next */
#define hide(p, n)   ASAN_POISON_MEMORY_REGION((p), (n))
#define unhide(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
#else
#define REDZONE      0
#define hide(p, n)   ((void)(p), (void)(n))
#define unhide(p, n) ((void)(p), (void)(n))
#endif

#define BLOCK_FIRST 4096
#define BLOCK_MOST  (256 * 1024)

struct block {
    struct block *next; /* older */
    size_t size, used;
    alignas(max_align_t) char data[];
};

struct arena {
    struct block *blocks; /* newest first */
    size_t cap, used, next_size;
};

struct arena *arena_new(size_t cap_bytes)
{
    struct arena *a = calloc(1, sizeof(*a));
    if (a == NULL)
        return NULL;
    a->cap = cap_bytes;
    a->next_size = BLOCK_FIRST;
    return a;
}

static void block_free(struct block *b)
{
    unhide(b->data, b->size);
    free(b);
}

struct arena *arena_free(struct arena *a)
{
    if (a == NULL)
        return NULL;
    for (struct block *b = a->blocks, *next; b != NULL; b = next) {
        next = b->next;
        block_free(b);
    }
    free(a);
    return NULL;
}

void arena_freep(struct arena **a)
{
    *a = arena_free(*a);
}

void arena_reset(struct arena *a)
{
    struct block *keep = a->blocks;
    if (keep != NULL) {
        for (struct block *b = keep->next, *next; b != NULL; b = next) {
            next = b->next;
            block_free(b);
        }
        keep->next = NULL;
        if (keep->size > BLOCK_MOST) { /* made for one large allocation: not worth keeping */
            block_free(keep);
            a->blocks = NULL;
            a->next_size = BLOCK_FIRST;
        } else {
            keep->used = 0;
            hide(keep->data, keep->size);
        }
    }
    a->used = 0;
}

static bool block_add(struct arena *a, size_t need)
{
    size_t size = a->next_size < need ? need : a->next_size;
    if (size > SIZE_MAX - sizeof(struct block))
        return false;
    struct block *b = malloc(sizeof(*b) + size);
    if (b == NULL)
        return false;
    b->size = size;
    b->used = 0;
    b->next = a->blocks;
    a->blocks = b;
    hide(b->data, b->size);
    if (a->next_size < BLOCK_MOST)
        a->next_size *= 2;
    return true;
}

void *arena_alloc(struct arena *a, size_t n)
{
    size_t align = alignof(max_align_t);
    if (n == 0)
        n = 1;
    if (n > SIZE_MAX - align - REDZONE)
        return NULL;
    size_t rounded = (n + align - 1) / align * align;
    if (rounded > a->cap - a->used)
        return NULL;
    size_t need = rounded + REDZONE;
    if ((a->blocks == NULL || need > a->blocks->size - a->blocks->used) && !block_add(a, need))
        return NULL;

    struct block *b = a->blocks;
    char *p = b->data + b->used;
    b->used += need;
    a->used += rounded;
    unhide(p, n);
    return memset(p, 0, n);
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    size_t n;
    if (__builtin_mul_overflow(count, size, &n))
        return NULL;
    return arena_alloc(a, n);
}

char *arena_strdup(struct arena *a, const char *s)
{
    return arena_strndup(a, s, strlen(s));
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
    size_t len = strnlen(s, n);
    char *p = arena_alloc(a, len + 1);
    if (p != NULL)
        memcpy(p, s, len);
    return p;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    char text[256]; /* mostly enough: then it is formatted once */
    int n = vsnprintf(text, sizeof(text), fmt, ap);
    char *p = n < 0 ? NULL : arena_alloc(a, (size_t)n + 1);
    if (p != NULL && (size_t)n < sizeof(text))
        memcpy(p, text, (size_t)n);
    else if (p != NULL)
        vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    va_end(ap);
    return p;
}

enum status arena_exhausted(struct error *err)
{
    return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL,
                     "This needs more memory than it may use. Send less, or try again in a moment.");
}
