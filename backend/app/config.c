#include "app/config.h"

#include "base/file.h"
#include "providers/cache/cache.h"
#include "utils/api_key.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum setting_type {
    SETTING_TEXT,
    SETTING_SECRET,
    SETTING_PATH,
    SETTING_INT,
    SETTING_NUMBER,
    SETTING_BOOL,
    SETTING_CHOICE
};

struct setting {
    const char *name;
    enum setting_type type;
    size_t offset;
    const char
        *fallback; /* a path that does not begin with / is below the root; "@cache/..." below the cache directory */
    double min, max;
    const char *choices; /* "a|b" */
    const char *group, *doc;
};

#define AT(member) offsetof(struct config, member)

static const struct setting settings[] = {
    {"HOST", SETTING_TEXT, AT(host), "127.0.0.1", .group = "Serving",
     .doc = "Address to listen on. 0.0.0.0: every network."},
    {"PORT", SETTING_INT, AT(port), "8000", 0, 65535, .doc = "0: any free port, printed at the start."},
    {"PUBLIC_URL", SETTING_TEXT, AT(public_url), "",
     .doc = "What candidates' links begin with when a proxy stands in front: https://interviews.example.org"},
    {"TLS_CERT", SETTING_PATH, AT(tls_cert), "", .doc = "Certificate chain (PEM). With TLS_KEY: serve https directly."},
    {"TLS_KEY", SETTING_PATH, AT(tls_key), "", .doc = "Private key (PEM)."},
    {"CORS_ORIGINS", SETTING_TEXT, AT(cors_origins), "",
     .doc = "Other origins that may call the API, separated by commas. Empty: none."},
    {"TRUST_PROXY", SETTING_BOOL, AT(trust_proxy), "false",
     .doc = "Believe X-Forwarded-For from a proxy on this machine."},
    {"DATABASE_URL", SETTING_TEXT, AT(database_url), "", .group = "Storage",
     .doc = "sqlite:////absolute/path.db (empty: viva.db inside DATA_DIR) or mysql://user:password@host:port/name"},
    {"REDIS_URL", SETTING_TEXT, AT(redis_url), "",
     .doc =
         "redis://[:password@]host[:port][/db], which replicas share for rate limits and wake-ups. Empty: in-process."},
    {"DATA_DIR", SETTING_PATH, AT(data_dir), "var/data", .doc = "Recordings and the embedded database. Back this up."},
    {"MODELS_DIR", SETTING_PATH, AT(models_dir), "@cache/models",
     .doc = "Speech models, made by `viva models fetch`. Not inside DATA_DIR: they can be made again."},
    {"FRONTEND_DIR", SETTING_PATH, AT(frontend_dir), "frontend/dist", .doc = "The built web application."},
    {"MIGRATIONS_DIR", SETTING_PATH, AT(migrations_dir), "database/migrations", .doc = "Holds sqlite/ and mysql/."},
    {"JWT_SECRET", SETTING_SECRET, AT(jwt_secret), "", .group = "Identity",
     .doc = "32 characters or more. Empty: made once and kept in DATA_DIR/jwt.secret."},
    {"JWT_SECRETS_OLD", SETTING_SECRET, AT(jwt_secrets_old), "",
     .doc = "Earlier values of JWT_SECRET, separated by commas, which verify but no longer sign."},
    {"ADMIN_EMAIL", SETTING_TEXT, AT(admin_email), "",
     .doc = "The first administrator, made when there is no user yet."},
    {"ADMIN_PASSWORD", SETTING_SECRET, AT(admin_password), "",
     .doc = "Its password (10 characters or more). Empty: a random one is printed once."},
    {"ACCESS_TOKEN_MINUTES", SETTING_INT, AT(access_token_minutes), "15", 1, 1440, .doc = "Life of an access token."},
    {"REFRESH_TOKEN_DAYS", SETTING_INT, AT(refresh_token_days), "14", 1, 365, .doc = "Life of a log-in."},
    {"SPEECH_API_KEYS", SETTING_SECRET, AT(speech_api_keys), "",
     .doc = "Keys for machines at /v1 (OpenAI's API for speech), separated by commas, 32 characters or more each."},
    {"SMTP_URL", SETTING_SECRET, AT(smtp_url), "", .group = "Mail",
     .doc = "Server that sends invitations and links for new passwords: smtp[s]://user:password@mail.example.org:587, "
            "always encrypted unless it is this machine. Empty: administrators hand links over themselves."},
    {"MAIL_FROM", SETTING_TEXT, AT(mail_from), "", .doc = "Address that mail comes from. Needed with SMTP_URL."},
    {"MAIL_PROVIDER", SETTING_CHOICE, AT(mail_provider), "smtp", .choices = "smtp|fake",
     .doc = "How mail is sent. fake is for tests."},
    {"WORKERS", SETTING_INT, AT(workers), "8", 1, 256, .group = "Limits",
     .doc = "Threads that answer requests, each with a database connection."},
    {"CONNECTIONS_MAX", SETTING_INT, AT(connections_max), "1024", 16, 65536, .doc = "Open connections."},
    {"LIVE_SESSIONS_MAX", SETTING_INT, AT(live_sessions_max), "0", 0, 4096,
     .doc = "Interviews at the same time; further candidates wait in a queue. 0: as many as the speech engines keep up "
            "with, as measured."},
    {"SPEECH_WORKERS", SETTING_INT, AT(speech_workers), "2", 1, 64, .doc = "Recognitions and syntheses side by side."},
    {"SPEECH_THREADS", SETTING_INT, AT(speech_threads), "1", 1, 64,
     .doc = "Processor threads of one recognition. More make a single one quicker; workers times threads beyond the "
            "cores make all wait."},
    {"CHUNK_MAX_BYTES", SETTING_INT, AT(chunk_max_bytes), "4194304", 65536, 4194304, .doc = "One recording chunk."},
    {"ANSWER_MAX_BYTES", SETTING_INT, AT(answer_max_bytes), "268435456", 1048576, 4294967296,
     .doc = "The recording of one answer."},
    {"RESUME_MAX_BYTES", SETTING_INT, AT(resume_max_bytes), "10485760", 65536, 20971520,
     .doc = "The file of one resume."},
    {"RATE_LIMIT_SCALE", SETTING_NUMBER, AT(rate_limit_scale), "1", 0, 1000,
     .doc = "Multiplies every rate limit. 0: no limits (tests)."},
    {"STT_PROVIDER", SETTING_CHOICE, AT(stt_provider), "whisper", .choices = "whisper|fake", .group = "Speech",
     .doc = "Speech recognition. fake is for tests."},
    {"STT_MODEL", SETTING_CHOICE, AT(stt_model), "base", .choices = "base|tiny.en",
     .doc = "Whisper's size. tiny.en is faster, English only, less exact."},
    {"TTS_PROVIDER", SETTING_CHOICE, AT(tts_provider), "piper", .choices = "piper|fake", .doc = "Speech synthesis."},
    {"VAD_PROVIDER", SETTING_CHOICE, AT(vad_provider), "silero", .choices = "silero|fake",
     .doc = "Voice activity detection."},
    {"TURN_PROVIDER", SETTING_CHOICE, AT(turn_provider), "smart-turn", .choices = "smart-turn|fake",
     .doc = "Hears whether somebody has finished speaking."},
    {"EMBED_PROVIDER", SETTING_CHOICE, AT(embed_provider), "minilm", .choices = "minilm|fake",
     .doc = "Sentence vectors, which reports compare answers with points by."},
    {"ORT_LIBRARY", SETTING_PATH, AT(ort_library), "",
     .doc = "libonnxruntime.so. Empty: the one that tools/fetch-onnxruntime.sh fetched, else the system's."},
    {"LLM_PROVIDER", SETTING_CHOICE, AT(llm_provider), "off", .choices = "off|openai|fake", .group = "Language model",
     .doc = "A second reading of answers for reports, which may move a level by one step. openai: any service with "
            "OpenAI's chat completions; the text of the answers goes there. fake is for tests."},
    {"LLM_BASE_URL", SETTING_TEXT, AT(llm_base_url), "",
     .doc =
         "Where it is, with the path: https://api.openai.com/v1, or http://127.0.0.1:11434/v1 for one on this machine "
         "(elsewhere https only)."},
    {"LLM_MODEL", SETTING_TEXT, AT(llm_model), "", .doc = "The model's name there."},
    {"LLM_API_KEY", SETTING_SECRET, AT(llm_api_key), "", .doc = "Its key. Empty: none is sent."},
    {"LLM_TIMEOUT_S", SETTING_INT, AT(llm_timeout_s), "120", 1, 600,
     .doc = "How long it has for one answer; then it is not read. No report waits: the reading is its next version."},
    {"END_SILENCE_SURE_MS", SETTING_INT, AT(end_silence_sure_ms), "500", 300, 60000, .group = "Conversation",
     .doc = "Silence that ends an answer whose words and voice both sound finished."},
    {"END_SILENCE_MS", SETTING_INT, AT(end_silence_ms), "2000", 300, 60000,
     .doc = "Silence that ends an answer whose words alone sound finished."},
    {"END_SILENCE_HANGING_MS", SETTING_INT, AT(end_silence_hanging_ms), "4500", 500, 60000,
     .doc = "Silence that ends an answer whose words hang (\"and\", \"so um\")."},
    {"PROMPT_SILENCE_MS", SETTING_INT, AT(prompt_silence_ms), "12000", 3000, 120000,
     .doc = "Nothing said yet: a gentle prompt after this."},
    {"PAUSE_MAX_S", SETTING_INT, AT(pause_max_s), "1800", 0, 86400,
     .doc = "How long a candidate may pause an interview, all pauses together; then it goes on by itself."},
    {"LOG_LEVEL", SETTING_CHOICE, AT(log_level), "info", .choices = "debug|info|warn|error", .group = "Log",
     .doc = "Lines of JSON on standard error."},
};

