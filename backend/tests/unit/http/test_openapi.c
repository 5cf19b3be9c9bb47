/* The description of the API, read back. */
#include "unit/http/harness.h"

#include "base/json_read.h"

static struct json_doc *doc;
static struct buf text;

static int setup(void **state)
{
    (void)state;
    struct error err;
    buf_init(&text, 1u << 20);
    assert_int_equal(http_openapi(test_tables, "Test", "1.2", &text, &err), STATUS_OK);
    assert_int_equal(json_parse(text.data, text.len, &doc, &err), STATUS_OK);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    doc = json_doc_free(doc);
    buf_free(&text);
    return 0;
}

/* Follows keys (and numbers into arrays) from the root. */
static const struct json_val *at(const char *first, ...)
{
    const struct json_val *v = json_root(doc);
    va_list ap;
    va_start(ap, first);
    for (const char *key = first; key != NULL && v != NULL; key = va_arg(ap, const char *))
        v = json_is_array(v) ? json_at(v, (size_t)atoi(key)) : json_get(v, key);
    va_end(ap);
    return v;
}

#define TEXT(want, ...)                                                                                                \
    do {                                                                                                               \
        const char *got_ = json_as_string(at(__VA_ARGS__, NULL));                                                      \
        if (got_ == NULL || strcmp(got_, (want)) != 0)                                                                 \
            fail_msg("line %d: %s instead of %s", __LINE__, got_ != NULL ? got_ : "nothing", (want));                  \
    } while (0)

static void test_head(void **state)
{
    (void)state;
    TEXT("3.1.0", "openapi");
    TEXT("Test", "info", "title");
    TEXT("1.2", "info", "version");
}

static void test_operation(void **state)
{
    (void)state;
    TEXT("test", "paths", "/api/items/{id}", "get", "tags", "0");
    TEXT("A test.", "paths", "/api/items/{id}", "get", "summary");
    TEXT("get_api_items_id", "paths", "/api/items/{id}", "get", "operationId");
    TEXT("id", "paths", "/api/items/{id}", "get", "parameters", "0", "name");
    TEXT("path", "paths", "/api/items/{id}", "get", "parameters", "0", "in");
    TEXT("uuid", "paths", "/api/items/{id}", "get", "parameters", "0", "schema", "format");
    TEXT("q", "paths", "/api/items/{id}", "get", "parameters", "1", "name");
    assert_non_null(at("paths", "/api/items/{id}", "delete", NULL)); /* all methods of a path together */
    assert_non_null(at("paths", "/api/items/{id}", "patch", NULL));
}

static void test_security(void **state)
{
    (void)state;
    assert_non_null(at("paths", "/api/items/{id}", "get", "security", "0", "accessToken", NULL));
    assert_int_equal(json_len(at("paths", "/api/hello", "get", "security", "0", NULL)), 0); /* {}: nothing needed */
    assert_int_equal(json_len(at("paths", "/api/maybe", "get", "security", NULL)), 2);
    assert_non_null(at("paths", "/api/sessions/{session_id}", "get", "security", "0", "sessionToken", NULL));
    assert_non_null(at("paths", "/api/media", "get", "security", "1", "ticket", NULL));
    assert_non_null(at("components", "securitySchemes", "websocketToken", NULL));
    TEXT("reviewer", "paths", "/api/items/{id}", "get", "x-access", "0");
}

