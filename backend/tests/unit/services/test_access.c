/* Who may see what, and what is kept of what they did. */
#include "unit/services/stage.h"

#include "repositories/access_repository.h"
#include "services/access.h"
#include "services/audit.h"
#include "services/version.h"

static struct actor admin_make(void)
{
    struct actor who = recruiter_make("admin@example.org");
    who.is_admin = true;
    return who;
}

static void expect_all(struct actor who, struct id interview, struct id candidate, struct id session,
                       enum access_need need, enum status wanted)
{
    struct error err = {0};
    assert_int_equal(access_interview(s, who, interview, need, &err), wanted);
    assert_int_equal(access_candidate(s, who, candidate, need, &err), wanted);
    assert_int_equal(access_session(s, who, session, need, &err), wanted);
}

static void test_owner_admin_reviewer_stranger(void **state)
{
    (void)state;
    struct actor owner = recruiter_make("owner@example.org"), stranger = recruiter_make("stranger@example.org");
    struct actor reviewer = recruiter_make("reviewer@example.org"), admin = admin_make();
    reviewer.is_reviewer = true;
    struct interview *i = interview_make(owner, 1);
    struct id session = candidate_make(i, "sam@example.org")->session_id;
    struct id candidate = session_of(session)->candidate_id;
    expect_all(owner, i->id, candidate, session, ACCESS_CHANGE, STATUS_OK);
    expect_all(admin, i->id, candidate, session, ACCESS_CHANGE, STATUS_OK);
    expect_all(stranger, i->id, candidate, session, ACCESS_READ, STATUS_NOT_FOUND);
    expect_all(reviewer, i->id, candidate, session, ACCESS_READ, STATUS_NOT_FOUND);

    ok(reviewer_add(s->db, i->id, reviewer.user_id, T0, &err));
    ok(reviewer_add(s->db, i->id, reviewer.user_id, T0, &err)); /* harmless twice */
    expect_all(reviewer, i->id, candidate, session, ACCESS_READ, STATUS_OK);
    expect_all(reviewer, i->id, candidate, session, ACCESS_CHANGE, STATUS_FORBIDDEN);
    expect_all(stranger, i->id, candidate, session, ACCESS_READ, STATUS_NOT_FOUND);
    struct list shared = {0};
    ok(reviewer_list(s->db, i->id, arena, &shared, &err));
    assert_int_equal(shared.count, 1);

    ok(reviewer_remove(s->db, i->id, reviewer.user_id, &err));
    expect_all(reviewer, i->id, candidate, session, ACCESS_READ, STATUS_NOT_FOUND);
    expect_all(admin, id_new(), id_new(), id_new(), ACCESS_READ, STATUS_NOT_FOUND); /* nothing there */
    expect_all((struct actor){0}, i->id, candidate, session, ACCESS_READ, STATUS_NOT_FOUND);
}

static void test_what_is_rolled_back_was_not_done(void **state)
{
    (void)state;
    struct actor who = recruiter_make("owner@example.org");
    const struct audit_event e = {.action = "interview.publish", .subject_kind = "interview", .subject_id = id_new()};
    {
        cleanup(db_txn_end) struct db_txn t = {0};
        ok(db_begin(s->db, &t, &err));
        ok(audit_record(s, who, &e, &err));
    }
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM audit_log"), 0);
    who.request_id = "abc";
    ok(audit_record(s, who, &e, &err));
    ok(audit_record_candidate(s, id_new(), &e, &err));
    ok(audit_record_candidate(s, (struct id){0}, &e, &err));
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM audit_log WHERE actor_kind = 'user' AND request_id = 'abc' "
                                    "AND action = 'interview.publish' AND details = '{}'"),
                     1);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM audit_log WHERE actor_kind = 'candidate'"), 1);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM audit_log WHERE actor_kind = 'system' AND actor_id IS NULL"),
                     1);
}

static void test_versions_grow(void **state)
{
    (void)state;
    ok(version_check(5, 0, &err));
    ok(version_check(5, 5, &err));
    fails(version_check(5, 4, &err), STATUS_PRECONDITION, "changed_meanwhile");
    assert_int_equal(version_next(5, 9), 9);
    assert_int_equal(version_next(9, 9), 10);
    assert_int_equal(version_next(9, 5), 10); /* the clock went back */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_owner_admin_reviewer_stranger),
        TEST(test_what_is_rolled_back_was_not_done),
        TEST(test_versions_grow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
