#include "unit/services/stage.h"

#include "services/jobs.h"

#include "base/log.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#define LEASE_MS INT64_C(60000)

/* What the handlers of these tests do and have seen. The clock is the test's; runner threads read it too. */
static atomic_llong now_ms;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards what follows */
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int ran, ran_apart, gave_up, swept, fail_first;
static enum status fail_with;
static bool hold, hold_apart, entered;
static struct id last_subject;
static char last_why[64];

static int64_t read_now(void *u)
{
    (void)u;
    return atomic_load(&now_ms);
}
static const struct clock test_clock = {read_now, read_now, NULL};

static enum status run_work(struct services *sv, struct id subject, struct error *err)
{
    (void)sv;
    pthread_mutex_lock(&lock);
    int n = ++ran;
    entered = true;
    last_subject = subject;
    pthread_cond_broadcast(&changed);
    while (hold)
        pthread_cond_wait(&changed, &lock);
    enum status st = n <= fail_first ? fail_with : STATUS_OK;
    pthread_mutex_unlock(&lock);
    return st == STATUS_OK ? st : error_set(err, st, "trouble", NULL, "attempt %d went wrong", n);
}

static enum status run_apart(struct services *sv, struct id subject, struct error *err)
{
    (void)sv, (void)subject, (void)err;
    pthread_mutex_lock(&lock);
    ran_apart++;
    pthread_cond_broadcast(&changed);
    while (hold_apart)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
    return STATUS_OK;
}

static enum status give_up_work(struct services *sv, struct id subject, const struct error *why, struct error *err)
{
    (void)sv, (void)subject, (void)err;
    pthread_mutex_lock(&lock);
    gave_up++;
    snprintf(last_why, sizeof last_why, "%.60s", why->message);
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    return STATUS_OK;
}

/* The subject is gone when the job gives up. */
static enum status give_up_on_nobody(struct services *sv, struct id subject, const struct error *why, struct error *err)
{
    give_up_work(sv, subject, why, err);
    return error_set(err, STATUS_NOT_FOUND, "not_found", NULL, "gone");
}

static enum status sweep(struct services *sv, struct error *err)
{
    (void)sv, (void)err;
    pthread_mutex_lock(&lock);
    swept++;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    return STATUS_OK;
}

static const struct job_kind kinds[] = {
    {"work", run_work, give_up_work}, {"orphan", run_work, give_up_on_nobody}, {NULL}};
static const struct job_kind with_one_apart[] = {
    {"work", run_work, give_up_work}, {"slow", run_apart, NULL, .apart = true}, {NULL}};
static const struct recurring hourly[] = {{"sweep", 3600000, sweep}, {NULL}};

static int setup(void **state)
{
    stage_open(state);
    atomic_store(&now_ms, T0);
    ran = ran_apart = gave_up = swept = fail_first = 0;
    fail_with = STATUS_IO;
    hold = hold_apart = entered = false;
    return 0;
}

#undef TEST
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, stage_close)

static struct jobs *start_with(const struct recurring *recurring, unsigned threads)
{
    struct jobs *j = NULL;
    const struct jobs_options o = {
        .services_new = stage_connect,
        .u = STAGE_CLOCK(test_clock),
        .services_free = stage_disconnect,
        .clock = &test_clock,
        .kinds = kinds,
        .recurring = recurring,
        .threads = threads,
        .lease_ms = LEASE_MS,
    };
    ok(jobs_new(&o, &j, &err));
    return j;
}

static struct jobs *start(void)
{
    return start_with(NULL, 1);
}

static struct id enqueue(const char *kind, int64_t max_attempts)
{
    struct id subject = id_new();
    ok(job_enqueue(s->db, kind, subject, NULL, atomic_load(&now_ms), max_attempts, atomic_load(&now_ms), NULL, &err));
    return subject;
}

/* Waits (without sleeping) until *what has the value; fails the test after twenty seconds. */
static void wait_until(const int *what, int value)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 20;
    pthread_mutex_lock(&lock);
    int rc = 0;
    while (*what < value && !rc)
        rc = pthread_cond_timedwait(&changed, &lock, &until);
    int got = *what;
    pthread_mutex_unlock(&lock);
    if (got < value)
        fail_msg("%d instead of %d", got, value);
}

/* The handler has returned before the row says so; the row is read until it does. */
static void wait_state(const char *state, int64_t n)
{
    struct timespec begin, now;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    for (;;) {
        if (one_int(s->db, arena_printf(arena, "SELECT COUNT(*) FROM jobs WHERE state = '%s'", state)) == n)
            return;
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (now.tv_sec - begin.tv_sec > 20)
            fail_msg("not %lld %s", (long long)n, state);
        sched_yield();
    }
}

