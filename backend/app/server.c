#include "app/server.h"

#include "app/first_admin.h"
#include "app/keys.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/latency.h"
#include "base/log.h"
#include "db/migrate.h"
#include "routes/routes.h"
#include "services/background.h"
#include "services/jobs.h"
#include "services/settings.h"
#include "services/speech_door.h"
#include "services/storage.h"
#include "utils/api_key.h"
#include "utils/host.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DRAIN_MS    5000
#define WAITING_MAX 4096 /* sessions in memory that are not under way, or over how many are when that is measured */
#define BATCH_MAX   16

static struct system_info describe(const struct config *c)
{
    return (struct system_info){
        .version = VIVA_VERSION,
        .started_at = clock_unix_ms(&clock_system),
        .database = strncmp(c->database_url, "mysql:", 6) ? "sqlite" : "mysql",
        .cache = *c->redis_url ? "redis" : "memory",
        .public_url = c->public_url,
        .tls = *c->tls_cert,
        .trust_proxy = c->trust_proxy,
        .stt_provider = c->stt_provider,
        .stt_model = c->stt_model,
        .tts_provider = c->tts_provider,
        .vad_provider = c->vad_provider,
        .workers = c->workers,
        .connections_max = c->connections_max,
        .live_sessions_max = c->live_sessions_max,
        .speech_workers = c->speech_workers,
        .speech_threads = c->speech_threads,
        .chunk_max_bytes = c->chunk_max_bytes,
        .answer_max_bytes = c->answer_max_bytes,
        .access_token_minutes = c->access_token_minutes,
        .refresh_token_days = c->refresh_token_days,
        .rate_limit_scale = c->rate_limit_scale,
        .log_level = c->log_level,
    };
}

static enum status open_mailer(struct app *app, struct error *err)
{
    const struct mail_config mc = {.url = app->config->smtp_url, .from = app->config->mail_from};
    return *mc.url ? mailer_new(app->config->mail_provider, &mc, &app->mailer, err) : STATUS_OK;
}

enum status app_open_llm(const struct config *c, struct llm **ret, struct error *err)
{
    const bool fake = !strcmp(c->llm_provider, "fake");
    const struct llm_config lc = {.base_url = c->llm_base_url,
                                  .model = fake && !*c->llm_model ? "fake" : c->llm_model,
                                  .api_key = c->llm_api_key,
                                  .timeout_ms = c->llm_timeout_s * 1000};
    return strcmp(c->llm_provider, "off") ? llm_new(c->llm_provider, &lc, ret, err) : STATUS_OK;
}

enum status app_open(struct app *app, const struct config *c, struct error *err)
{
    char media[640];
    memset(app, 0, sizeof *app);
    app->config = c;
    app->system = describe(c);
    app->settings = (struct service_settings){
        .public_url = c->public_url,
        .access_ttl_s = c->access_token_minutes * 60,
        .refresh_ttl_s = c->refresh_token_days * 86400,
        .media_ttl_s = 2 * 3600,
        .chunk_max_bytes = (uint64_t)c->chunk_max_bytes,
        .resume_max_bytes = (uint64_t)c->resume_max_bytes,
        .answer_max_bytes = (uint64_t)c->answer_max_bytes,
        .password_cost = password_cost_default,
        .login_back_off = c->rate_limit_scale > 0,
    };
    snprintf(media, sizeof media, "%s/media", c->data_dir);
    enum status st = dir_make(c->data_dir, err);
    if (st == STATUS_OK)
        st = keys_load(c, &app->keys, err);
    if (st == STATUS_OK)
        st = api_keys_new(c->speech_api_keys, &app->speech_keys, err);
    if (st == STATUS_OK)
        st = storage_new(media, &app->storage, err);
    if (st == STATUS_OK)
        st = open_mailer(app, err);
    if (st == STATUS_OK)
        st = app_open_llm(c, &app->llm, err);
    return st;
}

