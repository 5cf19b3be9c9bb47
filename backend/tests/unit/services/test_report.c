/* The report from the end of an interview to what staff read, through the job. */
#include "unit/services/stage.h"

#include "models/report_parts.h"
#include "providers/llm/llm.h"
#include "repositories/event_repository.h"
#include "repositories/report_repository.h"
#include "services/background.h"
#include "services/report.h"
#include "services/scorer.h"
#include "services/session.h"

#include <pthread.h>
#include <time.h>

static struct actor owner;
static struct interview *interview;

static int setup(void **state)
{
    stage_open(state);
    owner = recruiter_make("ada@example.org");
    interview = interview_make(owner, 3); /* points: "names a tool", "says how it ended" */
    return 0;
}

#undef TEST
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, stage_close)

/* As the runner does it, without threads: every due job by its handler. */
static void run_jobs(void)
{
    for (;;) {
        struct job *job = NULL;
        ok(job_claim(s->db, NULL, fake.unix_ms, MINUTE, arena, &job, &err));
        if (!job)
            return;
        for (const struct job_kind *k = background_jobs; k->kind; k++)
            if (!strcmp(k->kind, job->kind))
                ok(k->run(s, job->subject_id, &err));
        ok(job_complete(s->db, job, fake.unix_ms, &err));
    }
}

static struct session_view *view_of(struct id session)
{
    struct session_view *v = NULL;
    ok(session_service_get(s, owner, session, arena, &v, &err));
    return v;
}

static struct id completed(const char *email, const char *first, const char *second, const char *third)
{
    const char *texts[] = {first, second, third};
    struct session_state *x = NULL;
    struct id session = candidate_make(interview, email)->session_id;
    ok(candidacy_start(s, session, arena, &x, &err));
    for (int i = 0; i < 3; i++) {
        const struct answer_state *open = (const struct answer_state *)x->answers.items + i;
        ok(candidacy_text_answer(s, session, open->id, -1, texts[i], arena, &x, &err));
    }
    assert_int_equal(x->status, SESSION_COMPLETED);
    return session;
}

static void a_finished_interview_gets_its_report(void **state)
{
    (void)state;
    struct id session = completed("sam@example.org", "One names the tool and says how it ended for us.", "Short.",
                                  "I can think of nothing at all here.");
    assert_int_equal(view_of(session)->report_status, SESSION_REPORT_PENDING);
    run_jobs();
    struct session_view *v = view_of(session);
    assert_int_equal(v->report_status, SESSION_REPORT_READY);
    const struct report_question *q = v->report->questions.items;
    assert_int_equal(v->report->questions.count, 3);
    assert_true(q[0].score > 3);
    assert_true(isnan(q[1].score));
    assert_non_null(strstr(q[1].reason_not_scored, "too short"));
    assert_true(fabs(q[2].score - 1) < 1e-9);
    assert_true(fabs(v->report->overall_score - round((q[0].score + 1) / 2 * 10) / 10) < 1e-9);
    assert_true(fabs(v->overall_score - v->report->overall_score) < 1e-9);
    assert_string_equal(v->report->scorer_version, scorer_version());
    assert_non_null(strstr(v->report->summary, "2 of 3 answers"));
    assert_non_null(strstr(v->report->summary, "question 1"));
    assert_non_null(strstr(v->report->summary, "question 3"));
    const struct answer *x = v->answers.items;
    for (size_t i = 0; i < 3; i++)
        assert_true(id_equal(x[i].id, q[i].answer_id));
}

static void a_silent_interview_is_said_to_be_silent(void **state)
{
    (void)state;
    struct id answer;
    int64_t at = 0;
    const char *text = NULL;
    struct id session = session_started(interview, "sam@example.org", &answer);
    for (int position = 1; position <= 3; position++) {
        ok(conduct_open_answer(s, session, position, 0, &answer, &at, &err));
        ok(conduct_end_answer(s, answer, ANSWER_NONE, NULL, arena, &text, &err));
    }
    ok(conduct_complete(s, session, &err));
    run_jobs();
    struct session_view *v = view_of(session);
    assert_true(isnan(v->report->overall_score));
    assert_non_null(strstr(v->report->summary, "No answer could be scored"));
}

