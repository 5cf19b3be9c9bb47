/* Versions of what can be changed by two people at once: a reply's ETag is its updated_at in milliseconds ("v1700..."),
 * which grows with each change, and a change may say in If-Match which version it is meant for. */
#include "http/internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void response_set_version(struct response *rs, const struct model *m, const void *object)
{
    const struct field *f = model_field(m, "updated_at");
    int64_t version;
    char tag[32];
    if (f == NULL || f->type != FIELD_TIME)
        return;
    memcpy(&version, (const char *)object + f->offset, sizeof(version));
    snprintf(tag, sizeof(tag), "\"v%" PRId64 "\"", version);
    header_set(rs, "ETag", tag);
}

static bool parse_version(const char *tag, int64_t *ret)
{
    uint64_t v;
    char digits[20];
    size_t n = strlen(tag);
    if (n < 4 || n - 3 >= sizeof(digits) || strncmp(tag, "\"v", 2) != 0 || tag[n - 1] != '"')
        return false;
    memcpy(digits, tag + 2, n - 3);
    digits[n - 3] = '\0';
    if (!http_parse_length(digits, &v) || v == 0 || v > INT64_MAX)
        return false;
    *ret = (int64_t)v;
    return true;
}

enum status request_if_match(const struct request *rq, int64_t *ret, struct error *err)
{
    const char *tag = request_header(rq, "If-Match");
    if (tag == NULL || strcmp(tag, "*") == 0) {
        *ret = 0;
        return STATUS_OK;
    }
    if (parse_version(tag, ret))
        return STATUS_OK;
    return error_set(err, STATUS_PRECONDITION, "changed_meanwhile", "If-Match",
                     "If-Match must be the ETag of what was read before.");
}