static void test_bodies(void **state)
{
    (void)state;
#define BODY(path, method) "paths", path, method, "requestBody", "content"
    TEXT("#/components/schemas/Echo", BODY("/api/echo", "post"), "application/json", "schema", "$ref");
    TEXT("#/components/schemas/Echo", BODY("/api/form", "post"), "application/x-www-form-urlencoded", "schema", "$ref");
    TEXT("#/components/schemas/Echo", BODY("/api/form", "post"), "multipart/form-data", "schema", "$ref");
#define ATTACH BODY("/api/attach", "post"), "multipart/form-data", "schema"
    TEXT("binary", ATTACH, "properties", "file", "format");
    TEXT("string", ATTACH, "properties", "name", "type");
    TEXT("name", ATTACH, "required", "0");
    TEXT("file", ATTACH, "required", "1");
    assert_non_null(at(BODY("/api/attach", "post"), "multipart/form-data", "example", "name", NULL));
    TEXT("(the bytes of the file)", BODY("/api/attach", "post"), "multipart/form-data", "example", "file");
    assert_null(at(BODY("/api/attach", "post"), "application/json", NULL));
    assert_null(at(BODY("/api/attach-perhaps", "post"), "multipart/form-data", "schema", "required", NULL));
    TEXT("binary", BODY("/api/upload", "put"), "application/octet-stream", "schema", "format");
    assert_null(at(BODY("/api/items/{id}", "patch"), "application/json", "schema", "required",
                   NULL)); /* nothing need be given, */
    assert_int_equal(
        json_get_int(at(BODY("/api/items/{id}", "patch"), "application/json", "schema", NULL), "minProperties", 0), 1);
    TEXT("string", BODY("/api/items/{id}", "patch"), "application/json", "schema", "properties", "name", "type");
    TEXT("name", "components", "schemas", "Echo", "required", "0");
}

static void test_replies(void **state)
{
    (void)state;
#define DATA(path, method, status)                                                                                     \
    "paths", path, method, "responses", status, "content", "application/json", "schema", "properties", "data"
    TEXT("#/components/schemas/Echo", DATA("/api/echo", "post", "201"), "$ref");
    TEXT("#/components/schemas/Echo", DATA("/api/items/options", "get", "200"), "properties", "items", "items", "$ref");
    TEXT("null", DATA("/api/hello", "get", "200"), "type");
    TEXT("object", DATA("/api/upload", "put", "200"), "type");
    TEXT("binary", "paths", "/api/file", "get", "responses", "200", "content", "text/plain", "schema", "format");
    assert_non_null(at("paths", "/api/media", "get", "responses", "206", NULL));
    assert_non_null(at("paths", "/api/ws", "get", "responses", "101", NULL));
    TEXT("echo.v1", "paths", "/api/ws", "get", "x-websocket-protocol");
}

static void test_errors(void **state)
{
    (void)state;
#define HAS(path, method, status) (at("paths", path, method, "responses", status, NULL) != NULL)
    assert_true(HAS("/api/items/{id}", "get", "401") && HAS("/api/items/{id}", "get", "403") &&
                HAS("/api/items/{id}", "get", "404"));
    assert_false(HAS("/api/hello", "get", "401") || HAS("/api/hello", "get", "404") || HAS("/api/hello", "get", "413"));
    assert_true(HAS("/api/echo", "post", "413") && HAS("/api/echo", "post", "415") && HAS("/api/echo", "post", "422"));
    assert_true(HAS("/api/limited", "get", "429") && !HAS("/api/hello", "get", "429"));
    TEXT("#/components/responses/E401", "paths", "/api/items/{id}", "get", "responses", "401", "$ref");
    TEXT("#/components/schemas/ErrorEnvelope", "components", "responses", "E401", "content", "application/json",
         "schema", "$ref");
}

/* Two different models of one name would silently describe one as the other. */
static void test_name_clash(void **state)
{
    (void)state;
    static const struct model other = MODEL("Echo", struct echo, echo_fields, "Another.");
    static const struct route clash[] = {ROUTE(HTTP_GET, "/api/other", ACCESS_PUBLIC, h_hello, .reply = &other),
                                         ROUTES_END};
    const struct route *tables[] = {test_routes, clash, NULL};
    struct error err = {0};
    struct buf b;
    buf_init(&b, 1u << 20);
    assert_int_equal(http_openapi(tables, "Test", "1", &b, &err), STATUS_INTERNAL);
    assert_non_null(strstr(err.message, "Echo"));
    buf_free(&b);
    buf_init(&b, 100); /* too small */
    assert_int_not_equal(http_openapi(test_tables, "Test", "1", &b, &err), STATUS_OK);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_head),       cmocka_unit_test(test_operation), cmocka_unit_test(test_security),
        cmocka_unit_test(test_bodies),     cmocka_unit_test(test_replies),   cmocka_unit_test(test_errors),
        cmocka_unit_test(test_name_clash),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
