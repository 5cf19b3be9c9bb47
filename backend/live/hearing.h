#ifndef VIVA_LIVE_HEARING_H
#define VIVA_LIVE_HEARING_H
/* The microphone's packets (viva.v1 binary 0x01 and 0x02) made one unbroken line of samples for the segmenter:
 * duplicates and late packets dropped, short gaps concealed (Opus) or filled with silence, long ones skipped so that
 * times stay right. One owner at a time. */

#include "live/echo.h"
#include "live/segmenter.h"
#include "providers/provider.h"

struct hearing;

/* vad may be NULL: then nothing is ever taken for speech. */
enum status hearing_new(struct vad *vad, const struct segmenter_events *on, struct hearing **ret,
                        struct error *err) must_check;
struct hearing *hearing_free(struct hearing *h);
/* A new connection: sequence numbers begin again. The next packet's first sample is at base_ms of the answer. */
void hearing_start(struct hearing *h, int64_t base_ms);
/* A new connection whose first packet goes on where the last one ended, within an open piece too. */
void hearing_go_on(struct hearing *h);
/* The whole binary message. STATUS_MALFORMED "audio_frame" when it is not one of the two. */
enum status hearing_packet(struct hearing *h, const uint8_t *data, size_t n, struct error *err) must_check;
void hearing_flush(struct hearing *h);
struct segmenter *hearing_segmenter(struct hearing *h);
/* What is played meanwhile, told to it, is not taken for speech. */
struct echo *hearing_echo(struct hearing *h);

#endif
