/* One WebSocket connection on the thread: wslay does the framing, this the limits, the order and the end. */
#include "http/ws_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>

int64_t ws_now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static ssize_t on_read(wslay_event_context_ptr ctx, uint8_t *buf, size_t len, int flags, void *user)
{
    struct ws *ws = user;
    (void)flags;
    if (ws->extra_at < ws->extra_len) { /* what came with the handshake goes first */
        size_t n = ws->extra_len - ws->extra_at < len ? ws->extra_len - ws->extra_at : len;
        memcpy(buf, ws->extra + ws->extra_at, n);
        ws->extra_at += n;
        return (ssize_t)n;
    }
    ssize_t n = -1;
    errno = EAGAIN;
    if (ws->read_now < WS_READ_MAX)
        n = recv(ws->fd, buf, len, MSG_DONTWAIT);
    if (n > 0) {
        ws->heard_ms = ws_now_ms();
        ws->read_now += (size_t)n;
        return n;
    }
    bool again = n < 0 && (errno == EAGAIN || errno == EINTR);
    ws->eof = ws->eof || !again;
    wslay_event_set_error(ctx, again ? WSLAY_ERR_WOULDBLOCK : WSLAY_ERR_CALLBACK_FAILURE);
    return -1;
}

static ssize_t on_write(wslay_event_context_ptr ctx, const uint8_t *data, size_t len, int flags, void *user)
{
    struct ws *ws = user;
    ssize_t n = send(ws->fd, data, len, MSG_NOSIGNAL | MSG_DONTWAIT | (flags & WSLAY_MSG_MORE ? MSG_MORE : 0));
    if (n >= 0)
        return n;
    bool again = errno == EAGAIN || errno == EINTR;
    wslay_event_set_error(ctx, again ? WSLAY_ERR_WOULDBLOCK : WSLAY_ERR_CALLBACK_FAILURE);
    return -1;
}

static void refuse(struct ws *ws, uint16_t code)
{
    wslay_event_queue_close(ws->ctx, code, NULL, 0);
    wslay_event_shutdown_read(ws->ctx);
    if (ws->close_code == 0)
        ws->close_code = code;
}

static void on_frame_start(wslay_event_context_ptr ctx, const struct wslay_event_on_frame_recv_start_arg *arg,
                           void *user)
{
    struct ws *ws = user;
    (void)ctx;
    if (wslay_is_ctrl_frame(arg->opcode))
        return;
    if (arg->opcode != WSLAY_CONTINUATION_FRAME) {
        ws->message_text = arg->opcode == WSLAY_TEXT_FRAME;
        ws->message_len = 0;
        ws->fragments = 0;
    }
    ws->fragments++;
    ws->message_len += arg->payload_length;
    if (ws->message_len > (ws->message_text ? WS_TEXT_MAX : WS_BINARY_MAX))
        refuse(ws, WSLAY_CODE_MESSAGE_TOO_BIG);
    else if (ws->fragments > WS_FRAGMENTS_MAX)
        refuse(ws, WSLAY_CODE_POLICY_VIOLATION);
}

static void on_message(wslay_event_context_ptr ctx, const struct wslay_event_on_msg_recv_arg *arg, void *user)
{
    struct ws *ws = user;
    (void)ctx;
    if (arg->opcode == WSLAY_CONNECTION_CLOSE) {
        if (ws->close_code == 0)
            ws->close_code = arg->status_code != 0 ? arg->status_code : WSLAY_CODE_NO_STATUS_RCVD;
        return;
    }
    if (ws->state != WS_OPEN || ws->close_code != 0)
        return;
    if (arg->opcode == WSLAY_TEXT_FRAME && ws->events->text != NULL)
        ws->events->text(ws->u, (const char *)(arg->msg != NULL ? arg->msg : (const uint8_t *)""), arg->msg_length);
    else if (arg->opcode == WSLAY_BINARY_FRAME && ws->events->binary != NULL)
        ws->events->binary(ws->u, arg->msg != NULL ? arg->msg : (const uint8_t *)"", arg->msg_length);
}

bool ws_conn_start(struct ws *ws)
{
    static const struct wslay_event_callbacks callbacks = {.recv_callback = on_read,
                                                           .send_callback = on_write,
                                                           .on_frame_recv_start_callback = on_frame_start,
                                                           .on_msg_recv_callback = on_message};
    if (wslay_event_context_server_init(&ws->ctx, &callbacks, ws) != 0)
        return false;
    wslay_event_config_set_max_recv_msg_length(ws->ctx, WS_BINARY_MAX);
    struct epoll_event ev = {.events = EPOLLIN, .data.ptr = ws};
    if (epoll_ctl(ws->loop->epoll_fd, EPOLL_CTL_ADD, ws->fd, &ev) != 0)
        return false;
    ws->state = WS_OPEN;
    ws->heard_ms = ws->pinged_ms = ws_now_ms();
    if (ws->events->open != NULL)
        ws->events->open(ws->u, ws);
    return ws->extra_len > 0 ? ws_conn_readable(ws) : ws_conn_pump(ws);
}

static bool want_out(struct ws *ws, bool out)
{
    if (out == ws->want_out)
        return true;
    struct epoll_event ev = {.events = EPOLLIN | (out ? (uint32_t)EPOLLOUT : 0), .data.ptr = ws};
    ws->want_out = out;
    return epoll_ctl(ws->loop->epoll_fd, EPOLL_CTL_MOD, ws->fd, &ev) == 0;
}