void app_close(struct app *app)
{
    app->keys = token_keys_free(app->keys);
    app->speech_keys = api_keys_free(app->speech_keys);
    app->storage = storage_free(app->storage);
    app->mailer = mailer_free(app->mailer);
    app->llm = llm_free(app->llm);
}

void *app_services_new(void *u)
{
    struct app *app = u;
    struct error err = {0};
    struct services *s = calloc(1, sizeof *s);
    enum status st = s ? db_open(app->config->database_url, false, &s->db, &err) : STATUS_NO_MEMORY;
    if (st != STATUS_OK) {
        log_failure("database", NULL, st, &err);
        free(s);
        return NULL;
    }
    s->settings = &app->settings;
    s->clock = &clock_system;
    s->keys = app->keys;
    s->speech_keys = app->speech_keys;
    s->engines = &app->engines;
    s->speech_door = app->speech_door;
    s->storage = app->storage;
    s->mailer = app->mailer;
    s->llm = app->llm;
    s->cache = app->cache;
    s->settings_store = app->settings_store;
    s->requests = app->requests;
    s->system = &app->system;
    s->jobs = app->jobs;
    return s;
}

void app_services_free(void *services)
{
    struct services *s = services;
    if (s)
        s->db = db_close(s->db);
    free(s);
}

static void *context_new(void *u)
{
    struct app *app = u;
    struct route_context *rc = calloc(1, sizeof *rc);
    if (rc) {
        rc->services = app_services_new(app);
        rc->live = app->live;
    }
    if (rc && !rc->services) {
        free(rc);
        rc = NULL;
    }
    return rc;
}

static void context_free(void *state)
{
    struct route_context *rc = state;
    if (rc)
        app_services_free(rc->services);
    free(rc);
}

static void load_engines(struct app *app)
{
    const struct config *c = app->config;
    struct provider_config pc = {
        .models_dir = c->models_dir,
        .ort_library = c->ort_library,
        .stt_model = c->stt_model,
        .threads = (unsigned)c->speech_threads,
        .parallel = (unsigned)c->speech_workers,
    };
    const struct engine_names names = {c->stt_provider, c->tts_provider, c->vad_provider, c->turn_provider,
                                       c->embed_provider};
    engines_load(&app->engines, &names, &pc);
    const struct error *errors[] = {&app->engines.stt_error, &app->engines.tts_error, &app->engines.vad_error,
                                    &app->engines.turn_error, &app->engines.embed_error};
    const char *what[] = {"stt", "tts", "vad", "turn", "embed"};
    for (int i = 0; i < 5; i++)
        if (*errors[i]->code)
            log_event(LOG_ERROR, "engine_missing", "engine", what[i], "why", errors[i]->message, "do",
                      "viva models fetch", NULL);
}

/* The start refuses a database that is not at this binary's version: half a schema answers with wrong data. */
static enum status check_schema(const struct config *c, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(1 << 20);
    struct db *db = NULL;
    struct migration *m = NULL;
    size_t n = 0;
    char dir[MIGRATIONS_PATH_SIZE];
    config_migrations(c, dir);
    enum status st = a ? db_open(c->database_url, false, &db, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = migrate_status(db, dir, a, &m, &n, err);
    for (size_t i = 0; st == STATUS_OK && i < n; i++)
        if (!m[i].applied)
            st = error_set(err, STATUS_UNAVAILABLE, "migration_pending", NULL,
                           "The database lacks migration %04lld. Run: viva migrate up", (long long)m[i].version);
    db_close(db);
    return st;
}

/* A Redis that is away is no reason not to start: cache.h says what works meanwhile. */
static enum status start_cache(struct app *app, struct error *err)
{
    uint8_t salt[TOKEN_DERIVED_SIZE];
    token_keys_derive(app->keys, "viva cache", salt);
    struct cache_options o = {.url = app->config->redis_url, .salt = salt, .clock = &clock_system};
    return cache_new(&o, &app->cache, err);
}

/* What another replica sets is read anew here as soon as it says so. */
static enum status start_settings(struct app *app, struct error *err)
{
    app->settings_store = settings_store_new();
    if (!app->settings_store)
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "Memory is used up");
    app->requests = latency_set_new();
    app->speech_door = speech_door_new((unsigned)app->config->speech_workers, (unsigned)app->config->workers / 2);
    if (!app->requests || !app->speech_door)
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "Memory is used up");
    return cache_subscribe(app->cache, SETTINGS_CHANNEL, settings_store_forget, app->settings_store, err);
}

