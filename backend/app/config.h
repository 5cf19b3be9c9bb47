#ifndef VIVA_APP_CONFIG_H
#define VIVA_APP_CONFIG_H
/* Every setting of the product, in one table (config.c) that reads the environment and a settings file, checks, and
 * prints backend/env.example and the help. The environment wins over the file. A wrong value stops the start and names
 * itself. */

#include "base/arena.h"
#include "base/buf.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

struct config {
    /* serving */
    const char *host;
    int64_t port;
    const char *public_url, *tls_cert, *tls_key;
    const char *cors_origins; /* comma separated */
    bool trust_proxy;
    /* storage */
    const char *database_url, *redis_url, *data_dir, *models_dir, *frontend_dir, *migrations_dir;
    /* identity */
    const char *speech_api_keys; /* comma separated */
    const char *jwt_secret, *jwt_secrets_old, *admin_email, *admin_password;
    int64_t access_token_minutes, refresh_token_days;
    /* mail */
    const char *smtp_url, *mail_from, *mail_provider;
    /* limits */
    int64_t workers, connections_max, live_sessions_max, speech_workers, speech_threads;
    int64_t chunk_max_bytes, answer_max_bytes, resume_max_bytes;
    double rate_limit_scale;
    /* speech */
    const char *stt_provider, *stt_model, *tts_provider, *vad_provider, *turn_provider, *embed_provider, *ort_library;
    /* language model */
    const char *llm_provider, *llm_base_url, *llm_model, *llm_api_key;
    int64_t llm_timeout_s;
    /* conversation */
    int64_t end_silence_sure_ms, end_silence_ms, end_silence_hanging_ms, prompt_silence_ms, pause_max_s;
    const char *log_level;
};

/* Reads file (NULL: $VIVA_CONFIG, else <root>/.env when it is there), then the environment, then checks. Everything
 * lives in a. STATUS_INVALID with err->field = the setting's name. */
enum status config_load(const char *file, struct arena *a, struct config **ret, struct error *err) must_check;

/* backend/env.example: every setting with its default and meaning. */
void config_print_example(struct buf *out);
/* The same, short, for --help. */
void config_print_help(struct buf *out);

/* The directory that holds frontend/, database/ and tools/: $VIVA_HOME, else the source tree the binary was built in,
 * else ".". */
const char *config_root(struct arena *a);

/* The directory of the migrations for the database's engine. */
#define MIGRATIONS_PATH_SIZE 640
void config_migrations(const struct config *c, char out[MIGRATIONS_PATH_SIZE]);

#endif
