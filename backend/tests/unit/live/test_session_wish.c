/* What the candidate may want beside answering, over fake wires. */
#include "interview.h"

static int64_t number(struct client *c, const char *type, const char *field)
{
    struct json_doc *d = client_expect(c, type);
    int64_t n = json_get_int(json_root(d), field, -1);
    json_doc_free(d);
    return n;
}

static void expect_error(struct client *c, const char *code)
{
    struct json_doc *d = client_expect(c, "error");
    assert_string_equal(json_get_string(json_root(d), "code", ""), code);
    assert_false(json_get_bool(json_root(d), "fatal", true));
    json_doc_free(d);
}

static void expect_question(struct client *c, const char *words)
{
    struct json_doc *d = client_hear(c, "question");
    if (strstr(json_get_string(json_root(d), "text", ""), words) == NULL)
        fail_msg("said: %s", json_get_string(json_root(d), "text", ""));
    json_doc_free(d);
}

static void other_words_are_its_authors_or_our_own(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    client_send(c, "{\"type\":\"question.rephrase\"}");
    expect_question(c, "What is it that you made?");
    json_doc_free(client_answer_started(c));
    client_done(c);
    json_doc_free(client_hear(c, "question"));
    json_doc_free(client_answer_started(c));
    client_send(c, "{\"type\":\"question.rephrase\"}");
    expect_question(c, "The question is this. What went wrong?");
    client_leave(c);
    live_free(l);
}

static void a_slower_voice_stays(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    client_send(c, "{\"type\":\"voice.rate\",\"rate\":0.5}");
    expect_error(c, "message_invalid");
    client_send(c, "{\"type\":\"voice.rate\",\"rate\":0.8}");
    struct json_doc *d = client_expect(c, "voice.rate");
    assert_true(json_get_number(json_root(d), "rate", 0) == 0.8);
    json_doc_free(d);
    expect_question(c, "What did you build?"); /* said again, more slowly */
    pthread_mutex_lock(&world_lock);
    assert_true(world_slow_syntheses >= 1);
    assert_true(world_db[1].slower);
    pthread_mutex_unlock(&world_lock);
    client_leave(c);
    live_free(l);
    l = world_start(10); /* the server forgot, the database did not */
    c = client_connect(l, 1);
    d = client_expect(c, "session.created");
    assert_true(json_get_bool(json_root(d), "slower", false));
    json_doc_free(d);
    client_leave(c);
    live_free(l);
}

static void a_skipped_question_is_no_answer(void **state)
{
    (void)state;
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    client_send(c, "{\"type\":\"question.skip\"}");
    expect_ended(c, "skipped", NULL);
    client_await(c, "utterance.created");
    client_send(c, "{\"type\":\"question.skip\"}"); /* before it has been asked */
    expect_ended(c, "skipped", NULL);
    json_doc_free(client_hear(c, "farewell"));
    client_expect_close(c, 1000);
    client_leave(c);
    struct world_session w = world_read(1);
    assert_true(w.completed && w.answers[1].skipped && w.answers[2].skipped);
    assert_int_equal(w.answers[1].mode, ANSWER_NONE);
    live_free(l);
}

static void thinking_and_more_time(void **state)
{
    (void)state;
    world_think_s = 20;
    world_limit_s = 60;
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    assert_int_equal(number(c, "answer.time", "left_ms"), 60000);
    assert_int_equal(number(c, "think.started", "ms"), 20000);
    atomic_fetch_add(&world_ms, 5000);
    client_send(c, "{\"type\":\"think.done\"}");
    assert_int_equal(number(c, "answer.time", "left_ms"), 60000);
    atomic_fetch_add(&world_ms, 10000);
    for (int i = 1; i <= 2; i++) {
        client_send(c, "{\"type\":\"answer.extend\",\"answer_id\":\"%s\"}", c->answer);
        struct json_doc *d = client_expect(c, "answer.time");
        assert_int_equal(json_get_int(json_root(d), "left_ms", 0), 50000 + 120000 * i);
        assert_int_equal(json_get_int(json_root(d), "extensions_left", -1), 2 - i);
        json_doc_free(d);
    }
    client_send(c, "{\"type\":\"answer.extend\",\"answer_id\":\"%s\"}", c->answer);
    expect_error(c, "no_more_time");
    client_leave(c);
    live_free(l);
    l = world_start(10); /* what was given is kept; thinking is over, or was not used up */
    c = client_connect(l, 1);
    client_start(c);
    int64_t left = number(c, "answer.time", "left_ms");
    assert_int_equal(left, 60000 + 240000);
    client_leave(c);
    live_free(l);
}

static void in_a_pause_nothing_is_heard_and_no_time_runs(void **state)
{
    (void)state;
    world_limit_s = 120;
    struct live *l = world_start(10);
    struct client *c = to_first_answer(l, 1);
    assert_int_equal(number(c, "answer.time", "left_ms"), 120000);
    atomic_fetch_add(&world_ms, 10000);
    client_send(c, "{\"type\":\"interview.pause\"}");
    assert_int_equal(number(c, "interview.paused", "left_ms"), 60000);
    client_send(c, "{\"type\":\"interview.pause\"}"); /* twice is once */
    client_sound(c, 1000, true);
    client_sound(c, 2000, false);
    client_done(c);
    expect_error(c, "paused");
    atomic_fetch_add(&world_ms, 20000);
    client_leave(c);
    live_free(l); /* a reload, and a restart of the server */
    l = world_start(10);
    c = client_connect(l, 1);
    client_start(c);
    assert_int_equal(number(c, "interview.paused", "left_ms"), 40000);
    atomic_fetch_add(&world_ms, 10000);
    client_send(c, "{\"type\":\"interview.resume\"}");
    client_await(c, "interview.resumed");
    expect_question(c, "What did you build?");
    json_doc_free(client_answer_started(c));
    assert_int_equal(number(c, "answer.time", "left_ms"), 110000);
    assert_string_equal(world_read(1).answers[1].said, "");
    client_send(c, "{\"type\":\"interview.pause\"}");
    assert_int_equal(number(c, "interview.paused", "left_ms"), 30000);
    atomic_fetch_add(&world_ms, 31000); /* longer than may be: it goes on by itself */
    client_await(c, "interview.resumed");
    json_doc_free(client_hear(c, "prompt"));
    expect_question(c, "What did you build?");
    json_doc_free(client_answer_started(c));
    client_send(c, "{\"type\":\"interview.pause\"}");
    expect_error(c, "no_pause");
    client_leave(c);
    live_free(l);
}

#define test(f) cmocka_unit_test_setup(f, world_reset)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(other_words_are_its_authors_or_our_own),
        test(a_slower_voice_stays),
        test(a_skipped_question_is_no_answer),
        test(thinking_and_more_time),
        test(in_a_pause_nothing_is_heard_and_no_time_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
