#include "unit/repositories/world.h"

#include "models/report_parts.h"
#include "repositories/access_repository.h"
#include "repositories/report_repository.h"

#include <math.h>

/* A finished session with one answer, reported with these scores; NAN: none. */
static struct session *reported(struct id interview_id, const char *email, uint8_t token, double overall, double answer)
{
    struct session *s = session_make(interview_id, email, token);
    struct answer *p = NULL;
    ok(session_set_status(db, s->id, SESSION_IN_PROGRESS, T0, &err));
    ok(answer_open(db, s->id, question_at(0), T0, arena, &p, &err));
    ok(answer_end(db, p->id, ANSWER_BY_TEXT, "text", T0 + 1, &err));
    struct report_question q = {.answer_id = p->id,
                                .position = 1,
                                .question_text = "First?",
                                .score = answer,
                                .level_text = "",
                                .competency = "",
                                .explanation = "Because."};
    const struct report r = {.session_id = s->id,
                             .overall_score = overall,
                             .summary = "Fine.",
                             .scorer_version = "v1",
                             .questions = {&q, 1}};
    ok(report_store(db, &r, T0 + token, &err));
    return s;
}

static int64_t total(struct report_filter f)
{
    struct page page;
    ok(report_list(db, &f, (struct paging){1, 100}, arena, &page, &err));
    assert_int_equal(page.total, page.items.count);
    return page.total;
}

#define ANY .status = -1

static void test_list(void **state)
{
    (void)state;
    struct user *other = user_make("b@example.org", ROLE_RECRUITER);
    struct interview *theirs = interview_make(other->id, "Theirs", INTERVIEW_OPEN);
    struct session *a = reported(interview->id, "a@example.org", 1, 3.5, 4);
    reported(interview->id, "b@example.org", 2, 4.5, 5);
    reported(interview->id, "c@example.org", 3, NAN, NAN);
    struct session *d = session_make(theirs->id, "d@example.org", 4);
    struct page page;
    struct report *r = NULL;
    ok(report_request(db, d->id, REPORT_NEXT_REQUESTED, T0, &err));
    assert_int_equal(total((struct report_filter){ANY}), 4);
    assert_int_equal(total((struct report_filter){ANY, .reader_id = owner->id}), 3);
    assert_int_equal(total((struct report_filter){ANY, .reader_id = other->id}), 1);
    assert_int_equal(total((struct report_filter){ANY, .interview_id = theirs->id}), 1);
    assert_int_equal(total((struct report_filter){ANY, .candidate_id = a->candidate_id}), 1);
    assert_int_equal(total((struct report_filter){ANY, .session_id = a->id}), 1);
    assert_int_equal(total((struct report_filter){.status = REPORT_PENDING}), 1);
    assert_int_equal(total((struct report_filter){ANY, .score_min = 3.5}), 2);
    assert_int_equal(total((struct report_filter){ANY, .score_min = 3.5, .score_max = 4}), 1);
    assert_int_equal(total((struct report_filter){ANY, .score_max = 3.4}), 0);
    ok(reviewer_add(db, theirs->id, owner->id, T0, &err));
    assert_int_equal(total((struct report_filter){ANY, .reader_id = owner->id}), 4);
    const struct {
        struct sort by;
        const char *first;
    } sorts[] = {{{REPORT_BY_CREATED, true}, "d@example.org"},
                 {{REPORT_BY_UPDATED, true}, "c@example.org"},
                 {{REPORT_BY_SCORE, true}, "b@example.org"},
                 {{REPORT_BY_NAME, false}, "a@example.org"}};
    for (size_t i = 0; i < sizeof sorts / sizeof sorts[0]; i++) {
        const struct report_filter f = {ANY, .sort = sorts[i].by};
        ok(report_list(db, &f, (struct paging){1, 1}, arena, &page, &err));
        const struct report_summary *x = page.items.items;
        assert_string_equal(x->candidate_email, sorts[i].first);
        ok(report_find_by_id(db, x->id, arena, &r, &err));
        assert_true(id_equal(r->session_id, x->session_id));
    }
    fails(report_find_by_id(db, id_new(), arena, &r, &err), STATUS_NOT_FOUND, "not_found");
}

