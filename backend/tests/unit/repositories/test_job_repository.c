#include "unit/repositories/world.h"

#include "repositories/job_repository.h"

#include <pthread.h>

#define LEASE 30000

static struct job *claim(int64_t now)
{
    struct job *j = NULL;
    ok(job_claim(db, NULL, now, LEASE, arena, &j, &err));
    return j;
}

static bool enqueue(const char *kind, struct id subject, int64_t at)
{
    bool queued = false;
    ok(job_enqueue(db, kind, subject, NULL, at, 3, T0, &queued, &err));
    return queued;
}

static int64_t due(void)
{
    int64_t at = -1;
    ok(job_next_due(db, NULL, &at, &err));
    return at;
}

static void test_order_and_lease(void **state)
{
    (void)state;
    struct id a = id_new(), b = id_new();
    bool final = false;
    assert_null(claim(T0));
    assert_int_equal(due(), 0);
    assert_true(enqueue("report", b, T0 + 10));
    assert_true(enqueue("report", a, T0 + 5));
    assert_false(enqueue("report", a, T0)); /* one at a time for each subject */
    assert_true(enqueue("remux", a, T0 + 20));
    assert_true(due() == T0 + 5);
    assert_null(claim(T0 + 4));
    struct job *j = claim(T0 + 100), *same = NULL;
    assert_true(id_equal(j->subject_id, a)); /* the one due first */
    assert_string_equal(j->kind, "report");
    assert_string_equal(j->payload, "{}");
    assert_int_equal(j->attempts, 1);
    assert_true(j->lease_until == T0 + 100 + LEASE);
    ok(job_find(db, j->id, arena, &same, &err));
    assert_int_equal(same->state, JOB_RUNNING);
    assert_true(same->lease_until == j->lease_until && same->attempts == 1);
    ok(job_complete(db, j, T0 + 200, &err));
    fails(job_complete(db, j, T0 + 200, &err), STATUS_CONFLICT, "job_lost");
    assert_true(enqueue("report", a, T0 + 300)); /* but afterwards */
    j = claim(T0 + 250);
    assert_true(id_equal(j->subject_id, b));
    ok(job_fail(db, j, false, "useless", T0 + 260, &final, &err));
    assert_true(final);
    ok(job_find(db, j->id, arena, &same, &err));
    assert_int_equal(same->state, JOB_FAILED);
    assert_string_equal(same->last_error, "useless");
}

/* What it works on may have changed after it was read. */
static void test_enqueued_while_it_runs(void **state)
{
    (void)state;
    static const int64_t due_at[] = {T0, T0 + 1000, T0 + 2000}, then[] = {T0 + 1001, T0 + 1001, T0 + 2000};
    for (size_t i = 0; i < 3; i++) {
        struct id a = id_new();
        struct job *again = NULL;
        enqueue("report", a, T0);
        struct job *j = claim(T0 + 1000);
        assert_false(enqueue("report", a, due_at[i]));
        ok(job_complete(db, j, T0 + 1500, &err));
        ok(job_find(db, j->id, arena, &again, &err));
        assert_true(again->state == JOB_QUEUED && again->run_after == then[i] && again->lease_until == 0);
        j = claim(T0 + 2000);
        assert_int_equal(j->attempts, 1);
        ok(job_complete(db, j, T0 + 2000, &err)); /* nobody asked again */
        assert_null(claim(T0 + LEASE));
    }
}

static void test_lanes(void **state)
{
    (void)state;
    const struct job_lane slow = {"judge", false}, rest = {"judge", true};
    struct job *j = NULL;
    int64_t at = -1;
    enqueue("judge", id_new(), T0);
    ok(job_claim(db, &rest, T0, LEASE, arena, &j, &err));
    assert_null(j);
    ok(job_next_due(db, &rest, &at, &err));
    assert_int_equal(at, 0);
    ok(job_next_due(db, &slow, &at, &err));
    assert_true(at == T0);
    enqueue("report", id_new(), T0 + 1);
    ok(job_claim(db, &rest, T0 + 1, LEASE, arena, &j, &err));
    assert_string_equal(j->kind, "report");
    ok(job_claim(db, &slow, T0 + 1, LEASE, arena, &j, &err));
    assert_string_equal(j->kind, "judge");
}

