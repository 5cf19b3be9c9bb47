#include "providers/tts/espeak.h"

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/subprocess.h"

#include <string.h>

#define TIMEOUT_MS 20000
#define OUTPUT_MAX (4u << 20)
#define BATCH      64 /* lines a run, so that one odd line costs little */

static enum status run(const char *voice, const char *const *lines, size_t n, struct buf *out, struct error *err)
{
    cleanup(buf_free) struct buf in;
    const char *const argv[] = {"espeak-ng", "-q", "--ipa", "-v", voice, NULL};
    const struct subprocess_limits limits = {.timeout_ms = TIMEOUT_MS};

    buf_init(&in, OUTPUT_MAX);
    for (size_t i = 0; i < n; i++) {
        buf_str(&in, lines[i]);
        buf_char(&in, '\n');
    }
    if (!buf_ok(&in))
        return error_set(err, STATUS_TOO_LARGE, "text_too_long", "text", "the text is too long");
    const struct subprocess_io io = {.in = in.data, .in_len = in.len, .out = out};
    struct error own;
    memset(&own, 0, sizeof own);
    enum status st = subprocess_run(argv, &io, &limits, &own);
    if (st == STATUS_UNAVAILABLE)
        return error_set(err, st, "program_missing", NULL, "espeak-ng is not installed: apt-get install espeak-ng");
    if (st != STATUS_OK && err != NULL)
        *err = own;
    return st;
}

/* Drops "(en)" language switches, joins lines and runs of spaces into one space. */
static char *tidy(struct arena *a, const char *s, size_t n)
{
    char *out = arena_alloc(a, n + 1);
    size_t k = 0;
    if (out == NULL)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        if (s[i] == '(') {
            const char *close = memchr(s + i, ')', n - i);
            i = close == NULL ? n : (size_t)(close - s);
        } else if (s[i] == ' ' || s[i] == '\n' || s[i] == '\t') {
            if (k > 0 && out[k - 1] != ' ')
                out[k++] = ' ';
        } else if (s[i] != '_') {
            out[k++] = s[i];
        }
    }
    while (k > 0 && out[k - 1] == ' ')
        k--;
    out[k] = '\0';
    return out;
}

static size_t count_lines(const char *s)
{
    size_t n = s[0] != '\0';
    for (; *s != '\0'; s++)
        n += *s == '\n' && s[1] != '\0';
    return n;
}

/* One line at a time, for lines that espeak-ng answered with none or with several. */
static enum status one_by_one(const char *voice, const char *const *lines, size_t n, struct arena *a, const char **ret,
                              struct error *err)
{
    for (size_t i = 0; i < n; i++) {
        cleanup(buf_free) struct buf out;
        buf_init(&out, OUTPUT_MAX);
        enum status st = run(voice, &lines[i], 1, &out, err);
        if (st != STATUS_OK)
            return st;
        ret[i] = tidy(a, buf_cstr(&out), out.len);
        if (ret[i] == NULL)
            return arena_exhausted(err);
    }
    return STATUS_OK;
}

static enum status batch(const char *voice, const char *const *lines, size_t n, struct arena *a, const char **ret,
                         struct error *err)
{
    cleanup(buf_free) struct buf out;
    buf_init(&out, OUTPUT_MAX);
    enum status st = run(voice, lines, n, &out, err);
    if (st != STATUS_OK)
        return st;
    const char *p = buf_cstr(&out);
    if (count_lines(p) != n)
        return n == 1 ? ((ret[0] = tidy(a, p, out.len)) == NULL ? arena_exhausted(err) : STATUS_OK)
                      : one_by_one(voice, lines, n, a, ret, err);
    for (size_t i = 0; i < n; i++) {
        size_t len = strcspn(p, "\n");
        ret[i] = tidy(a, p, len);
        if (ret[i] == NULL)
            return arena_exhausted(err);
        p += len + (p[len] == '\n');
    }
    return STATUS_OK;
}

enum status espeak_ipa(const char *voice, const char *const *lines, size_t n, struct arena *a, const char **ret,
                       struct error *err)
{
    for (size_t i = 0; i < n; i += BATCH) {
        enum status st = batch(voice, lines + i, n - i < BATCH ? n - i : BATCH, a, ret + i, err);
        if (st != STATUS_OK)
            return st;
    }
    return STATUS_OK;
}
