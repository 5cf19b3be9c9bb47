#include "base/json.h"
#include "base/utf8.h"
#include "live/protocol.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Comfortable silent reading: about 200 words a minute, and never a flash. */
#define READ_WORD_MS 260
#define READ_MIN_MS  1500

static struct json begin(struct buf *out, const char *type)
{
    struct json j;
    buf_clear(out);
    json_init(&j, out);
    json_object_begin(&j);
    json_kv_string(&j, "type", type);
    return j;
}

void protocol_created(struct buf *out, const struct conduct_plan *p, bool resumed, const char *avatar_name)
{
    static const char *const statuses[] = {"registered", "in_progress", "completed", "withdrawn"};
    struct json j = begin(out, "session.created");
    json_kv_id(&j, "session_id", p->session_id);
    json_kv_string(&j, "status", statuses[p->status]);
    json_kv_int(&j, "position", p->position);
    json_kv_int(&j, "question_count", (int64_t)p->n_questions);
    json_kv_bool(&j, "resumed", resumed);
    json_kv_string(&j, "avatar", p->avatar);
    json_kv_string(&j, "avatar_name", avatar_name);
    json_kv_bool(&j, "allow_pause", p->allow_pause);
    json_kv_bool(&j, "allow_skip", p->allow_skip);
    json_kv_bool(&j, "slower", p->slower);
    json_object_end(&j);
}

static const char *kind_of(enum engine_line line)
{
    switch (line) {
    case LINE_GREETING:
        return "greeting";
    case LINE_QUESTION:
    case LINE_QUESTION_AGAIN:
    case LINE_QUESTION_OTHER_WORDS:
    case LINE_FOLLOW_UP:
        return "question";
    case LINE_FAREWELL:
        return "farewell";
    default:
        return "prompt";
    }
}

/* The rest of the object. */
static void sound_of(struct json *j, const struct utterance_event *e)
{
    json_kv_int(j, "samples", (int64_t)e->samples);
    json_kv_int(j, "duration_ms", e->duration_ms);
    json_key(j, "phonemes");
    json_raw(j, e->phonemes);
    json_key(j, "words");
    json_raw(j, e->words);
    json_object_end(j);
}

void protocol_utterance(struct buf *out, const struct utterance_event *e)
{
    struct json j = begin(out, "utterance.created");
    json_kv_int(&j, "utterance_id", e->utterance);
    json_kv_string(&j, "kind", kind_of(e->line));
    json_kv_int(&j, "position", e->position);
    json_kv_string(&j, "text", e->text);
    json_kv_string(&j, "question", e->question);
    json_kv_int(&j, "follow_up", e->follow_up);
    json_kv_int(&j, "sample_rate", e->sample_rate);
    sound_of(&j, e);
}

void protocol_utterance_part(struct buf *out, const struct utterance_event *e)
{
    struct json j = begin(out, "utterance.part");
    json_kv_int(&j, "utterance_id", e->utterance);
    sound_of(&j, e);
}

static void utterance_only(struct buf *out, const char *type, int utterance)
{
    struct json j = begin(out, type);
    json_kv_int(&j, "utterance_id", utterance);
    json_object_end(&j);
}

void protocol_utterance_done(struct buf *out, int utterance, size_t samples)
{
    struct json j = begin(out, "utterance.audio.done");
    json_kv_int(&j, "utterance_id", utterance);
    json_kv_int(&j, "samples", (int64_t)samples);
    json_object_end(&j);
}

void protocol_utterance_cancelled(struct buf *out, int utterance)
{
    utterance_only(out, "utterance.cancelled", utterance);
}

void protocol_utterance_paused(struct buf *out, int utterance, bool paused)
{
    utterance_only(out, paused ? "utterance.paused" : "utterance.resumed", utterance);
}

void protocol_answer_started(struct buf *out, struct id answer, int position, int64_t elapsed_ms, int64_t heard_ms,
                             bool resumed, int64_t time_limit_s, int follow_up)
{
    struct json j = begin(out, "answer.started");
    json_kv_id(&j, "answer_id", answer);
    json_kv_int(&j, "position", position);
    json_kv_int(&j, "elapsed_ms", elapsed_ms);
    json_kv_int(&j, "heard_ms", heard_ms);
    json_kv_bool(&j, "resumed", resumed);
    json_kv_int(&j, "time_limit_s", time_limit_s);
    json_kv_int(&j, "follow_up", follow_up);
    json_object_end(&j);
}

