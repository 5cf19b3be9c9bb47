#include "live/listen.h"

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "live/listener.h"
#include "live/protocol.h"
#include "live/second_pass.h"
#include "services/conduct.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PACKET     PROTOCOL_MICROPHONE_SAMPLES
#define PACKET_MS  20
#define QUESTIONS  100000
#define SILENCE_MS 60000 /* after the sound, at the most */
#define EVENTS     64
#define RESULTS    8
#define ANSWER_MAX (1u << 20)
#define STRETCHES  64 /* of one answer that are heard again */

struct result {
    struct listening_job *job;
    int64_t at;
};

struct listen {
    const struct listen_options *o;
    void (*on)(void *u, const struct listen_event *e);
    void *u;
    int64_t now, base;  /* ms of the recording; where the open answer began */
    int64_t busy_until; /* recognition */
    struct engine engine;
    struct engine_event events[EVENTS];
    unsigned in, out;
    struct listener *listener;
    struct result results[RESULTS]; /* one caption, one guess, one final at the most */
    size_t n_results;
    struct buf answer;
    struct second_pass_stretch *open, *stretches[STRETCHES];
    size_t n_stretches;
    uint32_t seq;
    enum status st; /* the first failure */
    struct error *err;
};

static void event(struct listen *l, struct engine_event ev)
{
    ev.now = l->now;
    if (l->in - l->out < EVENTS)
        l->events[l->in++ % EVENTS] = ev;
}

static void tell(struct listen *l, enum listen_event_type type, const char *text)
{
    const struct listen_event e = {.type = type, .t = (double)l->now / 1000, .text = text};
    l->on(l->u, &e);
}

/* ---- what the listener wants ---- */

static void compare(struct listen *l, struct engine_event *ev)
{
    cleanup(buf_free) struct buf whole;
    const struct conduct_question q = {.text = "", .points = l->o->points};
    buf_init(&whole, 2 * ANSWER_MAX);
    buf_printf(&whole, "%s %s", buf_cstr(&l->answer), ev->text);
    const double covered = buf_ok(&whole) ? conduct_covered(&q, buf_cstr(&whole)) : NAN;
    ev->signs.compared = !isnan(covered);
    ev->signs.covered = ev->signs.compared ? covered : 0;
}

static void on_event(void *u, struct engine_event ev)
{
    struct listen *l = u;
    if (l->o->points.count > 0 && (ev.type == EV_GUESS || (ev.type == EV_TRANSCRIPT && ev.signs.written)))
        compare(l, &ev);
    event(u, ev);
}

static void on_speech(void *u, bool started, int64_t at_ms)
{
    (void)at_ms;
    tell(u, started ? LISTEN_SPEECH_STARTED : LISTEN_SPEECH_STOPPED, NULL);
}

static void on_caption(void *u, int64_t start_ms, const char *text)
{
    (void)start_ms;
    tell(u, LISTEN_PARTIAL, text);
}

static void on_lost(void *u, const char *code, const char *message)
{
    struct listen *l = u;
    if (l->st == STATUS_OK)
        l->st = error_set(l->err, STATUS_INTERNAL, code, NULL, "%s", message);
}

static void on_recognise(void *u, struct listening_job *j)
{
    struct listen *l = u;
    struct error err = {0};
    int64_t from = clock_mono_ms(&clock_system);
    enum status st = listening_job_run(j, l->o->engines, l->o->language ? l->o->language : "", &err);
    if (st != STATUS_OK && l->st == STATUS_OK) {
        l->st = st;
        *l->err = err;
    }
    j->took_ms = l->o->instant ? 0 : clock_mono_ms(&clock_system) - from;
    if (l->busy_until < l->now)
        l->busy_until = l->now;
    l->busy_until += j->took_ms;
    if (l->n_results < RESULTS)
        l->results[l->n_results++] = (struct result){j, l->busy_until};
    else
        listening_job_free(j);
}

static void on_hurry(void *u, const struct listening_job *j)
{
    (void)u;
    (void)j; /* it runs already */
}

static void on_drop(void *u, const struct listening_job *j)
{
    (void)u;
    (void)j; /* likewise */
}

