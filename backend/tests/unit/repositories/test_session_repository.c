#include "unit/repositories/world.h"

#include "repositories/access_repository.h"
#include "repositories/recording_repository.h"
#include "repositories/report_repository.h"

#include <math.h>
#include <pthread.h>

/* ----------------------------------------------------------------------------------------------------------------
 * candidates */

static void test_candidate(void **state)
{
    (void)state;
    struct session *s = session_make(interview->id, "sam@example.org", 1);
    struct candidate *c = NULL, *again = NULL;
    bool created = true;
    ok(candidate_find(db, s->candidate_id, arena, &c, &err));
    assert_string_equal(c->email, "sam@example.org");
    assert_true(c->consent_recording_at == T0 && c->consent_ai_at == T0);
    struct candidate in = *c;
    in.id = id_new();
    in.full_name = "Another Name";
    ok(candidate_register(db, &in, arena, &again, &created, &err));
    assert_false(created);
    assert_true(id_equal(again->id, c->id));
    assert_string_equal(again->full_name, "Sam Example");
    struct interview *other = interview_make(owner->id, "Other", INTERVIEW_OPEN);
    in.interview_id = other->id; /* the same address elsewhere is somebody new */
    ok(candidate_register(db, &in, arena, &again, &created, &err));
    assert_true(created);
    in.id = id_new();
    in.interview_id = id_new();
    fails(candidate_register(db, &in, arena, &again, &created, &err), STATUS_NOT_FOUND, "not_found");
    ok(candidate_delete(db, c->id, &err));
    fails(session_find(db, s->id, arena, &s, &err), STATUS_NOT_FOUND, "not_found");
    fails(candidate_delete(db, c->id, &err), STATUS_NOT_FOUND, "not_found");
}

struct registrar {
    pthread_t thread;
    struct id interview_id, got;
    bool created;
    enum status st;
    struct error err;
    pthread_barrier_t *start;
};

static void *register_one(void *arg)
{
    struct registrar *r = arg;
    cleanup(arena_freep) struct arena *a = arena_new(1 << 20);
    struct db *own = NULL;
    struct candidate *c = NULL;
    const struct candidate in = {.id = id_new(),
                                 .interview_id = r->interview_id,
                                 .full_name = "Sam Example",
                                 .email = "same@example.org",
                                 .consent_recording_at = T0,
                                 .consent_ai_at = T0,
                                 .updated_at = T0,
                                 .created_at = T0};
    r->st = db_open(temp_url("world.db"), false, &own, &r->err);
    pthread_barrier_wait(r->start);
    if (r->st == STATUS_OK)
        r->st = candidate_register(own, &in, a, &c, &r->created, &r->err);
    if (r->st == STATUS_OK)
        r->got = c->id;
    db_close(own);
    return NULL;
}

static void test_same_candidate_at_once(void **state)
{
    (void)state;
    struct registrar r[8] = {0};
    pthread_barrier_t start;
    int created = 0;
    assert_int_equal(pthread_barrier_init(&start, NULL, 8), 0);
    for (size_t i = 0; i < 8; i++) {
        r[i].interview_id = interview->id;
        r[i].start = &start;
        assert_int_equal(pthread_create(&r[i].thread, NULL, register_one, &r[i]), 0);
    }
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(pthread_join(r[i].thread, NULL), 0);
        if (r[i].st != STATUS_OK)
            fail_msg("%s %s", r[i].err.code, r[i].err.message);
        assert_true(id_equal(r[i].got, r[0].got));
        created += r[i].created;
    }
    pthread_barrier_destroy(&start);
    assert_int_equal(created, 1);
    assert_int_equal(peek("SELECT COUNT(*) FROM candidates"), 1);
}

/* ------------------------------------------------------------------------------------------------------------------
 * sessions */

