/* Sounds in which nobody says anything, through exactly the live path with the real engines: no event holds a word.
 * bench/speech/nothing.py has ten minutes of each. */
#include "unit/providers/speech_fixture.h"

#include "base/cleanup.h"
#include "live/listen.h"
#include "providers/engines.h"

#define SECONDS 20
#define N       ((size_t)SECONDS * RATE)

static struct engines engines;
static float sound[N];
static uint32_t seed;

/* The same on every machine. */
static double chance(void)
{
    seed = seed * 1664525u + 1013904223u;
    return (double)(seed >> 8) / (1 << 24);
}

static double between(double low, double high)
{
    return low + (high - low) * chance();
}

static double gauss(void)
{
    double sum = 0;
    for (int i = 0; i < 12; i++)
        sum += chance();
    return sum - 6;
}

static size_t pick(size_t n)
{
    return (size_t)(chance() * (double)n);
}

static double hz(int semitone)
{
    return 440 * pow(2, (semitone - 69) / 12.0);
}

static void scale(double peak)
{
    double most = 1e-9;
    for (size_t i = 0; i < N; i++)
        most = fmax(most, fabs((double)sound[i]));
    for (size_t i = 0; i < N; i++)
        sound[i] *= (float)(peak / most);
}

/* A tone of falling harmonics that dies away; vibrato: of the pitch, at 5.5 Hz. */
static void note(double at, double length, double f, double gain, double decay, int harmonics, double vibrato)
{
    const size_t from = (size_t)(at * RATE), n = (size_t)(length * RATE);
    for (size_t i = 0; i < n && from + i < N; i++) {
        const double t = (double)i / RATE, phase = 2 * M_PI * f * t + vibrato * f / 5.5 * sin(2 * M_PI * 5.5 * t);
        double x = 0;
        for (int k = 1; k <= harmonics && k * f < RATE / 2.0; k++)
            x += sin(k * phase) / pow(k, 1.3);
        sound[from + i] +=
            (float)(gain * x * fmin(1, t / 0.01) * exp(-decay * t) * fmax(0, fmin(1, (length - t) / 0.02)));
    }
}

/* ---- noise ---- */

/* Each sample a share of the last: 0 white, near 1 brown. */
static void leaning(double share, double loudness)
{
    double y = 0;
    for (size_t i = 0; i < N; i++) {
        y = share * y + (1 - share) * gauss();
        sound[i] = (float)y;
    }
    scale(loudness);
}

static void silence(void) {}

static void room(void)
{
    leaning(0.9, 0.003);
}

static void white(void)
{
    leaning(0, 0.1);
}

/* Three leaning noises make one that falls by 3 dB an octave (Kellet's filter). */
static void pink(void)
{
    double b[3] = {0};
    for (size_t i = 0; i < N; i++) {
        const double w = gauss();
        b[0] = 0.99765 * b[0] + w * 0.0990460;
        b[1] = 0.96300 * b[1] + w * 0.2965164;
        b[2] = 0.57000 * b[2] + w * 1.0526913;
        sound[i] = (float)(b[0] + b[1] + b[2] + w * 0.1848);
    }
    scale(0.2);
}

static void brown(void)
{
    leaning(0.995, 0.3);
}

static void hum_of(double f, double loudness)
{
    for (size_t i = 0; i < N; i++)
        for (int k = 1; k <= 6; k++)
            sound[i] += (float)(loudness / k * sin(2 * M_PI * f * k * (double)i / RATE + k));
}

static void mains(void)
{
    hum_of(50, 0.1);
}

static void fan(void)
{
    leaning(0.97, 0.15);
    hum_of(97, 0.01);
}

/* Keys struck in bursts: a click and a thump going down, a click coming up. */
static void strike(double at, double gain)
{
    const double thump = between(150, 350);
    const size_t from = (size_t)(at * RATE);
    for (size_t i = 0; i < 400 && from + i < N; i++)
        sound[from + i] += (float)(gain * (gauss() * exp(-(double)i / 60) +
                                           0.5 * sin(2 * M_PI * thump * (double)i / RATE) * exp(-(double)i / 120)));
}

static void keyboard(void)
{
    leaning(0, 0.004);
    for (double at = 0.5; at < SECONDS; at += between(0.5, 3))
        for (size_t keys = 3 + pick(22); keys > 0; keys--, at += between(0.08, 0.25)) {
            const double gain = between(0.1, 0.3);
            strike(at, gain);
            strike(at + between(0.06, 0.1), gain / 2);
        }
    scale(0.3);
}

/* A resonance of two poles. */
struct formant {
    double a, b, y1, y2;
};

static struct formant resonance(double f, double bandwidth)
{
    const double r = exp(-M_PI * bandwidth / RATE);
    return (struct formant){2 * r * cos(2 * M_PI * f / RATE), r * r, 0, 0};
}