#define N_SETTINGS (sizeof settings / sizeof settings[0])

static enum status invalid(struct error *err, const struct setting *s, const char *why)
{
    return error_set(err, STATUS_INVALID, "setting_invalid", s->name, "%s %s", s->name, why);
}

const char *config_root(struct arena *a)
{
    const char *home = getenv("VIVA_HOME");
    if (home && *home)
        return home;
    char exe[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
    for (int up = 0; n > 0 && up < 4; up++) {
        while (n > 0 && exe[n - 1] != '/')
            n--;
        if (n > 0)
            n--;
        exe[n] = '\0';
        char *probe = arena_printf(a, "%s/models.lock", exe);
        if (probe && file_exists(probe))
            return arena_strdup(a, exe);
    }
    return ".";
}

static const char *cache_dir(struct arena *a)
{
    const char *v = getenv("VIVA_CACHE"), *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (v && *v)
        return v;
    if (xdg && *xdg)
        return arena_printf(a, "%s/viva", xdg);
    return arena_printf(a, "%s/.cache/viva", home && *home ? home : "/var/tmp");
}

/* Takes "//", "/./", "/../" and a "/" at the end out of an absolute path, in place, so that paths can be compared. */
static void tidy(char *path)
{
    char *out = path, *p = path;
    while (*p) {
        while (*p == '/')
            p++;
        size_t n = strcspn(p, "/");
        if (n == 2 && p[0] == '.' && p[1] == '.') {
            while (out > path && *--out != '/')
                ;
        } else if (n && !(n == 1 && *p == '.')) {
            *out++ = '/';
            memmove(out, p, n);
            out += n;
        }
        p += n;
    }
    if (out == path)
        *out++ = '/';
    *out = '\0';
}

/* Absolute form of a path setting; "" stays "". Defaults are below the root, given values below the working directory.
 * NULL: out of memory. */
static const char *resolve(struct arena *a, const char *v, bool is_default)
{
    char cwd[PATH_MAX], *path;
    if (!*v)
        return v;
    if (!strncmp(v, "@cache/", 7))
        path = arena_printf(a, "%s/%s", cache_dir(a), v + 7);
    else if (*v == '/' || !is_default)
        path = arena_strdup(a, v);
    else
        path = arena_printf(a, "%s/%s", config_root(a), v);
    if (path && *path != '/' && getcwd(cwd, sizeof cwd))
        path = arena_printf(a, "%s/%s", cwd, path);
    if (path && *path == '/')
        tidy(path);
    return path;
}

static bool is_choice(const char *choices, const char *v)
{
    size_t n = strlen(v);
    if (strchr(v, '|'))
        return false;
    for (const char *p = choices; p; p = strchr(p, '|') ? strchr(p, '|') + 1 : NULL)
        if (!strncmp(p, v, n) && (p[n] == '|' || !p[n]))
            return n > 0;
    return false;
}

static enum status set_number(void *at, const struct setting *s, const char *v, struct error *err)
{
    char *end = NULL;
    errno = 0;
    double d = strtod(v, &end);
    bool whole = s->type == SETTING_INT;
    /* Written as people write numbers: no hexadecimals, no exponents, no spaces, which strtod would take. */
    if (end == v || *end || errno || v[strspn(v, "0123456789.-")] || !isfinite(d) || (whole && d != floor(d)))
        return invalid(err, s, whole ? "must be a whole number" : "must be a number");
    if (d < s->min || d > s->max)
        return error_set(err, STATUS_INVALID, "setting_invalid", s->name, "%s must be between %.0f and %.0f", s->name,
                         s->min, s->max);
    if (whole)
        *(int64_t *)at = (int64_t)d;
    else
        *(double *)at = d;
    return STATUS_OK;
}

static enum status set_value(struct config *c, const struct setting *s, const char *v, bool is_default, struct arena *a,
                             struct error *err)
{
    void *at = (char *)c + s->offset;
    switch (s->type) {
    case SETTING_INT:
    case SETTING_NUMBER:
        return set_number(at, s, v, err);
    case SETTING_BOOL:
        if (!is_choice("true|false|1|0|yes|no", v))
            return invalid(err, s, "must be true or false");
        *(bool *)at = is_choice("true|1|yes", v);
        return STATUS_OK;
    case SETTING_CHOICE:
        if (!is_choice(s->choices, v))
            return error_set(err, STATUS_INVALID, "setting_invalid", s->name, "%s must be one of %s", s->name,
                             s->choices);
        break;
    case SETTING_PATH:
        v = resolve(a, v, is_default);
        break;
    case SETTING_TEXT:
    case SETTING_SECRET:
        break;
    }
    *(const char **)at = v ? arena_strdup(a, v) : NULL;
    return *(const char **)at ? STATUS_OK : arena_exhausted(err);
}

static const struct setting *find_setting(const char *name, size_t n)
{
    for (size_t i = 0; i < N_SETTINGS; i++)
        if (strlen(settings[i].name) == n && !strncmp(settings[i].name, name, n))
            return &settings[i];
    return NULL;
}

/* One line of a settings file: NAME=value, value optionally in double quotes; '#' begins a comment line. */
static enum status file_line(char *line, int number, const char **values, struct arena *a, struct error *err)
{
    line += strspn(line, " \t");
    if (!strncmp(line, "export ", 7))
        line += 7;
    size_t len = strlen(line);
    while (len && strchr(" \t\r", line[len - 1]))
        line[--len] = '\0';
    if (!len || *line == '#')
        return STATUS_OK;
    char *eq = strchr(line, '=');
    const struct setting *s = eq ? find_setting(line, (size_t)(eq - line)) : NULL;
    if (!s && eq && !strncmp(line, "VIVA_", 5))
        return STATUS_OK;
    if (!s) /* the value is not told: it may be the secret whose name was mistyped */
        return error_set(err, STATUS_INVALID, "setting_unknown", NULL,
                         "Line %d of the settings file is no setting: \"%.*s\"", number,
                         (int)(eq && eq - line < 40 ? eq - line : 0), line);
    char *v = eq + 1;
    size_t n = strlen(v);
    if (n >= 2 && v[0] == '"' && v[n - 1] == '"') {
        v[n - 1] = '\0';
        v++;
    }
    values[s - settings] = arena_strdup(a, v);
    return values[s - settings] ? STATUS_OK : arena_exhausted(err);
}

static enum status read_file(const char *path, const char **values, struct arena *a, struct error *err)
{
    char *text = NULL;
    size_t len = 0;
    enum status st = file_read(path, 1 << 20, &text, &len, err);
    int number = 1;
    char *first = text && !strncmp(text, "\xEF\xBB\xBF", 3) ? text + 3 : text; /* editors on Windows begin so */
    for (char *line = first, *next; st == STATUS_OK && line; line = next, number++) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        st = file_line(line, number, values, a, err);
    }
    free(text);
    return st;
}

