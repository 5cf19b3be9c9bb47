#include "unit/base/check.h"

#include "base/pool.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

static atomic_int ran, discarded, news, frees;
static sem_t entered, gate;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char order[64]; /* under lock */

static int reset(void **state)
{
    (void)state;
    ran = discarded = news = frees = 0;
    memset(order, 0, sizeof(order));
    sem_init(&entered, 0, 0);
    sem_init(&gate, 0, 0);
    return 0;
}

static void count(void *arg, void *worker)
{
    (void)arg;
    (void)worker;
    atomic_fetch_add(&ran, 1);
}

/* Tells that it runs, then waits for the gate. */
static void block(void *arg, void *worker)
{
    (void)arg;
    (void)worker;
    sem_post(&entered);
    sem_wait(&gate);
    atomic_fetch_add(&ran, 1);
}

static void note(void *arg, void *worker)
{
    (void)worker;
    pthread_mutex_lock(&lock);
    strcat(order, arg);
    pthread_mutex_unlock(&lock);
    sem_post(&entered);
}

static void discard(void *arg)
{
    (void)arg;
    atomic_fetch_add(&discarded, 1);
}

static struct pool *make(unsigned threads, unsigned queue)
{
    struct pool *p = NULL;
    struct error err;
    struct pool_options o = {.name = "test", .threads = threads, .queue_max = queue};
    assert_ok(pool_new(&o, &p, &err));
    return p;
}

static void every_task_is_run_or_discarded_once(void **state)
{
    (void)state;
    struct error err;
    struct pool *p = make(4, 1000);
    int accepted = 0;
    for (int i = 0; i < 5000; i++)
        accepted += pool_submit(p, (struct task){count, discard, NULL}, &err) == STATUS_OK;
    assert_null(pool_free(p));
    assert_true(accepted >= 1000);
    assert_int_equal(ran + discarded, accepted);
}

static void stopping_discards_what_is_queued_and_ends_what_runs(void **state)
{
    (void)state;
    struct error err;
    struct pool *p = make(1, 10);
    assert_ok(pool_submit(p, (struct task){block, discard, NULL}, &err));
    sem_wait(&entered); /* the only worker is busy */
    for (int i = 0; i < 7; i++)
        assert_ok(pool_submit(p, (struct task){count, discard, NULL}, &err));
    assert_ok(pool_submit(p, (struct task){count, NULL, NULL}, &err)); /* nothing to discard */

    pthread_t stopper;
    assert_int_equal(pthread_create(&stopper, NULL, (void *(*)(void *))(void *)pool_free, p), 0);
    /* Once it is stopping, new tasks are refused: that is when the gate may open. */
    enum status st = STATUS_OK;
    while ((st = pool_submit(p, (struct task){count, discard, NULL}, &err)) != STATUS_UNAVAILABLE ||
           strcmp(err.code, "pool_stopping") != 0)
        sched_yield();
    sem_post(&gate);
    pthread_join(stopper, NULL);
    assert_int_equal(ran, 1);
    assert_true(discarded >= 7);
}

static void a_full_queue_leaves_the_task_to_the_caller(void **state)
{
    (void)state;
    struct error err;
    struct pool *p = make(1, 2);
    assert_ok(pool_submit(p, (struct task){block, discard, NULL}, &err));
    sem_wait(&entered);
    assert_ok(pool_submit(p, (struct task){count, discard, NULL}, &err));
    assert_ok(pool_submit(p, (struct task){count, discard, NULL}, &err));
    assert_status(pool_submit(p, (struct task){count, discard, NULL}, &err), STATUS_UNAVAILABLE);
    assert_string_equal(err.code, "queue_full");
    sem_post(&gate);
    pool_free(p);
    assert_int_equal(ran + discarded, 3);
}

