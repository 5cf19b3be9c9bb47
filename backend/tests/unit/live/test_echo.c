/* Our own sound in the microphone: made voices through the comparison alone, and, where the models are, real ones
 * through the whole hearing. */
#include "unit/providers/speech_fixture.h"

#include "ears.h"
#include "live/echo.h"
#include "providers/engines.h"

#define MS(n)     ((size_t)(n) * (RATE / 1000))
#define PACKET_MS 20
#define LEAD_MS   1000
#define GAP_MS    800
#define ROOM_MS   200

/* ---- voices ---- */

struct sound {
    float *x;
    size_t n;
};

static uint32_t seed;

static double chance(void)
{
    seed = seed * 1664525u + 1013904223u;
    return (double)(seed >> 8) / (1 << 24);
}

/* Syllables: two tones that change, with gaps. */
static struct sound babble(uint32_t from, int ms)
{
    struct sound s = {calloc(MS(ms), sizeof(float)), MS(ms)};
    seed = from;
    for (size_t at = 0; at < s.n;) {
        size_t len = MS(80 + 170 * chance()), gap = chance() < 0.3 ? MS(150 * chance()) : 0;
        double low = 200 + 600 * chance(), high = 900 + 2500 * chance(), loud = 0.05 + 0.2 * chance();
        for (size_t i = 0; i < len && at + i < s.n; i++) {
            double t = (double)i / RATE, shape = sin(M_PI * (double)i / (double)len);
            s.x[at + i] = (float)(loud * shape * (sin(2 * M_PI * low * t) + 0.5 * sin(2 * M_PI * high * t)));
        }
        at += len + gap;
    }
    return s;
}

/* The first sound, then a few reflections and what dies away after them. */
static void add_room(float *to, size_t room, const struct sound *s, size_t at, double db, bool reverberant)
{
    double gain = pow(10, db / 20);
    seed = 99;
    for (size_t tap = 0; tap < (reverberant ? MS(ROOM_MS) : 1);
         tap += tap == 0 ? MS(9) : MS(3) + (size_t)(MS(4) * chance())) {
        double g = tap == 0 ? 1 : 0.35 * exp(-(double)tap / (double)MS(45)) * (chance() < 0.5 ? -1 : 1);
        for (size_t i = 0; i < s->n && at + tap + i < room; i++)
            to[at + tap + i] += (float)(gain * g * s->x[i]);
    }
}

static int16_t *pcm16(const float *x, size_t n)
{
    int16_t *p = malloc(n * sizeof *p);
    for (size_t i = 0; i < n; i++)
        p[i] = (int16_t)lrintf(fminf(fmaxf(x[i], -1), 1) * 32767);
    return p;
}

/* ---- a scene: two utterances, the candidate over the second ---- */

struct scene {
    double echo_db; /* -200: none */
    int delay_ms;
    bool room;
    int barge_ms; /* into the second utterance; -1: the candidate is silent */
    double candidate_db;
};

struct stage {
    struct sound first, second, candidate, mic;
    size_t second_at; /* samples */
};

static void set(struct stage *g, const struct scene *c)
{
    g->second_at = MS(LEAD_MS) + g->first.n + MS(GAP_MS);
    g->mic.n = g->second_at + g->second.n + MS(3000);
    g->mic.x = noise(g->mic.n, 0.001);
    add_room(g->mic.x, g->mic.n, &g->first, MS(LEAD_MS + c->delay_ms), c->echo_db, c->room);
    add_room(g->mic.x, g->mic.n, &g->second, g->second_at + MS(c->delay_ms), c->echo_db, c->room);
    if (c->barge_ms >= 0)
        add_room(g->mic.x, g->mic.n, &g->candidate, g->second_at + MS(c->barge_ms), c->candidate_db, false);
}

