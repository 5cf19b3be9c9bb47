#include "live/live.h"

#include "base/log.h"
#include "http/ws.h"
#include "live/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BEAT_MS          20
#define CACHE_BYTES      (64u << 20)
#define KEPT_MS          300000 /* a session without a connection stays in memory; everything is in the database anyway */
#define AWAY_MS          60000        /* so long it counts as under way */
#define STOP_MS          15000        /* for what is still to be transcribed and stored */
#define MAILBOX_MAX      (512u << 10) /* of one client: a quarter of a minute of sound */
#define WORKER_QUEUE_MIN 64
#define NUMBERED_MS      86400000

struct live {
    atomic_int refs; /* the owner and each connection */
    struct live_options o;
    struct pool *turns;
    struct speech_line *speech;
    struct speech_cache *cache;
    pthread_t beat;
    bool beating, subscribed;
    char self[ID_TEXT_SIZE]; /* of this replica, in its messages */
    pthread_mutex_t lock;    /* guards everything below; before any strand's lock */
    pthread_cond_t changed;  /* a session came, or stopping */
    struct session *sessions;
    unsigned count;
    bool stopping;
    struct crowd crowd;
    atomic_int captions; /* enum captions */
    atomic_bool roomy;
    int64_t captions_at_us; /* when they were looked at last */
};

static struct live *live_ref(struct live *l)
{
    atomic_fetch_add(&l->refs, 1);
    return l;
}

struct live *live_unref(struct live *l)
{
    if (atomic_fetch_sub(&l->refs, 1) != 1)
        return NULL;
    pthread_cond_destroy(&l->changed);
    pthread_mutex_destroy(&l->lock);
    free(l);
    return NULL;
}

const struct live_options *live_options_of(const struct live *l)
{
    return &l->o;
}

struct speech_line *live_speech(struct live *l)
{
    return l->speech;
}

struct speech_cache *live_cache(struct live *l)
{
    return l->cache;
}

/* ---- the table ---- */

static int64_t now_of(const struct live *l)
{
    return clock_mono_ms(l->o.clock);
}

/* Nobody is there, and everything is stored. */
static bool dormant(struct session *s)
{
    return s->attached == 0 && atomic_load(&s->quiet) && strand_idle(&s->strand);
}

/* Caller holds the lock. A session's last reference may be its connections': it is freed outside of the lock. */
static struct session *unlink_one(struct live *l, int64_t left_before)
{
    for (struct session **p = &l->sessions; *p != NULL; p = &(*p)->next) {
        struct session *s = *p;
        if (dormant(s) &&
            (atomic_load(&s->over) || atomic_load(&s->moved) || atomic_load(&s->left_at) <= left_before)) {
            *p = s->next;
            l->count--;
            return s;
        }
    }
    return NULL;
}

static struct session *find(struct live *l, struct id id)
{
    for (struct session *s = l->sessions; s != NULL; s = s->next)
        if (id_equal(s->id, id))
            return s;
    return NULL;
}

/* ---- how many, and how well ---- */

/* Caller holds the lock. A tab that is away for a moment comes back to its interview. */
static bool under_way(struct session *s, int64_t now)
{
    return atomic_load(&s->admitted_at) != 0 && !atomic_load(&s->over) && !atomic_load(&s->moved) &&
           (s->attached > 0 || now - atomic_load(&s->left_at) < AWAY_MS);
}

static struct crowd_state state_of(struct live *l, int64_t now)
{
    struct load_report load = speech_line_load(l->speech);
    struct crowd_state c = {
        .utilisation = load.utilisation, .late = load.late, .lean = live_captions(l) != CAPTIONS_USUAL};
    for (struct session *s = l->sessions; s != NULL; s = s->next)
        if (under_way(s, now)) {
            c.under_way++;
            c.newcomers += now - atomic_load(&s->admitted_at) < CROWD_NEWCOMER_MS;
        }
    return c;
}

/* Caller holds the lock. */
static bool admit(struct live *l, struct id session, unsigned *position)
{
    int64_t now = now_of(l);
    struct session *s = find(l, session);
    if (s != NULL && atomic_load(&s->admitted_at) != 0)
        return true;
    const struct crowd_state c = state_of(l, now);
    if (!crowd_ask(&l->crowd, session, now, crowd_fits(l->o.at_once_max, &c), position))
        return false;
    if (s != NULL)
        atomic_store(&s->admitted_at, now > 0 ? now : 1);
    return true;
}

