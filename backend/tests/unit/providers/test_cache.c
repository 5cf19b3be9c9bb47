/* One contract, kept by the in-process twin and by a real Redis (VIVA_TEST_REDIS_URL; tests/run.sh starts one); then
 * what is different: what the twin does with a fake clock, and what is left when Redis is away. */
#include "providers/cache/cache_backend.h"
#include "unit/base/check.h"

#include "base/log.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LONG_MS 600000
#define WAIT_MS 20000

static const uint8_t salt[32] = "thirty-two bytes of test salt!!";
static struct error err;
static struct cache *c;
static const char *url; /* of the suite that runs */

static struct cache *open_cache(const char *at, const struct clock *clock, size_t keys_max)
{
    struct cache_options o = {.url = at, .salt = salt, .clock = clock, .keys_max = keys_max, .timeout_ms = 2000};
    struct cache *made = NULL;
    assert_ok(cache_new(&o, &made, &err));
    return made;
}

static int setup(void **state)
{
    (void)state;
    c = open_cache(url, &clock_system, 0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    c = cache_free(c);
    return 0;
}

/* A key that no other run has used: the Redis may be an old one. */
static const char *fresh_key(void)
{
    static char key[64];
    static int n;
    snprintf(key, sizeof(key), "test:%ld-%lld-%d", (long)getpid(), (long long)clock_unix_ms(&clock_system), n++);
    return key;
}

static void beat(void)
{
    poll(NULL, 0, 2);
}

/* ---- the contract ---- */

static void it_is_ready_and_says_which_it_is(void **state)
{
    (void)state;
    struct cache_health h;
    cache_health(c, &h);
    assert_true(h.ready);
    assert_string_equal(h.name, url[0] != '\0' ? "redis" : "memory");
    assert_int_equal(h.shared, url[0] != '\0');
}

static void a_bucket_gives_its_burst_and_then_says_how_long(void **state)
{
    (void)state;
    const char *key = fresh_key();
    int64_t wait = -1;
    for (int i = 0; i < 3; i++) {
        assert_true(cache_take(c, key, 0.001, 3, &wait));
        assert_int_equal(wait, 0);
    }
    assert_false(cache_take(c, key, 0.001, 3, &wait));
    assert_in_range(wait, 900000, 1000000);
    assert_true(cache_take(c, fresh_key(), 0.001, 3, &wait)); /* another key, another bucket */
}

static void a_bucket_without_a_rate_never_fills(void **state)
{
    (void)state;
    const char *key = fresh_key();
    int64_t wait = 0;
    assert_true(cache_take(c, key, 0, 1, NULL));
    assert_false(cache_take(c, key, 0, 1, &wait));
    assert_int_equal(wait, 86400000);
}

/* Asked for in batches the bucket still gives no more than it holds; what is over at the end of a second is lost. */
static void batches_give_no_more_than_the_bucket_holds(void **state)
{
    (void)state;
    const char *key = fresh_key();
    int64_t wait = 0;
    int got = 0;
    while (got < 1000 && cache_take_batch(c, key, 0.001, 50, 8, &wait))
        got++;
    assert_in_range(got, 25, 50); /* a slow machine may lose some */
    assert_false(cache_take(c, key, 0.001, 50, &wait));
    assert_true(wait > 0);
}

static void a_bucket_fills_again(void **state)
{
    (void)state;
    const char *key = fresh_key();
    while (cache_take(c, key, 50, 2, NULL))
        ;
    for (int64_t until = clock_mono_ms(&clock_system) + WAIT_MS; !cache_take(c, key, 50, 2, NULL); beat())
        assert_true(clock_mono_ms(&clock_system) < until);
}

static void a_value_lives_as_long_as_told(void **state)
{
    (void)state;
    const char *key = fresh_key();
    char value[CACHE_VALUE_MAX] = "untouched";
    int64_t left = -1;
    assert_false(cache_get(c, key, value, &left));
    assert_string_equal(value, "untouched");
    cache_put(c, key, "one", LONG_MS);
    cache_put(c, key, "two", LONG_MS);
    assert_true(cache_get(c, key, value, &left));
    assert_string_equal(value, "two");
    assert_in_range(left, LONG_MS - WAIT_MS, LONG_MS);
    assert_true(cache_get(c, key, NULL, NULL));
    cache_put(c, key, "three", 1);
    for (int64_t until = clock_mono_ms(&clock_system) + WAIT_MS; cache_get(c, key, NULL, NULL); beat())
        assert_true(clock_mono_ms(&clock_system) < until);
}

static void what_is_removed_is_gone(void **state)
{
    (void)state;
    const char *key = fresh_key();
    cache_put(c, key, "x", LONG_MS);
    cache_remove(c, key);
    assert_false(cache_get(c, key, NULL, NULL));
    cache_remove(c, key); /* nothing there */
    assert_int_equal(cache_add(c, key, LONG_MS), 1);
    assert_int_equal(cache_add(c, key, LONG_MS), 2);
    cache_remove(c, key);
    assert_int_equal(cache_add(c, key, LONG_MS), 1);
}

static void a_long_value_is_cut(void **state)
{
    (void)state;
    const char *key = fresh_key();
    char text[200], value[CACHE_VALUE_MAX];
    memset(text, 'x', sizeof(text));
    text[sizeof(text) - 1] = '\0';
    cache_put(c, key, text, LONG_MS);
    assert_true(cache_get(c, key, value, NULL));
    assert_int_equal(strlen(value), CACHE_VALUE_MAX - 1);
    cache_put(c, key, "", LONG_MS);
    assert_true(cache_get(c, key, value, NULL));
    assert_string_equal(value, "");
}

static void a_claim_has_one_winner(void **state)
{
    (void)state;
    const char *key = fresh_key();
    char value[CACHE_VALUE_MAX];
    int64_t left = -1;
    assert_true(cache_claim(c, key, "first", LONG_MS, &left));
    assert_int_equal(left, -1);
    assert_false(cache_claim(c, key, "second", LONG_MS, &left));
    assert_in_range(left, LONG_MS - WAIT_MS, LONG_MS);
    assert_true(cache_get(c, key, value, NULL));
    assert_string_equal(value, "first");
    cache_remove(c, key);
    assert_true(cache_claim(c, key, "third", 1, NULL));
    for (int64_t until = clock_mono_ms(&clock_system) + WAIT_MS; !cache_claim(c, key, "fourth", LONG_MS, NULL); beat())
        assert_true(clock_mono_ms(&clock_system) < until);
}

static void a_counter_starts_anew_when_its_time_is_over(void **state)
{
    (void)state;
    const char *key = fresh_key();
    for (int i = 1; i <= 5; i++)
        assert_int_equal(cache_add(c, key, LONG_MS), i);
    assert_int_equal(cache_add(c, key, 1), 6);
    int64_t until = clock_mono_ms(&clock_system) + WAIT_MS;
    while (cache_add(c, key, 1) != 1) {
        beat();
        assert_true(clock_mono_ms(&clock_system) < until);
    }
}

/* ---- many threads ---- */

#define THREADS 8
#define EACH    100
static atomic_int given, claimed;
static char shared_bucket[64], shared_counter[64], shared_claim[64];

static void *hammer(void *arg)
{
    (void)arg;
    for (int i = 0; i < EACH; i++) {
        if (cache_take(c, shared_bucket, 0.0001, 300, NULL))
            atomic_fetch_add(&given, 1);
        cache_add(c, shared_counter, LONG_MS);
    }
    if (cache_claim(c, shared_claim, "me", LONG_MS, NULL))
        atomic_fetch_add(&claimed, 1);
    return NULL;
}

static void threads_share_exactly(void **state)
{
    (void)state;
    pthread_t t[THREADS];
    given = claimed = 0;
    snprintf(shared_bucket, sizeof(shared_bucket), "%s", fresh_key());
    snprintf(shared_counter, sizeof(shared_counter), "%s", fresh_key());
    snprintf(shared_claim, sizeof(shared_claim), "%s", fresh_key());
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&t[i], NULL, hammer, NULL), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(t[i], NULL);
    assert_int_equal(given, 300);
    assert_int_equal(claimed, 1);
    assert_int_equal(cache_add(c, shared_counter, LONG_MS), THREADS * EACH + 1);
}