static void test_tokens(void **state)
{
    (void)state;
    struct session *s = session_make(interview->id, "sam@example.org", 1), *got = NULL;
    uint8_t old[32], new[32];
    struct id whose;
    memset(old, 1, 32);
    memset(new, 2, 32);
    ok(session_find_by_token(db, old, arena, &got, &err));
    assert_true(id_equal(got->id, s->id));
    ok(session_set_token(db, s->id, new, T0 + 1, &err));
    fails(session_find_by_token(db, old, arena, &got, &err), STATUS_NOT_FOUND, "not_found");
    ok(session_find_by_token(db, new, arena, &got, &err));
    assert_true(id_equal(got->id, s->id));
    fails(session_set_token(db, id_new(), old, T0, &err), STATUS_NOT_FOUND, "not_found");
    ok(session_find_by_candidate(db, s->candidate_id, arena, &got, &err));
    ok(session_owner(db, s->id, &whose, &err));
    assert_true(id_equal(whose, owner->id));
    fails(session_owner(db, id_new(), &whose, &err), STATUS_NOT_FOUND, "not_found");
    struct session twice = *s;
    twice.id = id_new();
    struct error why = {0};
    assert_int_equal(session_insert(db, &twice, old, &why), STATUS_CONFLICT);
    assert_string_equal(why.field, "candidate_id");
}

/* Every pair of statuses against the table of what may become what. */
static void test_transitions(void **state)
{
    (void)state;
    static const bool may[4][4] = {
        [SESSION_REGISTERED] = {[SESSION_REGISTERED] = true, [SESSION_IN_PROGRESS] = true, [SESSION_WITHDRAWN] = true},
        [SESSION_IN_PROGRESS] = {[SESSION_IN_PROGRESS] = true, [SESSION_COMPLETED] = true, [SESSION_WITHDRAWN] = true},
        [SESSION_COMPLETED] = {[SESSION_COMPLETED] = true},
        [SESSION_WITHDRAWN] = {[SESSION_WITHDRAWN] = true},
    };
    uint8_t token = 1;
    for (int from = 0; from < 4; from++) {
        for (int to = 0; to < 4; to++) {
            char email[40];
            snprintf(email, sizeof email, "c%d%d@example.org", from, to);
            struct session *s = session_make(interview->id, arena_strdup(arena, email), token++), *now = NULL;
            if (from == SESSION_COMPLETED)
                ok(session_set_status(db, s->id, SESSION_IN_PROGRESS, T0 + 1, &err));
            ok(session_set_status(db, s->id, (enum session_status)from, T0 + 2, &err));
            if (may[from][to])
                ok(session_set_status(db, s->id, (enum session_status)to, T0 + 3, &err));
            else
                fails(session_set_status(db, s->id, (enum session_status)to, T0 + 3, &err), STATUS_CONFLICT,
                      "session_status");
            ok(session_find(db, s->id, arena, &now, &err));
            assert_int_equal(now->status, may[from][to] ? to : from);
            assert_int_equal(now->completed_at != 0, now->status == SESSION_COMPLETED);
            if (from == SESSION_IN_PROGRESS)
                assert_true(now->started_at == T0 + 2); /* not moved by doing it again */
        }
    }
    fails(session_set_status(db, id_new(), SESSION_COMPLETED, T0, &err), STATUS_NOT_FOUND, "not_found");
}

static void test_position(void **state)
{
    (void)state;
    struct session *s = session_make(interview->id, "sam@example.org", 1), *now = NULL;
    fails(session_set_position(db, s->id, 1, T0, &err), STATUS_CONFLICT, "session_position"); /* not begun */
    ok(session_set_status(db, s->id, SESSION_IN_PROGRESS, T0, &err));
    ok(session_set_position(db, s->id, 2, T0, &err));
    ok(session_set_position(db, s->id, 2, T0, &err));
    fails(session_set_position(db, s->id, 1, T0, &err), STATUS_CONFLICT, "session_position"); /* never back */
    ok(session_find(db, s->id, arena, &now, &err));
    assert_int_equal(now->position, 2);
    fails(session_set_position(db, id_new(), 1, T0, &err), STATUS_NOT_FOUND, "not_found");
    fails(session_set_partial(db, s->id, &err), STATUS_NOT_FOUND, "not_found"); /* not over */
    ok(session_set_status(db, s->id, SESSION_COMPLETED, T0, &err));
    ok(session_set_partial(db, s->id, &err));
    ok(session_find(db, s->id, arena, &now, &err));
    assert_true(now->partial);
}

/* -------------------------------------------------------------------------------------------------------------------
 * answers */

