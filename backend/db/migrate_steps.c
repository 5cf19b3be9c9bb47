/* Migrations on MySQL, where each DDL statement commits by itself (and is all or nothing by itself: MariaDB 10.6, MySQL
 * 8). The row in schema_migrations says which way the migration goes (direction) and how far it is: steps is twice the
 * number of statements that were done, and one more while a statement runs that no transaction could take back. So
 * whatever happens in between, the next call goes on where this one stopped; only a statement that was under way then
 * may turn out to be done already, and the server says so when it is run again. Rows are changed in one transaction
 * with the step. */
#include "db/migrate_internal.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "db/db_internal.h"
#include "db/script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct walk {
    struct db *db;
    const struct script *script;
    bool up;
    int64_t steps;   /* as recorded */
    bool sure;       /* false: the statement at hand was under way when an earlier call ended */
    int64_t at, all; /* statements, for messages */
};

static enum status begin_row(const struct walk *w, bool there, struct error *err)
{
    cleanup(db_stmt_done) struct db_stmt *q = NULL;
    const char *sql = there ? "UPDATE schema_migrations SET direction = ?, steps = 0 WHERE version = ?"
                            : "INSERT INTO schema_migrations (direction, version, name, checksum, applied_at, steps) "
                              "VALUES (?, ?, ?, ?, ?, 0)";
    enum status st = db_prepare(w->db, sql, &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_text(q, 1, w->up ? "up" : "down");
    db_bind_int(q, 2, w->script->version);
    if (!there) {
        db_bind_text(q, 3, w->script->name);
        db_bind_text(q, 4, w->script->checksum);
        db_bind_int(q, 5, clock_unix_ms(&clock_system));
    }
    return db_run(q, NULL, err);
}

static enum status record_steps(struct walk *w, int64_t steps, struct error *err)
{
    cleanup(db_stmt_done) struct db_stmt *q = NULL;
    enum status st = db_prepare(w->db, "UPDATE schema_migrations SET steps = ? WHERE version = ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_int(q, 1, steps);
    db_bind_int(q, 2, w->script->version);
    st = db_run(q, NULL, err);
    if (st == STATUS_OK)
        w->steps = steps;
    return st;
}

/* Applied, or not there any more. */
static enum status end_row(const struct walk *w, bool applied, struct error *err)
{
    cleanup(db_stmt_done) struct db_stmt *q = NULL;
    const char *sql = applied
                          ? "UPDATE schema_migrations SET direction = NULL, steps = 0, applied_at = ? WHERE version = ?"
                          : "DELETE FROM schema_migrations WHERE version = ?";
    enum status st = db_prepare(w->db, sql, &q, err);
    int i = 1;
    if (st != STATUS_OK)
        return st;
    if (applied)
        db_bind_time(q, i++, clock_unix_ms(&clock_system));
    db_bind_int(q, i, w->script->version);
    return db_run(q, NULL, err);
}

static enum status run_data(struct walk *w, const char *sql, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    int64_t before = w->steps;
    enum status st = db_begin(w->db, &t, err);
    if (st == STATUS_OK)
        st = db_exec(w->db, sql, err);
    if (st == STATUS_OK)
        st = record_steps(w, (w->at + 1) * 2, err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    if (st != STATUS_OK)
        w->steps = before;
    return st;
}

/* When the server refused it, it was not done: the next call begins with it and knows. */
static enum status run_schema(struct walk *w, const char *sql, struct error *err)
{
    enum status st = w->sure ? record_steps(w, w->at * 2 + 1, err) : STATUS_OK;
    if (st != STATUS_OK)
        return st;
    st = db_exec(w->db, sql, err);
    if (st != STATUS_OK && !w->sure && maria_done_already(w->db))
        st = STATUS_OK;
    if (st == STATUS_OK)
        return record_steps(w, (w->at + 1) * 2, err);
    if (st != STATUS_UNAVAILABLE && record_steps(w, w->at * 2, NULL) != STATUS_OK)
        w->steps = w->at * 2 + 1;
    return st;
}

static int64_t count_statements(const char *script)
{
    struct script_part part;
    int64_t n = 0;
    while (script_next(&script, &part))
        n++;
    return n;
}

static enum status run_statements(struct walk *w, struct error *err)
{
    const char *script = w->up ? w->script->up : w->script->down;
    struct script_part part;
    enum status st = STATUS_OK;
    const int64_t first = w->steps / 2;
    w->sure = w->steps % 2 == 0;
    w->all = count_statements(script);
    for (w->at = 0; st == STATUS_OK && script_next(&script, &part); w->at += st == STATUS_OK) {
        if (w->at < first)
            continue;
        cleanup(freep) char *sql = strndup(part.text, part.len);
        if (!sql)
            return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "Out of memory.");
        st = script_part_is_data(&part) ? run_data(w, sql, err) : run_schema(w, sql, err);
        w->sure = true;
    }
    return st;
}

/* Nothing was done: as if it had not been called. Else it says where it stands. */
static enum status failed(struct walk *w, enum status st, const struct error *why, struct error *err)
{
    const char *way = w->up ? "up" : "down";
    if (w->steps == 0 && st != STATUS_UNAVAILABLE && end_row(w, !w->up, NULL) == STATUS_OK)
        error_set(err, st, "migration_failed", NULL, "Migration %s (%s) failed, nothing of it stays: %s",
                  w->script->name, way, why->message);
    else
        error_set(err, st, "migration_failed", NULL,
                  "Migration %s (%s) stopped at statement %lld of %lld: %s What came before it stays. Remove the cause "
                  "and run `viva migrate up` or `down` again: it goes on there.",
                  w->script->name, way, (long long)w->at + 1, (long long)w->all, why->message);
    if (err)
        memcpy(err->details, why->details, sizeof err->details);
    return st;
}

enum status migrate_steps_apply(struct db *db, const struct script *p, bool up, const struct applied *there,
                                struct error *err)
{
    struct walk w = {.db = db, .script = p, .up = up};
    struct error why = {0};
    enum status st = STATUS_OK;
    if (there && there->unfinished)
        w.steps = there->steps;
    else
        st = begin_row(&w, there != NULL, &why);
    if (st == STATUS_OK)
        st = run_statements(&w, &why);
    if (st == STATUS_OK)
        st = end_row(&w, up, &why);
    return st == STATUS_OK ? STATUS_OK : failed(&w, st, &why, err);
}
