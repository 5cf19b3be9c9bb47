/* The real engines on real and made sound. Skipped, and said so, where the models or recordings are not there. */
#include "speech_fixture.h"

#include "providers/engines.h"
#include "providers/stopper.h"

#include <pthread.h>

static struct engines g;
static bool g_loaded;

static int setup(void **state)
{
    (void)state;
    if (models_dir() == NULL)
        return 0;
    struct provider_config cfg = real_config();
    engines_load(&g, &(struct engine_names){"whisper", "piper", "silero", "smart-turn", "minilm"}, &cfg);
    g_loaded = true;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    engines_unload(&g);
    return 0;
}

static void need_engines(void)
{
    if (!g_loaded) {
        print_message("no models (VIVA_TEST_MODELS_DIR): skipped\n");
        skip();
    }
    if (g.stt == NULL)
        fail_msg("speech recognition: %s", g.stt_error.message);
    if (g.tts == NULL)
        fail_msg("speech synthesis: %s", g.tts_error.message);
    if (g.vad == NULL)
        fail_msg("voice activity: %s", g.vad_error.message);
    if (g.turn == NULL)
        fail_msg("end of turn: %s", g.turn_error.message);
    if (g.embed == NULL)
        fail_msg("sentence vectors: %s", g.embed_error.message);
}

static struct transcript *hear(const float *pcm, size_t n, const char *language, struct arena *a)
{
    const struct stt_options o = {.language = language};
    struct error err = {0};
    struct transcript *t = NULL;
    if (stt_transcribe(g.stt, pcm, n, &o, a, &t, &err) != STATUS_OK)
        fail_msg("%s: %s", err.code, err.message);
    assert_true(fabs(t->duration - (double)n / RATE) < 1e-9);
    double at = 0;
    for (size_t i = 0; i < t->n_segments; i++) {
        assert_true(t->segments[i].start >= at - 1e-9 && t->segments[i].end > t->segments[i].start);
        assert_true(t->segments[i].end <= t->duration + 1e-9 && t->segments[i].text[0] != '\0');
        at = t->segments[i].end;
    }
    return t;
}

static void hear_file(const char *name, const char *reference, const char *language, double most_errors)
{
    struct audio sound = AUDIO_INIT;
    struct error err = {0};
    const char *path = recording(name);
    if (path == NULL) {
        print_message("no recording %s (VIVA_SPEECH_DATA): skipped\n", name);
        skip();
    }
    assert_int_equal(audio_decode_file(path, &sound, &err), STATUS_OK);
    struct arena *a = arena_new(16 << 20);
    struct transcript *t = hear(sound.pcm, sound.n, "", a);
    assert_string_equal(t->language, language);
    const double errors = word_errors(reference, t->text);
    if (errors > most_errors)
        fail_msg("%s: word error rate %.2f: %s", name, errors, t->text);
    arena_free(a);
    audio_free(&sound);
}

static void known_speech_is_understood(void **state)
{
    (void)state;
    need_engines();
    hear_file(
        "jfk.flac",
        "And so my fellow Americans ask not what your country can do for you, ask what you can do for your country",
        "en", 0.1);
}

static void languages_are_told_apart(void **state)
{
    (void)state;
    need_engines();
    hear_file("lang-de.flac", "Der hinter diesem Portal liegenden Raum wurde als Leichenhalle genutzt", "de", 0.4);
    hear_file("lang-es.flac", "Las arenas son blanquecinas de grano medio y tiene muy poca asistencia", "es", 0.6);
    hear_file("lang-fr.flac", "Sous le consulat il devient conservateur des eaux et forêts et conseiller général", "fr",
              0.4);
}