/* Answers to a question, spoken in one piece; "" when nothing is said. */
static struct id spoken(struct id session, int position, const char *text)
{
    struct id answer, said;
    int64_t at = 0;
    const char *whole = NULL;
    ok(conduct_open_answer(s, session, position, 0, &answer, &at, &err));
    if (*text)
        ok(conduct_add_utterance(s, answer, SPEAKER_CANDIDATE, 1000, 5000, text, &said, &err));
    ok(conduct_end_answer(s, answer, *text ? ANSWER_VOICE : ANSWER_NONE, NULL, arena, &whole, &err));
    return answer;
}

/* Times of words, a transcript that its recogniser was not sure of, a question that was skipped. */
static void what_was_heard_decides_what_is_said_of_it(void **state)
{
    (void)state;
    static const char text[] = "Well then. One names the tool here.";
    struct id open, session = session_started(interview, "sam@example.org", &open);
    spoken(session, 1, text);
    spoken(session, 2, text);
    spoken(session, 3, "");
    ok(conduct_complete(s, session, &err));
    ok(db_exec(
        s->db,
        "UPDATE utterances SET words = '[[\"Well\",1000,1200,0.9],[\"then.\",1250,1500,0.9],[\"One\",3000,3100,"
        "0.9],[\"names\",3200,3400,0.9],[\"the\",3500,3600,0.9],[\"tool\",3700,3900,0.9],[\"here.\",4000,4200,"
        "0.9]]', confidence = 0.9 WHERE response_id IN (SELECT id FROM responses WHERE position = 1);"
        "UPDATE utterances SET confidence = 0.3 WHERE response_id IN (SELECT id FROM responses WHERE position = 2);"
        "UPDATE responses SET skipped = 1 WHERE position = 3;",
        &err));
    run_jobs();
    const struct report *r = view_of(session)->report;
    const struct report_question *q = r->questions.items;
    const struct report_point *p = q[0].points.items;
    assert_string_equal(p[0].quote, "One names the tool here.");
    assert_true(p[0].start_ms == 3000 && p[0].end_ms == 4200); /* not the whole utterance's */
    assert_true(q[0].speech->words == 7 && q[0].speech->pauses == 1 && q[0].speech->longest_ms == 1500);
    assert_true(q[0].speech->latency_ms == 1000 && q[0].transcript_quality == 0.9);
    assert_true(q[1].abstained == ABSTAINED_UNCLEAR && isnan(q[1].score));
    assert_non_null(strstr(q[1].reason_not_scored, "not reliable"));
    assert_true(q[2].abstained == ABSTAINED_SKIPPED && !q[2].speech);
    assert_int_equal(r->content->answered, 2);
    assert_non_null(strstr(r->summary, "Question 3 was not scored: the candidate skipped it."));
    assert_int_equal(r->content->speech.count, 7);
}

/* What a socket may bring must not make a report that cannot be stored. */
static void odd_bytes_do_not_fail_the_report(void **state)
{
    (void)state;
    struct id session = completed(
        "sam@example.org", "names\x01 tool \xe2\x80\xa9 says ended\x1b[31m well \xff\xc3 here",
        "names tool \xf0\x9f\x94\xa8 and says how it ended", "\t\n names a tool \r\n\n says ended \v somehow ");
    run_jobs();
    const struct report_question *q = view_of(session)->report->questions.items;
    for (size_t i = 0; i < 3; i++)
        assert_true(q[i].score > 2);
}

/* All that a report says, without when it was made and how often. */
static const char *said_by(const struct report *r)
{
    cleanup(buf_free) struct buf b;
    struct json j;
    struct report x = *r;
    x.id = (struct id){0};
    x.version = x.latest_version = x.reason = 0;
    x.made_at = x.created_at = x.updated_at = 0;
    buf_init(&b, 1 << 20);
    json_init(&j, &b);
    model_write(&j, &report_model, &x);
    assert_true(buf_ok(&b));
    return arena_strndup(arena, buf_cstr(&b), b.len);
}