static struct session *begun(const char *email, uint8_t token)
{
    struct session *s = session_make(interview->id, email, token);
    ok(session_set_status(db, s->id, SESSION_IN_PROGRESS, T0, &err));
    return s;
}

static struct answer *opened(struct session *s, size_t question, int64_t at)
{
    struct answer *p = NULL;
    ok(answer_open(db, s->id, question_at(question), at, arena, &p, &err));
    return p;
}

static struct utterance said(struct answer *p, int64_t start, int64_t end, const char *text)
{
    struct utterance u = {
        .response_id = p->id, .speaker = UTTERANCE_CANDIDATE, .start_ms = start, .end_ms = end, .text = text};
    ok(utterance_insert(db, &u, &err));
    return u;
}

static void test_answer_life(void **state)
{
    (void)state;
    struct session *s = begun("sam@example.org", 1);
    struct answer *p = opened(s, 0, T0 + 10), *got = NULL;
    struct list l;
    ok(answer_find_at(db, s->id, 1, arena, &got, &err));
    assert_true(id_equal(got->id, p->id));
    assert_int_equal(got->status, ANSWER_OPEN);
    assert_string_equal(got->question_text, "First?");
    assert_int_equal(got->points.count, 2);
    assert_int_equal(got->time_limit_s, 120);
    assert_int_equal(got->duration_ms, 0);
    assert_string_equal(got->text, "");
    fails(answer_open(db, s->id, question_at(0), T0, arena, &got, &err), STATUS_CONFLICT, "answer_exists");
    fails(answer_open(db, s->id, question_at(1), T0, arena, &got, &err), STATUS_CONFLICT, "answer_open");
    struct utterance asked = {
        .response_id = p->id, .speaker = UTTERANCE_INTERVIEWER, .start_ms = -1500, .end_ms = -200, .text = "First?"};
    ok(utterance_insert(db, &asked, &err));
    assert_int_equal(said(p, 0, 900, "one").seq, 1);
    assert_int_equal(said(p, 1000, 1900, "two").seq, 2);
    ok(answer_end(db, p->id, ANSWER_BY_VOICE, "one two", T0 + 2010, &err));
    fails(answer_end(db, p->id, ANSWER_BY_TEXT, "again", T0, &err), STATUS_CONFLICT, "answer_ended");
    struct utterance late = {.response_id = p->id, .text = "late"};
    fails(utterance_insert(db, &late, &err), STATUS_CONFLICT, "answer_ended");
    assert_true(id_is_zero(late.id)); /* untouched on failure */
    ok(answer_find_at(db, s->id, 1, arena, &got, &err));
    assert_int_equal(got->status, ANSWER_ENDED);
    assert_int_equal(got->mode, ANSWER_BY_VOICE);
    assert_string_equal(got->text, "one two");
    assert_int_equal(got->duration_ms, 2000);
    ok(utterance_list(db, p->id, arena, &l, &err));
    assert_int_equal(l.count, 3);
    const struct utterance *u = l.items;
    assert_int_equal(u[0].start_ms, -1500); /* before the answer, as it was said */
    assert_int_equal(u[0].end_ms, -200);
    assert_int_equal(u[1].start_ms, 0);
    assert_string_equal(u[2].text, "two");
    ok(question_replace(db, interview->id, NULL, 0, &err)); /* what was asked stays with the answer */
    ok(answer_find(db, p->id, arena, &got, &err));
    assert_true(id_is_zero(got->question_id));
    assert_string_equal(got->question_text, "First?");
    assert_int_equal(got->points.count, 2);
    ok(answer_list(db, s->id, arena, &l, &err));
    assert_int_equal(l.count, 1);
    assert_int_equal(((struct answer *)l.items)[0].duration_ms, 2000);
}

