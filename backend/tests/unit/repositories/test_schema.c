/* The tables against the field tables: every column has a field of a fitting type, and the other way round. */
#include "unit/repositories/world.h"

#include "models/audit.h"
#include "models/job.h"
#include "models/note.h"
#include "models/report_parts.h"
#include "models/report_share.h"
#include "models/resume.h"

struct pair {
    const char *table;
    const struct model *model;
    const char *beside; /* columns that no model shows */
};

static const struct pair pairs[] = {
    {"users", &user_model, NULL},
    {"interview_configs", &interview_model, NULL},
    {"questions", &question_model, NULL},
    {"candidates", &candidate_model, NULL},
    {"interview_sessions", &session_model, "token_hash own_token_hash"},
    {"responses", &answer_model, NULL},
    {"utterances", &utterance_model, NULL},
    {"session_events", &session_event_model, NULL},
    {"recording_segments", &recording_segment_model, NULL},
    {"reports", &report_model, NULL},
    {"report_versions", &report_version_model, NULL},
    {"report_shares", &report_share_model, "created_by token_hash"},
    {"resumes", &resume_model, NULL},
    {"session_notes", &session_note_model, NULL},
    {"jobs", &job_model, NULL},
    {"audit_log", &audit_entry_model, NULL},
};

static int setup(void **state)
{
    world_open(state);
    quiet = true; /* what is asked here are the test's own questions */
    return 0;
}

/* What a column of SQLite is called. */
static const char *sql_type(enum field_type t)
{
    switch (t) {
    case FIELD_ID:
        return "BLOB";
    case FIELD_INT:
    case FIELD_TIME:
    case FIELD_BOOL:
        return "INTEGER";
    case FIELD_NUMBER:
        return "REAL";
    default:
        return "TEXT";
    }
}

/* MySQL has a width for everything: any that begins so. */
static bool fits(const char *type, enum field_type t)
{
    static const char *const numbers[] = {"bigint", "tinyint", "double"};
    if (!temp_mysql())
        return strcmp(type, sql_type(t)) == 0;
    switch (t) {
    case FIELD_ID:
        return strcmp(type, "binary(16)") == 0;
    case FIELD_INT:
    case FIELD_TIME:
        return strncmp(type, "bigint", 6) == 0;
    case FIELD_BOOL:
        return strncmp(type, "tinyint", 7) == 0;
    case FIELD_NUMBER:
        return strcmp(type, "double") == 0;
    default:
        for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
            if (strncmp(type, numbers[i], strlen(numbers[i])) == 0)
                return false;
        return strstr(type, "char") || strstr(type, "text") || strstr(type, "json");
    }
}

static bool open_set(const char *name)
{
    return strcmp(name, "avatar") == 0 || strcmp(name, "voice") == 0 || strcmp(name, "language") == 0;
}

static void check_column(const struct pair *p, const char *name, const char *type, bool not_null)
{
    const struct field *f = model_field(p->model, name);
    if (!f && p->beside && strstr(p->beside, name))
        return;
    if (!f || (f->flags & FIELD_NO_COLUMN))
        fail_msg("%s.%s has no field", p->table, name);
    if (!fits(type, f->type))
        fail_msg("%s.%s is %s, the field wants %s", p->table, name, type, sql_type(f->type));
    if (not_null == ((f->flags & FIELD_NULLABLE) != 0))
        fail_msg("%s.%s: NOT NULL and FIELD_NULLABLE disagree", p->table, name);
}

static size_t columns_of_model(const struct model *m)
{
    size_t n = 0;
    for (size_t i = 0; i < m->n_fields; i++)
        n += (m->fields[i].flags & FIELD_NO_COLUMN) == 0;
    return n;
}

