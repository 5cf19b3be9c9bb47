/* What a report says beside its scores, part by part, against what was computed by hand. */
#include "unit/services/arena_test.h"

#include "models/interview.h"
#include "services/report_competency.h"
#include "services/report_qualities.h"
#include "services/report_speech.h"
#include "services/report_structure.h"
#include "services/report_summary.h"
#include "services/report_times.h"

#include <stdio.h>
#include <string.h>

static struct utterance said(int speaker, int64_t from, int64_t to, const char *text)
{
    return (struct utterance){.speaker = speaker, .start_ms = from, .end_ms = to, .text = text, .confidence = NAN};
}

static struct answer spoken(struct utterance *u, size_t n)
{
    const char *text = "";
    for (size_t i = 0; i < n; i++)
        if (u[i].speaker == UTTERANCE_CANDIDATE)
            text = arena_printf(arena, "%s%s%s", text, *text ? " " : "", u[i].text);
    return (struct answer){
        .question_text = "Tell me about it.", .text = text, .mode = ANSWER_BY_VOICE, .utterances = {u, n}};
}

/* ---- times ---- */

static void words_have_the_times_that_were_heard(void **state)
{
    (void)state;
    struct utterance u = said(UTTERANCE_CANDIDATE, 1000, 3000, "I fixed it.");
    struct spoken_words w = {0};
    double start = NAN, end = NAN;
    u.words = "[[\" I\",1000,1200,0.9],[\"fixed\",1500,1900,0.5],[\"it.\",2800,3000,1]]";
    assert_ok(times_of_words(&u, arena, &w, &err));
    assert_int_equal(w.count, 3);
    assert_true(w.heard);
    near(w.items[1].start_ms, 1500);
    near(w.items[1].probability, 0.5);
    times_of_span(&w, 2, 9, &start, &end); /* "fixed it." */
    near(start, 1500);
    near(end, 3000);
}

static void without_them_they_lie_in_proportion(void **state)
{
    (void)state;
    static const char *const useless[] = {NULL,
                                          "[]",
                                          "{}",
                                          "[[\"I\",1000,1200,0.9]]",
                                          "nonsense",
                                          "[[\"I\",5,4,1],[\"fixed\",6,7,1],[\"it\",8,9,1]]",
                                          "[[\"I\",9,9,1],[\"fixed\",6,7,1],[\"it\",8,9,1]]"};
    for (size_t i = 0; i < COUNT(useless); i++) {
        struct utterance u = said(UTTERANCE_CANDIDATE, 1000, 2000, "aaaa bbbb ");
        struct spoken_words w = {0};
        double start = NAN, end = NAN;
        u.words = useless[i];
        if (i > 4)
            u.text = "I fixed it";
        assert_ok(times_of_words(&u, arena, &w, &err));
        assert_false(w.heard);
        times_of_span(&w, 5, 4, &start, &end);
        if (i <= 4) {
            near(start, 1500);
            near(end, 1900);
        }
        start = 7;
        times_of_span(&w, 100, 4, &start, &end);
        near(start, 7); /* nothing there: untouched */
    }
}

/* ---- speech ---- */

static void pace_pauses_and_fillers_are_counted(void **state)
{
    (void)state;
    /* Asked until 500; 10 words from 2000 to 8000 (heard as they are written), 2 s of pause, 5 words to 13000. */
    struct utterance u[] = {said(UTTERANCE_INTERVIEWER, 0, 500, "Why?"),
                            said(UTTERANCE_CANDIDATE, 2000, 8000, "um I did a thing, Um, and uh then more"),
                            said(UTTERANCE_INTERVIEWER, 8100, 9000, "Go on."),
                            said(UTTERANCE_CANDIDATE, 10000, 13000, "and so on like that")};
    struct answer x = spoken(u, 4);
    struct report_speech *s = NULL;
    assert_ok(speech_of_answer(&x, arena, &s, &err));
    assert_non_null(s);
    assert_int_equal(s->words, 15);
    assert_int_equal(s->fillers, 3);
    near(s->fillers_per_100, 20);
    assert_int_equal(s->pauses, 1);
    assert_int_equal(s->longest_ms, 2000);
    assert_int_equal(s->talk_ms, 9000);
    near(s->pause_share, 0.182); /* 2 of 11 s */
    near(s->pace, 100);          /* 15 words in 9 s */
    near(s->latency_ms, 1500);
    struct report_question q[2] = {{.speech = s}, {.speech = NULL}};
    const struct list questions = {q, 2};
    struct list l = {0};
    assert_ok(speech_of_interview(&questions, arena, &l, &err));
    const struct report_measure *m = l.items;
    assert_int_equal(l.count, 7);
    assert_int_equal(m[1].measure, SPEECH_PACE);
    near(m[1].value, 100);
    assert_non_null(strstr(m[0].explanation, "9 seconds in 1 answer,"));
    for (size_t i = 0; i < l.count; i++)
        assert_true(*m[i].explanation && *m[i].unit);
}

