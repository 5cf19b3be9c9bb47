#include "repositories/interview_repository.h"
#include "services/session.h"

#include <math.h>
#include <string.h>

#define DASHBOARD_ROWS 6

static enum status rows(struct services *s, struct actor who, int status, struct arena *a, struct list *items,
                        int64_t *total, struct error *err)
{
    struct session_filter f = SESSION_FILTER_ANY;
    struct page page = {0};
    f.status = status;
    enum status st = session_service_list(s, who, &f, (struct paging){1, DASHBOARD_ROWS}, a, &page, err);
    if (st == STATUS_OK) {
        *items = page.items;
        if (total)
            *total = page.total;
    }
    return st;
}

/* name: "engine/model" or "engine"; NULL: the engine is not there. */
static struct engine_health *health(const char *name, struct latency *l, const struct error *why, struct arena *a)
{
    struct latency_report r = {0};
    struct engine_health *h = arena_new_of(a, struct engine_health);
    size_t n = name ? strcspn(name, "/") : 0;
    if (!h)
        return NULL;
    h->ready = name != NULL;
    h->name = name ? name : "";
    h->engine = arena_strndup(a, h->name, n);
    h->model = h->name[n] ? h->name + n + 1 : "";
    h->message = name ? "" : why->message;
    if (l)
        latency_report(l, clock_mono_ms(&clock_system), &r);
    h->calls = (int64_t)r.total.count;
    h->latency_ms = r.total.count ? (double)(r.recent.count ? r.recent.p50_us : r.total.p50_us) / 1000 : NAN;
    return h->engine ? h : NULL;
}

enum status engines_describe(const struct engines *e, struct arena *a, struct engines_health **ret, struct error *err)
{
    struct engines_health *h = arena_new_of(a, struct engines_health);
    if (!h)
        return arena_exhausted(err);
    h->stt = health(e->stt ? stt_name(e->stt) : NULL, e->stt ? stt_latency(e->stt) : NULL, &e->stt_error, a);
    h->tts = health(e->tts ? tts_name(e->tts) : NULL, e->tts ? tts_latency(e->tts) : NULL, &e->tts_error, a);
    h->vad = health(e->vad ? vad_name(e->vad) : NULL, e->vad ? vad_latency(e->vad) : NULL, &e->vad_error, a);
    if (!h->stt || !h->tts || !h->vad)
        return arena_exhausted(err);
    *ret = h;
    return STATUS_OK;
}

enum status dashboard_get(struct services *s, struct actor who, struct arena *a, struct dashboard_data **ret,
                          struct error *err)
{
    struct dashboard_data *d = arena_new_of(a, struct dashboard_data);
    if (!d)
        return arena_exhausted(err);
    enum status st =
        interview_count(s->db, who.is_admin ? (struct id){{0}} : who.user_id, INTERVIEW_OPEN, &d->interviews_open, err);
    if (st == STATUS_OK)
        st = rows(s, who, SESSION_COMPLETED, a, &d->awaiting_review, &d->sessions_completed, err);
    if (st == STATUS_OK)
        st = rows(s, who, SESSION_IN_PROGRESS, a, &d->running, &d->sessions_in_progress, err);
    if (st == STATUS_OK)
        st = rows(s, who, -1, a, &d->recent, NULL, err);
    if (st == STATUS_OK)
        st = engines_describe(s->engines, a, &d->engines, err);
    if (st == STATUS_OK)
        *ret = d;
    return st;
}

enum status database_ping(struct services *s, struct error *err)
{
    int64_t n;
    return interview_count(s->db, (struct id){{0}}, INTERVIEW_OPEN, &n, err);
}
