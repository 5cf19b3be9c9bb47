#include "http/parse.h"

#include "base/utf8.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool is_control(unsigned char c)
{
    return c < 0x20 || c == 0x7F;
}

/* Decodes %XX once. NULL when a sequence is broken, when the result is not UTF-8, has control characters, or when
 * memory is out. plus_is_space: the rule of query strings. *ret_slash (may be NULL): an encoded slash stood in it. */
static char *percent_decode(struct arena *a, const char *s, size_t n, bool plus_is_space, bool *ret_slash)
{
    char *out = arena_alloc(a, n + 1);
    if (out == NULL)
        return NULL;
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        char c = s[i];
        if (c == '%') {
            int hi = i + 1 < n ? hex_digit(s[i + 1]) : -1, lo = i + 2 < n ? hex_digit(s[i + 2]) : -1;
            if (hi < 0 || lo < 0)
                return NULL;
            c = (char)(hi << 4 | lo);
            i += 2;
            if (c == '/' && ret_slash != NULL)
                *ret_slash = true;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        if (is_control((unsigned char)c) && !(plus_is_space && (c == '\t' || c == '\n' || c == '\r')))
            return NULL;
        out[k++] = c;
    }
    out[k] = '\0';
    return utf8_valid(out, k) ? out : NULL;
}

static enum status bad_path(struct error *err)
{
    return error_set(err, STATUS_MALFORMED, "path_malformed", NULL, "The address of this request is malformed.");
}

static bool segment_ok(const char *s, bool encoded_slash)
{
    return !encoded_slash && strchr(s, '\\') == NULL && strcmp(s, ".") != 0 && strcmp(s, "..") != 0;
}

static enum status path_join(struct arena *a, size_t n, struct path *p, struct error *err)
{
    char *text = arena_alloc(a, n + 2);
    if (text == NULL)
        return arena_exhausted(err);
    size_t k = 0;
    for (size_t i = 0; i < p->count; i++) {
        size_t len = strlen(p->segments[i]);
        text[k++] = '/';
        memcpy(text + k, p->segments[i], len);
        k += len;
    }
    p->text = text;
    return STATUS_OK;
}

enum status path_parse(struct arena *a, const char *raw, size_t n, struct path *ret, struct error *err)
{
    *ret = (struct path){0};
    if (n == 0 || raw[0] != '/')
        return bad_path(err);
    size_t at = 1;
    for (;;) {
        const char *slash = memchr(raw + at, '/', n - at);
        size_t end = slash != NULL ? (size_t)(slash - raw) : n;
        bool encoded_slash = false;
        char *s = percent_decode(a, raw + at, end - at, false, &encoded_slash);
        if (s == NULL || !segment_ok(s, encoded_slash) || (end == at && end != n) || ret->count == PATH_SEGMENTS_MAX)
            return bad_path(err);
        ret->segments[ret->count++] = s;
        if (end == n)
            return path_join(a, n, ret, err);
        at = end + 1;
    }
}

static enum status bad_query(struct error *err)
{
    return error_set(err, STATUS_MALFORMED, "query_malformed", NULL, "The query of this address is malformed.");
}

static enum status query_add(struct arena *a, const char *s, size_t n, struct query *q, struct error *err)
{
    const char *eq = memchr(s, '=', n);
    size_t name_len = eq != NULL ? (size_t)(eq - s) : n;
    struct query_pair *pair = &q->pairs[q->count];
    pair->name = percent_decode(a, s, name_len, true, NULL);
    pair->value = eq != NULL ? percent_decode(a, eq + 1, n - name_len - 1, true, NULL) : "";
    if (pair->name == NULL || pair->value == NULL)
        return bad_query(err);
    q->count++;
    return STATUS_OK;
}

enum status query_parse(struct arena *a, const char *raw, struct query *ret, struct error *err)
{
    *ret = (struct query){0};
    if (raw == NULL || raw[0] == '\0')
        return STATUS_OK;
    ret->pairs = arena_array(a, QUERY_PAIRS_MAX, sizeof(*ret->pairs));
    if (ret->pairs == NULL)
        return arena_exhausted(err);
    while (*raw != '\0') {
        size_t n = strcspn(raw, "&");
        if (n > 0) {
            if (ret->count == QUERY_PAIRS_MAX)
                return bad_query(err);
            enum status st = query_add(a, raw, n, ret, err);
            if (st != STATUS_OK)
                return st;
        }
        raw += n + (raw[n] == '&');
    }
    return STATUS_OK;
}

const char *query_get(const struct query *q, const char *name)
{
    for (size_t i = 0; i < q->count; i++)
        if (strcmp(q->pairs[i].name, name) == 0)
            return q->pairs[i].value;
    return NULL;
}

/* Digits at *s; saturates at UINT64_MAX, so that a huge end of a range means "to the end". */
static bool digits(const char **s, uint64_t *ret)
{
    const char *p = *s;
    uint64_t v = 0;
    while (*p >= '0' && *p <= '9') {
        uint64_t d = (uint64_t)(*p - '0');
        v = v > (UINT64_MAX - d) / 10 ? UINT64_MAX : v * 10 + d;
        p++;
    }
    if (p == *s)
        return false;
    *s = p;
    *ret = v;
    return true;
}

static const char *skip_space(const char *s)
{
    return s + strspn(s, " \t");
}

