#include "app/config.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "unit/db/temp_db.h"

#include <sys/stat.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Every setting, by hand: what it is by default, and something it must refuse. */
struct expected {
    const char *name, *fallback, *wrong;
};

static const struct expected all[] = {
    {"HOST", "127.0.0.1", NULL},
    {"PORT", "8000", "65536"},
    {"PUBLIC_URL", "", "interviews.example.org"},
    {"TLS_CERT", "", "/nowhere/cert.pem"},
    {"TLS_KEY", "", "/nowhere/key.pem"},
    {"CORS_ORIGINS", "", NULL},
    {"TRUST_PROXY", "false", "maybe"},
    {"DATABASE_URL", "", "postgres://x"},
    {"REDIS_URL", "", "localhost:6379"},
    {"DATA_DIR", "var/data", NULL},
    {"MODELS_DIR", "~/.cache/viva/models", NULL},
    {"FRONTEND_DIR", "frontend/dist", NULL},
    {"MIGRATIONS_DIR", "database/migrations", NULL},
    {"JWT_SECRET", "", "too short"},
    {"JWT_SECRETS_OLD", "", "a secret that goes with no JWT_SECRET"},
    {"ADMIN_EMAIL", "", NULL},
    {"ADMIN_PASSWORD", "", "too short"},
    {"ACCESS_TOKEN_MINUTES", "15", "0"},
    {"REFRESH_TOKEN_DAYS", "14", "366"},
    {"SPEECH_API_KEYS", "", "a key of thirty-two characters or more, too short"},
    {"SMTP_URL", "", "imap://mail.example.org"},
    {"MAIL_FROM", "", NULL},
    {"MAIL_PROVIDER", "smtp", "pigeon"},
    {"WORKERS", "8", "0"},
    {"CONNECTIONS_MAX", "1024", "15"},
    {"LIVE_SESSIONS_MAX", "0", "-1"},
    {"SPEECH_WORKERS", "2", "2.5"},
    {"SPEECH_THREADS", "1", "two"},
    {"CHUNK_MAX_BYTES", "4194304", "4194305"},
    {"ANSWER_MAX_BYTES", "268435456", "1"},
    {"RESUME_MAX_BYTES", "10485760", "65535"},
    {"RATE_LIMIT_SCALE", "1", "-0.5"},
    {"STT_PROVIDER", "whisper", "whisper|fake"},
    {"STT_MODEL", "base", "bas"},
    {"TTS_PROVIDER", "piper", "Piper"},
    {"VAD_PROVIDER", "silero", "none"},
    {"TURN_PROVIDER", "smart-turn", "none"},
    {"EMBED_PROVIDER", "minilm", "none"},
    {"ORT_LIBRARY", "", NULL},
    {"LLM_PROVIDER", "off", "gpt"},
    {"LLM_BASE_URL", "", NULL},
    {"LLM_MODEL", "", NULL},
    {"LLM_API_KEY", "", NULL},
    {"LLM_TIMEOUT_S", "120", "601"},
    {"END_SILENCE_SURE_MS", "500", "299"},
    {"END_SILENCE_MS", "2000", "299"},
    {"END_SILENCE_HANGING_MS", "4500", "60001"},
    {"PROMPT_SILENCE_MS", "12000", "2999"},
    {"PAUSE_MAX_S", "1800", "86401"},
    {"LOG_LEVEL", "info", "INFO"},
};

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    clearenv();
    temp_make();
    assert_int_equal(setenv("VIVA_HOME", temp_dir, 1), 0);
    assert_int_equal(setenv("HOME", "/home/somebody", 1), 0);
    arena = arena_new(4u << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena = arena_free(arena);
    temp_remove();
    return 0;
}

static struct config *load(const char *file)
{
    struct config *c = NULL;
    ok(config_load(file, arena, &c, &err));
    return c;
}

static void refused(const char *file, const char *field, const char *part)
{
    struct config *c = NULL;
    struct error err = {0};
    enum status st = config_load(file, arena, &c, &err);
    if (st != STATUS_INVALID || strcmp(err.field, field) || !strstr(err.message, part))
        fail_msg("%s: %s (%s) %s", field, status_name(st), err.field, err.message);
    assert_null(c);
}

static void set(const char *name, const char *value)
{
    assert_int_equal(setenv(name, value, 1), 0);
}

static const char *file_with(const char *text)
{
    const char *path = temp_path("settings");
    write_file(path, text);
    return path;
}

