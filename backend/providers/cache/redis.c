/* Redis 5 or newer through hiredis. A connection per call under way, kept for the next; each command has the timeout.
 * The first failure closes the door: `up` is cleared, calls answer STATUS_UNAVAILABLE at once, and a thread of its own
 * probes until a write succeeds again. The same thread holds the subscription.
 *
 * Lock order: redis.lock is taken alone. Everything that must be atomic across replicas is one script. */
#include "providers/cache/cache_backend.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define IDLE_MAX       32
#define PROBE_FIRST_MS 100
#define PROBE_LAST_MS  5000
#define KEEPALIVE_S    15

struct redis {
    struct redis_address at;
    unsigned timeout_ms;
    struct cache *owner;
    atomic_bool up, stop;
    int wake_fd;          /* the thread's: stop, or gone down */
    pthread_mutex_t lock; /* guards what follows */
    redisContext *idle[IDLE_MAX];
    size_t n_idle;
    char why[128]; /* it is away */
    pthread_t thread;
};

/* ---- connections ---- */

static const char *why_of(const redisContext *c)
{
    if (c == NULL)
        return "out of memory";
    if (c->err == REDIS_ERR_IO && (errno == EAGAIN || errno == ETIMEDOUT))
        return "no reply in time";
    return c->errstr;
}

/* true when it answered without an error; else why. */
static bool accepted(redisContext *c, redisReply *reply, char *why, size_t size)
{
    bool good = reply != NULL && reply->type != REDIS_REPLY_ERROR;
    if (!good)
        snprintf(why, size, "%s", reply != NULL ? reply->str : why_of(c));
    if (reply != NULL)
        freeReplyObject(reply);
    return good;
}

static bool greet(const struct redis *r, redisContext *c, char *why, size_t size)
{
    const struct redis_address *at = &r->at;
    if (at->user[0] != '\0' && !accepted(c, redisCommand(c, "AUTH %s %s", at->user, at->password), why, size))
        return false;
    if (at->user[0] == '\0' && at->password[0] != '\0' &&
        !accepted(c, redisCommand(c, "AUTH %s", at->password), why, size))
        return false;
    return at->db == 0 || accepted(c, redisCommand(c, "SELECT %d", at->db), why, size);
}

static redisContext *dial(const struct redis *r, char *why, size_t size)
{
    struct timeval t = {.tv_sec = r->timeout_ms / 1000, .tv_usec = r->timeout_ms % 1000 * 1000};
    redisContext *c = redisConnectWithTimeout(r->at.host, r->at.port, t);
    if (c == NULL || c->err != 0 || redisSetTimeout(c, t) != REDIS_OK)
        snprintf(why, size, "%s", why_of(c));
    else if (fcntl(c->fd, F_SETFD, FD_CLOEXEC) == 0 && greet(r, c, why, size))
        return c;
    if (c != NULL)
        redisFree(c);
    return NULL;
}

static redisContext *take_idle(struct redis *r)
{
    pthread_mutex_lock(&r->lock);
    redisContext *c = r->n_idle > 0 ? r->idle[--r->n_idle] : NULL;
    pthread_mutex_unlock(&r->lock);
    return c;
}

static void give_back(struct redis *r, redisContext *c)
{
    pthread_mutex_lock(&r->lock);
    bool kept = atomic_load(&r->up) && r->n_idle < IDLE_MAX;
    if (kept)
        r->idle[r->n_idle++] = c;
    pthread_mutex_unlock(&r->lock);
    if (!kept)
        redisFree(c);
}

static void drop_idle(struct redis *r)
{
    for (redisContext *c = take_idle(r); c != NULL; c = take_idle(r))
        redisFree(c);
}

static void nudge(struct redis *r)
{
    uint64_t one = 1;
    ssize_t n = write(r->wake_fd, &one, sizeof(one));
    (void)n; /* a full counter wakes as well */
}

static void went_down(struct redis *r, const char *why)
{
    pthread_mutex_lock(&r->lock);
    bool was = atomic_exchange(&r->up, false);
    snprintf(r->why, sizeof(r->why), "%s", why);
    pthread_mutex_unlock(&r->lock);
    drop_idle(r);
    if (!was)
        return;
    log_event(LOG_WARN, "cache_away", "why", why, "meanwhile", "rate limits and log-in back-off count per replica",
              NULL);
    nudge(r);
}

