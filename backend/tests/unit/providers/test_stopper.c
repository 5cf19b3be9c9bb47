#include "providers/stopper.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static int ended;

static void end(void *what)
{
    ended += *(int *)what;
}

static void *stop(void *s)
{
    stopper_stop(s);
    return NULL;
}

static void what_runs_is_ended_once_and_nothing_begins_any_more(void **state)
{
    int seven = 7;
    pthread_t other;
    struct stopper *s = stopper_new();
    (void)state;
    ended = 0;
    stopper_attach(s);
    assert_true(stopper_enter(end, &seven));
    assert_false(stopper_stopped(s));
    assert_int_equal(pthread_create(&other, NULL, stop, s), 0);
    pthread_join(other, NULL);
    stopper_stop(s);
    assert_int_equal(ended, 7);
    stopper_leave();
    assert_true(stopper_stopped(s));
    assert_false(stopper_enter(end, &seven));
    stopper_attach(NULL);
    assert_true(stopper_enter(end, &seven)); /* somebody else's work on this thread */
    stopper_leave();
    stopper_free(s);
}

static void what_is_over_is_not_ended(void **state)
{
    int seven = 7;
    struct stopper *s = stopper_new();
    (void)state;
    ended = 0;
    stopper_attach(s);
    assert_true(stopper_attached());
    assert_true(stopper_enter(end, &seven));
    stopper_leave();
    stopper_attach(NULL);
    stopper_stop(s);
    stopper_stop(NULL);
    assert_false(stopper_stopped(NULL));
    assert_int_equal(ended, 0);
    stopper_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_runs_is_ended_once_and_nothing_begins_any_more),
        cmocka_unit_test(what_is_over_is_not_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
