/* For tests, by name only. Says VIVA_FAKE_STT_TEXT when it is set; otherwise a text that depends on the length alone:
 * one word for each half second of sound, none for sound that never gets louder than -40 dB. It sounds like
 * VIVA_FAKE_STT_LANGUAGE, or English. As sure of it as VIVA_FAKE_STT_CONFIDENCE, or 0.9. */

#include "providers/stt/stt_backend.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RATE  16000
#define QUIET 0.01f

static char g_model; /* nothing to hold; an address to give out */

static const char *const words[] = {"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"};

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

static bool silent(const float *pcm, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (fabsf(pcm[i]) > QUIET)
            return false;
    return true;
}

static char *words_for(size_t n, struct arena *a)
{
    size_t count = (n + RATE / 2 - 1) / (RATE / 2);
    char *text = arena_alloc(a, count * 6 + 1);
    for (size_t i = 0; text != NULL && i < count; i++) {
        if (i > 0)
            strcat(text, " ");
        strcat(text, words[i % (sizeof words / sizeof *words)]);
    }
    return text;
}

/* Of what is said and of each word of it. */
static double sure(void)
{
    const char *told = getenv("VIVA_FAKE_STT_CONFIDENCE");
    return told != NULL ? strtod(told, NULL) : 0.9;
}

/* Words of the same length, one after the other. */
static enum status time_words(const char *text, double seconds, struct arena *a, struct transcript *t,
                              struct error *err)
{
    size_t n = 0;
    for (const char *p = text; *(p += strspn(p, " ")) != '\0'; p += strcspn(p, " "))
        n++;
    if ((t->words = arena_array(a, n + 1, sizeof *t->words)) == NULL)
        return arena_exhausted(err);
    for (const char *p = text; *(p += strspn(p, " ")) != '\0'; p += strcspn(p, " ")) {
        const double each = seconds / (double)n, at = each * (double)t->n_words;
        const char *word = arena_strndup(a, p, strcspn(p, " "));
        if (word == NULL)
            return arena_exhausted(err);
        t->words[t->n_words++] = (struct stt_word){at, at + each, word, sure()};
    }
    return STATUS_OK;
}

static enum status fake_transcribe(void *model, const float *pcm, size_t n, const struct stt_options *o,
                                   struct arena *a, struct transcript **ret, struct error *err)
{
    const char *script = getenv("VIVA_FAKE_STT_TEXT");
    struct transcript *t = arena_new_of(a, struct transcript);
    struct stt_segment *segment = arena_new_of(a, struct stt_segment);
    (void)model;
    if (t == NULL || segment == NULL)
        return arena_exhausted(err);
    bool nothing = silent(pcm, n);
    char *text = nothing ? arena_strdup(a, "") : script != NULL ? arena_strdup(a, script) : words_for(n, a);
    if (text == NULL)
        return arena_exhausted(err);
    *segment = (struct stt_segment){0, (double)n / RATE, text};
    *t = (struct transcript){
        .language = o->language != NULL && o->language[0] != '\0' ? arena_strdup(a, o->language) : "en",
        .language_probability = 1,
        .sounds_like =
            getenv("VIVA_FAKE_STT_LANGUAGE") != NULL ? arena_strdup(a, getenv("VIVA_FAKE_STT_LANGUAGE")) : "en",
        .sounds_like_probability = 1,
        .duration = (double)n / RATE,
        .text = text,
        .segments = segment,
        .n_segments = text[0] != '\0',
        .avg_logprob = nothing ? 0 : -0.1,
        .no_speech = nothing ? 1 : 0,
        .confidence = nothing ? 0 : sure(),
    };
    enum status st = o->words ? time_words(text, t->duration, a, t, err) : STATUS_OK;
    if (st == STATUS_OK)
        *ret = t;
    return st;
}

const struct stt_backend stt_fake = {
    .version = STT_BACKEND_VERSION,
    .name = "fake",
    .open = fake_open,
    .close = fake_close,
    .describe = fake_describe,
    .transcribe = fake_transcribe,
};
