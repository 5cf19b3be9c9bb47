#ifndef VIVA_LIVE_PROTOCOL_H
#define VIVA_LIVE_PROTOCOL_H
/* The words of protocol viva.v1, in one place: what a client may say, and what the server says. Pure; no session in
 * sight. */

#include "base/buf.h"
#include "base/id.h"
#include "base/json_read.h"
#include "live/engine.h"
#include "services/conduct.h"

enum client_message_type {
    MSG_START, /* session.start */
    MSG_PLAY_STARTED,
    MSG_PLAY_FINISHED,
    MSG_ANSWER_DONE,
    MSG_ANSWER_TEXT,
    MSG_REPEAT,
    MSG_REPHRASE,
    MSG_RATE, /* slower */
    MSG_SKIP,
    MSG_READY,
    MSG_EXTEND,
    MSG_PAUSE,
    MSG_RESUME,
    MSG_MIC,
    MSG_SOUND_AT, /* where the next packet begins */
    MSG_PING
};

#define PROTOCOL_TEXT_MAX 20000 /* characters of a typed answer */

struct client_message {
    enum client_message_type type;
    int utterance;
    struct id answer;
    const char *text; /* borrowed from doc */
    bool microphone, muted, camera, opus, practice, slower;
    double t;             /* ping */
    int64_t at_ms;        /* of the answer; of the utterance */
    struct json_doc *doc; /* owned: json_doc_free, NULL on failure */
};

/* STATUS_MALFORMED (not JSON, no object) or STATUS_INVALID (unknown type, a field missing or of the wrong kind). */
enum status protocol_parse(const char *data, size_t n, struct client_message *ret, struct error *err) must_check;

/* Each writes one message into out (cleared first); check buf_ok. */
void protocol_created(struct buf *out, const struct conduct_plan *p, bool resumed, const char *avatar_name);
struct utterance_event {
    int utterance;
    enum engine_line line;
    int position;
    const char *text, *question; /* question: the question's own words, NULL for other kinds */
    int follow_up;               /* which one the question is; 0: none */
    unsigned sample_rate;
    size_t samples; /* of its first part. 0: there is no sound, show the text */
    int64_t duration_ms;
    const char *phonemes, *words; /* JSON arrays */
};
void protocol_utterance(struct buf *out, const struct utterance_event *e);
/* One more part of what is being said: of the event only utterance, samples, duration_ms, phonemes and words. */
void protocol_utterance_part(struct buf *out, const struct utterance_event *e);
void protocol_utterance_done(struct buf *out, int utterance, size_t samples); /* of all its parts */
void protocol_utterance_cancelled(struct buf *out, int utterance);
void protocol_utterance_paused(struct buf *out, int utterance, bool paused); /* or resumed */
/* heard_ms: how far its sound was taken in. */
void protocol_answer_started(struct buf *out, struct id answer, int position, int64_t elapsed_ms, int64_t heard_ms,
                             bool resumed, int64_t time_limit_s, int follow_up);
/* Time the open answer has left from now on (-1: no limit), and how often it may be extended still. */
void protocol_answer_time(struct buf *out, struct id answer, int64_t left_ms, int extensions_left);
void protocol_think(struct buf *out, struct id answer, int64_t ms);
void protocol_paused(struct buf *out, int64_t left_ms);
void protocol_resumed(struct buf *out);
void protocol_rate(struct buf *out, bool slower);
void protocol_speech(struct buf *out, struct id answer, bool started, int64_t at_ms);
/* end_ms < 0: a delta. language: ISO 639-1 that it sounds like, when that is surely not the interview's; else "". */
void protocol_transcription(struct buf *out, struct id answer, int64_t item_start_ms, const char *transcript,
                            int64_t end_ms, const char *language);
void protocol_answer_ended(struct buf *out, struct id answer, int position, enum engine_end end, const char *text);
void protocol_state(struct buf *out, enum engine_state state);
void protocol_practice_ended(struct buf *out, const char *text);
void protocol_completed(struct buf *out, struct id session);
void protocol_engine_unavailable(struct buf *out, const char *engine, const char *message);
void protocol_error(struct buf *out, const char *code, const char *message, bool fatal);
/* To one who waits to begin; position from 1. */
void protocol_busy(struct buf *out, unsigned position, int retry_after_s, const char *message);
void protocol_captions(struct buf *out, bool degraded);
void protocol_pong(struct buf *out, double t);

#define PROTOCOL_AUDIO_HEADER  5
#define PROTOCOL_AUDIO_SAMPLES 8192
/* Binary 0x81: header and samples little-endian; out holds PROTOCOL_AUDIO_HEADER + 2 * n bytes. Returns their number.
 */
size_t protocol_audio(uint8_t *out, int utterance, const int16_t *pcm, size_t n);

#define PROTOCOL_MICROPHONE_SAMPLES 320 /* 20 ms at 16 kHz */
#define PROTOCOL_MICROPHONE_BYTES   (5 + 2 * PROTOCOL_MICROPHONE_SAMPLES)
/* Binary 0x01, the client's: n samples, then silence up to a whole packet. Returns PROTOCOL_MICROPHONE_BYTES. */
size_t protocol_microphone(uint8_t out[PROTOCOL_MICROPHONE_BYTES], uint32_t seq, const float *pcm, size_t n);

/* JSON arrays of [what, start_s, end_s] for utterance_event, made once and cached with the sound. from: where this part
 * begins in the whole, in s. */
struct speech;
void protocol_times(struct buf *phonemes, struct buf *words, const struct speech *s, double from);
/* Words timed by reading speed, for text that is not heard. Returns the whole duration in ms. */
int64_t protocol_reading_times(struct buf *words, const char *text);

#endif