/* The reply of one command, to be freed; NULL: Redis is away. A kept connection may have died with a Redis that is
 * back by now: then once more on a new one. */
static redisReply *ask(struct redis *r, int argc, const char **argv)
{
    char why[128] = "";
    for (bool fresh = false; !fresh && atomic_load(&r->up);) {
        redisContext *c = take_idle(r);
        fresh = c == NULL;
        if (c == NULL)
            c = dial(r, why, sizeof(why));
        if (c == NULL)
            break;
        redisReply *reply = redisCommandArgv(c, argc, argv, NULL);
        if (reply != NULL && reply->type != REDIS_REPLY_ERROR) {
            give_back(r, c);
            return reply;
        }
        bool died = reply == NULL && c->err == REDIS_ERR_EOF;
        died = died || (reply == NULL && c->err == REDIS_ERR_IO && (errno == ECONNRESET || errno == EPIPE));
        snprintf(why, sizeof(why), "%s", reply != NULL ? reply->str : why_of(c));
        if (reply != NULL)
            freeReplyObject(reply);
        redisFree(c);
        if (!died)
            break;
    }
    if (why[0] != '\0')
        went_down(r, why);
    return NULL;
}

/* ---- the thread: probing and listening ---- */

/* A write, since a Redis that is full or a copy answers a PING too. */
static bool probe(struct redis *r, char *why, size_t size)
{
    redisContext *c = dial(r, why, size);
    if (c == NULL)
        return false;
    bool good = accepted(c, redisCommand(c, "SET viva:probe 1 PX 1000"), why, size);
    redisFree(c);
    return good;
}

static void note_why(struct redis *r, const char *why)
{
    pthread_mutex_lock(&r->lock);
    snprintf(r->why, sizeof(r->why), "%s", why);
    pthread_mutex_unlock(&r->lock);
}

static redisContext *subscribe(struct redis *r)
{
    char why[128];
    redisContext *c = dial(r, why, sizeof(why));
    if (c != NULL && accepted(c, redisCommand(c, "PSUBSCRIBE viva:%d:*", r->at.db), why, sizeof(why))) {
        redisEnableKeepAlive(c);
        cache_deliver(r->owner, NULL, NULL);
        return c;
    }
    if (c != NULL)
        redisFree(c);
    went_down(r, why);
    return NULL;
}

static void hear(struct redis *r, const redisReply *m)
{
    if (m->type != REDIS_REPLY_ARRAY || m->elements != 4 || m->element[2]->str == NULL || m->element[3]->str == NULL)
        return;
    const char *channel = strrchr(m->element[2]->str, ':');
    if (channel != NULL)
        cache_deliver(r->owner, channel + 1, m->element[3]->str);
}

/* What has come in. NULL: the connection has ended. */
static redisContext *listen_on(struct redis *r, redisContext *c)
{
    void *reply = NULL;
    bool good = redisBufferRead(c) == REDIS_OK;
    while (good && (good = redisGetReplyFromReader(c, &reply) == REDIS_OK) && reply != NULL) {
        hear(r, reply);
        freeReplyObject(reply);
    }
    if (good)
        return c;
    redisFree(c);
    return NULL;
}

static void try_again(struct redis *r)
{
    char why[128];
    if (!probe(r, why, sizeof(why))) {
        note_why(r, why);
        return;
    }
    atomic_store(&r->up, true);
    log_event(LOG_INFO, "cache_back", NULL);
}

static void *run(void *arg)
{
    struct redis *r = arg;
    redisContext *sub = NULL;
    int wait = PROBE_FIRST_MS;
    pthread_setname_np(pthread_self(), "viva-redis");
    while (!atomic_load(&r->stop)) {
        if (!atomic_load(&r->up) && sub != NULL) { /* it may be as dead as the others */
            redisFree(sub);
            sub = NULL;
        }
        if (sub == NULL && atomic_load(&r->up))
            sub = subscribe(r);
        struct pollfd p[2] = {{.fd = r->wake_fd, .events = POLLIN}, {.fd = sub ? sub->fd : -1, .events = POLLIN}};
        poll(p, 2, sub != NULL ? -1 : wait);
        uint64_t count;
        if (p[0].revents != 0 && read(r->wake_fd, &count, sizeof(count)) > 0)
            wait = PROBE_FIRST_MS;
        else if (sub != NULL && p[1].revents != 0)
            sub = listen_on(r, sub);
        else if (sub == NULL && !atomic_load(&r->up)) {
            try_again(r);
            wait = wait * 2 < PROBE_LAST_MS ? wait * 2 : PROBE_LAST_MS;
        }
    }
    if (sub != NULL)
        redisFree(sub);
    return NULL;
}

