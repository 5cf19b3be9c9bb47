#include "unit/base/check.h"

#include "unit/base/failing_alloc.h"

#include "base/arena.c"

static void memory_is_zeroed_and_aligned(void **state)
{
    (void)state;
    struct arena *a = arena_new(1 << 20);
    for (size_t n = 0; n < 600; n++) {
        unsigned char *p = arena_alloc(a, n);
        assert_non_null(p);
        assert_int_equal((uintptr_t)p % alignof(max_align_t), 0);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xAA, n);
    }
    arena_free(a);
}

static void reset_memory_is_zeroed_again(void **state)
{
    (void)state;
    struct arena *a = arena_new(1 << 20);
    memset(arena_alloc(a, 3000), 0xAA, 3000);
    arena_reset(a);
    unsigned char *p = arena_alloc(a, 3000);
    for (size_t i = 0; i < 3000; i++)
        assert_int_equal(p[i], 0);
    arena_free(a);
}

static void the_cap_holds_and_reset_gives_it_back(void **state)
{
    (void)state;
    struct arena *a = arena_new(10000);
    size_t got = 0;
    while (arena_alloc(a, 100) != NULL)
        got += 100;
    assert_in_range(got, 8000, 10000);
    arena_reset(a);
    assert_null(arena_alloc(a, 10001));
    assert_non_null(arena_alloc(a, 10000));
    assert_null(arena_alloc(a, 1));
    arena_free(a);
}

static void sizes_that_overflow_are_refused(void **state)
{
    (void)state;
    struct arena *a = arena_new(SIZE_MAX);
    assert_null(arena_alloc(a, SIZE_MAX));
    assert_null(arena_alloc(a, SIZE_MAX - 8));
    assert_null(arena_array(a, SIZE_MAX / 2, 3));
    assert_non_null(arena_array(a, 0, 8));
    assert_non_null(arena_array(a, 10, 8));
    arena_free(a);
}

static void strings_are_copied(void **state)
{
    (void)state;
    struct arena *a = arena_new(4096);
    char text[] = "hello";
    char *copy = arena_strdup(a, text), *part = arena_strndup(a, text, 2), *all = arena_strndup(a, text, 99);
    text[0] = 'X';
    assert_string_equal(copy, "hello");
    assert_string_equal(part, "he");
    assert_string_equal(all, "hello");
    assert_string_equal(arena_printf(a, "%d-%s", 7, "x"), "7-x");
    assert_string_equal(arena_printf(a, "%s", ""), "");
    assert_null(arena_printf(a, "%8000d", 1));
    arena_free(a);
}

static void each_failing_allocation_gives_null_and_leaks_nothing(void **state)
{
    (void)state;
    int failures = 0;
    for (long n = 0;; n++) {
        alloc_left = n;
        struct arena *a = arena_new(1 << 20);
        bool ok = a != NULL;
        for (size_t size = 1; ok && size < 100000; size *= 3)
            ok = arena_alloc(a, size) != NULL;
        if (a != NULL && !ok) { /* it goes on working once there is memory */
            alloc_left = -1;
            assert_non_null(arena_alloc(a, 50000));
        }
        alloc_left = -1;
        arena_free(a);
        assert_int_equal(alloc_live, 0);
        failures += !ok;
        if (ok)
            break;
    }
    assert_true(failures >= 3);
}

static void a_huge_block_is_not_kept(void **state)
{
    (void)state;
    struct arena *a = arena_new(8 << 20);
    assert_non_null(arena_alloc(a, 4 << 20));
    arena_reset(a);
    assert_int_equal(alloc_live, 1); /* only the arena itself */
    assert_non_null(arena_alloc(a, 10));
    arena_reset(a);
    assert_int_equal(alloc_live, 2);
    arena_freep(&a);
    assert_null(a);
    assert_null(arena_free(NULL));
    assert_int_equal(alloc_live, 0);
}

#ifdef ARENA_ASAN
static void an_overrun_is_caught(void **state)
{
    (void)state;
    struct arena *a = arena_new(4096);
    char *p = arena_alloc(a, 10), *q = arena_alloc(a, 10);
    assert_false(__asan_address_is_poisoned(p + 9));
    assert_true(__asan_address_is_poisoned(p + 10));
    assert_true(__asan_address_is_poisoned(q - 1));
    arena_reset(a);
    assert_true(__asan_address_is_poisoned(p));
    arena_free(a);
}
#endif

static void exhaustion_is_no_memory(void **state)
{
    (void)state;
    struct error e;
    assert_status(arena_exhausted(&e), STATUS_NO_MEMORY);
    assert_string_equal(e.code, "out_of_memory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_aligned),
        cmocka_unit_test(reset_memory_is_zeroed_again),
        cmocka_unit_test(the_cap_holds_and_reset_gives_it_back),
        cmocka_unit_test(sizes_that_overflow_are_refused),
        cmocka_unit_test(strings_are_copied),
        cmocka_unit_test(each_failing_allocation_gives_null_and_leaks_nothing),
        cmocka_unit_test(a_huge_block_is_not_kept),
        cmocka_unit_test(exhaustion_is_no_memory),
#ifdef ARENA_ASAN
        cmocka_unit_test(an_overrun_is_caught),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
