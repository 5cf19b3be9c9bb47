#include "unit/services/stage.h"

#include "repositories/job_repository.h"
#include "services/job_keeper.h"

#include <sched.h>
#include <stdatomic.h>
#include <time.h>

#define LEASE_MS INT64_C(60000)
#define PATIENCE 20 /* seconds, for what a thread does */

static atomic_llong now_ms; /* the test's; the keeper's thread reads it too */

static int64_t read_now(void *u)
{
    (void)u;
    return atomic_load(&now_ms);
}
static const struct clock test_clock = {read_now, read_now, NULL};

static void *no_services(void *u)
{
    atomic_fetch_add((atomic_int *)u, 1);
    return NULL;
}

static int setup(void **state)
{
    stage_open(state);
    atomic_store(&now_ms, T0);
    return 0;
}

#undef TEST
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, stage_close)

static struct job_keeper *keeper(int64_t every_ms)
{
    struct job_keeper *k = NULL;
    const struct job_keeper_options o = {.services_new = stage_connect,
                                         .u = STAGE_CLOCK(test_clock),
                                         .services_free = stage_disconnect,
                                         .clock = &test_clock,
                                         .lease_ms = LEASE_MS,
                                         .every_ms = every_ms,
                                         .slots = 2};
    ok(job_keeper_new(&o, &k, &err));
    return k;
}

static struct job *claimed(void)
{
    struct job *job = NULL;
    const int64_t now = atomic_load(&now_ms);
    ok(job_enqueue(s->db, "work", id_new(), NULL, now, 3, now, NULL, &err));
    ok(job_claim(s->db, NULL, now, LEASE_MS, arena, &job, &err));
    assert_non_null(job);
    return job;
}

static int64_t leases_until(int64_t ms)
{
    return one_int(
        s->db,
        arena_printf(arena, "SELECT COUNT(*) FROM jobs WHERE state = 'running' AND lease_until = %lld", (long long)ms));
}

static void a_lease_is_renewed_when_a_quarter_of_it_is_over(void **state)
{
    (void)state;
    struct job_keeper *k = keeper(0);
    job_keeper_hold(k, 0, claimed());
    job_keeper_hold(k, 1, claimed());
    atomic_fetch_add(&now_ms, LEASE_MS / 4 - 1);
    ok(job_keeper_renew(k, s->db, &err));
    assert_int_equal(leases_until(T0 + LEASE_MS), 2);
    atomic_fetch_add(&now_ms, 1);
    ok(job_keeper_renew(k, s->db, &err));
    assert_int_equal(leases_until(T0 + LEASE_MS / 4 + LEASE_MS), 2);
    job_keeper_let_go(k, 1);
    atomic_fetch_add(&now_ms, LEASE_MS);
    ok(job_keeper_renew(k, s->db, &err));
    assert_int_equal(leases_until(T0 + LEASE_MS / 4 + LEASE_MS), 1);
    assert_int_equal(leases_until(T0 + LEASE_MS / 4 + 2 * LEASE_MS), 1);
    job_keeper_free(k);
}

static void what_another_attempt_holds_is_left_alone(void **state)
{
    (void)state;
    struct job_keeper *k = keeper(0);
    struct job *second = NULL;
    int64_t n = 0;
    job_keeper_hold(k, 0, claimed());
    atomic_fetch_add(&now_ms, LEASE_MS);
    ok(job_requeue_expired(s->db, atomic_load(&now_ms), &n, &err));
    assert_int_equal(n, 1);
    ok(job_claim(s->db, NULL, atomic_load(&now_ms), LEASE_MS / 2, arena, &second, &err));
    ok(job_keeper_renew(k, s->db, &err));
    assert_int_equal(leases_until(T0 + LEASE_MS + LEASE_MS / 2), 1);
    job_keeper_free(k);
}

static void its_thread_looks_by_itself(void **state)
{
    (void)state;
    struct job_keeper *k = keeper(1);
    struct timespec begin, now;
    job_keeper_hold(k, 0, claimed());
    atomic_fetch_add(&now_ms, LEASE_MS / 2);
    clock_gettime(CLOCK_MONOTONIC, &begin);
    while (leases_until(T0 + LEASE_MS / 2 + LEASE_MS) == 0) {
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (now.tv_sec - begin.tv_sec > PATIENCE)
            fail_msg("not renewed");
        sched_yield();
    }
    job_keeper_free(k);
}

/* Not even a connection is opened while there is nothing to keep; one that cannot be had is tried for again. */
static void a_database_that_is_away_is_tried_again(void **state)
{
    (void)state;
    static atomic_int tries;
    struct job_keeper *k = NULL;
    const struct job_keeper_options o = {.services_new = no_services,
                                         .services_free = stage_disconnect,
                                         .u = &tries,
                                         .clock = &test_clock,
                                         .lease_ms = LEASE_MS,
                                         .every_ms = 1,
                                         .slots = 1};
    atomic_store(&tries, 0);
    ok(job_keeper_new(&o, &k, &err));
    assert_int_equal(atomic_load(&tries), 0);
    job_keeper_hold(k, 0, claimed());
    while (atomic_load(&tries) < 2)
        sched_yield();
    job_keeper_free(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_lease_is_renewed_when_a_quarter_of_it_is_over),
        TEST(what_another_attempt_holds_is_left_alone),
        TEST(its_thread_looks_by_itself),
        TEST(a_database_that_is_away_is_tried_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
