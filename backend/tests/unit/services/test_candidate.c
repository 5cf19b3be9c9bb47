#include "unit/services/stage.h"

#include "repositories/access_repository.h"
#include "repositories/resume_repository.h"
#include "services/candidate.h"
#include "services/note.h"
#include "services/resume.h"
#include "services/session.h"

#include <string.h>

static struct actor owner, reader, stranger;
static struct interview *interview;
static struct register_result *candidate;
static struct id candidate_id;

static int setup(void **state)
{
    stage_open(state);
    owner = recruiter_make("ada@example.org");
    reader = recruiter_make("reader@example.org");
    stranger = recruiter_make("stranger@example.org");
    interview = interview_make(owner, 2);
    candidate = candidate_make(interview, "sam@example.org");
    candidate_id = session_of(candidate->session_id)->candidate_id;
    ok(reviewer_add(s->db, interview->id, reader.user_id, T0, &err));
    return 0;
}

static int64_t audited(const char *action)
{
    return one_int(s->db, arena_printf(arena, "SELECT COUNT(*) FROM audit_log WHERE action = '%s'", action));
}

/* A row and a file as an upload leaves them. */
static const char *resume_make(void)
{
    char id[ID_TEXT_SIZE];
    id_format(id_new(), id);
    const char *key = arena_printf(arena, "resumes/%s", id);
    const struct resume r = {.candidate_id = candidate_id,
                             .file_name = "sam.txt",
                             .media_type = "text/plain",
                             .media_key = key,
                             .bytes = 3,
                             .sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                             .text = "Sam",
                             .hidden_text = "",
                             .uploaded_at = clock_unix_ms(s->clock)};
    struct bytes b = bytes_of("Sam", 3);
    ok(put_fd(key, b.fd, &err));
    close(b.fd);
    ok(resume_store(s->db, &r, &err));
    return key;
}

static void who_may_read_and_change(void **state)
{
    (void)state;
    const struct candidate_update in = {.presence.given = 1, .full_name = "New Name"};
    struct candidate_profile *c = NULL;
    struct candidate_filter f = CANDIDATE_FILTER_ANY;
    struct timeline *t = NULL;
    struct page page;
    ok(candidate_service_get(s, reader, candidate_id, arena, &c, &err));
    fails(candidate_service_get(s, stranger, candidate_id, arena, &c, &err), STATUS_NOT_FOUND, "not_found");
    fails(candidate_service_timeline(s, stranger, candidate_id, arena, &t, &err), STATUS_NOT_FOUND, "not_found");
    fails(candidate_service_update(s, reader, candidate_id, 0, &in, arena, &c, &err), STATUS_FORBIDDEN, "forbidden");
    fails(candidate_service_update(s, stranger, candidate_id, 0, &in, arena, &c, &err), STATUS_NOT_FOUND, "not_found");
    fails(candidate_service_erase(s, reader, candidate_id, &err), STATUS_FORBIDDEN, "forbidden");
    fails(candidate_service_erase(s, stranger, candidate_id, &err), STATUS_NOT_FOUND, "not_found");
    fails(session_service_delete(s, reader, candidate->session_id, &err), STATUS_FORBIDDEN, "forbidden");
    const struct {
        struct actor who;
        int64_t total;
    } lists[] = {{owner, 1}, {reader, 1}, {stranger, 0}, {{.user_id = stranger.user_id, .is_admin = true}, 1}};
    for (size_t i = 0; i < COUNT(lists); i++) {
        ok(candidate_service_list(s, lists[i].who, &f, (struct paging){1, 20}, arena, &page, &err));
        assert_int_equal(page.total, lists[i].total);
    }
    assert_int_equal(audited("candidate.update") + audited("candidate.erase") + audited("session.delete"), 0);
}

