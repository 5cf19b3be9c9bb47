#ifndef VIVA_HTTP_OPENAPI_H
#define VIVA_HTTP_OPENAPI_H
/* Between openapi.c, openapi_parts.c and openapi_example.c. */

#include "http/internal.h"

#include <string.h>

void openapi_write_info(struct json *j, const char *title, const char *version);
void openapi_write_ref(struct json *j, const char *schema);
void openapi_write_patch_schema(struct json *j,
                                const struct model *m);             /* nothing required, but something must be there */
void openapi_write_envelope(struct json *j, const struct route *r); /* what a route in that style replies */
/* Changes what is there: takes If-Match. */
static inline bool openapi_takes_version(const struct route *r)
{
    bool made = r->method == HTTP_POST && strchr(r->path, '{') == NULL;
    return r->versioned && r->method != HTTP_GET && !made;
}
void openapi_write_parameters(struct json *j, const struct route *r); /* "parameters", if there are any */
void openapi_write_reply_example(struct json *j, const struct route *r,
                                 const char *media); /* "example" of the success, if it is text */
enum status openapi_write_components(struct json *j, const struct route *const *tables, struct error *err) must_check;

#endif