/* Tells what is played at the times at which a session would know. */
static void play(struct echo *e, const struct stage *g, size_t at, size_t step)
{
    const struct sound *s[] = {&g->first, &g->second};
    const size_t from[] = {MS(LEAD_MS), g->second_at};
    for (int i = 0; i < 2; i++)
        if (from[i] >= at && from[i] < at + step) {
            int16_t *p = pcm16(s[i]->x, s[i]->n);
            echo_begin(e, RATE);
            echo_say(e, p, s[i]->n);
            echo_played(e, (int64_t)(from[i] * 1000 / RATE), 0);
            free(p);
        }
}

/* ---- the comparison alone ---- */

/* Loud frames that nothing explains, in a row: the longest before `at`, and where three first came after it. */
static void compare(const struct stage *g, size_t at, int *longest, int64_t *three_ms)
{
    struct echo *e = echo_new();
    int row = 0;
    *longest = 0;
    *three_ms = -1;
    for (size_t i = 0; i + ECHO_FRAME <= g->mic.n; i += ECHO_FRAME) {
        double energy = 0;
        for (size_t k = 0; k < ECHO_FRAME; k++)
            energy += g->mic.x[i + k] * g->mic.x[i + k];
        play(e, g, i, ECHO_FRAME);
        bool ours = echo_explains(e, g->mic.x + i, (int64_t)((i + ECHO_FRAME) * 1000 / RATE));
        row = ours || energy / ECHO_FRAME < 4e-6 ? 0 : row + 1;
        if (i < at && row > *longest)
            *longest = row;
        if (i >= at && row >= 3 && *three_ms < 0)
            *three_ms = (int64_t)((i + ECHO_FRAME - at) * 1000 / RATE);
    }
    echo_free(e);
}

static void alone(const struct scene *c, bool barges)
{
    struct stage g = {babble(1, 6000), babble(2, 6000), babble(3, 3000)};
    int longest = 0;
    int64_t three = -1;
    set(&g, c);
    compare(&g, barges ? g.second_at + MS(c->barge_ms) : g.mic.n, &longest, &three);
    if (longest >= (c->echo_db < -15 ? 3 : 6)) /* louder it is as good as a person in the room */
        fail_msg("%g dB after %d ms%s: %d frames taken for a voice", c->echo_db, c->delay_ms,
                 c->room ? " in a room" : "", longest);
    if (barges && (three < 0 || three > 500))
        fail_msg("%g dB after %d ms: the candidate is heard after %lld ms", c->echo_db, c->delay_ms, (long long)three);
    free(g.first.x);
    free(g.second.x);
    free(g.candidate.x);
    free(g.mic.x);
}

static void it_is_explained_whatever_its_way(void **state)
{
    (void)state;
    static const int delays[] = {0, 60, 200, 320};
    for (size_t i = 0; i < 4; i++)
        for (int db = -30; db <= -10; db += 10)
            for (int room = 0; room < 2; room++)
                alone(&(struct scene){db, delays[i], room, -1, 0}, false);
}

static void a_candidate_over_it_is_not(void **state)
{
    (void)state;
    alone(&(struct scene){-20, 120, true, 2000, 0}, true);
    alone(&(struct scene){-10, 60, true, 2000, 0}, true);
    alone(&(struct scene){-30, 200, false, 2000, -6}, true);
    alone(&(struct scene){-200, 0, false, 2000, -12}, true);
}

/* After a restart: a short utterance is all that was played when the candidate speaks. When three frames came that
 * nothing explains, in ms after the candidate's first. */
