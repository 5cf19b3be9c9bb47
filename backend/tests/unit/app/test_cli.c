/* Commands that could lose data, and first steps: through the functions that main() calls. */
#include "app/cli.h"

#include "app/first_admin.h"
#include "app/keys.h"
#include "app/server.h"
#include "base/cleanup.h"
#include "services/auth.h"
#include "unit/db/temp_db.h"

#include <sys/stat.h>

static struct arena *arena;
static const struct config *config;

static int setup(void **state)
{
    (void)state;
    struct config *c = NULL;
    clearenv();
    temp_make();
    arena = arena_new(4u << 20);
    setenv("PATH", "/usr/bin:/bin", 1);
    setenv("VIVA_HOME", VIVA_SOURCE_DIR, 1);
    setenv("DATA_DIR", temp_path("data"), 1);
    setenv("ADMIN_PASSWORD", "correct horse battery", 1);
    ok(config_load("/dev/null", arena, &c, &err));
    config = c;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena = arena_free(arena);
    temp_remove();
    return 0;
}

#define TEST(f)     cmocka_unit_test_setup_teardown(f, setup, teardown)
#define COUNT(a)    (sizeof(a) / sizeof((a)[0]))
#define RUN(f, ...) run(f, (const char *[]){__VA_ARGS__, NULL})

static int run(int (*command)(const struct config *, int, char **), const char **argv)
{
    int n = 0;
    while (argv[n])
        n++;
    return command(config, n, (char **)(uintptr_t)argv);
}

static int64_t ask(const char *sql)
{
    struct db *db = temp_open("data/viva.db");
    int64_t v = one_int(db, sql);
    db_close(db);
    return v;
}

#define MIGRATED "SELECT COUNT(*) FROM schema_migrations"

static void migrating_up_and_down(void **state)
{
    (void)state;
    assert_int_equal(RUN(command_migrate, "migrate", "up"), 0);
    int64_t all = ask(MIGRATED);
    assert_true(all >= 1);
    assert_int_equal(RUN(command_migrate, "migrate", "up"), 0);
    assert_int_equal(RUN(command_migrate, "migrate", "status"), 0);
    assert_int_equal(ask(MIGRATED), all);
    static const char *const wrong[] = {"-1", "-3", "0", "1x", "", " 1", "ALL", "99999999999"};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        assert_int_equal(RUN(command_migrate, "migrate", "down", wrong[i]), 2);
        assert_int_equal(ask(MIGRATED), all); /* nothing was dropped by a slip of the finger */
    }
    assert_int_equal(RUN(command_migrate, "migrate", "sideways"), 2);
    assert_int_equal(RUN(command_migrate, "migrate"), 2);
    assert_int_equal(RUN(command_migrate, "migrate", "down"), 0);
    assert_int_equal(ask(MIGRATED), all - 1);
    assert_int_equal(RUN(command_migrate, "migrate", "down", "all"), 0);
    assert_int_equal(ask(MIGRATED), 0);
}

static void the_secret_is_made_once_and_nobody_elses_to_read(void **state)
{
    (void)state;
    struct stat sb;
    cleanup(freep) char *first = NULL;
    cleanup(freep) char *second = NULL;
    assert_int_equal(RUN(command_migrate, "migrate", "up"), 0);
    ok(file_read(temp_path("data/jwt.secret"), 4096, &first, NULL, &err));
    assert_true(strlen(first) >= 32);
    assert_int_equal(stat(temp_path("data/jwt.secret"), &sb), 0);
    assert_int_equal(sb.st_mode & 0777, 0600);
    assert_int_equal(stat(temp_path("data"), &sb), 0);
    assert_int_equal(sb.st_mode & 0777, 0700);
    assert_int_equal(RUN(command_migrate, "migrate", "up"), 0);
    ok(file_read(temp_path("data/jwt.secret"), 4096, &second, NULL, &err));
    assert_string_equal(first, second);
}

