#ifndef VIVA_HTTP_PARSE_H
#define VIVA_HTTP_PARSE_H
/* The small grammars of HTTP, apart from any connection: everything here is pure and fuzzed
 * (tests/fuzz/fuzz_http_parse.c). */

#include "base/arena.h"

#include <stdbool.h>

struct query_pair {
    const char *name, *value;
};

struct query {
    struct query_pair *pairs;
    size_t count;
};

#define PATH_SEGMENTS_MAX 24
#define QUERY_PAIRS_MAX   64

struct path {
    char *segments[PATH_SEGMENTS_MAX]; /* decoded; the last may be "" ("/a/" has two) */
    size_t count;
    char *text; /* decoded and joined: "/a/b" */
};

enum range_result { RANGE_NONE, RANGE_ONE, RANGE_UNSATISFIABLE };

/* The path of a request target (without its query). Refuses what does not start with '/', empty segments within, "."
 * and "..", encoded slashes and backslashes. */
enum status path_parse(struct arena *a, const char *raw, size_t n, struct path *ret, struct error *err) must_check;
enum status query_parse(struct arena *a, const char *raw, struct query *ret,
                        struct error *err) must_check;          /* raw may be NULL */
const char *query_get(const struct query *q, const char *name); /* the first; NULL when absent */

/* A Range header against a representation of `size` bytes. Several ranges, other units and malformed ones are
 * RANGE_NONE: the whole is sent, as RFC 9110 allows. */
enum range_result range_parse(const char *header, uint64_t size, uint64_t *ret_first, uint64_t *ret_length);
/* Whether an If-None-Match / If-Range list names this entity tag (given without quotes), by weak comparison. */
bool etag_matches(const char *header, const char *etag);
/* Whether Accept-Encoding allows the coding ("br", "gzip") with q > 0. */
bool encoding_accepted(const char *header, const char *coding);
/* Whether a comma separated header holds the token, letters of either case. */
bool list_has_token(const char *header, const char *token);

bool http_is_token(const char *s);                    /* RFC 9110 tchar, not empty */
bool http_is_field_value(const char *s, size_t n);    /* no control characters but tab */
bool http_is_authority(const char *s);                /* host[:port], as in Host; not empty */
bool http_parse_length(const char *s, uint64_t *ret); /* Content-Length: digits only */
/* The last entry of an X-Forwarded-For header, which our own proxy added: an address, perhaps in brackets or with a
 * port, written in one way (IPv4 within IPv6 as IPv4). false when it is none. */
#define ADDRESS_TEXT_SIZE 46
bool forwarded_address(const char *header, char out[ADDRESS_TEXT_SIZE]);
/* scheme://host[:port] into its authority; false when it is not such an origin. */
bool origin_authority(const char *origin, const char **ret);

#endif
