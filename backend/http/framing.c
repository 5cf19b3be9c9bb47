/* What libmicrohttpd 0.9.75 lets through and a proxy in front might read otherwise: the two would then disagree where a
 * request ends (request smuggling). Anything ambiguous is refused and the connection closed. */
#include "http/internal.h"

#include <string.h>
#include <strings.h>

struct headers {
    struct {
        const char *name, *value;
        size_t name_len, value_len;
    } at[HEADERS_MAX_COUNT];
    size_t count;
    bool overflow;
};

static enum MHD_Result collect(void *cls, enum MHD_ValueKind kind, const char *name, size_t name_len, const char *value,
                               size_t value_len)
{
    struct headers *h = cls;
    (void)kind;
    if (h->count == HEADERS_MAX_COUNT) {
        h->overflow = true;
        return MHD_NO;
    }
    h->at[h->count].name = name;
    h->at[h->count].name_len = name_len;
    h->at[h->count].value = value != NULL ? value : "";
    h->at[h->count++].value_len = value_len;
    return MHD_YES;
}

static enum status malformed(struct error *err, const char *code, const char *why)
{
    return error_set(err, STATUS_MALFORMED, code, NULL, "%s", why);
}

/* 0.9.75 ends a line at a bare LF too, and joins folded lines. It overwrites each byte of a line's end with a NUL and
 * hands out pointers into its buffer: so where the next header begins tells how this one ended. Later versions have a
 * switch for it (server.c), and are not looked into. */
static enum status check_line_ends(struct MHD_Connection *mc, const struct headers *h, const char *method,
                                   const char *version, struct error *err)
{
    const union MHD_ConnectionInfo *size = MHD_get_connection_info(mc, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    if (size == NULL)
        return malformed(err, "request_malformed", "The request's headers are malformed.");
    const char *end = method + size->header_size, *line_end = version + strlen(version);
    for (size_t i = 0; i < h->count; i++) {
        if (h->at[i].name != line_end + 2)
            return malformed(err, "line_end", "Header lines must end with CR LF and must not be folded.");
        line_end = h->at[i].value + h->at[i].value_len;
    }
    if (end != line_end + 4)
        return malformed(err, "line_end", "Header lines must end with CR LF and must not be folded.");
    return STATUS_OK;
}

static bool is(const struct headers *h, size_t i, const char *name)
{
    return strcasecmp(h->at[i].name, name) == 0;
}

static enum status check_fields(const struct headers *h, struct error *err)
{
    for (size_t i = 0; i < h->count; i++) {
        if (strlen(h->at[i].name) != h->at[i].name_len || !http_is_token(h->at[i].name))
            return malformed(err, "header_name", "A header has a malformed name.");
        if (strlen(h->at[i].value) != h->at[i].value_len || !http_is_field_value(h->at[i].value, h->at[i].value_len))
            return malformed(err, "header_value", "A header has control characters in its value.");
    }
    return STATUS_OK;
}

static enum status check_body_framing(const struct headers *h, bool http11, uint64_t *ret_length, struct error *err)
{
    size_t lengths = 0, codings = 0;
    for (size_t i = 0; i < h->count; i++) {
        if (is(h, i, "Content-Length")) {
            if (lengths++ > 0 || !http_parse_length(h->at[i].value, ret_length))
                return malformed(err, "content_length", "Content-Length must be given once, in digits.");
        } else if (is(h, i, "Transfer-Encoding")) {
            if (codings++ > 0 || strcasecmp(h->at[i].value, "chunked") != 0 || !http11)
                return malformed(err, "transfer_encoding",
                                 "Of the transfer codings only a single chunked is understood.");
            *ret_length = UINT64_MAX;
        }
    }
    if (lengths > 0 && codings > 0)
        return malformed(err, "length_ambiguous", "Content-Length and Transfer-Encoding must not be given together.");
    return STATUS_OK;
}

static enum status check_host(const struct headers *h, bool http11, struct error *err)
{
    size_t hosts = 0;
    for (size_t i = 0; i < h->count; i++)
        if (is(h, i, "Host") && (hosts++ > 0 || !http_is_authority(h->at[i].value)))
            return malformed(err, "host", "The Host header must be given once, and well-formed.");
    if (hosts == 0 && http11)
        return malformed(err, "host", "The Host header is missing.");
    return STATUS_OK;
}

enum status framing_check(struct MHD_Connection *mc, const char *method, const char *version, uint64_t *ret_length,
                          struct error *err)
{
    struct headers h = {.count = 0};
    *ret_length = 0;
    MHD_get_connection_values_n(mc, MHD_HEADER_KIND, collect, &h);
    const union MHD_ConnectionInfo *size = MHD_get_connection_info(mc, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    if (h.overflow || (size != NULL && size->header_size > HEADERS_MAX_BYTES))
        return error_set(err, STATUS_TOO_LARGE, "headers_too_large", NULL, "The request's headers are too large.");
    enum status st = STATUS_OK;
    if (MHD_VERSION <= 0x00097500)
        st = check_line_ends(mc, &h, method, version, err);
    bool http11 = strcmp(version, "HTTP/1.0") != 0;
    if (st == STATUS_OK)
        st = check_fields(&h, err);
    if (st == STATUS_OK)
        st = check_body_framing(&h, http11, ret_length, err);
    if (st == STATUS_OK)
        st = check_host(&h, http11, err);
    return st;
}
