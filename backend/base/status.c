#include "base/status.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void copy_text(char *out, size_t size, const char *text)
{
    size_t n = strlen(text);
    if (n >= size)
        n = size - 1;
    memcpy(out, text, n);
    out[n] = '\0';
    utf8_trim_partial(out);
}

enum status error_set(struct error *err, enum status st, const char *code, const char *field, const char *fmt, ...)
{
    if (err == NULL)
        return st;

    /* Formatted aside: an argument may point into *err (a message that wraps the one before). */
    struct error next = {0};
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(next.message, sizeof(next.message), fmt, ap);
    va_end(ap);
    if (n < 0)
        next.message[0] = '\0';
    if ((size_t)n >= sizeof(next.message))
        utf8_trim_partial(next.message);
    copy_text(next.code, sizeof(next.code), code);
    copy_text(next.field, sizeof(next.field), field != NULL ? field : "");
    *err = next;
    return st;
}

const char *status_name(enum status st)
{
    switch (st) {
    case STATUS_OK:
        return "ok";
    case STATUS_MALFORMED:
        return "malformed";
    case STATUS_UNAUTHENTICATED:
        return "unauthenticated";
    case STATUS_FORBIDDEN:
        return "forbidden";
    case STATUS_NOT_FOUND:
        return "not_found";
    case STATUS_CONFLICT:
        return "conflict";
    case STATUS_PRECONDITION:
        return "precondition";
    case STATUS_GONE:
        return "gone";
    case STATUS_TOO_LARGE:
        return "too_large";
    case STATUS_UNSUPPORTED:
        return "unsupported";
    case STATUS_INVALID:
        return "invalid";
    case STATUS_RATE_LIMITED:
        return "rate_limited";
    case STATUS_UNAVAILABLE:
        return "unavailable";
    case STATUS_NO_MEMORY:
        return "no_memory";
    case STATUS_IO:
        return "io";
    case STATUS_INTERNAL:
        return "internal";
    }
    return "unknown";
}