static void closing(struct ws *ws)
{
    if (ws->state != WS_OPEN)
        return;
    ws->state = WS_CLOSING;
    ws->deadline_ms = ws_now_ms() + WS_CLOSE_MS;
    pthread_mutex_lock(&ws->lock);
    ws->closing = true;
    pthread_mutex_unlock(&ws->lock);
}

/* Both directions have said goodbye, or ours has and the other broke the rules: then its rest is read and dropped,
 * since closing a socket with unread bytes in it resets the connection and takes our close frame away. */
static bool finish_closing(struct ws *ws)
{
    if (wslay_event_get_close_received(ws->ctx) || ws->eof)
        return false;
    ws->state = WS_LINGER;
    ws->deadline_ms = ws_now_ms() + WS_CLOSE_MS;
    shutdown(ws->fd, SHUT_WR);
    return want_out(ws, false);
}

static struct ws_message *take_message(struct ws *ws)
{
    pthread_mutex_lock(&ws->lock);
    ws->queued -= ws->sending;
    ws->sending = 0;
    struct ws_message *m = ws->head;
    if (m != NULL) {
        ws->head = m->next;
        if (ws->head == NULL)
            ws->tail = &ws->head;
        ws->sending = m->len;
    }
    pthread_mutex_unlock(&ws->lock);
    return m;
}

static bool queue_next(struct ws *ws)
{
    struct ws_message *m = take_message(ws);
    if (m == NULL)
        return false;
    if (m->opcode == WSLAY_CONNECTION_CLOSE) {
        wslay_event_queue_close(ws->ctx, m->code, m->data, m->len);
        if (ws->close_code == 0)
            ws->close_code = m->code;
        closing(ws);
    } else {
        struct wslay_event_msg msg = {.opcode = m->opcode, .msg = m->data, .msg_length = m->len};
        wslay_event_queue_msg(ws->ctx, &msg);
    }
    free(m);
    return true;
}

bool ws_conn_pump(struct ws *ws)
{
    if (ws->state == WS_LINGER)
        return true;
    for (;;) {
        if (wslay_event_want_write(ws->ctx)) {
            if (wslay_event_send(ws->ctx) != 0)
                return false;
            if (wslay_event_want_write(ws->ctx))
                break;
        }
        if (wslay_event_get_close_sent(ws->ctx) || !queue_next(ws))
            break;
    }
    if (wslay_event_get_close_received(ws->ctx) || !wslay_event_get_read_enabled(ws->ctx))
        closing(ws);
    if (!wslay_event_want_write(ws->ctx) && !wslay_event_want_read(ws->ctx))
        return finish_closing(ws);
    return want_out(ws, wslay_event_want_write(ws->ctx));
}

static bool drop_input(struct ws *ws)
{
    uint8_t scrap[4096];
    for (int i = 0; i < 64; i++) {
        ssize_t n = recv(ws->fd, scrap, sizeof(scrap), MSG_DONTWAIT);
        if (n <= 0)
            return n < 0 && (errno == EAGAIN || errno == EINTR);
    }
    return true;
}

bool ws_conn_readable(struct ws *ws)
{
    if (ws->state == WS_LINGER)
        return drop_input(ws);
    ws->read_now = 0;
    int rc = wslay_event_recv(ws->ctx);
    if (ws->eof || (rc != 0 && !wslay_event_want_write(ws->ctx)))
        return false;
    if (rc != 0 && ws->close_code == 0) /* a broken frame: wslay has queued a close, one without a code */
        ws->close_code = WSLAY_CODE_PROTOCOL_ERROR;
    return ws_conn_pump(ws);
}

bool ws_conn_tick(struct ws *ws, int64_t now)
{
    if (ws->state == WS_CLOSING || ws->state == WS_LINGER)
        return now < ws->deadline_ms;
    if (now - ws->heard_ms >= ws->loop->silence_ms)
        return false;
    if (now - ws->heard_ms >= ws->loop->ping_ms && now - ws->pinged_ms >= ws->loop->ping_ms) {
        struct wslay_event_msg ping = {.opcode = WSLAY_PING};
        ws->pinged_ms = now;
        wslay_event_queue_msg(ws->ctx, &ping);
        return ws_conn_pump(ws);
    }
    return true;
}

void ws_conn_end(struct ws *ws, int code)
{
    pthread_mutex_lock(&ws->lock);
    struct ws_message *m = ws->head;
    ws->head = NULL;
    ws->tail = &ws->head;
    ws->queued = 0;
    ws->closing = true;
    pthread_mutex_unlock(&ws->lock);
    while (m != NULL) {
        struct ws_message *next = m->next;
        free(m);
        m = next;
    }
    if (ws->ctx != NULL && ws->close_code == 0 && wslay_event_get_close_sent(ws->ctx)) /* of wslay's own accord */
        ws->close_code = wslay_event_get_status_code_sent(ws->ctx);
    if (ws->ctx != NULL)
        wslay_event_context_free(ws->ctx);
    ws->ctx = NULL;
    if (ws->fd >= 0)
        epoll_ctl(ws->loop->epoll_fd, EPOLL_CTL_DEL, ws->fd, NULL);
    if (ws->handle != NULL)
        MHD_upgrade_action(ws->handle, MHD_UPGRADE_ACTION_CLOSE);
    ws->fd = -1;
    ws->handle = NULL;
    ws->state = WS_DONE;
    if (ws->events != NULL && ws->events->closed != NULL)
        ws->events->closed(ws->u, ws->close_code != 0 ? ws->close_code : code);
    ws->events = NULL;
}
