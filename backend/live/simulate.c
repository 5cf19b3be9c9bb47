#include "live/simulate.h"

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json_read.h"
#include "http/ws.h"
#include "live/protocol.h"
#include "live/session.h"
#include "providers/audio.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define STEP_MS     20
#define THINK_MS    500      /* before the candidate speaks */
#define SKIP_MS     1000     /* before one who has nothing to say presses the button */
#define WAIT_MS     30000    /* of silence after the recording: then the button */
#define LONGEST_MS  14400000 /* of an interview */
#define STUCK_S     120      /* of the wall, in which the server does not answer */
#define SETTLE_MS   60000    /* of the wall, in which engines that take no time do what they have to */
#define MESSAGE_MAX (64u << 10)

struct message {
    struct message *next;
    size_t n;
    char data[];
};

struct simulation {
    const struct simulate_options *o;
    void (*on)(void *u, const struct simulate_event *e);
    void *u;
    struct live *live;
    const struct ws_events *events; /* of the connection */
    void *conn;

    pthread_mutex_t lock; /* guards the next five: other threads send */
    pthread_cond_t came;
    struct message *first, **last;
    int64_t pongs;
    int closed; /* code; 0 while open */

    int64_t begun, pings;
    uint32_t seq;
    bool completed;
    int64_t playing, played_at; /* the utterance, 0: none; when what is known of it has been heard out */
    bool played_whole;          /* all of it is known */
    int64_t paused_at;          /* since when it is silent, because the candidate speaks; -1: it is not */
    struct {
        int position, follow_up;
        char kind[16];
        char *text; /* NULL: told already */
        int64_t ms;
    } utterance;               /* to be told once its length is known */
    char answer[ID_TEXT_SIZE]; /* "": none is open */
    int position, follow_up;
    const struct simulate_sound *sound; /* being spoken, NULL: nothing (more) to say */
    size_t spoken;                      /* samples of it */
    int64_t speak_at, press_at;         /* when to begin; when to press the button, INT64_MAX: never */
    char trouble[256];                  /* of a fatal error */
};

static int64_t now_of(const struct simulation *s)
{
    return s->o->clock->mono_ms;
}

static void tell(struct simulation *s, struct simulate_event e)
{
    e.t = (double)(now_of(s) - s->begun) / 1000;
    s->on(s->u, &e);
}

/* ---- the wire: the server's side calls from its threads ---- */

static void *wire_ref(void *ws)
{
    return ws;
}

static void wire_unref(void *ws)
{
    (void)ws; /* the simulation outlives its server */
}

static enum status wire_text(void *ws, const char *data, size_t n)
{
    struct simulation *s = ws;
    struct message *m = malloc(sizeof *m + n + 1);
    if (m == NULL)
        return STATUS_NO_MEMORY;
    m->next = NULL;
    m->n = n;
    memcpy(m->data, data, n);
    m->data[n] = '\0';
    pthread_mutex_lock(&s->lock);
    *s->last = m;
    s->last = &m->next;
    if (strstr(m->data, "\"type\":\"pong\"") != NULL)
        s->pongs++;
    pthread_cond_broadcast(&s->came);
    pthread_mutex_unlock(&s->lock);
    return STATUS_OK;
}

static enum status wire_binary(void *ws, const void *data, size_t n)
{
    (void)ws;
    (void)data;
    (void)n;
    return STATUS_OK; /* nobody listens */
}

static void wire_close(void *ws, int code, const char *reason)
{
    struct simulation *s = ws;
    (void)reason;
    pthread_mutex_lock(&s->lock);
    if (s->closed == 0)
        s->closed = code;
    pthread_cond_broadcast(&s->came);
    pthread_mutex_unlock(&s->lock);
}

static size_t wire_queued(void *ws)
{
    (void)ws;
    return 0;
}

static const struct wire wire_simulated = {wire_ref, wire_unref, wire_text, wire_binary, wire_close, wire_queued};

static struct message *next_message(struct simulation *s)
{
    pthread_mutex_lock(&s->lock);
    struct message *m = s->first;
    if (m != NULL && (s->first = m->next) == NULL)
        s->last = &s->first;
    pthread_mutex_unlock(&s->lock);
    return m;
}

static void send_text(struct simulation *s, struct buf *text)
{
    s->events->text(s->conn, buf_cstr(text), text->len);
}

static void send_played(struct simulation *s, const char *type, int64_t utterance)
{
    cleanup(buf_free) struct buf out;
    buf_init(&out, MESSAGE_MAX);
    buf_printf(&out, "{\"type\":\"%s\",\"utterance_id\":%lld}", type, (long long)utterance);
    send_text(s, &out);
}