/* Spanish that greedy decoding half misses. */
static void doubtful_words_are_looked_for_more_widely(void **state)
{
    (void)state;
    need_engines();
    static const char said[] = "Las arenas son blanquecinas de grano medio y tiene muy poca asistencia";
    const char *path = recording("lang-es.flac");
    struct audio sound = AUDIO_INIT;
    struct error err = {0};
    struct transcript *t[2] = {NULL, NULL};
    if (path == NULL) {
        print_message("no recordings (VIVA_SPEECH_DATA): skipped\n");
        skip();
    }
    struct arena *a = arena_new(16 << 20);
    assert_int_equal(audio_decode_file(path, &sound, &err), STATUS_OK);
    for (int thorough = 0; thorough < 2; thorough++) {
        const struct stt_options o = {.language = "es", .words = true, .thorough = thorough};
        assert_int_equal(stt_transcribe(g.stt, sound.pcm, sound.n, &o, a, &t[thorough], &err), STATUS_OK);
        assert_true(t[thorough]->n_words >= 8); /* timed, whichever way they were found */
    }
    assert_true(t[1]->avg_logprob > t[0]->avg_logprob);
    if (word_errors(said, t[1]->text) >= word_errors(said, t[0]->text))
        fail_msg("%s instead of %s", t[1]->text, t[0]->text);
    arena_free(a);
    audio_free(&sound);
}

/* Its confidence is the mean of its words' probabilities, and falls when noise is put over them. */
static void confidence_falls_with_noise(void **state)
{
    (void)state;
    need_engines();
    const char *path = recording("jfk.flac");
    struct audio sound = AUDIO_INIT;
    struct error err = {0};
    double sure[2];
    if (path == NULL) {
        print_message("no recordings (VIVA_SPEECH_DATA): skipped\n");
        skip();
    }
    struct arena *a = arena_new(16 << 20);
    assert_int_equal(audio_decode_file(path, &sound, &err), STATUS_OK);
    float *hiss = noise(sound.n, 0.6);
    for (int noisy = 0; noisy < 2; noisy++) {
        const struct stt_options o = {.language = "en", .already_gated = true, .words = true};
        struct transcript *t = NULL;
        double sum = 0;
        for (size_t i = 0; noisy && i < sound.n; i++)
            sound.pcm[i] += hiss[i];
        assert_int_equal(stt_transcribe(g.stt, sound.pcm, sound.n, &o, a, &t, &err), STATUS_OK);
        for (size_t i = 0; i < t->n_words; i++)
            sum += t->words[i].p;
        assert_true(t->n_words > 0 && fabs(t->confidence - sum / (double)t->n_words) < 1e-9);
        sure[noisy] = t->confidence;
    }
    if (!(sure[0] > 0.85 && sure[1] < sure[0] - 0.1))
        fail_msg("%.2f, with noise %.2f", sure[0], sure[1]);
    free(hiss);
    arena_free(a);
    audio_free(&sound);
}

static void expect_nothing(float *pcm, size_t n, const char *what)
{
    struct arena *a = arena_new(16 << 20);
    struct transcript *t = hear(pcm, n, "", a);
    if (t->text[0] != '\0' || t->n_segments != 0)
        fail_msg("%s: heard \"%s\"", what, t->text);
    arena_free(a);
    free(pcm);
}

static float *chords(size_t n)
{
    static const double notes[] = {220, 277.2, 329.6, 440, 392, 349.2, 293.7, 246.9};
    float *x = malloc(n * sizeof *x);
    for (size_t i = 0; i < n; i++) {
        const double t = (double)i / RATE, fade = exp(-3 * fmod(t, 0.5)), hz = notes[(size_t)(t * 2) % 8];
        x[i] = (float)(fade * (0.2 * sin(2 * M_PI * hz * t) + 0.15 * sin(2 * M_PI * hz * 1.5 * t) +
                               0.1 * sin(2 * M_PI * hz / 2 * t)));
    }
    return x;
}

static void nothing_is_invented(void **state)
{
    (void)state;
    need_engines();
    expect_nothing(calloc(10 * RATE, sizeof(float)), 10 * RATE, "silence");
    expect_nothing(noise(10 * RATE, 0.3), 10 * RATE, "noise");
    expect_nothing(noise(10 * RATE, 0.002), 10 * RATE, "faint noise");
    expect_nothing(tone(10 * RATE, 440, 0.3), 10 * RATE, "a tone");
    expect_nothing(chords(20 * RATE), 20 * RATE, "music");
    expect_nothing(calloc(1, sizeof(float)), 0, "no sound at all");
}

