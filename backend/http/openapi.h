#ifndef VIVA_HTTP_OPENAPI_H
#define VIVA_HTTP_OPENAPI_H
/* Between openapi.c and openapi_parts.c. */

#include "http/internal.h"

void openapi_write_info(struct json *j, const char *title, const char *version);
void openapi_write_ref(struct json *j, const char *schema);
void openapi_write_patch_schema(struct json *j,
                                const struct model *m); /* nothing required, but something must be there */
void openapi_write_envelope(struct json *j, const struct route *r);
enum status openapi_write_components(struct json *j, const struct route *const *tables, struct error *err) must_check;

#endif
