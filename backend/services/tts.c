#include "services/tts.h"

#include "services/speech_door.h"
#include "utils/base64.h"

#define FILE_MAX    (24u << 20) /* what a reply may carry, also as base64 */
#define SOUND_ARENA (256u << 20)

void tts_sound_free(struct tts_sound *t)
{
    buf_free(&t->file);
    arena_free(t->arena);
    *t = (struct tts_sound)TTS_SOUND_INIT;
}

static enum status encode(struct tts_sound *t, enum audio_format format, struct error *err)
{
    const struct speech *x = t->speech;
    struct error own = {0};
    buf_init(&t->file, FILE_MAX);
    enum status st = audio_encode(format, x->pcm, x->n_samples, x->sample_rate, &t->file, &own);
    if (st == STATUS_TOO_LARGE)
        return error_set(err, st, "text_too_long", "text", "The text is too long to speak in one go");
    if (st == STATUS_UNSUPPORTED)
        return error_set(err, STATUS_INVALID, own.code, "format", "format: %s", own.message);
    if (st != STATUS_OK)
        *err = own;
    return st;
}

enum status tts_sound_make(struct services *s, const char *text, const char *voice, double speed,
                           enum audio_format format, struct tts_sound *ret, struct error *err)
{
    if (!s->engines->tts)
        return error_set(err, STATUS_UNAVAILABLE, "engine_missing", NULL, "Speech synthesis is not ready: %s",
                         s->engines->tts_error.message);
    ret->arena = arena_new(SOUND_ARENA);
    if (!ret->arena)
        return arena_exhausted(err);
    enum status st = speech_door_enter(s->speech_door, SPEECH_ENGINE_TTS, err);
    if (st != STATUS_OK)
        return st;
    st = tts_synthesize(s->engines->tts, text, voice, speed, ret->arena, &ret->speech, err);
    speech_door_leave(s->speech_door, SPEECH_ENGINE_TTS);
    return st == STATUS_OK ? encode(ret, format, err) : st;
}

static struct list phonemes(const struct speech *x, struct arena *a)
{
    struct phoneme_time *items = arena_array(a, x->n_phonemes + 1, sizeof *items);
    for (size_t i = 0; items && i < x->n_phonemes; i++)
        items[i] = (struct phoneme_time){
            .phoneme = x->phonemes[i].phoneme, .start = x->phonemes[i].start, .end = x->phonemes[i].end};
    return (struct list){items, x->n_phonemes};
}

static struct list words(const struct speech *x, struct arena *a)
{
    struct spoken_word *items = arena_array(a, x->n_words + 1, sizeof *items);
    for (size_t i = 0; items && i < x->n_words; i++)
        items[i] = (struct spoken_word){.word = x->words[i].word, .start = x->words[i].start, .end = x->words[i].end};
    return (struct list){items, x->n_words};
}

enum status tts_sound_timed(const struct tts_sound *t, enum audio_format format, struct tts_timed **ret,
                            struct error *err)
{
    struct tts_timed *out = arena_new_of(t->arena, struct tts_timed);
    char *audio = base64_encode(t->arena, t->file.data, t->file.len);
    if (!out || !audio)
        return arena_exhausted(err);
    *out = (struct tts_timed){.audio = audio,
                              .media_type = audio_media_type(format),
                              .sample_rate = t->speech->sample_rate,
                              .duration_ms = t->speech->duration * 1000,
                              .phonemes = phonemes(t->speech, t->arena),
                              .words = words(t->speech, t->arena)};
    if (!out->phonemes.items || !out->words.items)
        return arena_exhausted(err);
    *ret = out;
    return STATUS_OK;
}