static void test_columns(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        struct db_stmt *s = NULL;
        size_t n = 0;
        bool row = false;
        ok(db_prepare(db,
                      temp_mysql()
                          ? "SELECT column_name, column_type, is_nullable = 'NO' FROM information_schema.columns "
                            "WHERE table_schema = DATABASE() AND table_name = ? AND extra NOT LIKE '%GENERATED%'"
                          : "SELECT name, type, \"notnull\" FROM pragma_table_info(?)",
                      &s, &err));
        db_bind_text(s, 1, pairs[i].table);
        for (;; n++) {
            ok(db_step(s, &row, &err));
            if (!row)
                break;
            check_column(&pairs[i], db_text(s, 0, arena), db_text(s, 1, arena), db_int(s, 2) != 0);
        }
        db_reset(s);
        assert_int_equal(n, columns_of_model(pairs[i].model) +
                                (pairs[i].beside ? 1 + (strchr(pairs[i].beside, ' ') != NULL) : 0));
    }
}

/* CHECK (status IN ('open', 'ended')) holds exactly the field's choices. */
static void check_choices(const char *table, const char *ddl, const struct field *f)
{
    char start[100];
    size_t n = 0;
    snprintf(start, sizeof start, temp_mysql() ? "CHECK (\"%s\" in (" : "CHECK (%s IN (", f->name);
    const char *at = strstr(ddl, start);
    if (!at)
        fail_msg("%s.%s has no CHECK over its choices", table, f->name);
    const char *end = strchr(at + strlen(start), ')');
    for (const char *q = at; q < end; q++)
        n += *q == '\'';
    for (size_t i = 0; f->choices[i].value; i++, n -= 2) {
        char quoted[64];
        snprintf(quoted, sizeof quoted, "'%s'", f->choices[i].value);
        const char *found = strstr(at, quoted);
        if (!found || found > end)
            fail_msg("%s.%s does not admit %s", table, f->name, quoted);
    }
    if (n != 0)
        fail_msg("%s.%s admits words that are no choice", table, f->name);
}

static const char *ddl_of(const char *table)
{
    cleanup(db_stmt_done) struct db_stmt *s = NULL;
    bool row = false;
    ok(db_prepare(db,
                  temp_mysql() ? arena_printf(arena, "SHOW CREATE TABLE %s", table)
                               : arena_printf(arena, "SELECT name, sql FROM sqlite_master WHERE name = '%s'", table),
                  &s, &err));
    ok(db_step(s, &row, &err));
    return db_text(s, 1, arena);
}

static void test_choices(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        const char *ddl = ddl_of(pairs[i].table);
        for (size_t k = 0; k < pairs[i].model->n_fields; k++) {
            const struct field *f = &pairs[i].model->fields[k];
            if (f->type == FIELD_ENUM && !open_set(f->name))
                check_choices(pairs[i].table, ddl, f);
        }
    }
}

/* Every table with rows per user, session or answer is found by what it hangs on. */
static void test_foreign_keys_are_indexed(void **state)
{
    (void)state;
    struct db_stmt *s = NULL;
    bool row = false;
    size_t n = 0;
    ok(db_prepare(db,
                  temp_mysql() ? "SELECT k.table_name, k.column_name, (SELECT COUNT(*) FROM "
                                 "information_schema.statistics i WHERE i.table_schema = "
                                 "DATABASE() AND i.table_name = k.table_name AND i.column_name = k.column_name AND "
                                 "i.seq_in_index = 1) FROM "
                                 "information_schema.key_column_usage k WHERE k.table_schema = DATABASE() AND "
                                 "k.referenced_table_name IS NOT NULL"
                               : "SELECT m.name, k.\"from\", (SELECT COUNT(*) FROM pragma_index_list(m.name) l JOIN "
                                 "pragma_index_info(l.name) i "
                                 "WHERE i.seqno = 0 AND i.name = k.\"from\" AND l.partial = 0) FROM sqlite_master m, "
                                 "pragma_foreign_key_list(m.name) k "
                                 "WHERE m.type = 'table'",
                  &s, &err));
    for (;; n++) {
        ok(db_step(s, &row, &err));
        if (!row)
            break;
        if (db_int(s, 2) == 0)
            fail_msg("%s.%s has no index", db_text(s, 0, arena), db_text(s, 1, arena));
    }
    db_reset(s);
    assert_true(n >= 12);
}

/* ----------------------------------------------------------------------------------------------------------------
 * the two engines' schemas beside each other */

/* What a schema consists of, a line each and sorted: columns with NOT NULL, references with what deletion does, keys
 * with their columns. */