static void the_defaults(void **state)
{
    (void)state;
    struct config *c = load(NULL);
    assert_string_equal(c->host, "127.0.0.1"); /* nothing is open to the network unless it is asked for */
    assert_int_equal(c->port, 8000);
    assert_string_equal(c->public_url, "");
    assert_false(c->trust_proxy);
    assert_string_equal(c->data_dir, arena_printf(arena, "%s/var/data", temp_dir));
    assert_string_equal(c->frontend_dir, arena_printf(arena, "%s/frontend/dist", temp_dir));
    assert_string_equal(c->migrations_dir, arena_printf(arena, "%s/database/migrations", temp_dir));
    assert_string_equal(c->models_dir, "/home/somebody/.cache/viva/models");
    assert_string_equal(c->database_url, arena_printf(arena, "sqlite:///%s/viva.db", c->data_dir));
    assert_string_equal(c->tls_cert, "");
    assert_string_equal(c->jwt_secret, "");
    assert_int_equal(c->access_token_minutes, 15);
    assert_int_equal(c->refresh_token_days, 14);
    assert_int_equal(c->workers, 8);
    assert_int_equal(c->connections_max, 1024);
    assert_int_equal(c->live_sessions_max, 0);
    assert_int_equal(c->speech_workers, 2);
    assert_int_equal(c->speech_threads, 1);
    assert_int_equal(c->chunk_max_bytes, 4194304);
    assert_int_equal(c->answer_max_bytes, 268435456);
    assert_true(c->rate_limit_scale == 1);
    assert_string_equal(c->stt_provider, "whisper"); /* never a fake unless it is named */
    assert_string_equal(c->stt_model, "base");
    assert_string_equal(c->tts_provider, "piper");
    assert_string_equal(c->vad_provider, "silero");
    assert_string_equal(c->turn_provider, "smart-turn");
    assert_string_equal(c->embed_provider, "minilm");
    assert_string_equal(c->llm_provider, "off"); /* nothing leaves the machine unless it is asked for */
    assert_int_equal(c->end_silence_sure_ms, 500);
    assert_int_equal(c->end_silence_ms, 2000);
    assert_int_equal(c->end_silence_hanging_ms, 4500);
    assert_int_equal(c->prompt_silence_ms, 12000);
    assert_int_equal(c->pause_max_s, 1800);
    assert_string_equal(c->log_level, "info");
}

static void the_example_and_the_help_list_every_setting(void **state)
{
    (void)state;
    cleanup(buf_free) struct buf example, help;
    buf_init(&example, 1 << 20);
    buf_init(&help, 1 << 20);
    config_print_example(&example);
    config_print_help(&help);
    size_t lines = 0;
    for (const char *p = buf_cstr(&example); (p = strchr(p, '\n')); p++)
        lines += p[1] == '#' && p[2] >= 'A' && p[2] <= 'Z' && strchr(p + 1, '=');
    for (size_t i = 0; i < COUNT(all); i++) {
        const char *line = arena_printf(arena, "\n#%s=%s\n", all[i].name, all[i].fallback);
        if (!strstr(buf_cstr(&example), line))
            fail_msg("the example lacks %s", line);
        if (!strstr(buf_cstr(&help), arena_printf(arena, "\n  %s ", all[i].name)))
            fail_msg("the help lacks %s", all[i].name);
    }
    assert_int_equal(lines, COUNT(all)); /* a new setting needs its row in this test */
    cleanup(freep) char *kept = NULL;
    ok(file_read(VIVA_SOURCE_DIR "/backend/env.example", 1 << 20, &kept, NULL, &err));
    assert_string_equal(kept, buf_cstr(&example));
}

/* With the marks taken off it can be used as it is. */
static void the_example_is_a_settings_file(void **state)
{
    (void)state;
    cleanup(buf_free) struct buf example, file;
    buf_init(&example, 1 << 20);
    buf_init(&file, 1 << 20);
    config_print_example(&example);
    char *text = arena_strdup(arena, buf_cstr(&example)), *save = NULL;
    for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        bool setting = line[0] == '#' && line[1] >= 'A' && line[1] <= 'Z' && strchr(line, '=') && !strstr(line, "=~");
        buf_printf(&file, "%s\n", setting ? line + 1 : line);
    }
    assert_int_equal(load(file_with(buf_cstr(&file)))->port, 8000);
}

static void a_wrong_value_names_itself(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(all); i++) {
        if (!all[i].wrong)
            continue;
        set(all[i].name, all[i].wrong);
        /* one half of TLS asks for the other */
        const char *field = !strcmp(all[i].name, "TLS_CERT")  ? "TLS_KEY"
                            : !strcmp(all[i].name, "TLS_KEY") ? "TLS_CERT"
                                                              : all[i].name;
        refused("/dev/null", field, field);
        unsetenv(all[i].name);
        refused(file_with(arena_printf(arena, "%s=%s\n", all[i].name, all[i].wrong)), field, field);
    }
}

