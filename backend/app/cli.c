#include "app/cli.h"

#include "app/server.h"
#include "base/cleanup.h"
#include "db/migrate.h"
#include "routes/routes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int cli_fail(const char *what, const struct error *err)
{
    fprintf(stderr, "viva: %s: %s\n", what, err->message);
    return 1;
}

int cli_usage(const char *command, const char *why)
{
    fprintf(stderr, "viva %s: %s. See: viva %s --help\n", command, why, command);
    return 2;
}

static bool wants_help(int argc, char **argv, const char *text)
{
    if (argc < 2 || (strcmp(argv[1], "--help") && strcmp(argv[1], "-h")))
        return false;
    fputs(text, stdout);
    return true;
}

int command_serve(const struct config *c, int argc, char **argv)
{
    if (wants_help(argc, argv,
                   "Usage: viva serve\n\nServes the web application and the API in the foreground until SIGTERM or "
                   "SIGINT, then lets running\n"
                   "requests finish. HOST, PORT, TLS_CERT, TLS_KEY and PUBLIC_URL say where (viva --help lists all "
                   "settings).\n"))
        return 0;
    return argc > 1 ? cli_usage("serve", "it takes no arguments") : app_serve(c);
}

static int migrate_print(struct db *db, const char *dir, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(1 << 20);
    struct migration *m = NULL;
    size_t n = 0;
    if (migrate_status(db, dir, a, &m, &n, err) != STATUS_OK)
        return cli_fail("migrate", err);
    for (size_t i = 0; i < n; i++) {
        char at[32] = "pending";
        if (m[i].applied)
            time_format(m[i].applied_at, at);
        printf("%04lld %-40s %s\n", (long long)m[i].version, m[i].name, at);
    }
    return 0;
}

/* "all": -1; a number from 1 on; 0: neither (a negative number must not read as "all": what is dropped is lost). */
static int steps_of(const char *text)
{
    char *end = NULL;
    if (!strcmp(text, "all"))
        return -1;
    long n = strtol(text, &end, 10);
    return *text >= '0' && *text <= '9' && !*end && n > 0 && n < 10000 ? (int)n : 0;
}

static int migrate_run(struct db *db, const char *dir, int argc, char **argv)
{
    struct error err = {0};
    int count = 0;
    if (!strcmp(argv[1], "status"))
        return migrate_print(db, dir, &err);
    if (!strcmp(argv[1], "up")) {
        if (migrate_up(db, dir, &count, &err) != STATUS_OK)
            return cli_fail("migrate", &err);
        printf(count ? "Applied %d migration(s).\n" : "The database is up to date.\n", count);
        return 0;
    }
    int steps = argc < 3 ? 1 : steps_of(argv[2]);
    if (strcmp(argv[1], "down") || steps == 0)
        return cli_usage("migrate", "it takes up, down [STEPS|all], status or new NAME");
    if (migrate_down(db, dir, steps, &count, &err) != STATUS_OK)
        return cli_fail("migrate", &err);
    printf("Took back %d migration(s).\n", count);
    return 0;
}

static int migrate_make(const struct config *c, const char *name)
{
    cleanup(arena_freep) struct arena *a = arena_new(1u << 16);
    const char *files[MIGRATE_NEW_FILES];
    struct error err = {0};
    enum status st = a ? migrate_new(c->migrations_dir, name, a, files, &err) : arena_exhausted(&err);
    if (st != STATUS_OK)
        return cli_fail("migrate", &err);
    for (size_t i = 0; i < MIGRATE_NEW_FILES; i++)
        printf("%s\n", files[i]);
    return 0;
}

int command_migrate(const struct config *c, int argc, char **argv)
{
    if (wants_help(argc, argv,
                   "Usage: viva migrate up | down [STEPS|all] | status | new NAME\n\n"
                   "up      applies what is pending, in order; makes the database when there is none\n"
                   "down    takes back the newest STEPS (default 1) or all; data in what is dropped is lost\n"
                   "status  lists every migration and when it was applied\n"
                   "new     makes the files of a migration to be written, with the next number, for both engines\n"))
        return 0;
    if (argc < 2)
        return cli_usage("migrate", "up, down, status or new is missing");
    if (!strcmp(argv[1], "new"))
        return argc == 3 ? migrate_make(c, argv[2]) : cli_usage("migrate", "new takes a name");
    struct error err = {0};
    struct app app;
    struct db *db = NULL;
    char dir[MIGRATIONS_PATH_SIZE];
    config_migrations(c, dir);
    enum status st = app_open(&app, c, &err);
    if (st == STATUS_OK)
        st = db_open(c->database_url, true, &db, &err);
    int rc = st == STATUS_OK ? migrate_run(db, dir, argc, argv) : cli_fail("migrate", &err);
    db_close(db);
    app_close(&app);
    return rc;
}

static int print_buf(struct buf *b)
{
    fputs(buf_cstr(b), stdout);
    bool ok = buf_ok(b) && fflush(stdout) == 0;
    buf_free(b);
    return ok ? 0 : 1;
}

int command_config(const struct config *c, int argc, char **argv)
{
    (void)c;
    if (wants_help(argc, argv,
                   "Usage: viva config\n\nPrints every setting with its default and meaning, as backend/env.example "
                   "has them.\n"))
        return 0;
    struct buf b;
    buf_init(&b, 1 << 20);
    config_print_example(&b);
    return print_buf(&b);
}

int command_openapi(const struct config *c, int argc, char **argv)
{
    (void)c;
    if (wants_help(argc, argv,
                   "Usage: viva openapi\n\nPrints the OpenAPI 3.1 document, as /api/openapi.json has it.\n"))
        return 0;
    struct error err = {0};
    struct buf b;
    buf_init(&b, 8 << 20);
    if (http_openapi(all_routes, "Viva", VIVA_VERSION, &b, &err) != STATUS_OK)
        return cli_fail("openapi", &err);
    return print_buf(&b);
}
