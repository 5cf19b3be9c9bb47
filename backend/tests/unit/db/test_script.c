#include "db/script.h"

#include "unit/base/check.h"

#include <string.h>

static void parts(const char *script, const char *const *wanted, size_t n)
{
    struct script_part part;
    for (size_t i = 0; i < n; i++) {
        assert_true(script_next(&script, &part));
        assert_int_equal(part.len, strlen(wanted[i]));
        assert_memory_equal(part.text, wanted[i], part.len);
    }
    assert_false(script_next(&script, &part));
    assert_false(script_next(&script, &part)); /* and stays so */
}
#define PARTS(script, ...)                                                                                             \
    do {                                                                                                               \
        const char *wanted[] = {__VA_ARGS__};                                                                          \
        parts(script, wanted, sizeof wanted / sizeof wanted[0]);                                                       \
    } while (0)

static void test_parts(void **state)
{
    (void)state;
    PARTS("A", "A");
    PARTS("A; B ;\n C;", "A", "B", "C");
    PARTS(";; A;;", "A");
    PARTS("INSERT INTO t VALUES ('a;b''c;', \"d;e\", `f;g`); B", "INSERT INTO t VALUES ('a;b''c;', \"d;e\", `f;g`)",
          "B");
    PARTS("-- no; 'statement\nA -- behind; it\n; /* ' ; */ B /* in; it */ C", "A", "B /* in; it */ C");
    PARTS("A - -1; B / 2", "A - -1", "B / 2");
    PARTS("'never closed; A", "'never closed; A");
    parts("", NULL, 0);
    parts(" \n-- nothing\n/* at all", NULL, 0);
}

static void test_data(void **state)
{
    (void)state;
    static const char *const data[] = {"INSERT INTO t VALUES (1)", "update t SET a = 1", "Delete FROM t", "SELECT 1"};
    static const char *const schema[] = {"CREATE TABLE t (a INTEGER)", "ALTER TABLE t DROP COLUMN a",
                                         "SET SESSION x = 1", "INSERT"};
    for (size_t i = 0; i < 4; i++) {
        assert_true(script_part_is_data(&(struct script_part){data[i], strlen(data[i])}));
        assert_false(script_part_is_data(&(struct script_part){schema[i], strlen(schema[i])}));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
