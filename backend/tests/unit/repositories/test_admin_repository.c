/* Everybody's interviews, the audit log and the queue, as administrators see them. */
#include "unit/repositories/world.h"

#include "repositories/admin_interview_repository.h"
#include "repositories/audit_repository.h"
#include "repositories/job_repository.h"
#include "repositories/retention_repository.h"
#include "repositories/settings_repository.h"
#include "repositories/statistics_repository.h"

static const struct paging first_page = {1, 20};

static const struct admin_interview *listed(const struct admin_interview_filter *f, size_t count)
{
    struct page page = {0};
    ok(admin_interview_list(db, f, first_page, arena, &page, &err));
    assert_int_equal(page.total, count);
    assert_int_equal(page.items.count, count);
    return page.items.items;
}

static void test_interviews(void **state)
{
    (void)state;
    struct user *other = user_make("bob@example.org", ROLE_RECRUITER);
    struct interview *draft = interview_make(other->id, "A draft", INTERVIEW_DRAFT);
    struct interview *old = interview_make(other->id, "100% old", INTERVIEW_CLOSED);
    session_make(interview->id, "one@example.org", 1);
    session_make(interview->id, "two@example.org", 2);
    ok(db_exec(db, arena_printf(arena, "UPDATE interview_configs SET archived_at = 5 WHERE title = '100%% old'"),
               &err));

    struct admin_interview_filter f = {
        .status = -1, .archived = ARCHIVED_ANY, .sort = {ADMIN_INTERVIEW_BY_CREATED, true}};
    const struct admin_interview *i = listed(&f, 3);
    assert_true(id_equal(i[0].id, old->id) && id_equal(i[2].id, interview->id)); /* newest first */
    assert_true(i[0].archived_at == 5 && i[0].candidates == 0 && i[2].candidates == 2);
    assert_string_equal(i[2].owner_email, "ada@example.org");
    assert_string_equal(i[1].owner_email, "bob@example.org");
    f.sort = (struct sort){ADMIN_INTERVIEW_BY_TITLE, false};
    i = listed(&f, 3);
    assert_string_equal(i[0].title, "100% old");
    assert_string_equal(i[2].title, "Backend engineer");
    f.archived = ARCHIVED_NO;
    f.owner_id = other->id;
    assert_true(id_equal(listed(&f, 1)[0].id, draft->id));
    f = (struct admin_interview_filter){.status = INTERVIEW_OPEN, .archived = ARCHIVED_ANY};
    assert_true(id_equal(listed(&f, 1)[0].id, interview->id));
    f = (struct admin_interview_filter){.status = -1, .archived = ARCHIVED_ANY, .search = "0% o"};
    listed(&f, 1); /* typed characters mean themselves */
    f.search = "0_ o";
    listed(&f, 0);
}

static void test_owner(void **state)
{
    (void)state;
    struct user *other = user_make("bob@example.org", ROLE_RECRUITER);
    struct admin_interview *i = NULL;
    int64_t n = 0;
    interview_make(owner->id, "Second", INTERVIEW_DRAFT);
    ok(interview_set_owner(db, interview->id, other->id, T0 - 10, &err)); /* a clock that went back */
    ok(admin_interview_find(db, interview->id, arena, &i, &err));
    assert_true(id_equal(i->owner_id, other->id));
    assert_true(i->updated_at == T0 + 1); /* still a newer version */
    ok(interview_set_owner_of_all(db, other->id, owner->id, T0 + 50, &n, &err));
    assert_int_equal(n, 1);
    ok(admin_interview_find(db, interview->id, arena, &i, &err));
    assert_true(id_equal(i->owner_id, owner->id) && i->updated_at == T0 + 50);
    fails(interview_set_owner(db, id_new(), owner->id, T0, &err), STATUS_NOT_FOUND, "not_found");
    fails(admin_interview_find(db, id_new(), arena, &i, &err), STATUS_NOT_FOUND, "not_found");
    fails(interview_set_owner(db, interview->id, id_new(), T0, &err), STATUS_CONFLICT, "foreign_key_violation");
    quiet = true;
    ok(db_exec(db, "INSERT INTO interview_reviewers SELECT id, owner_id, 1 FROM interview_configs", &err));
    quiet = false;
    ok(reviewer_remove_owner(db, owner->id, &err));
    assert_int_equal(peek("SELECT COUNT(*) FROM interview_reviewers"), 0);
}