static const char *const sqlite_parts[] = {
    "SELECT m.name || '.' || c.name || CASE WHEN c.\"notnull\" = 1 THEN ' NOT NULL' ELSE '' END FROM sqlite_master m, "
    "pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name <> 'schema_migrations' ORDER BY 1",
    "SELECT m.name || '.' || k.\"from\" || ' -> ' || k.\"table\" || ' ' || k.on_delete FROM sqlite_master m, "
    "pragma_foreign_key_list(m.name) k WHERE m.type = 'table' ORDER BY 1",
    "SELECT m.name || CASE WHEN l.\"unique\" = 1 THEN ' UNIQUE ' ELSE ' KEY ' END || (SELECT group_concat(i.name) FROM "
    "pragma_index_info(l.name) i) FROM sqlite_master m, pragma_index_list(m.name) l WHERE m.type = 'table' AND m.name "
    "<> "
    "'schema_migrations' ORDER BY 1",
};
static const char *const mysql_parts[] = {
    "SELECT CONCAT(table_name, '.', column_name, CASE WHEN is_nullable = 'NO' THEN ' NOT NULL' ELSE '' END) FROM "
    "information_schema.columns WHERE table_schema = DATABASE() AND table_name <> 'schema_migrations' AND column_name "
    "<> "
    "'only_one' ORDER BY 1",
    "SELECT CONCAT(k.table_name, '.', k.column_name, ' -> ', k.referenced_table_name, ' ', CASE WHEN r.delete_rule = "
    "'RESTRICT' THEN 'NO ACTION' ELSE r.delete_rule END) FROM information_schema.key_column_usage k JOIN "
    "information_schema.referential_constraints r ON r.constraint_schema = k.table_schema AND r.constraint_name = "
    "k.constraint_name WHERE k.table_schema = DATABASE() AND k.referenced_table_name IS NOT NULL ORDER BY 1",
    "SELECT CONCAT(table_name, CASE WHEN MAX(non_unique) = 0 THEN ' UNIQUE ' ELSE ' KEY ' END, "
    "GROUP_CONCAT(column_name "
    "ORDER BY seq_in_index)) FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name <> "
    "'schema_migrations' AND column_name <> 'only_one' GROUP BY table_name, index_name ORDER BY 1",
};

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static size_t lines_of(struct db *from, const char *sql, const char *lines[400])
{
    cleanup(db_stmt_done) struct db_stmt *s = NULL;
    bool row = false;
    size_t n = 0;
    ok(db_prepare(from, sql, &s, &err));
    for (;; n++) {
        ok(db_step(s, &row, &err));
        if (!row)
            break;
        assert_true(n < 400);
        lines[n] = db_text(s, 0, arena);
    }
    qsort(lines, n, sizeof *lines, by_text);
    return n;
}

/* A migration that was written for one engine only fails here. */
static void test_engines_agree(void **state)
{
    (void)state;
    struct db *lite = NULL;
    int count = 0;
    if (!temp_mysql())
        return; /* the other engine is not there */
    ok(db_open("sqlite://:memory:", true, &lite, &err));
    ok(migrate_up(lite, VIVA_SOURCE_DIR "/database/migrations/sqlite", &count, &err));
    for (size_t i = 0; i < sizeof sqlite_parts / sizeof sqlite_parts[0]; i++) {
        const char *a[400], *b[400];
        size_t n = lines_of(lite, sqlite_parts[i], a), m = lines_of(db, mysql_parts[i], b);
        assert_true(n > 10);
        for (size_t k = 0; k < n || k < m; k++)
            if (k >= n || k >= m || strcmp(a[k], b[k]) != 0)
                fail_msg("sqlite: %s, mysql: %s", k < n ? a[k] : "nothing", k < m ? b[k] : "nothing");
    }
    db_close(lite);
}