static void numbers_are_written_as_people_write_them(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "0x1F90", "8e3", " 8000", "8000 ", "+8000", "8000.5", "inf", "nan", "--1", "1-2", "99999999999999999999",
        "8 000"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        set("PORT", bad[i]);
        refused(NULL, "PORT", "PORT");
    }
    set("PORT", "0");
    set("RATE_LIMIT_SCALE", "0.25");
    struct config *c = load(NULL);
    assert_int_equal(c->port, 0);
    assert_true(c->rate_limit_scale == 0.25);
    static const char *const words[][2] = {{"true", "1"}, {"1", "1"}, {"yes", "1"},
                                           {"false", ""}, {"0", ""},  {"no", ""}};
    for (size_t i = 0; i < COUNT(words); i++) {
        set("TRUST_PROXY", words[i][0]);
        assert_int_equal(load(NULL)->trust_proxy, *words[i][1] != '\0');
    }
    static const char *const not_bool[] = {"TRUE", "true|false", "|", "tru", "on"};
    for (size_t i = 0; i < COUNT(not_bool); i++) {
        set("TRUST_PROXY", not_bool[i]);
        refused(NULL, "TRUST_PROXY", "true or false");
    }
}

static void the_file_is_lines_of_name_and_value(void **state)
{
    (void)state;
    struct config *c = load(file_with("\xEF\xBB\xBF# written by an editor on Windows\r\n"
                                      "\r\n"
                                      "PORT=9000\r\n"
                                      "  export HOST=\"0.0.0.0\"  \r\n"
                                      "\tADMIN_EMAIL=ada@example.org\n"
                                      "ADMIN_PASSWORD=\"with = and # and space \"\n"
                                      "VIVA_SOMETHING=of quick-start\n"
                                      "STT_MODEL=\n"
                                      "CORS_ORIGINS=https://a.example,https://b.example\n"
                                      "PORT=9001"));
    assert_int_equal(c->port, 9001); /* the last one, without a line's end */
    assert_string_equal(c->host, "0.0.0.0");
    assert_string_equal(c->admin_email, "ada@example.org");
    assert_string_equal(c->admin_password, "with = and # and space ");
    assert_string_equal(c->stt_model, "base"); /* empty: the default */
    assert_string_equal(c->cors_origins, "https://a.example,https://b.example");
}

static void a_line_that_is_no_setting_is_refused_without_its_value(void **state)
{
    (void)state;
    static const char *const bad[] = {"HOST=x\nJWT_SECRTE=a secret that nobody may see\n",
                                      "PORT\n",
                                      "PORT 8000\n",
                                      "port=8000\n",
                                      "=x\n",
                                      "PORT =8000\n",
                                      "JWT_SECRET: a secret\n"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct config *c = NULL;
        struct error err = {0};
        assert_int_equal(config_load(file_with(bad[i]), arena, &c, &err), STATUS_INVALID);
        assert_string_equal(err.code, "setting_unknown");
        assert_non_null(strstr(err.message, i ? "Line 1 " : "Line 2 "));
        assert_null(strstr(err.message, "secret that"));
        assert_null(strstr(err.message, "a secret"));
    }
}

static void secrets_are_not_in_error_messages(void **state)
{
    (void)state;
    static const char *const names[] = {"JWT_SECRET", "ADMIN_PASSWORD", "SPEECH_API_KEYS"};
    for (size_t i = 0; i < COUNT(names); i++) {
        struct config *c = NULL;
        struct error err = {0};
        set(names[i], "hunter2");
        assert_int_equal(config_load(NULL, arena, &c, &err), STATUS_INVALID);
        assert_null(strstr(err.message, "hunter2"));
        unsetenv(names[i]);
    }
}

static void the_environment_wins_over_the_file(void **state)
{
    (void)state;
    const char *path = file_with("PORT=9000\nHOST=10.0.0.1\nPUBLIC_URL=https://file.example\n");
    set("PORT", "9001");
    set("PUBLIC_URL", ""); /* empty is a value of a text setting */
    struct config *c = load(path);
    assert_int_equal(c->port, 9001);
    assert_string_equal(c->host, "10.0.0.1");
    assert_string_equal(c->public_url, "");
}