/* ------------------------------------------------------------------------------------------------------------------
 * audit log */

static struct id noted_at(int64_t at, enum audit_actor kind, struct id actor, const char *action, struct id subject)
{
    const struct audit_entry e = {.id = id_new(),
                                  .at = at,
                                  .actor_kind = (int)kind,
                                  .actor_id = actor,
                                  .action = action,
                                  .subject_kind = "interview",
                                  .subject_id = subject,
                                  .request_id = "r",
                                  .details = "{\"n\": 1}"};
    ok(audit_insert(db, &e, &err));
    return e.id;
}

static const struct audit_entry *audited(const struct audit_filter *f, size_t count)
{
    struct page page = {0};
    struct list all = {0};
    ok(audit_list(db, f, first_page, arena, &page, &err));
    assert_int_equal(page.total, count);
    ok(audit_export(db, f, 100, arena, &all, &err));
    assert_int_equal(all.count, count);
    return page.items.items;
}

static void test_audit(void **state)
{
    (void)state;
    struct id session = id_new(), a = id_new(), b = id_new(), nobody = {{0}};
    noted_at(T0 + 3, AUDIT_USER, owner->id, "interview.publish", a);
    noted_at(T0 + 1, AUDIT_USER, owner->id, "interview.create", a);
    noted_at(T0 + 2, AUDIT_CANDIDATE, session, "interviewer.greet", b);
    noted_at(T0 + 4, AUDIT_SYSTEM, nobody, "session.erase", b);

    const struct audit_entry *e = audited(&(struct audit_filter){0}, 4);
    for (int k = 0; k < 4; k++)
        assert_true(e[k].at == T0 + 4 - k); /* newest first, in whichever order they came */
    assert_null(e[0].actor_name);
    assert_string_equal(e[1].actor_name, "Ada Example");
    assert_null(e[2].actor_name);
    assert_string_equal(e[1].details, "{\"n\": 1}");
    audited(&(struct audit_filter){.actor_id = owner->id}, 2);
    audited(&(struct audit_filter){.action = "interview."}, 2); /* not "interviewer.greet" */
    audited(&(struct audit_filter){.action = "interview"}, 0);
    audited(&(struct audit_filter){.action = "interview.create"}, 1);
    audited(&(struct audit_filter){.subject_id = b}, 2);
    audited(&(struct audit_filter){.subject_kind = "interview", .subject_id = b, .actor_id = session}, 1);
    audited(&(struct audit_filter){.subject_kind = "session", .subject_id = b}, 0);
    audited(&(struct audit_filter){.from = T0 + 2, .to = T0 + 4}, 2);
    audited(&(struct audit_filter){.from = T0 + 2, .action = "interview."}, 1);

    struct list two = {0};
    int64_t n = 0;
    ok(audit_export(db, &(struct audit_filter){0}, 2, arena, &two, &err));
    assert_int_equal(two.count, 2);
    ok(audit_purge(db, T0 + 3, &n, &err));
    assert_int_equal(n, 2);
    audited(&(struct audit_filter){0}, 2);
}

/* ------------------------------------------------------------------------------------------------------------------
 * jobs */