static struct speech *speak(const char *text, double speed, struct arena *a)
{
    struct error err = {0};
    struct speech *s = NULL;
    if (tts_synthesize(g.tts, text, NULL, speed, a, &s, &err) != STATUS_OK)
        fail_msg("%s: %s", err.code, err.message);
    return s;
}

/* What the voice says, heard by the recogniser. */
static float *speak_16k(const char *text, struct arena *a, size_t *n)
{
    struct error err = {0};
    struct speech *s = speak(text, 1, a);
    float *x = malloc(s->n_samples * sizeof *x), *y = NULL;
    audio_to_float(s->pcm, s->n_samples, x);
    assert_int_equal(audio_resample(x, s->n_samples, s->sample_rate, RATE, &y, n, &err), STATUS_OK);
    free(x);
    return y;
}

static void the_voice_is_understood(void **state)
{
    static const char *const texts[] = {
        "Tell me about a time when you disagreed with your manager. What did you do about it?",
        "Thank you for your time today. We will be in touch within two weeks.",
        "How would you design a service that handles ten thousand requests per second?",
    };
    (void)state;
    need_engines();
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct arena *a = arena_new(64 << 20);
        size_t n = 0;
        float *x = speak_16k(texts[i], a, &n);
        struct transcript *t = hear(x, n, "en", a);
        if (word_errors(texts[i], t->text) > 0.2)
            fail_msg("said \"%s\", heard \"%s\"", texts[i], t->text);
        free(x);
        arena_free(a);
    }
}

static bool in_table(const char *symbol)
{
    static const char *const table[] = {"sil", "p",  "b",  "m",  "f",  "v",  "θ",  "ð",   "t",  "d", "ɾ",  "k", "ɡ",
                                        "ŋ",   "x",  "tʃ", "dʒ", "ʃ",  "ʒ",  "s",  "z",   "n",  "n̩", "l",  "ɹ", "ɜː",
                                        "ɚ",   "ɑː", "a",  "ɑ̃",  "æ",  "ʌ",  "ɐ",  "ɛ",   "e",  "ə", "iː", "i", "ɪ",
                                        "j",   "ᵻ",  "ɔ",  "ɔː", "oː", "o",  "uː", "w",   "u",  "ʊ", "h",  "ʔ", "eɪ",
                                        "aɪ",  "ɔɪ", "aʊ", "oʊ", "əʊ", "iə", "əl", "aɪə", "aɪɚ"};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(table[i], symbol) == 0)
            return true;
    return false;
}

static void phonemes_cover_the_sound(void **state)
{
    static const char *const texts[] = {
        "Hi.",
        "The judge's vision of the church, beyond the fire; a higher idea! Is it?",
        "Um... \u201cwell\u201d \u2014 $1,250.75 for the API of the team.",
        "One. Two. Three. Four, five, six: seven; eight? Nine! Ten.",
        "caf\u00e9 na\u00efve r\u00e9sum\u00e9 M\u00fcller",
    };
    (void)state;
    need_engines();
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct arena *a = arena_new(64 << 20);
        struct speech *s = speak(texts[i], 1, a);
        assert_true(s->n_phonemes > 2 && s->n_words > 0);
        assert_true(fabs(s->duration - (double)s->n_samples / s->sample_rate) < 1e-9);
        assert_true(s->phonemes[0].start == 0 && s->phonemes[s->n_phonemes - 1].end == s->duration);
        for (size_t k = 0; k < s->n_phonemes; k++) {
            if (!in_table(s->phonemes[k].phoneme))
                fail_msg("\"%s\" is not in the avatar's table", s->phonemes[k].phoneme);
            assert_true(s->phonemes[k].end > s->phonemes[k].start);
            assert_true(k == 0 || fabs(s->phonemes[k].start - s->phonemes[k - 1].end) < 1e-6);
        }
        for (size_t k = 1; k < s->n_words; k++)
            assert_true(s->words[k].start >= s->words[k - 1].end - 1e-6);
        assert_true(s->words[s->n_words - 1].end <= s->duration);
        arena_free(a);
    }
}