static void making_it_again_gives_the_same(void **state)
{
    (void)state;
    struct report *r = NULL;
    struct id session = completed("sam@example.org", "The tool was named hammer by all of us.",
                                  "It ended well for everybody there.", "Nothing comes to mind at all here.");
    run_jobs();
    const char *first = said_by(view_of(session)->report);
    ok(report_service_request(s, owner, session, arena, &r, &err));
    assert_int_equal(r->status, REPORT_PENDING);
    assert_int_equal(jobs_of("report", "queued"), 1);
    ok(report_service_request(s, owner, session, arena, &r, &err)); /* twice is once */
    assert_int_equal(jobs_of("report", "queued"), 1);
    run_jobs();
    struct session_view *v = view_of(session);
    assert_int_equal(v->report->version, 2);
    assert_string_equal(first, said_by(v->report));
}

/* It stands beside, and the same is made of the same words. */
static void what_was_noted_beside_the_answers_changes_no_score(void **state)
{
    (void)state;
    static const enum session_event_kind kinds[] = {SESSION_EVENT_TAB_HIDDEN,      SESSION_EVENT_SECOND_VOICE,
                                                    SESSION_EVENT_PASTED,          SESSION_EVENT_OTHER_DEVICE,
                                                    SESSION_EVENT_CONNECTION_LOST, SESSION_EVENT_MICROPHONE_LOST};
    struct report *r = NULL;
    struct id session = completed("sam@example.org", "The tool was named hammer by all of us.",
                                  "It ended well for everybody there.", "Nothing comes to mind at all here.");
    run_jobs();
    const char *first = said_by(view_of(session)->report);
    for (size_t i = 0; i < COUNT(kinds); i++) {
        const struct session_event e = {.session_id = session, .at = fake.unix_ms, .kind = (int)kinds[i]};
        ok(event_insert(s->db, &e, &err));
    }
    ok(report_service_request(s, owner, session, arena, &r, &err));
    run_jobs();
    struct report *again = view_of(session)->report;
    assert_int_equal(again->version, 2);
    assert_int_equal(again->integrity.count, COUNT(kinds));
    again->integrity = (struct list){0};
    assert_string_equal(first, said_by(again));
}

/* ---- with a language model ---- */

static struct report *run_next(struct id session, const char *kind)
{
    struct job *job = NULL;
    const struct job_kind *k = background_jobs;
    ok(job_claim(s->db, NULL, fake.unix_ms, MINUTE, arena, &job, &err));
    assert_non_null(job);
    assert_string_equal(job->kind, kind);
    while (strcmp(k->kind, kind))
        k++;
    ok(k->run(s, job->subject_id, &err));
    ok(job_complete(s->db, job, fake.unix_ms, &err));
    return view_of(session)->report;
}

static const struct report_judgement *judgement_of(const struct report *r)
{
    return ((const struct report_question *)r->questions.items)->judge;
}

static void no_report_waits_for_a_language_model(void **state)
{
    (void)state;
    const struct llm_config cfg = {.base_url = "", .model = "parrot", .api_key = "", .timeout_ms = 1000};
    struct report *r = NULL;
    ok(llm_new("fake", &cfg, &stage.llm, &err));
    struct id session = completed("sam@example.org", "One names the tool and says how it ended for us.", "Short.",
                                  "I can think of nothing at all here.");
    r = run_next(session, "report");
    assert_true(r->status == REPORT_READY && r->version == 1 && r->next_reason == REPORT_NEXT_COMPLETED);
    assert_null(judgement_of(r));
    assert_string_equal(r->content->made_with->judge, "");
    r = run_next(session, "judge");
    assert_true(r->status == REPORT_READY && r->version == 2 && r->reason == REPORT_COMPLETED);
    assert_non_null(judgement_of(r));
    assert_int_equal(r->next_reason, REPORT_NEXT_NONE);
    assert_int_equal(jobs_of("report", "queued") + jobs_of("judge", "queued"), 0);
    /* made again: what there is is read meanwhile, so with the language model at once */
    ok(report_service_request(s, owner, session, arena, &r, &err));
    r = run_next(session, "report");
    assert_true(r->status == REPORT_PENDING && r->version == 2);
    r = run_next(session, "judge");
    assert_true(r->status == REPORT_READY && r->version == 3 && r->reason == REPORT_REQUESTED && judgement_of(r));
    /* turned off before its turn came: nothing to add */
    struct id second =
        completed("kim@example.org", "One names the tool and says how it ended for us.", "Short.", "So.");
    r = run_next(second, "report");
    assert_int_equal(r->next_reason, REPORT_NEXT_COMPLETED);
    stage.llm = llm_free(stage.llm);
    r = run_next(second, "judge");
    assert_true(r->status == REPORT_READY && r->version == 1 && r->next_reason == REPORT_NEXT_NONE);
}

