#include "db/migrate.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "db/db_internal.h"
#include "db/migrate_internal.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_MAX     (64u << 20)
#define SCRIPT_MAX    (4u << 20)
#define FILES_MAX     999
#define LOCK_ATTEMPTS 12 /* each waits as long as the engine does, 5 s */
#define LOCK_WAIT_S   60
#define VERSION_CHARS 4

struct state {
    struct arena *arena;
    struct script *scripts; /* by version */
    size_t n_scripts;
    struct applied *applied; /* by version */
    size_t n_applied;
};

/* ---------------------------------------------------------------------------------------------------------------------
 * files */

/* "0001_initial.up.sql" -> "0001_initial" and true; false for other forms. */
static bool file_parse(const char *file, char name[256], bool *up)
{
    size_t n = strlen(file), i = 0;
    const char *end = NULL;
    if (n > 7 && strcmp(file + n - 7, ".up.sql") == 0)
        end = file + n - 7;
    else if (n > 9 && strcmp(file + n - 9, ".down.sql") == 0)
        end = file + n - 9;
    if (!end || end - file > 200)
        return false;
    *up = file + n - 7 == end;
    for (; i < VERSION_CHARS; i++)
        if (!isdigit((unsigned char)file[i]))
            return false;
    if (file[i++] != '_' || file + i == end)
        return false;
    for (; file + i < end; i++)
        if (!islower((unsigned char)file[i]) && !isdigit((unsigned char)file[i]) && file[i] != '_')
            return false;
    memcpy(name, file, (size_t)(end - file));
    name[end - file] = '\0';
    return true;
}

static struct script *script_of(struct state *s, const char *name)
{
    for (size_t i = 0; i < s->n_scripts; i++)
        if (strcmp(s->scripts[i].name, name) == 0)
            return &s->scripts[i];
    if (s->n_scripts == FILES_MAX)
        return NULL;
    struct script *n = &s->scripts[s->n_scripts];
    n->name = arena_strdup(s->arena, name);
    n->version = strtol(name, NULL, 10);
    if (!n->name)
        return NULL;
    s->n_scripts++;
    return n;
}

static enum status load_file(struct state *s, const char *dir, const char *file, struct error *err)
{
    char name[256];
    bool up = false;
    if (!file_parse(file, name, &up))
        return error_set(err, STATUS_INVALID, "migration_name", NULL,
                         "%s is not the name of a migration (NNNN_name.up.sql, NNNN_name.down.sql).", file);
    cleanup(freep) char *text = NULL;
    size_t len = 0;
    struct script *script = script_of(s, name);
    const char *path = arena_printf(s->arena, "%s/%s", dir, file);
    if (!script || !path)
        return arena_exhausted(err);
    enum status st = file_read(path, SCRIPT_MAX, &text, &len, err);
    if (st != STATUS_OK)
        return st;
    const char *copy = arena_strndup(s->arena, text, len);
    if (!copy)
        return arena_exhausted(err);
    *(up ? &script->up : &script->down) = copy;
    return STATUS_OK;
}

static int by_version(const void *a, const void *b)
{
    const struct script *x = a, *y = b;
    return x->version < y->version ? -1 : x->version > y->version;
}

static enum status check_scripts(struct state *s, struct error *err)
{
    qsort(s->scripts, s->n_scripts, sizeof *s->scripts, by_version);
    for (size_t i = 0; i < s->n_scripts; i++) {
        struct script *p = &s->scripts[i];
        if (!p->up || !p->down)
            return error_set(err, STATUS_INVALID, "migration_missing", NULL, "Migration %s.%s.sql is missing.", p->name,
                             p->up ? "down" : "up");
        if (i > 0 && s->scripts[i - 1].version == p->version)
            return error_set(err, STATUS_INVALID, "migration_name", NULL, "Migrations %s and %s have the same number.",
                             s->scripts[i - 1].name, p->name);
        struct sha256 h;
        uint8_t digest[SHA256_SIZE];
        sha256_init(&h);
        sha256_update(&h, p->up, strlen(p->up) + 1); /* with its NUL: moving text between the two is a change */
        sha256_update(&h, p->down, strlen(p->down));
        sha256_final(&h, digest);
        sha256_hex(digest, p->checksum);
    }
    return STATUS_OK;
}

