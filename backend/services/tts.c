#include "services/tts.h"

#include "base/cleanup.h"
#include "providers/audio.h"

#include <string.h>

#define WAV_MAX   (64u << 20)
#define PCM_ARENA (256u << 20)

enum status tts_wav_of(struct services *s, const char *text, const char *voice, double speed, struct arena *a,
                       struct tts_wav *ret, struct error *err)
{
    cleanup(arena_freep) struct arena *scratch = arena_new(PCM_ARENA);
    cleanup(buf_free) struct buf wav;
    struct speech *speech = NULL;
    buf_init(&wav, WAV_MAX);
    if (!scratch)
        return arena_exhausted(err);
    if (!s->engines->tts)
        return error_set(err, STATUS_UNAVAILABLE, "engine_missing", NULL, "Speech synthesis is not ready: %s",
                         s->engines->tts_error.message);
    enum status st = tts_synthesize(s->engines->tts, text, voice, speed, scratch, &speech, err);
    if (st != STATUS_OK)
        return st;
    audio_wav(&wav, speech->pcm, speech->n_samples, speech->sample_rate);
    void *copy = buf_ok(&wav) ? arena_alloc(a, wav.len) : NULL;
    if (!copy)
        return error_set(err, STATUS_TOO_LARGE, "text_too_long", "text", "The text is too long to speak in one go");
    memcpy(copy, wav.data, wav.len);
    ret->data = copy;
    ret->len = wav.len;
    return STATUS_OK;
}
