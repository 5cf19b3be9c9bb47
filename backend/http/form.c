/* A multipart/form-data body as it arrives: text fields into the request's arena, the file into its temporary. On the
 * I/O thread, but for form_end(). */
#include "http/internal.h"
#include "http/multipart.h"

#include <string.h>

#define WRITE_SIZE (16u << 10) /* the parser hands out content in pieces as small as a byte */

struct form {
    struct multipart parser;
    struct form_pair pairs[MULTIPART_PARTS_MAX];
    size_t n, text; /* pairs; bytes of text so far */
    bool in_file, file_given;
    size_t waiting;
    char buffer[WRITE_SIZE]; /* of the file, not yet written */
};

static enum status given_twice(struct error *err, const char *name)
{
    return error_set(err, STATUS_INVALID, "field_format", name, "%s is given twice. Give it once.", name);
}

static enum status begin_file(struct exchange *ex, const struct multipart_part *part, struct error *err)
{
    struct form *f = ex->form;
    if (f->file_given)
        return given_twice(err, part->name);
    enum status st = upload_begin(ex, err);
    ex->upload.file_name = arena_strdup(ex->arena, part->file_name);
    ex->upload.media_type = arena_strdup(ex->arena, part->media_type);
    if (st == STATUS_OK && (ex->upload.file_name == NULL || ex->upload.media_type == NULL))
        st = arena_exhausted(err);
    f->in_file = f->file_given = true;
    return st;
}

static enum status begin_text(struct exchange *ex, const struct multipart_part *part, struct error *err)
{
    struct form *f = ex->form;
    const struct model *m = ex->match.route->body;
    if (m == NULL || model_field(m, part->name) == NULL)
        return error_set(err, STATUS_INVALID, "field_unknown", part->name,
                         "%.96s is not a field here. Check its spelling, or leave it out.", part->name);
    if (part->is_file)
        return error_set(err, STATUS_INVALID, "field_type", part->name, "%s must be text, not a file.", part->name);
    struct form_pair *p = &f->pairs[f->n];
    *p = (struct form_pair){.key = arena_strdup(ex->arena, part->name), .key_len = strlen(part->name)};
    f->text += p->key_len;
    buf_clear(&ex->body);
    return p->key != NULL ? STATUS_OK : arena_exhausted(err);
}

static enum status on_begin(void *u, const struct multipart_part *part, struct error *err)
{
    struct exchange *ex = u;
    const char *file = ex->match.route->file_field;
    return file != NULL && strcmp(part->name, file) == 0 ? begin_file(ex, part, err) : begin_text(ex, part, err);
}

static enum status flush(struct exchange *ex, struct error *err)
{
    size_t n = ex->form->waiting;
    ex->form->waiting = 0;
    return n > 0 ? upload_add(ex, ex->form->buffer, n, err) : STATUS_OK;
}

static enum status on_data(void *u, const char *data, size_t n, struct error *err)
{
    struct exchange *ex = u;
    struct form *f = ex->form;
    if (f->in_file) {
        enum status st = f->waiting + n > WRITE_SIZE ? flush(ex, err) : STATUS_OK;
        if (st != STATUS_OK || n > WRITE_SIZE)
            return st == STATUS_OK ? upload_add(ex, data, n, err) : st;
        memcpy(f->buffer + f->waiting, data, n);
        f->waiting += n;
        return STATUS_OK;
    }
    f->text += n;
    if (f->text > FORM_TEXT_MAX)
        return error_set(err, STATUS_TOO_LARGE, "form_too_large", NULL,
                         "The text of the form is larger than the %u bytes allowed.", FORM_TEXT_MAX);
    buf_append(&ex->body, data, n);
    return buf_ok(&ex->body) ? STATUS_OK : error_set(err, STATUS_NO_MEMORY, "no_memory", NULL, "Out of memory.");
}

static enum status on_end(void *u, struct error *err)
{
    struct exchange *ex = u;
    struct form *f = ex->form;
    if (f->in_file) {
        f->in_file = false;
        return flush(ex, err);
    }
    struct form_pair *p = &f->pairs[f->n];
    char *value = arena_alloc(ex->arena, ex->body.len + 1);
    if (value == NULL)
        return arena_exhausted(err);
    if (ex->body.len > 0)
        memcpy(value, ex->body.data, ex->body.len);
    p->value = value;
    p->value_len = ex->body.len;
    f->n++;
    return STATUS_OK;
}

static const struct multipart_events form_events = {on_begin, on_data, on_end};

enum status form_begin(struct exchange *ex, struct error *err)
{
    char boundary[MULTIPART_BOUNDARY_MAX + 1];
    const char *type = MHD_lookup_connection_value(ex->mc, MHD_HEADER_KIND, "Content-Type");
    if (type == NULL || !multipart_boundary(type, boundary))
        return error_set(err, STATUS_MALFORMED, "form_malformed", NULL,
                         "The form has no boundary in its Content-Type, or a malformed one.");
    ex->form = arena_new_of(ex->arena, struct form);
    if (ex->form == NULL)
        return arena_exhausted(err);
    buf_init(&ex->body, FORM_TEXT_MAX + 1);
    multipart_init(&ex->form->parser, boundary, &form_events, ex);
    return STATUS_OK;
}

enum status form_add(struct exchange *ex, const char *data, size_t n, struct error *err)
{
    return multipart_feed(&ex->form->parser, data, n, err);
}

static enum status read_fields(struct exchange *ex, struct error *err)
{
    const struct route *r = ex->match.route;
    if (r->body == NULL)
        return STATUS_OK;
    void *out = arena_alloc(ex->arena, r->body->size);
    if (out == NULL)
        return arena_exhausted(err);
    ex->rq.body = out;
    if (ex->form == NULL)
        return model_parse_pairs(r->body, r->body_mode, NULL, 0, ex->arena, out, err);
    return model_parse_pairs(r->body, r->body_mode, ex->form->pairs, ex->form->n, ex->arena, out, err);
}

enum status form_end(struct exchange *ex, struct error *err)
{
    const struct route *r = ex->match.route;
    enum status st = ex->form != NULL ? multipart_finish(&ex->form->parser, err) : STATUS_OK;
    if (st == STATUS_OK)
        st = read_fields(ex, err);
    if (st != STATUS_OK)
        return st;
    /* A browser sends a file field that nobody filled as a file without name and content. */
    bool given = ex->form != NULL && ex->form->file_given && (ex->upload.size > 0 || ex->upload.file_name[0] != '\0');
    if (given)
        return upload_end(ex, err);
    if (r->file_field != NULL && !r->file_optional)
        return error_set(err, STATUS_INVALID, "field_required", r->file_field, "%s is missing. Please give it.",
                         r->file_field);
    return STATUS_OK;
}