void protocol_answer_time(struct buf *out, struct id answer, int64_t left_ms, int extensions_left)
{
    struct json j = begin(out, "answer.time");
    json_kv_id(&j, "answer_id", answer);
    json_key(&j, "left_ms");
    if (left_ms >= 0)
        json_int(&j, left_ms);
    else
        json_null(&j);
    json_kv_int(&j, "extensions_left", extensions_left);
    json_object_end(&j);
}

void protocol_think(struct buf *out, struct id answer, int64_t ms)
{
    struct json j = begin(out, "think.started");
    json_kv_id(&j, "answer_id", answer);
    json_kv_int(&j, "ms", ms);
    json_object_end(&j);
}

void protocol_paused(struct buf *out, int64_t left_ms)
{
    struct json j = begin(out, "interview.paused");
    json_kv_int(&j, "left_ms", left_ms);
    json_object_end(&j);
}

void protocol_resumed(struct buf *out)
{
    struct json j = begin(out, "interview.resumed");
    json_object_end(&j);
}

void protocol_rate(struct buf *out, bool slower)
{
    struct json j = begin(out, "voice.rate");
    json_kv_number(&j, "rate", slower ? 0.8 : 1.0);
    json_object_end(&j);
}

void protocol_speech(struct buf *out, struct id answer, bool started, int64_t at_ms)
{
    struct json j = begin(out, started ? "input_audio_buffer.speech_started" : "input_audio_buffer.speech_stopped");
    json_kv_id(&j, "answer_id", answer);
    json_kv_int(&j, "at_ms", at_ms);
    json_object_end(&j);
}

void protocol_transcription(struct buf *out, struct id answer, int64_t item_start_ms, const char *transcript,
                            int64_t end_ms, const char *language)
{
    char item[ID_TEXT_SIZE + 24];
    struct json j = begin(out, end_ms < 0 ? "conversation.item.input_audio_transcription.delta"
                                          : "conversation.item.input_audio_transcription.completed");
    snprintf(item, sizeof(item), "item_%lld", (long long)item_start_ms); /* unique in its answer: time goes on */
    json_kv_id(&j, "answer_id", answer);
    json_kv_string(&j, "item_id", item);
    json_kv_string(&j, "transcript", transcript);
    if (end_ms >= 0) {
        json_kv_int(&j, "start_ms", item_start_ms);
        json_kv_int(&j, "end_ms", end_ms);
    }
    if (language[0] != '\0')
        json_kv_string(&j, "language", language);
    json_object_end(&j);
}

void protocol_answer_ended(struct buf *out, struct id answer, int position, enum engine_end end, const char *text)
{
    struct json j = begin(out, "answer.ended");
    json_kv_id(&j, "answer_id", answer);
    json_kv_int(&j, "position", position);
    json_kv_string(&j, "reason", engine_end_name(end));
    json_kv_string(&j, "text", text);
    json_object_end(&j);
}

void protocol_state(struct buf *out, enum engine_state state)
{
    struct json j = begin(out, "state");
    json_kv_string(&j, "state", engine_state_name(state));
    json_object_end(&j);
}

void protocol_practice_ended(struct buf *out, const char *text)
{
    struct json j = begin(out, "practice.ended");
    json_kv_string(&j, "text", text);
    json_object_end(&j);
}

void protocol_completed(struct buf *out, struct id session)
{
    struct json j = begin(out, "session.completed");
    json_kv_id(&j, "session_id", session);
    json_object_end(&j);
}

void protocol_engine_unavailable(struct buf *out, const char *engine, const char *message)
{
    struct json j = begin(out, "engine.unavailable");
    json_kv_string(&j, "engine", engine);
    json_kv_string(&j, "message", message);
    json_object_end(&j);
}

void protocol_error(struct buf *out, const char *code, const char *message, bool fatal)
{
    struct json j = begin(out, "error");
    json_kv_string(&j, "code", code);
    json_kv_string(&j, "message", message);
    json_kv_bool(&j, "fatal", fatal);
    json_object_end(&j);
}

