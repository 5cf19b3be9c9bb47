#ifndef VIVA_TESTS_PLANS_H
#define VIVA_TESTS_PLANS_H
/* How an engine would run a statement: a full scan of a table that grows fails the test. SQLite is asked by EXPLAIN
 * QUERY PLAN and answers by the shape of the statement alone. MariaDB answers for the rows that are there and the
 * values that are given: it is asked in a database of its own with PLAN_ROWS rows in each table, row k made of the
 * number k throughout (ids, hashes, addresses), so that whatever a statement looks for is there and its joins find each
 * other. */

#include "unit/db/temp_db.h"

#define PLAN_ROWS 3000

/* Figures of all reports, and all of them sorted: an administrator's. A reader's must be found by what is theirs. */
static inline bool whole_meant(const char *sql)
{
    return strstr(sql, " FROM reports r JOIN interview_sessions s ") && !strstr(sql, " visible ON ");
}

static inline bool scan_meant(const char *sql)
{
    static const char lock[] = " FOR UPDATE";
    size_t n = strlen(sql);
    if (n > strlen(lock) && strcmp(sql + n - strlen(lock), lock) == 0)
        n -= strlen(lock);
    for (size_t i = 0; i < sizeof scans_meant / sizeof scans_meant[0]; i++) {
        size_t k = strlen(scans_meant[i]);
        if (n >= k && memcmp(sql + n - k, scans_meant[i], k) == 0)
            return true;
    }
    return whole_meant(sql) || strstr(sql, " LIKE ? ESCAPE ") || strstr(sql, " LIKE LOWER(?) ESCAPE ") ||
           strstr(sql, " information_schema.");
}

/* An administrator's page in the order of an index, which is walked until the page is full. A reader's own list
 * (where_reader) must be found by what is theirs. */
static inline bool walk_meant(const char *sql)
{
    static const char paged[] = " LIMIT ? OFFSET ?";
    size_t n = strlen(sql), k = strlen(paged);
    return n >= k && !strcmp(sql + n - k, paged) && !strstr(sql, " visible ON ");
}

static inline void plan_check_sqlite(struct db *conn, const char *sql)
{
    cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
    cleanup(db_stmt_done) struct db_stmt *s = NULL;
    char text[8192];
    bool row = false;
    snprintf(text, sizeof text, "EXPLAIN QUERY PLAN %s", sql);
    ok(db_prepare(conn, text, &s, &err));
    for (;;) {
        ok(db_step(s, &row, &err));
        if (!row)
            break;
        const char *step = db_text(s, 3, a);
        if (getenv("VIVA_PLANS"))
            fprintf(stderr, "%s\n    %s\n", sql, step);
        if (strncmp(step, "SCAN ", 5) == 0 && strcmp(step, "SCAN CONSTANT ROW") != 0 &&
            strcmp(step, "SCAN visible") != 0 /* what was found to be a reader's */ && !scan_meant(sql) &&
            !(walk_meant(sql) && strstr(step, " USING INDEX ")))
            fail_msg("%s\n  -> %s", sql, step);
    }
}

/* --------------------------------------------------------------------------------------------------------------------
 * MariaDB */

/* The value of a column in row n, as SQL. A short text keeps n's last digits. */
static inline const char *plan_value(struct arena *a, const char *type)
{
    if (strcmp(type, "binary(16)") == 0)
        return "UNHEX(LPAD(HEX(n), 32, '0'))";
    if (strcmp(type, "binary(32)") == 0)
        return "UNHEX(LPAD(HEX(n), 64, '0'))";
    if (strncmp(type, "varchar", 7) == 0 || strncmp(type, "char", 4) == 0) {
        const char *chars = strchr(type, '(');
        return arena_printf(a, "RIGHT(LPAD(n, 16, '0'), %d)", chars ? atoi(chars + 1) : 16);
    }
    if (strncmp(type, "bigint", 6) == 0 || strcmp(type, "double") == 0)
        return "n";
    return strstr(type, "int") ? "0" : "'[]'";
}

static inline void plan_fill(struct db *conn, const char *table)
{
    cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
    cleanup(db_stmt_done) struct db_stmt *s = NULL;
    const char *columns = "", *values = "";
    bool row = false;
    ok(db_prepare(conn,
                  "SELECT column_name, column_type FROM information_schema.columns WHERE table_schema = DATABASE() AND "
                  "table_name = ? AND extra NOT LIKE '%GENERATED%' ORDER BY ordinal_position",
                  &s, &err));
    db_bind_text(s, 1, table);
    for (;;) {
        ok(db_step(s, &row, &err));
        if (!row)
            break;
        const char *comma = *columns ? ", " : "";
        columns = arena_printf(a, "%s%s%s", columns, comma, db_text(s, 0, a));
        values = arena_printf(a, "%s%s%s", values, comma, plan_value(a, db_text(s, 1, a)));
    }
    ok(db_exec(conn,
               arena_printf(a,
                            "INSERT INTO %s (%s) WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE "
                            "n < %d) SELECT %s FROM r; ANALYZE TABLE %s",
                            table, columns, PLAN_ROWS, values, table),
               &err));
}