static void where_the_file_is_looked_for(void **state)
{
    (void)state;
    struct config *c = NULL;
    const char *named = file_with("PORT=9000\n");
    write_file(temp_path(".env"), "PORT=9100\n"); /* VIVA_HOME is the directory */
    assert_int_equal(load(NULL)->port, 9100);
    set("VIVA_CONFIG", named);
    assert_int_equal(load(NULL)->port, 9000);
    assert_int_equal(load(temp_path(".env"))->port, 9100); /* --config before $VIVA_CONFIG */
    set("VIVA_CONFIG", temp_path("nowhere"));
    fails(config_load(NULL, arena, &c, &err), STATUS_NOT_FOUND, "file_missing"); /* named, so it must be there */
    set("VIVA_CONFIG", "/dev/null");
    assert_int_equal(load(NULL)->port, 8000);
}

static void paths_become_absolute(void **state)
{
    (void)state;
    char cwd[4096];
    assert_non_null(getcwd(cwd, sizeof cwd));
    set("DATA_DIR", "./some/data/");
    set("MODELS_DIR", "/srv//models/./x/../");
    struct config *c = load(NULL);
    assert_string_equal(c->data_dir, arena_printf(arena, "%s/some/data", cwd));
    assert_string_equal(c->models_dir, "/srv/models");
    set("VIVA_CACHE", "/var/cache/viva");
    unsetenv("MODELS_DIR");
    assert_string_equal(load(NULL)->models_dir, "/var/cache/viva/models");
}

static void models_do_not_lie_in_the_data(void **state)
{
    (void)state;
    static const char *const inside[][2] = {{"/srv/data", "/srv/data/models"},  {"/srv/data/", "/srv/data/models"},
                                            {"/srv/data", "/srv/data"},         {"/srv/data", "/srv/x/../data/models"},
                                            {"/srv//data", "/srv/data/models"}, {"data", "data/models"}};
    for (size_t i = 0; i < COUNT(inside); i++) {
        set("DATA_DIR", inside[i][0]);
        set("MODELS_DIR", inside[i][1]);
        refused(NULL, "MODELS_DIR", "inside DATA_DIR");
    }
    set("DATA_DIR", "/srv/data");
    set("MODELS_DIR", "/srv/data-models");
    load(NULL);
}

static void public_url_is_an_origin(void **state)
{
    (void)state;
    static const char *const good[] = {"https://a.example", "http://a.example:8080", "https://a.example/",
                                       "https://[::1]:8000"};
    static const char *const bad[] = {"a.example",           "ftp://a.example",        "https://",
                                      "https:///x",          "https://a.example/path", "https://a.example?x",
                                      "https://a.example#x", "https://a example"};
    for (size_t i = 0; i < COUNT(good); i++) {
        set("PUBLIC_URL", good[i]);
        assert_string_equal(load(NULL)->public_url, good[i]);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        set("PUBLIC_URL", bad[i]);
        refused(NULL, "PUBLIC_URL", "PUBLIC_URL");
    }
}

static void tls_needs_both_files(void **state)
{
    (void)state;
    write_file(temp_path("cert.pem"), "x");
    set("TLS_CERT", temp_path("cert.pem"));
    refused(NULL, "TLS_KEY", "go together");
    set("TLS_KEY", temp_path("nowhere.pem"));
    refused(NULL, "TLS_KEY", "cannot be read");
    write_file(temp_path("key.pem"), "x");
    set("TLS_KEY", temp_path("key.pem"));
    assert_non_null(load(NULL)->tls_key);
    set("TLS_CERT", temp_path("nowhere.pem"));
    refused(NULL, "TLS_CERT", "cannot be read");
}

static void databases_by_their_address(void **state)
{
    (void)state;
    set("DATABASE_URL", "sqlite:////srv/viva.db");
    assert_string_equal(load(NULL)->database_url, "sqlite:////srv/viva.db");
    set("DATABASE_URL", "mysql://user:password@db.example:3306/viva");
    assert_string_equal(load(NULL)->database_url, "mysql://user:password@db.example:3306/viva");
    set("DATABASE_URL", "viva.db");
    refused(NULL, "DATABASE_URL", "must begin with");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_defaults),
        TEST(the_example_and_the_help_list_every_setting),
        TEST(the_example_is_a_settings_file),
        TEST(a_wrong_value_names_itself),
        TEST(numbers_are_written_as_people_write_them),
        TEST(the_file_is_lines_of_name_and_value),
        TEST(a_line_that_is_no_setting_is_refused_without_its_value),
        TEST(secrets_are_not_in_error_messages),
        TEST(the_environment_wins_over_the_file),
        TEST(where_the_file_is_looked_for),
        TEST(paths_become_absolute),
        TEST(models_do_not_lie_in_the_data),
        TEST(public_url_is_an_origin),
        TEST(tls_needs_both_files),
        TEST(databases_by_their_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