static void a_cut_secret_does_not_start(void **state)
{
    (void)state;
    struct app app;
    ok(dir_make(temp_path("data"), &err));
    write_file(temp_path("data/jwt.secret"), "short");
    struct error why = {0};
    assert_int_equal(app_open(&app, config, &why), STATUS_INVALID);
    assert_non_null(strstr(why.message, "jwt.secret"));
    app_close(&app);
}

static size_t lines_of_secret(void)
{
    char *text = NULL;
    size_t n = 0;
    ok(file_read(temp_path("data/jwt.secret"), 4096, &text, NULL, &err));
    for (const char *p = text; *p; p++)
        n += *p == '\n';
    free(text);
    return n;
}

static void keys_are_rotated_and_retired(void **state)
{
    (void)state;
    struct token_keys *before = NULL, *after = NULL;
    struct stat sb;
    ok(dir_make(temp_path("data"), &err));
    ok(keys_load(config, &before, &err));
    assert_int_equal(RUN(command_keys, "keys", "rotate"), 0);
    ok(keys_load(config, &after, &err));
    assert_string_equal(token_keys_id(after, 1), token_keys_id(before, 0));
    assert_string_not_equal(token_keys_id(after, 0), token_keys_id(before, 0));
    assert_int_equal(stat(temp_path("data/jwt.secret"), &sb), 0);
    assert_int_equal(sb.st_mode & 0777, 0600);
    for (int i = 0; i < 5; i++)
        assert_int_equal(RUN(command_keys, "keys", "rotate"), 0);
    assert_int_equal(lines_of_secret(), KEYS_OLD_MAX + 1);
    assert_int_equal(RUN(command_keys, "keys", "retire"), 0);
    assert_int_equal(lines_of_secret(), 1);
    assert_int_equal(RUN(command_keys, "keys", "list"), 0);
    assert_int_equal(RUN(command_keys, "keys", "turn"), 2);
    assert_int_equal(RUN(command_keys, "keys"), 2);
    token_keys_free(before);
    token_keys_free(after);
}

static void the_keys_of_settings_are_rotated_by_hand(void **state)
{
    (void)state;
    struct token_keys *k = NULL;
    struct config *c = NULL;
    setenv("JWT_SECRET", "a-secret-of-thirty-two-characters", 1);
    setenv("JWT_SECRETS_OLD", "an-older-one-of-as-many-characters,the-oldest-one-of-as-many-characters", 1);
    ok(config_load("/dev/null", arena, &c, &err));
    ok(keys_load(c, &k, &err));
    assert_non_null(token_keys_id(k, 2));
    assert_null(token_keys_id(k, 3));
    token_keys_free(k);
    struct error why = {0};
    assert_int_equal(keys_rotate(c, &why), STATUS_INVALID);
    assert_non_null(strstr(why.message, "JWT_SECRETS_OLD"));
    assert_int_equal(keys_retire(c, &why), STATUS_INVALID);
    setenv("JWT_SECRETS_OLD", "an-older-one-of-as-many-characters,short", 1);
    ok(config_load("/dev/null", arena, &c, &err));
    k = NULL;
    assert_int_equal(keys_load(c, &k, &why), STATUS_INVALID);
    assert_string_equal(why.field, "JWT_SECRETS_OLD");
    assert_null(k);
    unsetenv("JWT_SECRET");
    unsetenv("JWT_SECRETS_OLD");
}

static void seeding_twice_is_seeding_once(void **state)
{
    (void)state;
    assert_int_equal(RUN(command_seed, "seed"), 1); /* no database yet: says so */
    assert_int_equal(RUN(command_migrate, "migrate", "up"), 0);
    assert_int_equal(RUN(command_seed, "seed"), 0);
    assert_int_equal(RUN(command_seed, "seed"), 0);
    assert_int_equal(ask("SELECT COUNT(*) FROM users WHERE role = 'admin'"), 1);
    assert_int_equal(ask("SELECT COUNT(*) FROM interview_configs WHERE status = 'open'"), 1);
    assert_int_equal(ask("SELECT COUNT(*) FROM questions"), 5);
    assert_int_equal(RUN(command_seed, "seed", "more"), 2);
}

