/* Recognitions for which there is no memory, through the hub. */
#include "interview.h"

static atomic_int refusals; /* so many still find none */

static void *sparse_calloc(size_t n, size_t size)
{
    int left = atomic_load(&refusals);
    while (left > 0 && !atomic_compare_exchange_weak(&refusals, &left, left - 1))
        ;
    return left > 0 ? NULL : calloc(n, size);
}

/* The file's own object in the library is not linked: its symbols are defined here. */
#define calloc(n, size) sparse_calloc(n, size)
#include "live/session_hear.c"
#undef calloc

/* Everything that was sent is worked through, and the beat with it. */
static void beat(struct client *c, int64_t ms)
{
    atomic_fetch_add(&world_ms, ms);
    expect_none(c, "answer.ended");
}

/* Reads on until everything sent so far is worked through. Whether one of this type was among it. */
static bool came(struct client *c, const char *type)
{
    bool seen = false;
    client_send(c, "{\"type\":\"ping\",\"t\":5}");
    for (bool pong = false; !pong;) {
        struct json_doc *d = client_next(c);
        const char *got = json_get_string(json_root(d), "type", "");
        seen = seen || strcmp(got, type) == 0;
        pong = strcmp(got, "pong") == 0;
        json_doc_free(d);
    }
    return seen;
}

/* Captions give way to all other work: one may be left out, not all. */
static void expect_captions(struct live *l, struct client *c)
{
    static const char caption[] = "conversation.item.input_audio_transcription.delta";
    for (int i = 0; i < 10; i++) {
        client_sound(c, 400, true);
        atomic_fetch_add(&world_ms, 600);
        bool seen = came(c, caption);
        assert_true(speech_line_wait_idle(live_speech(l), 20000));
        if (came(c, caption) || seen)
            return;
    }
    fail_msg("no caption came");
}

/* A caption, then the guess at the pause and the words themselves: each fails, twice and more between two beats, and
 * all come back; so the answer goes on to be heard, with captions, and ends. */
static void what_finds_no_memory_is_tried_again(void **state)
{
    (void)state;
    log_set_level(LOG_ERROR + 1);
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    atomic_store(&refusals, 6);
    while (atomic_load(&refusals) > 0) {
        client_sound(c, 1600, true);
        beat(c, 1300);
        client_sound(c, 400, false);
        beat(c, 100);
    }
    expect_captions(l, c);
    client_done(c);
    client_await(c, "answer.ended");
    assert_true(world_read(1).answers[1].pieces > 0);
    client_leave(c);
    live_free(l);
    log_set_level(LOG_INFO);
}

#define test(f) cmocka_unit_test_setup(f, world_reset)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(what_finds_no_memory_is_tried_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
