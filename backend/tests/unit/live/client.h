/* Clients of the hub on fake wires: what the server sends waits in an inbox for the test. */
#ifndef VIVA_TESTS_LIVE_CLIENT_H
#define VIVA_TESTS_LIVE_CLIENT_H

#include "base/json_read.h"
#include "http/ws.h"
#include "live/wire.h"
#include "world.h"

#define INBOX_MAX 4096

struct client {
    atomic_int refs;
    pthread_mutex_t lock;
    pthread_cond_t came;
    char *inbox[INBOX_MAX]; /* text messages not looked at yet */
    unsigned in, out;
    size_t samples; /* sound received */
    int closed;     /* code, 0 while open */
    const struct ws_events *events;
    void *u;
    uint32_t seq;
    char answer[64];
    struct live *live;
};

static inline void *client_ref(void *ws)
{
    atomic_fetch_add(&((struct client *)ws)->refs, 1);
    return ws;
}

static inline void client_unref(void *ws)
{
    struct client *c = ws;
    if (atomic_fetch_sub(&c->refs, 1) != 1)
        return;
    while (c->out != c->in)
        free(c->inbox[c->out++ % INBOX_MAX]);
    pthread_mutex_destroy(&c->lock);
    pthread_cond_destroy(&c->came);
    free(c);
}

static inline enum status client_text(void *ws, const char *data, size_t n)
{
    struct client *c = ws;
    pthread_mutex_lock(&c->lock);
    if (c->in - c->out < INBOX_MAX)
        c->inbox[c->in++ % INBOX_MAX] = strndup(data, n);
    pthread_cond_broadcast(&c->came);
    pthread_mutex_unlock(&c->lock);
    return STATUS_OK;
}

static inline enum status client_binary(void *ws, const void *data, size_t n)
{
    struct client *c = ws;
    const uint8_t *p = data;
    pthread_mutex_lock(&c->lock);
    if (p[0] == 0x81)
        c->samples += (n - 5) / 2;
    pthread_mutex_unlock(&c->lock);
    return STATUS_OK;
}

static inline void client_close(void *ws, int code, const char *reason)
{
    struct client *c = ws;
    (void)reason;
    pthread_mutex_lock(&c->lock);
    if (c->closed == 0)
        c->closed = code;
    pthread_cond_broadcast(&c->came);
    pthread_mutex_unlock(&c->lock);
}

static inline size_t client_queued(void *ws)
{
    (void)ws;
    return 0;
}

static const struct wire client_wire = {client_ref,    client_unref, client_text,
                                        client_binary, client_close, client_queued};

static inline struct timespec deadline(int seconds)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    t.tv_sec += seconds;
    return t;
}

static inline struct client *client_connect(struct live *l, int session)
{
    struct client *c = calloc(1, sizeof(*c));
    struct error err;
    atomic_init(&c->refs, 1);
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->came, NULL);
    c->live = l;
    assert_int_equal(live_attach_wire(l, world_id(session), &client_wire, c, &c->events, &c->u, &err), STATUS_OK);
    c->events->open(c->u, (struct ws *)(void *)c);
    return c;
}

static inline void client_send(struct client *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static inline void client_send(struct client *c, const char *fmt, ...)
{
    char text[1024];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    c->events->text(c->u, text, (size_t)n);
}

/* The connection ends, by whomever. */
static inline void client_leave(struct client *c)
{
    pthread_mutex_lock(&c->lock);
    int code = c->closed != 0 ? c->closed : 1006;
    pthread_mutex_unlock(&c->lock);
    c->events->closed(c->u, code);
    client_unref(c);
}

/* The next message of this type, skipping others; any when type is NULL. To be freed with json_doc_free. Fails the test
 * after 20 s. */
static inline struct json_doc *client_expect(struct client *c, const char *type)
{
    struct timespec until = deadline(20);
    struct json_doc *d = NULL;
    char *text = NULL;
    struct error err;
    for (;;) {
        int timeout = 0;
        pthread_mutex_lock(&c->lock);
        while (c->in == c->out && timeout == 0)
            timeout = pthread_cond_timedwait(&c->came, &c->lock, &until);
        text = c->in != c->out ? c->inbox[c->out++ % INBOX_MAX] : NULL;
        pthread_mutex_unlock(&c->lock);
        if (text == NULL)
            fail_msg("%s did not come", type != NULL ? type : "a message");
        assert_int_equal(json_parse(text, strlen(text), &d, &err), STATUS_OK);
        free(text);
        if (type == NULL || strcmp(json_get_string(json_root(d), "type", ""), type) == 0)
            return d;
        d = json_doc_free(d);
    }
}

static inline struct json_doc *client_next(struct client *c)
{
    return client_expect(c, NULL);
}

static inline void client_await(struct client *c, const char *type)
{
    json_doc_free(client_expect(c, type));
}

static inline void client_expect_close(struct client *c, int code)
{
    struct timespec until = deadline(20);
    int timeout = 0;
    pthread_mutex_lock(&c->lock);
    while (c->closed == 0 && timeout == 0)
        timeout = pthread_cond_timedwait(&c->came, &c->lock, &until);
    int got = c->closed;
    pthread_mutex_unlock(&c->lock);
    assert_int_equal(got, code);
}

static inline void client_start(struct client *c)
{
    client_send(c, "{\"type\":\"session.start\",\"audio\":{\"codec\":\"pcm16\"},\"microphone\":true}");
}

/* Waits for an utterance of this kind, plays it, says so. */
static inline struct json_doc *client_hear(struct client *c, const char *kind)
{
    struct json_doc *d = client_expect(c, "utterance.created");
    assert_string_equal(json_get_string(json_root(d), "kind", ""), kind);
    client_await(c, "utterance.audio.done");
    client_send(c, "{\"type\":\"playback.finished\",\"utterance_id\":%d}",
                (int)json_get_int(json_root(d), "utterance_id", 0));
    return d;
}

static inline struct json_doc *client_answer_started(struct client *c)
{
    struct json_doc *d = client_expect(c, "answer.started");
    snprintf(c->answer, sizeof(c->answer), "%s", json_get_string(json_root(d), "answer_id", ""));
    return d;
}

static inline void client_sound(struct client *c, int ms, bool loud)
{
    uint8_t f[645] = {0x01};
    for (size_t i = 5; loud && i < sizeof(f); i += 2)
        f[i + 1] = 0x20;
    for (int t = 0; t < ms; t += 20) {
        for (int i = 0; i < 4; i++)
            f[1 + i] = (uint8_t)(c->seq >> (8 * i));
        c->seq++;
        c->events->binary(c->u, f, sizeof(f));
    }
}

static inline void client_done(struct client *c)
{
    client_send(c, "{\"type\":\"answer.done\",\"answer_id\":\"%s\"}", c->answer);
}

#endif