static double resonate(struct formant *f, double x)
{
    const double y = x + f->a * f->y1 - f->b * f->y2;
    f->y2 = f->y1;
    f->y1 = y;
    return y;
}

/* Breath in bursts, through two broad resonances. */
static void coughs(void)
{
    leaning(0.5, 0.002);
    for (double at = 1; at < SECONDS; at += between(2, 5))
        for (size_t times = 1 + pick(3); times > 0; times--) {
            const double length = between(0.12, 0.35);
            const size_t from = (size_t)(at * RATE), n = (size_t)(length * RATE);
            struct formant low = resonance(between(400, 900), 500), high = resonance(between(1200, 2200), 500);
            for (size_t i = 0; i < n && from + i < N; i++) {
                const double x = gauss() * fmin(1, (double)i / 200) * exp(-4.0 * (double)i / (double)n);
                sound[from + i] += (float)(0.02 * (resonate(&low, x) + resonate(&high, x)));
            }
            at += length + between(0.05, 0.3);
        }
    scale(0.5);
}

/* ---- music ---- */

static const int progression[4][4] = {{57, 0, 3, 7}, {53, 0, 4, 7}, {48, 0, 4, 7}, {55, 0, 4, 7}};

static void tones(void)
{
    for (double at = 0; at < SECONDS; at += 0.5) {
        const double length = between(0.3, 3), sweep = pick(2) ? 600 / length : 0, f = sweep > 0 ? 200 : 425;
        const size_t from = (size_t)(at * RATE);
        for (size_t i = 0; i < (size_t)(length * RATE) && from + i < N; i++) {
            const double t = (double)i / RATE;
            sound[from + i] += (float)(0.2 * sin(2 * M_PI * (f + sweep * t / 2) * t));
        }
        at += length;
    }
}

/* A piano of sorts. */
static void chords(void)
{
    for (int bar = 0; bar < SECONDS / 2; bar++) {
        const int *c = progression[bar % 4];
        for (int k = 1; k < 4; k++)
            note(2 * bar, 2.2, hz(c[0] + c[k]), 0.5, 1.2, 6, 0);
        for (int beat = 0; beat < 4; beat++)
            note(2 * bar + 0.5 * beat, 0.6, hz(c[0] + 12 + c[1 + pick(3)] + 12 * (int)pick(2)), 0.6, 2, 6, 0);
    }
    scale(0.3);
}

/* Drums, bass and a lead with vibrato over them. */
static void band(void)
{
    static const int bass[] = {36, 36, 43, 41}, lead[] = {69, 71, 73, 76, 78};
    const double beat = 60.0 / 112;
    chords();
    for (int b = 0; b < (int)(SECONDS / beat); b++) {
        const size_t from = (size_t)(b * beat * RATE);
        for (size_t i = 0; i < RATE / 4 && from + i < N; i++) {
            const double t = (double)i / RATE;
            sound[from + i] += (float)(b % 2 ? 0.2 * gauss() * exp(-22 * t)
                                             : 0.4 * sin(2 * M_PI * (50 + 90 * exp(-30 * t)) * t) * exp(-14 * t));
        }
        note(b * beat, beat, hz(bass[b % 4]), 0.3, 3, 6, 0);
        note(b * beat, beat, hz(lead[pick(5)]), 0.15, 1, 10, 0.02);
    }
    scale(0.5);
}

static void organ(void)
{
    static const int above[] = {0, 7, 12, 16};
    for (int bar = 0; bar < SECONDS / 4; bar++)
        for (int k = 0; k < 4; k++)
            note(4 * bar, 4.1, hz((int[]){48, 50, 53, 55}[bar % 4] + above[k]), 0.3, 0.05, 8, 0);
    scale(0.3);
}

/* A voice-like source through the formants of vowels: humming and "la la" without words. */
static void humming(void)
{
    static const double vowels[][3] = {
        {730, 1090, 2440}, {270, 2290, 3010}, {300, 870, 2240}, {530, 1840, 2480}, {570, 840, 2410}};
    static const int scale_of[] = {0, 2, 4, 5, 7, 9, 11};
    for (double at = 0; at < SECONDS; at += pick(3) ? 0 : 0.4) {
        const double length = (double[]){0.5, 1, 2}[pick(3)], f = hz(55 + scale_of[pick(7)]);
        const double *v = vowels[pick(5)];
        struct formant r[3] = {resonance(v[0], 90), resonance(v[1], 90), resonance(v[2], 90)};
        const size_t from = (size_t)(at * RATE), n = (size_t)(length * RATE);
        for (size_t i = 0; i < n && from + i < N; i++) {
            const double t = (double)i / RATE, p = 2 * M_PI * f * t + 0.03 * f / 5.5 * sin(2 * M_PI * 5.5 * t);
            double x = 0, y = 0;
            for (int k = 1; k <= 30 && k * f < RATE / 2.0; k++)
                x += sin(k * p) / pow(k, 1.3);
            for (int k = 0; k < 3; k++)
                y += resonate(&r[k], 0.01 * x);
            sound[from + i] += (float)(y * fmin(1, t / 0.08) * fmax(0, fmin(1, (length - t) / 0.02)));
        }
        at += length;
    }
    scale(0.3);
}