enum range_result range_parse(const char *header, uint64_t size, uint64_t *ret_first, uint64_t *ret_length)
{
    if (header == NULL || strncasecmp(header, "bytes=", 6) != 0)
        return RANGE_NONE;
    const char *s = skip_space(header + 6);
    uint64_t first = 0, last = UINT64_MAX, suffix = 0;
    bool has_first = digits(&s, &first);
    if (*s++ != '-')
        return RANGE_NONE;
    bool has_last = digits(&s, has_first ? &last : &suffix);
    if ((!has_first && !has_last) || *skip_space(s) != '\0' || last < first)
        return RANGE_NONE;
    if (!has_first) {
        if (suffix == 0 || size == 0)
            return RANGE_UNSATISFIABLE;
        *ret_length = suffix < size ? suffix : size;
        *ret_first = size - *ret_length;
        return RANGE_ONE;
    }
    if (first >= size)
        return RANGE_UNSATISFIABLE;
    *ret_first = first;
    *ret_length = (last < size - 1 ? last : size - 1) - first + 1;
    return RANGE_ONE;
}

bool etag_matches(const char *header, const char *etag)
{
    if (header == NULL)
        return false;
    size_t n = strlen(etag);
    for (const char *s = header; *s != '\0';) {
        s += strspn(s, " \t,");
        if (*s == '*')
            return true;
        if (s[0] == 'W' && s[1] == '/')
            s += 2;
        if (*s != '"')
            return false;
        const char *end = strchr(s + 1, '"');
        if (end == NULL)
            return false;
        if ((size_t)(end - s - 1) == n && memcmp(s + 1, etag, n) == 0)
            return true;
        s = end + 1;
    }
    return false;
}

/* Whether the parameters after a coding say q=0 (or 0.0...): "not this one". */
static bool refused_by_q(const char *s, size_t n)
{
    for (size_t i = 0; i + 1 < n; i++) {
        if ((s[i] != 'q' && s[i] != 'Q') || s[i + 1] != '=')
            continue;
        for (i += 2; i < n && (s[i] == '0' || s[i] == '.'); i++)
            ;
        return i >= n || s[i] == ' ' || s[i] == '\t' || s[i] == ';';
    }
    return false;
}

bool encoding_accepted(const char *header, const char *coding)
{
    bool any = false;
    size_t want = strlen(coding);
    for (const char *s = header != NULL ? header : ""; *s != '\0';) {
        s += strspn(s, " \t,");
        size_t item = strcspn(s, ","), name = strcspn(s, " \t,;");
        if (name == want && strncasecmp(s, coding, want) == 0)
            return !refused_by_q(s + name, item - name);
        if (name == 1 && *s == '*')
            any = !refused_by_q(s + name, item - name);
        s += item;
    }
    return any;
}

bool list_has_token(const char *header, const char *token)
{
    size_t want = strlen(token);
    for (const char *s = header != NULL ? header : ""; *s != '\0';) {
        s += strspn(s, " \t,");
        size_t n = strcspn(s, " \t,");
        if (n == want && strncasecmp(s, token, want) == 0)
            return true;
        s += n;
    }
    return false;
}

bool http_is_token(const char *s)
{
    if (*s == '\0')
        return false;
    for (; *s != '\0'; s++) {
        bool alnum = (*s >= '0' && *s <= '9') || (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z');
        if (!alnum && strchr("!#$%&'*+-.^_`|~", *s) == NULL)
            return false;
    }
    return true;
}

bool http_is_field_value(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (is_control((unsigned char)s[i]) && s[i] != '\t')
            return false;
    return true;
}

bool http_is_authority(const char *s)
{
    size_t n = strlen(s);
    if (n == 0 || n > 255)
        return false;
    for (; *s != '\0'; s++) {
        bool alnum = (*s >= '0' && *s <= '9') || (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z');
        if (!alnum && strchr("-._:[]", *s) == NULL)
            return false;
    }
    return true;
}

bool http_parse_length(const char *s, uint64_t *ret)
{
    uint64_t v;
    if (!digits(&s, &v) || *s != '\0' || v == UINT64_MAX)
        return false;
    *ret = v;
    return true;
}

bool origin_authority(const char *origin, const char **ret)
{
    const char *s = NULL;
    if (strncmp(origin, "http://", 7) == 0)
        s = origin + 7;
    else if (strncmp(origin, "https://", 8) == 0)
        s = origin + 8;
    if (s == NULL || !http_is_authority(s))
        return false;
    *ret = s;
    return true;
}

static bool address_write(const char *text, char out[ADDRESS_TEXT_SIZE])
{
    struct in6_addr six;
    struct in_addr four;
    if (inet_pton(AF_INET, text, &four) == 1)
        return inet_ntop(AF_INET, &four, out, ADDRESS_TEXT_SIZE) != NULL;
    if (inet_pton(AF_INET6, text, &six) != 1)
        return false;
    if (IN6_IS_ADDR_V4MAPPED(&six))
        return inet_ntop(AF_INET, six.s6_addr + 12, out, ADDRESS_TEXT_SIZE) != NULL;
    return inet_ntop(AF_INET6, &six, out, ADDRESS_TEXT_SIZE) != NULL;
}

bool forwarded_address(const char *header, char out[ADDRESS_TEXT_SIZE])
{
    const char *last = strrchr(header, ',');
    char text[64];
    last = last != NULL ? last + 1 : header;
    last += strspn(last, " \t\"[");
    size_t n = strcspn(last, " \t\"]");
    if (n == 0 || n >= sizeof(text))
        return false;
    memcpy(text, last, n);
    text[n] = '\0';
    char *colon = strchr(text, ':');
    if (colon != NULL && strchr(colon + 1, ':') == NULL) /* one alone is a port's */
        *colon = '\0';
    return address_write(text, out);
}
