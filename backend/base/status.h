#ifndef VIVA_BASE_STATUS_H
#define VIVA_BASE_STATUS_H
/* The outcome of every fallible call, and the error that explains it. */

#include <stddef.h>

#define must_check        __attribute__((warn_unused_result))
#define printf_like(f, a) __attribute__((format(printf, f, a)))

enum status {
    STATUS_OK = 0,
    STATUS_MALFORMED,       /* cannot be parsed at all            -> 400 */
    STATUS_UNAUTHENTICATED, /* no or bad credentials              -> 401 */
    STATUS_FORBIDDEN,       /* known, but not allowed             -> 403 */
    STATUS_NOT_FOUND,       /* or not visible to the caller       -> 404 */
    STATUS_CONFLICT,        /* clashes with the present state     -> 409 */
    STATUS_PRECONDITION,    /* it changed meanwhile (If-Match)    -> 412 */
    STATUS_GONE,            /* was there, has ended               -> 410 */
    STATUS_TOO_LARGE,       /* over a limit                       -> 413 */
    STATUS_UNSUPPORTED,     /* media type or codec                -> 415 */
    STATUS_INVALID,         /* parsed, but a field is wrong       -> 422 */
    STATUS_RATE_LIMITED,    /*                                    -> 429 */
    STATUS_UNAVAILABLE,     /* an engine, a queue, the database   -> 503 with Retry-After */
    STATUS_NO_MEMORY,       /*                                    -> 503 */
    STATUS_IO,              /* disk, subprocess                   -> 500 */
    STATUS_INTERNAL,        /* a bug                              -> 500 */
};

/* Filled on failure only. `code` is a stable snake_case word for programs ("link_unknown"), `field` the dotted path of
 * the input that is wrong or "", `message` a sentence for people, `details` "" or a JSON object. */
struct error {
    char code[48];
    char field[96];
    char message[320];
    char details[256];
};

/* Fills *err (which may be NULL) and returns st, so that callers can `return error_set(...)`. `field` may be NULL. */
enum status error_set(struct error *err, enum status st, const char *code, const char *field, const char *fmt, ...)
    printf_like(5, 6);

/* The word for a status ("not_found"), for logs. Never NULL. */
const char *status_name(enum status st);

#endif
