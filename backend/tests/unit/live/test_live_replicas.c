/* A conversation that moves: to another replica, or on by an answer over REST. */
#include "interview.h"

#include <poll.h>

static void replicas_begin(struct live **here, struct live **there)
{
    static const uint8_t salt[32] = {1};
    struct cache_options o = {.salt = salt, .clock = &clock_system};
    struct error err;
    assert_int_equal(cache_new(&o, &world_cache, &err), STATUS_OK);
    *here = world_start(10);
    *there = world_start(10);
}

static void replicas_end(struct live *here, struct live *there)
{
    live_free(here);
    live_free(there);
    world_cache = cache_free(world_cache);
}

/* The client comes back at another replica: the old connection ends there with 4409, what it heard is stored, the new
 * one goes on; the old replica keeps nothing. */
static void another_replica_takes_a_session_over(void **state)
{
    (void)state;
    struct live *here, *there;
    replicas_begin(&here, &there);
    struct client *a = to_first_answer(here, 1);
    speak_and_pause(a);
    struct client *b = client_connect(there, 1);
    client_expect_close(a, 4409);
    client_leave(a);
    struct json_doc *d = client_expect(b, "session.created");
    assert_true(json_get_bool(json_root(d), "resumed", false));
    json_doc_free(d);
    client_start(b);
    free_started(b);
    for (int i = 0; sessions_in(here) > 0 && i < 4000; i++)
        poll(NULL, 0, 5);
    assert_int_equal(sessions_in(here), 0);
    assert_int_equal(world_read(1).answers[1].pieces, 1);
    assert_int_equal(sessions_in(there), 1);
    client_done(b);
    client_await(b, "answer.ended");
    client_leave(b);
    replicas_end(here, there);
}

/* A message that comes late tells of a connection older than the one that is here: it ends nothing. */
static void a_late_message_ends_no_newer_connection(void **state)
{
    (void)state;
    struct live *here, *there;
    char id[ID_TEXT_SIZE], message[128];
    replicas_begin(&here, &there);
    client_leave(client_connect(there, 1)); /* number 1 */
    struct client *a = to_first_answer(here, 1);
    id_format(world_id(1), id);
    snprintf(message, sizeof(message), "opened %s another 1", id);
    cache_publish(world_cache, "live", message);
    cache_publish(world_cache, "live", "nonsense");
    cache_publish(world_cache, "live", "opened x y 9");
    client_send(a, "{\"type\":\"ping\",\"t\":5}");
    client_await(a, "pong");
    snprintf(message, sizeof(message), "opened %s another 99", id);
    cache_publish(world_cache, "live", message);
    client_expect_close(a, 4409);
    client_leave(a);
    replicas_end(here, there);
}

static void an_answer_over_another_replica_s_rest_moves_the_conversation_on(void **state)
{
    (void)state;
    struct live *here, *there;
    replicas_begin(&here, &there);
    struct client *c = to_first_answer(here, 1);
    pthread_mutex_lock(&world_lock);
    world_db[1].answers[1].open = false;
    world_db[1].answers[1].ended = true;
    pthread_mutex_unlock(&world_lock);
    live_session_changed(there, world_id(1));
    struct json_doc *d = client_hear(c, "question");
    assert_int_equal(json_get_int(json_root(d), "position", 0), 2);
    json_doc_free(d);
    client_leave(c);
    replicas_end(here, there);
}

static void an_answer_over_rest_moves_the_conversation_on(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    pthread_mutex_lock(&world_lock);
    world_db[1].answers[1].open = false;
    world_db[1].answers[1].ended = true;
    pthread_mutex_unlock(&world_lock);
    live_session_changed(l, world_id(1));
    struct json_doc *d = client_hear(c, "question");
    assert_int_equal(json_get_int(json_root(d), "position", 0), 2);
    json_doc_free(d);
    free_started(c);
    /* and without being told: the button finds it out */
    pthread_mutex_lock(&world_lock);
    world_db[1].answers[2].open = false;
    world_db[1].answers[2].ended = true;
    pthread_mutex_unlock(&world_lock);
    client_done(c);
    free_hear(c, "farewell");
    client_await(c, "session.completed");
    client_leave(c);
    live_free(l);
}

#define test(f) cmocka_unit_test_setup(f, world_reset)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(another_replica_takes_a_session_over),
        test(a_late_message_ends_no_newer_connection),
        test(an_answer_over_another_replica_s_rest_moves_the_conversation_on),
        test(an_answer_over_rest_moves_the_conversation_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