/* Energy above 4 kHz is where the s is said to be: the times are those of the sound. */
static void an_s_hisses_where_the_times_say(void **state)
{
    struct arena *a = arena_new(64 << 20);
    double hiss[2] = {0, 0};
    size_t count[2] = {0, 0};
    (void)state;
    need_engines();
    struct speech *s = speak("Sister Susie sees six small sharp sums.", 1, a);
    for (size_t k = 0; k < s->n_phonemes; k++) {
        const bool is_s = strcmp(s->phonemes[k].phoneme, "s") == 0,
                   is_vowel = strchr("aeiouæɛɪʌ", s->phonemes[k].phoneme[0]) != NULL;
        if (!is_s && !is_vowel)
            continue;
        for (size_t i = (size_t)(s->phonemes[k].start * s->sample_rate) + 2;
             i < (size_t)(s->phonemes[k].end * s->sample_rate); i++) {
            const double high = (double)s->pcm[i] - 2.0 * s->pcm[i - 1] + s->pcm[i - 2],
                         low = (double)s->pcm[i] + 2.0 * s->pcm[i - 1] + s->pcm[i - 2];
            hiss[is_s] += fabs(high) > fabs(low);
            count[is_s]++;
        }
    }
    assert_true(count[0] > 1000 && count[1] > 1000);
    assert_true(hiss[1] / (double)count[1] > 2 * hiss[0] / (double)count[0]);
    arena_free(a);
}

static void speed_changes_the_length(void **state)
{
    struct arena *a = arena_new(64 << 20);
    (void)state;
    need_engines();
    const char *text = "Please describe the most difficult project of your career so far.";
    const double slow = speak(text, 0.75, a)->duration, fast = speak(text, 1.5, a)->duration;
    assert_true(slow > 1.5 * fast);
    arena_free(a);
}

struct parts {
    size_t n;
    double seconds;
};

static enum status count_part(void *u, const struct speech *part, struct error *err)
{
    struct parts *p = u;
    p->n++;
    p->seconds += part->duration;
    return p->n == 3 ? error_set(err, STATUS_GONE, "enough", NULL, "enough") : STATUS_OK;
}

static void parts_come_as_they_are_made_and_can_be_stopped(void **state)
{
    struct arena *a = arena_new(64 << 20);
    struct parts p = {0};
    struct error err = {0};
    (void)state;
    need_engines();
    assert_int_equal(
        tts_synthesize_parts(g.tts, "One is here. Two is here.", NULL, 1, TTS_SENTENCES, a, count_part, &p, &err),
        STATUS_OK);
    assert_int_equal(p.n, 2);
    p = (struct parts){0};
    assert_int_equal(
        tts_synthesize_parts(g.tts, "One. Two. Three. Four. Five.", NULL, 1, TTS_SENTENCES, a, count_part, &p, &err),
        STATUS_GONE);
    assert_int_equal(p.n, 3);
    arena_free(a);
}

struct clauses {
    size_t n;
    double seconds, least, first;
    char words[512];
};

static enum status take_clause(void *u, const struct speech *part, struct error *err)
{
    struct clauses *c = u;
    (void)err;
    c->first = c->n == 0 ? part->duration : c->first;
    c->least = c->n == 0 || part->duration < c->least ? part->duration : c->least;
    c->n++;
    c->seconds += part->duration;
    for (size_t i = 0; i < part->n_words; i++)
        snprintf(c->words + strlen(c->words), sizeof c->words - strlen(c->words), " %s", part->words[i].word);
    return STATUS_OK;
}

