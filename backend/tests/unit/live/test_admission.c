/* Who may begin when others are under way: through the hub, with clients on fake wires. */
#include "interview.h"

static void expect_place(struct client *c, int position)
{
    char said[64];
    struct json_doc *d = client_expect(c, "server.busy");
    assert_int_equal(json_get_int(json_root(d), "position", 0), position);
    assert_true(json_get_int(json_root(d), "retry_after_s", 0) > 0);
    snprintf(said, sizeof(said), "You are number %d in the queue", position);
    assert_non_null(strstr(json_get_string(json_root(d), "message", ""), said));
    json_doc_free(d);
}

static struct client *waits(struct live *l, int session, int position)
{
    struct client *c = client_connect(l, session);
    client_start(c);
    expect_place(c, position);
    return c;
}

static void finish(struct client *c)
{
    client_done(c);
    json_doc_free(client_hear(c, "question"));
    json_doc_free(client_answer_started(c));
    client_done(c);
    json_doc_free(client_hear(c, "farewell"));
    client_await(c, "session.completed");
}

static bool lies_there(struct client *c, const char *type)
{
    for (unsigned k = c->out; k != c->in; k++)
        if (strstr(c->inbox[k % INBOX_MAX], type) != NULL)
            return true;
    return false;
}

/* The clock goes on until this message has come. */
static void until(struct client *c, const char *type)
{
    bool came = false;
    for (int i = 0; i < 1000 && !came; i++) {
        struct timespec soon;
        clock_gettime(CLOCK_REALTIME, &soon);
        soon.tv_sec += soon.tv_nsec >= 980000000;
        soon.tv_nsec = (soon.tv_nsec + 20000000) % 1000000000;
        atomic_fetch_add(&world_ms, 100);
        pthread_mutex_lock(&c->lock);
        if (!lies_there(c, type))
            pthread_cond_timedwait(&c->came, &c->lock, &soon);
        came = lies_there(c, type);
        pthread_mutex_unlock(&c->lock);
    }
}

static void greeted_in_time(struct client *c)
{
    until(c, "utterance.created");
    json_doc_free(client_hear(c, "greeting"));
}

static void one_too_many_waits_and_begins_when_one_ends(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *a = to_first_answer(l, 1), *b = to_first_answer(l, 2);
    struct client *c = waits(l, 3, 1), *d = waits(l, 4, 2);
    assert_false(world_read(3).begun);
    finish(a);
    client_leave(a);
    greeted_in_time(c);
    until(d, "server.busy");
    expect_place(d, 1); /* moved up, and still waits */
    assert_false(world_read(4).begun);
    client_leave(b);
    client_leave(c);
    client_leave(d);
    live_free(l);
}

static void who_comes_back_is_never_refused(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *a = to_first_answer(l, 1), *b = to_first_answer(l, 2);
    client_leave(a);
    atomic_fetch_add(&world_ms, 61000); /* long enough for another to begin in between */
    struct client *c = client_connect(l, 3);
    client_start(c);
    greeted_in_time(c);
    a = client_connect(l, 1);
    client_start(a);
    json_doc_free(client_answer_started(a)); /* although two are under way */
    client_leave(a);
    client_leave(b);
    client_leave(c);
    live_free(l);
}

static void one_under_way_before_a_restart_goes_on(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *a = to_first_answer(l, 1);
    client_leave(a);
    live_free(l);
    l = world_start(10);
    struct client *b = to_first_answer(l, 2), *c = to_first_answer(l, 3);
    a = client_connect(l, 1);
    client_start(a);
    json_doc_free(client_answer_started(a));
    client_leave(a);
    client_leave(b);
    client_leave(c);
    live_free(l);
}

static void over_rest_it_is_the_same_queue(void **state)
{
    (void)state;
    struct error err = {0};
    struct live *l = world_start(10);
    assert_int_equal(live_may_begin(l, world_id(5), &err), STATUS_OK);
    struct client *a = to_first_answer(l, 1), *b = to_first_answer(l, 2);
    struct client *c = waits(l, 3, 1);
    assert_int_equal(live_may_begin(l, world_id(4), &err), STATUS_UNAVAILABLE);
    assert_string_equal(err.code, "server_busy");
    assert_non_null(strstr(err.message, "number 2 in the queue"));
    struct live_figures f;
    live_figures(l, &f);
    assert_int_equal(f.under_way, 2);
    assert_int_equal(f.waiting, 2);
    assert_int_equal(live_may_begin(l, world_id(1), &err), STATUS_OK); /* begun */
    client_leave(a);
    client_leave(b);
    client_leave(c);
    live_free(l);
}

static int two_at_once(void **state)
{
    world_at_once = 2;
    return world_reset(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(one_too_many_waits_and_begins_when_one_ends, two_at_once),
        cmocka_unit_test_setup(who_comes_back_is_never_refused, two_at_once),
        cmocka_unit_test_setup(one_under_way_before_a_restart_goes_on, two_at_once),
        cmocka_unit_test_setup(over_rest_it_is_the_same_queue, two_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