static void tasks_keep_their_order(void **state)
{
    (void)state;
    struct error err;
    struct pool *p = make(1, 8);
    for (int round = 0; round < 3; round++) { /* so that the ring wraps around */
        memset(order, 0, sizeof(order));
        assert_ok(pool_submit(p, (struct task){block, NULL, NULL}, &err));
        sem_wait(&entered);
        assert_ok(pool_submit(p, (struct task){note, NULL, "a"}, &err));
        assert_ok(pool_submit(p, (struct task){note, NULL, "b"}, &err));
        assert_ok(pool_submit(p, (struct task){note, NULL, "c"}, &err));
        sem_post(&gate);
        for (int i = 0; i < 3; i++)
            sem_wait(&entered);
        assert_string_equal(order, "abc");
    }
    pool_free(p);
}

static void *make_state(void *u)
{
    atomic_fetch_add(&news, 1);
    return u;
}

static void free_state(void *s)
{
    assert_non_null(s);
    atomic_fetch_add(&frees, 1);
}

static void expect_state(void *arg, void *worker)
{
    sigset_t now;
    char name[16] = "";
    pthread_getname_np(pthread_self(), name, sizeof(name));
    pthread_sigmask(SIG_SETMASK, NULL, &now);
    if (worker == arg && strcmp(name, "fifteen-letters") == 0 && sigismember(&now, SIGTERM) == 1)
        atomic_fetch_add(&ran, 1);
    sem_post(&entered);
}

static void each_worker_has_its_state_name_and_no_signals(void **state)
{
    (void)state;
    int u = 0;
    struct pool *p = NULL;
    struct error err;
    struct pool_options o = {.name = "fifteen-letters-and-more",
                             .threads = 3,
                             .queue_max = 30,
                             .worker_new = make_state,
                             .worker_free = free_state,
                             .u = &u};
    assert_ok(pool_new(&o, &p, &err));
    assert_int_equal(news, 3);
    for (int i = 0; i < 30; i++)
        assert_ok(pool_submit(p, (struct task){expect_state, NULL, &u}, &err));
    for (int i = 0; i < 30; i++)
        sem_wait(&entered);
    assert_int_equal(ran, 30);
    assert_int_equal(frees, 0);
    pool_free(p);
    assert_int_equal(frees, 3);
}

static void *fail_second(void *u)
{
    return atomic_fetch_add(&news, 1) == 1 ? NULL : u;
}

static void a_worker_that_cannot_start_fails_the_pool(void **state)
{
    (void)state;
    int u = 0;
    struct pool *p = NULL;
    struct error err;
    struct pool_options o = {
        .name = "x", .threads = 3, .queue_max = 3, .worker_new = fail_second, .worker_free = free_state, .u = &u};
    assert_status(pool_new(&o, &p, &err), STATUS_UNAVAILABLE);
    assert_string_equal(err.code, "worker_failed");
    assert_null(p);
    assert_int_equal(frees, 2);
    assert_null(pool_free(NULL));
}

static struct pool *shared;
static atomic_int accepted_by_all;

static void *submit_many(void *arg)
{
    (void)arg;
    for (int i = 0; i < 2000; i++)
        if (pool_submit(shared, (struct task){count, discard, NULL}, NULL) == STATUS_OK)
            atomic_fetch_add(&accepted_by_all, 1);
    return NULL;
}

static void many_threads_may_submit(void **state)
{
    (void)state;
    pthread_t t[4];
    accepted_by_all = 0;
    shared = make(3, 64);
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&t[i], NULL, submit_many, NULL), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(t[i], NULL);
    pool_free(shared);
    assert_int_equal(ran + discarded, accepted_by_all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(every_task_is_run_or_discarded_once, reset),
        cmocka_unit_test_setup(stopping_discards_what_is_queued_and_ends_what_runs, reset),
        cmocka_unit_test_setup(a_full_queue_leaves_the_task_to_the_caller, reset),
        cmocka_unit_test_setup(tasks_keep_their_order, reset),
        cmocka_unit_test_setup(each_worker_has_its_state_name_and_no_signals, reset),
        cmocka_unit_test_setup(a_worker_that_cannot_start_fails_the_pool, reset),
        cmocka_unit_test_setup(many_threads_may_submit, reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