void protocol_busy(struct buf *out, unsigned position, int retry_after_s, const char *message)
{
    struct json j = begin(out, "server.busy");
    json_kv_int(&j, "position", position);
    json_kv_int(&j, "retry_after_s", retry_after_s);
    json_kv_string(&j, "message", message);
    json_object_end(&j);
}

void protocol_captions(struct buf *out, bool degraded)
{
    struct json j = begin(out, "captions.degraded");
    json_kv_bool(&j, "degraded", degraded);
    json_kv_string(&j, "message",
                   degraded ? "Captions are delayed because the server is busy. Your answer is heard all the same."
                            : "");
    json_object_end(&j);
}

void protocol_pong(struct buf *out, double t)
{
    struct json j = begin(out, "pong");
    json_kv_number(&j, "t", t);
    json_object_end(&j);
}

static void put_u32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> (8 * i));
}

size_t protocol_audio(uint8_t *out, int utterance, const int16_t *pcm, size_t n)
{
    out[0] = 0x81;
    put_u32(out + 1, (uint32_t)utterance);
    for (size_t i = 0; i < n; i++) {
        uint16_t v = (uint16_t)pcm[i];
        out[PROTOCOL_AUDIO_HEADER + 2 * i] = (uint8_t)v;
        out[PROTOCOL_AUDIO_HEADER + 2 * i + 1] = (uint8_t)(v >> 8);
    }
    return PROTOCOL_AUDIO_HEADER + 2 * n;
}

size_t protocol_microphone(uint8_t out[PROTOCOL_MICROPHONE_BYTES], uint32_t seq, const float *pcm, size_t n)
{
    memset(out, 0, PROTOCOL_MICROPHONE_BYTES);
    out[0] = 0x01;
    put_u32(out + 1, seq);
    for (size_t i = 0; i < n; i++) {
        float v = pcm[i] * 32767.0f;
        uint16_t sample = (uint16_t)lrintf(v > 32767.0f ? 32767.0f : v < -32768.0f ? -32768.0f : v);
        out[5 + 2 * i] = (uint8_t)sample;
        out[6 + 2 * i] = (uint8_t)(sample >> 8);
    }
    return PROTOCOL_MICROPHONE_BYTES;
}

/* Milliseconds are fine enough, and shorter to write than a double's digits. */
static void triple(struct json *j, const char *what, size_t len, double start, double end)
{
    json_array_begin(j);
    json_stringn(j, what, len);
    json_number(j, round(start * 1000) / 1000);
    json_number(j, round(end * 1000) / 1000);
    json_array_end(j);
}

void protocol_times(struct buf *phonemes, struct buf *words, const struct speech *s, double from)
{
    struct json j;
    buf_clear(phonemes);
    json_init(&j, phonemes);
    json_array_begin(&j);
    for (size_t i = 0; i < s->n_phonemes; i++)
        triple(&j, s->phonemes[i].phoneme, strlen(s->phonemes[i].phoneme), from + s->phonemes[i].start,
               from + s->phonemes[i].end);
    json_array_end(&j);
    buf_clear(words);
    json_init(&j, words);
    json_array_begin(&j);
    for (size_t i = 0; i < s->n_words; i++)
        triple(&j, s->words[i].word, strlen(s->words[i].word), from + s->words[i].start, from + s->words[i].end);
    json_array_end(&j);
}

int64_t protocol_reading_times(struct buf *words, const char *text)
{
    struct json j;
    int64_t at = 0;
    buf_clear(words);
    json_init(&j, words);
    json_array_begin(&j);
    for (const char *p = text; *p != '\0';) {
        size_t gap = strspn(p, " \t\r\n"), n = strcspn(p + gap, " \t\r\n");
        p += gap;
        if (n == 0)
            break;
        /* Languages without spaces come as one long "word". */
        int64_t ms = READ_WORD_MS + 40 * (int64_t)(utf8_length(p, n) > 8 ? utf8_length(p, n) - 8 : 0);
        triple(&j, p, n, (double)at / 1000, (double)(at + ms) / 1000);
        at += ms;
        p += n;
    }
    json_array_end(&j);
    return at < READ_MIN_MS ? READ_MIN_MS : at;
}