static bool inside(const char *path, const char *dir)
{
    size_t n = strlen(dir);
    return !strncmp(path, dir, n) && (path[n] == '/' || !path[n]);
}

static enum status wrong(struct error *err, const char *name, const char *why)
{
    return error_set(err, STATUS_INVALID, "setting_invalid", name, "%s %s", name, why);
}

static enum status check_tls(const struct config *c, struct error *err)
{
    if (!*c->tls_cert != !*c->tls_key)
        return wrong(err, *c->tls_cert ? "TLS_KEY" : "TLS_CERT", "is missing: TLS_CERT and TLS_KEY go together");
    if (*c->tls_cert && access(c->tls_cert, R_OK))
        return error_set(err, STATUS_INVALID, "setting_invalid", "TLS_CERT", "TLS_CERT cannot be read: %s",
                         strerror(errno));
    if (*c->tls_key && access(c->tls_key, R_OK))
        return error_set(err, STATUS_INVALID, "setting_invalid", "TLS_KEY", "TLS_KEY cannot be read: %s",
                         strerror(errno));
    return STATUS_OK;
}

/* scheme://host[:port], for it is compared with origins: a path would fit none. */
static bool is_origin(const char *url)
{
    size_t scheme = !strncmp(url, "http://", 7) ? 7 : !strncmp(url, "https://", 8) ? 8 : 0;
    size_t n = strcspn(url + scheme, "/?# \t");
    return scheme && n && (!url[scheme + n] || !strcmp(url + scheme + n, "/"));
}

