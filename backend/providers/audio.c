#include "providers/audio.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/subprocess.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DECODE_TIMEOUT_MS 300000
#define STDERR_MAX        4096
#define SINC_HALF         24 /* zero crossings kept on each side */

void audio_free(struct audio *a)
{
    free(a->pcm);
    *a = (struct audio)AUDIO_INIT;
}

/* ffmpeg's last line says what was wrong, after the input's name. */
static const char *last_line(struct buf *b)
{
    char *text = (char *)buf_cstr(b);
    for (size_t n = strlen(text); n > 0 && (text[n - 1] == '\n' || text[n - 1] == ' '); n--)
        text[n - 1] = '\0';
    const char *line = strrchr(text, '\n');
    return line == NULL ? text : line + 1;
}

static enum status explain(enum status st, unsigned seconds_max, struct buf *errors, struct error *err)
{
    if (st == STATUS_TOO_LARGE)
        return error_set(err, st, "audio_too_long", NULL, "the sound is longer than %u minutes", seconds_max / 60);
    if (st == STATUS_UNAVAILABLE)
        return error_set(err, st, "program_missing", NULL, "ffmpeg is not installed: apt-get install ffmpeg");
    if (st == STATUS_IO && err != NULL && strcmp(err->code, "program_failed") == 0)
        return error_set(err, STATUS_UNSUPPORTED, "audio_unreadable", NULL, "no sound can be read from it (%.160s)",
                         last_line(errors));
    return st;
}

/* No protocol but files and pipes is allowed: a playlist from a stranger must not make the server fetch anything. */
static enum status decode(const char *input, const struct subprocess_io *in, const char *demuxer, unsigned seconds_max,
                          struct audio *ret, struct error *err)
{
    cleanup(buf_free) struct buf out, errors;
    struct error own;
    const char *const all[] = {"ffmpeg",    "-nostdin", "-hide_banner", "-loglevel", "error", "-protocol_whitelist",
                               "file,pipe", "-f",       demuxer,        "-i",        input,   "-map",
                               "0:a:0",     "-vn",      "-sn",          "-dn",       "-ac",   "1",
                               "-ar",       "16000",    "-f",           "s16le",     "-",     NULL};
    const char *argv[sizeof all / sizeof *all];
    size_t argc = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (demuxer != NULL || (i != 7 && i != 8)) /* without a demuxer ffmpeg guesses */
            argv[argc++] = all[i];
    const struct subprocess_limits limits = {.timeout_ms = DECODE_TIMEOUT_MS};

    buf_init(&out, (size_t)seconds_max * AUDIO_RATE * sizeof(int16_t));
    buf_init(&errors, STDERR_MAX);
    struct subprocess_io io = *in;
    io.out = &out;
    io.err = &errors;
    memset(&own, 0, sizeof own);
    enum status st = subprocess_run(argv, &io, &limits, &own);
    if (st != STATUS_OK) {
        st = explain(st, seconds_max, &errors, &own);
        if (err != NULL)
            *err = own;
        return st;
    }
    size_t n = out.len / sizeof(int16_t);
    float *pcm = n == 0 ? NULL : malloc(n * sizeof *pcm);
    if (n > 0 && pcm == NULL)
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "no memory for the sound");
    for (size_t i = 0; i < n; i++) {
        int16_t v;
        memcpy(&v, out.data + i * sizeof v, sizeof v);
        pcm[i] = (float)v / 32768.0f;
    }
    *ret = (struct audio){pcm, n, (double)n / AUDIO_RATE};
    return STATUS_OK;
}

enum status audio_decode_file(const char *path, struct audio *ret, struct error *err)
{
    char input[4200];
    if (!file_exists(path))
        return error_set(err, STATUS_NOT_FOUND, "file_missing", NULL, "there is no such file");
    if ((size_t)snprintf(input, sizeof input, "file:%s", path) >= sizeof input)
        return error_set(err, STATUS_INVALID, "path_too_long", NULL, "the path is too long");
    const struct subprocess_io io = {0};
    return decode(input, &io, NULL, AUDIO_SECONDS_MAX, ret, err);
}

static bool is_mp3(const uint8_t *b)
{
    bool sync = b[0] == 0xFF && (b[1] & 0xE0) == 0xE0, version = (b[1] >> 3 & 3) != 1, layer = (b[1] >> 1 & 3) != 0;
    return memcmp(b, "ID3", 3) == 0 || (sync && version && layer && b[2] >> 4 != 15 && (b[2] >> 2 & 3) != 3);
}

enum audio_container audio_sniff(const void *head, size_t n)
{
    uint8_t b[AUDIO_HEAD] = {0};
    memcpy(b, head, n < sizeof b ? n : sizeof b);
    if (memcmp(b, "RIFF", 4) == 0 && memcmp(b + 8, "WAVE", 4) == 0)
        return AUDIO_WAV;
    if (memcmp(b, "fLaC", 4) == 0)
        return AUDIO_FLAC;
    if (memcmp(b, "OggS", 4) == 0)
        return AUDIO_OGG;
    if (memcmp(b, "\x1A\x45\xDF\xA3", 4) == 0)
        return AUDIO_WEBM;
    if (memcmp(b + 4, "ftyp", 4) == 0)
        return AUDIO_MP4;
    return is_mp3(b) ? AUDIO_MP3 : AUDIO_UNKNOWN;
}