/* For http_options.rate_take: limits that replicas share. A twentieth of what a bucket holds is taken at once. */
static bool take_shared(void *u, const char *key, double per_second, double burst, int64_t *retry_after_ms)
{
    struct app *app = u;
    double part = burst / 20;
    int batch = part < 1 ? 1 : part > BATCH_MAX ? BATCH_MAX : (int)part;
    return cache_take_batch(app->cache, key, per_second, burst, batch, retry_after_ms);
}

static enum status start_workers(struct app *app, struct error *err)
{
    const struct config *c = app->config;
    struct jobs_options jo = {
        .services_new = app_services_new,
        .services_free = app_services_free,
        .u = app,
        .clock = &clock_system,
        .kinds = background_jobs,
        .recurring = background_recurring,
        .cache = app->cache,
        .threads = 1,
        .lease_ms = 60 * 1000, /* so long waits what a killed server leaves */
        .keep_ms = 10 * 1000,
    };
    struct live_options lo = {
        .services_new = app_services_new,
        .services_free = app_services_free,
        .u = app,
        .engines = &app->engines,
        .cache = app->cache,
        .clock = &clock_system,
        .workers = 2,
        .speech_workers = (unsigned)c->speech_workers,
        .sessions_max = (unsigned)c->live_sessions_max + WAITING_MAX,
        .at_once_max = (unsigned)c->live_sessions_max,
        .patience = {c->end_silence_sure_ms, c->end_silence_ms, c->end_silence_hanging_ms, c->prompt_silence_ms},
        .pause_max_ms = c->pause_max_s * 1000,
    };
    enum status st = jobs_new(&jo, &app->jobs, err);
    if (st == STATUS_OK)
        st = live_new(&lo, &app->live, err);
    return st;
}

/* "a, b" -> {"a", "b", NULL} */
static const char **split_origins(const char *list, struct arena *a)
{
    size_t n = 1;
    for (const char *p = list; *p; p++)
        n += *p == ',';
    const char **items = arena_array(a, n + 1, sizeof *items);
    char *copy = arena_strdup(a, list), *save = NULL;
    size_t k = 0;
    for (char *t = items && copy ? strtok_r(copy, ", ", &save) : NULL; t; t = strtok_r(NULL, ", ", &save))
        items[k++] = t;
    return items;
}

/* By the route's tag; what has no route is a file, or nothing. */
static void measure_request(void *u, const struct route *route, int status, int64_t microseconds)
{
    struct app *app = u;
    if (status != 0)
        latency_set_add(app->requests, route ? route->tag : "static", clock_mono_ms(&clock_system), microseconds);
}

static enum status start_http(struct app *app, struct arena *a, struct http_server **http, struct error *err)
{
    const struct config *c = app->config;
    struct http_options ho = {
        .host = c->host,
        .port = (unsigned)c->port,
        .tls_cert = c->tls_cert,
        .tls_key = c->tls_key,
        .workers = (unsigned)c->workers,
        .io_threads = 2,
        .connections_max = (unsigned)c->connections_max,
        .cors_origins = split_origins(c->cors_origins, a),
        .public_url = c->public_url,
        .trust_proxy = c->trust_proxy,
        .static_dir = c->frontend_dir,
        .upload_dir = storage_upload_dir(app->storage),
        .tables = all_routes,
        .title = "Viva",
        .version = VIVA_VERSION,
        .clock = &clock_system,
        .rate_scale = c->rate_limit_scale,
        .rate_take = *c->redis_url ? take_shared : NULL,
        .worker_new = context_new,
        .worker_free = context_free,
        .authenticate = route_authenticate,
        .on_request = measure_request,
        .u = app,
    };
    return http_start(&ho, http, err);
}

