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
    client_sound(c, 1600, true);
    atomic_fetch_add(&world_ms, 1300);
    client_await(c, "conversation.item.input_audio_transcription.delta");
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