/* ---- life ---- */

static void *redis_free(void *self)
{
    struct redis *r = self;
    atomic_store(&r->stop, true);
    nudge(r);
    pthread_join(r->thread, NULL);
    drop_idle(r);
    close(r->wake_fd);
    pthread_mutex_destroy(&r->lock);
    free(r);
    return NULL;
}

enum status cache_redis_new(const struct redis_address *at, unsigned timeout_ms, struct cache *owner, void **ret,
                            struct error *err)
{
    struct redis *r = calloc(1, sizeof(*r));
    int fd = r != NULL ? eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) : -1;
    if (fd < 0) {
        free(r);
        return error_set(err, STATUS_NO_MEMORY, "no_memory", NULL, "Out of memory");
    }
    r->at = *at;
    r->timeout_ms = timeout_ms;
    r->owner = owner;
    r->wake_fd = fd;
    atomic_init(&r->stop, false);
    atomic_init(&r->up, true);
    pthread_mutex_init(&r->lock, NULL);
    char why[128];
    if (!probe(r, why, sizeof(why)))
        went_down(r, why);
    if (pthread_create(&r->thread, NULL, run, r) != 0) {
        close(fd);
        free(r);
        return error_set(err, STATUS_UNAVAILABLE, "no_thread", NULL, "A thread for Redis could not be started");
    }
    *ret = r;
    return STATUS_OK;
}

static bool redis_ready(void *self, char *message, size_t size)
{
    struct redis *r = self;
    const char *argv[] = {"PING"};
    redisReply *reply = ask(r, 1, argv);
    if (reply != NULL) {
        freeReplyObject(reply);
        snprintf(message, size, "redis");
        return true;
    }
    pthread_mutex_lock(&r->lock);
    snprintf(message, size, "Redis is away (%.80s): rate limits count per replica", r->why);
    pthread_mutex_unlock(&r->lock);
    return false;
}

/* ---- operations ---- */

struct wire_key {
    char text[CACHE_KEY_MAX + 8];
};

static struct wire_key wire(const char *key)
{
    struct wire_key k;
    snprintf(k.text, sizeof(k.text), "viva:%s", key);
    return k;
}

/* A script with one key and up to three arguments, of which the last are NULL. */
static redisReply *eval(struct redis *r, const char *script, const char *key, const char *a, const char *b,
                        const char *c)
{
    struct wire_key k = wire(key);
    const char *argv[] = {"EVAL", script, "1", k.text, a, b, c};
    return ask(r, a == NULL ? 4 : b == NULL ? 5 : c == NULL ? 6 : 7, argv);
}

static void number(char out[32], int64_t v)
{
    snprintf(out, 32, "%lld", (long long)(v > 0 ? v : 1));
}

/* utils/ratelimit.c, word for word, but for several tokens: those that were taken, or the wait as a negative number.
 * The server's own clock, so that replicas need not agree on the time. */
static const char take_script[] =
    "local time = redis.call('TIME') "
    "local now = time[1] * 1000 + math.floor(time[2] / 1000) "
    "local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2]) "
    "local had = redis.call('HMGET', KEYS[1], 'n', 't') "
    "local n, at = tonumber(had[1] or burst), tonumber(had[2] or now) "
    "if now > at then n = n + (now - at) / 1000 * rate at = now end "
    "if n > burst then n = burst end "
    "local got = 0 "
    "if n >= 1 - 1e-9 then got = math.min(tonumber(ARGV[3]), math.floor(n + 1e-9)) n = n - got "
    "elseif rate > 0 then got = -math.min(math.ceil((1 - n - 1e-9) / rate * 1000), 86400000) "
    "else got = -86400000 end "
    "local full = 86400000 "
    "if rate > 0 then full = math.min(math.ceil((burst - n) / rate * 1000) + 1000, full) end "
    "redis.call('HSET', KEYS[1], 'n', string.format('%.9f', n), 't', string.format('%.0f', at)) "
    "redis.call('PEXPIRE', KEYS[1], full) "
    "return got";

