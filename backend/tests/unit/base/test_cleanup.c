#include "unit/base/check.h"

#include "base/cleanup.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_open(int fd)
{
    return fcntl(fd, F_GETFD) >= 0;
}

static void scope_end_closes_a_descriptor(void **state)
{
    (void)state;
    int seen;
    {
        cleanup(fd_closep) int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
        seen = fd;
        assert_true(is_open(seen));
    }
    assert_false(is_open(seen));
    int none = -1;
    fd_closep(&none);
    assert_int_equal(none, -1);
}

static void scope_end_closes_a_stream(void **state)
{
    (void)state;
    int seen;
    {
        cleanup(file_closep) FILE *f = fopen("/dev/null", "re");
        assert_non_null(f);
        seen = fileno(f);
    }
    assert_false(is_open(seen));
    FILE *none = NULL;
    file_closep(&none);
    assert_null(none);
}

static void freep_frees_any_pointer_and_forgets_it(void **state)
{
    (void)state;
    char *s = strdup("x"); /* the leak checker is the witness */
    int *i = malloc(sizeof(*i));
    freep(&s);
    freep(&i);
    assert_null(s);
    assert_null(i);
    freep(&i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scope_end_closes_a_descriptor),
        cmocka_unit_test(scope_end_closes_a_stream),
        cmocka_unit_test(freep_frees_any_pointer_and_forgets_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