static int64_t early(double echo_db, int delay_ms, int ours_ms, int speaks_at_ms)
{
    struct stage g = {.first = babble(4, ours_ms), .candidate = babble(5, 2000)};
    int longest = 0;
    int64_t three = -1;
    g.mic.n = MS(LEAD_MS + speaks_at_ms + 3000);
    g.mic.x = noise(g.mic.n, 0.0003);
    add_room(g.mic.x, g.mic.n, &g.first, MS(LEAD_MS + delay_ms), echo_db, true);
    add_room(g.mic.x, g.mic.n, &g.candidate, MS(LEAD_MS + speaks_at_ms), 0, false);
    g.second_at = g.mic.n; /* there is none */
    compare(&g, MS(LEAD_MS + speaks_at_ms), &longest, &three);
    if (longest >= 3)
        fail_msg("%g dB after %d ms: %d frames of ours taken for a voice", echo_db, delay_ms, longest);
    free(g.first.x);
    free(g.candidate.x);
    free(g.mic.x);
    return three;
}

static void soon_after_a_first_short_utterance_a_voice_is_believed(void **state)
{
    (void)state;
    static const int delays[] = {0, 100, 250};
    for (size_t i = 0; i < 3; i++)
        for (int db = -30; db <= -10; db += 10) {
            int64_t three = early(db, delays[i], 1500, 1500 + 700);
            if (three < 0 || three > 250) /* less than the piece's 300 ms of what came before */
                fail_msg("%d dB after %d ms: heard after %lld ms", db, delays[i], (long long)three);
        }
}

static void where_nothing_comes_back_a_voice_is_believed_over_the_first_utterance(void **state)
{
    (void)state;
    int64_t three = early(-200, 0, 2800, 1800);
    if (three < 0 || three > 250)
        fail_msg("heard after %lld ms", (long long)three);
    three = early(-30, 100, 2800, 1800); /* something did: not before ours is over */
    assert_true(three < 0 || three > 900);
}

/* ---- real voices through the whole hearing ---- */

static struct engines engines;

static int setup(void **state)
{
    (void)state;
    if (models_dir() == NULL)
        return 0;
    struct provider_config cfg = real_config();
    engines_load(&engines, &(struct engine_names){"fake", "piper", "silero", "fake", "fake"}, &cfg);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    engines_unload(&engines);
    return 0;
}

/* higher: another speaker, as it were. */
static struct sound spoken(const char *text, double higher)
{
    struct arena *a = arena_new(64u << 20);
    struct speech *s = NULL;
    struct error err = {0};
    if (tts_synthesize(engines.tts, text, "en_US-joe-medium", 1, a, &s, &err) != STATUS_OK)
        fail_msg("%s: %s", err.code, err.message);
    double step = s->sample_rate * higher / RATE;
    struct sound out = {.n = (size_t)((double)(s->n_samples - 1) / step)};
    out.x = malloc(out.n * sizeof *out.x);
    for (size_t i = 0; i < out.n; i++) {
        double at = (double)i * step, part = at - floor(at);
        const float one = s->pcm[(size_t)at], two = s->pcm[(size_t)at + 1];
        out.x[i] = (float)(one + (two - one) * part) / 32768;
    }
    arena_free(a);
    return out;
}

struct overheard {
    int64_t now, voice_at; /* when the first voice was told; -1 */
    int voices, pieces;
};

static void on_event(void *u, struct engine_event ev)
{
    struct overheard *h = u;
    if (ev.type == EV_VOICE && h->voices++ == 0)
        h->voice_at = h->now;
    h->pieces += ev.type == EV_PIECE;
}

static struct overheard listen(const struct stage *g)
{
    struct overheard h = {.voice_at = -1};
    struct listener_owner owner = ears(&h);
    struct listener *l = NULL;
    struct error err = {0};
    int16_t *pcm = pcm16(g->mic.x, g->mic.n);
    owner.event = on_event;
    assert_int_equal(listener_new(engines.vad, &owner, &l, &err), STATUS_OK);
    listener_open(l);
    uint8_t packet[645] = {0x01};
    for (size_t i = 0; i + MS(PACKET_MS) <= g->mic.n; i += MS(PACKET_MS)) {
        play(listener_echo(l), g, i, MS(PACKET_MS));
        memcpy(packet + 5, pcm + i, 640); /* little-endian, as the machine is */
        h.now = (int64_t)(i * 1000 / RATE) + PACKET_MS;
        listener_packet(l, packet, sizeof packet, 0, h.now);
        for (int k = 1; k < 5 && ++packet[k] == 0; k++)
            ;
    }
    listener_close(l);
    listener_free(l);
    free(pcm);
    return h;
}