/* What runs after it runs so much sooner. */
static void on_stop(void *u, const struct listening_job *j)
{
    struct listen *l = u;
    int64_t saved = 0;
    for (size_t i = 0; i < l->n_results; i++) {
        struct result *r = &l->results[i];
        r->at -= saved;
        if (r->job != j || r->at <= l->now)
            continue;
        const int64_t left = r->at - l->now;
        saved = left < j->took_ms ? left : j->took_ms;
        r->at = l->now;
        r->job->ok = false;
    }
    l->busy_until -= saved;
}

static bool on_busy(void *u)
{
    (void)u;
    return false; /* there is one speaker */
}

static bool on_roomy(void *u)
{
    (void)u;
    return true;
}

static bool on_idle(void *u)
{
    const struct listen *l = u;
    return !l->o->no_captions && l->busy_until <= l->now;
}

static bool open_ears(struct listen *l)
{
    const struct listener_owner owner = {on_event, on_speech, on_caption, on_lost,  on_recognise, on_hurry,
                                         on_drop,  on_stop,   on_busy,    on_roomy, on_idle,      l};
    if (l->listener == NULL && l->st == STATUS_OK)
        l->st = listener_new(l->o->engines->vad, &owner, &l->listener, l->err);
    return l->listener != NULL;
}

static void close_ears(struct listen *l)
{
    l->listener = listener_free(l->listener);
    for (size_t i = 0; i < l->n_results; i++)
        listening_job_free(l->results[i].job);
    l->n_results = 0;
}

/* ---- what the engine wants ---- */

static void keep_stretch(struct listen *l, struct second_pass_stretch *s)
{
    if (s != NULL && l->n_stretches < STRETCHES)
        l->stretches[l->n_stretches++] = s;
    else
        second_pass_free(s);
}

static double seconds(const struct listen *l, int64_t answer_ms)
{
    return (double)(l->base + answer_ms) / 1000;
}

static void hear_again(struct listen *l, struct second_pass_stretch *s)
{
    struct error err = {0};
    bool better = false;
    enum status st = second_pass_run(s, l->o->engines, l->o->language ? l->o->language : "", &better, &err);
    if (st != STATUS_OK && l->st == STATUS_OK) {
        l->st = st;
        *l->err = err;
    }
    for (size_t i = 0; better && i < s->n_parts; i++) {
        const struct listen_event e = {.type = LISTEN_REVISED,
                                       .t = (double)l->now / 1000,
                                       .text = s->parts[i].text,
                                       .heard = &s->parts[i].heard,
                                       .start = seconds(l, s->parts[i].start_ms)};
        l->on(l->u, &e);
    }
}

/* Between two answers, as in a live session. */
static void hear_all_again(struct listen *l)
{
    keep_stretch(l, second_pass_end(&l->open));
    for (size_t i = 0; i < l->n_stretches; i++) {
        if (l->st == STATUS_OK)
            hear_again(l, l->stretches[i]);
        second_pass_free(l->stretches[i]);
    }
    l->n_stretches = 0;
}

static void store(struct listen *l, enum engine_op op)
{
    if (op == OP_OPEN) {
        l->base = l->now;
        buf_clear(&l->answer);
    } else if (op == OP_STORE && l->listener != NULL && listener_oldest(l->listener) != NULL) {
        const struct piece *p = listener_oldest(l->listener);
        const struct listen_event e = {.type = LISTEN_PARTIAL,
                                       .t = (double)l->now / 1000,
                                       .text = p->text,
                                       .heard = &p->heard,
                                       .start = seconds(l, p->start_ms)};
        buf_printf(&l->answer, "%s%s", l->answer.len > 0 ? " " : "", p->text);
        l->on(l->u, &e);
        if (l->o->revised)
            keep_stretch(l, second_pass_add(&l->open, p, (struct id){0}));
        listener_pop(l->listener);
    }
    event(l, (struct engine_event){.type = EV_OP_RESULT, .op = op, .result = RESULT_OK});
}

