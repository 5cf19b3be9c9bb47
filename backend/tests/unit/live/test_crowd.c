/* How many interviews at once, who waits, and when captions give way. */
#include "unit/base/check.h"

#include "live/crowd.h"
#include "live/load.h"

#include <string.h>

#define SECOND INT64_C(1000000)

static struct id person(int n)
{
    struct id id = {{0x01, (uint8_t)(n >> 8), (uint8_t)n}};
    return id;
}

static void as_many_as_the_workers_keep_up_with(void **state)
{
    (void)state;
    assert_true(crowd_fits(0, &(struct crowd_state){.utilisation = 1, .late = true})); /* one alone */
    assert_true(crowd_fits(0, &(struct crowd_state){8, 0, 0.40, false, true}));        /* a ninth: 0.45 */
    assert_true(crowd_fits(0, &(struct crowd_state){13, 0, 0.64, false, true}));
    assert_false(crowd_fits(0, &(struct crowd_state){14, 0, 0.68, false, true}));
    assert_false(crowd_fits(0, &(struct crowd_state){8, 0, 0.40, true, true})); /* turns are late already */
    /* Before captions give way, what they and guesses take is still to be saved. */
    assert_true(crowd_fits(0, &(struct crowd_state){4, 0, 0.80, false, false}));
    assert_false(crowd_fits(0, &(struct crowd_state){10, 10, 0, false, false})); /* a rush: nothing is measured */
    assert_false(crowd_fits(0, &(struct crowd_state){4, 0, 0.80, false, true}));
    assert_false(crowd_fits(0, &(struct crowd_state){4, 0, 0.80, true, false}));
    /* Those who have just come will need what the others need. */
    assert_true(crowd_fits(0, &(struct crowd_state){8, 4, 0.30, false, true}));
    assert_false(crowd_fits(0, &(struct crowd_state){14, 10, 0.30, false, true}));
    /* While nobody is measured, a guess; and silence is no promise. */
    assert_true(crowd_fits(0, &(struct crowd_state){8, 8, 0, false, true}));
    assert_false(crowd_fits(0, &(struct crowd_state){10, 10, 0, false, true}));
    assert_false(crowd_fits(0, &(struct crowd_state){40, 35, 0, false, true}));
}

#define RUSH 24

/* Of the workers, one second: each candidate talks from 25 s on and then needs 0.055; twice that before captions give
 * way. */
static double needed_at(const int *admitted_s, int t, bool lean)
{
    double sum = 0;
    for (int i = 0; i < RUSH; i++)
        sum += admitted_s[i] >= 0 && t - admitted_s[i] >= 25 ? (lean ? 0.055 : 0.11) : 0;
    return sum;
}

/* Many come at the same time, long before the first of them talks: they wait until it is known what one needs. */
static void a_rush_does_not_overload(void **state)
{
    (void)state;
    int admitted_s[RUSH], begun = 0;
    double second[LOAD_SECONDS] = {0}, busy = 0;
    enum captions captions = CAPTIONS_USUAL;
    for (int i = 0; i < RUSH; i++)
        admitted_s[i] = -1;
    for (int t = 0; t < 300; t++) {
        const double now = needed_at(admitted_s, t, captions != CAPTIONS_USUAL);
        assert_true(needed_at(admitted_s, t, true) < 0.72); /* captions give way within seconds */
        busy += (now - second[t % LOAD_SECONDS]) / LOAD_SECONDS;
        second[t % LOAD_SECONDS] = now;
        captions = crowd_captions(captions, busy, false);
        struct crowd_state s = {.utilisation = busy, .lean = captions != CAPTIONS_USUAL, .under_way = (unsigned)begun};
        for (int i = 0; i < begun; i++)
            s.newcomers += t - admitted_s[i] < CROWD_NEWCOMER_MS / 1000;
        for (; begun < RUSH && begun <= t * RUSH / 40 && crowd_fits(0, &s); s.under_way++, s.newcomers++)
            admitted_s[begun++] = t;
    }
    assert_in_range(begun, 12, 13); /* 13 need 0.715, a fourteenth would bring it over 0.70 */
}

static void a_number_is_kept_to(void **state)
{
    (void)state;
    assert_true(crowd_fits(2, &(struct crowd_state){1, 0, 1, true, true}));
    assert_false(crowd_fits(2, &(struct crowd_state){2, 0, 0, false, true}));
}

static void first_come_first_served(void **state)
{
    (void)state;
    struct crowd c = {0};
    unsigned at = 0;
    assert_true(crowd_ask(&c, person(0), 0, true, &at)); /* nobody waits */
    for (int i = 1; i <= 3; i++) {
        assert_false(crowd_ask(&c, person(i), 1000 * i, false, &at));
        assert_int_equal(at, i);
    }
    assert_false(crowd_ask(&c, person(3), 4000, true, &at)); /* one fits, but two were there before */
    assert_int_equal(at, 3);
    assert_false(crowd_ask(&c, person(4), 4000, true, &at)); /* nor does who comes now pass */
    assert_int_equal(at, 4);
    assert_true(crowd_ask(&c, person(1), 4000, true, &at));
    assert_false(crowd_ask(&c, person(3), 4000, false, &at));
    assert_int_equal(at, 2); /* all moved up */
    assert_int_equal(crowd_waiting(&c, 4000), 3);
}