static void a_long_sentence_begins_with_its_first_clause(void **state)
{
    static const char text[] = "Well, when a plan changed at short notice, and others had to be told, what did you do "
                               "first, and how did it go?";
    struct arena *a = arena_new(64 << 20);
    struct clauses by_sentence = {0}, by_clause = {0};
    struct error err = {0};
    (void)state;
    need_engines();
    assert_int_equal(tts_synthesize_parts(g.tts, text, NULL, 1, TTS_SENTENCES, a, take_clause, &by_sentence, &err),
                     STATUS_OK);
    assert_int_equal(tts_synthesize_parts(g.tts, text, NULL, 1, TTS_CLAUSES, a, take_clause, &by_clause, &err),
                     STATUS_OK);
    assert_int_equal(by_sentence.n, 1);
    assert_true(by_clause.n >= 2);
    assert_true(by_clause.first < 0.6 * by_sentence.seconds);
    assert_true(by_clause.least > 0.7); /* "Well," stands with what follows */
    assert_true(fabs(by_clause.seconds - by_sentence.seconds) < 0.2 * by_sentence.seconds);
    assert_string_equal(by_clause.words, by_sentence.words);
    by_clause = (struct clauses){0}; /* nothing to gain from cutting what is short */
    assert_int_equal(
        tts_synthesize_parts(g.tts, "Thanks, well done.", NULL, 1, TTS_CLAUSES, a, take_clause, &by_clause, &err),
        STATUS_OK);
    assert_int_equal(by_clause.n, 1);
    arena_free(a);
}

static void what_nobody_waits_for_is_ended(void **state)
{
    struct arena *a = arena_new(64 << 20);
    struct transcript *t = NULL;
    struct error err = {0};
    const struct stt_options o = {.language = "en", .already_gated = true, .draft = true};
    struct stopper *s = stopper_new();
    size_t n = 0;
    (void)state;
    need_engines();
    float *x = speak_16k("Nobody needs this any more.", a, &n);
    stopper_stop(s);
    stopper_attach(s);
    assert_int_equal(stt_transcribe(g.stt, x, n, &o, a, &t, &err), STATUS_GONE);
    stopper_attach(NULL);
    stopper_free(s);
    s = stopper_new();
    stopper_attach(s);
    assert_int_equal(stt_transcribe(g.stt, x, n, &o, a, &t, &err), STATUS_OK);
    stopper_attach(NULL);
    assert_non_null(strstr(t->text, "needs this"));
    stopper_free(s);
    free(x);
    arena_free(a);
}

/* What was to be expected is found sooner; what was not is heard all the same. */
static void words_are_the_same_whatever_was_likely(void **state)
{
    static const char *const likely[] = {NULL, "Nobody needs this any more, but I wouldn't say that it's of no use.",
                                         "Nobody needs this any", "Nobody reads them any more. But she would say",
                                         "The weather in the mountains is as bad as it was"};
    struct arena *a = arena_new(64 << 20);
    struct transcript *t[5] = {NULL};
    struct error err = {0};
    size_t n = 0;
    (void)state;
    need_engines();
    float *x = speak_16k("Nobody needs this any more, but I wouldn't say that it's of no use.", a, &n);
    for (size_t i = 0; i < 5; i++) {
        const struct stt_options o = {.language = "en", .likely = likely[i], .already_gated = true, .words = true};
        assert_int_equal(stt_transcribe(g.stt, x, n, &o, a, &t[i], &err), STATUS_OK);
        assert_string_equal(t[i]->text, t[0]->text);
        assert_int_equal(t[i]->n_words, t[0]->n_words);
        assert_true(fabs(t[i]->avg_logprob - t[0]->avg_logprob) < 0.05);
    }
    assert_non_null(strstr(t[0]->text, "wouldn't say"));
    free(x);
    arena_free(a);
}