static void send_done(struct simulation *s)
{
    cleanup(buf_free) struct buf out;
    buf_init(&out, MESSAGE_MAX);
    buf_printf(&out, "{\"type\":\"answer.done\",\"answer_id\":\"%s\"}", s->answer);
    send_text(s, &out);
    s->press_at = INT64_MAX;
}

/* ---- what the server says ---- */

static void tell_utterance(struct simulation *s)
{
    if (s->utterance.text == NULL)
        return;
    tell(s, (struct simulate_event){.event = "utterance",
                                    .position = s->utterance.position,
                                    .follow_up = s->utterance.follow_up,
                                    .kind = s->utterance.kind,
                                    .text = s->utterance.text,
                                    .seconds = (double)s->utterance.ms / 1000});
    free(s->utterance.text);
    s->utterance.text = NULL;
}

static void on_part(struct simulation *s, const struct json_val *m)
{
    int64_t ms = json_get_int(m, "duration_ms", 0);
    if (json_get_int(m, "utterance_id", 0) != s->playing)
        return;
    s->utterance.ms += ms;
    s->played_at = (s->played_at > now_of(s) ? s->played_at : now_of(s)) + ms;
}

static void on_utterance(struct simulation *s, const struct json_val *m)
{
    tell_utterance(s);
    s->playing = json_get_int(m, "utterance_id", 0);
    s->played_whole = false;
    s->paused_at = -1;
    s->played_at = s->utterance.ms = 0;
    s->utterance.position = (int)json_get_int(m, "position", 0);
    s->utterance.follow_up = (int)json_get_int(m, "follow_up", 0);
    snprintf(s->utterance.kind, sizeof s->utterance.kind, "%s", json_get_string(m, "kind", ""));
    s->utterance.text = strdup(json_get_string(m, "text", ""));
    on_part(s, m);
    send_played(s, "playback.started", s->playing);
}

static void on_utterance_done(struct simulation *s, const struct json_val *m)
{
    tell_utterance(s);
    s->played_whole = s->played_whole || json_get_int(m, "utterance_id", 0) == s->playing;
}

static void on_cancelled(struct simulation *s, const struct json_val *m)
{
    if (json_get_int(m, "utterance_id", 0) == s->playing)
        s->playing = 0;
    tell_utterance(s);
    tell(s, (struct simulate_event){.event = "utterance_cancelled"});
}

static void on_paused(struct simulation *s, const struct json_val *m, bool paused)
{
    if (json_get_int(m, "utterance_id", 0) != s->playing || paused == (s->paused_at >= 0))
        return;
    if (!paused)
        s->played_at += now_of(s) - s->paused_at;
    s->paused_at = paused ? now_of(s) : -1;
    tell_utterance(s);
    tell(s, (struct simulate_event){.event = paused ? "utterance_paused" : "utterance_resumed"});
}

static const struct simulate_sound *sound_for(const struct simulation *s)
{
    if (s->position < 1 || (size_t)s->position > s->o->n_answers)
        return NULL;
    if (s->follow_up == 0)
        return &s->o->answers[s->position - 1];
    if (s->o->follow_ups == NULL || s->follow_up > SIMULATE_FOLLOW_UPS)
        return NULL;
    const struct simulate_sound *x = &s->o->follow_ups[s->position - 1][s->follow_up - 1];
    return x->name != NULL ? x : NULL;
}

/* What is left of the file when something follows it. */
static void stop_speaking(struct simulation *s)
{
    if (s->sound != NULL)
        tell(s, (struct simulate_event){.event = "rest_unspoken",
                                        .position = s->position,
                                        .follow_up = s->follow_up,
                                        .text = s->sound->name,
                                        .seconds = (double)(s->sound->n - s->spoken) / AUDIO_RATE});
    s->sound = NULL;
}

static void on_answer_started(struct simulation *s, const struct json_val *m)
{
    int position = (int)json_get_int(m, "position", 0), follow_up = (int)json_get_int(m, "follow_up", 0);
    snprintf(s->answer, sizeof s->answer, "%s", json_get_string(m, "answer_id", ""));
    tell(s, (struct simulate_event){.event = "answer_started", .position = position, .follow_up = follow_up});
    if (position == s->position && follow_up == s->follow_up) { /* it goes on, and so does the recording */
        s->press_at = s->sound == NULL ? now_of(s) + WAIT_MS : INT64_MAX;
        return;
    }
    stop_speaking(s);
    s->position = position;
    s->follow_up = follow_up;
    s->spoken = 0;
    s->sound = sound_for(s);
    s->speak_at = now_of(s) + THINK_MS;
    s->press_at = s->sound == NULL ? now_of(s) + SKIP_MS : INT64_MAX;
}

