#include "providers/audio.h"

#include <opus.h>
#include <stdlib.h>

#define PACKET_SAMPLES_MAX (3 * AUDIO_FRAME)

struct audio_opus_decoder {
    OpusDecoder *opus;
    int last; /* samples of the last good packet: what a lost one is replaced by */
};

enum status audio_opus_decoder_new(struct audio_opus_decoder **ret, struct error *err)
{
    int code = OPUS_OK;
    struct audio_opus_decoder *d = calloc(1, sizeof *d);
    if (d != NULL)
        d->opus = opus_decoder_create(AUDIO_RATE, 1, &code);
    if (d == NULL || d->opus == NULL) {
        free(d);
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "no memory for the Opus decoder");
    }
    d->last = AUDIO_FRAME;
    *ret = d;
    return STATUS_OK;
}

struct audio_opus_decoder *audio_opus_decoder_free(struct audio_opus_decoder *d)
{
    if (d != NULL) {
        opus_decoder_destroy(d->opus);
        free(d);
    }
    return NULL;
}

enum status audio_opus_decode(struct audio_opus_decoder *d, const void *packet, size_t len, float *out, size_t *n,
                              struct error *err)
{
    if (packet != NULL && (len == 0 || len > 1500 * 4))
        return error_set(err, STATUS_MALFORMED, "opus_malformed", NULL, "not an Opus packet");
    int got = opus_decode_float(d->opus, packet, packet == NULL ? 0 : (int)len, out,
                                packet == NULL ? d->last : PACKET_SAMPLES_MAX, 0);
    if (got < 0)
        return error_set(err, STATUS_MALFORMED, "opus_malformed", NULL, "not an Opus packet (%s)", opus_strerror(got));
    if (packet != NULL)
        d->last = got;
    *n = (size_t)got;
    return STATUS_OK;
}
