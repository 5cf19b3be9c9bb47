/* Request bodies from anywhere, as JSON and as a form, against a model with every type of field. The first byte chooses
 * which. */
#include "unit/models/sample.h"

#include "base/json_read.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
    if (!ok)
        abort();
}

static void check_text(const char *s, size_t min, size_t max)
{
    if (s == NULL)
        return;
    size_t n = strlen(s);
    require(utf8_valid(s, n));
    require(utf8_length(s, n) >= min && utf8_length(s, n) <= max);
}

static void check_values(const struct sample *s)
{
    check_text(s->name, 1, 10);
    check_text(s->notes, 2, 30);
    check_text(s->email, 3, 254);
    check_text(s->password, 10, 1024);
    require(s->count >= 0 && s->count <= 10);
    require(s->big >= -9007199254740991 && s->big <= 9007199254740991);
    require(s->ratio >= -1 && s->ratio <= 1.5);
    require(choice_value(levels, s->level) != NULL);
    require(s->words.count <= 3 && s->questions.count <= 4 && s->areas < 8);
    for (size_t i = 0; i < s->words.count; i++)
        check_text(s->words.items[i], 1, 5);
    const struct child *q = s->questions.items;
    for (size_t i = 0; i < s->questions.count; i++)
        check_text(q[i].text, 1, 20);
    require(s->hash == NULL && s->made == 0);
}

static void check_output(const struct sample *s)
{
    struct json_doc *doc = NULL;
    struct error err;
    struct buf b;
    struct json j;
    buf_init(&b, 1 << 20);
    json_init(&j, &b);
    model_write(&j, &sample_model, s);
    require(buf_ok(&b));
    require(json_parse(b.data, b.len, &doc, &err) == STATUS_OK);
    require(json_get(json_root(doc), "password") == NULL);
    json_doc_free(doc);
    buf_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sample s;
    struct error err = {0};
    if (size == 0)
        return 0;
    struct arena *a = arena_new(1 << 18);
    if (a == NULL)
        return 0;
    enum parse_mode mode = (data[0] & 1) != 0 ? PARSE_PATCH : PARSE_CREATE;
    const char *body = (const char *)data + 1;
    enum status st = (data[0] & 2) != 0 ? model_parse_form(&sample_model, mode, body, size - 1, a, &s, &err)
                                        : model_parse(&sample_model, mode, body, size - 1, a, &s, &err);
    if (st == STATUS_OK) {
        check_values(&s);
        check_output(&s);
    } else {
        require(st == STATUS_INVALID || st == STATUS_MALFORMED || st == STATUS_NO_MEMORY);
        require(err.code[0] != '\0' && utf8_valid(err.message, strlen(err.message)));
        require(utf8_valid(err.field, strlen(err.field)));
    }
    arena_free(a);
    return 0;
}