static void what_was_typed_has_no_pace(void **state)
{
    (void)state;
    struct answer x = {.text = "I typed all of it.", .mode = ANSWER_BY_TEXT};
    struct report_speech *s = (void *)&x;
    struct report_question q = {0};
    const struct list questions = {&q, 1};
    struct list l = {0};
    assert_ok(speech_of_answer(&x, arena, &s, &err));
    assert_null(s);
    assert_ok(speech_of_interview(&questions, arena, &l, &err));
    assert_int_equal(l.count, 0);
}

static void a_few_words_say_nothing_of_pace(void **state)
{
    (void)state;
    struct utterance u = said(UTTERANCE_CANDIDATE, 0, 2000, "Just a few words");
    struct answer x = spoken(&u, 1);
    struct report_speech *s = NULL;
    assert_ok(speech_of_answer(&x, arena, &s, &err));
    assert_true(isnan(s->pace));
    assert_int_equal(s->pauses, 0);
}

/* ---- structure ---- */

static const struct report_structure_part *part(const struct list *l, enum structure_part p)
{
    return (const struct report_structure_part *)l->items + p;
}

static void the_parts_of_a_story_are_quoted(void **state)
{
    (void)state;
    struct utterance u[] = {
        said(UTTERANCE_CANDIDATE, 0, 4000, "When I was at the water company there was a leak nobody could find."),
        said(UTTERANCE_CANDIDATE, 4000, 7000, "I had to find it before the weekend."),
        said(UTTERANCE_CANDIDATE, 7000, 11000, "So I decided to close the valves one after the other."),
        said(UTTERANCE_CANDIDATE, 11000, 14000, "As a result we saved half of the water.")};
    struct answer x = spoken(u, 4);
    struct list l = {0};
    assert_ok(structure_of(&x, arena, &l, &err));
    assert_int_equal(l.count, STRUCTURE_PARTS);
    for (int k = 0; k < STRUCTURE_PARTS; k++) {
        assert_int_equal(part(&l, k)->part, k);
        assert_true(part(&l, k)->found);
        assert_string_equal(part(&l, k)->quote, u[k].text);
        near(part(&l, k)->start_ms, (double)u[k].start_ms);
    }
}

static void what_is_not_told_is_not_found(void **state)
{
    (void)state;
    struct answer x = {.question_text = "Tell me about it.",
                       .text = "In general one should communicate well. I decided to write more often.",
                       .mode = ANSWER_BY_TEXT};
    struct list l = {0};
    assert_ok(structure_of(&x, arena, &l, &err));
    assert_true(part(&l, STRUCTURE_ACTION)->found);
    assert_string_equal(part(&l, STRUCTURE_ACTION)->quote, "I decided to write more often.");
    assert_true(isnan(part(&l, STRUCTURE_ACTION)->start_ms)); /* typed */
    assert_false(part(&l, STRUCTURE_SITUATION)->found || part(&l, STRUCTURE_RESULT)->found);
    assert_null(part(&l, STRUCTURE_RESULT)->quote);
    x.text = "";
    assert_ok(structure_of(&x, arena, &l, &err));
    assert_false(part(&l, STRUCTURE_ACTION)->found);
}

/* ---- qualities ---- */

