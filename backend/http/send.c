/* The reply leaves, on the I/O thread: through libmicrohttpd, or by our own hand where that takes no reply (in the
 * middle of a body). */
#include "http/internal.h"

#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

static struct MHD_Response *make(struct response *rs)
{
    struct MHD_Response *r;
    if (rs->kind == REPLY_FILE) {
        r = MHD_create_response_from_fd_at_offset64(rs->file_length, rs->fd, rs->file_offset);
        if (r != NULL)
            rs->fd = -1; /* libmicrohttpd closes it */
        return r;
    }
    size_t n = 0;
    if (rs->body.len == 0)
        return MHD_create_response_from_buffer(0, (void *)(uintptr_t) "", MHD_RESPMEM_PERSISTENT);
    char *data = buf_take(&rs->body, &n);
    if (data == NULL)
        return NULL;
    r = MHD_create_response_from_buffer(n, data, MHD_RESPMEM_MUST_FREE);
    if (r == NULL)
        free(data);
    return r;
}

enum MHD_Result exchange_send(struct exchange *ex)
{
    int status = response_http_status(ex);
    reply_headers_finish(ex);
    struct MHD_Response *r = make(&ex->rs);
    if (r == NULL)
        return MHD_NO;
    enum MHD_Result ok = MHD_YES;
    for (const struct header *h = ex->rs.headers; h != NULL; h = h->next)
        if (MHD_add_response_header(r, h->name, h->value) != MHD_YES)
            ok = MHD_NO;
    ex->phase = EX_QUEUED;
    conn_phase_set(ex->conn, CONN_REPLY);
    exchange_log(ex, status);
    if (ok == MHD_YES)
        ok = MHD_queue_response(ex->mc, (unsigned)status, r);
    MHD_destroy_response(r);
    return ok;
}

static const char *reason(int status)
{
    switch (status) {
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 413:
        return "Content Too Large";
    case 415:
        return "Unsupported Media Type";
    case 429:
        return "Too Many Requests";
    case 503:
        return "Service Unavailable";
    default:
        return "Error";
    }
}

static bool write_once(struct exchange *ex, const char *data, size_t n)
{
    const union MHD_ConnectionInfo *tls = MHD_get_connection_info(ex->mc, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    if (tls != NULL && tls->tls_session != NULL)
        return gnutls_record_send(tls->tls_session, data, n) == (ssize_t)n;
    if (send(ex->conn->fd, data, n, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)n)
        return false;
    shutdown(ex->conn->fd, SHUT_WR);
    return true;
}

/* Sends the whole reply at once and closes our direction; a small reply on a connection that has had nothing to send
 * fits the socket's buffer, and if not, the connection just ends. What the client still sends is then read and dropped
 * for a while: closing at once would reset the connection and often destroy the reply before the client has read it. */
bool exchange_send_raw(struct exchange *ex)
{
    struct buf b;
    char date[40];
    time_t now = (time_t)(clock_unix_ms(&ex->server->clock) / 1000);
    struct tm tm;
    int status = response_http_status(ex);

    ex->must_close = true;
    reply_headers_finish(ex);
    strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&now, &tm));
    buf_init(&b, 64u << 10);
    buf_printf(&b, "HTTP/1.1 %d %s\r\nDate: %s\r\n", status, reason(status), date);
    for (const struct header *h = ex->rs.headers; h != NULL; h = h->next)
        buf_printf(&b, "%s: %s\r\n", h->name, h->value);
    buf_printf(&b, "Content-Length: %zu\r\n\r\n", ex->rs.body.len);
    if (!ex->head)
        buf_append(&b, ex->rs.body.data, ex->rs.body.len);
    ex->phase = EX_LINGER;
    conn_phase_set(ex->conn, CONN_LINGER);
    exchange_log(ex, status);
    bool sent = buf_ok(&b) && write_once(ex, b.data, b.len);
    buf_free(&b);
    return sent;
}