static void test_jobs(void **state)
{
    (void)state;
    struct page page = {0};
    struct job *j = NULL;
    struct id subject = id_new();
    bool final = false;
    ok(job_enqueue(db, "report", subject, NULL, T0, 1, T0, NULL, &err));
    ok(job_claim(db, NULL, T0, 1000, arena, &j, &err));
    ok(job_fail(db, j, true, "the disk was full", T0 + 5, &final, &err));
    assert_true(final);
    ok(job_enqueue(db, "remux", id_new(), NULL, T0 + 99, 3, T0, NULL, &err));

    const struct job_filter any = {.state = -1}, failed = {.state = JOB_FAILED},
                            other = {.kind = "remux", .state = JOB_FAILED};
    ok(job_list(db, &any, first_page, arena, &page, &err));
    assert_true(page.total == 2 && page.items.count == 2);
    ok(job_list(db, &other, first_page, arena, &page, &err));
    assert_true(page.total == 0 && page.items.count == 0);
    ok(job_list(db, &failed, first_page, arena, &page, &err));
    assert_int_equal(page.total, 1);
    const struct job *x = page.items.items;
    assert_string_equal(x->last_error, "the disk was full");

    ok(job_retry(db, x->id, T0 + 10, &err));
    fails(job_retry(db, x->id, T0 + 10, &err), STATUS_CONFLICT, "job_state");
    fails(job_retry(db, id_new(), T0 + 10, &err), STATUS_NOT_FOUND, "not_found");
    ok(job_claim(db, NULL, T0 + 10, 1000, arena, &j, &err)); /* at once, and with all its attempts */
    assert_true(id_equal(j->id, x->id) && j->attempts == 1 && !j->last_error);
    ok(job_fail(db, j, false, "again", T0 + 11, &final, &err));
    ok(job_enqueue(db, "report", subject, NULL, T0, 1, T0, NULL, &err));
    fails(job_retry(db, x->id, T0 + 12, &err), STATUS_CONFLICT, "job_pending");
}

/* ------------------------------------------------------------------------------------------------------------------
 * settings, retention: the rest is services/test_settings.c's; here their plans are looked at */

static void test_settings_and_retention(void **state)
{
    (void)state;
    struct stored_setting *stored = NULL;
    struct id_batch due = {.count = 0};
    size_t n = 0;
    struct session *one = session_make(interview->id, "one@example.org", 1);
    ok(setting_put(db, "a", "1", T0, owner->id, &err));
    ok(setting_put(db, "a", "2", T0 + 1, owner->id, &err));
    ok(setting_list(db, arena, &stored, &n, &err));
    assert_true(n == 1 && stored[0].updated_at == T0 + 1);
    assert_string_equal(stored[0].value, "2");
    ok(retention_candidates(db, T0, &due, &err));
    assert_int_equal(due.count, 0);
    ok(retention_candidates(db, T0 + 1, &due, &err));
    assert_true(due.count == 1 && id_equal(due.ids[0], one->candidate_id));
    ok(retention_recordings(db, T0 + 1, &due, &err));
    assert_int_equal(due.count, 0); /* not completed */
    bool overdue = true;
    ok(retention_overdue(db, T0, &due, &err));
    ok(session_overdue(db, one->id, T0, &overdue, &err));
    assert_true(due.count == 0 && !overdue);
    ok(session_set_recordings_erased(db, one->id, T0, &err));
    fails(session_set_recordings_erased(db, one->id, T0, &err), STATUS_NOT_FOUND, "not_found");
}

/* The figures are services/test_statistics.c's; here their plans are looked at. */
static void test_statistics(void **state)
{
    (void)state;
    struct user_counts users = {0};
    struct interview_counts interviews = {0};
    struct session_counts sessions = {0};
    struct report_counts reports = {0};
    struct day_counts days[2] = {{.day = ""}, {.day = ""}};
    struct storage_figures storage = {0};
    struct queue_figures queue = {0};
    session_make(interview->id, "one@example.org", 1);
    ok(statistics_users(db, &users, &err));
    ok(statistics_interviews(db, &interviews, &err));
    ok(statistics_sessions(db, &sessions, &err));
    ok(statistics_reports(db, &reports, &err));
    ok(statistics_days(db, T0 - T0 % STATISTICS_DAY_MS, days, 2, &err));
    ok(statistics_storage(db, &storage, &err));
    ok(statistics_queue(db, T0, arena, &queue, &err));
    assert_true(users.recruiter == 1 && interviews.open == 1 && sessions.registered == 1 && reports.ready == 0);
    assert_true(days[0].registered == 1 && days[1].registered == 0 && storage.recordings == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_interviews), TEST(test_owner), TEST(test_audit), TEST(test_jobs), TEST(test_settings_and_retention),
        TEST(test_statistics)};
    return cmocka_run_group_tests_name("admin_repository", tests, NULL, NULL);
}
