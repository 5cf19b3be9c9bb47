/* Request bodies as they arrive: into memory up to the route's limit, or into an unlinked file with its hash; those of
 * several parts by form.c. */
#include "http/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum status io_error(struct error *err, const char *what)
{
    if (errno == ENOSPC || errno == EDQUOT)
        return error_set(err, STATUS_UNAVAILABLE, "storage_full", NULL, "There is no room left to store this.");
    return error_set(err, STATUS_IO, "upload_io", NULL, "%s: %s.", what, strerror(errno));
}

enum status upload_begin(struct exchange *ex, struct error *err)
{
    sha256_init(&ex->sha);
    ex->upload.size = 0;
    ex->upload.file_name = "";
    const char *dir = ex->server->o.upload_dir;
    if (dir == NULL || dir[0] == '\0')
        dir = "/tmp";
    int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) { /* a file system without O_TMPFILE */
        char name[4096];
        snprintf(name, sizeof(name), "%s/.upload-XXXXXX", dir);
        fd = mkostemp(name, O_CLOEXEC);
        if (fd >= 0)
            unlink(name);
    }
    if (fd < 0)
        return io_error(err, "A temporary file cannot be made");
    ex->upload.fd = fd;
    return STATUS_OK;
}

static const char *media_type_of(struct exchange *ex)
{
    const char *type = MHD_lookup_connection_value(ex->mc, MHD_HEADER_KIND, "Content-Type");
    if (type == NULL)
        return "";
    size_t n = strcspn(type, "; \t");
    char *out = arena_strndup(ex->arena, type, n);
    for (char *s = out; s != NULL && *s != '\0'; s++)
        if (*s >= 'A' && *s <= 'Z')
            *s = (char)(*s - 'A' + 'a');
    return out != NULL ? out : "";
}

static enum status check_type(const struct exchange *ex, const struct route *r, struct error *err)
{
    const char *type = ex->media_type;
    bool none = type[0] == '\0' && ex->body_length == 0, json = strcmp(type, "application/json") == 0;
    if (r->body_kind == BODY_JSON && !json && !none)
        return error_set(err, STATUS_UNSUPPORTED, "media_unsupported", NULL, "The body must be application/json.");
    if (r->body_kind == BODY_FORM_OR_JSON && !json && !none && strcmp(type, "application/x-www-form-urlencoded") != 0)
        return error_set(
            err, STATUS_UNSUPPORTED, "media_unsupported", NULL,
            "The body must be application/json, application/x-www-form-urlencoded or multipart/form-data.");
    if (r->body_kind == BODY_MULTIPART && !none)
        return error_set(err, STATUS_UNSUPPORTED, "media_unsupported", NULL, "The body must be multipart/form-data.");
    return STATUS_OK;
}

static bool is_multipart(const struct exchange *ex, const struct route *r)
{
    return (r->body_kind == BODY_MULTIPART || r->body_kind == BODY_FORM_OR_JSON) &&
           strcmp(ex->media_type, "multipart/form-data") == 0;
}

enum status body_begin(struct exchange *ex, struct error *err)
{
    const struct route *r = ex->match.route;
    if (r == NULL || r->body_kind == BODY_NONE)
        return STATUS_OK;
    ex->media_type = media_type_of(ex);
    ex->upload.media_type = ex->media_type;
    if (r->body_kind == BODY_STREAM)
        return upload_begin(ex, err);
    if (is_multipart(ex, r))
        return form_begin(ex, err);
    buf_init(&ex->body, ex->body_max + 1);
    return check_type(ex, r, err);
}

static enum status write_all(int fd, const char *p, size_t n, struct error *err)
{
    while (n > 0) {
        ssize_t done = write(fd, p, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return io_error(err, "The upload cannot be written");
        p += done;
        n -= (size_t)done;
    }
    return STATUS_OK;
}

enum status upload_add(struct exchange *ex, const char *data, size_t n, struct error *err)
{
    sha256_update(&ex->sha, data, n);
    ex->upload.size += n;
    return write_all(ex->upload.fd, data, n, err);
}

enum status upload_end(struct exchange *ex, struct error *err)
{
    uint8_t digest[SHA256_SIZE];
    sha256_final(&ex->sha, digest);
    sha256_hex(digest, ex->upload.sha256);
    if (lseek(ex->upload.fd, 0, SEEK_SET) != 0)
        return io_error(err, "The upload cannot be read back");
    ex->rq.upload = &ex->upload;
    return STATUS_OK;
}

enum status body_add(struct exchange *ex, const char *data, size_t n, struct error *err)
{
    const struct route *r = ex->match.route;
    atomic_fetch_add_explicit(&ex->conn->received, n, memory_order_relaxed);
    ex->body_got += n;
    if (ex->body_got > ex->body_max)
        return error_set(err, STATUS_TOO_LARGE, "body_too_large", NULL,
                         "The body is larger than the %llu bytes allowed here.", (unsigned long long)ex->body_max);
    if (r == NULL || r->body_kind == BODY_NONE)
        return STATUS_OK;
    if (r->body_kind == BODY_STREAM)
        return upload_add(ex, data, n, err);
    if (ex->form != NULL)
        return form_add(ex, data, n, err);
    buf_append(&ex->body, data, n);
    return buf_ok(&ex->body) ? STATUS_OK : error_set(err, STATUS_NO_MEMORY, "no_memory", NULL, "Out of memory.");
}

/* On the worker: what the handler will see. */
enum status body_end(struct exchange *ex, struct error *err)
{
    const struct route *r = ex->match.route;
    if (r->body_kind == BODY_NONE)
        return STATUS_OK;
    if (r->body_kind == BODY_STREAM)
        return upload_end(ex, err);
    if (ex->form != NULL || r->body_kind == BODY_MULTIPART)
        return form_end(ex, err);
    void *out = arena_alloc(ex->arena, r->body->size);
    if (out == NULL)
        return arena_exhausted(err);
    ex->rq.body = out;
    const char *text = buf_cstr(&ex->body);
    if (ex->body_got == 0) /* no body at all says as much as an empty object */
        return model_parse(r->body, r->body_mode, "{}", 2, ex->arena, out, err);
    if (strcmp(ex->media_type, "application/x-www-form-urlencoded") == 0)
        return model_parse_form(r->body, r->body_mode, text, ex->body.len, ex->arena, out, err);
    return model_parse(r->body, r->body_mode, text, ex->body.len, ex->arena, out, err);
}
