/* Built-in routes: the description of the API, and the page that shows it. */
#include "http/internal.h"

static enum status openapi_get(struct request *rq, struct response *rs, struct error *err)
{
    const struct buf *doc = &rq->internal->ex->server->openapi;
    response_header(rs, "Cache-Control", "no-cache");
    return response_raw(rs, "application/json; charset=utf-8", doc->data, doc->len, err);
}

static enum status docs_get(struct request *rq, struct response *rs, struct error *err)
{
    static const char *const page[] = {"api-docs", "index.html"};
    (void)rs;
    return static_file(rq->internal->ex, page, 2, err);
}

const struct route docs_routes[] = {
    {.method = HTTP_GET,
     .path = "/api/openapi.json",
     .access = ACCESS_PUBLIC,
     .reply_media = "application/json",
     .reply_example = "{\"openapi\":\"3.1.0\"}",
     .tag = "documentation",
     .doc = "This description of the API.",
     .handler = openapi_get},
    {.method = HTTP_GET,
     .path = "/api/docs",
     .access = ACCESS_PUBLIC,
     .reply_media = "text/html",
     .reply_example = "<!doctype html>",
     .tag = "documentation",
     .doc = "A page to read and try the API.",
     .handler = docs_get},
    ROUTES_END,
};
