#include "unit/db/temp_db.h"

#include "base/cleanup.h"
#include "db/row.h"
#include "models/report.h"

#include <math.h>

struct thing {
    struct presence presence;
    struct id id;
    const char *name, *note;
    bool flag;
    int64_t n;
    double x;
    int color;
    uint64_t colors;
    struct strings words;
    struct report_point *best;
    struct list points;
    const char *raw;
    int64_t at;
    int64_t not_stored;
};

static const struct choice colors[] = {{"red", "Red"}, {"green", "Green"}, {"blue", "Blue"}, {NULL, NULL}};

static const struct field fields[] = {
    FIELD(struct thing, id, FIELD_ID),
    FIELD(struct thing, name, FIELD_STRING),
    FIELD(struct thing, note, FIELD_TEXT, .flags = FIELD_NULLABLE),
    FIELD(struct thing, not_stored, FIELD_INT, .flags = FIELD_NO_COLUMN),
    FIELD(struct thing, flag, FIELD_BOOL),
    FIELD(struct thing, n, FIELD_INT),
    FIELD(struct thing, x, FIELD_NUMBER, .flags = FIELD_NULLABLE),
    FIELD(struct thing, color, FIELD_ENUM, .choices = colors),
    FIELD(struct thing, colors, FIELD_ENUMS, .choices = colors),
    FIELD(struct thing, words, FIELD_STRINGS, .flags = FIELD_HIDDEN),
    FIELD(struct thing, best, FIELD_OBJECT, .flags = FIELD_NULLABLE, .model = &report_point_model),
    FIELD(struct thing, points, FIELD_LIST, .model = &report_point_model),
    FIELD(struct thing, raw, FIELD_JSON),
    FIELD(struct thing, at, FIELD_TIME, .flags = FIELD_NULLABLE),
};
static const struct model thing_model = MODEL("Thing", struct thing, fields, "For this test.");

static struct db *db;
static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    ok(db_open("sqlite://:memory:", true, &db, &err));
    ok(db_exec(
        db,
        "CREATE TABLE things (id BLOB, name TEXT, note TEXT, flag INTEGER, n INTEGER, x REAL, color TEXT, colors TEXT, "
        "words TEXT, best TEXT, points TEXT, raw TEXT, at INTEGER)",
        &err));
    arena = arena_new(1 << 20);
    return arena == NULL;
}

static int teardown(void **state)
{
    (void)state;
    db = db_close(db);
    arena = arena_free(arena);
    return 0;
}

static struct thing read_back(struct id id)
{
    struct thing t;
    struct db_stmt *s = NULL;
    char sql[400];
    snprintf(sql, sizeof sql, "SELECT %s FROM things WHERE id = ?", row_columns(&thing_model, NULL, arena));
    ok(db_prepare(db, sql, &s, &err));
    db_bind_id(s, 1, id);
    ok(row_one(s, &thing_model, arena, &t, &err));
    return t;
}

static void test_columns(void **state)
{
    (void)state;
    assert_string_equal(row_columns(&thing_model, NULL, arena),
                        "id, name, note, flag, n, x, color, colors, words, best, points, raw, at");
    assert_string_equal(row_columns(&report_point_model, "p.", arena), "p.text, p.met, p.quote, p.start_ms, p.end_ms");
    assert_string_equal(row_placeholders(&report_point_model, arena), "?, ?, ?, ?, ?");
}

