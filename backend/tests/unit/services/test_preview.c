#include "unit/services/stage.h"

#include "services/background.h"
#include "services/preview.h"

static struct interview_preview *begin(struct actor who, const struct interview *i)
{
    struct interview_preview *p = NULL;
    ok(preview_begin(s, who, i->id, arena, &p, &err));
    return p;
}

static int64_t total(struct actor who, const struct interview *i)
{
    struct session_filter f = SESSION_FILTER_ANY;
    struct page p = {0};
    (void)who;
    f.interview_id = i->id;
    ok(session_list(s->db, &f, (struct paging){1, 20}, arena, &p, &err));
    return p.total;
}

static void a_draft_is_walked_through_to_its_end(void **state)
{
    (void)state;
    struct actor who = recruiter_make("ada@example.org");
    struct interview *i = interview_make(who, 2);
    struct session_state *now = NULL;
    struct id session;
    ok(interview_service_duplicate(s, who, i->id, arena, &i, &err));
    assert_int_equal(i->status, INTERVIEW_DRAFT);
    struct interview_preview *p = begin(who, i);
    assert_string_equal(p->url, arena_printf(arena, "%s#session=%.36s.%s", i->candidate_url,
                                             strstr(p->url, "#session=") + strlen("#session="), p->session_token));
    ok(candidacy_authenticate(s, p->session_token, &session, &err));
    assert_true(id_equal(session, p->session_id));
    ok(candidacy_start(s, session, arena, &now, &err));
    assert_string_equal(((struct answer_state *)now->answers.items)[0].question_text, "Question 1?");
    struct question_input q = {.text = "Changed meanwhile?"};
    ok(interview_service_set_questions(s, who, any_version(i->id), &q, 1, arena, &i, &err)); /* nobody is interviewed */
    answer_everything(session, "as a candidate would");
    assert_int_equal(session_of(session)->status, SESSION_COMPLETED);
    assert_int_equal(jobs_of("report", "queued"), 0);
    assert_int_equal(total(who, i), 0);
    ok(interview_service_get(s, who, i->id, arena, &i, &err));
    assert_int_equal(i->statistics->candidates, 0);
    assert_int_equal(i->statistics->completed, 0);
}

static void the_next_one_takes_its_place(void **state)
{
    (void)state;
    struct actor who = recruiter_make("ada@example.org");
    struct interview *i = interview_make(who, 1);
    struct id session;
    struct interview_preview *first = begin(who, i), *second = begin(who, i);
    fails(candidacy_authenticate(s, first->session_token, &session, &err), STATUS_UNAUTHENTICATED, "token_invalid");
    ok(candidacy_authenticate(s, second->session_token, &session, &err));
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM candidates"), 1);
    assert_int_equal(jobs_of("erase", "queued"), 1); /* its recordings */
    ok(preview_erase(s, first->session_id, &err));   /* its job comes to nothing */
    ok(preview_erase(s, second->session_id, &err));
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM candidates"), 0);
}

static void it_takes_no_place_and_erases_nobody_else(void **state)
{
    (void)state;
    struct actor who = recruiter_make("ada@example.org");
    struct interview *i = interview_make(who, 1), *now = NULL;
    struct interview_input in;
    static const char patch[] = "{\"max_sessions\": 1}";
    ok(model_parse(&interview_update_model, PARSE_PATCH, patch, strlen(patch), arena, &in, &err));
    ok(interview_service_update(s, who, any_version(i->id), &in, arena, &now, &err));
    begin(who, i);
    struct register_result *real = candidate_make(i, "sam@example.org");
    const struct candidate_register more = registration("more@example.org");
    struct register_result *none = NULL;
    fails(candidacy_register(s, i->link, &more, arena, &none, &err), STATUS_CONFLICT, "interview_full");
    begin(who, i);
    ok(preview_erase(s, real->session_id, &err)); /* is no preview */
    assert_int_equal(total(who, i), 1);
}

static void it_goes_by_itself_and_with_the_interview(void **state)
{
    (void)state;
    struct actor who = recruiter_make("ada@example.org");
    struct interview *i = interview_make(who, 1);
    struct job *job = NULL;
    enum removal done;
    begin(who, i);
    clock_fake_advance(&fake, PREVIEW_LIFE_MS - 1);
    ok(job_claim(s->db, NULL, fake.unix_ms, MINUTE, arena, &job, &err));
    assert_null(job);
    clock_fake_advance(&fake, 1);
    ok(job_claim(s->db, NULL, fake.unix_ms, MINUTE, arena, &job, &err));
    assert_non_null(job);
    assert_string_equal(job->kind, "preview");
    for (const struct job_kind *k = background_jobs; k->kind; k++)
        if (!strcmp(k->kind, job->kind))
            ok(k->run(s, job->subject_id, &err));
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM interview_sessions"), 0);
    begin(who, i);
    ok(interview_service_remove(s, who, any_version(i->id), &done, &err));
    assert_int_equal(done, REMOVAL_DELETED); /* a preview is nobody's interview */
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM candidates"), 0);
}

static void the_command_lines_own_leaves_others_alone(void **state)
{
    (void)state;
    struct actor who = recruiter_make("ada@example.org");
    struct interview *i = interview_make(who, 1);
    struct interview_preview *others = begin(who, i);
    struct id own, session;
    ok(preview_open(s, i->id, "Simulation", arena, &own, &err));
    ok(candidacy_authenticate(s, others->session_token, &session, &err));
    answer_everything(own, "from a file");
    assert_int_equal(jobs_of("report", "queued"), 0);
    assert_int_equal(total(who, i), 0);
    ok(preview_erase(s, own, &err));
    ok(candidacy_authenticate(s, others->session_token, &session, &err));
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM candidates"), 1);
}

static void it_is_for_who_may_change_it(void **state)
{
    (void)state;
    struct actor who = recruiter_make("ada@example.org"), other = recruiter_make("b@example.org");
    struct interview *i = interview_make(who, 1), *empty = interview_make(who, 0);
    struct interview_preview *p = NULL;
    fails(preview_begin(s, other, i->id, arena, &p, &err), STATUS_NOT_FOUND, "not_found");
    fails(preview_begin(s, who, empty->id, arena, &p, &err), STATUS_INVALID, "no_questions");
    begin(who, i);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM audit_log WHERE action = 'interview.preview'"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_draft_is_walked_through_to_its_end),      TEST(the_next_one_takes_its_place),
        TEST(it_takes_no_place_and_erases_nobody_else),  TEST(it_goes_by_itself_and_with_the_interview),
        TEST(the_command_lines_own_leaves_others_alone), TEST(it_is_for_who_may_change_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