static void test_answer_refused(void **state)
{
    (void)state;
    struct session *s = session_make(interview->id, "sam@example.org", 1);
    struct answer *got = NULL;
    struct utterance u = {.response_id = id_new(), .text = "x"};
    fails(answer_open(db, s->id, question_at(0), T0, arena, &got, &err), STATUS_CONFLICT,
          "session_status"); /* not begun */
    fails(answer_open(db, id_new(), question_at(0), T0, arena, &got, &err), STATUS_NOT_FOUND, "not_found");
    ok(session_set_status(db, s->id, SESSION_IN_PROGRESS, T0, &err));
    struct question gone = *question_at(0);
    gone.id = id_new();
    fails(answer_open(db, s->id, &gone, T0, arena, &got, &err), STATUS_NOT_FOUND, "not_found");
    ok(session_set_status(db, s->id, SESSION_WITHDRAWN, T0, &err));
    fails(answer_open(db, s->id, question_at(0), T0, arena, &got, &err), STATUS_CONFLICT, "session_status");
    fails(answer_end(db, id_new(), ANSWER_BY_TEXT, "", T0, &err), STATUS_NOT_FOUND, "not_found");
    fails(utterance_insert(db, &u, &err), STATUS_NOT_FOUND, "not_found");
}

/* ---------------------------------------------------------------------------------------------------------------------
 * views */