static void particular_sentences_are_told_from_general_ones(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double share;
    } tries[] = {{"One should always listen.", 0},      {"We measured it.", 1},
                 {"I built a small tool.", 1},          {"It took three weeks.", 1},
                 {"It went down by 40%.", 1},           {"I need more of it. I think so.", 0},
                 {"We planned it. People matter.", 0.5}};
    for (size_t i = 0; i < COUNT(tries); i++) {
        const struct cover none = {0};
        struct answer x = {.question_text = "Why?", .text = tries[i].text, .mode = ANSWER_BY_TEXT};
        struct report_question q = {.score = NAN};
        assert_ok(qualities_fill(&q, &x, &none, -1, arena, &err));
        if (!(fabs(q.specificity - tries[i].share) < 1e-9))
            fail_msg("%s: %f", tries[i].text, q.specificity);
        assert_true(isnan(q.relevance) && isnan(q.correctness) && isnan(q.transcript_quality));
    }
}

static void a_doubtful_transcript_is_said_to_be_one(void **state)
{
    (void)state;
    struct utterance u[] = {said(UTTERANCE_CANDIDATE, 0, 900, "three words here"),
                            said(UTTERANCE_CANDIDATE, 900, 1900, "one")};
    struct answer x = spoken(u, 2);
    struct report_question q = {.score = 3};
    double credit[] = {1, 0.5};
    const struct cover c = {.points = {NULL, 2}, .credit = credit, .pieces = 4, .kept = 3};
    u[0].confidence = 0.5;
    u[1].confidence = 0.9;
    assert_ok(qualities_fill(&q, &x, &c, CATEGORY_TECHNICAL, arena, &err));
    near(q.transcript_quality, 0.6);
    near(q.relevance, 0.75);
    near(q.correctness, 0.75);
    assert_int_equal(q.considered, 3);
    assert_int_equal(q.remarks.count, 1);
    assert_non_null(strstr(q.remarks.items[0], "60 %"));
    assert_ok(qualities_fill(&q, &x, &c, CATEGORY_BEHAVIORAL, arena, &err));
    assert_true(isnan(q.correctness)); /* of technical questions only */
    u[0].confidence = NAN;
    near(quality_of_transcript(&x), 0.9);
    u[1].other_language = "fr"; /* a word of four */
    assert_ok(qualities_fill(&q, &x, &c, CATEGORY_BEHAVIORAL, arena, &err));
    assert_int_equal(q.remarks.count, 1);
    assert_non_null(strstr(q.remarks.items[0], "(25 %) was in French"));
}

static void a_very_long_answer_says_what_was_looked_at(void **state)
{
    (void)state;
    char *text = arena_alloc(arena, 40000);
    size_t n = 0;
    for (int i = 0; i < 400; i++)
        n += (size_t)sprintf(text + n, "We talked about it again today. ");
    struct answer x = {.question_text = "Why?", .text = text, .mode = ANSWER_BY_TEXT};
    struct report_question q = {.score = NAN};
    const struct cover none = {0};
    assert_ok(qualities_fill(&q, &x, &none, -1, arena, &err));
    assert_int_equal(q.sentences, 400);
    assert_int_equal(q.remarks.count, 1);
    assert_non_null(strstr(q.remarks.items[0], "2400 words"));
    assert_non_null(strstr(q.remarks.items[0], "All of its 400 sentences"));
}

/* ---- competencies ---- */

static const struct report_competency *at(const struct list *l, size_t i)
{
    assert_true(i < l->count);
    return (const struct report_competency *)l->items + i;
}

