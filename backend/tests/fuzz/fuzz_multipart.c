/* http/multipart.c against any bytes. The first byte says where the body is cut in two; what is told must not depend on
 * that, nor on being fed byte by byte, and keeps the limits. Then the same bytes as a Content-Type and as a file name.
 */
#include "base/buf.h"
#include "base/utf8.h"
#include "http/multipart.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct told {
    struct buf text;
    size_t parts;
    bool open;
};

static void require(bool ok)
{
    if (!ok)
        abort();
}

static enum status on_begin(void *u, const struct multipart_part *p, struct error *err)
{
    struct told *t = u;
    size_t n = strlen(p->name), k = strlen(p->file_name);
    (void)err;
    require(!t->open && ++t->parts <= MULTIPART_PARTS_MAX);
    require(n > 0 && n <= MULTIPART_NAME_MAX && utf8_valid(p->name, n));
    require(k <= MULTIPART_FILE_NAME_MAX && utf8_valid(p->file_name, k) && strpbrk(p->file_name, "/\\\r\n") == NULL);
    require(p->is_file || k == 0);
    t->open = true;
    buf_printf(&t->text, "[%s|%s|%s]", p->name, p->file_name, p->media_type);
    return STATUS_OK;
}

static enum status on_data(void *u, const char *data, size_t n, struct error *err)
{
    struct told *t = u;
    (void)err;
    require(t->open && n > 0);
    buf_append(&t->text, data, n);
    return STATUS_OK;
}

static enum status on_end(void *u, struct error *err)
{
    struct told *t = u;
    (void)err;
    require(t->open);
    t->open = false;
    return STATUS_OK;
}

static const struct multipart_events events = {on_begin, on_data, on_end};

static enum status parse(const char *s, size_t n, size_t cut, size_t step, struct told *t)
{
    static struct multipart m;
    struct error err;
    *t = (struct told){0};
    buf_init(&t->text, 1u << 22);
    multipart_init(&m, "B", &events, t);
    enum status st = multipart_feed(&m, s, cut, &err);
    for (size_t at = cut; st == STATUS_OK && at < n; at += step)
        st = multipart_feed(&m, s + at, n - at < step ? n - at : step, &err);
    st = st == STATUS_OK ? multipart_finish(&m, &err) : st;
    require(st != STATUS_OK || !t->open);
    return st;
}

static void same_whatever_the_pieces(const char *s, size_t n, size_t cut)
{
    struct told whole, other;
    enum status st = parse(s, n, n, 1, &whole);
    for (size_t step = 1; step != 0; step = step == 1 ? n + 2 : 0) {
        require(parse(s, n, cut, step, &other) == st);
        require(whole.text.len == other.text.len);
        require(whole.text.len == 0 || memcmp(whole.text.data, other.text.data, whole.text.len) == 0);
        buf_free(&other.text);
    }
    buf_free(&whole.text);
}

static void as_header(const char *s, size_t n)
{
    char boundary[MULTIPART_BOUNDARY_MAX + 1], name[MULTIPART_FILE_NAME_MAX + 1];
    char *text = malloc(n + 1);
    require(text != NULL);
    memcpy(text, s, n);
    text[n] = '\0';
    if (multipart_boundary(text, boundary))
        require(boundary[0] != '\0' && strlen(boundary) <= MULTIPART_BOUNDARY_MAX && !strpbrk(boundary, "\r\n\""));
    multipart_file_name(text, name);
    require(utf8_valid(name, strlen(name)) && strpbrk(name, "/\\") == NULL);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const char *s = (const char *)data + 1;
    size_t n = size - 1;
    same_whatever_the_pieces(s, n, n > 0 ? data[0] % n : 0);
    as_header(s, n);
    return 0;
}