static void speech_is_told_from_noise(void **state)
{
    struct vad_stream *s = NULL;
    struct error err = {0};
    struct arena *a = arena_new(64 << 20);
    size_t n = 0, spoken = 0, frames = 0;
    float p = 0;
    (void)state;
    need_engines();
    float *x = speak_16k("This is a sentence that somebody says without a pause.", a, &n), *hiss = noise(3 * RATE, 0.2);
    assert_int_equal(vad_stream_new(g.vad, &s, &err), STATUS_OK);
    for (size_t i = 0; i + VAD_FRAME <= n; i += VAD_FRAME, frames++) {
        assert_int_equal(vad_stream_push(s, x + i, &p, &err), STATUS_OK);
        spoken += p > 0.5f;
    }
    assert_true(spoken * 10 > frames * 7);
    vad_stream_reset(s);
    for (size_t i = 0; i + VAD_FRAME <= 3 * RATE; i += VAD_FRAME) {
        assert_int_equal(vad_stream_push(s, hiss + i, &p, &err), STATUS_OK);
        assert_true(p < 0.5f);
    }
    vad_stream_free(s);
    free(x);
    free(hiss);
    arena_free(a);
}

struct caller {
    const float *pcm;
    size_t n;
    char *heard;
};

static void *transcribe_once(void *arg)
{
    struct caller *c = arg;
    const struct stt_options o = {.language = "en"};
    struct error err = {0};
    struct transcript *t = NULL;
    struct arena *a = arena_new(16 << 20);
    if (stt_transcribe(g.stt, c->pcm, c->n, &o, a, &t, &err) == STATUS_OK)
        c->heard = strdup(t->text);
    arena_free(a);
    return NULL;
}

/* Four at once hear what each hears alone, to the letter: recognition is deterministic. */
static void callers_do_not_disturb_each_other(void **state)
{
    static const char *const texts[] = {"The first caller speaks about the weather.",
                                        "My second project was a large online shop."};
    struct arena *a = arena_new(64 << 20);
    struct caller callers[4] = {{0}}, alone[2] = {{0}};
    pthread_t threads[4];
    (void)state;
    need_engines();
    for (int i = 0; i < 2; i++) {
        alone[i].pcm = speak_16k(texts[i], a, &alone[i].n);
        transcribe_once(&alone[i]);
        assert_non_null(alone[i].heard);
    }
    for (int i = 0; i < 4; i++) {
        callers[i] = (struct caller){alone[i % 2].pcm, alone[i % 2].n, NULL};
        assert_int_equal(pthread_create(&threads[i], NULL, transcribe_once, &callers[i]), 0);
    }
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < 4; i++) {
        assert_non_null(callers[i].heard);
        assert_string_equal(callers[i].heard, alone[i % 2].heard);
        free(callers[i].heard);
    }
    for (int i = 0; i < 2; i++) {
        free(alone[i].heard);
        free((float *)(uintptr_t)alone[i].pcm);
    }
    arena_free(a);
}

static void a_wrong_language_is_said(void **state)
{
    struct error err = {0};
    struct transcript *t = NULL;
    struct arena *a = arena_new(1 << 20);
    const struct stt_options o = {.language = "klingon"};
    float *x = tone(RATE, 300, 0.3);
    (void)state;
    need_engines();
    struct stt_options gated = o;
    gated.already_gated = true;
    assert_int_equal(stt_transcribe(g.stt, x, RATE, &gated, a, &t, &err), STATUS_INVALID);
    assert_string_equal(err.code, "language_unsupported");
    free(x);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_speech_is_understood),
        cmocka_unit_test(doubtful_words_are_looked_for_more_widely),
        cmocka_unit_test(confidence_falls_with_noise),
        cmocka_unit_test(languages_are_told_apart),
        cmocka_unit_test(nothing_is_invented),
        cmocka_unit_test(the_voice_is_understood),
        cmocka_unit_test(phonemes_cover_the_sound),
        cmocka_unit_test(an_s_hisses_where_the_times_say),
        cmocka_unit_test(speed_changes_the_length),
        cmocka_unit_test(parts_come_as_they_are_made_and_can_be_stopped),
        cmocka_unit_test(a_long_sentence_begins_with_its_first_clause),
        cmocka_unit_test(what_nobody_waits_for_is_ended),
        cmocka_unit_test(words_are_the_same_whatever_was_likely),
        cmocka_unit_test(speech_is_told_from_noise),
        cmocka_unit_test(callers_do_not_disturb_each_other),
        cmocka_unit_test(a_wrong_language_is_said),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