static void weights_decide_what_counts(void **state)
{
    (void)state;
    struct report_question q[] = {{.competency = "Depth", .score = 4},
                                  {.competency = "Team", .score = 2},
                                  {.competency = "depth", .score = 5},
                                  {.competency = "Quiet", .score = NAN}};
    const struct list questions = {q, 4};
    struct list none = {0}, l = {0};
    double overall = 0;
    assert_ok(competencies_of(&questions, NULL, &none, arena, &l, &overall, &err));
    assert_int_equal(l.count, 3);
    near(overall, 3.7); /* 11 / 3 */
    near(at(&l, 0)->score, 4.5);
    near(at(&l, 0)->weight, 0.667);
    assert_int_equal(at(&l, 0)->questions, 2);
    assert_true(isnan(at(&l, 2)->score) && at(&l, 2)->weight == 0 && at(&l, 2)->scored == 0);
    struct competency_weight w[] = {{.name = "Team", .weight = 3}};
    struct list weights = {w, 1};
    assert_ok(competencies_of(&questions, NULL, &weights, arena, &l, &overall, &err));
    near(overall, 2.6); /* (3 * 2 + 1 * 4.5) / 4 */
    w[0].weight = 0;
    assert_ok(competencies_of(&questions, NULL, &weights, arena, &l, &overall, &err));
    near(overall, 4.5);
    const double levels[] = {NAN, 5, NAN, 1};
    assert_ok(competencies_of(&questions, levels, &none, arena, &l, &overall, &err));
    near(overall, 3.8); /* (4 + 5 + 5 + 1) / 4 */
    near(at(&l, 2)->score, 1);
    struct list nobody = {0};
    assert_ok(competencies_of(&nobody, NULL, &none, arena, &l, &overall, &err));
    assert_true(isnan(overall) && l.count == 0);
}

/* ---- summary ---- */

static void a_summary_says_what_is_there_and_no_more(void **state)
{
    (void)state;
    struct report_point first[] = {{.text = "Names a tool", .met = POINT_MET, .quote = "gdb"},
                                   {.text = "Says how it ended", .met = POINT_MISSED}};
    struct report_point second[] = {{.text = "Own part in it", .met = POINT_PARTIAL, .quote = "we did"}};
    struct report_question q[] = {
        {.position = 1, .score = 4, .points = {first, 2}, .question_text = "One?"},
        {.position = 2, .score = 2.5, .points = {second, 1}, .question_text = "Two?"},
        {.position = 3, .score = NAN, .abstained = ABSTAINED_SKIPPED, .question_text = "Three?"}};
    struct report_competency k[] = {{.name = "Depth", .score = 4}, {.name = "Team", .score = 2.5}};
    struct report_content c = {.asked = 5, .answered = 2, .partial = true, .competencies = {k, 2}};
    struct report r = {.questions = {q, 3}, .overall_score = 3.3};
    assert_ok(summary_write(&r, &c, arena, &err));
    assert_string_equal(
        r.summary,
        "Viva suggests level 3.3 of 5 from 2 of 3 answers. Partial: 2 of 5 questions answered; the interview ended "
        "before "
        "its last question. Highest in Depth (4.0), lowest in Team (2.5). Most of what was asked for is in the answer "
        "to "
        "question 1 (4.0), least in the answer to question 2 (2.5). Made clear: names a tool (question 1). Not heard, "
        "or "
        "only touched: says how it ended (question 1) and your own part in it (question 2). Question 3 was not scored: "
        "the "
        "candidate skipped it. Every level opens to what was said; a person decides.");
    const struct report_finding *s = c.strengths.items, *g = c.gaps.items;
    assert_true(c.strengths.count == 1 && c.gaps.count == 2);
    assert_string_equal(s[0].quote, "gdb");
    assert_null(g[0].quote);
    const struct report_follow_up *f = c.ask_next.items;
    assert_int_equal(c.ask_next.count, 3);
    assert_string_equal(f[0].question, "Could you say how it ended?");
    assert_string_equal(f[1].question, "You touched on your own part in it. Could you say more about that?");
    assert_string_equal(f[2].question, "Three?");
    struct report empty = {.overall_score = NAN};
    struct report_content nothing = {0};
    assert_ok(summary_write(&empty, &nothing, arena, &err));
    assert_string_equal(empty.summary, "No question was answered, so nothing could be scored.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(words_have_the_times_that_were_heard),
        TEST(without_them_they_lie_in_proportion),
        TEST(pace_pauses_and_fillers_are_counted),
        TEST(what_was_typed_has_no_pace),
        TEST(a_few_words_say_nothing_of_pace),
        TEST(the_parts_of_a_story_are_quoted),
        TEST(what_is_not_told_is_not_found),
        TEST(particular_sentences_are_told_from_general_ones),
        TEST(a_doubtful_transcript_is_said_to_be_one),
        TEST(a_very_long_answer_says_what_was_looked_at),
        TEST(weights_decide_what_counts),
        TEST(a_summary_says_what_is_there_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