bool live_admit(struct live *l, struct id session, unsigned *position)
{
    pthread_mutex_lock(&l->lock);
    bool begins = admit(l, session, position);
    pthread_mutex_unlock(&l->lock);
    return begins;
}

enum status live_may_begin(struct live *l, struct id session, struct error *err)
{
    unsigned position = 0;
    char message[256];
    if (live_admit(l, session, &position))
        return STATUS_OK;
    crowd_message(position, message, sizeof(message));
    return error_set(err, STATUS_UNAVAILABLE, "server_busy", NULL, "%s", message);
}

enum captions live_captions(struct live *l)
{
    return (enum captions)atomic_load(&l->captions);
}

/* Caller holds the lock. Once a second. */
static void look_at_captions(struct live *l)
{
    int64_t now = clock_elapsed_us();
    if (now - l->captions_at_us < 1000000)
        return;
    l->captions_at_us = now;
    const struct load_report load = speech_line_load(l->speech);
    atomic_store(&l->captions, (int)crowd_captions(live_captions(l), load.utilisation, load.late));
    atomic_store(&l->roomy, load.utilisation < CROWD_ROOMY && !load.late);
}

bool live_roomy(struct live *l)
{
    return atomic_load(&l->roomy);
}

void live_figures(struct live *l, struct live_figures *ret)
{
    pthread_mutex_lock(&l->lock);
    int64_t now = now_of(l);
    const struct crowd_state c = state_of(l, now);
    *ret = (struct live_figures){.under_way = c.under_way,
                                 .waiting = crowd_waiting(&l->crowd, now),
                                 .held = l->count,
                                 .utilisation = c.utilisation,
                                 .captions_delayed = live_captions(l) != CAPTIONS_USUAL};
    pthread_mutex_unlock(&l->lock);
}

/* ---- the beat ---- */

static void wake(struct session *s, int64_t now)
{
    if (atomic_load(&s->wake_at) <= now && !atomic_exchange(&s->ticking, true))
        session_post(s, MAIL_TICK, NULL, NULL, 0);
    else
        strand_kick(&s->strand);
}

void live_wake(struct live *l)
{
    int64_t now = now_of(l);
    pthread_mutex_lock(&l->lock);
    for (struct session *s = l->sessions; s != NULL && !l->stopping; s = s->next)
        wake(s, now);
    pthread_mutex_unlock(&l->lock);
}

static void sleep_beat(struct live *l)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t); /* as `changed`: a clock that is set back must not stop the beat */
    t.tv_nsec += BEAT_MS * 1000000L;
    if (t.tv_nsec >= 1000000000L) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000L;
    }
    pthread_cond_timedwait(&l->changed, &l->lock, &t);
}

static void *beat(void *arg)
{
    struct live *l = arg;
    pthread_setname_np(pthread_self(), "viva-beat");
    pthread_mutex_lock(&l->lock);
    while (!l->stopping) {
        if (l->sessions == NULL) {
            pthread_cond_wait(&l->changed, &l->lock);
            continue;
        }
        int64_t now = now_of(l);
        look_at_captions(l);
        for (struct session *s = l->sessions; s != NULL; s = s->next)
            wake(s, now);
        struct session *gone = unlink_one(l, now - KEPT_MS);
        if (gone != NULL) {
            pthread_mutex_unlock(&l->lock);
            session_unref(gone);
            pthread_mutex_lock(&l->lock);
            continue;
        }
        sleep_beat(l);
    }
    pthread_mutex_unlock(&l->lock);
    return NULL;
}

/* ---- other replicas ---- */

/* Connections of a session are numbered among all replicas, so that a late message does not end a newer one. */
static int64_t number_connection(struct live *l, struct id session)
{
    char id[ID_TEXT_SIZE], key[64];
    id_format(session, id);
    snprintf(key, sizeof(key), "live:%s", id);
    return l->o.cache != NULL ? cache_add(l->o.cache, key, NUMBERED_MS) : 0;
}

/* "opened <session> <replica> <number>" or "changed <session> <replica> 0" */
static void tell_others(struct live *l, const char *what, struct id session, int64_t number)
{
    char id[ID_TEXT_SIZE], message[CACHE_MESSAGE_MAX];
    if (l->o.cache == NULL)
        return;
    id_format(session, id);
    snprintf(message, sizeof(message), "%s %s %s %lld", what, id, l->self, (long long)number);
    cache_publish(l->o.cache, CONDUCT_CHANNEL, message);
}