static void nothing_to_judge_is_nothing_to_wait_for(void **state)
{
    (void)state;
    const struct llm_config cfg = {.base_url = "", .model = "parrot", .api_key = "", .timeout_ms = 1000};
    ok(llm_new("fake", &cfg, &stage.llm, &err));
    struct id session = completed("sam@example.org", "a", "b", "c");
    const struct report *r = run_next(session, "report");
    assert_true(r->status == REPORT_READY && r->version == 1 && r->next_reason == REPORT_NEXT_NONE);
    assert_int_equal(jobs_of("judge", "queued"), 0);
    stage.llm = llm_free(stage.llm);
}

/* ---- how it was spoken ---- */

/* As a recogniser writes down words of word_ms each, with a pause after every fourth. */
static const char *timed(const char *text, int64_t word_ms, int64_t pause_ms)
{
    const char *out = "";
    char *copy = arena_strdup(arena, text), *rest = NULL;
    int64_t at = 1000;
    int n = 0;
    for (const char *w = strtok_r(copy, " ", &rest); w; w = strtok_r(NULL, " ", &rest), n++) {
        out = arena_printf(arena, "%s%s[\"%s\",%lld,%lld,0.9]", out, n ? "," : "", w, (long long)at,
                           (long long)(at + word_ms));
        at += word_ms + (n % 4 == 3 ? pause_ms : 0);
    }
    return arena_printf(arena, "[%s]", out);
}

/* The same answers, had they been spoken like that. */
static struct report *report_spoken(struct id session, const char *text, int64_t word_ms, int64_t pause_ms)
{
    struct report *r = NULL;
    ok(db_exec(s->db,
               arena_printf(arena,
                            "UPDATE utterances SET text = '%s', words = '%s', confidence = 0.9;"
                            "UPDATE responses SET text = '%s';",
                            text, timed(text, word_ms, pause_ms), text),
               &err));
    ok(report_service_request(s, owner, session, arena, &r, &err));
    run_jobs();
    return view_of(session)->report;
}

static void forget_speech(struct report *r)
{
    struct report_question *q = r->questions.items;
    struct report_finding *f = r->content->strengths.items;
    r->content->speech = (struct list){0};
    for (size_t i = 0; i < r->content->strengths.count; i++)
        f[i].start_ms = f[i].end_ms = NAN;
    for (size_t i = 0; i < r->questions.count; i++) {
        struct report_point *p = q[i].points.items;
        q[i].speech = NULL;
        for (size_t k = 0; k < q[i].points.count; k++)
            p[k].start_ms = p[k].end_ms = NAN;
    }
}

static void pace_pauses_and_fillers_change_no_score(void **state)
{
    (void)state;
    static const char text[] = "One names the tool first of all. Then everybody says how it ended for us.";
    static const char halting[] = "Um. One names uh the tool, um, first of all. Then everybody says erm how it ended "
                                  "for us uh.";
    struct id open, session = session_started(interview, "sam@example.org", &open);
    for (int position = 1; position <= 3; position++)
        spoken(session, position, text);
    ok(conduct_complete(s, session, &err));
    struct report *fast = report_spoken(session, text, 350, 0), *slow = report_spoken(session, text, 900, 4000),
                  *um = report_spoken(session, halting, 900, 4000);
    const struct report_question *q = fast->questions.items, *x = slow->questions.items, *y = um->questions.items;
    assert_true(q[0].score > 3 && q[0].speech->pauses == 0 && q[0].speech->pace > 2 * x[0].speech->pace);
    assert_true(x[0].speech->pauses > 2 && x[0].speech->fillers == 0 && y[0].speech->fillers == 5);
    for (size_t i = 0; i < 3; i++) {
        const struct report_point *p = x[i].points.items, *o = y[i].points.items;
        assert_true(x[i].score == y[i].score && x[i].confidence == y[i].confidence);
        assert_string_equal(x[i].explanation, y[i].explanation);
        for (size_t k = 0; k < x[i].points.count; k++)
            assert_int_equal(p[k].met, o[k].met);
    }
    forget_speech(fast);
    forget_speech(slow);
    assert_string_equal(said_by(fast), said_by(slow));
}