static void dir_closep(DIR **d)
{
    if (*d)
        closedir(*d);
}

static enum status load_scripts(struct state *s, const char *dir, struct error *err)
{
    cleanup(dir_closep) DIR *d = opendir(dir);
    if (!d)
        return error_set(err, STATUS_NOT_FOUND, "migration_missing", NULL, "The migrations in %s cannot be read: %s.",
                         dir, strerror(errno));
    s->scripts = arena_array(s->arena, FILES_MAX, sizeof *s->scripts);
    if (!s->scripts)
        return arena_exhausted(err);
    for (struct dirent *e; (e = readdir(d));) {
        enum status st = e->d_name[0] == '.' ? STATUS_OK : load_file(s, dir, e->d_name, err);
        if (st != STATUS_OK)
            return st;
    }
    return check_scripts(s, err);
}

/* --------------------------------------------------------------------------------------------------------- what was
 * applied */

static enum status table_exists(struct db *db, bool *ret, struct error *err)
{
    const char *sql = db_engine(db) == DB_SQLITE
                          ? "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'"
                          : "SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND "
                            "table_name = 'schema_migrations'";
    cleanup(db_stmt_done) struct db_stmt *q = NULL;
    enum status st = db_prepare(db, sql, &q, err);
    return st == STATUS_OK ? db_step(q, ret, err) : st;
}

/* MySQL: direction and steps belong to migrate_steps.c. */
static enum status make_table(struct db *db, struct error *err)
{
    return db_exec(
        db,
        db_engine(db) == DB_SQLITE
            ? "CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, "
              "checksum TEXT NOT NULL, applied_at INTEGER NOT NULL)"
            : "CREATE TABLE IF NOT EXISTS schema_migrations (version BIGINT NOT NULL PRIMARY KEY, name VARCHAR(255) "
              "NOT "
              "NULL, checksum CHAR(64) NOT NULL, applied_at BIGINT NOT NULL, direction VARCHAR(4), steps BIGINT NOT "
              "NULL "
              "DEFAULT 0) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin",
        err);
}

static enum status read_applied(struct db *db, struct state *s, struct error *err)
{
    bool row = false;
    cleanup(db_stmt_done) struct db_stmt *q = NULL;
    enum status st = table_exists(db, &row, err);
    s->n_applied = 0;
    if (st != STATUS_OK || !row)
        return st;
    s->applied = arena_array(s->arena, FILES_MAX, sizeof *s->applied);
    if (!s->applied)
        return arena_exhausted(err);
    st =
        db_prepare(db,
                   db_engine(db) == DB_SQLITE
                       ? "SELECT version, name, checksum, applied_at, NULL, 0 FROM schema_migrations ORDER BY version"
                       : "SELECT version, name, checksum, applied_at, direction, steps FROM schema_migrations ORDER BY "
                         "version",
                   &q, err);
    while (st == STATUS_OK && (st = db_step(q, &row, err)) == STATUS_OK && row && s->n_applied < FILES_MAX) {
        struct applied *p = &s->applied[s->n_applied++];
        p->version = db_int(q, 0);
        p->name = db_text(q, 1, s->arena);
        p->checksum = db_text(q, 2, s->arena);
        p->applied_at = db_int(q, 3);
        p->unfinished = db_text(q, 4, s->arena);
        p->steps = db_int(q, 5);
        if (!p->name || !p->checksum || (!p->unfinished && !db_is_null(q, 4)))
            return arena_exhausted(err);
    }
    return st;
}

static const struct script *script_find(const struct state *s, int64_t version)
{
    for (size_t i = 0; i < s->n_scripts; i++)
        if (s->scripts[i].version == version)
            return &s->scripts[i];
    return NULL;
}

static const struct applied *applied_find(const struct state *s, int64_t version)
{
    for (size_t i = 0; i < s->n_applied; i++)
        if (s->applied[i].version == version)
            return &s->applied[i];
    return NULL;
}

