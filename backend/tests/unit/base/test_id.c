#include "unit/base/check.h"

#include "base/id.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int order(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct id));
}

static void carries_version_variant_and_time(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++) {
        struct id id = id_new();
        assert_int_equal(id.b[6] >> 4, 7);
        assert_int_equal(id.b[8] >> 6, 2);
        int64_t ms = 0, now = (int64_t)time(NULL) * 1000;
        for (int k = 0; k < 6; k++)
            ms = ms << 8 | id.b[k];
        assert_in_range(ms, now - 2000, now + 10000);
    }
}

#define THREADS    8
#define PER_THREAD 20000

static struct id made[THREADS][PER_THREAD];

static void *make_many(void *arg)
{
    struct id *out = arg;
    for (int i = 0; i < PER_THREAD; i++)
        out[i] = id_new();
    return NULL;
}

/* More ids than 12 bits a millisecond hold, so that the counter overflows too. */
static void rises_within_each_thread_and_never_repeats(void **state)
{
    (void)state;
    pthread_t t[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&t[i], NULL, make_many, made[i]), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(t[i], NULL);
    for (int i = 0; i < THREADS; i++)
        for (int k = 1; k < PER_THREAD; k++)
            assert_true(order(&made[i][k - 1], &made[i][k]) < 0);
    qsort(made, THREADS * PER_THREAD, sizeof(struct id), order);
    for (int k = 1; k < THREADS * PER_THREAD; k++)
        assert_true(order(&made[0][0] + k - 1, &made[0][0] + k) < 0);
}

static void text_round_trips(void **state)
{
    (void)state;
    char text[ID_TEXT_SIZE];
    struct id id = id_new(), back;
    id_format(id, text);
    assert_int_equal(strlen(text), 36);
    assert_true(id_parse(text, &back));
    assert_true(id_equal(id, back));
    assert_true(id_parse("0190A000-0000-7000-8000-00000000abCD", &back));
    id_format(back, text);
    assert_string_equal(text, "0190a000-0000-7000-8000-00000000abcd");
    assert_false(id_is_zero(back));
    assert_true(id_is_zero((struct id){0}));
}

static void what_is_not_an_id_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "0190a000-0000-7000-8000-00000000abc",
                                      "0190a000-0000-7000-8000-00000000abcde",
                                      "0190a00000007000800000000000abcd0000",
                                      "0190a000-0000-7000-8000_00000000abcd",
                                      "0190a000-0000-7000-8000-00000000abcg",
                                      "{190a000-0000-7000-8000-00000000abc}",
                                      " 190a000-0000-7000-8000-00000000abcd"};
    struct id id = {{1}}, untouched = id;
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(id_parse(bad[i], &id));
    assert_false(id_parse(NULL, &id));
    assert_true(id_equal(id, untouched));
}

static void tokens_are_base64url_of_the_right_length(void **state)
{
    (void)state;
    static const size_t lengths[] = {0, 2, 3, 4, 6, 7, 8}; /* characters of 0 to 6 bytes */
    for (size_t n = 0; n < COUNT(lengths); n++) {
        char t[32];
        random_token(t, sizeof(t), n);
        assert_int_equal(strlen(t), lengths[n]);
        assert_int_equal(strspn(t, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), strlen(t));
    }
    char a[44], b[44], small[8];
    random_token(a, sizeof(a), 32);
    random_token(b, sizeof(b), 32);
    assert_int_equal(strlen(a), 43);
    assert_string_not_equal(a, b);
    random_token(small, sizeof(small), 32);
    assert_int_equal(strlen(small), 7);
}

/* The six bits of one byte's two characters: all values turn up, the last two bits only as zeros. */
static void tokens_use_every_bit(void **state)
{
    (void)state;
    bool seen[256] = {0};
    for (int i = 0; i < 20000; i++) {
        char t[4];
        random_token(t, sizeof(t), 1);
        seen[(unsigned char)t[0]] = true;
        assert_non_null(strchr("AQgw", t[1]));
    }
    int distinct = 0;
    for (int i = 0; i < 256; i++)
        distinct += seen[i];
    assert_int_equal(distinct, 64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(carries_version_variant_and_time),
        cmocka_unit_test(rises_within_each_thread_and_never_repeats),
        cmocka_unit_test(text_round_trips),
        cmocka_unit_test(what_is_not_an_id_is_refused),
        cmocka_unit_test(tokens_are_base64url_of_the_right_length),
        cmocka_unit_test(tokens_use_every_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