static void test_list(void **state)
{
    (void)state;
    struct user *other = user_make("b@example.org", ROLE_RECRUITER);
    struct interview *theirs = interview_make(other->id, "Theirs", INTERVIEW_OPEN);
    struct session *last = NULL;
    struct page page;
    int64_t n = 0;
    for (uint8_t i = 0; i < 12; i++) {
        char email[40];
        snprintf(email, sizeof email, "c%d@example.org", i);
        struct session *s = session_make(i < 8 ? interview->id : theirs->id, arena_strdup(arena, email), i);
        if (i % 2)
            ok(session_set_status(db, s->id, SESSION_IN_PROGRESS, T0, &err));
        last = s;
    }
    const struct report scored = {
        .session_id = last->id, .overall_score = 3.5, .summary = "Fine.", .scorer_version = "v1"};
    ok(report_store(db, &scored, T0, &err));
    const struct session_filter any = SESSION_FILTER_ANY;
    const struct {
        struct session_filter f;
        int64_t total;
    } cases[] = {
        {any, 12},
        {{.status = SESSION_IN_PROGRESS, .report = -1}, 6},
        {{.reader_id = owner->id, .status = -1, .report = -1}, 8},
        {{.reader_id = other->id, .status = SESSION_REGISTERED, .report = -1}, 2},
        {{.interview_id = theirs->id, .status = -1, .report = -1}, 4},
        {{.interview_id = theirs->id, .status = SESSION_IN_PROGRESS, .report = -1}, 2},
        {{.reader_id = owner->id, .interview_id = theirs->id, .status = -1, .report = -1}, 0},
        {{.reader_id = owner->id, .interview_id = interview->id, .status = SESSION_IN_PROGRESS, .report = -1}, 4},
        {{.status = SESSION_WITHDRAWN, .report = -1}, 0},
        {{.candidate_id = last->candidate_id, .status = -1, .report = -1}, 1},
        {{.status = -1, .report = SESSION_REPORT_NONE}, 11},
        {{.status = -1, .report = SESSION_REPORT_READY}, 1},
        {{.status = -1, .report = SESSION_REPORT_FAILED}, 0},
        {{.status = -1, .report = -1, .score_min = 3.5}, 1},
        {{.status = -1, .report = -1, .score_min = 3.6}, 0},
        {{.status = -1, .report = -1, .score_max = 3.4}, 0},
        {{.reader_id = other->id, .status = -1, .report = -1, .score_min = 1, .score_max = 5}, 1},
        {{.reader_id = owner->id, .status = -1, .report = -1, .score_min = 1}, 0},
        {{.status = -1, .report = -1, .from = T0}, 12},
        {{.status = -1, .report = -1, .from = T0 + 1}, 0},
        {{.status = -1, .report = -1, .to = T0}, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ok(session_list(db, &cases[i].f, (struct paging){1, 100}, arena, &page, &err));
        assert_int_equal(page.total, cases[i].total);
        assert_int_equal(page.items.count, cases[i].total);
        ok(session_count(db, &cases[i].f, &n, &err));
        assert_int_equal(n, cases[i].total);
    }
    ok(session_list(db, &any, (struct paging){.page = 2, .page_size = 5}, arena, &page, &err));
    const struct session_view *v = page.items.items;
    assert_int_equal(page.items.count, 5);
    assert_string_equal(v[0].candidate->email, "c6@example.org"); /* newest first */
    assert_string_equal(v[0].interview_title, "Backend engineer");
    assert_int_equal(v[0].question_count, 3);
    assert_int_equal(v[0].report_status, SESSION_REPORT_NONE);
    assert_true(isnan(v[0].overall_score));
}

/* What a reviewer has shared is found beside what a recruiter owns, once. */
static void test_list_of_what_is_shared(void **state)
{
    (void)state;
    struct user *reader = user_make("reader@example.org", ROLE_RECRUITER);
    struct interview *own = interview_make(reader->id, "Own", INTERVIEW_OPEN);
    struct session_filter f = SESSION_FILTER_ANY;
    struct page page;
    session_make(own->id, "a@example.org", 1);
    session_make(interview->id, "b@example.org", 2);
    f.reader_id = reader->id;
    ok(session_list(db, &f, (struct paging){1, 20}, arena, &page, &err));
    assert_int_equal(page.total, 1);
    ok(reviewer_add(db, interview->id, reader->id, T0, &err));
    ok(reviewer_add(db, own->id, reader->id, T0, &err));
    ok(session_list(db, &f, (struct paging){1, 20}, arena, &page, &err));
    assert_int_equal(page.total, 2);
    assert_int_equal(page.items.count, 2);
    ok(reviewer_remove(db, interview->id, reader->id, &err));
    ok(session_count(db, &f, &page.total, &err));
    assert_int_equal(page.total, 1);
}

static void test_list_sorted(void **state)
{
    (void)state;
    struct session *s[3];
    struct page page;
    static const double scores[] = {2.5, 4.5, 3.5};
    for (uint8_t i = 0; i < 3; i++) {
        s[i] = session_make(interview->id, arena_printf(arena, "c%d@example.org", i), i);
        ok(session_set_status(db, s[i]->id, SESSION_IN_PROGRESS, T0 + 10 - i, &err));
        ok(session_set_status(db, s[i]->id, SESSION_COMPLETED, T0 + 20 + i % 2, &err));
        const struct report r = {
            .session_id = s[i]->id, .overall_score = scores[i], .summary = "", .scorer_version = "v1"};
        ok(report_store(db, &r, T0, &err));
    }
    const struct {
        struct sort by;
        int order[3];
    } cases[] = {
        {{SESSION_BY_CREATED, false}, {0, 1, 2}}, {{SESSION_BY_CREATED, true}, {2, 1, 0}},
        {{SESSION_BY_STARTED, false}, {2, 1, 0}}, {{SESSION_BY_COMPLETED, true}, {1, 2, 0}},
        {{SESSION_BY_SCORE, true}, {1, 2, 0}},    {{SESSION_BY_NAME, false}, {0, 1, 2}}, /* alike: as registered */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct session_filter f = SESSION_FILTER_ANY;
        f.sort = cases[i].by;
        ok(session_list(db, &f, (struct paging){1, 20}, arena, &page, &err));
        const struct session_view *v = page.items.items;
        for (size_t k = 0; k < 3; k++)
            assert_true(id_equal(v[k].id, s[cases[i].order[k]]->id));
    }
}

/* A long page asks the database as often as a short one, a session of many answers as often as one of few. */
static void test_no_query_per_row(void **state)
{
    (void)state;
    const struct session_filter any = SESSION_FILTER_ANY;
    struct page page;
    struct session_view *v = NULL;
    uint64_t asked[2] = {0}, detailed[2] = {0};
    struct session *s = NULL;
    for (uint8_t i = 0; i < 50; i++) {
        s = session_make(interview->id, arena_printf(arena, "c%d@example.org", i), i);
        ok(report_request(db, s->id, REPORT_NEXT_REQUESTED, T0, &err));
    }
    ok(session_set_status(db, s->id, SESSION_IN_PROGRESS, T0, &err));
    for (size_t i = 0; i < 2; i++) {
        struct answer *p = opened(s, i, T0);
        said(p, 0, 1, "x");
        said(p, 1, 2, "y");
        ok(answer_end(db, p->id, ANSWER_BY_VOICE, "x y", T0, &err));
        uint64_t before = db_statements(db);
        ok(session_detail(db, s->id, arena, &v, &err));
        detailed[i] = db_statements(db) - before;
        before = db_statements(db);
        ok(session_list(db, &any, (struct paging){1, i ? 50 : 5}, arena, &page, &err));
        asked[i] = db_statements(db) - before;
        assert_int_equal(page.items.count, i ? 50 : 5);
    }
    assert_int_equal(asked[0], 2);
    assert_int_equal(asked[1], 2);
    assert_true(detailed[0] >= 4 && detailed[1] == detailed[0]);
}

static struct report report_make(struct session *s, struct answer *p)
{
    static struct report_point points[2];
    static struct report_question q;
    points[0] =
        (struct report_point){.text = "names a tool", .met = POINT_MET, .quote = "gdb", .start_ms = 0, .end_ms = 900};
    points[1] = (struct report_point){.text = "says how it ended", .met = POINT_MISSED, .start_ms = NAN, .end_ms = NAN};
    q = (struct report_question){.answer_id = p->id,
                                 .position = 1,
                                 .question_text = "First?",
                                 .score = NAN,
                                 .level_text = "",
                                 .competency = "",
                                 .explanation = "Too short.\nReally.",
                                 .reason_not_scored = "Too little was said.",
                                 .points = {points, 2}};
    return (struct report){
        .session_id = s->id, .overall_score = 3.5, .summary = "Fine.", .scorer_version = "v1", .questions = {&q, 1}};
}

static void test_detail(void **state)
{
    (void)state;
    struct session *s = begun("sam@example.org", 1), *noise = begun("noise@example.org", 2);
    struct answer *first = opened(s, 0, T0), *second, *third;
    struct recording_segment *r = NULL;
    struct session_view *v = NULL;
    opened(noise, 0, T0);
    said(first, 0, 900, "with gdb");
    said(first, 950, 1900, "and luck");
    ok(segment_create(db, first->id, 0, "video/webm", 10, T0, arena, &r, &err));
    ok(segment_create(db, first->id, 1, "video/webm", 900, T0, arena, &r, &err));
    ok(answer_end(db, first->id, ANSWER_BY_VOICE, "with gdb and luck", T0 + 2000, &err));
    second = opened(s, 1, T0 + 3000); /* nothing said, nothing recorded */
    ok(answer_end(db, second->id, ANSWER_BY_NONE, "", T0 + 4000, &err));
    third = opened(s, 2, T0 + 5000);
    said(third, 5, 10, "still talking");
    ok(session_detail(db, s->id, arena, &v, &err));
    const struct answer *p = v->answers.items;
    assert_int_equal(v->answers.count, 3);
    assert_int_equal(v->answered_count, 2);
    assert_null(v->report);
    assert_int_equal(p[0].utterances.count, 2);
    assert_string_equal(((struct utterance *)p[0].utterances.items)[1].text, "and luck");
    assert_int_equal(p[0].recordings.count, 2);
    assert_int_equal(((struct recording_segment *)p[0].recordings.items)[1].segment, 1);
    assert_int_equal(p[1].utterances.count + p[1].recordings.count, 0);
    assert_int_equal(p[2].utterances.count, 1);
    assert_int_equal(p[2].recordings.count, 0);
    struct report in = report_make(s, first);
    ok(report_store(db, &in, T0 + 9, &err));
    ok(session_detail(db, s->id, arena, &v, &err));
    assert_int_equal(v->report_status, SESSION_REPORT_READY);
    assert_true(v->overall_score == 3.5);
    assert_non_null(v->report);
    cleanup(buf_free) struct buf b;
    struct json j;
    buf_init(&b, 1 << 20);
    json_init(&j, &b);
    model_write(&j, &session_detail_model, v);
    assert_true(buf_ok(&b));
    assert_non_null(strstr(buf_cstr(&b), "\"score\":null"));
    assert_non_null(strstr(buf_cstr(&b), "\"start_ms\":null"));
    assert_null(strstr(buf_cstr(&b), "token"));
    assert_null(strstr(buf_cstr(&b), "media_key"));
    fails(session_detail(db, id_new(), arena, &v, &err), STATUS_NOT_FOUND, "not_found");
}

static void test_delete_takes_everything(void **state)
{
    (void)state;
    struct session *s = begun("sam@example.org", 1);
    struct answer *p = opened(s, 0, T0);
    struct recording_segment *r = NULL;
    uint8_t hash[32] = {1};
    enum chunk_outcome outcome;
    int64_t next = 0;
    said(p, 0, 1, "x");
    ok(segment_create(db, p->id, 0, "video/webm", 0, T0, arena, &r, &err));
    ok(chunk_insert(db, r->id, 0, hash, 10, T0, &outcome, &next, &err));
    ok(report_request(db, s->id, REPORT_NEXT_REQUESTED, T0, &err));
    ok(candidate_delete(db, s->candidate_id, &err));
    static const char *const tables[] = {"candidates",         "interview_sessions", "responses", "utterances",
                                         "recording_segments", "recording_chunks",   "reports"};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        char sql[80];
        snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM %s", tables[i]);
        assert_int_equal(peek(sql), 0);
    }
    fails(candidate_delete(db, s->candidate_id, &err), STATUS_NOT_FOUND, "not_found");
}