enum status audio_decode_fd(int fd, unsigned seconds_max, struct audio *ret, struct error *err)
{
    static const char *const demuxers[] = {
        [AUDIO_WAV] = "wav",       [AUDIO_FLAC] = "flac", [AUDIO_OGG] = "ogg",
        [AUDIO_WEBM] = "matroska", [AUDIO_MP4] = "mov",   [AUDIO_MP3] = "mp3",
    };
    uint8_t head[AUDIO_HEAD];
    ssize_t n = pread(fd, head, sizeof head, 0);
    if (n < 0 || lseek(fd, 0, SEEK_SET) != 0)
        return error_set(err, STATUS_IO, "io_failed", NULL, "the sound cannot be read back");
    if (n == 0)
        return error_set(err, STATUS_INVALID, "audio_empty", NULL, "the file is empty");
    enum audio_container kind = audio_sniff(head, (size_t)n);
    if (kind == AUDIO_UNKNOWN)
        return error_set(err, STATUS_UNSUPPORTED, "audio_unsupported", NULL,
                         "the file is none of wav, flac, ogg, webm, mp4 and mp3");
    const struct subprocess_io io = {.in_fd = fd};
    return decode("file:/dev/stdin", &io, demuxers[kind], seconds_max, ret, err);
}

void audio_wav(struct buf *out, const int16_t *pcm, size_t n, unsigned rate)
{
    const uint32_t bytes = (uint32_t)(n * sizeof *pcm);
    const uint32_t words[] = {0x46464952 /* RIFF */,
                              36 + bytes,
                              0x45564157 /* WAVE */,
                              0x20746d66 /* fmt */,
                              16,
                              0x00010001 /* PCM, mono */,
                              rate,
                              rate * 2,
                              0x00100002 /* 16 bit */,
                              0x61746164 /* data */,
                              bytes};
    buf_append(out, words, sizeof words);
    buf_append(out, pcm, bytes);
}

void audio_to_float(const int16_t *in, size_t n, float *out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = (float)in[i] / 32768.0f;
}

void audio_to_int16(const float *in, size_t n, int16_t *out)
{
    for (size_t i = 0; i < n; i++) {
        float v = in[i] * 32768.0f;
        out[i] = v >= 32767.0f ? 32767 : v <= -32768.0f ? -32768 : (int16_t)lrintf(v);
    }
}

/* Hann-windowed sinc, cut off below the lower of the two Nyquist frequencies. x in input samples from the centre. */
static double kernel(double x, double cutoff, double half_width)
{
    if (fabs(x) >= half_width)
        return 0;
    double window = 0.5 * (1 + cos(M_PI * x / half_width));
    double t = M_PI * x * cutoff;
    return cutoff * window * (fabs(t) < 1e-9 ? 1 : sin(t) / t);
}

/* The kernel takes only `to / gcd` phases: tabulated once, then each output sample is one dot product. */
enum status audio_resample(const float *pcm, size_t n, unsigned from, unsigned to, float **ret, size_t *ret_n,
                           struct error *err)
{
    unsigned a = from, b = to;
    while (b != 0) {
        unsigned r = a % b;
        a = b;
        b = r;
    }
    const unsigned phases = to / a, step = from / a;
    const double cutoff = (to < from ? (double)to / from : 1.0) * 0.96, half_width = SINC_HALF / cutoff;
    const size_t taps = 2 * (size_t)ceil(half_width) + 1, out_n = (n * to + from / 2) / from;
    const ptrdiff_t reach = (ptrdiff_t)(taps / 2);
    cleanup(freep) float *table = malloc(phases * taps * sizeof *table);
    float *out = malloc((out_n == 0 ? 1 : out_n) * sizeof *out);

    if (table == NULL || out == NULL) {
        free(out);
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "no memory for the sound");
    }
    for (size_t p = 0; p < phases; p++)
        for (size_t k = 0; k < taps; k++)
            table[p * taps + k] = (float)kernel((double)k - (double)reach - (double)p / phases, cutoff, half_width);
    for (size_t i = 0; i < out_n; i++) {
        const size_t at = i * step;
        const ptrdiff_t first = (ptrdiff_t)(at / phases) - reach;
        const float *h = table + at % phases * taps;
        float sum = 0;
        for (size_t k = 0; k < taps; k++) {
            ptrdiff_t j = first + (ptrdiff_t)k;
            if (j >= 0 && j < (ptrdiff_t)n)
                sum += h[k] * pcm[j];
        }
        out[i] = sum;
    }
    *ret = out;
    *ret_n = out_n;
    return STATUS_OK;
}