static void a_report_is_made_of_finished_interviews_and_for_their_owner(void **state)
{
    (void)state;
    struct report *r = NULL;
    struct id answer, session = session_started(interview, "sam@example.org", &answer);
    struct actor other = recruiter_make("b@example.org");
    fails(report_service_request(s, owner, session, arena, &r, &err), STATUS_CONFLICT, "session_running");
    fails(report_service_request(s, other, session, arena, &r, &err), STATUS_NOT_FOUND, "not_found");
    fails(report_service_request(s, owner, id_new(), arena, &r, &err), STATUS_NOT_FOUND, "not_found");
    ok(report_make(s, id_new(), &err)); /* erased meanwhile: nothing to do */
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM reports"), 0);
    assert_null(r);
}

static void giving_up_is_told(void **state)
{
    (void)state;
    struct id session = completed("sam@example.org", "a", "b", "c");
    const struct error why = {.code = "trouble", .message = "The disk is full"};
    ok(report_give_up(s, session, &why, &err));
    assert_int_equal(view_of(session)->report_status, SESSION_REPORT_FAILED);
}

/* ---- through the runner, with a restart in the middle ---- */

static void the_runner_makes_what_a_killed_server_left(void **state)
{
    (void)state;
    struct jobs *j = NULL;
    struct job *dead = NULL;
    const struct jobs_options o = {.services_new = stage_connect,
                                   .services_free = stage_disconnect,
                                   .u = STAGE_CLOCK(clock_system),
                                   .clock = &clock_system,
                                   .kinds = background_jobs,
                                   .recurring = background_recurring,
                                   .threads = 1,
                                   .lease_ms = MINUTE};
    struct id session = completed("sam@example.org", "The tool was named hammer by all of us.", "x", "y");
    ok(job_claim(s->db, NULL, T0, MINUTE, arena, &dead,
                 &err)); /* ... and killed; its lease is long over by the system's clock */
    stage_reopen();
    ok(jobs_new(&o, &j, &err));
    struct timespec begin, now;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    do {
        sched_yield();
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while (jobs_of("report", "done") == 0 && now.tv_sec - begin.tv_sec < 20);
    jobs_free(j);
    assert_int_equal(view_of(session)->report_status, SESSION_REPORT_READY);
}

/* ---- what staff see of sessions ---- */

static void sessions_are_seen_by_their_owner_and_administrators(void **state)
{
    (void)state;
    struct id answer, session = session_started(interview, "sam@example.org", &answer);
    struct actor other = recruiter_make("b@example.org"), admin = {.user_id = other.user_id, .is_admin = true};
    struct session_filter f = SESSION_FILTER_ANY;
    struct session_view *v = NULL;
    struct page p = {0};
    fails(session_service_get(s, other, session, arena, &v, &err), STATUS_NOT_FOUND, "not_found");
    fails(session_service_delete(s, other, session, &err), STATUS_NOT_FOUND, "not_found");
    f.interview_id = interview->id;
    f.reader_id = owner.user_id;
    ok(session_service_list(s, other, &f, (struct paging){1, 20}, arena, &p, &err));
    assert_int_equal(p.total, 0);
    ok(session_service_list(s, admin, &f, (struct paging){1, 20}, arena, &p, &err));
    assert_int_equal(p.total, 1);
    ok(session_service_get(s, admin, session, arena, &v, &err));
    assert_string_equal(v->candidate->email, "sam@example.org");
    struct dashboard_data *d = NULL;
    ok(dashboard_get(s, other, arena, &d, &err));
    assert_int_equal(d->interviews_open + d->sessions_in_progress + (int64_t)d->recent.count, 0);
    ok(dashboard_get(s, owner, arena, &d, &err));
    assert_int_equal(d->interviews_open, 1);
    assert_int_equal(d->sessions_in_progress, 1);
    assert_false(d->engines->stt->ready);
}

static void a_ready_recording_has_an_address_with_a_ticket(void **state)
{
    (void)state;
    struct auth_caller who;
    struct id answer, session = session_started(interview, "sam@example.org", &answer);
    const struct segment_ref ref = {session, answer, 0};
    char key[RECORDING_KEY_MAX];
    open_segment(&ref, "video/webm");
    assert_null(
        ((struct recording_segment *)((struct answer *)view_of(session)->answers.items)->recordings.items)->media_url);
    recording_media_key(&ref, "video/webm", key);
    ok(segment_ready(s->db, segment_of(answer, 0)->id, key, 2000, T0, &err));
    const char *url =
        ((struct recording_segment *)((struct answer *)view_of(session)->answers.items)->recordings.items)->media_url;
    assert_non_null(url);
    const char *ticket = strstr(url, "?ticket=");
    const char *path = arena_strndup(arena, url, (size_t)(ticket - url));
    ok(auth_media_check(s, ticket + strlen("?ticket="), path, &who, &err));
    assert_true(id_equal(who.user_id, owner.user_id));
    struct recording_media m = {.fd = -1};
    fails(recording_media_open(s, &ref, arena, &m, &err), STATUS_NOT_FOUND,
          "media_missing"); /* the file is not there */
}

static void erasing_takes_rows_and_files(void **state)
{
    (void)state;
    struct segment_state *seg = NULL;
    struct session_view *v = NULL;
    struct id answer, session = session_started(interview, "sam@example.org", &answer);
    const struct segment_ref ref = {session, answer, 0};
    struct id kept_answer, kept = session_started(interview, "kim@example.org", &kept_answer);
    const struct segment_ref kept_ref = {kept, kept_answer, 0};
    open_segment(&ref, "video/webm");
    open_segment(&kept_ref, "video/webm");
    ok(put_bytes(s, &ref, 0, "x", 1, &seg, &err));
    ok(put_bytes(s, &kept_ref, 0, "x", 1, &seg, &err));
    ok(session_service_delete(s, owner, session, &err));
    assert_false(session_has_files(session));
    assert_true(session_has_files(kept));
    fails(session_service_get(s, owner, session, arena, &v, &err), STATUS_NOT_FOUND, "not_found");
    fails(session_service_delete(s, owner, session, &err), STATUS_NOT_FOUND, "not_found");
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM candidates"), 1);
    run_jobs();
    assert_true(session_has_files(kept));
    /* the address is free again */
    candidate_make(interview, "sam@example.org");
}

static void a_crash_while_erasing_leaves_no_recording(void **state)
{
    (void)state;
    struct segment_state *seg = NULL;
    struct id answer, session = session_started(interview, "sam@example.org", &answer);
    const struct segment_ref ref = {session, answer, 0};
    open_segment(&ref, "video/webm");
    ok(put_bytes(s, &ref, 0, "x", 1, &seg, &err));
    struct services dying = stage;
    ok(storage_new(temp_path("elsewhere"), &dying.storage, &err)); /* erases nothing of ours */
    ok(session_service_delete(&dying, owner, session, &err));
    storage_free(dying.storage);
    assert_true(session_has_files(session));
    stage_reopen();
    run_jobs();
    assert_false(session_has_files(session));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_finished_interview_gets_its_report),
        TEST(a_silent_interview_is_said_to_be_silent),
        TEST(what_was_heard_decides_what_is_said_of_it),
        TEST(odd_bytes_do_not_fail_the_report),
        TEST(making_it_again_gives_the_same),
        TEST(what_was_noted_beside_the_answers_changes_no_score),
        TEST(no_report_waits_for_a_language_model),
        TEST(nothing_to_judge_is_nothing_to_wait_for),
        TEST(pace_pauses_and_fillers_change_no_score),
        TEST(a_report_is_made_of_finished_interviews_and_for_their_owner),
        TEST(giving_up_is_told),
        TEST(the_runner_makes_what_a_killed_server_left),
        TEST(sessions_are_seen_by_their_owner_and_administrators),
        TEST(a_ready_recording_has_an_address_with_a_ticket),
        TEST(erasing_takes_rows_and_files),
        TEST(a_crash_while_erasing_leaves_no_recording),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