/* Scores 1, 2.4, 2.5, 4.9 and 5; one without a score, one that failed, one that is pending. */
static void test_statistics(void **state)
{
    (void)state;
    static const double scores[] = {1, 2.4, 2.5, 4.9, 5};
    struct user *other = user_make("b@example.org", ROLE_RECRUITER);
    struct interview *theirs = interview_make(other->id, "Theirs", INTERVIEW_OPEN);
    struct report_statistics *x = NULL;
    uint8_t token = 0;
    for (; token < 5; token++)
        reported(interview->id, arena_printf(arena, "c%d@example.org", token), token, scores[token], token ? 3 : NAN);
    reported(interview->id, "none@example.org", ++token, NAN, NAN);
    struct session *failed = reported(interview->id, "failed@example.org", ++token, 3, 3);
    struct session *pending = reported(theirs->id, "pending@example.org", ++token, 3, 3);
    ok(report_failed(db, failed->id, "no", T0, &err));
    ok(report_request(db, pending->id, REPORT_NEXT_REQUESTED, T0, &err));
    const struct report_filter all = {ANY};
    ok(report_statistics(db, &all, arena, &x, &err));
    assert_true(x->reports == 8 && x->ready == 6 && x->failed == 1 && x->pending == 1 && x->scored == 5);
    assert_true(fabs(x->average - 3.16) < 1e-9 && x->min == 1 && x->max == 5 && x->median == 2.5);
    static const int64_t counts[] = {1, 0, 1, 1, 0, 0, 0, 2};
    const struct score_band *bands = x->distribution.items;
    assert_int_equal(x->distribution.count, 8);
    for (size_t i = 0; i < 8; i++) {
        assert_true(bands[i].from == 1 + 0.5 * (double)i && bands[i].to == bands[i].from + 0.5);
        assert_int_equal(bands[i].count, counts[i]);
    }
    const struct interview_score *by = x->by_interview.items;
    assert_int_equal(x->by_interview.count, 1);
    assert_true(by->count == 5 && by->min == 1 && by->max == 5 && strcmp(by->title, "Backend engineer") == 0);
    const struct category_score *of = x->by_category.items;
    assert_int_equal(x->by_category.count, 1);
    assert_true(of->category == CATEGORY_TECHNICAL && of->count == 4 && of->average == 3);
    const struct report_filter mine = {ANY, .reader_id = owner->id};
    ok(report_statistics(db, &mine, arena, &x, &err));
    assert_true(x->reports == 7 && x->scored == 5 && x->pending == 0);
    const struct report_filter even = {ANY, .reader_id = owner->id, .score_max = 4.9};
    ok(report_statistics(db, &even, arena, &x, &err));
    assert_true(x->scored == 4 && fabs(x->median - 2.45) < 1e-9);
    const struct report_filter empty = {ANY, .interview_id = id_new()};
    ok(report_statistics(db, &empty, arena, &x, &err));
    assert_true(x->reports == 0 && x->scored == 0 && isnan(x->average) && isnan(x->median) && isnan(x->min));
    assert_int_equal(x->by_interview.count + x->by_category.count, 0);
}

/* Made again without a score, an answer has none. */
static void test_scores_follow_the_report(void **state)
{
    (void)state;
    struct session *s = reported(interview->id, "a@example.org", 1, 4, 4);
    struct report *r = NULL;
    assert_int_equal(peek("SELECT COUNT(*) FROM responses WHERE score = 4"), 1);
    ok(report_find(db, s->id, arena, &r, &err));
    ((struct report_question *)r->questions.items)->score = NAN;
    ok(report_store(db, r, T0, &err));
    assert_int_equal(peek("SELECT COUNT(*) FROM responses WHERE score IS NULL"), 1);
}