static void act(struct listen *l, const struct engine_action *a)
{
    switch (a->type) {
    case ACTION_SPEAK:
        event(l, (struct engine_event){.type = EV_SHOWN, .utterance = a->utterance});
        event(l, (struct engine_event){.type = EV_PLAYED, .utterance = a->utterance});
        break;
    case ACTION_STORE:
        store(l, a->op);
        break;
    case ACTION_LISTEN:
        if (open_ears(l))
            listener_open(l->listener);
        break;
    case ACTION_STOP_LISTENING:
        if (l->listener != NULL)
            listener_close(l->listener);
        else
            event(l, (struct engine_event){.type = EV_FLUSHED});
        break;
    case ACTION_TRANSCRIBE:
        listener_transcribe(l->listener);
        break;
    case ACTION_DROP_PIECE:
        listener_pop(l->listener);
        break;
    case ACTION_ANSWER_ENDED:
        close_ears(l);
        tell(l, LISTEN_ANSWER_ENDED, buf_cstr(&l->answer));
        hear_all_again(l);
        break;
    default:
        break;
    }
}

static void tell_guess(struct listen *l, const struct engine_event *ev)
{
    if (!l->o->guesses || !l->engine.listening)
        return;
    cleanup(buf_free) struct buf whole;
    const struct listen_guess g = {.since = (double)(l->base + ev->at_ms) / 1000,
                                   .signs = ev->signs,
                                   .opinion = l->engine.guess.opinion,
                                   .wait_ms = patience_wait(&l->o->patience, &l->engine.guess.opinion)};
    buf_init(&whole, 2 * ANSWER_MAX);
    buf_printf(&whole, "%s%s%s", buf_cstr(&l->answer), l->answer.len > 0 ? " " : "", ev->text);
    const struct listen_event e = {
        .type = LISTEN_GUESS, .t = (double)l->now / 1000, .text = buf_cstr(&whole), .guess = &g};
    l->on(l->u, &e);
}

static void drain(struct listen *l)
{
    while (l->out != l->in) {
        struct engine_event ev = l->events[l->out++ % EVENTS];
        struct engine_actions out;
        engine_step(&l->engine, &ev, &out);
        if (ev.type == EV_GUESS)
            tell_guess(l, &ev);
        for (int i = 0; i < out.count; i++)
            act(l, &out.list[i]);
    }
}

/* ---- time ---- */

static void deliver(struct listen *l)
{
    for (size_t i = 0; i < l->n_results;) {
        if (l->results[i].at > l->now) {
            i++;
            continue;
        }
        struct listening_job *j = l->results[i].job;
        l->results[i] = l->results[--l->n_results];
        listener_result(l->listener, j, l->now);
        drain(l);
        i = 0;
    }
}

static void hear(struct listen *l, const float *pcm, size_t n)
{
    uint8_t packet[PROTOCOL_MICROPHONE_BYTES];
    protocol_microphone(packet, l->seq++, pcm, n);
    l->now += PACKET_MS;
    deliver(l);
    if (l->listener != NULL) {
        listener_packet(l->listener, packet, sizeof packet, l->now - PACKET_MS - l->base, l->now);
        drain(l);
    }
    if (l->listener != NULL)
        listener_tick(l->listener, l->now);
    event(l, (struct engine_event){.type = EV_TICK});
    drain(l);
}

static bool answer_pending(const struct listen *l)
{
    return l->engine.words > 0 || l->engine.speech || engine_outstanding(&l->engine) > 0 || l->n_results > 0 ||
           l->engine.state == ENGINE_CLOSING;
}

enum status listen_run(const struct listen_options *o, const float *pcm, size_t n,
                       void (*on)(void *u, const struct listen_event *e), void *u, struct error *err)
{
    struct error mine = {0};
    struct listen *l = calloc(1, sizeof *l);
    if (l == NULL)
        return arena_exhausted(err);
    *l = (struct listen){.o = o, .on = on, .u = u, .err = &mine};
    buf_init(&l->answer, ANSWER_MAX);
    engine_init(&l->engine, &(struct engine_config){QUESTIONS, o->patience}, &(struct engine_resume){.greeted = true});
    event(l, (struct engine_event){.type = EV_CLIENT_STARTED, .microphone = true});
    drain(l);
    for (size_t at = 0; at < n && l->st == STATUS_OK; at += PACKET)
        hear(l, pcm + at, n - at < PACKET ? n - at : PACKET);
    int64_t end = l->now;
    while (l->st == STATUS_OK && answer_pending(l) && l->now - end < SILENCE_MS)
        hear(l, NULL, 0);
    close_ears(l);
    hear_all_again(l);
    buf_free(&l->answer);
    enum status st = l->st;
    if (st != STATUS_OK && err != NULL)
        *err = mine;
    free(l);
    return st;
}