/* What was applied must be the first of the scripts, unchanged. */
static enum status verify(const struct state *s, struct error *err)
{
    for (size_t i = 0; i < s->n_applied; i++) {
        const struct applied *p = &s->applied[i];
        const struct script *f = script_find(s, p->version);
        if (!f || strcmp(f->name, p->name) != 0)
            return error_set(
                err, STATUS_CONFLICT, "migration_missing", NULL,
                "Migration %s was applied to this database, but its files are not here. A newer version made it?",
                p->name);
        if (strcmp(f->checksum, p->checksum) != 0)
            return error_set(err, STATUS_CONFLICT, "migration_changed", NULL,
                             "The files of migration %s are not those that were applied to this database.", p->name);
    }
    int64_t newest = s->n_applied > 0 ? s->applied[s->n_applied - 1].version : 0;
    for (size_t i = 0; i < s->n_scripts && s->scripts[i].version < newest; i++)
        if (!applied_find(s, s->scripts[i].version))
            return error_set(err, STATUS_CONFLICT, "migration_order", NULL,
                             "Migration %s was not applied, but a later one was.", s->scripts[i].name);
    return STATUS_OK;
}

/* ------------------------------------------------------------------------------------------------------------------
 * applying */

/* Tables are rebuilt under migrations: references are checked as a whole before the commit instead of row by row. */
static enum status references(struct db *db, bool on, struct error *err)
{
    return db_exec(db, on ? "PRAGMA foreign_keys = ON" : "PRAGMA foreign_keys = OFF", err);
}

static enum status check_references(struct db *db, struct error *err)
{
    cleanup(db_stmt_done) struct db_stmt *q = NULL;
    bool row = false;
    enum status st = db_prepare(db, "PRAGMA foreign_key_check", &q, err);
    if (st == STATUS_OK)
        st = db_step(q, &row, err);
    if (st == STATUS_OK && row)
        st = error_set(err, STATUS_CONFLICT, "foreign_key_violation", NULL,
                       "It leaves references to what is not there.");
    return st;
}

