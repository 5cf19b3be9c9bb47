#include "base/log.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_BYTES (16 * 1024)

static atomic_int lowest = LOG_INFO;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* keeps the lines of several threads apart on stderr */

void log_set_level(enum log_level level)
{
    atomic_store(&lowest, (int)level);
}

static const char *level_name(enum log_level level)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    return names[level];
}

/* A log that cannot be written is no reason to stop: short writes are finished, errors end it. */
static void write_line(const char *p, size_t n)
{
    pthread_mutex_lock(&lock);
    while (n > 0) {
        ssize_t done = write(STDERR_FILENO, p, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            break;
        p += done;
        n -= (size_t)done;
    }
    pthread_mutex_unlock(&lock);
}

static void begin_line(struct json *j, struct buf *b, enum log_level level, const char *event)
{
    buf_init(b, LINE_MAX_BYTES);
    json_init(j, b);
    json_object_begin(j);
    json_kv_time(j, "ts", clock_unix_ms(&clock_system));
    json_kv_string(j, "level", level_name(level));
    json_kv_string(j, "event", event);
}

static void end_line(struct json *j, enum log_level level, const char *event)
{
    json_object_end(j);
    buf_char(j->out, '\n');
    if (!buf_ok(j->out)) { /* too long, or no memory: at least say what happened */
        buf_free(j->out);
        begin_line(j, j->out, level, event);
        json_kv_bool(j, "truncated", true);
        json_object_end(j);
        buf_char(j->out, '\n');
    }
    if (buf_ok(j->out))
        write_line(j->out->data, j->out->len);
    buf_free(j->out);
}

void log_event(enum log_level level, const char *event, ...)
{
    int saved = errno;
    if ((int)level < atomic_load(&lowest))
        return;
    struct buf b;
    struct json j;
    begin_line(&j, &b, level, event);
    va_list ap;
    va_start(ap, event);
    for (const char *key; (key = va_arg(ap, const char *)) != NULL;) {
        const char *value = va_arg(ap, const char *);
        if (value == NULL) /* also what a forgotten value looks like: the list ends here */
            break;
        json_kv_string(&j, key, value);
    }
    va_end(ap);
    end_line(&j, level, event);
    errno = saved;
}

/* What the client did wrong is of little interest; what we could not do is. */
static enum log_level failure_level(enum status st)
{
    switch (st) {
    case STATUS_IO:
    case STATUS_INTERNAL:
    case STATUS_NO_MEMORY:
        return LOG_ERROR;
    case STATUS_UNAVAILABLE:
        return LOG_WARN;
    default:
        return LOG_INFO;
    }
}

void log_failure(const char *where, const char *id, enum status st, const struct error *err)
{
    enum log_level level = failure_level(st);
    if ((int)level < atomic_load(&lowest))
        return;
    struct buf b;
    struct json j;
    begin_line(&j, &b, level, "failure");
    json_kv_string(&j, "where", where);
    if (id != NULL)
        json_kv_string(&j, "id", id);
    json_kv_string(&j, "status", status_name(st));
    if (err != NULL && err->code[0] != '\0')
        json_kv_string(&j, "code", err->code);
    if (err != NULL && err->field[0] != '\0')
        json_kv_string(&j, "field", err->field);
    /* A message about bad input may repeat the input, and with it what must not be logged. */
    if (err != NULL && err->message[0] != '\0' && level > LOG_INFO)
        json_kv_string(&j, "message", err->message);
    end_line(&j, level, "failure");
}
