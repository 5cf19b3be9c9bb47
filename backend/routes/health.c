#include "routes/common.h"
#include "services/session.h"

static enum status healthz(struct request *rq, struct response *rs, struct error *err)
{
    (void)rq;
    static const char body[] = "{\"status\":\"ok\"}";
    return response_raw(rs, "application/json", body, sizeof body - 1, err);
}

static void write_check(struct json *j, const char *name, bool ok, const char *message)
{
    json_key(j, name);
    json_object_begin(j);
    json_kv_bool(j, "ok", ok);
    json_kv_string(j, "message", message);
    json_object_end(j);
}

static enum status readyz(struct request *rq, struct response *rs, struct error *err)
{
    struct services *s = route_services(rq);
    struct engines_health *h = NULL;
    struct error db_error = {0};
    struct cache_health cache;
    char trouble[320];
    enum status st = engines_describe(s->engines, rq->arena, &h, err);
    if (st != STATUS_OK)
        return st;
    bool db = database_ping(s, &db_error) == STATUS_OK;
    cache_health(s->cache, &cache);
    bool llm = s->llm ? llm_health(s->llm, trouble) : false;
    bool ready = db && /* not the cache: this replica works without Redis; nor the language model: so do reports */
                 h->stt->ready && h->tts->ready && h->vad->ready;
    struct buf b;
    struct json j;
    buf_init(&b, 1 << 16);
    json_init(&j, &b);
    json_object_begin(&j);
    json_kv_bool(&j, "ready", ready);
    json_key(&j, "checks");
    json_object_begin(&j);
    write_check(&j, "database", db, db_error.message);
    write_check(&j, "cache", cache.ready, cache.message);
    write_check(&j, "stt", h->stt->ready, h->stt->message);
    write_check(&j, "tts", h->tts->ready, h->tts->message);
    write_check(&j, "vad", h->vad->ready, h->vad->message);
    if (s->llm)
        write_check(&j, "llm", llm, trouble);
    json_object_end(&j);
    json_object_end(&j);
    response_status(rs, ready ? 200 : 503);
    st = buf_ok(&b) ? response_raw(rs, "application/json", b.data, b.len, err) : arena_exhausted(err);
    buf_free(&b);
    return st;
}

const struct route health_routes[] = {
    {HTTP_GET, "/healthz", ACCESS_PUBLIC, .reply_media = "application/json", .reply_example = "{\"status\":\"ok\"}",
     .rate = RATE_NONE, .handler = healthz, .tag = "health", .doc = "The process answers."},
    {HTTP_GET, "/readyz", ACCESS_PUBLIC, .reply_media = "application/json",
     .reply_example = "{\"ready\":true,\"checks\":{\"database\":{\"ok\":true,\"message\":\"\"},"
                      "\"stt\":{\"ok\":true,\"message\":\"\"},\"tts\":{\"ok\":true,\"message\":\"\"},"
                      "\"vad\":{\"ok\":true,\"message\":\"\"}}}",
     .rate = RATE_NONE, .handler = readyz, .tag = "health",
     .doc = "Database and engines: 200 when an interview can be held, else 503 and what is missing."},
    ROUTES_END,
};
