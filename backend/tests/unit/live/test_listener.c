/* What the listener has recognised, and what gives way to it. */
#include "ears.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- a voice detector that takes what is loud for speech (a double of providers/provider.h) ---- */

enum status vad_stream_new(struct vad *v, struct vad_stream **ret, struct error *err)
{
    (void)err;
    *ret = (struct vad_stream *)(void *)v;
    return STATUS_OK;
}

struct vad_stream *vad_stream_free(struct vad_stream *s)
{
    (void)s;
    return NULL;
}

void vad_stream_reset(struct vad_stream *s)
{
    (void)s;
}

enum status vad_stream_push(struct vad_stream *s, const float pcm[VAD_FRAME], float *p, struct error *err)
{
    (void)s;
    (void)err;
    *p = pcm[VAD_FRAME / 2] > 0.1f ? 1 : 0;
    return STATUS_OK;
}

/* Nothing is recognised here. */
enum status stt_transcribe(struct stt *s, const float *pcm, size_t n, const struct stt_options *o, struct arena *a,
                           struct transcript **ret, struct error *err)
{
    (void)s;
    (void)pcm;
    (void)n;
    (void)o;
    (void)a;
    (void)ret;
    return error_set(err, STATUS_UNAVAILABLE, "test", NULL, "no ears");
}

/* ---- an owner that writes down what is asked of it ---- */

static struct {
    struct listener *listener;
    struct listening_job *caption, *guess; /* under way */
    char log[512];
    int64_t now;
    uint32_t seq;
    bool roomy;
} g;

static void note(const char *what, const struct listening_job *j)
{
    static const char *const kinds[] = {"caption", "guess", "final"};
    const size_t len = strlen(g.log);
    snprintf(g.log + len, sizeof g.log - len, "%s %s, ", what, kinds[j->kind]);
}

static void on_recognise(void *u, struct listening_job *j)
{
    (void)u;
    note("begin", j);
    *(j->kind == LISTENING_CAPTION ? &g.caption : &g.guess) = j;
}

static void on_hurry(void *u, const struct listening_job *j)
{
    (void)u;
    note("hurry", j);
}

static void on_stop(void *u, const struct listening_job *j)
{
    (void)u;
    note("stop", j);
}

static bool on_roomy(void *u)
{
    (void)u;
    return g.roomy;
}

static bool on_idle(void *u)
{
    (void)u;
    return true;
}

static int begin(void **state)
{
    static char voice;
    struct listener_owner owner = ears(NULL);
    struct error err;
    (void)state;
    owner.recognise = on_recognise;
    owner.hurry = on_hurry;
    owner.stop = on_stop;
    owner.idle = on_idle;
    owner.roomy = on_roomy;
    memset(&g, 0, sizeof g);
    assert_int_equal(listener_new((struct vad *)(void *)&voice, &owner, &g.listener, &err), STATUS_OK);
    listener_open(g.listener);
    return 0;
}

static int end(void **state)
{
    (void)state;
    listening_job_free(g.caption);
    listening_job_free(g.guess);
    listener_free(g.listener);
    return 0;
}

static void sound(int ms, bool loud)
{
    uint8_t f[645] = {0x01};
    for (size_t i = 5; loud && i < sizeof f; i += 2)
        f[i + 1] = 0x20;
    for (int t = 0; t < ms; t += 20, g.now += 20) {
        for (int i = 0; i < 4; i++)
            f[1 + i] = (uint8_t)(g.seq >> (8 * i));
        g.seq++;
        listener_packet(g.listener, f, sizeof f, 0, g.now);
    }
    listener_tick(g.listener, g.now);
}

/* NULL: it was ended. */
static void comes_back(struct listening_job **j, const char *text)
{
    struct listening_job *done = *j;
    *j = NULL;
    done->ok = text != NULL;
    done->text = text != NULL ? strdup(text) : NULL;
    listener_result(g.listener, done, g.now);
}

static void expect(const char *log)
{
    assert_string_equal(g.log, log);
    g.log[0] = '\0';
}

/* ---- tests ---- */

static void a_caption_gives_way_to_the_guess_at_a_pause(void **state)
{
    (void)state;
    sound(1500, true);
    expect("begin caption, ");
    sound(300, false);
    expect("stop caption, begin guess, ");
    comes_back(&g.caption, NULL);
    comes_back(&g.guess, "Words.");
    sound(1500, true);
    expect("begin caption, ");
}

static void a_guess_gives_way_to_the_one_at_the_next_pause(void **state)
{
    (void)state;
    sound(1500, true);
    comes_back(&g.caption, "Words");
    sound(300, false);
    expect("begin caption, begin guess, ");
    sound(800, true);
    expect(""); /* somebody goes on: what runs will do for a caption */
    sound(260, false);
    expect("stop guess, ");
    comes_back(&g.guess, NULL);
    sound(20, false);
    expect("begin guess, ");
    sound(100, false);
    expect(""); /* it is this pause's */
}

static void what_a_piece_waits_for_is_not_ended(void **state)
{
    (void)state;
    sound(1500, true);
    comes_back(&g.caption, "Words");
    sound(700, false); /* the piece is over */
    expect("begin caption, begin guess, ");
    listener_transcribe(g.listener);
    expect("hurry guess, ");
    sound(800, true);
    sound(300, false);
    expect("");
    comes_back(&g.guess, "Words.");
    assert_string_equal(listener_oldest(g.listener)->text, "Words.");
    sound(20, false);
    expect("begin guess, ");
}

/* Where there is room for it: 128 ms of silence instead of 224. */
static void a_guess_is_made_sooner_when_there_is_little_to_do(void **state)
{
    (void)state;
    sound(1500, true);
    comes_back(&g.caption, "Words");
    expect("begin caption, ");
    sound(180, false);
    expect("");
    sound(100, true);
    g.roomy = true;
    sound(180, false);
    expect("begin guess, ");
    sound(60, false);
    expect(""); /* the same pause */
}

static void what_was_made_out_before_is_told_along(void **state)
{
    (void)state;
    sound(1500, true);
    assert_null(g.caption->likely);
    comes_back(&g.caption, "So the");
    sound(600, true);
    assert_string_equal(g.caption->likely, "So the");
    comes_back(&g.caption, "So the plan");
    sound(300, false);
    assert_string_equal(g.guess->likely, "So the plan");
    comes_back(&g.guess, "So the plan was");
    sound(1500, true);
    assert_null(g.caption->likely); /* it is of what comes after the guess */
    comes_back(&g.caption, "this");
    sound(600, true);
    assert_string_equal(g.caption->likely, "this");
    comes_back(&g.caption, "this one.");
    sound(300, false);
    assert_string_equal(g.guess->likely, "So the plan was this one.");
    comes_back(&g.guess, "So the plan was this one.");
    sound(400, false); /* the piece is over */
    sound(1500, true);
    assert_null(g.caption->likely);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_caption_gives_way_to_the_guess_at_a_pause, begin, end),
        cmocka_unit_test_setup_teardown(a_guess_gives_way_to_the_one_at_the_next_pause, begin, end),
        cmocka_unit_test_setup_teardown(what_a_piece_waits_for_is_not_ended, begin, end),
        cmocka_unit_test_setup_teardown(a_guess_is_made_sooner_when_there_is_little_to_do, begin, end),
        cmocka_unit_test_setup_teardown(what_was_made_out_before_is_told_along, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
