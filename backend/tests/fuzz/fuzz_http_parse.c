/* The grammars of http/parse.c against any text. The first byte chooses which; the rules that hold for whatever is
 * accepted are checked, not only that nothing breaks. */
#include "base/utf8.h"
#include "http/parse.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
    if (!ok)
        abort();
}

static void path(struct arena *a, const char *s, size_t n)
{
    struct path p;
    struct error err;
    if (path_parse(a, s, n, &p, &err) != STATUS_OK)
        return;
    require(p.count >= 1 && p.count <= PATH_SEGMENTS_MAX && p.text[0] == '/' && strlen(p.text) <= n);
    for (size_t i = 0; i < p.count; i++) {
        const char *segment = p.segments[i];
        require(strchr(segment, '/') == NULL && strchr(segment, '\\') == NULL && utf8_valid(segment, strlen(segment)));
        require(strcmp(segment, "..") != 0 && strcmp(segment, ".") != 0);
        require(segment[0] != '\0' || i + 1 == p.count);
    }
}

static void query(struct arena *a, const char *s)
{
    struct query q;
    struct error err;
    if (query_parse(a, s, &q, &err) != STATUS_OK)
        return;
    require(q.count <= QUERY_PAIRS_MAX);
    for (size_t i = 0; i < q.count; i++)
        require(utf8_valid(q.pairs[i].value, strlen(q.pairs[i].value)) && query_get(&q, q.pairs[i].name) != NULL);
}

static void range(const char *s, size_t n)
{
    static const uint64_t sizes[] = {0, 1, 100, UINT64_MAX};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        uint64_t first = 0, length = 0;
        if (range_parse(s, sizes[i], &first, &length) == RANGE_ONE)
            require(length > 0 && first < sizes[i] && length <= sizes[i] - first && n >= 8);
    }
}

static void lists(const char *s)
{
    const char *authority = NULL;
    uint64_t length = 0;
    (void)etag_matches(s, "abc-1");
    require(!etag_matches(s, "not-there") || strchr(s, '*') != NULL || strstr(s, "not-there") != NULL);
    (void)encoding_accepted(s, "br");
    require(!list_has_token(s, "upgrade") || strcasestr(s, "upgrade") != NULL);
    require(!http_is_token(s) || strpbrk(s, " \t\r\n:;,\"") == NULL);
    require(!http_is_authority(s) || strpbrk(s, "/@?# \r\n") == NULL);
    require(!http_parse_length(s, &length) || strspn(s, "0123456789") == strlen(s));
    char address[ADDRESS_TEXT_SIZE], again[ADDRESS_TEXT_SIZE]; /* what was read is read again as the same */
    if (forwarded_address(s, address))
        require(forwarded_address(address, again) && strcmp(address, again) == 0);
    require(!origin_authority(s, &authority) || http_is_authority(authority));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct arena *a = arena_new(1u << 20);
    char *s = malloc(size); /* the rest, ended by a NUL as headers are */
    if (a == NULL || s == NULL)
        abort();
    memcpy(s, data + 1, size - 1);
    s[size - 1] = '\0';
    switch (data[0] % 4) {
    case 0:
        path(a, s, size - 1);
        break;
    case 1:
        query(a, s);
        break;
    case 2:
        range(s, size - 1);
        break;
    default:
        lists(s);
        break;
    }
    free(s);
    arena_free(a);
    return 0;
}