/* A link in a mail must say where to. */
static enum status check_mail(const struct config *c, struct error *err)
{
    if (!*c->smtp_url)
        return STATUS_OK;
    if (strncmp(c->smtp_url, "smtp://", 7) && strncmp(c->smtp_url, "smtps://", 8))
        return wrong(err, "SMTP_URL", "must begin with smtp:// or smtps://");
    if (!*c->mail_from)
        return wrong(err, "MAIL_FROM", "is missing: SMTP_URL needs it");
    if (!*c->public_url)
        return wrong(err, "PUBLIC_URL", "is missing: links in mails begin with it");
    return STATUS_OK;
}

static enum status check_llm(const struct config *c, struct error *err)
{
    if (strcmp(c->llm_provider, "openai") != 0)
        return STATUS_OK;
    if (!*c->llm_base_url)
        return wrong(err, "LLM_BASE_URL", "is missing: LLM_PROVIDER=openai needs it");
    return *c->llm_model ? STATUS_OK : wrong(err, "LLM_MODEL", "is missing: LLM_PROVIDER=openai needs it");
}

static enum status check_database(struct config *c, struct arena *a, struct error *err)
{
    if (!*c->database_url) {
        c->database_url = arena_printf(a, "sqlite:///%s/viva.db", c->data_dir);
        return c->database_url ? STATUS_OK : arena_exhausted(err);
    }
    if (strncmp(c->database_url, "sqlite://", 9) && strncmp(c->database_url, "mysql://", 8))
        return wrong(err, "DATABASE_URL", "must begin with sqlite:/// or mysql://");
    return STATUS_OK;
}

