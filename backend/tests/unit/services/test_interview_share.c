#include "unit/services/stage.h"

#include "services/interview_share.h"

static struct id user_of(const char *email, enum role role, bool active)
{
    const struct user in = {.id = id_new(),
                            .email = email,
                            .full_name = "Rob Example",
                            .password_hash = "none",
                            .role = (int)role,
                            .is_active = active,
                            .created_at = T0,
                            .updated_at = T0};
    ok(user_insert(s->db, &in, &err));
    return in.id;
}

static int64_t recorded(const char *action)
{
    return one_int(s->db, arena_printf(arena, "SELECT COUNT(*) FROM audit_log WHERE action = '%s'", action));
}

static void whom_it_is_shared_with_reads_and_changes_nothing(void **state)
{
    (void)state;
    struct actor who = recruiter_make("ada@example.org"), other = recruiter_make("b@example.org");
    struct id reviewer = user_of("rob@example.org", ROLE_REVIEWER, true);
    struct actor rob = {.user_id = reviewer, .is_reviewer = true};
    struct interview *i = interview_make(who, 1), *seen = NULL;
    struct list users = {0};
    struct page page = {0};
    const struct interview_share by_id = {.user_id = reviewer}, by_email = {.email = "b@example.org"};
    const struct interview_filter any = INTERVIEW_FILTER_ANY;
    fails(interview_service_get(s, rob, i->id, arena, &seen, &err), STATUS_NOT_FOUND, "not_found");
    ok(interview_share_add(s, who, any_version(i->id), &by_id, arena, &users, &err));
    ok(interview_share_add(s, who, any_version(i->id), &by_email, arena, &users, &err));
    ok(interview_share_add(s, who, any_version(i->id), &by_email, arena, &users, &err)); /* harmless */
    assert_int_equal(users.count, 2);
    assert_int_equal(recorded("interview.share"), 2);
    ok(interview_service_get(s, rob, i->id, arena, &seen, &err));
    assert_true(seen->updated_at > i->updated_at);
    ok(interview_service_list(s, other, &any, (struct paging){1, 20}, arena, &page, &err));
    assert_int_equal(page.total, 1);
    fails(interview_service_rotate_link(s, other, any_version(i->id), arena, &seen, &err), STATUS_FORBIDDEN,
          "forbidden");
    fails(interview_share_list(s, other, i->id, arena, &users, &err), STATUS_FORBIDDEN, "forbidden");
    fails(interview_share_add(s, rob, any_version(i->id), &by_email, arena, &users, &err), STATUS_FORBIDDEN,
          "forbidden");
    ok(interview_share_remove(s, who, any_version(i->id), reviewer, &err));
    fails(interview_share_remove(s, who, any_version(i->id), reviewer, &err), STATUS_NOT_FOUND, "not_found");
    assert_int_equal(recorded("interview.unshare"), 1);
    fails(interview_service_get(s, rob, i->id, arena, &seen, &err), STATUS_NOT_FOUND, "not_found");
    ok(interview_share_list(s, who, i->id, arena, &users, &err));
    assert_int_equal(users.count, 1);
}

static void sharing_gives_something_to_somebody(void **state)
{
    (void)state;
    struct actor who = recruiter_make("ada@example.org");
    struct interview *i = interview_make(who, 1);
    struct list users = {0};
    struct id admin = user_of("root@example.org", ROLE_ADMIN, true),
              gone = user_of("g@example.org", ROLE_REVIEWER, false);
    const struct {
        struct interview_share in;
        const char *code, *field;
    } tries[] = {
        {{.user_id = {{0}}}, "field_required", "user_id"},
        {{.user_id = gone, .email = "g@example.org"}, "field_required", "user_id"},
        {{.user_id = gone}, "user_unknown", "user_id"},
        {{.email = "nobody@example.org"}, "user_unknown", "email"},
        {{.user_id = admin}, "share_needless", "user_id"},
        {{.email = "ada@example.org"}, "share_needless", "email"},
    };
    for (size_t k = 0; k < COUNT(tries); k++)
        fails_at(interview_share_add(s, who, any_version(i->id), &tries[k].in, arena, &users, &err), STATUS_INVALID,
                 tries[k].code, tries[k].field);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM interview_reviewers"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(whom_it_is_shared_with_reads_and_changes_nothing),
        TEST(sharing_gives_something_to_somebody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