/* -------------------------------------------------------------------------------------------------------------------
 * reports */

static void test_reports(void **state)
{
    (void)state;
    struct session *s = begun("sam@example.org", 1);
    struct answer *p = opened(s, 0, T0);
    struct report *r = NULL, in = report_make(s, p);
    fails(report_find(db, s->id, arena, &r, &err), STATUS_NOT_FOUND, "not_found");
    ok(report_request(db, s->id, REPORT_NEXT_REQUESTED, T0, &err));
    ok(report_find(db, s->id, arena, &r, &err));
    assert_int_equal(r->status, REPORT_PENDING);
    assert_true(isnan(r->overall_score));
    ok(report_failed(db, s->id, "engine gone", T0 + 1, &err));
    ok(report_find(db, s->id, arena, &r, &err));
    assert_int_equal(r->status, REPORT_FAILED);
    assert_string_equal(r->error, "engine gone");
    struct id first = r->id;
    ok(report_request(db, s->id, REPORT_NEXT_REQUESTED, T0 + 2, &err));
    fails(report_store(db, &in, T0 + 3, &err), STATUS_CONFLICT, "report_outdated"); /* made before it was asked again */
    ok(report_find(db, s->id, arena, &r, &err));
    in.asks = r->asks;
    ok(report_store(db, &in, T0 + 3, &err));
    ok(report_find(db, s->id, arena, &r, &err));
    assert_true(id_equal(r->id, first)); /* one per session */
    assert_int_equal(r->status, REPORT_READY);
    assert_null(r->error);
    assert_true(r->created_at == T0 && r->updated_at == T0 + 3);
    const struct report_question *q = r->questions.items;
    assert_int_equal(r->questions.count, 1);
    assert_true(isnan(q->score));
    assert_string_equal(q->explanation, "Too short.\nReally.");
    assert_string_equal(q->reason_not_scored, "Too little was said.");
    const struct report_point *points = q->points.items;
    assert_string_equal(points[0].quote, "gdb");
    assert_true(points[0].start_ms == 0 && points[0].end_ms == 900);
    assert_true(isnan(points[1].start_ms));
    struct report_question *spoiled = in.questions.items;
    spoiled->answer_id = (struct id){0}; /* could not be read back: not stored */
    fails(report_store(db, &in, T0, &err), STATUS_INTERNAL, "database_error");
    ok(report_find(db, s->id, arena, &r, &err));
    assert_int_equal(r->questions.count, 1);
    fails(report_request(db, id_new(), REPORT_NEXT_REQUESTED, T0, &err), STATUS_NOT_FOUND, "not_found");
    assert_true(r->version == 1 && r->reason == REPORT_REQUESTED && r->next_reason == REPORT_NEXT_NONE);
    in = report_make(s, p);
    in.session_id = id_new();
    fails(report_store(db, &in, T0, &err), STATUS_NOT_FOUND, "not_found");
    fails(report_failed(db, id_new(), "x", T0, &err), STATUS_NOT_FOUND, "not_found");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_candidate),      TEST(test_same_candidate_at_once),
        TEST(test_tokens),         TEST(test_transitions),
        TEST(test_position),       TEST(test_answer_life),
        TEST(test_answer_refused), TEST(test_list),
        TEST(test_detail),         TEST(test_delete_takes_everything),
        TEST(test_reports),        TEST(test_list_of_what_is_shared),
        TEST(test_list_sorted),    TEST(test_no_query_per_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
