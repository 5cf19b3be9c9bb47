#include "live/hearing.h"

#include "providers/audio.h"

#include <stdlib.h>
#include <string.h>

#define HEADER    5
#define PCM_BYTES (AUDIO_FRAME * 2)
#define CONCEAL   5   /* packets (100 ms) that Opus may invent */
#define SILENCE   100 /* packets (2 s) filled with silence; beyond it the piece ends */
#define GAP_MAX   (50u * 60 * 60)

struct hearing {
    struct segmenter *segmenter;
    struct segmenter_events on;
    struct vad_stream *vad;
    struct echo *echo;
    struct audio_opus_decoder *opus;
    bool any;
    uint32_t next;
};

static enum status probability(void *u, const float frame[SEGMENTER_FRAME], float *ret)
{
    struct hearing *h = u;
    struct error err;
    *ret = 0;
    bool ours = echo_explains(h->echo, frame, segmenter_now_ms(h->segmenter));
    enum status st = h->vad == NULL ? STATUS_OK : vad_stream_push(h->vad, frame, ret, &err);
    if (ours)
        *ret = 0;
    return st;
}

static void on_voice(void *u, bool begun, int64_t at_ms)
{
    const struct hearing *h = u;
    if (h->on.voice != NULL)
        h->on.voice(h->on.u, begun, at_ms);
}

static void on_started(void *u, int64_t at_ms)
{
    const struct hearing *h = u;
    h->on.started(h->on.u, at_ms);
}

static void on_piece(void *u, const struct segmenter_piece *p)
{
    const struct hearing *h = u;
    h->on.piece(h->on.u, p);
}

static void on_stopped(void *u, int64_t at_ms)
{
    const struct hearing *h = u;
    h->on.stopped(h->on.u, at_ms);
}

enum status hearing_new(struct vad *vad, const struct segmenter_events *on, struct hearing **ret, struct error *err)
{
    struct hearing *h = calloc(1, sizeof(*h));
    if (h == NULL)
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL,
                         "There is no memory left for another interview.");
    h->on = *on;
    struct segmenter_events mine = {on_voice, on_started, on_piece, on_stopped, probability, h};
    enum status st = STATUS_OK;
    h->segmenter = segmenter_new(&mine);
    h->echo = echo_new();
    if (h->segmenter == NULL || h->echo == NULL)
        st = error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "There is no memory left for another interview.");
    else if (vad != NULL)
        st = vad_stream_new(vad, &h->vad, err);
    if (st != STATUS_OK) {
        hearing_free(h);
        return st;
    }
    *ret = h;
    return STATUS_OK;
}

struct hearing *hearing_free(struct hearing *h)
{
    if (h == NULL)
        return NULL;
    segmenter_free(h->segmenter);
    vad_stream_free(h->vad);
    echo_free(h->echo);
    audio_opus_decoder_free(h->opus);
    free(h);
    return NULL;
}

void hearing_go_on(struct hearing *h)
{
    h->any = false;
    h->next = 0;
    h->opus = audio_opus_decoder_free(h->opus);
}

void hearing_start(struct hearing *h, int64_t base_ms)
{
    hearing_go_on(h);
    if (h->vad != NULL)
        vad_stream_reset(h->vad);
    segmenter_start(h->segmenter, base_ms);
}

static enum status no_frame(struct error *err)
{
    return error_set(
        err, STATUS_MALFORMED, "audio_frame", NULL,
        "A sound message is 0x01, a sequence number and 640 bytes of PCM, or 0x02, one and an Opus packet.");
}

static enum status push(struct hearing *h, const float *pcm, size_t n, struct error *err)
{
    if (segmenter_push(h->segmenter, pcm, n) == STATUS_OK)
        return STATUS_OK;
    return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "There is no memory left for this answer's sound.");
}

/* `missing` packets between the last one and this one. */
static enum status bridge(struct hearing *h, uint32_t missing, bool opus, struct error *err)
{
    static const float silence[AUDIO_FRAME];
    float pcm[3 * AUDIO_FRAME];
    if (missing > SILENCE) {
        segmenter_skip(h->segmenter, (size_t)missing * AUDIO_FRAME);
        return STATUS_OK;
    }
    enum status st = STATUS_OK;
    for (uint32_t i = 0; i < missing && st == STATUS_OK; i++) {
        size_t n = 0;
        if (opus && i < CONCEAL && audio_opus_decode(h->opus, NULL, 0, pcm, &n, err) == STATUS_OK && n > 0)
            st = push(h, pcm, n, err);
        else
            st = push(h, silence, AUDIO_FRAME, err);
    }
    return st;
}

static enum status in_order(struct hearing *h, uint32_t seq, bool opus, bool *drop, struct error *err)
{
    uint32_t missing = h->any ? seq - h->next : 0;
    *drop = h->any && missing >= 0x80000000u; /* a duplicate, or too late */
    if (*drop)
        return STATUS_OK;
    if (missing > GAP_MAX)
        return no_frame(err);
    h->any = true;
    h->next = seq + 1;
    return missing > 0 ? bridge(h, missing, opus, err) : STATUS_OK;
}

static enum status pcm16(struct hearing *h, const uint8_t *data, struct error *err)
{
    float pcm[AUDIO_FRAME];
    for (size_t i = 0; i < AUDIO_FRAME; i++)
        pcm[i] = (float)(int16_t)(uint16_t)(data[2 * i] | data[2 * i + 1] << 8) / 32768.0f;
    return push(h, pcm, AUDIO_FRAME, err);
}

/* A packet that does not decode counts as lost. */
static enum status opus_packet(struct hearing *h, const uint8_t *data, size_t len, struct error *err)
{
    float pcm[3 * AUDIO_FRAME] = {0};
    size_t n = 0;
    if (audio_opus_decode(h->opus, data, len, pcm, &n, err) != STATUS_OK || n == 0)
        n = AUDIO_FRAME;
    return push(h, pcm, n, err);
}

enum status hearing_packet(struct hearing *h, const uint8_t *data, size_t n, struct error *err)
{
    bool opus = n > HEADER && data[0] == 0x02, drop = false;
    if (!opus && (n != HEADER + PCM_BYTES || data[0] != 0x01))
        return no_frame(err);
    uint32_t seq = (uint32_t)data[1] | (uint32_t)data[2] << 8 | (uint32_t)data[3] << 16 | (uint32_t)data[4] << 24;
    enum status st = STATUS_OK;
    if (opus && h->opus == NULL)
        st = audio_opus_decoder_new(&h->opus, err);
    if (st == STATUS_OK)
        st = in_order(h, seq, opus, &drop, err);
    if (st != STATUS_OK || drop)
        return st;
    return opus ? opus_packet(h, data + HEADER, n - HEADER, err) : pcm16(h, data + HEADER, err);
}

void hearing_flush(struct hearing *h)
{
    segmenter_flush(h->segmenter);
}

struct echo *hearing_echo(struct hearing *h)
{
    return h->echo;
}

struct segmenter *hearing_segmenter(struct hearing *h)
{
    return h->segmenter;
}
