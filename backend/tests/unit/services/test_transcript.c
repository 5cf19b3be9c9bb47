#include "unit/services/stage.h"

#include "services/transcript.h"

#include <string.h>

static struct actor owner;
static struct interview *interview;
static struct id session, answer;

static int setup(void **state)
{
    stage_open(state);
    owner = recruiter_make("ada@example.org");
    interview = interview_make(owner, 2);
    session = session_started(interview, "sam@example.org", &answer);
    return 0;
}

static void say(enum speaker who, int64_t start, int64_t end, const char *text)
{
    struct id id;
    ok(conduct_add_utterance(s, answer, who, start, end, text, &id, &err));
}

static const char *vtt(struct transcript_part part)
{
    static struct buf b;
    buf_free(&b);
    buf_init(&b, 1 << 20);
    ok(transcript_vtt(s, owner, session, &part, arena, &b, &err));
    assert_true(buf_ok(&b));
    return buf_cstr(&b);
}

static const char *text(void)
{
    static struct buf b;
    struct session_transcript *t = NULL;
    buf_free(&b);
    buf_init(&b, 1 << 20);
    ok(transcript_get(s, owner, session, arena, &t, &err));
    transcript_write_text(&b, t);
    return buf_cstr(&b);
}

static void the_second_answer_counts_from_the_beginning_of_the_interview(void **state)
{
    (void)state;
    int64_t started_at = 0;
    const char *whole = NULL;
    struct session_transcript *t = NULL;
    say(SPEAKER_CANDIDATE, 500, 1500, "With gdb.");
    clock_fake_advance(&fake, MINUTE);
    ok(conduct_end_answer(s, answer, ANSWER_VOICE, NULL, arena, &whole, &err));
    ok(conduct_open_answer(s, session, 2, 0, &answer, &started_at, &err));
    say(SPEAKER_CANDIDATE, 7200, 3723004, "It ended well.");
    ok(transcript_get(s, owner, session, arena, &t, &err));
    const struct transcript_answer *x = t->answers.items;
    assert_int_equal(t->answers.count, 2);
    assert_true(x[0].offset_ms == 0 && x[0].duration_ms == MINUTE && x[1].offset_ms == MINUTE);
    assert_string_equal(((struct transcript_line *)x[1].lines.items)->text, "It ended well.");
    assert_string_equal(vtt((struct transcript_part){0}), "WEBVTT\n\n"
                                                          "NOTE Question 1: Question 1?\n\n"
                                                          "NOTE Question 2: Question 2?\n\n"
                                                          "00:00:00.500 --> 00:00:01.500\n"
                                                          "<v Sam Example>With gdb.\n\n"
                                                          "00:01:07.200 --> 01:03:03.004\n"
                                                          "<v Sam Example>It ended well.\n\n");
    assert_non_null(strstr(text(), "\n2. Question 2?\n[00:01:07] Sam Example: It ended well.\n"));
}

static void cues_stand_in_order_and_last(void **state)
{
    (void)state;
    say(SPEAKER_CANDIDATE, 3000, 3000, "later"); /* no length: a cue must have one */
    say(SPEAKER_INTERVIEWER, 1000, 2000, "sooner");
    const char *v = vtt((struct transcript_part){0});
    const char *sooner = strstr(v, "00:00:01.000 --> 00:00:02.000\n<v Interviewer>sooner\n\n");
    const char *later = strstr(v, "00:00:03.000 --> 00:00:03.001\n<v Sam Example>later\n\n");
    assert_true(sooner && later && sooner < later);
}

/* What would end a cue, begin a tag or look like times. */
static void text_stays_text(void **state)
{
    (void)state;
    say(SPEAKER_CANDIDATE, 0, 10, "a < b && c\n\n00:00:01.000 --> 00:00:02.000\nx </v><c>");
    const char *v = vtt((struct transcript_part){0});
    assert_non_null(strstr(v, "<v Sam Example>a &lt; b &amp;&amp; c 00:00:01.000 --&gt; 00:00:02.000 x "
                              "&lt;/v&gt;&lt;c&gt;\n\n"));
    const char *arrow = strstr(v, "-->");
    assert_non_null(arrow);
    assert_null(strstr(arrow + 3, "-->")); /* the one between times */
}