static enum status check_speech_keys(const struct config *c, struct error *err)
{
    struct api_keys *keys = NULL;
    struct error own = {0};
    enum status st = api_keys_new(c->speech_api_keys, &keys, &own);
    api_keys_free(keys);
    return st == STATUS_OK
               ? st
               : error_set(err, st, "setting_invalid", "SPEECH_API_KEYS", "SPEECH_API_KEYS: %s", own.message);
}

static enum status check(struct config *c, struct arena *a, struct error *err)
{
    enum status st = STATUS_OK;
    if (inside(c->models_dir, c->data_dir))
        return wrong(err, "MODELS_DIR", "must not be inside DATA_DIR");
    if (*c->jwt_secret && strlen(c->jwt_secret) < 32)
        return wrong(err, "JWT_SECRET", "must have 32 characters or more");
    if (*c->jwt_secrets_old && !*c->jwt_secret)
        return wrong(err, "JWT_SECRETS_OLD", "goes with JWT_SECRET: the file's keys are changed with `viva keys`");
    if (*c->admin_password && strlen(c->admin_password) < 10)
        return wrong(err, "ADMIN_PASSWORD", "must have 10 characters or more");
    if (*c->public_url && !is_origin(c->public_url))
        return wrong(err, "PUBLIC_URL", "must be http:// or https:// with a host and perhaps a port, without a path");
    st = check_speech_keys(c, err);
    if (st == STATUS_OK && *c->redis_url)
        st = cache_url_check(c->redis_url, err);
    if (st == STATUS_OK)
        st = check_tls(c, err);
    if (st == STATUS_OK)
        st = check_mail(c, err);
    if (st == STATUS_OK)
        st = check_llm(c, err);
    return st == STATUS_OK ? check_database(c, a, err) : st;
}