static int64_t elapsed_ms(const struct timespec *since)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (now.tv_sec - since->tv_sec) * 1000 + (now.tv_nsec - since->tv_nsec) / 1000000;
}

static void a_job_that_waits_is_run_once(void **state)
{
    (void)state;
    struct id subject = enqueue("work", 3);
    struct jobs *j = start();
    wait_until(&ran, 1);
    wait_state("done", 1);
    j = jobs_free(j);
    assert_null(j);
    assert_int_equal(ran, 1);
    assert_int_equal(gave_up, 0);
    assert_true(id_equal(last_subject, subject));
}

static void waking_is_enough_no_polling_is_waited_for(void **state)
{
    (void)state;
    struct jobs *j = start_with(hourly, 1);
    wait_until(&swept, 1); /* the runner is up and has nothing else to do */
    struct timespec begin;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    for (int i = 1; i <= 5; i++) {
        enqueue("work", 3);
        jobs_wake(j);
        wait_until(&ran, i);
    }
    assert_true(elapsed_ms(&begin) < 15000); /* looking again by itself takes thirty seconds */
    jobs_wake(NULL);
    jobs_free(j);
}

static struct cache *cache_open(void)
{
    static const uint8_t salt[32] = {1};
    const char *url = getenv("VIVA_TEST_REDIS_URL"); /* as tests/run.sh sets it; else one process is both */
    struct cache_options o = {.url = url, .salt = salt, .clock = &clock_system, .timeout_ms = 2000};
    struct cache *c = NULL;
    ok(cache_new(&o, &c, &err));
    return c;
}

static void *no_services(void *u)
{
    (void)u;
    return NULL;
}

/* One replica enqueues and cannot run jobs itself; the runner of another, which has nothing to do, does it. */
static void waking_reaches_the_runners_of_other_replicas(void **state)
{
    (void)state;
    log_set_level(LOG_ERROR + 1);
    bool redis = getenv("VIVA_TEST_REDIS_URL") != NULL;
    struct cache *here = cache_open(), *there = redis ? cache_open() : here;
    struct jobs *mute = NULL, *runner = NULL;
    struct jobs_options o = {.services_new = no_services,
                             .services_free = stage_disconnect,
                             .u = STAGE_CLOCK(test_clock),
                             .clock = &test_clock,
                             .kinds = kinds,
                             .cache = here,
                             .threads = 1,
                             .lease_ms = LEASE_MS};
    ok(jobs_new(&o, &mute, &err));
    o.services_new = stage_connect;
    o.cache = there;
    o.recurring = hourly;
    ok(jobs_new(&o, &runner, &err));
    wait_until(&swept, 1);
    struct timespec begin;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    enqueue("work", 3);
    for (bool done = false; !done;) { /* the subscription may only be on its way */
        jobs_wake(mute);
        poll(NULL, 0, 5);
        pthread_mutex_lock(&lock);
        done = ran == 1;
        pthread_mutex_unlock(&lock);
        assert_true(elapsed_ms(&begin) < 15000); /* looking by itself takes thirty seconds */
    }
    jobs_free(mute);
    jobs_free(runner);
    cache_free(here);
    if (redis)
        cache_free(there);
    log_set_level(LOG_INFO);
}

static void failures_are_tried_again_later_and_later(void **state)
{
    (void)state;
    fail_first = 3;
    enqueue("work", 5);
    struct jobs *j = start();
    static const int64_t waits[] = {1000, 2000, 4000};
    for (int i = 0; i < 3; i++) {
        wait_until(&ran, i + 1);
        wait_state("queued", 1);
        assert_int_equal(one_int(s->db, "SELECT run_after FROM jobs"), atomic_load(&now_ms) + waits[i]);
        atomic_fetch_add(&now_ms, waits[i] - 1);
        jobs_wake(j);
        assert_int_equal(one_int(s->db, "SELECT attempts FROM jobs"), i + 1);
        atomic_fetch_add(&now_ms, 1);
        jobs_wake(j);
    }
    wait_state("done", 1);
    jobs_free(j);
    assert_int_equal(ran, 4);
    assert_int_equal(gave_up, 0);
}

