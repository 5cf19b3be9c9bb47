/* What waits at the speech line may be dropped; what it did is counted. */
#include "unit/base/check.h"

#include "live/speech_line.h"

#include <pthread.h>
#include <stdatomic.h>

struct work {
    struct speech_job job; /* first */
    atomic_int ran, discarded;
};

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER; /* held by the test: the first job waits for it */

static void run(struct speech_job *j)
{
    pthread_mutex_lock(&gate);
    pthread_mutex_unlock(&gate);
    atomic_fetch_add(&((struct work *)(void *)j)->ran, 1);
}

static void discard(struct speech_job *j)
{
    atomic_fetch_add(&((struct work *)(void *)j)->discarded, 1);
}

static struct work work(enum speech_urgency u)
{
    return (struct work){.job = {.urgency = u, .run = run, .discard = discard}};
}

static void what_waits_is_dropped_and_what_runs_is_not(void **state)
{
    (void)state;
    struct speech_line *l = NULL;
    struct error err;
    struct work runs = work(SPEECH_FINAL), waits = work(SPEECH_GUESS), stays = work(SPEECH_GUESS);
    assert_int_equal(speech_line_new(1, &l, &err), STATUS_OK);
    pthread_mutex_lock(&gate);
    speech_line_submit(l, &runs.job);
    speech_line_submit(l, &waits.job);
    speech_line_submit(l, &stays.job);
    speech_line_drop(l, &waits.job);
    assert_int_equal(waits.discarded, 1);
    speech_line_drop(l, &waits.job); /* gone already: only compared */
    assert_false(speech_line_wait_idle(l, 1));
    pthread_mutex_unlock(&gate);
    assert_true(speech_line_wait_idle(l, 20000));
    speech_line_drop(l, &stays.job);
    speech_line_free(l);
    assert_int_equal(runs.ran, 1);
    assert_int_equal(stays.ran, 1);
    assert_int_equal(waits.ran, 0);
    assert_int_equal(runs.discarded + stays.discarded, 0);
    assert_int_equal(waits.discarded, 1);
}

/* Runs until it is told to give way. */
struct later {
    struct speech_job job; /* first */
    pthread_cond_t told;
    bool stopped;
    atomic_int begun, over, discarded;
};

static pthread_mutex_t later_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t later_begun = PTHREAD_COND_INITIALIZER;

static void run_later(struct speech_job *j)
{
    struct later *w = (struct later *)(void *)j;
    pthread_mutex_lock(&later_lock);
    atomic_fetch_add(&w->begun, 1);
    pthread_cond_broadcast(&later_begun);
    while (!w->stopped)
        pthread_cond_wait(&w->told, &later_lock);
    pthread_mutex_unlock(&later_lock);
}

static void give_way(struct speech_job *j)
{
    struct later *w = (struct later *)(void *)j;
    pthread_mutex_lock(&later_lock);
    w->stopped = true;
    pthread_cond_signal(&w->told);
    pthread_mutex_unlock(&later_lock);
}

static void later_over(struct speech_job *j)
{
    atomic_fetch_add(&((struct later *)(void *)j)->over, 1);
}

static void later_discarded(struct speech_job *j)
{
    atomic_fetch_add(&((struct later *)(void *)j)->discarded, 1);
}

static struct later later(void)
{
    return (struct later){.job = {.urgency = SPEECH_LATER,
                                  .run = run_later,
                                  .discard = later_discarded,
                                  .give_way = give_way,
                                  .over = later_over},
                          .told = PTHREAD_COND_INITIALIZER};
}

static void await_begun(struct later *w)
{
    pthread_mutex_lock(&later_lock);
    while (w->begun == 0)
        pthread_cond_wait(&later_begun, &later_lock);
    pthread_mutex_unlock(&later_lock);
}

static void what_nobody_waits_for_gives_way(void **state)
{
    (void)state;
    struct speech_line *l = NULL;
    struct error err;
    struct later first = later(), second = later();
    struct work urgent = work(SPEECH_FINAL);
    assert_int_equal(speech_line_new(1, &l, &err), STATUS_OK);
    speech_line_submit(l, &first.job);
    await_begun(&first);
    speech_line_submit(l, &second.job);
    assert_false(first.stopped); /* no more urgent than itself */
    speech_line_submit(l, &urgent.job);
    await_begun(&second);
    assert_int_equal(urgent.ran, 1);
    assert_int_equal(first.over, 1);
    give_way(&second.job);
    assert_true(speech_line_wait_idle(l, 20000));
    assert_int_equal(second.over, 1);
    speech_line_free(l);
    assert_int_equal(first.discarded + second.discarded, 0);
}

static void of_what_nobody_waits_for_one_runs_at_a_time(void **state)
{
    (void)state;
    struct speech_line *l = NULL;
    struct error err;
    struct later first = later(), second = later();
    struct work urgent = work(SPEECH_FINAL);
    assert_int_equal(speech_line_new(2, &l, &err), STATUS_OK);
    speech_line_submit(l, &first.job);
    speech_line_submit(l, &second.job);
    await_begun(&first);
    speech_line_submit(l, &urgent.job); /* there is a thread for it */
    while (urgent.ran == 0)
        assert_false(speech_line_wait_idle(l, 1));
    assert_int_equal(second.begun, 0);
    assert_false(first.stopped);
    give_way(&first.job);
    await_begun(&second);
    give_way(&second.job);
    assert_true(speech_line_wait_idle(l, 20000));
    assert_int_equal(first.over + second.over, 2);
    speech_line_free(l);
}

static void a_line_that_stops_waits_for_none_of_it(void **state)
{
    (void)state;
    struct speech_line *l = NULL;
    struct error err;
    struct later first = later(), second = later();
    assert_int_equal(speech_line_new(1, &l, &err), STATUS_OK);
    speech_line_submit(l, &first.job);
    await_begun(&first);
    speech_line_submit(l, &second.job);
    speech_line_free(l);
    assert_int_equal(first.over, 1);
    assert_int_equal(second.begun, 0);
    assert_int_equal(second.discarded, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_waits_is_dropped_and_what_runs_is_not),
        cmocka_unit_test(what_nobody_waits_for_gives_way),
        cmocka_unit_test(of_what_nobody_waits_for_one_runs_at_a_time),
        cmocka_unit_test(a_line_that_stops_waits_for_none_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