/* ---- */

static void on_event(void *u, const struct listen_event *e)
{
    if (e->text != NULL && e->text[0] != '\0')
        fail_msg("%s at %.1f s: heard \"%s\"", (const char *)u, e->t, e->text);
}

static void hears_nothing_in(const char *name, void (*make)(void))
{
    const struct listen_options o = {
        .engines = &engines, .patience = {600, 1400, 3000, 12000}, .language = "en", .guesses = true};
    struct error err = {0};
    memset(sound, 0, sizeof sound);
    seed = 7;
    make();
    if (listen_run(&o, sound, N, on_event, (char *)(uintptr_t)name, &err) != STATUS_OK)
        fail_msg("%s: %s", name, err.message);
}

static void need_engines(void)
{
    if (models_dir() == NULL) {
        print_message("no models (VIVA_TEST_MODELS_DIR): skipped\n");
        skip();
    }
    if (engines.stt == NULL || engines.vad == NULL)
        fail_msg("%s %s", engines.stt_error.message, engines.vad_error.message);
}

#define HEARS_NOTHING_IN(sound_of)                                                                                     \
    static void nothing_in_##sound_of(void **state)                                                                    \
    {                                                                                                                  \
        (void)state;                                                                                                   \
        need_engines();                                                                                                \
        hears_nothing_in(#sound_of, sound_of);                                                                         \
    }
HEARS_NOTHING_IN(silence)
HEARS_NOTHING_IN(room)
HEARS_NOTHING_IN(white)
HEARS_NOTHING_IN(pink)
HEARS_NOTHING_IN(brown)
HEARS_NOTHING_IN(mains)
HEARS_NOTHING_IN(fan)
HEARS_NOTHING_IN(keyboard)
HEARS_NOTHING_IN(coughs)
HEARS_NOTHING_IN(tones)
HEARS_NOTHING_IN(chords)
HEARS_NOTHING_IN(band)
HEARS_NOTHING_IN(organ)
HEARS_NOTHING_IN(humming)

/* Words there are where words are: what is above could not pass with deaf ears. */
static void count_words(void *u, const struct listen_event *e)
{
    if (e->type == LISTEN_ANSWER_ENDED)
        for (const char *p = e->text; *p != '\0'; p++)
            *(int *)u += *p == ' ';
}

static void speech_is_heard(void **state)
{
    (void)state;
    need_engines();
    const struct listen_options o = {.engines = &engines, .patience = {600, 1400, 3000, 12000}, .language = "en"};
    cleanup(audio_free) struct audio said = AUDIO_INIT;
    struct error err = {0};
    int spaces = 0;
    const char *path = recording("jfk.flac");
    if (path == NULL) {
        print_message("no recordings (VIVA_SPEECH_DATA): skipped\n");
        skip();
    }
    if (audio_decode_file(path, &said, &err) != STATUS_OK ||
        listen_run(&o, said.pcm, said.n, count_words, &spaces, &err) != STATUS_OK)
        fail_msg("%s", err.message);
    assert_true(spaces > 15);
}

static int open_engines(void **state)
{
    (void)state;
    struct provider_config cfg = real_config();
    if (models_dir() != NULL)
        engines_load(&engines, &(struct engine_names){"whisper", "fake", "silero", "smart-turn", "fake"}, &cfg);
    return 0;
}

static int close_engines(void **state)
{
    (void)state;
    engines_unload(&engines);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_in_silence), cmocka_unit_test(nothing_in_room),
        cmocka_unit_test(nothing_in_white),   cmocka_unit_test(nothing_in_pink),
        cmocka_unit_test(nothing_in_brown),   cmocka_unit_test(nothing_in_mains),
        cmocka_unit_test(nothing_in_fan),     cmocka_unit_test(nothing_in_keyboard),
        cmocka_unit_test(nothing_in_coughs),  cmocka_unit_test(nothing_in_tones),
        cmocka_unit_test(nothing_in_chords),  cmocka_unit_test(nothing_in_band),
        cmocka_unit_test(nothing_in_organ),   cmocka_unit_test(nothing_in_humming),
        cmocka_unit_test(speech_is_heard),
    };
    return cmocka_run_group_tests(tests, open_engines, close_engines);
}
