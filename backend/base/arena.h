#ifndef VIVA_BASE_ARENA_H
#define VIVA_BASE_ARENA_H
/* Bump allocator with a byte cap: one per request, turn or job. Everything allocated lives until
 * arena_reset/arena_free. Not thread-safe: one owner at a time. */

#include "base/status.h"

#include <stdarg.h>
#include <stdint.h>

struct arena;

struct arena *arena_new(size_t cap_bytes); /* NULL when out of memory */
struct arena *arena_free(struct arena *a); /* takes NULL, returns NULL */
void arena_freep(struct arena **a);        /* for cleanup() */
void arena_reset(struct arena *a);         /* forgets everything, keeps one block */

/* All return NULL when memory or the cap is used up. Memory is zeroed and aligned for any type. */
void *arena_alloc(struct arena *a, size_t n);
void *arena_array(struct arena *a, size_t count, size_t size); /* overflow-checked */
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...) printf_like(2, 3);

#define arena_new_of(a, type) ((type *)arena_alloc((a), sizeof(type)))

/* The error every caller returns when one of the above gave NULL. */
enum status arena_exhausted(struct error *err);

#endif