static struct db *plans;
static char plan_tables[64][64]; /* "" once it has its rows */
static size_t n_plan_tables;

static inline void plans_close(void)
{
    plans = db_close(plans);
}

static inline struct db *plan_database(void)
{
    cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
    cleanup(db_stmt_done) struct db_stmt *s = NULL;
    bool row = false;
    if (plans)
        return plans;
    plans = temp_open_migrated("plans");
    atexit(plans_close);
    ok(db_exec(plans,
               "SET SESSION foreign_key_checks = 0, SESSION check_constraint_checks = 0, SESSION "
               "max_recursive_iterations = 100000",
               &err));
    ok(db_prepare(plans,
                  "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name <> "
                  "'schema_migrations'",
                  &s, &err));
    for (;;) {
        ok(db_step(s, &row, &err));
        if (!row)
            return plans;
        assert_true(n_plan_tables < sizeof plan_tables / sizeof plan_tables[0]);
        snprintf(plan_tables[n_plan_tables++], sizeof plan_tables[0], "%s", db_text(s, 0, a));
    }
}

/* Rows for the tables that the statement names. */
static inline void plan_fill_for(struct db *conn, const char *sql)
{
    for (size_t i = 0; i < n_plan_tables; i++)
        if (*plan_tables[i] && strstr(sql, plan_tables[i])) {
            plan_fill(conn, plan_tables[i]);
            *plan_tables[i] = '\0';
        }
}

static inline bool plan_ends_with(const char *text, size_t n, const char *end)
{
    return n >= strlen(end) && memcmp(text + n - strlen(end), end, strlen(end)) == 0;
}

/* What stands in place of the ? after these characters: a value of the row that is looked for, or a bound that leaves
 * few rows. */
static inline const char *plan_parameter(const char *sql, size_t n)
{
    static const char *const hashes[] = {"token_hash = ", "sha256 = "};
    static const char *const words[] = {"email = ",  "link = ",   "name = ",  "kind = ",       "state = ",
                                        "status = ", "action = ", "type = ",  "difficulty = ", "LIKE ",
                                        "IN (",      "mode = ",   "role = ",  "language = ",   "avatar = ",
                                        "voice = ",  "error = ",  "_kind = ", "speaker = ",    "media_key = "};
    if (plan_ends_with(sql, n, "LIMIT ") || plan_ends_with(sql, n, "OFFSET "))
        return "5";
    if (plan_ends_with(sql, n, "action >= "))
        return "'0000000000002995'";
    if (plan_ends_with(sql, n, "action < "))
        return "'0000000000002999'";
    if (plan_ends_with(sql, n, "> ") || plan_ends_with(sql, n, ">= "))
        return "2995";
    if (plan_ends_with(sql, n, "< ") || plan_ends_with(sql, n, "<= "))
        return "5";
    for (size_t i = 0; i < sizeof hashes / sizeof hashes[0]; i++)
        if (plan_ends_with(sql, n, hashes[i]))
            return "x'0000000000000000000000000000000000000000000000000000000000000007'";
    if (plan_ends_with(sql, n, "id = "))
        return "x'00000000000000000000000000000007'";
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (plan_ends_with(sql, n, words[i]))
            return "'0000000000000007'";
    return "7";
}

static inline const char *plan_text(const char *sql, struct arena *a)
{
    const char *out = "EXPLAIN ";
    size_t from = 0, i = 0;
    for (; sql[i]; i++)
        if (sql[i] == '?') {
            out = arena_printf(a, "%s%.*s%s", out, (int)(i - from), sql + from, plan_parameter(sql, i));
            from = i + 1;
        }
    return arena_printf(a, "%s%s", out, sql + from);
}

static inline void plan_check_mysql(const char *sql)
{
    cleanup(arena_freep) struct arena *a = arena_new(4u << 20);
    cleanup(db_stmt_done) struct db_stmt *s = NULL;
    struct db *conn = plan_database();
    const char *text = plan_text(sql, a);
    bool row = false;
    plan_fill_for(conn, sql);
    ok(db_prepare(conn, text, &s, &err));
    for (;;) { /* id, select_type, table, type, possible_keys, key, key_len, ref, rows, Extra */
        ok(db_step(s, &row, &err));
        if (!row)
            break;
        const char *kind = db_text(s, 1, a), *table = db_text(s, 2, a), *type = db_text(s, 3, a),
                   *key = db_text(s, 5, a);
        const char *extra = db_text(s, 9, a);
        if (getenv("VIVA_PLANS"))
            fprintf(stderr, "%s\n    %s %s %s %s\n", text, table, type, key, extra);
        if (!type || strcmp(kind, "INSERT") == 0 || table[0] == '<' || scan_meant(sql))
            continue;
        if (strcmp(type, "ALL") == 0 || (strcmp(type, "index") == 0 && !walk_meant(sql)))
            fail_msg("%s\n  -> %s of %s (%s)", text, type, table, extra ? extra : "");
    }
}

static inline void plan_check(struct db *conn, const char *sql)
{
    if (temp_mysql())
        plan_check_mysql(sql);
    else
        plan_check_sqlite(conn, sql);
}

#endif