enum status config_load(const char *file, struct arena *a, struct config **ret, struct error *err)
{
    const char *values[N_SETTINGS] = {NULL};
    const char *path = file ? file : getenv("VIVA_CONFIG");
    bool named = path && *path;
    if (!named)
        path = arena_printf(a, "%s/.env", config_root(a));
    struct config *c = arena_new_of(a, struct config);
    if (!path || !c)
        return arena_exhausted(err);
    enum status st = named || file_exists(path) ? read_file(path, values, a, err) : STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < N_SETTINGS; i++) {
        const char *env = getenv(settings[i].name);
        const char *v = env ? env : values[i];
        bool is_default = !v || (!*v && settings[i].type != SETTING_TEXT && settings[i].type != SETTING_SECRET);
        st = set_value(c, &settings[i], is_default ? settings[i].fallback : v, is_default, a, err);
    }
    if (st == STATUS_OK)
        st = check(c, a, err);
    if (st == STATUS_OK)
        *ret = c;
    return st;
}

void config_print_example(struct buf *out)
{
    buf_str(
        out,
        "# Every setting of Viva, with its default. Copy to .env beside README.md, or set as environment variables\n"
        "# (the environment wins). Printed by `viva config`; a test compares this file with it.\n");
    for (size_t i = 0; i < N_SETTINGS; i++) {
        const struct setting *s = &settings[i];
        if (s->group)
            buf_printf(out, "\n# ---- %s ----\n", s->group);
        buf_printf(out, "\n# %s\n", s->doc);
        if (s->choices)
            buf_printf(out, "# One of %s.\n", s->choices);
        else if (s->type == SETTING_INT)
            buf_printf(out, "# %.0f to %.0f.\n", s->min, s->max);
        if (!strncmp(s->fallback, "@cache/", 7))
            buf_printf(out, "#%s=~/.cache/viva/%s\n", s->name, s->fallback + 7);
        else
            buf_printf(out, "#%s=%s\n", s->name, s->fallback);
    }
}

void config_print_help(struct buf *out)
{
    buf_str(out, "Settings, from the environment or a file (--config FILE, $VIVA_CONFIG, else .env):\n");
    for (size_t i = 0; i < N_SETTINGS; i++)
        buf_printf(out, "  %-24s %s%s%s%s\n", settings[i].name, settings[i].doc, *settings[i].fallback ? " [" : "",
                   *settings[i].fallback == '@' ? "~/.cache/viva/models" : settings[i].fallback,
                   *settings[i].fallback ? "]" : "");
}

void config_migrations(const struct config *c, char out[MIGRATIONS_PATH_SIZE])
{
    snprintf(out, MIGRATIONS_PATH_SIZE, "%s/%s", c->migrations_dir,
             strncmp(c->database_url, "mysql:", 6) ? "sqlite" : "mysql");
}