static void test_everything_round_trips(void **state)
{
    (void)state;
    const char *words[] = {"one", "", "with \"quotes\" and \\ and \n", "Zoë 面接"};
    struct report_point points[] = {
        {.text = "First", .met = POINT_MET, .quote = "I said so", .start_ms = 1200, .end_ms = 3400.5},
        {.text = "Second", .met = POINT_MISSED, .start_ms = NAN, .end_ms = NAN},
    };
    struct thing in = {
        .id = id_new(),
        .name = "a name",
        .note = "two\nlines",
        .flag = true,
        .n = -5,
        .x = 2.25,
        .color = 2,
        .colors = 5,
        .words = {words, 4},
        .best = &points[0],
        .points = {points, 2},
        .raw = "{\"k\": [1, 2]}",
        .at = 1700000000123,
        .not_stored = 9,
    };
    ok(row_insert(db, "things", &thing_model, &in, &err));
    struct thing out = read_back(in.id);
    assert_string_equal(out.name, "a name");
    assert_string_equal(out.note, "two\nlines");
    assert_true(out.flag);
    assert_int_equal(out.n, -5);
    assert_true(out.x == 2.25);
    assert_int_equal(out.color, 2);
    assert_int_equal(out.colors, 5);
    assert_int_equal(out.words.count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(out.words.items[i], words[i]);
    assert_string_equal(out.best->quote, "I said so");
    const struct report_point *p = out.points.items;
    assert_int_equal(out.points.count, 2);
    assert_true(p[0].start_ms == 1200 && p[0].end_ms == 3400.5);
    assert_int_equal(p[1].met, POINT_MISSED);
    assert_null(p[1].quote);
    assert_true(isnan(p[1].start_ms) && isnan(p[1].end_ms));
    assert_string_equal(out.raw, "{\"k\": [1, 2]}");
    assert_true(out.at == 1700000000123);
    assert_int_equal(out.not_stored, 0);
    assert_int_equal(out.presence.null, 0);
}

static void test_null(void **state)
{
    (void)state;
    struct thing in = {.id = id_new(), .name = "n", .x = NAN};
    ok(row_insert(db, "things", &thing_model, &in, &err));
    assert_int_equal(
        one_int(db, "SELECT COUNT(*) FROM things WHERE note IS NULL AND x IS NULL AND best IS NULL AND raw IS NULL AND "
                    "at IS NULL AND words = '[]' AND colors = '[]' AND points = '[]' AND n = 0 AND color = 'red'"),
        1);
    struct thing out = read_back(in.id);
    assert_null(out.note);
    assert_null(out.best);
    assert_null(out.raw);
    assert_true(isnan(out.x));
    assert_int_equal(out.at, 0);
    assert_true(model_null(&thing_model, &out, "x"));
    assert_true(model_null(&thing_model, &out, "at"));
    assert_false(model_null(&thing_model, &out, "n"));
}

static void test_spoiled_rows_are_refused(void **state)
{
    (void)state;
    static const char *const spoil[] = {"color = 'pink'",    "colors = '[\"pink\"]'", "colors = '{}'", "words = '[1]'",
                                        "words = 'no json'", "points = '[{}]'",       "points = '[1'", "best = '[]'",
                                        "points = 'x'",      "best = '{\"text\": 1}'"};
    struct report_point point = {.text = "t", .start_ms = NAN, .end_ms = NAN};
    struct thing in = {.id = id_new(), .name = "n", .best = &point};
    for (size_t i = 0; i < sizeof spoil / sizeof spoil[0]; i++) {
        char sql[200];
        struct thing out;
        struct db_stmt *s = NULL;
        ok(db_exec(db, "DELETE FROM things", &err));
        ok(row_insert(db, "things", &thing_model, &in, &err));
        read_back(in.id);
        snprintf(sql, sizeof sql, "UPDATE things SET %s", spoil[i]);
        ok(db_exec(db, sql, &err));
        snprintf(sql, sizeof sql, "SELECT %s FROM things", row_columns(&thing_model, NULL, arena));
        ok(db_prepare(db, sql, &s, &err));
        fails(row_one(s, &thing_model, arena, &out, &err), STATUS_INTERNAL, "database_error");
    }
}

static void test_list(void **state)
{
    (void)state;
    struct list l = {0};
    struct db_stmt *s = NULL;
    char sql[300];
    snprintf(sql, sizeof sql, "SELECT %s FROM things ORDER BY n", row_columns(&thing_model, NULL, arena));
    ok(db_prepare(db, sql, &s, &err));
    ok(row_list(s, &thing_model, arena, &l, &err));
    assert_int_equal(l.count, 0);
    for (int i = 0; i < 100; i++) {
        struct thing in = {.id = id_new(), .name = "n", .n = i};
        ok(row_insert(db, "things", &thing_model, &in, &err));
    }
    ok(db_prepare(db, sql, &s, &err));
    ok(row_list(s, &thing_model, arena, &l, &err));
    assert_int_equal(l.count, 100);
    for (int i = 0; i < 100; i++)
        assert_int_equal(((struct thing *)l.items)[i].n, i);
    cleanup(arena_freep) struct arena *tiny = arena_new(2000);
    ok(db_prepare(db, sql, &s, &err));
    struct error why = {0};
    assert_int_equal(row_list(s, &thing_model, tiny, &l, &why), STATUS_NO_MEMORY);
    ok(db_exec(db, "DROP TABLE things", &err)); /* the statement was reset: nothing holds the table */
}

static void test_not_found(void **state)
{
    (void)state;
    struct thing t;
    struct db_stmt *s = NULL;
    char sql[300];
    snprintf(sql, sizeof sql, "SELECT %s FROM things", row_columns(&thing_model, NULL, arena));
    ok(db_prepare(db, sql, &s, &err));
    fails(row_one(s, &thing_model, arena, &t, &err), STATUS_NOT_FOUND, "not_found");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_columns, setup, teardown),
        cmocka_unit_test_setup_teardown(test_everything_round_trips, setup, teardown),
        cmocka_unit_test_setup_teardown(test_null, setup, teardown),
        cmocka_unit_test_setup_teardown(test_spoiled_rows_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(test_list, setup, teardown),
        cmocka_unit_test_setup_teardown(test_not_found, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