static void the_last_failure_gives_up_and_says_why(void **state)
{
    (void)state;
    fail_first = 100;
    enqueue("work", 2);
    struct jobs *j = start();
    wait_until(&ran, 1);
    wait_state("queued", 1);
    atomic_fetch_add(&now_ms, 1000);
    jobs_wake(j);
    wait_state("failed", 1);
    jobs_free(j);
    assert_int_equal(ran, 2);
    assert_int_equal(gave_up, 1);
    assert_string_equal(last_why, "attempt 2 went wrong");
    assert_int_equal(one_int(s->db, "SELECT last_error = 'attempt 2 went wrong' FROM jobs"), 1);
}

static void what_trying_again_does_not_mend_is_not_tried_again(void **state)
{
    (void)state;
    fail_first = 100;
    fail_with = STATUS_INVALID;
    enqueue("work", 5);
    struct jobs *j = start();
    wait_state("failed", 1);
    jobs_free(j);
    assert_int_equal(ran, 1);
    assert_int_equal(gave_up, 1);
}

static void a_subject_that_is_gone_does_not_keep_its_job_alive(void **state)
{
    (void)state;
    fail_first = 100;
    fail_with = STATUS_INVALID;
    enqueue("orphan", 5);
    struct jobs *j = start();
    wait_state("failed", 1);
    jobs_free(j);
    assert_int_equal(ran, 1);
}

static void a_kind_nobody_knows_fails(void **state)
{
    (void)state;
    enqueue("nonsense", 5);
    struct jobs *j = start();
    wait_state("failed", 1);
    jobs_free(j);
    assert_int_equal(ran, 0);
}

static struct job *claim(void)
{
    struct job *job = NULL;
    ok(job_claim(s->db, NULL, atomic_load(&now_ms), LEASE_MS, arena, &job, &err));
    assert_non_null(job);
    return job;
}

static void a_job_whose_worker_died_is_run_when_its_lease_is_over(void **state)
{
    (void)state;
    enqueue("work", 3);
    claim(); /* ... by a process that is no more */
    struct jobs *j = start_with(hourly, 1);
    wait_until(&swept, 1);
    assert_int_equal(ran, 0); /* the lease holds */
    atomic_fetch_add(&now_ms, LEASE_MS);
    jobs_wake(j);
    wait_until(&ran, 1);
    wait_state("done", 1);
    jobs_free(j);
    assert_int_equal(one_int(s->db, "SELECT attempts FROM jobs"), 2);
}

static void a_job_that_kills_every_worker_is_given_up_unseen(void **state)
{
    (void)state;
    enqueue("work", 2);
    for (int i = 0; i < 2; i++) {
        int64_t n = 0;
        claim();
        atomic_fetch_add(&now_ms, LEASE_MS);
        ok(job_requeue_expired(s->db, atomic_load(&now_ms), &n, &err));
        assert_int_equal(n, 1);
    }
    struct jobs *j = start();
    wait_state("failed", 1);
    jobs_free(j);
    assert_int_equal(ran, 0);
    assert_int_equal(gave_up, 1);
    assert_non_null(strstr(last_why, "server ended"));
}

static void an_attempt_that_lost_its_lease_decides_nothing(void **state)
{
    (void)state;
    hold = true;
    enqueue("work", 5);
    struct jobs *j = start();
    wait_until(&ran, 1);
    int64_t n = 0;
    atomic_fetch_add(&now_ms, LEASE_MS);
    ok(job_requeue_expired(s->db, atomic_load(&now_ms), &n, &err));
    struct job *mine = claim();
    pthread_mutex_lock(&lock);
    hold = false;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    jobs_free(j); /* the first attempt has returned and tried to say it is done */
    assert_int_equal(jobs_of("work", "running"), 1);
    ok(job_complete(s->db, mine, atomic_load(&now_ms), &err));
}

/* The runner that looks for leases that are over renews those of its own process first. */
static void a_job_that_takes_longer_than_its_lease_is_run_once(void **state)
{
    (void)state;
    hold = true;
    enqueue("work", 5);
    struct jobs *j = start_with(NULL, 2);
    wait_until(&ran, 1);
    atomic_fetch_add(&now_ms, 2 * LEASE_MS);
    enqueue("work", 5);
    jobs_wake(j);
    wait_until(&ran, 2);
    assert_int_equal(jobs_of("work", "running"), 2);
    assert_int_equal(one_int(s->db, "SELECT MAX(attempts) FROM jobs"), 1);
    pthread_mutex_lock(&lock);
    hold = false;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    wait_state("done", 2);
    jobs_free(j);
    assert_int_equal(ran, 2);
}

struct stopper {
    struct jobs *j;
    bool stopped;
};

static void *stop(void *arg)
{
    struct stopper *x = arg;
    x->j = jobs_free(x->j);
    pthread_mutex_lock(&lock);
    x->stopped = true;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    return NULL;
}

