/* Figures against rows counted by hand, with days that end at midnight UTC. */
#include "unit/services/stage.h"

#include "base/latency.h"
#include "services/statistics.h"

#define DAY   INT64_C(86400000)
#define NOON  (T0 - T0 % DAY + DAY / 2)
#define TODAY (T0 - T0 % DAY)

static struct statistics *get(int64_t days)
{
    struct statistics *x = NULL;
    ok(statistics_get(s, days, arena, &x, &err));
    assert_int_equal(x->days.count, days);
    return x;
}

static const struct day_counts *day(const struct statistics *x, size_t i)
{
    return (const struct day_counts *)x->days.items + i;
}

static void no_day(const struct day_counts *d)
{
    assert_true(!d->registered && !d->started && !d->completed && !d->withdrawn && !d->reports_ready);
}

static void test_nothing(void **state)
{
    (void)state;
    struct statistics *x = get(3);
    assert_true(x->users->admin == 0 && x->candidates == 0 && x->interviews->draft == 0 && x->reports->ready == 0);
    for (size_t i = 0; i < 3; i++)
        no_day(day(x, i));
    assert_true(x->queue->jobs.count == 0 && x->queue->failed == 0 && x->queue->oldest_waiting_s == 0);
    assert_null(x->queue->last_error);
    assert_true(x->storage->disk_files == 0 && x->storage->disk_complete && x->storage->free_bytes > 0);
    assert_true(x->storage->database_bytes >= 4096);
    assert_true(x->requests.count == 0 && x->engine_latency.count == 0);
    assert_false(x->engines->stt->ready);
}

static void test_counts(void **state)
{
    (void)state;
    struct actor who = recruiter_make("one@example.org");
    recruiter_make("two@example.org");
    ok(db_exec(s->db, "UPDATE users SET is_active = 0, role = 'reviewer' WHERE email = 'two@example.org'", &err));
    struct interview *i = interview_make(who, 2);
    interview_make(who, 0);
    ok(db_exec(s->db, "UPDATE interview_configs SET archived_at = 1 WHERE status = 'draft'", &err));
    struct id answer;
    candidate_make(i, "a@example.org");
    session_started(i, "b@example.org", &answer);
    answer_everything(session_started(i, "c@example.org", &answer), "Done.");
    ok(candidacy_withdraw(s, candidate_make(i, "d@example.org")->session_id, &err));
    struct register_result *preview = candidate_make(i, "owner@example.org");
    struct db_stmt *q = NULL;
    ok(db_prepare(s->db, "UPDATE interview_sessions SET preview = 1 WHERE id = ?", &q, &err));
    db_bind_id(q, 1, preview->session_id);
    ok(db_run(q, NULL, &err));

    struct statistics *x = get(1);
    assert_true(x->users->admin == 0 && x->users->recruiter == 1 && x->users->reviewer == 1 && x->users->disabled == 1);
    assert_true(x->interviews->draft == 1 && x->interviews->open == 1 && x->interviews->closed == 0);
    assert_int_equal(x->interviews->archived, 1);
    assert_int_equal(x->candidates, 4); /* the preview is none */
    assert_true(x->sessions->registered == 1 && x->sessions->in_progress == 1 && x->sessions->completed == 1);
    assert_int_equal(x->sessions->withdrawn, 1);
    assert_true(x->reports->pending == 1 && x->reports->ready == 0);
    const struct day_counts *d = day(x, 0);
    assert_true(d->registered == 4 && d->started == 2 && d->completed == 1 && d->withdrawn == 1);
}

static void at(int64_t time)
{
    fake.unix_ms = time;
}

/* The last millisecond of a day and the first of the next are a day apart. */
static void test_days_end_at_midnight(void **state)
{
    (void)state;
    struct actor who = recruiter_make("one@example.org");
    struct interview *i = interview_make(who, 1);
    struct id answer;
    at(TODAY - 3 * DAY); /* before the days that are asked for */
    candidate_make(i, "early@example.org");
    at(TODAY - 2 * DAY);
    struct id over_midnight = session_started(i, "a@example.org", &answer);
    at(TODAY - DAY - 1);
    candidate_make(i, "b@example.org");
    at(TODAY - DAY);
    answer_everything(over_midnight, "Done.");
    at(TODAY);
    ok(candidacy_withdraw(s, candidate_make(i, "c@example.org")->session_id, &err));
    at(NOON);
    ok(db_exec(s->db, "UPDATE reports SET status = 'ready'", &err));

    struct statistics *x = get(3);
    assert_string_equal(day(x, 0)->day, "2023-11-12");
    assert_string_equal(day(x, 2)->day, "2023-11-14");
    const struct day_counts first = *day(x, 0), second = *day(x, 1), today = *day(x, 2);
    assert_true(first.registered == 2 && first.started == 1 && first.completed == 0 && first.reports_ready == 0);
    assert_true(second.registered == 0 && second.completed == 1 && second.reports_ready == 1);
    assert_true(today.registered == 1 && today.withdrawn == 1 && today.started == 0 && today.reports_ready == 0);
    x = get(90);
    assert_string_equal(day(x, 89)->day, "2023-11-14");
    assert_int_equal(day(x, 86)->registered, 1);
    no_day(day(x, 85));
    at(TODAY + DAY); /* the next day begins, with nothing in it */
    no_day(day(get(1), 0));
    assert_int_equal(day(get(2), 0)->registered, 1);
}

