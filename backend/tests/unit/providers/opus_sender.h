#ifndef VIVA_TESTS_OPUS_SENDER_H
#define VIVA_TESTS_OPUS_SENDER_H
/* What a browser sends: packets of 20 ms at 16 kHz mono. The server only reads them. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "providers/audio.h"

#include <opus.h>

#define OPUS_PACKET_MAX 1275

static inline OpusEncoder *opus_sender(void)
{
    int code = 0;
    OpusEncoder *e = opus_encoder_create(AUDIO_RATE, 1, OPUS_APPLICATION_VOIP, &code);
    assert_int_equal(code, OPUS_OK);
    return e;
}

/* Length of the packet of AUDIO_FRAME samples. */
static inline size_t opus_send(OpusEncoder *e, const float *pcm, uint8_t out[OPUS_PACKET_MAX])
{
    const opus_int32 n = opus_encode_float(e, pcm, AUDIO_FRAME, out, OPUS_PACKET_MAX);
    assert_true(n > 0);
    return (size_t)n;
}

#endif
