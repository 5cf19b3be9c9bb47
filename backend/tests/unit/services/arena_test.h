#ifndef VIVA_TESTS_ARENA_TEST_H
#define VIVA_TESTS_ARENA_TEST_H
/* For services that only compute: each test has an arena of its own, and numbers are compared with those of a hand or
 * of another program. */

#include "unit/base/check.h"

#include "base/arena.h"

#include <math.h>

static struct arena *arena;
static struct error err;

static inline int arena_open(void **state)
{
    (void)state;
    arena = arena_new(8u << 20);
    return arena ? 0 : -1;
}

static inline int arena_close(void **state)
{
    (void)state;
    arena = arena_free(arena);
    return 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, arena_open, arena_close)

static inline void near(double got, double wanted)
{
    if (!(fabs(got - wanted) < 1e-9))
        fail_msg("%.12f instead of %.12f", got, wanted);
}

#endif
