#include "unit/base/check.h"

#include "services/speech_door.h"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>

static struct speech_door *door;
static sem_t entered, leave;
static atomic_int served;

static void *visit(void *arg)
{
    struct error err;
    enum speech_engine at = *(enum speech_engine *)arg;
    while (speech_door_enter(door, at, &err) != STATUS_OK) /* the probe below may be inside for a moment */
        sched_yield();
    sem_post(&entered);
    sem_wait(&leave);
    atomic_fetch_add(&served, 1);
    speech_door_leave(door, at);
    return arg;
}

static int setup(void **state)
{
    (void)state;
    sem_init(&entered, 0, 0);
    sem_init(&leave, 0, 0);
    served = 0;
    return 0;
}

/* An engine that does two things serves one request; a second waits for it, a third is refused at once, at the other
 * engine too; and who has left makes room. */
static void one_place_is_kept_and_few_may_wait(void **state)
{
    static enum speech_engine stt = SPEECH_ENGINE_STT;
    struct error err = {0};
    pthread_t a, b;
    (void)state;
    door = speech_door_new(2, 2);
    pthread_create(&a, NULL, visit, &stt);
    sem_wait(&entered);
    pthread_create(&b, NULL, visit, &stt);
    while (speech_door_enter(door, SPEECH_ENGINE_TTS, &err) == STATUS_OK) /* until b has come: then two are inside */
        speech_door_leave(door, SPEECH_ENGINE_TTS);
    assert_string_equal(err.code, "speech_busy");
    assert_int_equal(sem_trywait(&entered), -1); /* b waits behind a */
    sem_post(&leave);
    sem_wait(&entered);
    assert_int_equal(served, 1);
    sem_post(&leave);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    assert_int_equal(served, 2);
    assert_ok(speech_door_enter(door, SPEECH_ENGINE_STT, &err));
    speech_door_leave(door, SPEECH_ENGINE_STT);
    door = speech_door_free(door);
}

/* Both engines serve side by side. */
static void the_engines_do_not_wait_for_each_other(void **state)
{
    struct error err = {0};
    (void)state;
    struct speech_door *d = speech_door_new(1, 2);
    assert_ok(speech_door_enter(d, SPEECH_ENGINE_STT, &err));
    assert_ok(speech_door_enter(d, SPEECH_ENGINE_TTS, &err));
    assert_status(speech_door_enter(d, SPEECH_ENGINE_TTS, &err), STATUS_UNAVAILABLE);
    speech_door_leave(d, SPEECH_ENGINE_TTS);
    assert_ok(speech_door_enter(d, SPEECH_ENGINE_TTS, &err));
    speech_door_leave(d, SPEECH_ENGINE_TTS);
    speech_door_leave(d, SPEECH_ENGINE_STT);
    speech_door_free(d);
    assert_ok(speech_door_enter(NULL, SPEECH_ENGINE_STT, &err));
    speech_door_leave(NULL, SPEECH_ENGINE_STT);
    assert_null(speech_door_free(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(one_place_is_kept_and_few_may_wait, setup),
        cmocka_unit_test_setup(the_engines_do_not_wait_for_each_other, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