static struct report *current_of(struct session *s)
{
    struct report *r = NULL;
    ok(report_find(db, s->id, arena, &r, &err));
    return r;
}

/* Made again, a report keeps what it was; made again by itself to the same end, it stays as it is. */
static void test_versions(void **state)
{
    (void)state;
    struct session *s = reported(interview->id, "a@example.org", 1, 4, 4);
    struct list l = {0};
    struct report *was = NULL;
    ok(session_set_status(db, s->id, SESSION_COMPLETED, T0 + 5, &err));
    ok(report_request(db, s->id, REPORT_NEXT_REQUESTED, T0 + 10, &err));
    struct report *r = current_of(s);
    assert_true(r->status == REPORT_PENDING && r->next_reason == REPORT_NEXT_REQUESTED && r->version == 1);
    ((struct report_question *)r->questions.items)->score = 2;
    r->overall_score = 2;
    ok(report_store(db, r, T0 + 11, &err));
    r = current_of(s);
    assert_true(r->version == 2 && r->reason == REPORT_REQUESTED && r->overall_score == 2 && r->made_at == T0 + 11);
    ok(report_at_version(db, r, 1, arena, &was, &err));
    assert_true(was->version == 1 && was->overall_score == 4 && was->reason == REPORT_COMPLETED);
    assert_true(((struct report_question *)was->questions.items)->score == 4 && was->latest_version == 2);
    fails(report_at_version(db, r, 2, arena, &was, &err), STATUS_NOT_FOUND, "not_found");
    ok(report_request_all(db, interview->id, T0 + 12, arena, &l, &err));
    assert_int_equal(l.count, 1);
    assert_true(id_equal(*(struct id *)l.items, s->id));
    r = current_of(s);
    assert_true(r->status == REPORT_READY && r->next_reason == REPORT_NEXT_RUBRIC_CHANGED);
    ok(report_store(db, r, T0 + 13, &err));
    r = current_of(s);
    assert_true(r->version == 2 && r->next_reason == REPORT_NEXT_NONE);
    ok(report_request_all(db, interview->id, T0 + 14, arena, &l, &err));
    r = current_of(s);
    r->summary = "Another.";
    ok(report_store(db, r, T0 + 15, &err));
    ok(report_editions(db, current_of(s), arena, &l, &err));
    const struct report_edition *e = l.items;
    assert_int_equal(l.count, 3);
    assert_true(e[0].version == 3 && e[0].current && e[0].reason == REPORT_RUBRIC_CHANGED);
    assert_true(e[1].version == 2 && !e[1].current && e[1].reason == REPORT_REQUESTED && e[2].version == 1);
    ok(report_touch(db, r->id, T0, &err));
    assert_true(current_of(s)->updated_at == T0 + 16);
    fails(report_touch(db, id_new(), T0, &err), STATUS_NOT_FOUND, "not_found");
}

static void test_scores_of_an_interview(void **state)
{
    (void)state;
    static const double scores[] = {3, 1.5, 4.5};
    struct list l = {0};
    for (uint8_t k = 0; k < 3; k++) {
        struct session *s = reported(interview->id, arena_printf(arena, "c%d@example.org", k), k, scores[k], NAN);
        ok(session_set_status(db, s->id, SESSION_COMPLETED, T0 + 5, &err));
    }
    struct session *gone = reported(interview->id, "gone@example.org", 4, 5, NAN);
    ok(session_set_status(db, gone->id, SESSION_WITHDRAWN, T0 + 5, &err));
    ok(report_scores(db, interview->id, arena, &l, &err));
    const double *x = l.items;
    assert_int_equal(l.count, 3);
    assert_true(x[0] == 1.5 && x[1] == 3 && x[2] == 4.5);
    ok(report_scores(db, id_new(), arena, &l, &err));
    assert_int_equal(l.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_list), TEST(test_statistics), TEST(test_scores_follow_the_report),
                                       TEST(test_versions), TEST(test_scores_of_an_interview)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
