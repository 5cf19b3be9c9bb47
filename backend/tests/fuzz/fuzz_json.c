/* JSON from anywhere: what is accepted must survive being written and read again; what the writer makes of any bytes
 * must be readable. */
#include "base/json.h"
#include "base/json_read.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
    if (!ok)
        abort();
}

static void walk(const struct json_val *v, unsigned depth)
{
    void *at = NULL;
    const char *key;
    const struct json_val *value;
    require(depth <= 33);
    require(json_as_string(v) == NULL || strlen(json_as_string(v)) == json_string_size(v));
    for (size_t i = 0; json_is_array(v) && i < json_len(v); i++)
        walk(json_at(v, i), depth + 1);
    while (json_is_object(v) && json_each(v, &at, &key, &value)) {
        require(json_get(v, key) == value);
        walk(value, depth + 1);
    }
}

static void read_and_write(const char *text, size_t size)
{
    struct json_doc *doc = NULL, *again = NULL;
    struct error err;
    struct buf a, b;
    if (json_parse(text, size, &doc, &err) != STATUS_OK) {
        require(doc == NULL && err.code[0] != '\0' && err.message[0] != '\0');
        return;
    }
    buf_init(&a, 1 << 24);
    buf_init(&b, 1 << 24);
    walk(json_root(doc), 0);
    json_dump(json_root(doc), &a);
    require(buf_ok(&a));
    require(json_parse(a.data, a.len, &again, &err) == STATUS_OK);
    json_dump(json_root(again), &b);
    require(a.len == b.len && memcmp(a.data, b.data, a.len) == 0);
    buf_free(&a);
    buf_free(&b);
    json_doc_free(doc);
    json_doc_free(again);
}

static void write_and_read(const char *bytes, size_t size)
{
    struct json_doc *doc = NULL;
    struct error err;
    struct buf b;
    struct json j;
    size_t without_nul = strnlen(bytes, size);
    buf_init(&b, 1 << 24);
    json_init(&j, &b);
    json_array_begin(&j);
    json_stringn(&j, bytes, without_nul);
    json_array_end(&j);
    require(buf_ok(&b));
    require(json_parse(b.data, b.len, &doc, &err) == STATUS_OK);
    json_doc_free(doc);
    buf_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct json_doc *doc = NULL;
    struct error err;
    read_and_write((const char *)data, size);
    if (size > 0)
        write_and_read((const char *)data, size);
    if (json_parse_input((const char *)data, size, &doc, &err) == STATUS_OK)
        json_doc_free(doc);
    return 0;
}