/* ---- messages ---- */

struct ear {
    pthread_mutex_t lock;
    int count, missed;
    char last[CACHE_MESSAGE_MAX];
};

static void hear(void *u, const char *message)
{
    struct ear *e = u;
    pthread_mutex_lock(&e->lock);
    if (message == NULL)
        e->missed++;
    else
        snprintf(e->last, sizeof(e->last), "%s", message);
    e->count += message != NULL;
    pthread_mutex_unlock(&e->lock);
}

static bool heard(struct ear *e, int count, int missed, const char *last)
{
    pthread_mutex_lock(&e->lock);
    bool so = e->count >= count && e->missed >= missed && (last == NULL || strcmp(e->last, last) == 0);
    pthread_mutex_unlock(&e->lock);
    return so;
}

static void wait_heard(struct ear *e, int count, int missed, const char *last)
{
    for (int64_t until = clock_mono_ms(&clock_system) + WAIT_MS; !heard(e, count, missed, last); beat())
        assert_true(clock_mono_ms(&clock_system) < until);
}

/* Again and again, for a subscription may only be on its way. */
static void publish_until_heard(struct cache *from, struct ear *e, const char *message)
{
    for (int64_t until = clock_mono_ms(&clock_system) + WAIT_MS; !heard(e, 1, 0, message); beat()) {
        assert_true(clock_mono_ms(&clock_system) < until);
        cache_publish(from, "news", message);
    }
}

