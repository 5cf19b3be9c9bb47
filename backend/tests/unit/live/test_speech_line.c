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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_waits_is_dropped_and_what_runs_is_not)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
