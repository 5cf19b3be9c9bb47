#ifndef VIVA_PROVIDERS_AUDIO_H
#define VIVA_PROVIDERS_AUDIO_H
/* Sound in and out of files, and the codecs of the live line. Speech inside the server is mono float at 16 kHz. */

#include "base/buf.h"
#include "base/status.h"

#include <stdint.h>

#define AUDIO_RATE        16000
#define AUDIO_FRAME       320 /* samples of one 20 ms packet */
#define AUDIO_SECONDS_MAX (4 * 3600)

struct audio {
    float *pcm;      /* malloc'd, mono, AUDIO_RATE; NULL when n is 0 */
    size_t n;        /* samples */
    double duration; /* seconds */
};
#define AUDIO_INIT                                                                                                     \
    {                                                                                                                  \
        NULL, 0, 0                                                                                                     \
    }
void audio_free(struct audio *a); /* also for cleanup() */

/* Any container and codec that ffmpeg reads (wav, flac, ogg, webm, mp4, mp3), decoded in a limited process of its own.
 * STATUS_NOT_FOUND no such file; STATUS_UNSUPPORTED "audio_unreadable" no sound in it; STATUS_TOO_LARGE beyond
 * AUDIO_SECONDS_MAX; STATUS_UNAVAILABLE when ffmpeg is not installed. *ret must be empty, is untouched on failure. */
enum status audio_decode_file(const char *path, struct audio *ret, struct error *err) must_check;

/* What a file is by its first bytes (AUDIO_HEAD of them are enough), whatever its name or its sender says. */
#define AUDIO_HEAD 16
enum audio_container { AUDIO_UNKNOWN, AUDIO_WAV, AUDIO_FLAC, AUDIO_OGG, AUDIO_WEBM, AUDIO_MP4, AUDIO_MP3 };
enum audio_container audio_sniff(const void *head, size_t n);
/* A stranger's file: one of the containers above, and read as nothing else. fd (borrowed) is read from its start.
 * STATUS_INVALID "audio_empty" without a byte, STATUS_UNSUPPORTED "audio_unsupported" for another kind,
 * "audio_unreadable" when there is no sound in it, STATUS_TOO_LARGE "audio_too_long" beyond seconds_max. */
enum status audio_decode_fd(int fd, unsigned seconds_max, struct audio *ret, struct error *err) must_check;

/* Files that are written. OPUS: in Ogg; PCM: 16-bit little-endian at 24 kHz; AAC: ADTS. */
enum audio_format { AUDIO_AS_WAV, AUDIO_AS_OPUS, AUDIO_AS_PCM, AUDIO_AS_FLAC, AUDIO_AS_MP3, AUDIO_AS_AAC };
const char *audio_media_type(enum audio_format f);
/* The file appended to out. The same sound gives the same bytes. STATUS_UNSUPPORTED "format_unsupported" when ffmpeg
 * was built without the encoder, STATUS_UNAVAILABLE without ffmpeg, STATUS_TOO_LARGE "audio_too_long" when out is full.
 */
enum status audio_encode(enum audio_format f, const int16_t *pcm, size_t n, unsigned rate, struct buf *out,
                         struct error *err) must_check;

/* A complete 16-bit mono WAV file appended to out. */
void audio_wav(struct buf *out, const int16_t *pcm, size_t n, unsigned rate);

/* Windowed-sinc resampling of mono sound; *ret is malloc'd, round(n * to / from) samples. */
enum status audio_resample(const float *pcm, size_t n, unsigned from, unsigned to, float **ret, size_t *ret_n,
                           struct error *err) must_check;

void audio_to_float(const int16_t *in, size_t n, float *out);
void audio_to_int16(const float *in, size_t n, int16_t *out); /* rounded, clipped */

/* ---- Opus, 20 ms packets at 16 kHz mono. One stream each; not thread-safe. ---- */
struct audio_opus_decoder;
enum status audio_opus_decoder_new(struct audio_opus_decoder **ret, struct error *err) must_check;
struct audio_opus_decoder *audio_opus_decoder_free(struct audio_opus_decoder *d);
/* One packet -> AUDIO_FRAME samples (packets of 2.5 to 60 ms are accepted: *n tells, out holds 3 * AUDIO_FRAME).
 * packet NULL: a lost packet, concealed. STATUS_MALFORMED "opus_malformed" for bytes that are not Opus. */
enum status audio_opus_decode(struct audio_opus_decoder *d, const void *packet, size_t len, float *out, size_t *n,
                              struct error *err) must_check;

#endif