static void messages_reach_whoever_listens(void **state)
{
    (void)state;
    struct ear mine = {.lock = PTHREAD_MUTEX_INITIALIZER}, other = {.lock = PTHREAD_MUTEX_INITIALIZER};
    assert_ok(cache_subscribe(c, "news", hear, &mine, &err));
    assert_ok(cache_subscribe(c, "weather", hear, &other, &err));
    publish_until_heard(c, &mine, "hello");
    cache_publish(c, "weather", "rain");
    wait_heard(&other, 1, 0, "rain");
    assert_true(heard(&mine, 1, 0, "hello"));
    cache_unsubscribe(c, hear, &mine);
    cache_publish(c, "news", "nobody hears");
    cache_publish(c, "weather", "sun");
    wait_heard(&other, 2, 0, "sun");
    assert_true(heard(&mine, 1, 0, "hello"));
    cache_unsubscribe(c, hear, &other);
}

static void subscribers_have_an_end(void **state)
{
    (void)state;
    struct ear e[CACHE_SUBSCRIBERS_MAX + 1] = {0};
    for (int i = 0; i < CACHE_SUBSCRIBERS_MAX; i++)
        assert_ok(cache_subscribe(c, "x", hear, &e[i], &err));
    assert_status(cache_subscribe(c, "x", hear, &e[CACHE_SUBSCRIBERS_MAX], &err), STATUS_NO_MEMORY);
    for (int i = 0; i < CACHE_SUBSCRIBERS_MAX; i++)
        cache_unsubscribe(c, hear, &e[i]);
}

/* ---- two replicas on one Redis ---- */

static void replicas_share_everything(void **state)
{
    (void)state;
    struct cache *b = open_cache(url, &clock_system, 0);
    struct ear there = {.lock = PTHREAD_MUTEX_INITIALIZER};
    char key[64];
    snprintf(key, sizeof(key), "%s", fresh_key());
    assert_true(cache_take(c, key, 0.001, 2, NULL));
    assert_true(cache_take(b, key, 0.001, 2, NULL));
    assert_false(cache_take(c, key, 0.001, 2, NULL));
    assert_false(cache_take(b, key, 0.001, 2, NULL));
    snprintf(key, sizeof(key), "%s", fresh_key());
    int got = 0;
    for (int i = 0; i < 400; i++)
        got += cache_take_batch(i % 2 ? b : c, key, 0.001, 100, 8, NULL);
    assert_in_range(got, 40, 100);
    snprintf(key, sizeof(key), "%s", fresh_key());
    cache_put(c, key, "from c", LONG_MS);
    assert_true(cache_get(b, key, NULL, NULL));
    assert_false(cache_claim(b, key, "", LONG_MS, NULL));
    snprintf(key, sizeof(key), "%s", fresh_key());
    assert_int_equal(cache_add(c, key, LONG_MS), 1);
    assert_int_equal(cache_add(b, key, LONG_MS), 2);
    assert_ok(cache_subscribe(b, "news", hear, &there, &err));
    publish_until_heard(c, &there, "across");
    cache_unsubscribe(b, hear, &there);
    cache_free(b);
}

