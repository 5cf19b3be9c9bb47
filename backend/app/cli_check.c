#include "app/cli.h"

#include "app/server.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/subprocess.h"
#include "db/migrate.h"

#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define DISK_MIN_BYTES (2ull << 30)

static const char check_help[] = "Usage: viva check\n\nTells, line by line, what an interview on this machine needs "
                                 "and what is missing. Changes nothing.\n"
                                 "Exit code 0: nothing is missing.\n";

/* Prints one line; returns 1 when something is missing. */
static int tell(const char *what, bool ok, const char *detail)
{
    printf("  %-28s %s%s%s\n", what, ok ? "there" : "MISSING", *detail ? ": " : "", detail);
    return ok ? 0 : 1;
}

static int check_program(const char *name, const char *flag, const char *package)
{
    struct error err = {0};
    struct subprocess_limits lim = {.timeout_ms = 20000};
    const char *argv[] = {name, flag, NULL};
    char hint[96];
    bool ok = subprocess_run(argv, NULL, &lim, &err) == STATUS_OK;
    snprintf(hint, sizeof hint, "install the package %s", package);
    return tell(name, ok, ok ? "" : hint);
}

static int check_engines(const struct config *c)
{
    struct engines e;
    struct provider_config pc = {
        .models_dir = c->models_dir,
        .ort_library = c->ort_library,
        .stt_model = c->stt_model,
        .threads = (unsigned)c->speech_threads,
        .parallel = 1,
    };
    const struct engine_names names = {c->stt_provider, c->tts_provider, c->vad_provider, c->turn_provider,
                                       c->embed_provider};
    engines_load(&e, &names, &pc);
    int bad = tell("speech recognition", e.stt, e.stt ? stt_name(e.stt) : e.stt_error.message);
    bad += tell("speech synthesis", e.tts, e.tts ? tts_name(e.tts) : e.tts_error.message);
    bad += tell("voice activity detection", e.vad, e.vad ? vad_name(e.vad) : e.vad_error.message);
    bad += tell("end-of-turn detection", e.turn, e.turn ? turn_name(e.turn) : e.turn_error.message);
    bad += tell("sentence vectors (reports)", e.embed, e.embed ? embed_name(e.embed) : e.embed_error.message);
    engines_unload(&e);
    return bad;
}

static int check_database(const struct config *c)
{
    cleanup(arena_freep) struct arena *a = arena_new(1 << 20);
    struct error err = {0};
    struct db *db = NULL;
    struct migration *m = NULL;
    size_t n = 0, pending = 0;
    char dir[MIGRATIONS_PATH_SIZE];
    config_migrations(c, dir);
    enum status st = a ? db_open(c->database_url, false, &db, &err) : arena_exhausted(&err);
    if (st == STATUS_OK)
        st = migrate_status(db, dir, a, &m, &n, &err);
    for (size_t i = 0; st == STATUS_OK && i < n; i++)
        pending += !m[i].applied;
    db_close(db);
    if (st != STATUS_OK)
        return tell("database", false, strcmp(err.code, "database_unreachable") ? "run: viva migrate up" : err.message);
    return tell("database", pending == 0, pending ? "migrations are pending; run: viva migrate up" : "");
}

static int check_cache(const struct config *c)
{
    static const uint8_t salt[32] = {0};
    struct cache_options o = {.url = c->redis_url, .salt = salt, .clock = &clock_system};
    struct cache_health h = {0};
    struct cache *cache = NULL;
    struct error err = {0};
    if (!*c->redis_url)
        return tell("cache", true, "in-process, for one replica");
    if (cache_new(&o, &cache, &err) != STATUS_OK)
        return tell("cache", false, err.message);
    cache_health(cache, &h);
    cache_free(cache);
    return tell("cache", h.ready, h.message);
}

/* Asks it a word, so that address, key and model are known to fit. */
static int check_llm(const struct config *c)
{
    const struct llm_prompt prompt = {.system = "Answer with one word.", .user = "Say: ready", .max_tokens = 256};
    struct llm_reply reply = {0};
    struct llm *llm = NULL;
    struct error err = {0};
    if (app_open_llm(c, &llm, &err) != STATUS_OK)
        return tell("language model", false, err.message);
    if (!llm)
        return tell("language model", true, "off; reports are made without (LLM_PROVIDER)");
    llm_ask(llm, &prompt, 1, &reply);
    const int bad = tell("language model", reply.status == STATUS_OK,
                         reply.status == STATUS_OK ? llm_name(llm) : reply.error.message);
    llm_replies_free(&reply, 1);
    llm_free(llm);
    return bad;
}

static int check_disk(const struct config *c)
{
    struct statvfs v;
    char line[96];
    if (!file_exists(c->data_dir))
        return tell("data directory", false, "it is made by: viva migrate up");
    if (access(c->data_dir, W_OK) || statvfs(c->data_dir, &v))
        return tell("data directory", false, "DATA_DIR cannot be written");
    unsigned long long left = (unsigned long long)v.f_bavail * v.f_frsize;
    snprintf(line, sizeof line, "%.1f GB free%s", (double)left / 1e9,
             left < DISK_MIN_BYTES ? "; recordings need about 5 MB a minute" : "");
    return tell("data directory", left >= DISK_MIN_BYTES, line);
}

int command_check(const struct config *c, int argc, char **argv)
{
    if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
        fputs(check_help, stdout);
        return 0;
    }
    if (argc > 1)
        return cli_usage("check", "it takes no arguments");
    char page[640];
    snprintf(page, sizeof page, "%s/index.html", c->frontend_dir);
    int bad = check_program("ffmpeg", "-version", "ffmpeg") + check_program("ffprobe", "-version", "ffmpeg") +
              check_program("espeak-ng", "--version", "espeak-ng") + check_program("pdftotext", "-v", "poppler-utils") +
              check_program("unzip", "-v", "unzip");
    bad += check_engines(c);
    bad += check_disk(c);
    bad += check_database(c);
    bad += check_cache(c);
    bad += check_llm(c);
    bad += tell("web application", file_exists(page), file_exists(page) ? "" : "run: make build");
    bool safe = *c->tls_cert || !strncmp(c->public_url, "https://", 8);
    printf("  %-28s %s\n", "candidates elsewhere",
           safe ? "can be heard (https)"
                : "cannot be heard: browsers give a microphone only to https or localhost (TLS_CERT, PUBLIC_URL)");
    puts(bad ? "Something is missing." : "Nothing is missing.");
    return bad ? 1 : 0;
}
