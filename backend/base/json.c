#include "base/json.h"

#include "base/clock.h"
#include "base/utf8.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void json_init(struct json *j, struct buf *out)
{
    *j = (struct json){.out = out};
    j->first[0] = true;
}

/* What must stand before a value or key: nothing after a key, else a comma unless it is the first. */
static void separate(struct json *j)
{
    if (j->after_key) {
        j->after_key = false;
        return;
    }
    if (!j->first[j->depth])
        buf_char(j->out, ',');
    j->first[j->depth] = false;
}

static void begin(struct json *j, char c)
{
    separate(j);
    if (j->depth + 1 >= JSON_DEPTH_MAX) {
        j->out->failed = true;
        return;
    }
    buf_char(j->out, c);
    j->first[++j->depth] = true;
}

static void end(struct json *j, char c)
{
    if (j->depth == 0 || j->after_key) {
        j->out->failed = true;
        return;
    }
    j->depth--;
    buf_char(j->out, c);
}

void json_object_begin(struct json *j)
{
    begin(j, '{');
}

void json_object_end(struct json *j)
{
    end(j, '}');
}

void json_array_begin(struct json *j)
{
    begin(j, '[');
}

void json_array_end(struct json *j)
{
    end(j, ']');
}

static void escape(struct buf *b, unsigned char c)
{
    switch (c) {
    case '"':
        buf_str(b, "\\\"");
        break;
    case '\\':
        buf_str(b, "\\\\");
        break;
    case '\n':
        buf_str(b, "\\n");
        break;
    case '\r':
        buf_str(b, "\\r");
        break;
    case '\t':
        buf_str(b, "\\t");
        break;
    default:
        buf_printf(b, "\\u%04x", c);
        break;
    }
}

/* Printable ASCII that needs no escape: most of what is ever written. */
static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

static void quoted(struct buf *b, const char *s, size_t n)
{
    size_t done = 0, i = 0; /* s[done..i) is to be copied as it is */
    buf_char(b, '"');
    while (i < n) {
        unsigned char c = (unsigned char)s[i];
        if (is_plain(c)) {
            i++;
            continue;
        }
        size_t step = utf8_next(s + i, n - i, NULL);
        if (step > 1) {
            i += step;
            continue;
        }
        buf_append(b, s + done, i - done);
        if (step == 0)
            buf_str(b, "\xEF\xBF\xBD");
        else
            escape(b, c);
        done = ++i;
    }
    buf_append(b, s + done, n - done);
    buf_char(b, '"');
}

void json_key(struct json *j, const char *key)
{
    separate(j);
    quoted(j->out, key, strlen(key));
    buf_char(j->out, ':');
    j->after_key = true;
}

void json_string(struct json *j, const char *s)
{
    if (s == NULL)
        json_null(j);
    else
        json_stringn(j, s, strlen(s));
}

void json_stringn(struct json *j, const char *s, size_t n)
{
    separate(j);
    quoted(j->out, s, n);
}

void json_int(struct json *j, int64_t v)
{
    char text[24];
    size_t n = sizeof(text);
    uint64_t rest = v < 0 ? -(uint64_t)v : (uint64_t)v;
    do
        text[--n] = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (v < 0)
        text[--n] = '-';
    separate(j);
    buf_append(j->out, text + n, sizeof(text) - n);
}

void json_number(struct json *j, double v)
{
    if (!isfinite(v)) {
        json_null(j);
        return;
    }
    char text[40];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof(text), "%.*g", digits, v);
        if (strtod(text, NULL) == v)
            break;
    }
    char *comma = strchr(text, ','); /* a locale's */
    if (comma != NULL)
        *comma = '.';
    separate(j);
    buf_str(j->out, text);
}

void json_bool(struct json *j, bool v)
{
    json_raw(j, v ? "true" : "false");
}

void json_null(struct json *j)
{
    json_raw(j, "null");
}

void json_raw(struct json *j, const char *text)
{
    separate(j);
    buf_str(j->out, text != NULL ? text : "null");
}

void json_id(struct json *j, struct id id)
{
    char text[ID_TEXT_SIZE];
    id_format(id, text);
    json_string(j, id_is_zero(id) ? NULL : text);
}

void json_time(struct json *j, int64_t unix_ms)
{
    char text[32];
    time_format(unix_ms, text);
    json_string(j, unix_ms == 0 ? NULL : text);
}

void json_kv_string(struct json *j, const char *k, const char *v)
{
    json_key(j, k);
    json_string(j, v);
}

void json_kv_int(struct json *j, const char *k, int64_t v)
{
    json_key(j, k);
    json_int(j, v);
}

void json_kv_number(struct json *j, const char *k, double v)
{
    json_key(j, k);
    json_number(j, v);
}

void json_kv_bool(struct json *j, const char *k, bool v)
{
    json_key(j, k);
    json_bool(j, v);
}

void json_kv_id(struct json *j, const char *k, struct id v)
{
    json_key(j, k);
    json_id(j, v);
}

void json_kv_time(struct json *j, const char *k, int64_t v)
{
    json_key(j, k);
    json_time(j, v);
}