static void who_is_away_is_passed_over_and_then_dropped(void **state)
{
    (void)state;
    struct crowd c = {0};
    unsigned at = 0;
    int64_t now = 0;
    assert_false(crowd_ask(&c, person(1), 0, false, &at));
    assert_false(crowd_ask(&c, person(2), 0, false, &at));
    assert_false(crowd_ask(&c, person(3), 0, false, &at));
    now = CROWD_PRESENT_MS + 1;
    assert_true(crowd_ask(&c, person(2), now, true, &at));
    assert_false(crowd_ask(&c, person(1), CROWD_KEPT_MS, false, &at)); /* back in time: the place was kept */
    assert_int_equal(at, 1);
    now = CROWD_KEPT_MS + 1;
    assert_int_equal(crowd_waiting(&c, now), 1); /* the third never asked again */
    assert_false(crowd_ask(&c, person(3), now, false, &at));
    assert_int_equal(at, 2);
}

static void a_full_queue_still_answers(void **state)
{
    (void)state;
    static struct crowd c;
    unsigned at = 0;
    for (int i = 0; i < CROWD_WAITING_MAX + 2; i++)
        assert_false(crowd_ask(&c, person(i), 0, false, &at));
    assert_int_equal(at, CROWD_WAITING_MAX + 1);
    assert_false(crowd_ask(&c, person(5), 1, false, &at));
    assert_int_equal(at, 6);
}

static void the_message_says_the_place(void **state)
{
    (void)state;
    char text[256];
    crowd_message(2, text, sizeof text);
    assert_non_null(strstr(text, "You are number 2 in the queue"));
    assert_non_null(strstr(text, "your link stays valid."));
}

static void captions_give_way_and_come_back(void **state)
{
    (void)state;
    enum captions c = CAPTIONS_USUAL;
    static const struct {
        double utilisation;
        bool late;
        enum captions want;
    } steps[] = {{0.40, false, CAPTIONS_USUAL},     {0.50, false, CAPTIONS_SPARSE},    {0.40, false, CAPTIONS_SPARSE},
                 {0.65, false, CAPTIONS_AT_PAUSES}, {0.55, false, CAPTIONS_AT_PAUSES}, {0.49, false, CAPTIONS_SPARSE},
                 {0.20, false, CAPTIONS_SPARSE},    {0.12, false, CAPTIONS_USUAL},     {0.10, true, CAPTIONS_AT_PAUSES},
                 {0.10, false, CAPTIONS_USUAL}};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        c = crowd_captions(c, steps[i].utilisation, steps[i].late);
        assert_int_equal(c, steps[i].want);
    }
}

static void load_is_what_turns_need(void **state)
{
    (void)state;
    struct load l = {0};
    for (int s = 100; s < 110; s++) {
        load_add(&l, s * SECOND, LOAD_EXTRA, SECOND, SECOND);
        load_add(&l, s * SECOND, LOAD_NEEDED, SECOND / 2, SECOND);
        load_add(&l, s * SECOND, LOAD_WAITED, SECOND / 2, SECOND);
    }
    struct load_report r = load_report(&l, 110 * SECOND, 2);
    assert_float_equal(r.utilisation, 10.0 / (LOAD_SECONDS * 2), 1e-9);
    assert_false(r.late);
    r = load_report(&l, (100 + LOAD_SECONDS + 4) * SECOND, 2); /* the first five are forgotten */
    assert_float_equal(r.utilisation, 5.0 / (LOAD_SECONDS * 2), 1e-9);
}

static void more_than_one_in_twenty_is_late(void **state)
{
    (void)state;
    struct load l = {0};
    load_add(&l, 5 * SECOND, LOAD_WAITED, SECOND, 3 * SECOND);
    assert_false(load_report(&l, 6 * SECOND, 1).late); /* one is chance */
    load_add(&l, 5 * SECOND, LOAD_WAITED, SECOND, 3 * SECOND);
    assert_true(load_report(&l, 6 * SECOND, 1).late);
    for (int i = 0; i < 38; i++)
        load_add(&l, 6 * SECOND, LOAD_WAITED, SECOND / 10, SECOND / 10);
    assert_false(load_report(&l, 7 * SECOND, 1).late);         /* two of forty */
    load_add(&l, 7 * SECOND, LOAD_NEEDED, SECOND, 9 * SECOND); /* nobody waited for it */
    assert_false(load_report(&l, 7 * SECOND, 1).late);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_many_as_the_workers_keep_up_with),
        cmocka_unit_test(a_rush_does_not_overload),
        cmocka_unit_test(a_number_is_kept_to),
        cmocka_unit_test(first_come_first_served),
        cmocka_unit_test(who_is_away_is_passed_over_and_then_dropped),
        cmocka_unit_test(a_full_queue_still_answers),
        cmocka_unit_test(the_message_says_the_place),
        cmocka_unit_test(captions_give_way_and_come_back),
        cmocka_unit_test(load_is_what_turns_need),
        cmocka_unit_test(more_than_one_in_twenty_is_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