static void a_wrong_first_administrator_names_its_setting(void **state)
{
    (void)state;
    static const char *const wrong[][3] = {{"ADMIN_EMAIL", "nobody", "correct horse battery"},
                                           {"ADMIN_PASSWORD", "ada@example.org", NULL}};
    char *endless = arena_alloc(arena, 300);
    memset(endless, 'x', 299);
    assert_int_equal(RUN(command_migrate, "migrate", "up"), 0);
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct app app;
        struct config *c = NULL;
        struct error why = {0};
        setenv("ADMIN_EMAIL", wrong[i][1], 1);
        setenv("ADMIN_PASSWORD", wrong[i][2] ? wrong[i][2] : endless, 1);
        ok(config_load("/dev/null", arena, &c, &err));
        ok(app_open(&app, c, &err));
        struct services *s = app_services_new(&app);
        assert_non_null(s);
        assert_int_equal(first_admin_ensure(s, c, false, arena, &why), STATUS_INVALID);
        assert_string_equal(why.field, wrong[i][0]);
        assert_non_null(strstr(why.message, wrong[i][0]));
        assert_null(strstr(why.message, "xxx"));
        app_services_free(s);
        app_close(&app);
    }
    assert_int_equal(ask("SELECT COUNT(*) FROM users"), 0);
}

static void accounts_are_made_by_the_rules_of_the_api(void **state)
{
    (void)state;
    assert_int_equal(RUN(command_migrate, "migrate", "up"), 0);
    assert_int_equal(RUN(command_seed, "seed"), 0);
    assert_int_equal(RUN(command_user, "user", "add", "--email", "B@Example.org", "--role", "reviewer"), 0);
    assert_int_equal(RUN(command_user, "user", "add", "--email", "b@example.org"), 1); /* taken */
    assert_int_equal(RUN(command_user, "user", "add", "--email", "no address"), 1);
    assert_int_equal(RUN(command_user, "user", "add", "--email", "c@example.org", "--role", "king"), 1);
    assert_int_equal(RUN(command_user, "user", "add", "--email"), 2);
    assert_int_equal(RUN(command_user, "user", "add"), 2);
    assert_int_equal(RUN(command_user, "user", "remove"), 2);
    assert_int_equal(RUN(command_user, "user", "list"), 0);
    assert_int_equal(ask("SELECT COUNT(*) FROM users"), 2);
    assert_int_equal(ask("SELECT COUNT(*) FROM users WHERE email = 'b@example.org' AND role = 'reviewer'"), 1);
}

static void help_is_there_without_settings(void **state)
{
    (void)state;
    static int (*const commands[])(const struct config *, int, char **) = {
        command_serve, command_migrate, command_user,   command_keys,    command_seed,      command_models,
        command_say,   command_check,   command_config, command_openapi, command_transcribe};
    for (size_t i = 0; i < COUNT(commands); i++) {
        const char *argv[] = {"command", "--help", NULL};
        assert_int_equal(commands[i](NULL, 2, (char **)(uintptr_t)argv), 0);
    }
    assert_int_equal(RUN(command_serve, "serve", "x"), 2);
    assert_int_equal(RUN(command_check, "check", "x"), 2);
    assert_false(file_exists(temp_path("data")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(migrating_up_and_down),
        TEST(the_secret_is_made_once_and_nobody_elses_to_read),
        TEST(a_cut_secret_does_not_start),
        TEST(keys_are_rotated_and_retired),
        TEST(the_keys_of_settings_are_rotated_by_hand),
        TEST(seeding_twice_is_seeding_once),
        TEST(a_wrong_first_administrator_names_its_setting),
        TEST(accounts_are_made_by_the_rules_of_the_api),
        TEST(help_is_there_without_settings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