/* ---- the twin, with a clock of ours ---- */

static void the_twin_is_bounded_and_forgets_what_is_over_first(void **state)
{
    (void)state;
    struct clock_fake fake = {0};
    struct clock clock = clock_fake_make(&fake);
    struct cache *small = open_cache("", &clock, 8);
    char key[32], value[CACHE_VALUE_MAX];
    for (int i = 0; i < 5000; i++) {
        snprintf(key, sizeof(key), "k:%d", i);
        cache_put(small, key, key, 1000 + i); /* each outlives those before it */
        assert_true(cache_get(small, key, value, NULL));
        assert_string_equal(value, key);
    }
    assert_false(cache_get(small, "k:0", NULL, NULL));
    int64_t left = 0;
    assert_true(cache_get(small, "k:4999", NULL, &left));
    assert_int_equal(left, 5999);
    clock_fake_advance(&fake, 5998);
    assert_true(cache_get(small, "k:4999", NULL, NULL));
    clock_fake_advance(&fake, 1);
    assert_false(cache_get(small, "k:4999", NULL, NULL));
    assert_null(cache_free(small));
    assert_null(cache_free(NULL));
}

/* ---- Redis is away ---- */

/* A port that takes connections and never says a word: what a stopped process looks like. */
static int silent_port(char *out, size_t size)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof(at);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, n), 0);
    assert_int_equal(listen(fd, 64), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
    snprintf(out, size, "redis://127.0.0.1:%d", ntohs(at.sin_port));
    return fd;
}

static void works_alone(const char *at)
{
    struct cache_options o = {.url = at, .salt = salt, .clock = &clock_system, .timeout_ms = 50};
    struct cache *alone = NULL;
    struct cache_health h;
    struct ear e = {.lock = PTHREAD_MUTEX_INITIALIZER};
    char value[CACHE_VALUE_MAX];
    assert_ok(cache_new(&o, &alone, &err));
    cache_health(alone, &h);
    assert_false(h.ready);
    assert_true(h.shared);
    assert_non_null(strstr(h.message, "away"));
    assert_true(cache_take(alone, "rate:a", 0.001, 1, NULL));
    assert_false(cache_take(alone, "rate:a", 0.001, 1, NULL));
    assert_int_equal(cache_add(alone, "n:a", LONG_MS), 1);
    assert_int_equal(cache_add(alone, "n:a", LONG_MS), 2);
    cache_put(alone, "v:a", "kept", LONG_MS);
    assert_true(cache_get(alone, "v:a", value, NULL));
    assert_string_equal(value, "kept");
    assert_false(cache_claim(alone, "v:a", "x", LONG_MS, NULL));
    assert_ok(cache_subscribe(alone, "news", hear, &e, &err));
    cache_publish(alone, "news", "here");
    assert_true(heard(&e, 1, 0, "here"));
    cache_unsubscribe(alone, hear, &e);
    cache_free(alone);
}

static void without_redis_the_twin_stands_in(void **state)
{
    (void)state;
    char at[64];
    int fd = silent_port(at, sizeof(at));
    works_alone(at); /* silent */
    close(fd);
    works_alone(at); /* refuses */
}

static void a_redis_that_comes_back_is_used_again(void **state)
{
    (void)state;
    char at[64];
    int fd = silent_port(at, sizeof(at));
    struct cache_options o = {.url = at, .salt = salt, .clock = &clock_system, .timeout_ms = 2000};
    struct cache *back = NULL;
    struct cache_health h;
    close(fd);
    assert_ok(cache_new(&o, &back, &err));
    cache_health(back, &h);
    assert_false(h.ready);
    /* something now answers there: every command with OK, which is enough for the probe */
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    to.sin_port = htons((uint16_t)atoi(strrchr(at, ':') + 1));
    int one = 1, server = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    assert_int_equal(bind(server, (struct sockaddr *)&to, sizeof(to)), 0);
    assert_int_equal(listen(server, 16), 0);
    int peer = accept(server, NULL, NULL); /* the probe's */
    char got[256];
    assert_true(recv(peer, got, sizeof(got), 0) > 0);
    assert_non_null(memmem(got, sizeof(got), "viva:probe", 10));
    assert_int_equal(send(peer, "+OK\r\n", 5, 0), 5);
    int listener = accept(server, NULL, NULL); /* the subscription's: it is believed to be back */
    assert_true(recv(listener, got, sizeof(got), 0) > 0);
    assert_non_null(memmem(got, sizeof(got), "PSUBSCRIBE", 10));
    close(listener);
    close(peer);
    close(server);
    cache_free(back);
}