/* Caller holds the lock. */
static void others_opened(struct session *s, int64_t number)
{
    if (number >= s->number)
        session_post(s, MAIL_MOVED, NULL, NULL, 0);
}

/* Messages were missed, perhaps with the numbers: each session looks at the database. */
static void look_again(struct live *l)
{
    pthread_mutex_lock(&l->lock);
    for (struct session *s = l->sessions; s != NULL && !l->stopping; s = s->next) {
        s->number = 0;
        session_post(s, MAIL_CHANGED, NULL, NULL, 0);
    }
    pthread_mutex_unlock(&l->lock);
}

static void others_say(void *u, const char *message)
{
    struct live *l = u;
    char what[16] = "", id[64] = "", from[64] = "";
    long long number = 0;
    struct id session = {0};
    if (message == NULL) {
        look_again(l);
        return;
    }
    if (sscanf(message, "%15s %63s %63s %lld", what, id, from, &number) != 4 || strcmp(from, l->self) == 0 ||
        !id_parse(id, &session))
        return;
    pthread_mutex_lock(&l->lock);
    struct session *s = find(l, session);
    if (s != NULL && !l->stopping) {
        if (strcmp(what, "opened") == 0)
            others_opened(s, number);
        else
            session_post(s, MAIL_CHANGED, NULL, NULL, 0);
    }
    pthread_mutex_unlock(&l->lock);
}

/* ---- life ---- */

static enum status start(struct live *l, struct error *err)
{
    struct pool_options turns = {.name = "viva-live",
                                 .threads = l->o.workers > 0 ? l->o.workers : 1,
                                 .queue_max = l->o.sessions_max + WORKER_QUEUE_MIN, /* a session has one task at most */
                                 .worker_new = l->o.services_new,
                                 .worker_free = l->o.services_free,
                                 .u = l->o.u};
    enum status st = pool_new(&turns, &l->turns, err);
    if (st == STATUS_OK)
        st = speech_line_new(l->o.speech_workers > 0 ? l->o.speech_workers : 1, &l->speech, err);
    if (st != STATUS_OK)
        return st;
    if (l->o.cache != NULL)
        st = cache_subscribe(l->o.cache, CONDUCT_CHANNEL, others_say, l, err);
    l->subscribed = l->o.cache != NULL && st == STATUS_OK;
    if (st != STATUS_OK)
        return st;
    l->cache = speech_cache_new(l->o.engines->tts, l->speech, CACHE_BYTES);
    l->beating = l->cache != NULL && pthread_create(&l->beat, NULL, beat, l) == 0;
    if (!l->beating)
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "There is no memory left for live interviews.");
    return STATUS_OK;
}

enum status live_new(const struct live_options *o, struct live **ret, struct error *err)
{
    struct live *l = calloc(1, sizeof(*l));
    if (l == NULL)
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "There is no memory left for live interviews.");
    atomic_init(&l->refs, 1);
    l->o = *o;
    id_format(id_new(), l->self);
    pthread_mutex_init(&l->lock, NULL);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&l->changed, &attr);
    pthread_condattr_destroy(&attr);
    enum status st = start(l, err);
    if (st != STATUS_OK) {
        live_free(l);
        return st;
    }
    *ret = l;
    return STATUS_OK;
}

static bool all_quiet(struct live *l)
{
    for (struct session *s = l->sessions; s != NULL; s = s->next)
        if (!atomic_load(&s->quiet) || !strand_idle(&s->strand))
            return false;
    return true;
}

/* Connections end with 1012; open pieces are flushed, transcribed and stored. */
static void stop_sessions(struct live *l)
{
    pthread_mutex_lock(&l->lock);
    for (struct session *s = l->sessions; s != NULL; s = s->next)
        session_post(s, MAIL_STOP, NULL, NULL, 0);
    for (int64_t waited = 0; !all_quiet(l) && waited < STOP_MS; waited += BEAT_MS) {
        for (struct session *s = l->sessions; s != NULL; s = s->next)
            wake(s, now_of(l));
        sleep_beat(l);
    }
    for (struct session *s = l->sessions; s != NULL; s = s->next)
        strand_close(&s->strand);
    pthread_mutex_unlock(&l->lock);
}

