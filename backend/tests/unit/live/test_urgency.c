/* Whose words are recognised first, through the hub, with clients on fake wires. */
#include "interview.h"

#define SAMPLES(ms) ((size_t)(ms)*16)

static struct client *in_an_answer(struct live *l, int session)
{
    struct client *c = to_first_answer(l, session);
    client_sound(c, 300, false);
    return c;
}

static void hold(bool on)
{
    pthread_mutex_lock(&world_lock);
    world_hold = on;
    pthread_cond_broadcast(&world_changed);
    pthread_mutex_unlock(&world_lock);
}

static void until_begun(int n)
{
    pthread_mutex_lock(&world_lock);
    while (world_transcriptions < n)
        pthread_cond_wait(&world_changed, &world_lock);
    pthread_mutex_unlock(&world_lock);
}

/* No faster than it is taken. */
static void speaks(struct client *c, int ms)
{
    for (int t = 0; t < ms; t += 5000) {
        client_sound(c, ms - t < 5000 ? ms - t : 5000, true);
        client_send(c, "{\"type\":\"ping\",\"t\":%d}", t);
        client_await(c, "pong");
    }
}

static void speaks_and_pauses(struct client *c, int ms)
{
    speaks(c, ms);
    client_sound(c, 800, false);
}

/* The one speech worker is held; then one speaks for half a minute without a pause, and somebody else has finished. */
static void who_has_finished_comes_before_who_speaks_on(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *c[3];
    for (int i = 0; i < 3; i++)
        c[i] = in_an_answer(l, i + 1);
    hold(true);
    speaks_and_pauses(c[0], 1000);
    until_begun(1);
    speaks(c[1], 30000);
    speaks_and_pauses(c[2], 3000);
    client_await(c[2], "input_audio_buffer.speech_stopped");
    hold(false);
    client_await(c[2], "conversation.item.input_audio_transcription.completed");
    client_await(c[1], "conversation.item.input_audio_transcription.completed");
    pthread_mutex_lock(&world_lock);
    int finished = -1, cut = -1;
    for (int i = 1; i < 3; i++) {
        finished = world_heard[i] > SAMPLES(3000) && world_heard[i] < SAMPLES(5000) ? i : finished;
        cut = world_heard[i] > SAMPLES(15000) ? i : cut;
    }
    pthread_mutex_unlock(&world_lock);
    assert_int_equal(finished, 1);
    assert_int_equal(cut, 2);
    for (int i = 0; i < 3; i++)
        client_leave(c[i]);
    live_free(l);
}

/* The same once the long one has paused: first come, first served. */
static void a_cut_piece_is_waited_for_once_its_speaker_pauses(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *c[3];
    for (int i = 0; i < 3; i++)
        c[i] = in_an_answer(l, i + 1);
    hold(true);
    speaks_and_pauses(c[0], 1000);
    until_begun(1);
    speaks_and_pauses(c[1], 30000);
    client_await(c[1], "input_audio_buffer.speech_stopped");
    speaks_and_pauses(c[2], 3000);
    client_await(c[2], "input_audio_buffer.speech_stopped");
    hold(false);
    client_await(c[2], "conversation.item.input_audio_transcription.completed");
    client_await(c[1], "conversation.item.input_audio_transcription.completed");
    pthread_mutex_lock(&world_lock);
    assert_true(world_heard[1] > SAMPLES(15000));
    pthread_mutex_unlock(&world_lock);
    for (int i = 0; i < 3; i++)
        client_leave(c[i]);
    live_free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(who_has_finished_comes_before_who_speaks_on, world_reset),
        cmocka_unit_test_setup(a_cut_piece_is_waited_for_once_its_speaker_pauses, world_reset),
    };
    world_speech_workers = 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
