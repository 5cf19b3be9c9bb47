#include "routes/common.h"

#include "base/clock.h"
#include "base/utf8.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum status route_number(const struct request *rq, const char *name, int64_t min, int64_t max, int64_t fallback,
                         int64_t *ret, struct error *err)
{
    const char *text = request_query(rq, name);
    if (!text || !*text) {
        *ret = fallback;
        return STATUS_OK;
    }
    char *end = NULL;
    errno = 0;
    long long v = strtoll(text, &end, 10);
    bool digits = text[strspn(text, "-0123456789")] == '\0'; /* strtoll also takes spaces */
    if (!digits || errno || end == text || *end || v < min || v > max)
        return error_set(err, STATUS_INVALID, "field_range", name,
                         "%s must be a whole number between %" PRId64 " and %" PRId64, name, min, max);
    *ret = v;
    return STATUS_OK;
}

enum status route_real(const struct request *rq, const char *name, double min, double max, double *ret,
                       struct error *err)
{
    const char *text = request_query(rq, name);
    *ret = 0;
    if (!text || !*text)
        return STATUS_OK;
    char *end = NULL;
    double v = strtod(text, &end);
    bool plain = text[strspn(text, "-.0123456789")] == '\0'; /* strtod also takes spaces, hexadecimal, "inf" */
    if (!plain || end == text || *end || !(v >= min) || !(v <= max))
        return error_set(err, STATUS_INVALID, "field_range", name, "%s must be a number between %g and %g", name, min,
                         max);
    *ret = v;
    return STATUS_OK;
}

const struct choice route_flag_choices[] = {{"false", "No"}, {"true", "Yes"}, {NULL, NULL}};

enum status route_flag(const struct request *rq, const char *name, int *ret, struct error *err)
{
    return route_choice(rq, name, route_flag_choices, ret, err);
}

enum status route_paging(const struct request *rq, struct paging *ret, struct error *err)
{
    enum status st = route_number(rq, "page", 1, 1000000, 1, &ret->page, err);
    return st == STATUS_OK ? route_number(rq, "page_size", 1, 100, 20, &ret->page_size, err) : st;
}

enum status route_choice(const struct request *rq, const char *name, const struct choice *choices, int *ret,
                         struct error *err)
{
    const char *text = request_query(rq, name);
    *ret = text && *text ? choice_index(choices, text) : -1;
    if (text && *text && *ret < 0)
        return error_set(err, STATUS_INVALID, "field_choice", name, "%s has no value \"%.40s\"", name, text);
    return STATUS_OK;
}

enum status route_sort(const struct request *rq, const struct choice *choices, struct sort fallback, struct sort *ret,
                       struct error *err)
{
    const char *text = request_query(rq, "sort");
    if (!text || !*text) {
        *ret = fallback;
        return STATUS_OK;
    }
    bool descending = *text == '-';
    int key = choice_index(choices, text + descending);
    if (key < 0)
        return error_set(err, STATUS_INVALID, "field_choice", "sort", "sort has no value \"%.40s\"", text);
    *ret = (struct sort){.key = key, .descending = descending};
    return STATUS_OK;
}

enum status route_id(const struct request *rq, const char *name, struct id *ret, struct error *err)
{
    const char *text = request_query(rq, name);
    *ret = (struct id){0};
    if (text && *text && !id_parse(text, ret))
        return error_set(err, STATUS_INVALID, "field_format", name, "%s must be a UUID", name);
    return STATUS_OK;
}

enum status route_time(const struct request *rq, const char *name, int64_t *ret, struct error *err)
{
    const char *text = request_query(rq, name);
    *ret = 0;
    if (text && *text && time_parse(text, ret))
        return error_set(err, STATUS_INVALID, "field_format", name, "%s must be a time like 2026-11-24T09:00:00Z",
                         name);
    return STATUS_OK;
}

enum status route_text(const struct request *rq, const char *name, size_t max, const char **ret, struct error *err)
{
    const char *text = request_query(rq, name);
    if (text && utf8_length(text, strlen(text)) > max)
        return error_set(err, STATUS_INVALID, "field_length", name, "%s may have %zu characters", name, max);
    *ret = text;
    return STATUS_OK;
}

enum status route_reply_media(struct response *rs, const struct recording_media *m, struct error *err)
{
    if (m->etag)
        return response_file(rs, m->fd, m->size, m->media_type, m->etag, NULL, err);
    close(m->fd);
    return arena_exhausted(err);
}

void route_retry_after(struct response *rs, int64_t wait_ms)
{
    char seconds[24];
    snprintf(seconds, sizeof seconds, "%lld", (long long)(wait_ms + 999) / 1000);
    response_header(rs, "Retry-After", seconds);
}
