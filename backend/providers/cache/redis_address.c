/* redis://[[user]:password@]host[:port][/db] */
#include "providers/cache/cache_backend.h"

#include <stdlib.h>
#include <string.h>

#define SCHEME "redis://"

static enum status wrong(struct error *err, const char *why)
{
    return error_set(err, STATUS_INVALID, "setting_invalid", "REDIS_URL",
                     "REDIS_URL %s; it is redis://[:password@]host[:port][/db]", why);
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* n bytes with %XX taken back. */
static bool decode(const char *text, size_t n, char *out, size_t size)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        char c = text[i];
        if (c == '%') {
            int high = i + 2 < n ? hex_digit(text[i + 1]) : -1, low = high >= 0 ? hex_digit(text[i + 2]) : -1;
            if (low < 0 || high * 16 + low == 0)
                return false;
            c = (char)(high * 16 + low);
            i += 2;
        }
        if (k + 1 >= size)
            return false;
        out[k++] = c;
    }
    out[k] = '\0';
    return true;
}

static bool number(const char *text, size_t n, int max, int *ret)
{
    int v = 0;
    if (n == 0 || n > 5)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        v = v * 10 + (text[i] - '0');
    }
    *ret = v;
    return v <= max;
}

static bool parse_host(const char *text, size_t n, struct redis_address *at)
{
    const char *end = text + n, *host = text, *host_end = memchr(text, ':', n);
    if (n > 0 && text[0] == '[') { /* IPv6 */
        host++;
        host_end = memchr(text, ']', n);
        if (host_end == NULL)
            return false;
        end = host_end + 1 < end && host_end[1] != ':' ? NULL : end;
    }
    if (end == NULL)
        return false;
    size_t host_n = host_end != NULL ? (size_t)(host_end - host) : n;
    const char *port = host_end != NULL ? host_end + (*host_end == ']') : end;
    if (host_n == 0 || !decode(host, host_n, at->host, sizeof(at->host)))
        return false;
    return port == end || (number(port + 1, (size_t)(end - port - 1), 65535, &at->port) && at->port > 0);
}

enum status redis_address_parse(const char *url, struct redis_address *ret, struct error *err)
{
    struct redis_address at = {.port = 6379};
    if (strncmp(url, "rediss://", 9) == 0)
        return wrong(err, "cannot be encrypted in this version: put Redis on a private network");
    if (strncmp(url, SCHEME, strlen(SCHEME)) != 0)
        return wrong(err, "must begin with redis://");
    const char *p = url + strlen(SCHEME), *slash = p + strcspn(p, "/"), *sign = memchr(p, '@', (size_t)(slash - p));
    if (p[strcspn(p, "?# \t")] != '\0')
        return wrong(err, "has parts that are not understood");
    if (sign != NULL) {
        const char *colon = memchr(p, ':', (size_t)(sign - p));
        if (colon == NULL || !decode(p, (size_t)(colon - p), at.user, sizeof(at.user)) ||
            !decode(colon + 1, (size_t)(sign - colon - 1), at.password, sizeof(at.password)))
            return wrong(err, "has a user or password that cannot be read");
        p = sign + 1;
    }
    if (!parse_host(p, (size_t)(slash - p), &at))
        return wrong(err, "has no usable host and port");
    if (slash[0] == '/' && slash[1] != '\0' && !number(slash + 1, strlen(slash + 1), 65535, &at.db))
        return wrong(err, "ends with something that is no database number");
    *ret = at;
    return STATUS_OK;
}
