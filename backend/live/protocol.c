#include "live/protocol.h"

#include "base/json.h"
#include "base/utf8.h"

#include <math.h>
#include <string.h>

#define SOUND_AT_MAX 86400000 /* a day */

struct reader {
    const char *type;
    enum client_message_type id;
    enum status (*read)(const struct json_val *v, struct client_message *m, struct error *err);
};

static enum status wrong(struct error *err, const char *field, const char *what)
{
    return error_set(err, STATUS_INVALID, "message_invalid", field, "The message's %s must be %s.", field, what);
}

static enum status read_utterance(const struct json_val *v, struct client_message *m, struct error *err)
{
    int64_t id = json_get_int(v, "utterance_id", -1);
    if (id < 1 || id > INT32_MAX)
        return wrong(err, "utterance_id", "an utterance's number");
    m->utterance = (int)id;
    return STATUS_OK;
}

static enum status read_played(const struct json_val *v, struct client_message *m, struct error *err)
{
    m->at_ms = json_get_int(v, "from_ms", 0);
    if (m->at_ms < 0 || m->at_ms > SOUND_AT_MAX)
        return wrong(err, "from_ms", "milliseconds of the utterance");
    return read_utterance(v, m, err);
}

static enum status read_answer(const struct json_val *v, struct client_message *m, struct error *err)
{
    const char *id = json_get_string(v, "answer_id", NULL);
    if (id == NULL || !id_parse(id, &m->answer))
        return wrong(err, "answer_id", "an answer's id");
    return STATUS_OK;
}

static enum status read_text(const struct json_val *v, struct client_message *m, struct error *err)
{
    enum status st = read_answer(v, m, err);
    if (st != STATUS_OK)
        return st;
    m->text = json_get_string(v, "text", NULL);
    if (m->text == NULL)
        return wrong(err, "text", "a string");
    if (utf8_length(m->text, strlen(m->text)) > PROTOCOL_TEXT_MAX)
        return error_set(err, STATUS_INVALID, "text_too_long", "text", "An answer may have %d characters at most.",
                         PROTOCOL_TEXT_MAX);
    return STATUS_OK;
}

static enum status read_start(const struct json_val *v, struct client_message *m, struct error *err)
{
    const char *codec = json_get_string(json_get(v, "audio"), "codec", "pcm16");
    m->opus = strcmp(codec, "opus") == 0;
    if (!m->opus && strcmp(codec, "pcm16") != 0)
        return wrong(err, "audio.codec", "\"pcm16\" or \"opus\"");
    m->microphone = json_get_bool(v, "microphone", false);
    m->camera = json_get_bool(v, "camera", false);
    m->practice = json_get_bool(v, "practice", false);
    return STATUS_OK;
}

static enum status read_mic(const struct json_val *v, struct client_message *m, struct error *err)
{
    (void)err;
    m->microphone = json_get_bool(v, "microphone", true);
    m->muted = json_get_bool(v, "muted", false);
    return STATUS_OK;
}

static enum status read_sound_at(const struct json_val *v, struct client_message *m, struct error *err)
{
    enum status st = read_answer(v, m, err);
    if (st != STATUS_OK)
        return st;
    m->at_ms = json_get_int(v, "at_ms", -1);
    return m->at_ms >= 0 && m->at_ms <= SOUND_AT_MAX ? STATUS_OK : wrong(err, "at_ms", "milliseconds of the answer");
}

static enum status read_ping(const struct json_val *v, struct client_message *m, struct error *err)
{
    (void)err;
    m->t = json_get_number(v, "t", 0);
    return STATUS_OK;
}

static enum status read_rate(const struct json_val *v, struct client_message *m, struct error *err)
{
    double rate = json_get_number(v, "rate", 0);
    if (rate != 1.0 && rate != 0.8)
        return wrong(err, "rate", "1.0 or 0.8");
    m->slower = rate < 1.0;
    return STATUS_OK;
}

static enum status read_nothing(const struct json_val *v, struct client_message *m, struct error *err)
{
    (void)v;
    (void)m;
    (void)err;
    return STATUS_OK;
}

static const struct reader readers[] = {
    {"session.start", MSG_START, read_start},
    {"playback.started", MSG_PLAY_STARTED, read_played},
    {"playback.finished", MSG_PLAY_FINISHED, read_utterance},
    {"answer.done", MSG_ANSWER_DONE, read_answer},
    {"answer.text", MSG_ANSWER_TEXT, read_text},
    {"question.repeat", MSG_REPEAT, read_nothing},
    {"question.rephrase", MSG_REPHRASE, read_nothing},
    {"question.skip", MSG_SKIP, read_nothing},
    {"voice.rate", MSG_RATE, read_rate},
    {"think.done", MSG_READY, read_nothing},
    {"answer.extend", MSG_EXTEND, read_answer},
    {"interview.pause", MSG_PAUSE, read_nothing},
    {"interview.resume", MSG_RESUME, read_nothing},
    {"mic.state", MSG_MIC, read_mic},
    {"input_audio_buffer.position", MSG_SOUND_AT, read_sound_at},
    {"ping", MSG_PING, read_ping},
};

static enum status read_message(const struct json_val *root, struct client_message *m, struct error *err)
{
    const char *type = json_get_string(root, "type", NULL);
    if (!json_is_object(root) || type == NULL)
        return error_set(err, STATUS_MALFORMED, "message_malformed", "type",
                         "A message is a JSON object with a \"type\".");
    for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
        if (strcmp(type, readers[i].type) == 0) {
            m->type = readers[i].id;
            return readers[i].read(root, m, err);
        }
    return error_set(err, STATUS_INVALID, "message_unknown", "type", "There is no message of this type.");
}

enum status protocol_parse(const char *data, size_t n, struct client_message *ret, struct error *err)
{
    struct client_message m = {0};
    enum status st = json_parse(data, n, &m.doc, err);
    if (st == STATUS_OK)
        st = read_message(json_root(m.doc), &m, err);
    if (st != STATUS_OK) {
        json_doc_free(m.doc);
        return st;
    }
    *ret = m;
    return STATUS_OK;
}
