#include "speech_fixture.h"

#include "providers/stt/pieces.h"

static struct vad *g_vad;
static struct arena *g_arena;
static struct error err;

static int setup(void **state)
{
    struct provider_config cfg = no_config();
    (void)state;
    return vad_new("fake", &cfg, &g_vad, &err) == STATUS_OK && (g_arena = arena_new(256 << 20)) != NULL ? 0 : 1;
}

static int teardown(void **state)
{
    (void)state;
    vad_free(g_vad);
    arena_free(g_arena);
    return 0;
}

/* Sound of `seconds`, loud from and to these seconds (pairs, ended by a negative). */
static float *bursts(double seconds, const double *pairs)
{
    const size_t n = (size_t)(seconds * RATE);
    float *x = calloc(n, sizeof *x);
    for (; pairs[0] >= 0; pairs += 2)
        for (size_t i = (size_t)(pairs[0] * RATE); i < (size_t)(pairs[1] * RATE); i++)
            x[i] = (float)(0.3 * sin(0.1 * (double)i));
    return x;
}

static void silence_has_no_pieces(void **state)
{
    const double none[] = {-1};
    float *x = bursts(5, none);
    struct piece *p = NULL;
    size_t n = 9;
    (void)state;
    assert_int_equal(pieces_cut(g_vad, x, 5 * RATE, g_arena, &p, &n, &err), STATUS_OK);
    assert_int_equal(n, 0);
    assert_int_equal(pieces_cut(g_vad, x, 0, g_arena, &p, &n, &err), STATUS_OK);
    assert_int_equal(n, 0);
    free(x);
}

static void a_click_is_no_speech(void **state)
{
    const double click[] = {1, 1.03, -1};
    float *x = bursts(3, click);
    struct piece *p = NULL;
    size_t n = 9;
    (void)state;
    assert_int_equal(pieces_cut(g_vad, x, 3 * RATE, g_arena, &p, &n, &err), STATUS_OK);
    assert_int_equal(n, 0);
    free(x);
}

static void pauses_are_shortened_and_times_come_back(void **state)
{
    const double two[] = {2, 4, 7, 8, -1};
    float *x = bursts(10, two);
    struct piece *p = NULL;
    size_t n = 0;
    (void)state;
    assert_int_equal(pieces_cut(g_vad, x, 10 * RATE, g_arena, &p, &n, &err), STATUS_OK);
    assert_int_equal(n, 1);
    assert_int_equal(p->n_chunks, 2);
    assert_true(p->n < 6 * RATE && p->n > 4 * RATE);
    assert_true(fabs(piece_time(p, 0.5, false) - 2) < 0.05);
    const double second = (double)p->chunks[1].at / RATE;
    assert_true(fabs(piece_time(p, second + 0.5, false) - 7) < 0.05);
    assert_true(piece_time(p, second, true) < 4.8);  /* an end on the seam belongs to what was before */
    assert_true(piece_time(p, second, false) > 6.3); /* a start to what comes */
    assert_true(piece_time(p, 1000, true) <= 10);
    free(x);
}

static void a_long_silence_starts_another_piece(void **state)
{
    const double two[] = {1, 3, 12, 14, -1};
    float *x = bursts(16, two);
    struct piece *p = NULL;
    size_t n = 0;
    (void)state;
    assert_int_equal(pieces_cut(g_vad, x, 16 * RATE, g_arena, &p, &n, &err), STATUS_OK);
    assert_int_equal(n, 2);
    assert_true(fabs(piece_time(&p[1], 0, false) - 11.5) < 0.05);
    free(x);
}

static void speech_without_a_pause_is_cut_all_the_same(void **state)
{
    const double all[] = {0, 120, -1};
    float *x = bursts(120, all);
    struct piece *p = NULL;
    size_t n = 0, total = 0;
    (void)state;
    assert_int_equal(pieces_cut(g_vad, x, 120 * RATE, g_arena, &p, &n, &err), STATUS_OK);
    assert_true(n >= 5 && n <= 8);
    for (size_t i = 0; i < n; i++) {
        assert_true(p[i].n <= PIECE_SECONDS_MAX * RATE);
        total += p[i].n;
        if (i > 0)
            assert_int_equal(p[i].chunks[0].from, p[i - 1].chunks[0].from + p[i - 1].n);
    }
    assert_int_equal(total, 120 * RATE);
    free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(silence_has_no_pieces),
        cmocka_unit_test(a_click_is_no_speech),
        cmocka_unit_test(pauses_are_shortened_and_times_come_back),
        cmocka_unit_test(a_long_silence_starts_another_piece),
        cmocka_unit_test(speech_without_a_pause_is_cut_all_the_same),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
