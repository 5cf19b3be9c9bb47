#include "services/statistics.h"

#include "base/latency.h"
#include "providers/cache/cache.h"
#include "repositories/statistics_repository.h"
#include "services/session.h"
#include "services/storage.h"

#include <math.h>

#define DISK_FILES_MAX 200000 /* counted; more would hold the worker too long */

/* Every day has its row, also those on which nothing happened. */
static enum status days(struct services *s, int64_t now, size_t n, struct arena *a, struct list *ret, struct error *err)
{
    char text[32];
    int64_t first = now - now % STATISTICS_DAY_MS - (int64_t)(n - 1) * STATISTICS_DAY_MS;
    struct day_counts *d = arena_array(a, n, sizeof *d);
    for (size_t i = 0; d && i < n; i++) {
        time_format(first + (int64_t)i * STATISTICS_DAY_MS, text);
        d[i].day = arena_strndup(a, text, 10);
        if (!d[i].day)
            d = NULL;
    }
    enum status st = d ? statistics_days(s->db, first, d, n, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        *ret = (struct list){d, n};
    return st;
}

static enum status stored(struct services *s, struct storage_figures *f, struct error *err)
{
    struct storage_usage u = {0};
    enum status st = statistics_storage(s->db, f, err);
    if (st == STATUS_OK)
        st = storage_measure(s->storage, DISK_FILES_MAX, &u, err);
    if (st != STATUS_OK)
        return st;
    f->disk_files = u.files;
    f->disk_bytes = u.bytes;
    f->disk_complete = u.complete;
    f->free_bytes = u.free_bytes;
    return STATUS_OK;
}

/* ---------------------------------------------------------------------------------------------------------------------
 * latency */

static struct latency_numbers *numbers(const struct latency_figures *f, struct arena *a)
{
    struct latency_numbers *n = arena_new_of(a, struct latency_numbers);
    if (!n)
        return NULL;
    bool any = f->count > 0;
    n->count = (int64_t)f->count;
    n->mean_ms = any ? round(f->mean_us) / 1000 : NAN;
    n->p50_ms = any ? (double)f->p50_us / 1000 : NAN;
    n->p95_ms = any ? (double)f->p95_us / 1000 : NAN;
    n->p99_ms = any ? (double)f->p99_us / 1000 : NAN;
    n->max_ms = any ? (double)f->max_us / 1000 : NAN;
    return n;
}

struct views {
    struct arena *a;
    int64_t now; /* monotonic */
    struct latency_view items[LATENCY_NAMES];
    size_t n;
    bool exhausted;
};

static void view(void *u, const char *name, struct latency *l)
{
    struct views *v = u;
    struct latency_report r;
    if (!l || v->n == LATENCY_NAMES)
        return;
    latency_report(l, v->now, &r);
    struct latency_view *x = &v->items[v->n++];
    x->name = arena_strdup(v->a, name);
    x->last_ms = r.total.count ? (double)r.last_us / 1000 : NAN;
    x->recent = numbers(&r.recent, v->a);
    x->total = numbers(&r.total, v->a);
    if (!x->name || !x->recent || !x->total)
        v->exhausted = true;
}

static enum status latencies(struct services *s, struct statistics *x, struct arena *a, struct error *err)
{
    struct views *v = arena_array(a, 2, sizeof *v);
    if (!v)
        return arena_exhausted(err);
    v[0].a = v[1].a = a;
    v[0].now = clock_mono_ms(s->clock);
    v[1].now = clock_mono_ms(&clock_system); /* the engines measure by themselves */
    if (s->requests)
        latency_set_each(s->requests, view, &v[0]);
    if (s->engines->stt)
        view(&v[1], "stt", stt_latency(s->engines->stt));
    if (s->engines->tts)
        view(&v[1], "tts", tts_latency(s->engines->tts));
    if (s->engines->vad)
        view(&v[1], "vad", vad_latency(s->engines->vad));
    x->requests = (struct list){v[0].items, v[0].n};
    x->engine_latency = (struct list){v[1].items, v[1].n};
    return v[0].exhausted || v[1].exhausted ? arena_exhausted(err) : STATUS_OK;
}

/* --------------------------------------------------------------------------------------------------------------------
 * the whole */

static enum status health(struct services *s, struct statistics *x, struct arena *a, struct error *err)
{
    struct cache_health c = {.name = "memory", .ready = true};
    x->database->ready = true; /* it has just answered */
    x->database->name = db_engine(s->db) == DB_SQLITE ? "sqlite" : "mysql";
    x->database->message = "";
    if (s->cache)
        cache_health(s->cache, &c);
    x->cache->ready = c.ready;
    x->cache->name = arena_strdup(a, c.name);
    x->cache->message = arena_strdup(a, c.message);
    if (!x->cache->name || !x->cache->message)
        return arena_exhausted(err);
    return engines_describe(s->engines, a, &x->engines, err);
}

static enum status counts(struct services *s, struct statistics *x, struct arena *a, struct error *err)
{
    enum status st = statistics_users(s->db, x->users, err);
    if (st == STATUS_OK)
        st = statistics_interviews(s->db, x->interviews, err);
    if (st == STATUS_OK)
        st = statistics_sessions(s->db, x->sessions, err);
    if (st == STATUS_OK)
        st = statistics_reports(s->db, x->reports, err);
    if (st == STATUS_OK)
        st = statistics_queue(s->db, x->at, a, x->queue, err);
    if (st == STATUS_OK) /* each candidate has one session */
        x->candidates =
            x->sessions->registered + x->sessions->in_progress + x->sessions->completed + x->sessions->withdrawn;
    return st;
}

enum status statistics_get(struct services *s, int64_t n_days, struct arena *a, struct statistics **ret,
                           struct error *err)
{
    struct statistics *x = arena_new_of(a, struct statistics);
    if (!x || !(x->users = arena_new_of(a, struct user_counts)) ||
        !(x->interviews = arena_new_of(a, struct interview_counts)) ||
        !(x->sessions = arena_new_of(a, struct session_counts)) ||
        !(x->reports = arena_new_of(a, struct report_counts)) ||
        !(x->storage = arena_new_of(a, struct storage_figures)) ||
        !(x->queue = arena_new_of(a, struct queue_figures)) || !(x->database = arena_new_of(a, struct part_health)) ||
        !(x->cache = arena_new_of(a, struct part_health)))
        return arena_exhausted(err);
    x->at = clock_unix_ms(s->clock);
    x->started_at = s->system ? s->system->started_at : x->at;
    enum status st = counts(s, x, a, err);
    if (st == STATUS_OK)
        st = days(s, x->at, (size_t)n_days, a, &x->days, err);
    if (st == STATUS_OK)
        st = stored(s, x->storage, err);
    if (st == STATUS_OK)
        st = health(s, x, a, err);
    if (st == STATUS_OK)
        st = latencies(s, x, a, err);
    if (st == STATUS_OK)
        *ret = x;
    return st;
}