static enum status redis_take(void *self, const char *key, double per_second, double burst, int want, int *taken,
                              int64_t *retry_after_ms)
{
    char rate[40], most[40], some[32];
    number(some, want);
    snprintf(rate, sizeof(rate), "%.9f", per_second);
    snprintf(most, sizeof(most), "%.9f", burst);
    redisReply *reply = eval(self, take_script, key, rate, most, some);
    if (reply == NULL)
        return STATUS_UNAVAILABLE;
    *taken = reply->integer > 0 ? (int)reply->integer : 0;
    *retry_after_ms = *taken > 0 ? 0 : -reply->integer;
    freeReplyObject(reply);
    return STATUS_OK;
}

static enum status redis_put(void *self, const char *key, const char *value, int64_t ttl_ms)
{
    char ttl[32];
    struct wire_key k = wire(key);
    number(ttl, ttl_ms);
    const char *argv[] = {"SET", k.text, value, "PX", ttl};
    redisReply *reply = ask(self, 5, argv);
    if (reply == NULL)
        return STATUS_UNAVAILABLE;
    freeReplyObject(reply);
    return STATUS_OK;
}

static enum status redis_get(void *self, const char *key, char value[CACHE_VALUE_MAX], int64_t *ttl_left_ms,
                             bool *found)
{
    static const char script[] = "local v = redis.call('GET', KEYS[1]) "
                                 "if v then return {v, redis.call('PTTL', KEYS[1])} end "
                                 "return false";
    redisReply *reply = eval(self, script, key, NULL, NULL, NULL);
    if (reply == NULL)
        return STATUS_UNAVAILABLE;
    *found = reply->type == REDIS_REPLY_ARRAY && reply->elements == 2;
    if (*found) {
        snprintf(value, CACHE_VALUE_MAX, "%s", reply->element[0]->str);
        *ttl_left_ms = reply->element[1]->integer > 0 ? reply->element[1]->integer : 0;
    }
    freeReplyObject(reply);
    return STATUS_OK;
}

static enum status redis_claim(void *self, const char *key, const char *value, int64_t ttl_ms, bool *claimed,
                               int64_t *ttl_left_ms)
{
    static const char script[] = "if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return -10 end "
                                 "return redis.call('PTTL', KEYS[1])";
    char ttl[32];
    number(ttl, ttl_ms);
    redisReply *reply = eval(self, script, key, value, ttl, NULL);
    if (reply == NULL)
        return STATUS_UNAVAILABLE;
    *claimed = reply->integer == -10;
    if (!*claimed)
        *ttl_left_ms = reply->integer > 0 ? reply->integer : 0;
    freeReplyObject(reply);
    return STATUS_OK;
}

static enum status redis_add(void *self, const char *key, int64_t ttl_ms, int64_t *count)
{
    static const char script[] = "local n = redis.call('INCR', KEYS[1]) "
                                 "redis.call('PEXPIRE', KEYS[1], ARGV[1]) "
                                 "return n";
    char ttl[32];
    number(ttl, ttl_ms);
    redisReply *reply = eval(self, script, key, ttl, NULL, NULL);
    if (reply == NULL)
        return STATUS_UNAVAILABLE;
    *count = reply->integer;
    freeReplyObject(reply);
    return STATUS_OK;
}

static enum status redis_remove(void *self, const char *key)
{
    struct wire_key k = wire(key);
    const char *argv[] = {"DEL", k.text};
    redisReply *reply = ask(self, 2, argv);
    if (reply == NULL)
        return STATUS_UNAVAILABLE;
    freeReplyObject(reply);
    return STATUS_OK;
}

static enum status redis_publish(void *self, const char *channel, const char *message)
{
    struct redis *r = self;
    char full[64];
    snprintf(full, sizeof(full), "viva:%d:%s", r->at.db, channel);
    const char *argv[] = {"PUBLISH", full, message};
    redisReply *reply = ask(r, 3, argv);
    if (reply == NULL)
        return STATUS_UNAVAILABLE;
    freeReplyObject(reply);
    return STATUS_OK;
}

const struct cache_store cache_redis = {
    .version = 1,
    .name = "redis",
    .free = redis_free,
    .take = redis_take,
    .put = redis_put,
    .get = redis_get,
    .claim = redis_claim,
    .add = redis_add,
    .remove = redis_remove,
    .publish = redis_publish,
    .ready = redis_ready,
};