static void on_answer_ended(struct simulation *s, const struct json_val *m)
{
    tell(s, (struct simulate_event){.event = "answer_ended",
                                    .position = (int)json_get_int(m, "position", 0),
                                    .kind = json_get_string(m, "reason", NULL),
                                    .text = json_get_string(m, "text", "")});
    s->answer[0] = '\0'; /* whoever was cut off goes on over the interviewer, who yields */
    s->press_at = INT64_MAX;
}

static void on_words(struct simulation *s, const char *event, const struct json_val *m)
{
    tell(s, (struct simulate_event){
                .event = event, .position = s->position, .text = json_get_string(m, "transcript", "")});
}

static void on_notice(struct simulation *s, const struct json_val *m)
{
    const char *message = json_get_string(m, "message", "");
    if (json_get_bool(m, "fatal", false))
        snprintf(s->trouble, sizeof s->trouble, "%s", message);
    tell(s, (struct simulate_event){.event = "notice",
                                    .kind = json_get_string(m, "code", json_get_string(m, "engine", NULL)),
                                    .text = message});
}

static void on_message(struct simulation *s, const struct json_val *m)
{
    const char *type = json_get_string(m, "type", "");
    if (strcmp(type, "utterance.created") == 0)
        on_utterance(s, m);
    else if (strcmp(type, "utterance.part") == 0)
        on_part(s, m);
    else if (strcmp(type, "utterance.audio.done") == 0)
        on_utterance_done(s, m);
    else if (strcmp(type, "utterance.paused") == 0)
        on_paused(s, m, true);
    else if (strcmp(type, "utterance.resumed") == 0)
        on_paused(s, m, false);
    else if (strcmp(type, "utterance.cancelled") == 0)
        on_cancelled(s, m);
    else if (strcmp(type, "answer.started") == 0)
        on_answer_started(s, m);
    else if (strcmp(type, "answer.ended") == 0)
        on_answer_ended(s, m);
    else if (strcmp(type, "input_audio_buffer.speech_started") == 0)
        tell(s, (struct simulate_event){.event = "speech_started", .position = s->position});
    else if (strcmp(type, "input_audio_buffer.speech_stopped") == 0)
        tell(s, (struct simulate_event){.event = "speech_stopped", .position = s->position});
    else if (strcmp(type, "conversation.item.input_audio_transcription.delta") == 0)
        on_words(s, "partial", m);
    else if (strcmp(type, "conversation.item.input_audio_transcription.completed") == 0)
        on_words(s, "final", m);
    else if (strcmp(type, "error") == 0 || strcmp(type, "engine.unavailable") == 0)
        on_notice(s, m);
    else if (strcmp(type, "session.completed") == 0)
        s->completed = true;
}

static enum status take_messages(struct simulation *s, struct error *err)
{
    enum status st = STATUS_OK;
    for (struct message *m = next_message(s); m != NULL; m = next_message(s)) {
        struct json_doc *doc = NULL;
        if (st == STATUS_OK)
            st = json_parse(m->data, m->n, &doc, err);
        if (doc != NULL)
            on_message(s, json_root(doc));
        json_doc_free(doc);
        free(m);
    }
    return st;
}

/* ---- what the candidate does ---- */

static void send_sound(struct simulation *s, const float *pcm, size_t n)
{
    uint8_t packet[PROTOCOL_MICROPHONE_BYTES];
    s->events->binary(s->conn, packet, protocol_microphone(packet, s->seq++, pcm, n));
}

static void speak(struct simulation *s)
{
    size_t n = s->sound->n - s->spoken;
    n = n > PROTOCOL_MICROPHONE_SAMPLES ? PROTOCOL_MICROPHONE_SAMPLES : n;
    if (s->spoken == 0)
        tell(s, (struct simulate_event){.event = "file",
                                        .position = s->position,
                                        .follow_up = s->follow_up,
                                        .text = s->sound->name,
                                        .seconds = (double)s->sound->n / AUDIO_RATE});
    send_sound(s, s->sound->pcm + s->spoken, n);
    s->spoken += n;
    if (s->spoken < s->sound->n)
        return;
    tell(s, (struct simulate_event){
                .event = "file_over", .position = s->position, .follow_up = s->follow_up, .text = s->sound->name});
    s->sound = NULL;
    s->press_at = s->answer[0] != '\0' ? now_of(s) + WAIT_MS : INT64_MAX;
}