/* ---- addresses ---- */

static void addresses_are_read_whole_or_not_at_all(void **state)
{
    (void)state;
    struct redis_address at;
    assert_ok(redis_address_parse("redis://cache.example.org", &at, &err));
    assert_string_equal(at.host, "cache.example.org");
    assert_int_equal(at.port, 6379);
    assert_int_equal(at.db, 0);
    assert_ok(redis_address_parse("redis://:p%40ss%3Aword@127.0.0.1:6380/3", &at, &err));
    assert_string_equal(at.user, "");
    assert_string_equal(at.password, "p@ss:word");
    assert_string_equal(at.host, "127.0.0.1");
    assert_int_equal(at.port, 6380);
    assert_int_equal(at.db, 3);
    assert_ok(redis_address_parse("redis://viva:secret@[::1]:7000/", &at, &err));
    assert_string_equal(at.user, "viva");
    assert_string_equal(at.host, "::1");
    assert_int_equal(at.port, 7000);
    static const char *const wrong[] = {
        "redis://",       "http://x",       "rediss://x",     "redis://:@",       "redis://x:0",     "redis://x:65536",
        "redis://x:y",    "redis://x/y",    "redis://x/1/2",  "redis://secret@x", "redis://[::1",    "redis://[::1]7",
        "redis://:%zz@x", "redis://:%00@x", "redis://x?db=1", "redis:x",          "redis://x:123456"};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        memset(&err, 0, sizeof(err));
        if (redis_address_parse(wrong[i], &at, &err) != STATUS_INVALID)
            fail_msg("%s was taken", wrong[i]);
        assert_string_equal(err.field, "REDIS_URL");
        assert_null(strstr(err.message, "secret"));
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest contract[] = {
        TEST(it_is_ready_and_says_which_it_is),
        TEST(a_bucket_gives_its_burst_and_then_says_how_long),
        TEST(a_bucket_without_a_rate_never_fills),
        TEST(batches_give_no_more_than_the_bucket_holds),
        TEST(a_bucket_fills_again),
        TEST(a_value_lives_as_long_as_told),
        TEST(what_is_removed_is_gone),
        TEST(a_long_value_is_cut),
        TEST(a_claim_has_one_winner),
        TEST(a_counter_starts_anew_when_its_time_is_over),
        TEST(threads_share_exactly),
        TEST(messages_reach_whoever_listens),
        TEST(subscribers_have_an_end),
    };
    const struct CMUnitTest redis_only[] = {TEST(replicas_share_everything)};
    const struct CMUnitTest others[] = {
        cmocka_unit_test(the_twin_is_bounded_and_forgets_what_is_over_first),
        cmocka_unit_test(without_redis_the_twin_stands_in),
        cmocka_unit_test(a_redis_that_comes_back_is_used_again),
        cmocka_unit_test(addresses_are_read_whole_or_not_at_all),
    };
    const char *redis = getenv("VIVA_TEST_REDIS_URL");
    signal(SIGPIPE, SIG_IGN);
    log_set_level(LOG_ERROR);
    url = "";
    int failed = cmocka_run_group_tests_name("memory", contract, NULL, NULL);
    failed += cmocka_run_group_tests_name("others", others, NULL, NULL);
    if (redis == NULL) {
        fprintf(stderr, "VIVA_TEST_REDIS_URL is not set: bash tests/servers.sh start_redis DIR\n");
        return 1;
    }
    url = redis;
    failed += cmocka_run_group_tests_name("redis", contract, NULL, NULL);
    return failed + cmocka_run_group_tests_name("redis replicas", redis_only, NULL, NULL);
}
