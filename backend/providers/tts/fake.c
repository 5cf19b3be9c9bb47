/* For tests, by name only: a beep for each letter and a silence for each space, with honest times. Same text, same
 * sound. */

#include "providers/tts/script.h"
#include "providers/tts/tts_backend.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#define RATE       22050
#define PER_LETTER (RATE * 6 / 100) /* 60 ms at speed 1 */
#define BASE_HZ    220.0
#define LOUDNESS   8000.0

static char g_model; /* nothing to hold; an address to give out */

/* A symbol of the avatar's table for each letter. */
static const char *const letters[26] = {"æ", "b",  "k", "d", "ɛ", "f", "ɡ", "h", "ɪ", "dʒ", "k", "l", "m",
                                        "n", "oʊ", "p", "k", "ɹ", "s", "t", "ʌ", "v", "w",  "s", "j", "z"};

static enum status fake_open(const struct provider_config *cfg, void **model, struct error *err)
{
    (void)cfg;
    (void)err;
    *model = &g_model;
    return STATUS_OK;
}

static void fake_close(void *model)
{
    (void)model;
}

static const char *fake_describe(const void *model)
{
    (void)model;
    return "fake";
}

static const struct voice_info *fake_voices(const void *model, size_t *n)
{
    /* the twin answers to the name of the voice it stands for */
    static const struct voice_info voice = {"en_US-joe-medium", "Fake", "en_US", "none"};
    (void)model;
    *n = 1;
    return &voice;
}

static void beep(struct speech *s, size_t samples, int pitch)
{
    for (size_t i = 0; i < samples; i++) {
        double t = (double)i / RATE;
        s->pcm[s->n_samples++] = pitch < 0 ? 0 : (int16_t)(LOUDNESS * sin(2 * M_PI * (BASE_HZ + 10 * pitch) * t));
    }
}

static void add_phoneme(struct speech *s, const char *symbol, size_t samples, int pitch)
{
    const double start = (double)s->n_samples / RATE;
    beep(s, samples, pitch);
    s->phonemes[s->n_phonemes++] = (struct phoneme){symbol, start, (double)s->n_samples / RATE};
}

static void add_word(struct speech *s, const char *written, size_t samples)
{
    struct word_time *word = &s->words[s->n_words++];
    *word = (struct word_time){written, (double)s->n_samples / RATE, 0};
    for (const char *c = written; *c != '\0'; c++)
        if (isalpha((unsigned char)*c))
            add_phoneme(s, letters[tolower((unsigned char)*c) - 'a'], samples, tolower((unsigned char)*c) - 'a');
    word->end = (double)s->n_samples / RATE;
    if (s->n_phonemes == 0 || strcmp(s->phonemes[s->n_phonemes - 1].phoneme, "sil") != 0)
        add_phoneme(s, "sil", samples, -1);
}

static bool ends_part(const char *word, enum tts_parts parts)
{
    const size_t n = strlen(word);
    return n > 0 && strchr(parts == TTS_CLAUSES ? ".?!,;:" : ".?!", word[n - 1]) != NULL;
}

/* The n written words from `first` on. */
static enum status say_part(const struct script *script, size_t first, size_t n, size_t samples, struct arena *a,
                            struct speech *s, struct error *err)
{
    size_t most = 1;
    for (size_t i = 0; i < n; i++)
        most += strlen(script->written[first + i]) + 1;
    *s = (struct speech){.sample_rate = RATE};
    s->pcm = arena_array(a, most * samples, sizeof *s->pcm);
    s->phonemes = arena_array(a, most, sizeof *s->phonemes);
    s->words = arena_array(a, n, sizeof *s->words);
    if (s->pcm == NULL || s->phonemes == NULL || s->words == NULL)
        return arena_exhausted(err);
    if (first == 0)
        add_phoneme(s, "sil", samples, -1);
    for (size_t i = 0; i < n; i++)
        add_word(s, script->written[first + i], samples);
    s->duration = (double)s->n_samples / RATE;
    return STATUS_OK;
}

static enum status fake_synthesize(void *model, const char *text, const char *voice, double speed, enum tts_parts parts,
                                   struct arena *a, tts_part_fn *on_part, void *u, struct error *err)
{
    struct script *script = NULL;
    struct speech s;
    (void)model;
    (void)voice;

    enum status st = script_make(text, a, &script, err); /* the same texts are refused as by a real voice */
    for (size_t at = 0, n = 1; st == STATUS_OK && at < script->n_written; at += n, n = 1) {
        while (at + n < script->n_written && !ends_part(script->written[at + n - 1], parts))
            n++;
        st = say_part(script, at, n, (size_t)(PER_LETTER / speed), a, &s, err);
        if (st == STATUS_OK)
            st = on_part(u, &s, err);
    }
    return st;
}

const struct tts_backend tts_fake = {
    .version = TTS_BACKEND_VERSION,
    .name = "fake",
    .open = fake_open,
    .close = fake_close,
    .describe = fake_describe,
    .voices = fake_voices,
    .synthesize = fake_synthesize,
};