static void changing_keeps_to_the_version(void **state)
{
    (void)state;
    struct candidate_update in = {.full_name = "New Name", .email = "new@example.org"};
    struct candidate_profile *c = NULL, *after = NULL;
    in.presence.given = 1;
    ok(candidate_service_get(s, owner, candidate_id, arena, &c, &err));
    ok(candidate_service_update(s, owner, candidate_id, c->updated_at, &in, arena, &after, &err));
    assert_string_equal(after->full_name, "New Name");
    assert_string_equal(after->email, "sam@example.org"); /* was not given */
    assert_true(after->updated_at > c->updated_at);
    fails(candidate_service_update(s, owner, candidate_id, c->updated_at, &in, arena, &after, &err),
          STATUS_PRECONDITION, "changed_meanwhile");
    candidate_make(interview, "taken@example.org");
    in.presence.given = 2;
    in.email = "taken@example.org";
    fails_at(candidate_service_update(s, owner, candidate_id, 0, &in, arena, &after, &err), STATUS_CONFLICT,
             "email_taken", "email");
    assert_int_equal(audited("candidate.update"), 1);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM audit_log WHERE details LIKE '%example.org%'"), 0);
}

static void erasing_takes_everything_and_says_so(void **state)
{
    (void)state;
    struct session_note *n = NULL;
    const char *key = resume_make();
    answer_everything(candidate->session_id, "We checked the sensor.");
    ok(note_service_add(s, reader, candidate->session_id, "Good.", arena, &n, &err));
    ok(candidate_service_erase(s, owner, candidate_id, &err));
    static const char *const tables[] = {"candidates", "interview_sessions", "responses", "reports",
                                         "resumes",    "session_notes"};
    for (size_t i = 0; i < COUNT(tables); i++)
        assert_int_equal(one_int(s->db, arena_printf(arena, "SELECT COUNT(*) FROM %s", tables[i])), 0);
    assert_false(stored(key));
    assert_int_equal(jobs_of("erase", "queued"), 1);
    assert_int_equal(jobs_of("erase_resume", "queued"), 1);
    assert_int_equal(audited("candidate.erase"), 1);
}

static void deleting_a_session_takes_the_resume_too(void **state)
{
    (void)state;
    const char *key = resume_make();
    ok(session_service_delete(s, owner, candidate->session_id, &err));
    assert_false(stored(key));
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM resumes"), 0);
    assert_int_equal(audited("session.delete"), 1);
    assert_int_equal(audited("candidate.erase"), 0);
}

static void withdrawing_takes_the_resume_too(void **state)
{
    (void)state;
    const char *key = resume_make();
    ok(candidacy_withdraw(s, candidate->session_id, &err));
    assert_false(stored(key));
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM resumes"), 0);
    assert_int_equal(audited("candidate.withdraw"), 1);
}

/* The job comes to a file that is in use (an upload's own safety net), and to one that is not. */
static void the_erase_job_spares_what_is_in_use(void **state)
{
    (void)state;
    const char *key = resume_make();
    struct id upload;
    assert_true(id_parse(key + strlen("resumes/"), &upload));
    ok(resume_erase(s, upload, &err));
    assert_true(stored(key));
    ok(resume_delete(s->db, candidate_id, &err));
    ok(resume_erase(s, upload, &err));
    assert_false(stored(key));
    ok(resume_erase(s, upload, &err)); /* harmless twice */
}

