#include "live/segmenter.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What came out, as one line: "S300 P300-1300(1716) E1300" with times in ms and a piece's length in ms. */
static char trace[4096];
static int16_t sum;

static void note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void note(const char *fmt, ...)
{
    size_t n = strlen(trace);
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(trace + n, sizeof(trace) - n, fmt, ap);
    va_end(ap);
}

static void started(void *u, int64_t at)
{
    (void)u;
    note("S%lld ", (long long)at);
}

static void piece(void *u, const struct segmenter_piece *p)
{
    (void)u;
    for (size_t i = 0; i < p->n; i++) /* every sample can be read */
        sum = (int16_t)(sum ^ p->pcm[i]);
    note("P%lld-%lld(%zu) ", (long long)p->start_ms, (long long)p->end_ms, p->n / 16);
}

static void stopped(void *u, int64_t at)
{
    (void)u;
    note("E%lld ", (long long)at);
}

/* The sound's first sample is its own probability. */
static enum status probability(void *u, const float frame[SEGMENTER_FRAME], float *ret)
{
    (void)u;
    *ret = frame[0];
    return STATUS_OK;
}

static struct segmenter *fresh(void)
{
    struct segmenter_events on = {NULL, started, piece, stopped, probability, NULL};
    trace[0] = '\0';
    return segmenter_new(&on);
}

static void frames(struct segmenter *s, int n, float p)
{
    float f[SEGMENTER_FRAME];
    for (int i = 0; i < SEGMENTER_FRAME; i++)
        f[i] = p;
    for (; n > 0; n--)
        assert_int_equal(segmenter_push(s, f, SEGMENTER_FRAME), STATUS_OK);
}

static void voice(void *u, bool begun, int64_t at)
{
    (void)u;
    note("%c%lld ", begun ? 'V' : 'v', (long long)at);
}

/* Whoever speaks over the interviewer stops it within 200 ms: a voice is told within 128 ms of its first sample,
 * wherever in a frame that lies; and taken back when it does not become speech. */
static void a_voice_is_told_before_it_is_sure(void **state)
{
    (void)state;
    struct segmenter_events on = {voice, started, piece, stopped, probability, NULL};
    for (size_t lead = 0; lead < SEGMENTER_FRAME; lead += 37) {
        struct segmenter *s = segmenter_new(&on);
        float quiet[SEGMENTER_FRAME] = {0}, sound[16];
        size_t heard = 0;
        trace[0] = '\0';
        for (int i = 0; i < 16; i++)
            sound[i] = 0.9f;
        assert_int_equal(segmenter_push(s, quiet, lead), STATUS_OK);
        for (; strchr(trace, 'V') == NULL; heard += 16)
            assert_int_equal(segmenter_push(s, sound, 16), STATUS_OK);
        assert_true(heard * 1000 / SEGMENTER_RATE <= 128);
        segmenter_free(s);
    }
    struct segmenter *s = segmenter_new(&on);
    trace[0] = '\0';
    frames(s, 1, 0.9f);
    frames(s, 11, 0.1f); /* a click is not even told */
    frames(s, 3, 0.9f);
    frames(s, 10, 0.1f);
    frames(s, 6, 0.9f);
    segmenter_flush(s);
    assert_string_equal(trace, "V384 v384 V800 S800 P800-992(492) E992 ");
    segmenter_free(s);
}

static void a_pause_is_measured(void **state)
{
    (void)state;
    struct segmenter *s = fresh();
    assert_int_equal(segmenter_pause_ms(s), SEGMENTER_HANGOVER_MS);
    frames(s, 1, 0.9f); /* not believed yet, but nothing to cut either */
    assert_int_equal(segmenter_pause_ms(s), 0);
    frames(s, 20, 0.9f);
    assert_int_equal(segmenter_pause_ms(s), 0);
    frames(s, 5, 0);
    assert_int_equal(segmenter_pause_ms(s), 5 * 32);
    frames(s, 1, 0.9f);
    assert_int_equal(segmenter_pause_ms(s), 0);
    frames(s, 30, 0);
    assert_int_equal(segmenter_pause_ms(s), SEGMENTER_HANGOVER_MS);
    segmenter_free(s);
}

static void a_piece_has_preroll_and_hangover(void **state)
{
    (void)state;
    struct segmenter *s = fresh();
    frames(s, 20, 0);
    frames(s, 30, 0.9f);
    frames(s, 20, 0);
    assert_string_equal(trace, "S640 P640-1600(1868) E1600 ");
    segmenter_free(s);
}

