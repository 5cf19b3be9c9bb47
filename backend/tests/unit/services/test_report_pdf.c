/* The document as bytes: what it holds is read by tests/http/test_reports.py. */
#include "unit/services/stage.h"

#include "services/report_pdf.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static struct report_competency competencies[] = {
    {.name = "Problem solving", .weight = 0.25, .score = 4.2, .questions = 2, .scored = 2},
    {.name = "Ownership", .weight = 0.25, .score = 3.1, .questions = 1, .scored = 1},
    {.name = "Communication", .weight = 0.25, .score = 2.4, .questions = 1, .scored = 1},
    {.name = "\xe5\x8d\x94\xe5\x8a\x9b, working with others",
     .weight = 0.25,
     .score = 3.6,
     .questions = 1,
     .scored = 1}};
static struct report_point points[] = {
    {.text = "Tells who was told",
     .met = POINT_MET,
     .quote = "I told Ana \xc5\xa0imi\xc4\x87 & the <team>.",
     .start_ms = 65000,
     .end_ms = 68000},
    {.text = "Names the cause", .met = POINT_MISSED, .start_ms = NAN, .end_ms = NAN}};

static struct report whole(struct report_question *q, struct report_content *x, struct report_human *h,
                           struct score_override *o)
{
    *q = (struct report_question){.answer_id = id_new(),
                                  .position = 1,
                                  .question_text = "What went wrong?",
                                  .score = 3.5,
                                  .confidence = 0.7,
                                  .level_text = "Covers some",
                                  .explanation = "1 of 2 points.",
                                  .points = {points, COUNT(points)}};
    *x = (struct report_content){.asked = 4, .answered = 3, .partial = true, .competencies = {competencies, 4}};
    *o = (struct score_override){.answer_id = q->answer_id,
                                 .author_name = "Ada",
                                 .level = 4,
                                 .reason = "Said in other words.",
                                 .created_at = 1700000000000};
    *h = (struct report_human){.overall_score = 3.9, .competencies = {competencies, 4}, .overrides = {o, 1}};
    return (struct report){.version = 2,
                           .overall_score = 3.4,
                           .summary = "A summary.",
                           .questions = {q, 1},
                           .scorer_version = "rubric",
                           .made_at = 1700000000000,
                           .content = x,
                           .human = h};
}

static void the_same_report_gives_the_same_bytes(void **state)
{
    (void)state;
    struct report_question q;
    struct report_content x;
    struct report_human h;
    struct score_override o;
    struct report r = whole(&q, &x, &h, &o);
    struct candidate c = {.full_name = "Ana"};
    struct session_view session = {
        .id = id_new(), .interview_title = "Engineer", .candidate = &c, .started_at = 1700000000000};
    const struct report_document d = {.session = &session, .report = &r, .public_url = "https://viva.example"};
    struct error why = {0};
    struct buf one, two, small;
    buf_init(&one, 1 << 20);
    buf_init(&two, 1 << 20);
    buf_init(&small, 2000);
    assert_int_equal(STATUS_OK, report_pdf(&d, arena, &one, &why));
    assert_int_equal(STATUS_OK, report_pdf(&d, arena, &two, &why));
    assert_memory_equal(one.data, "%PDF-", 5);
    assert_int_equal(one.len, two.len);
    assert_memory_equal(one.data, two.data, one.len);
    assert_int_equal(report_pdf(&d, arena, &small, &why), STATUS_TOO_LARGE);
    const char *dump = getenv("VIVA_TEST_DUMP");
    FILE *f = dump ? fopen(dump, "w") : NULL;
    if (f) {
        fwrite(one.data, 1, one.len, f);
        fclose(f);
    }
    buf_free(&one);
    buf_free(&two);
    buf_free(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(the_same_report_gives_the_same_bytes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
