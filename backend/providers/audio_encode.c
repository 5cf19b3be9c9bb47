/* Sound as the files that clients ask for. WAV and raw PCM are written here; the other formats by ffmpeg in a limited
 * process of its own, which is there anyway: one encoder for all of them, and no codec library more. */
#include "providers/audio.h"

#include "base/cleanup.h"
#include "base/subprocess.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENCODE_TIMEOUT_MS 60000
#define PCM_RATE          24000 /* of raw PCM: what OpenAI's clients expect */
#define ARGUMENTS_MAX     8

static const struct format {
    const char *media_type, *name;
    const char *arguments[ARGUMENTS_MAX]; /* of ffmpeg, behind its input; none: not ffmpeg's business */
} formats[] = {
    [AUDIO_AS_WAV] = {"audio/wav", "wav", {NULL}},
    [AUDIO_AS_OPUS] = {"audio/ogg", "opus", {"-c:a", "libopus", "-b:a", "32k", "-f", "ogg"}},
    [AUDIO_AS_PCM] = {"audio/pcm", "pcm", {NULL}},
    [AUDIO_AS_FLAC] = {"audio/flac", "flac", {"-c:a", "flac", "-f", "flac"}},
    [AUDIO_AS_MP3] = {"audio/mpeg", "mp3", {"-c:a", "libmp3lame", "-b:a", "64k", "-write_xing", "0", "-f", "mp3"}},
    [AUDIO_AS_AAC] = {"audio/aac", "aac", {"-c:a", "aac", "-b:a", "64k", "-f", "adts"}},
};

const char *audio_media_type(enum audio_format f)
{
    return formats[f].media_type;
}

static enum status by_ffmpeg(const struct format *f, const int16_t *pcm, size_t n, unsigned rate, struct buf *out,
                             struct error *err)
{
    cleanup(buf_free) struct buf errors;
    char rate_text[16];
    const char *argv[20 + ARGUMENTS_MAX] = {"ffmpeg", "-nostdin",      "-hide_banner", "-loglevel", "error",    "-f",
                                            "s16le",  "-ar",           rate_text,      "-ac",       "1",        "-i",
                                            "pipe:0", "-map_metadata", "-1",           "-fflags",   "+bitexact"};
    size_t argc = 17;
    for (size_t i = 0; i < ARGUMENTS_MAX && f->arguments[i] != NULL; i++)
        argv[argc++] = f->arguments[i];
    argv[argc] = "pipe:1";
    snprintf(rate_text, sizeof rate_text, "%u", rate);
    buf_init(&errors, 4096);
    const struct subprocess_limits limits = {.timeout_ms = ENCODE_TIMEOUT_MS};
    const struct subprocess_io io = {.in = pcm, .in_len = n * sizeof *pcm, .out = out, .err = &errors};
    enum status st = subprocess_run(argv, &io, &limits, err);
    if (st == STATUS_UNAVAILABLE)
        return error_set(err, st, "program_missing", NULL, "ffmpeg is not installed: apt-get install ffmpeg");
    if (st == STATUS_IO && strstr(buf_cstr(&errors), "Unknown encoder") != NULL)
        return error_set(err, STATUS_UNSUPPORTED, "format_unsupported", NULL,
                         "the ffmpeg of this machine cannot write %s", f->name);
    return st;
}

static enum status as_pcm(const int16_t *pcm, size_t n, unsigned rate, struct buf *out, struct error *err)
{
    size_t got = 0;
    cleanup(freep) float *in = malloc((n + 1) * sizeof *in);
    cleanup(freep) float *resampled = NULL;
    cleanup(freep) int16_t *samples = NULL;
    if (in == NULL)
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "no memory for the sound");
    audio_to_float(pcm, n, in);
    enum status st = audio_resample(in, n, rate, PCM_RATE, &resampled, &got, err);
    if (st != STATUS_OK)
        return st;
    samples = malloc((got + 1) * sizeof *samples);
    if (samples == NULL)
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "no memory for the sound");
    audio_to_int16(resampled, got, samples);
    buf_append(out, samples, got * sizeof *samples);
    return STATUS_OK;
}

enum status audio_encode(enum audio_format f, const int16_t *pcm, size_t n, unsigned rate, struct buf *out,
                         struct error *err)
{
    enum status st = STATUS_OK;
    if (f == AUDIO_AS_WAV)
        audio_wav(out, pcm, n, rate);
    else if (f == AUDIO_AS_PCM)
        st = as_pcm(pcm, n, rate, out, err);
    else
        st = by_ffmpeg(&formats[f], pcm, n, rate, out, err);
    if (st == STATUS_OK && !buf_ok(out))
        st = error_set(err, STATUS_TOO_LARGE, "audio_too_long", NULL, "the sound does not fit");
    return st;
}