static void act(struct simulation *s)
{
    if (s->playing != 0 && s->played_whole && s->paused_at < 0 && now_of(s) >= s->played_at) {
        send_played(s, "playback.finished", s->playing);
        s->playing = 0;
    }
    if (s->sound != NULL && now_of(s) >= s->speak_at)
        speak(s);
    else
        send_sound(s, NULL,
                   0); /* a microphone is never off: the server learns from it that nobody hears the interviewer */
    if (s->answer[0] == '\0' || now_of(s) < s->press_at)
        return;
    bool nothing = sound_for(s) == NULL;
    tell(s, (struct simulate_event){
                .event = nothing ? "skipped" : "done_pressed", .position = s->position, .follow_up = s->follow_up});
    send_done(s);
}

/* ---- time ---- */

/* Everything sent so far has been worked through, with what it led to but for the engines: the pong comes after. False:
 * it does not come. */
static bool round_trip(struct simulation *s)
{
    static const char ping[] = "{\"type\":\"ping\",\"t\":0}";
    struct timespec until;
    int timeout = 0;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += STUCK_S;
    s->events->text(s->conn, ping, sizeof ping - 1);
    s->pings++;
    pthread_mutex_lock(&s->lock);
    while (s->pongs < s->pings && s->closed == 0 && timeout == 0)
        timeout = pthread_cond_timedwait(&s->came, &s->lock, &until);
    pthread_mutex_unlock(&s->lock);
    const struct conn *c = s->conn;
    while (timeout == 0 && !strand_idle(&c->session->strand))
        sched_yield(); /* it is about to say when it wants to be woken */
    return timeout == 0;
}

/* What the engines are at takes its time: a step of it on the wall, or less when they are done before. Or none at all
 * on the clock. */
static bool settle(struct simulation *s)
{
    struct speech_line *line = live_speech(s->live);
    bool waited = false;
    do {
        if (!round_trip(s))
            return false;
        if (speech_line_idle(line) || (waited && !s->o->instant))
            return true;
        waited = true;
    } while (speech_line_wait_idle(line, s->o->instant ? SETTLE_MS : STEP_MS));
    return !s->o->instant;
}

static int closed_with(struct simulation *s)
{
    pthread_mutex_lock(&s->lock);
    int code = s->closed;
    pthread_mutex_unlock(&s->lock);
    return code;
}

static enum status play(struct simulation *s, struct error *err)
{
    enum status st = STATUS_OK;
    while (st == STATUS_OK && closed_with(s) == 0 && now_of(s) - s->begun < LONGEST_MS) {
        clock_fake_advance(s->o->clock, STEP_MS);
        act(s);
        live_wake(s->live);
        if (!settle(s))
            return error_set(err, STATUS_UNAVAILABLE, "simulation_stuck", NULL, "The interview does not go on");
        st = take_messages(s, err);
    }
    if (st != STATUS_OK || s->completed)
        return st;
    return error_set(err, STATUS_UNAVAILABLE, "simulation_ended", NULL, "The interview broke off: %s",
                     s->trouble[0] != '\0' ? s->trouble : "it did not come to its end");
}

static enum status converse(struct simulation *s, struct error *err)
{
    static const char start[] = "{\"type\":\"session.start\",\"audio\":{\"codec\":\"pcm16\"},\"playback\":[\"pcm16\"],"
                                "\"microphone\":true,\"camera\":false}";
    enum status st = live_attach_wire(s->live, s->o->session, &wire_simulated, s, &s->events, &s->conn, err);
    if (st != STATUS_OK)
        return st;
    s->events->open(s->conn, NULL);
    s->events->text(s->conn, start, sizeof start - 1);
    tell(s, (struct simulate_event){.event = "connected"});
    st = play(s, err);
    if (st == STATUS_OK)
        tell(s, (struct simulate_event){.event = "completed"});
    int code = closed_with(s);
    s->events->closed(s->conn, code != 0 ? code : CLOSE_DONE);
    return st;
}

enum status simulate_run(const struct simulate_options *o, void (*on)(void *u, const struct simulate_event *e), void *u,
                         struct error *err)
{
    struct simulation s = {
        .o = o, .on = on, .u = u, .press_at = INT64_MAX, .paused_at = -1, .begun = o->clock->mono_ms};
    const struct clock clock = clock_fake_make(o->clock);
    struct live_options lo = o->live;
    lo.clock = &clock;
    lo.cache = NULL;
    s.last = &s.first;
    pthread_mutex_init(&s.lock, NULL);
    pthread_cond_init(&s.came, NULL);
    enum status st = live_new(&lo, &s.live, err);
    if (st == STATUS_OK)
        st = converse(&s, err);
    live_free(s.live);
    for (struct message *m = next_message(&s); m != NULL; m = next_message(&s))
        free(m);
    free(s.utterance.text);
    pthread_cond_destroy(&s.came);
    pthread_mutex_destroy(&s.lock);
    return st;
}