static struct stage real_stage(void)
{
    if (engines.tts == NULL || engines.vad == NULL) {
        print_message("no models (VIVA_TEST_MODELS_DIR): skipped\n");
        skip();
    }
    return (struct stage){
        spoken("Hello Ada, and welcome. I am Daniel, an AI interviewer, and I have three questions for "
               "you. Take all the time you need.",
               1),
        spoken("Thank you. Please describe a difficult technical problem that you solved recently, and "
               "tell me how you found its cause.",
               1),
        spoken("Last year our service lost messages every few days, and nobody knew why.", 1.12)};
}

static void free_stage(struct stage *g)
{
    free(g->first.x);
    free(g->second.x);
    free(g->candidate.x);
}

static void real_echo_is_no_voice(void **state)
{
    (void)state;
    struct stage g = real_stage();
    static const struct scene scenes[] = {{-20, 0, false, -1, 0}, {-20, 50, true, -1, 0},   {-20, 200, true, -1, 0},
                                          {-10, 80, true, -1, 0}, {-10, 200, false, -1, 0}, {-30, 120, true, -1, 0}};
    for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++) {
        set(&g, &scenes[i]);
        struct overheard h = listen(&g);
        free(g.mic.x);
        if (h.voices > 0 || h.pieces > 0)
            fail_msg("%g dB after %d ms: %d voices (first at %lld ms), %d pieces", scenes[i].echo_db,
                     scenes[i].delay_ms, h.voices, (long long)h.voice_at, h.pieces);
    }
    free_stage(&g);
}

/* Where the candidate's sound has so many dB below its loudest. */
static int64_t onset_ms(const struct sound *s, double db)
{
    float most = 0;
    size_t i = 0;
    for (size_t k = 0; k < s->n; k++)
        most = fmaxf(most, fabsf(s->x[k]));
    while (i < s->n && fabsf(s->x[i]) < most * pow(10, db / 20))
        i++;
    return (int64_t)(i * 1000 / RATE);
}

static void a_real_candidate_over_it_is_one(void **state)
{
    (void)state;
    struct stage g = real_stage();
    static const struct scene scenes[] = {
        {-200, 0, false, 2000, 0}, {-20, 80, true, 2000, 0}, {-20, 80, true, 2000, -6}, {-10, 120, true, 2000, 0}};
    for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++) {
        set(&g, &scenes[i]);
        struct overheard h = listen(&g);
        int64_t began = (int64_t)(g.second_at * 1000 / RATE) + 2000 + onset_ms(&g.candidate, -20);
        free(g.mic.x);
        print_message("echo %g dB, candidate %g dB: a voice after %lld ms\n", scenes[i].echo_db, scenes[i].candidate_db,
                      (long long)(h.voice_at - began));
        if (h.voice_at < began - 100 || h.voice_at > began + (i == 0 ? 200 : 300) || h.pieces == 0)
            fail_msg("echo %g dB: a voice at %lld ms, the candidate's at %lld ms", scenes[i].echo_db,
                     (long long)h.voice_at, (long long)began);
    }
    free_stage(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_explained_whatever_its_way),
        cmocka_unit_test(a_candidate_over_it_is_not),
        cmocka_unit_test(soon_after_a_first_short_utterance_a_voice_is_believed),
        cmocka_unit_test(where_nothing_comes_back_a_voice_is_believed_over_the_first_utterance),
        cmocka_unit_test(real_echo_is_no_voice),
        cmocka_unit_test(a_real_candidate_over_it_is_one),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