static void timeline_tells_in_order(void **state)
{
    (void)state;
    struct timeline *t = NULL;
    struct session_note *n = NULL;
    struct session_state *now = NULL;
    clock_fake_advance(&fake, MINUTE);
    resume_make();
    clock_fake_advance(&fake, MINUTE);
    ok(candidacy_start(s, candidate->session_id, arena, &now, &err));
    for (int i = 0; i < 2; i++) {
        const struct answer_state *x = now->answers.items;
        clock_fake_advance(&fake, MINUTE);
        ok(candidacy_text_answer(s, candidate->session_id, x[i].id, -1, "Words.", arena, &now, &err));
    }
    clock_fake_advance(&fake, MINUTE);
    ok(note_service_add(s, reader, candidate->session_id, "Call back.", arena, &n, &err));
    ok(candidate_service_timeline(s, owner, candidate_id, arena, &t, &err));
    const struct timeline_event *e = t->events.items;
    static const int kinds[] = {TIMELINE_REGISTERED, TIMELINE_CONSENT_RECORDING, TIMELINE_CONSENT_AI,
                                TIMELINE_RESUME,     TIMELINE_STARTED,           TIMELINE_ANSWER,
                                TIMELINE_ANSWER,     TIMELINE_COMPLETED,         TIMELINE_NOTE};
    assert_int_equal(t->events.count, COUNT(kinds));
    for (size_t i = 0; i < COUNT(kinds); i++) {
        assert_int_equal(e[i].kind, kinds[i]);
        assert_true(i == 0 || e[i].at >= e[i - 1].at);
    }
    assert_true(e[5].position == 1 && e[5].duration_ms == MINUTE && e[6].position == 2);
    assert_string_equal(e[3].text, "sam.txt");
    assert_string_equal(e[8].text, "Call back.");
}

static void timeline_of_one_who_withdrew(void **state)
{
    (void)state;
    struct timeline *t = NULL;
    clock_fake_advance(&fake, MINUTE);
    ok(candidacy_withdraw(s, candidate->session_id, &err));
    ok(candidate_service_timeline(s, owner, candidate_id, arena, &t, &err));
    const struct timeline_event *e = t->events.items;
    assert_int_equal(e[t->events.count - 1].kind, TIMELINE_WITHDRAWN);
    assert_true(e[t->events.count - 1].at == T0 + MINUTE);
}

static void notes_belong_to_their_authors(void **state)
{
    (void)state;
    struct id session = candidate->session_id;
    struct actor admin = {.user_id = stranger.user_id, .is_admin = true};
    struct session_note *n = NULL, *got = NULL;
    struct page page;
    ok(note_service_add(s, reader, session, "First.", arena, &n, &err));
    assert_string_equal(n->author_name, "Ada Example");
    fails(note_service_add(s, stranger, session, "x", arena, &got, &err), STATUS_NOT_FOUND, "not_found");
    fails(note_service_list(s, stranger, session, (struct paging){1, 20}, arena, &page, &err), STATUS_NOT_FOUND,
          "not_found");
    fails(note_service_update(s, owner, session, n->id, 0, "x", arena, &got, &err), STATUS_FORBIDDEN, "not_author");
    fails(note_service_delete(s, owner, session, n->id, &err), STATUS_FORBIDDEN, "not_author");
    ok(note_service_update(s, reader, session, n->id, n->updated_at, "Second.", arena, &got, &err));
    fails(note_service_update(s, reader, session, n->id, n->updated_at, "x", arena, &got, &err), STATUS_PRECONDITION,
          "changed_meanwhile");
    struct register_result *other = candidate_make(interview, "other@example.org");
    fails(note_service_get(s, reader, other->session_id, n->id, arena, &got, &err), STATUS_NOT_FOUND, "not_found");
    ok(note_service_delete(s, admin, session, n->id, &err));
    ok(note_service_list(s, owner, session, (struct paging){1, 20}, arena, &page, &err));
    assert_int_equal(page.total, 0);
    assert_true(audited("note.create") == 1 && audited("note.update") == 1 && audited("note.delete") == 1);
}

#undef TEST
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, stage_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_may_read_and_change),
        TEST(changing_keeps_to_the_version),
        TEST(erasing_takes_everything_and_says_so),
        TEST(deleting_a_session_takes_the_resume_too),
        TEST(withdrawing_takes_the_resume_too),
        TEST(the_erase_job_spares_what_is_in_use),
        TEST(timeline_tells_in_order),
        TEST(timeline_of_one_who_withdrew),
        TEST(notes_belong_to_their_authors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
