/* Replies out of a file: conditional and partial (RFC 9110, 13 and 14). */
#include "http/internal.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *in(const struct exchange *ex, const char *name)
{
    return MHD_lookup_connection_value(ex->mc, MHD_HEADER_KIND, name);
}

static void no_body(struct response *rs, int status)
{
    if (rs->fd >= 0)
        close(rs->fd);
    rs->fd = -1;
    rs->kind = REPLY_BODY;
    rs->status = status;
    buf_clear(&rs->body);
}

/* attachment; filename="plain.webm"; filename*=UTF-8''pl%C3%A4in.webm (RFC 6266, RFC 8187) */
void response_download(struct response *rs, const char *name)
{
    struct buf b;
    buf_init(&b, 2048);
    buf_str(&b, "attachment; filename=\"");
    for (const char *s = name; *s != '\0'; s++)
        buf_char(&b, *s >= 0x20 && *s < 0x7F && strchr("\"\\/%", *s) == NULL ? *s : '_');
    buf_str(&b, "\"; filename*=UTF-8''");
    for (const char *s = name; *s != '\0'; s++) {
        bool plain = (*s >= '0' && *s <= '9') || (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || *s == '.' ||
                     *s == '-' || *s == '_';
        if (plain)
            buf_char(&b, *s);
        else
            buf_printf(&b, "%%%02X", (unsigned char)*s);
    }
    header_set(rs, "Content-Disposition", buf_cstr(&b));
    buf_free(&b);
}

static enum status unsatisfiable(struct response *rs, uint64_t size, struct error *err)
{
    char text[48];
    snprintf(text, sizeof(text), "bytes */%llu", (unsigned long long)size);
    header_set(rs, "Content-Range", text);
    rs->ex->fail_status = 416;
    return error_set(err, STATUS_INVALID, "range_unsatisfiable", NULL, "The file does not have these bytes.");
}

static enum status choose_range(struct response *rs, uint64_t size, const char *etag, struct error *err)
{
    const struct exchange *ex = rs->ex;
    const char *if_range = in(ex, "If-Range");
    bool wanted = if_range == NULL || (if_range[0] == '"' && etag_matches(if_range, etag)); /* strong comparison */
    enum range_result r = wanted ? range_parse(in(ex, "Range"), size, &rs->file_offset, &rs->file_length) : RANGE_NONE;
    if (r == RANGE_UNSATISFIABLE)
        return unsatisfiable(rs, size, err);
    if (r != RANGE_ONE)
        return STATUS_OK;
    char text[96];
    snprintf(text, sizeof(text), "bytes %llu-%llu/%llu", (unsigned long long)rs->file_offset,
             (unsigned long long)(rs->file_offset + rs->file_length - 1), (unsigned long long)size);
    header_set(rs, "Content-Range", text);
    rs->status = 206;
    return STATUS_OK;
}

enum status response_file(struct response *rs, int fd, uint64_t size, const char *media_type, const char *etag,
                          const char *download, struct error *err)
{
    if (rs->fd >= 0)
        close(rs->fd);
    rs->fd = fd;
    rs->kind = REPLY_FILE;
    rs->file_offset = 0;
    rs->file_length = size;
    rs->media_type = arena_strdup(rs->ex->arena, media_type);
    char *quoted = arena_printf(rs->ex->arena, "\"%s\"", etag);
    if (rs->media_type == NULL || quoted == NULL)
        return arena_exhausted(err);
    header_set(rs, "ETag", quoted);
    header_set(rs, "Accept-Ranges", "bytes");
    if (download != NULL)
        response_download(rs, download);
    if (etag_matches(in(rs->ex, "If-None-Match"), etag)) {
        no_body(rs, 304);
        return STATUS_OK;
    }
    return choose_range(rs, size, etag, err);
}