struct live *live_free(struct live *l)
{
    if (l == NULL)
        return NULL;
    if (l->subscribed)
        cache_unsubscribe(l->o.cache, others_say, l);
    pthread_mutex_lock(&l->lock);
    l->stopping = true;
    pthread_cond_broadcast(&l->changed);
    pthread_mutex_unlock(&l->lock);
    if (l->beating)
        pthread_join(l->beat, NULL);
    stop_sessions(l);
    l->speech = speech_line_free(l->speech);
    l->turns = pool_free(l->turns);
    while (l->sessions != NULL) {
        struct session *s = l->sessions;
        l->sessions = s->next;
        s->conn = conn_unref(s->conn); /* its strand is closed; they hold each other */
        session_unref(s);
    }
    l->cache = speech_cache_free(l->cache);
    return live_unref(l);
}

void live_session_changed(struct live *l, struct id session)
{
    pthread_mutex_lock(&l->lock);
    struct session *s = find(l, session);
    if (s != NULL && !l->stopping)
        session_post(s, MAIL_CHANGED, NULL, NULL, 0);
    pthread_mutex_unlock(&l->lock);
    tell_others(l, "changed", session, 0);
}

/* ---- connections ---- */

static void refuse(struct conn *c)
{
    char text[256];
    struct buf out;
    buf_init(&out, sizeof(text));
    protocol_error(&out, "too_many_interviews", "Too many interviews are running just now. We try again in a moment.",
                   true);
    if (c->wire->send_text(c->ws, buf_cstr(&out), out.len) != STATUS_OK)
        log_event(LOG_DEBUG, "live.send_failed", NULL);
    buf_free(&out);
    conn_close(c, CLOSE_BUSY, "too many interviews");
}

static void on_open(void *u, struct ws *ws)
{
    struct conn *c = u;
    (void)ws;
    if (c->session == NULL)
        refuse(c);
    else
        session_post(c->session, MAIL_OPEN, conn_ref(c), NULL, 0);
}

static void on_message(struct conn *c, enum session_mail_type type, const void *data, size_t n)
{
    if (c->session == NULL || atomic_load(&c->deaf))
        return;
    if (strand_bytes(&c->session->strand) > MAILBOX_MAX) {
        conn_close(c, CLOSE_POLICY, "too much at once");
        return;
    }
    session_post(c->session, type, conn_ref(c), data, n);
}

static void on_text(void *u, const char *data, size_t n)
{
    on_message(u, MAIL_TEXT, data, n);
}

static void on_binary(void *u, const uint8_t *data, size_t n)
{
    on_message(u, MAIL_BINARY, data, n);
}

static void on_closed(void *u, int code)
{
    struct conn *c = u;
    c->code = code;
    atomic_store(&c->deaf, true);
    if (c->session != NULL)
        session_post(c->session, MAIL_CLOSED, conn_ref(c), NULL, 0);
    conn_unref(c);
}

static const struct ws_events conn_events = {
    .open = on_open, .text = on_text, .binary = on_binary, .closed = on_closed};

void live_detached(struct live *l, struct session *s)
{
    pthread_mutex_lock(&l->lock);
    if (s->attached > 0)
        s->attached--;
    atomic_store(&s->left_at, now_of(l));
    pthread_mutex_unlock(&l->lock);
}

/* Caller holds the lock. NULL: no room. *gone, when set, is to be unreferenced outside of it. */
static struct session *place(struct live *l, struct id id, struct session **gone)
{
    struct session *s = find(l, id);
    if (s != NULL || l->stopping)
        return s;
    if (l->count >= l->o.sessions_max)
        *gone = unlink_one(l, INT64_MAX);
    if (l->count >= l->o.sessions_max)
        return NULL;
    s = session_new(l, id, l->turns);
    if (s == NULL)
        return NULL;
    s->next = l->sessions;
    l->sessions = s;
    l->count++;
    pthread_cond_signal(&l->changed);
    return s;
}

enum status live_attach_wire(struct live *l, struct id session, const struct wire *wire, void *ws,
                             const struct ws_events **events, void **u, struct error *err)
{
    struct session *gone = NULL;
    struct conn *c = calloc(1, sizeof(*c));
    if (c == NULL)
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL,
                         "There is no memory left for another interview.");
    atomic_init(&c->refs, 1);
    c->live = live_ref(l);
    c->wire = wire;
    c->ws = wire->ref(ws);
    int64_t number = number_connection(l, session);
    pthread_mutex_lock(&l->lock);
    struct session *s = place(l, session, &gone);
    if (s != NULL) {
        c->session = session_ref(s);
        s->attached++;
        s->number = number;
    }
    pthread_mutex_unlock(&l->lock);
    session_unref(gone);
    if (s != NULL)
        tell_others(l, "opened", session, number);
    *events = &conn_events;
    *u = c;
    return STATUS_OK;
}