static void a_cough_is_not_speech(void **state)
{
    (void)state;
    struct segmenter *s = fresh();
    frames(s, 20, 0);
    frames(s, 4, 0.9f);
    frames(s, 50, 0);
    assert_string_equal(trace, "");
    assert_int_equal(segmenter_open_piece(s).n, 0);
    segmenter_free(s);
}

static void doubtful_frames_do_not_end_speech(void **state)
{
    (void)state;
    struct segmenter *s = fresh();
    frames(s, 10, 0.9f);
    frames(s, 100, 0.4f);
    assert_string_equal(trace, "S0 ");
    frames(s, 12, 0.1f); /* a pause shorter than the hangover */
    frames(s, 10, 0.9f);
    assert_string_equal(trace, "S0 ");
    frames(s, 6, 0.1f);
    frames(s, 13, 0.4f); /* once quiet, doubt does not bring speech back */
    assert_string_equal(trace, "S0 P0-4224(4832) E4224 ");
    segmenter_free(s);
}

static void long_speech_is_cut_where_it_is_quietest(void **state)
{
    (void)state;
    struct segmenter *s = fresh();
    frames(s, 625, 0.9f); /* 20 s */
    frames(s, 1, 0.6f);
    frames(s, 200, 0.9f);
    assert_string_equal(trace, "S0 P0-20032(21024) "); /* a second of what comes after */
    const struct segmenter_piece open = segmenter_open_piece(s);
    assert_int_equal(open.start_ms, 20032);
    assert_int_equal(open.own_from_ms, 20032);
    assert_int_equal(open.from_ms, 20032 - 992);
    frames(s, 20, 0);
    assert_string_equal(trace, "S0 P0-20032(21024) P20032-26432(8000) E26432 ");
    segmenter_free(s);
}

static void endless_speech_stays_bounded(void **state)
{
    (void)state;
    struct segmenter *s = fresh();
    for (int i = 0; i < 120; i++) {
        frames(s, 31, 0.9f);
        assert_true(segmenter_open_piece(s).n <= 25 * 16000);
    }
    segmenter_flush(s);
    frames(s, 40, 0);
    assert_int_equal(segmenter_open_piece(s).n, 0);
    segmenter_free(s);
}

static void flush_keeps_what_is_not_sure_yet(void **state)
{
    (void)state;
    struct segmenter *s = fresh();
    frames(s, 20, 0);
    frames(s, 3, 0.9f);
    segmenter_flush(s);
    assert_string_equal(trace, "S640 P640-736(396) E736 ");
    segmenter_flush(s);
    assert_string_equal(trace, "S640 P640-736(396) E736 ");
    segmenter_free(s);
}

static void times_go_on_from_the_base(void **state)
{
    (void)state;
    struct segmenter *s = fresh();
    segmenter_start(s, 60000);
    frames(s, 10, 0.9f);
    segmenter_skip(s, 16000 * 5);
    assert_string_equal(trace, "S60000 P60000-60320(320) E60320 ");
    assert_int_equal(segmenter_now_ms(s), 65320);
    frames(s, 10, 0.9f);
    assert_non_null(strstr(trace, "S65320 "));
    segmenter_free(s);
}

/* Any cutting into packets gives the same pieces. */
static void packets_do_not_matter(void **state)
{
    (void)state;
    static float sound[SEGMENTER_FRAME * 100];
    char whole[4096];
    for (int i = 0; i < SEGMENTER_FRAME * 100; i++)
        sound[i] = i / SEGMENTER_FRAME % 40 < 20 ? 0 : 0.9f;
    struct segmenter *s = fresh();
    assert_int_equal(segmenter_push(s, sound, SEGMENTER_FRAME * 100), STATUS_OK);
    strcpy(whole, trace);
    segmenter_free(s);
    assert_true(strlen(whole) > 0);
    s = fresh();
    for (size_t at = 0, n = 1; at < SEGMENTER_FRAME * 100; at += n, n = n * 7 % 811 + 1) {
        size_t take = at + n > SEGMENTER_FRAME * 100 ? SEGMENTER_FRAME * 100 - at : n;
        assert_int_equal(segmenter_push(s, sound + at, take), STATUS_OK);
    }
    assert_string_equal(trace, whole);
    segmenter_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_piece_has_preroll_and_hangover),  cmocka_unit_test(a_cough_is_not_speech),
        cmocka_unit_test(a_voice_is_told_before_it_is_sure), cmocka_unit_test(a_pause_is_measured),
        cmocka_unit_test(doubtful_frames_do_not_end_speech), cmocka_unit_test(long_speech_is_cut_where_it_is_quietest),
        cmocka_unit_test(endless_speech_stays_bounded),      cmocka_unit_test(flush_keeps_what_is_not_sure_yet),
        cmocka_unit_test(times_go_on_from_the_base),         cmocka_unit_test(packets_do_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