static void test_backoff(void **state)
{
    (void)state;
    static const int64_t wait[] = {1000, 2000};
    bool final = true;
    int64_t now = T0;
    struct job *j = NULL;
    enqueue("report", id_new(), T0);
    for (int i = 0; i < 2; i++) {
        j = claim(now);
        assert_non_null(j);
        assert_int_equal(j->attempts, i + 1);
        ok(job_fail(db, j, true, "not yet", now, &final, &err));
        assert_false(final);
        assert_true(due() == now + wait[i]);
        assert_null(claim(now + wait[i] - 1));
        now += wait[i];
    }
    j = claim(now);
    ok(job_fail(db, j, true, "never", now, &final, &err));
    assert_true(final);
    assert_null(claim(now + 1000000));
    assert_int_equal(due(), 0);
}

static void test_lost_worker(void **state)
{
    (void)state;
    int64_t n = -1;
    bool final = false;
    enqueue("report", id_new(), T0);
    struct job *first = claim(T0);
    assert_true(due() == T0 + LEASE);
    ok(job_requeue_expired(db, T0 + LEASE - 1, &n, &err));
    assert_int_equal(n, 0);
    ok(job_requeue_expired(db, T0 + LEASE, &n, &err));
    assert_int_equal(n, 1);
    struct job *second = claim(T0 + 2 * LEASE);
    assert_int_equal(second->attempts, 2);
    fails(job_complete(db, first, T0, &err), STATUS_CONFLICT, "job_lost"); /* the first comes back from the dead */
    fails(job_fail(db, first, true, "x", T0, &final, &err), STATUS_CONFLICT, "job_lost");
    for (int i = 3; i <= 4; i++) { /* its worker dies each time: handed out once more, to be given up */
        ok(job_requeue_expired(db, T0 + 100 * LEASE * i, &n, &err));
        second = claim(T0 + 100 * LEASE * i);
        assert_int_equal(second->attempts, i);
    }
    assert_true(second->attempts > second->max_attempts);
    ok(job_fail(db, second, false, "crashes", T0, &final, &err));
    assert_true(final);
}

static void test_purge_and_payload(void **state)
{
    (void)state;
    int64_t n = 0;
    bool queued = false;
    struct error why = {0};
    ok(job_enqueue(db, "x", id_new(), "{\"k\": 1}", T0, 1, T0, &queued, &err));
    struct job *j = claim(T0);
    assert_string_equal(j->payload, "{\"k\": 1}");
    ok(job_complete(db, j, T0 + 10, &err));
    enqueue("y", id_new(), T0);
    ok(job_purge(db, T0 + 10, &n, &err));
    assert_int_equal(n, 0);
    ok(job_purge(db, T0 + 11, &n, &err));
    assert_int_equal(n, 1);
    fails(job_find(db, j->id, arena, &j, &err), STATUS_NOT_FOUND, "not_found");
    assert_int_equal(job_enqueue(db, "x", id_new(), "no json", T0, 1, T0, &queued, &why), STATUS_INTERNAL);
}

/* Rolled back with what caused it. */
static void test_transaction(void **state)
{
    (void)state;
    struct db_txn t = {0};
    ok(db_begin(db, &t, &err));
    assert_true(enqueue("report", id_new(), T0));
    db_txn_end(&t);
    assert_null(claim(T0 + 1));
}

struct worker {
    pthread_t thread;
    int done;
    enum status st;
    struct error err;
};

static void *work(void *arg)
{
    struct worker *w = arg;
    cleanup(arena_freep) struct arena *a = arena_new(8 << 20);
    struct db *own = NULL;
    w->st = db_open(temp_url("world.db"), false, &own, &w->err);
    while (w->st == STATUS_OK) {
        struct job *j = NULL;
        w->st = job_claim(own, NULL, T0, LEASE, a, &j, &w->err);
        if (w->st != STATUS_OK || !j)
            break;
        w->st = job_complete(own, j, T0, &w->err); /* fails when another one had it as well */
        w->done++;
    }
    db_close(own);
    return NULL;
}

static void test_each_job_once(void **state)
{
    (void)state;
    struct worker w[4] = {0};
    int total = 0;
    for (int i = 0; i < 60; i++)
        enqueue("report", id_new(), T0);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&w[i].thread, NULL, work, &w[i]), 0);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(w[i].thread, NULL), 0);
        if (w[i].st != STATUS_OK)
            fail_msg("%s %s", w[i].err.code, w[i].err.message);
        total += w[i].done;
    }
    assert_int_equal(total, 60);
    assert_int_equal(peek("SELECT COUNT(*) FROM jobs WHERE state = 'done' AND attempts = 1"), 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_order_and_lease), TEST(test_enqueued_while_it_runs), TEST(test_lanes),       TEST(test_backoff),
        TEST(test_lost_worker),     TEST(test_purge_and_payload),      TEST(test_transaction), TEST(test_each_job_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