/* db/mysql_error.c reads the column off the key's name. */
static void test_unique_keys_name_their_column(void **state)
{
    (void)state;
    if (temp_mysql())
        assert_int_equal(
            one_int(db, "SELECT COUNT(*) FROM information_schema.statistics i WHERE i.table_schema = DATABASE() AND "
                        "i.non_unique = 0 AND i.index_name <> 'PRIMARY' AND i.column_name <> 'only_one' AND "
                        "i.column_name <> i.index_name AND i.seq_in_index = (SELECT MAX(o.seq_in_index) FROM "
                        "information_schema.statistics o WHERE o.table_schema = DATABASE() AND o.table_name = "
                        "i.table_name AND o.index_name = i.index_name AND o.column_name <> 'only_one')"),
            0);
}

/* What is never to be seen stays out of JSON; what is never to be set is refused. */
static void test_nothing_leaks(void **state)
{
    (void)state;
    cleanup(buf_free) struct buf b;
    struct json j;
    buf_init(&b, 65536);
    json_init(&j, &b);
    json_array_begin(&j);
    model_write(&j, &user_model, owner);
    model_write(&j, &interview_detail_model, interview);
    json_array_end(&j);
    assert_true(buf_ok(&b));
    assert_null(strstr(buf_cstr(&b), "password"));
    assert_null(strstr(buf_cstr(&b), "\"hash\""));
    assert_non_null(strstr(buf_cstr(&b), "\"average_score\":null"));

    static const char *const set[] = {"{\"owner_id\": \"00000000-0000-7000-8000-000000000001\"}",
                                      "{\"status\": \"open\"}", "{\"link\": \"x\"}",
                                      "{\"id\": \"00000000-0000-7000-8000-000000000001\"}", "{\"statistics\": {}}"};
    struct interview_input in;
    for (size_t i = 0; i < sizeof set / sizeof set[0]; i++)
        fails(model_parse(&interview_update_model, PARSE_PATCH, set[i], strlen(set[i]), arena, &in, &err),
              STATUS_INVALID, "field_unknown");
    static const char active[] =
        "{\"email\": \"a@example.org\", \"password\": \"0123456789\", \"full_name\": \"A\", \"is_active\": true}";
    struct user_create u;
    fails(model_parse(&user_create_model, PARSE_CREATE, active, sizeof active - 1, arena, &u, &err), STATUS_INVALID,
          "field_unknown");
}

static void test_input_models(void **state)
{
    (void)state;
    static const char create[] = "{\"title\": \"T\", \"job_role\": \"R\", \"interview_type\": \"mixed\", "
                                 "\"difficulty\": \"lead\", \"focus_areas\": "
                                 "[\"coding\", \"learning\"], \"question_count\": 20, \"avatar\": \"amara\"}";
    struct interview_input in;
    ok(model_parse(&interview_create_model, PARSE_CREATE, create, sizeof create - 1, arena, &in, &err));
    struct interview i = {.voice = 3, .organisation = "kept"};
    interview_apply(&i, &in);
    assert_string_equal(i.title, "T");
    assert_int_equal(i.difficulty, DIFFICULTY_LEAD);
    assert_int_equal(i.focus_areas, 1 << 4 | 1 << 13);
    assert_int_equal(i.avatar, AVATAR_AMARA);
    assert_int_equal(i.voice, 3);
    assert_string_equal(i.organisation, "kept");
    static const char none[] = "{}", no[] = "{\"replace\": false}";
    struct generate_request g;
    ok(model_parse(&generate_request_model, PARSE_CREATE, none, 2, arena, &g, &err));
    assert_true(generate_replaces(&g));
    ok(model_parse(&generate_request_model, PARSE_CREATE, no, sizeof no - 1, arena, &g, &err));
    assert_false(generate_replaces(&g));
    struct interview_options *o = interview_options_make(arena);
    assert_non_null(o);
    assert_int_equal(o->focus_areas.count, 14);
    assert_string_equal(((struct voice_option *)o->voices.items)[0].language, "en");
    assert_string_equal(((struct avatar_option *)o->avatars.items)[1].voice, "en_US-joe-medium");
}

#undef TEST
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, world_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_columns),
        TEST(test_choices),
        TEST(test_foreign_keys_are_indexed),
        TEST(test_nothing_leaks),
        TEST(test_input_models),
        TEST(test_engines_agree),
        TEST(test_unique_keys_name_their_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