static void test_queue(void **state)
{
    (void)state;
    struct job *j = NULL;
    bool final = false;
    int64_t now = fake.unix_ms;
    ok(job_enqueue(s->db, "report", id_new(), NULL, now - 90000, 1, now, NULL, &err));
    ok(job_claim(s->db, NULL, now, 1000, arena, &j, &err));
    ok(job_fail(s->db, j, false, "It broke", now, &final, &err));
    ok(job_enqueue(s->db, "remux", id_new(), NULL, now - 61500, 3, now, NULL, &err));
    ok(job_enqueue(s->db, "remux", id_new(), NULL, now + 500000, 3, now, NULL, &err)); /* not due: it does not wait */
    struct queue_figures *f = get(1)->queue;
    assert_int_equal(f->oldest_waiting_s, 61);
    assert_int_equal(f->failed, 1);
    assert_string_equal(f->last_failed_kind, "report");
    assert_string_equal(f->last_error, "It broke");
    assert_true(f->last_failed_at == now);
    const struct job_count *c = f->jobs.items;
    assert_int_equal(f->jobs.count, 2);
    assert_true(strcmp(c[0].kind, "remux") == 0 && c[0].state == JOB_QUEUED && c[0].count == 2);
    assert_true(strcmp(c[1].kind, "report") == 0 && c[1].state == JOB_FAILED && c[1].count == 1);
}

static void test_storage(void **state)
{
    (void)state;
    struct id answer;
    struct id session = session_started(interview_make(recruiter_make("one@example.org"), 1), "a@example.org", &answer);
    const struct segment_ref ref = {session, answer, 0};
    struct segment_state *up = NULL;
    open_segment(&ref, "video/webm");
    ok(put_bytes(s, &ref, 0, "12345", 5, &up, &err));
    ok(put_bytes(s, &ref, 1, "678", 3, &up, &err));
    struct storage_figures *f = get(1)->storage;
    assert_true(f->recordings == 1 && f->recording_bytes == 8 && f->resumes == 0);
    assert_true(f->disk_files == 2 && f->disk_bytes >= 0 && f->disk_complete);
    struct storage_usage u = {0};
    ok(storage_measure(s->storage, 1, &u, &err));
    assert_true(u.files == 1 && !u.complete);
}

static void test_latency(void **state)
{
    (void)state;
    stage.requests = latency_set_new();
    latency_set_add(stage.requests, "interviews", fake.mono_ms, 2000);
    latency_set_add(stage.requests, "interviews", fake.mono_ms, 4000);
    latency_set_add(stage.requests, "auth", fake.mono_ms, 9000);
    clock_fake_advance(&fake, 2 * LATENCY_RECENT_MS);
    latency_set_add(stage.requests, "auth", fake.mono_ms, 1000);
    struct statistics *x = get(1);
    const struct latency_view *v = x->requests.items;
    assert_int_equal(x->requests.count, 2);
    assert_string_equal(v[0].name, "interviews");
    assert_true(v[0].recent->count == 0 && isnan(v[0].recent->p95_ms));
    assert_true(v[0].total->count == 2 && fabs(v[0].total->mean_ms - 3.0) < 1e-9 &&
                fabs(v[0].total->max_ms - 4.0) < 1e-9);
    assert_true(v[1].recent->count == 1 && v[1].total->count == 2 && fabs(v[1].last_ms - 1.0) < 1e-9);
    stage.requests = latency_set_free(stage.requests);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_nothing), TEST(test_counts),  TEST(test_days_end_at_midnight),
                                       TEST(test_queue),   TEST(test_storage), TEST(test_latency)};
    return cmocka_run_group_tests_name("statistics", tests, NULL, NULL);
}
