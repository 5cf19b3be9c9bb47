#include "utils/host.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void this_machine_is_told_from_names_that_begin_like_it(void **state)
{
    static const char *const ours[] = {"localhost", "127.0.0.1", "127.1.2.3", "::1", "[::1]"};
    static const char *const others[] = {
        "",        "127.example.org", "127.0.0.1.example.org", "localhost.example.org", "128.0.0.1",
        "0.0.0.0", "[::2]",           "::ffff:8.8.8.8"};
    (void)state;
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (!host_is_loopback(ours[i]))
            fail_msg("%s", ours[i]);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (host_is_loopback(others[i]))
            fail_msg("%s", others[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(this_machine_is_told_from_names_that_begin_like_it)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