/* Browsers give a microphone only to https or localhost: say so where candidates elsewhere could not be heard. */
static void announce(const struct config *c, unsigned port)
{
    char url[300];
    bool tls = *c->tls_cert;
    snprintf(url, sizeof url, "%s://%s:%u", tls ? "https" : "http",
             host_is_loopback(c->host) || !strcmp(c->host, "0.0.0.0") ? "localhost" : c->host, port);
    const char *shown = *c->public_url ? c->public_url : url;
    log_event(LOG_INFO, "listening", "host", c->host, "url", shown, NULL);
    printf("Viva is serving at %s\n", shown);
    if (*c->public_url ? strncmp(c->public_url, "https://", 8) != 0 : !tls)
        printf("Only a browser on this machine gives its microphone to %s. For candidates elsewhere set TLS_CERT and "
               "TLS_KEY,\n"
               "or put an https proxy in front and set PUBLIC_URL (SETUP.md, \"Candidates elsewhere\").\n",
               shown);
    fflush(stdout);
}

/* Where the settings name the first administrator, a fresh installation has it from the start. */
static enum status ensure_admin(struct app *app, struct arena *a, struct error *err)
{
    struct services *s = app_services_new(app);
    if (!s)
        return error_set(err, STATUS_UNAVAILABLE, "database_unreachable", "DATABASE_URL",
                         "The database cannot be opened");
    enum status st = first_admin_ensure(s, app->config, false, a, err);
    app_services_free(s);
    return st;
}

static enum status start_all(struct app *app, struct arena *a, struct http_server **http, struct error *err)
{
    enum status st = check_schema(app->config, err);
    if (st != STATUS_OK)
        return st;
    st = ensure_admin(app, a, err);
    if (st != STATUS_OK)
        return st;
    load_engines(app);
    st = start_cache(app, err);
    if (st == STATUS_OK)
        st = start_settings(app, err);
    if (st == STATUS_OK)
        st = start_workers(app, err);
    if (st == STATUS_OK)
        st = start_http(app, a, http, err);
    return st;
}

int app_serve(const struct config *c)
{
    struct app app;
    struct error err = {0};
    struct http_server *http = NULL;
    sigset_t set;
    int sig = 0;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set, NULL); /* before any thread, so that only sigwait sees them */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file over RLIMIT_FSIZE is an error of that write, not the end of the server */

    struct arena *a = arena_new(1 << 20);
    enum status st = a ? app_open(&app, c, &err) : arena_exhausted(&err);
    if (st == STATUS_OK)
        st = start_all(&app, a, &http, &err);
    if (st == STATUS_OK) {
        announce(c, http_port(http));
        sigwait(&set, &sig);
        log_event(LOG_INFO, "stopping", NULL);
    } else {
        fprintf(stderr, "viva: cannot start: %s\n", err.message);
    }
    if (a) {
        http_stop(http, DRAIN_MS);
        llm_stop(app.llm); /* a report that waits for it is made without */
        app.live = live_free(app.live);
        app.jobs = jobs_free(app.jobs);
        app.cache = cache_free(app.cache);
        app.settings_store = settings_store_free(app.settings_store);
        app.requests = latency_set_free(app.requests);
        app.speech_door = speech_door_free(app.speech_door);
        engines_unload(&app.engines);
        app_close(&app);
    }
    arena_free(a);
    return st == STATUS_OK ? 0 : 1;
}
