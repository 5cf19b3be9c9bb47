#include "services/transcription.h"

#include "base/cleanup.h"
#include "providers/audio.h"
#include "services/speech_door.h"

#include <ctype.h>
#include <string.h>

/* What is wrong with the sound is wrong with the field that brought it. */
static enum status decode(int fd, struct audio *sound, struct error *err)
{
    struct error own = {0};
    enum status st = audio_decode_fd(fd, TRANSCRIPTION_SECONDS_MAX, sound, &own);
    if (st == STATUS_INVALID || st == STATUS_UNSUPPORTED || st == STATUS_TOO_LARGE)
        return error_set(err, st, own.code, "file", "file: %s", own.message);
    if (st != STATUS_OK)
        *err = own;
    return st;
}

static enum status to_model(const struct transcript *t, struct arena *a, struct transcription **ret, struct error *err)
{
    struct transcription *out = arena_new_of(a, struct transcription);
    struct transcription_segment *seg = arena_array(a, t->n_segments + 1, sizeof *seg);
    struct spoken_word *word = arena_array(a, t->n_words + 1, sizeof *word);
    if (!out || !seg || !word)
        return arena_exhausted(err);
    for (size_t i = 0; i < t->n_words; i++) {
        word[i].word = t->words[i].text;
        word[i].start = t->words[i].start;
        word[i].end = t->words[i].end;
    }
    for (size_t i = 0; i < t->n_segments; i++) {
        seg[i].start = t->segments[i].start;
        seg[i].end = t->segments[i].end;
        seg[i].text = t->segments[i].text;
    }
    out->language = t->language;
    out->avg_logprob = t->avg_logprob;
    out->no_speech = t->no_speech;
    out->duration = t->duration;
    out->text = t->text;
    out->segments = (struct list){seg, t->n_segments};
    out->words = (struct list){word, t->n_words};
    *ret = out;
    return STATUS_OK;
}

enum status transcription_of_fd(struct services *s, int fd, const struct stt_options *o, struct arena *a,
                                struct transcription **ret, struct error *err)
{
    const char *language = o->language;
    cleanup(audio_free) struct audio sound = AUDIO_INIT;
    struct transcript *t = NULL;
    if (!s->engines->stt)
        return error_set(err, STATUS_UNAVAILABLE, "engine_missing", NULL, "Speech recognition is not ready: %s",
                         s->engines->stt_error.message);
    if (language && *language &&
        (strlen(language) != 2 || !islower((unsigned char)language[0]) || !islower((unsigned char)language[1])))
        return error_set(err, STATUS_INVALID, "field_format", "language", "language must be two letters, such as en");
    enum status st = speech_door_enter(s->speech_door, SPEECH_ENGINE_STT, err);
    if (st != STATUS_OK)
        return st;
    st = decode(fd, &sound, err);
    if (st == STATUS_OK)
        st = stt_transcribe(s->engines->stt, sound.pcm, sound.n, o, a, &t, err);
    speech_door_leave(s->speech_door, SPEECH_ENGINE_STT);
    return st == STATUS_OK ? to_model(t, a, ret, err) : st;
}