static void typed_words_are_in_no_cue(void **state)
{
    (void)state;
    const char *whole = NULL;
    ok(conduct_end_answer(s, answer, ANSWER_TEXT, "In writing.", arena, &whole, &err));
    assert_null(strstr(vtt((struct transcript_part){0}), "In writing."));
    assert_non_null(strstr(text(), "Answer in writing: In writing.\n"));
}

/* The recording begins 2 s into the answer and is 4 s long. */
static void a_recordings_cues_have_its_own_times(void **state)
{
    (void)state;
    struct recording_segment *r = NULL;
    say(SPEAKER_CANDIDATE, 0, 1000, "before");
    say(SPEAKER_CANDIDATE, 1500, 2500, "across the start");
    say(SPEAKER_CANDIDATE, 3000, 4000, "within");
    say(SPEAKER_CANDIDATE, 5500, 9000, "across the end");
    say(SPEAKER_CANDIDATE, 9500, 9900, "after");
    ok(segment_create(s->db, answer, 1, "video/webm", 2000, T0, arena, &r, &err));
    ok(segment_ready(s->db, r->id, "sessions/x", 4000, T0, &err));
    assert_string_equal(vtt((struct transcript_part){answer, 1}), "WEBVTT\n\nNOTE Question 1: Question 1?\n\n"
                                                                  "00:00:00.000 --> 00:00:00.500\n"
                                                                  "<v Sam Example>across the start\n\n"
                                                                  "00:00:01.000 --> 00:00:02.000\n"
                                                                  "<v Sam Example>within\n\n"
                                                                  "00:00:03.500 --> 00:00:04.000\n"
                                                                  "<v Sam Example>across the end\n\n");
    struct buf b;
    const struct transcript_part none = {answer, 7}, foreign = {session, 1};
    buf_init(&b, 1 << 16);
    fails(transcript_vtt(s, owner, session, &none, arena, &b, &err), STATUS_NOT_FOUND, "not_found");
    fails(transcript_vtt(s, owner, session, &foreign, arena, &b, &err), STATUS_NOT_FOUND, "not_found");
    buf_free(&b);
}

/* It begins 2.5 s before the answer, which began over the question. */
static void a_recording_with_a_lead_says_the_first_word_later(void **state)
{
    (void)state;
    struct recording_segment *r = NULL;
    say(SPEAKER_CANDIDATE, 300, 1300, "first");
    ok(segment_create(s->db, answer, 0, "video/webm", -2500, T0, arena, &r, &err));
    ok(segment_ready(s->db, r->id, "sessions/x", 8000, T0, &err));
    assert_string_equal(vtt((struct transcript_part){answer, 0}), "WEBVTT\n\nNOTE Question 1: Question 1?\n\n"
                                                                  "00:00:02.800 --> 00:00:03.800\n"
                                                                  "<v Sam Example>first\n\n");
}

static void others_see_nothing(void **state)
{
    (void)state;
    struct actor other = recruiter_make("b@example.org");
    struct session_transcript *t = NULL;
    struct buf b;
    const struct transcript_part whole = {0};
    buf_init(&b, 1 << 16);
    fails(transcript_get(s, other, session, arena, &t, &err), STATUS_NOT_FOUND, "not_found");
    fails(transcript_vtt(s, other, session, &whole, arena, &b, &err), STATUS_NOT_FOUND, "not_found");
    buf_free(&b);
}

#undef TEST
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, stage_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_second_answer_counts_from_the_beginning_of_the_interview),
        TEST(cues_stand_in_order_and_last),
        TEST(text_stays_text),
        TEST(typed_words_are_in_no_cue),
        TEST(a_recordings_cues_have_its_own_times),
        TEST(a_recording_with_a_lead_says_the_first_word_later),
        TEST(others_see_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