static void stopping_lets_a_running_job_finish_and_leaves_the_others(void **state)
{
    (void)state;
    hold = true;
    enqueue("work", 3);
    struct stopper x = {.j = start()};
    wait_until(&ran, 1);
    enqueue("work", 3);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, stop, &x), 0);
    pthread_mutex_lock(&lock);
    assert_false(x.stopped);
    hold = false;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    pthread_join(thread, NULL);
    /* the second may have been taken before the stop was seen; whatever was begun has ended */
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM jobs WHERE state = 'running'"), 0);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM jobs WHERE state = 'done'"), ran);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM jobs WHERE state = 'queued'"), 2 - ran);
}

static void several_runners_run_each_job_once(void **state)
{
    (void)state;
    for (int i = 0; i < 40; i++)
        enqueue("work", 3);
    struct jobs *j = start_with(hourly, 4);
    for (int i = 0; i < 4; i++)
        jobs_wake(j);
    wait_until(&ran, 40);
    wait_state("done", 40);
    wait_until(&swept, 1);
    jobs_free(j);
    assert_int_equal(ran, 40);
    assert_int_equal(swept, 1);
}

static void nothing_waits_for_a_kind_apart_and_it_for_nothing(void **state)
{
    (void)state;
    struct jobs *j = NULL;
    const struct jobs_options o = {.services_new = stage_connect,
                                   .u = STAGE_CLOCK(test_clock),
                                   .services_free = stage_disconnect,
                                   .clock = &test_clock,
                                   .kinds = with_one_apart,
                                   .recurring = hourly,
                                   .threads = 1,
                                   .lease_ms = LEASE_MS};
    hold_apart = true;
    for (int i = 0; i < 2; i++)
        enqueue("slow", 3);
    ok(jobs_new(&o, &j, &err));
    wait_until(&ran_apart, 1);
    enqueue("work", 3);
    jobs_wake(j);
    wait_until(&ran, 1);
    wait_until(&swept, 1);
    wait_state("done", 1);
    assert_int_equal(jobs_of("slow", "queued"), 1); /* one at a time */
    atomic_fetch_add(&now_ms, LEASE_MS);
    enqueue("work", 3);
    jobs_wake(j);
    wait_until(&ran, 2); /* whose runner looked for leases that are over */
    assert_int_equal(jobs_of("slow", "running"), 1);
    pthread_mutex_lock(&lock);
    hold = true;
    hold_apart = false;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    enqueue("work", 3);
    jobs_wake(j);
    wait_until(&ran, 3); /* and is held */
    enqueue("slow", 3);
    jobs_wake(j);
    wait_until(&ran_apart, 3);
    pthread_mutex_lock(&lock);
    hold = false;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    wait_state("done", 6);
    jobs_free(j);
    assert_int_equal(swept, 1);
}

static void what_recurs_comes_at_once_and_then_when_it_is_due(void **state)
{
    (void)state;
    struct jobs *j = start_with(hourly, 1);
    wait_until(&swept, 1);
    atomic_fetch_add(&now_ms, 3600000 - 1);
    enqueue("work", 1);
    jobs_wake(j);
    wait_until(&ran, 1);
    assert_int_equal(swept, 1);
    atomic_fetch_add(&now_ms, 1);
    jobs_wake(j);
    wait_until(&swept, 2);
    jobs_free(j);
    assert_int_equal(swept, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_job_that_waits_is_run_once),
        TEST(waking_is_enough_no_polling_is_waited_for),
        TEST(waking_reaches_the_runners_of_other_replicas),
        TEST(failures_are_tried_again_later_and_later),
        TEST(the_last_failure_gives_up_and_says_why),
        TEST(what_trying_again_does_not_mend_is_not_tried_again),
        TEST(a_subject_that_is_gone_does_not_keep_its_job_alive),
        TEST(a_kind_nobody_knows_fails),
        TEST(a_job_whose_worker_died_is_run_when_its_lease_is_over),
        TEST(a_job_that_kills_every_worker_is_given_up_unseen),
        TEST(an_attempt_that_lost_its_lease_decides_nothing),
        TEST(a_job_that_takes_longer_than_its_lease_is_run_once),
        TEST(stopping_lets_a_running_job_finish_and_leaves_the_others),
        TEST(several_runners_run_each_job_once),
        TEST(nothing_waits_for_a_kind_apart_and_it_for_nothing),
        TEST(what_recurs_comes_at_once_and_then_when_it_is_due),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