static enum status record(struct db *db, const struct script *p, bool up, struct error *err)
{
    cleanup(db_stmt_done) struct db_stmt *q = NULL;
    const char *sql = up ? "INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (?, ?, ?, ?)"
                         : "DELETE FROM schema_migrations WHERE version = ?";
    enum status st = db_prepare(db, sql, &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_int(q, 1, p->version);
    if (up) {
        db_bind_text(q, 2, p->name);
        db_bind_text(q, 3, p->checksum);
        db_bind_time(q, 4, clock_unix_ms(&clock_system));
    }
    return db_run(q, NULL, err);
}

static enum status apply(struct db *db, const struct script *p, bool up, const struct applied *there, struct error *err)
{
    if (db_engine(db) == DB_MYSQL)
        return migrate_steps_apply(db, p, up, there, err);
    struct error why = {0};
    enum status st = db_exec(db, up ? p->up : p->down, &why);
    if (st == STATUS_OK)
        st = check_references(db, &why);
    if (st == STATUS_OK)
        st = record(db, p, up, &why);
    if (st == STATUS_OK)
        return STATUS_OK;
    error_set(err, st, "migration_failed", NULL, "Migration %s (%s) failed, nothing of it stays: %s", p->name,
              up ? "up" : "down", why.message);
    if (err)
        memcpy(err->details, why.details, sizeof err->details);
    return st;
}

/* SQLite: the write lock, for this migration; its transaction undoes what fails. */
static enum status lock(struct db *db, struct db_txn *t, struct error *err)
{
    enum status st = STATUS_UNAVAILABLE;
    if (db_engine(db) == DB_MYSQL)
        return STATUS_OK;
    for (int i = 0; i < LOCK_ATTEMPTS && st == STATUS_UNAVAILABLE; i++)
        st = db_begin(db, t, err);
    return st;
}

/* MySQL: a named lock, for all of them; it goes with the connection. */
static enum status lock_server(struct db *db, struct error *err)
{
    cleanup(db_stmt_done) struct db_stmt *q = NULL;
    bool row = false;
    enum status st = db_prepare(db, "SELECT GET_LOCK(CONCAT('viva.migrations.', LEFT(DATABASE(), 40)), ?)", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_int(q, 1, LOCK_WAIT_S);
    st = db_step(q, &row, err);
    if (st == STATUS_OK && db_int(q, 0) != 1)
        st = error_set(err, STATUS_UNAVAILABLE, "database_busy", NULL, "Another process is migrating this database.");
    return st;
}

/* What comes next: an interrupted one is finished first, the way it went. */
static const struct script *choose(const struct state *s, bool up, bool *way, const struct applied **there)
{
    const struct applied *newest = s->n_applied > 0 ? &s->applied[s->n_applied - 1] : NULL;
    *way = newest && newest->unfinished ? strcmp(newest->unfinished, "up") == 0 : up;
    *there = newest && (newest->unfinished || !up) ? newest : NULL;
    if (*there)
        return script_find(s, newest->version);
    return up && s->n_applied < s->n_scripts ? &s->scripts[s->n_applied] : NULL;
}

/* One migration under the lock, after looking again at what others may have done meanwhile. *done: there was none left;
 * *way: up. */
static enum status one(struct db *db, struct state *s, bool up, bool *done, bool *way, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    const struct applied *there = NULL;
    const struct script *next = NULL;
    enum status st = lock(db, &t, err);
    if (st == STATUS_OK && up)
        st = make_table(db, err);
    if (st == STATUS_OK)
        st = read_applied(db, s, err);
    if (st == STATUS_OK)
        st = verify(s, err);
    if (st != STATUS_OK)
        return st;
    next = choose(s, up, way, &there);
    *done = next == NULL;
    if (next)
        st = apply(db, next, *way, there, err);
    if (st == STATUS_OK && t.db)
        st = db_commit(&t, err);
    if (st == STATUS_OK && next)
        log_event(LOG_INFO, *way ? "migration_applied" : "migration_reverted", "name", next->name, NULL);
    return st;
}

/* Around all of them: SQLite looks at references when a migration ends only, MySQL takes its lock. */
static enum status enter(struct db *db, struct error *err)
{
    if (db_engine(db) == DB_SQLITE)
        return references(db, false, err);
    enum status st = maria_hold(db, true, err);
    return st == STATUS_OK ? lock_server(db, err) : st;
}

static enum status leave(struct db *db, struct error *err)
{
    return db_engine(db) == DB_SQLITE ? references(db, true, err) : maria_hold(db, false, err);
}

static enum status run(struct db *db, const char *dir, bool up, int most, int *count, struct error *err)
{
    cleanup(arena_freep) struct arena *arena = arena_new(ARENA_MAX);
    struct state s = {.arena = arena};
    int n = 0;
    bool done = false, way = up;
    if (!arena)
        return arena_exhausted(err);
    enum status st = load_scripts(&s, dir, err);
    if (st != STATUS_OK)
        return st;
    st = enter(db, err);
    while (st == STATUS_OK && !done && (most < 0 || n < most)) {
        st = one(db, &s, up, &done, &way, err);
        if (st == STATUS_OK && !done && way == up)
            n++;
    }
    enum status back = leave(db, st == STATUS_OK ? err : NULL);
    if (count)
        *count = n;
    return st != STATUS_OK ? st : back;
}

enum status migrate_up(struct db *db, const char *dir, int *count, struct error *err)
{
    return run(db, dir, true, -1, count, err);
}

enum status migrate_down(struct db *db, const char *dir, int steps, int *count, struct error *err)
{
    return run(db, dir, false, steps, count, err);
}

enum status migrate_status(struct db *db, const char *dir, struct arena *a, struct migration **ret, size_t *n,
                           struct error *err)
{
    cleanup(arena_freep) struct arena *arena = arena_new(ARENA_MAX);
    struct state s = {.arena = arena};
    if (!arena)
        return arena_exhausted(err);
    enum status st = load_scripts(&s, dir, err);
    if (st == STATUS_OK)
        st = read_applied(db, &s, err);
    if (st == STATUS_OK)
        st = verify(&s, err);
    if (st != STATUS_OK)
        return st;
    struct migration *list = arena_array(a, s.n_scripts + 1, sizeof *list);
    if (!list)
        return arena_exhausted(err);
    for (size_t i = 0; i < s.n_scripts; i++) {
        const struct applied *p = applied_find(&s, s.scripts[i].version);
        list[i] = (struct migration){.version = s.scripts[i].version, .name = arena_strdup(a, s.scripts[i].name)};
        if (!list[i].name)
            return arena_exhausted(err);
        list[i].applied = p != NULL && !p->unfinished;
        list[i].applied_at = list[i].applied ? p->applied_at : 0;
    }
    *ret = list;
    *n = s.n_scripts;
    return STATUS_OK;
}
