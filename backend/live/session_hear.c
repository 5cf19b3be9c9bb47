#include "live/session.h"

#include "base/cleanup.h"
#include "base/log.h"

#include <stdlib.h>
#include <string.h>

#define CAPTION_MS       1200
#define CAPTION_MIN_MS   600         /* of speech, before it is worth a caption */
#define PIECES_BYTES_MAX (20u << 20) /* ten minutes that wait to be transcribed */
#define TRANSCRIPT_ARENA (8u << 20)
#define WORD_GAP_MS      200 /* stops within a word (the t of "later") are shorter */

/* ---- pieces ---- */

struct piece *piece_free(struct piece *p)
{
    if (p != NULL) {
        free(p->pcm);
        free(p->text);
    }
    free(p);
    return NULL;
}

struct piece *session_pop_piece(struct session *s)
{
    struct piece *p = s->pieces;
    if (p == NULL)
        return NULL;
    s->pieces = p->next;
    if (s->pieces == NULL)
        s->pieces_tail = &s->pieces;
    s->pieces_bytes -= p->n * sizeof(*p->pcm);
    return p;
}

void session_forget_pieces(struct session *s)
{
    while (s->pieces != NULL)
        piece_free(session_pop_piece(s));
}

static int16_t *copy_pcm(const int16_t *pcm, size_t n)
{
    int16_t *c = malloc(n > 0 ? n * sizeof(*c) : 1);
    if (c != NULL)
        memcpy(c, pcm, n * sizeof(*c));
    return c;
}

static void on_piece(void *u, const struct segmenter_piece *in)
{
    struct session *s = u;
    struct piece *p = calloc(1, sizeof(*p));
    int16_t *pcm = s->pieces_bytes < PIECES_BYTES_MAX ? copy_pcm(in->pcm, in->n) : NULL;
    if (p == NULL || pcm == NULL) {
        free(p);
        free(pcm);
        session_error(s, "piece_not_understood",
                      "A part of your answer could not be written down. It is in the recording.", false);
        return;
    }
    *p = (struct piece){.pcm = pcm, .n = in->n, .start_ms = in->start_ms, .end_ms = in->end_ms};
    s->pieces_bytes += p->n * sizeof(*pcm);
    *s->pieces_tail = p;
    s->pieces_tail = &p->next;
    session_event(s, (struct engine_event){.type = EV_PIECE});
}

static void on_started(void *u, int64_t at_ms)
{
    struct session *s = u;
    s->partial_at = session_now(s) + CAPTION_MS;
    s->partial_to = at_ms;
    protocol_speech(&s->out, s->answer, true, at_ms);
    session_send(s);
    session_event(s, (struct engine_event){.type = EV_SPEECH_STARTED, .at_ms = at_ms});
}

static void on_stopped(void *u, int64_t at_ms)
{
    struct session *s = u;
    protocol_speech(&s->out, s->answer, false, at_ms);
    session_send(s);
    session_event(s, (struct engine_event){.type = EV_SPEECH_STOPPED, .at_ms = at_ms});
}

/* ---- listening ---- */

static void open_ears(struct session *s)
{
    struct segmenter_events on = {.started = on_started, .piece = on_piece, .stopped = on_stopped, .u = s};
    struct error err = {0};
    if (s->hearing == NULL && s->can_hear) {
        enum status st = hearing_new(live_options_of(s->live)->engines->vad, &on, &s->hearing, &err);
        if (st != STATUS_OK) {
            log_failure("live.hearing", s->id_text, st, &err);
            protocol_engine_unavailable(&s->out, "vad", "I cannot hear you just now. Please type your answer.");
            session_send(s);
        }
    }
    s->listening = s->hearing != NULL;
    s->heard = false;
}

void session_listen(struct session *s, bool resumed)
{
    open_ears(s);
    protocol_answer_started(&s->out, s->answer, s->engine.position, session_elapsed(s), resumed, s->time_limit_s);
    session_send(s);
    int next = s->engine.position + 1;
    session_render_ahead(s, next > (int)s->plan->n_questions ? LINE_FAREWELL : LINE_QUESTION, next);
    session_render_ahead(s, LINE_TAKE_YOUR_TIME, s->engine.position);
    session_render_ahead(s, LINE_QUESTION_AGAIN, s->engine.position);
}

void session_stop_listening(struct session *s)
{
    if (s->hearing != NULL && s->listening)
        hearing_flush(s->hearing);
    s->listening = false;
    session_event(s, (struct engine_event){.type = EV_FLUSHED});
}

/* While muted the client sends silence, and the sound's clock goes on. From a microphone that is gone nothing comes:
 * what was said is complete, and the first sound afterwards says anew how late it is. */
void session_microphone(struct session *s, bool microphone, bool muted)
{
    if (s->listening && s->heard && microphone != s->engine.microphone) {
        hearing_flush(s->hearing);
        s->heard = false;
    }
    session_event(s, (struct engine_event){.type = EV_MICROPHONE, .microphone = microphone, .muted = muted});
}

void session_sound(struct session *s, const uint8_t *data, size_t n)
{
    struct error err = {0};
    if (!s->listening)
        return; /* still on its way when the answer ended */
    if (!s->heard) {
        int64_t base = session_elapsed(s) - 20; /* the packet began 20 ms before it was whole */
        hearing_start(s->hearing, base > 0 ? base : 0);
        s->heard = true;
    }
    enum status st = hearing_packet(s->hearing, data, n, &err);
    if (st != STATUS_OK)
        session_error(s, err.code, err.message, false);
    const struct segmenter *seg = hearing_segmenter(s->hearing);
    session_event(s, (struct engine_event){.type = EV_AUDIO,
                                           .at_ms = segmenter_now_ms(seg),
                                           .in_word = segmenter_pause_ms(seg) < WORD_GAP_MS});
}

/* ---- recognition ---- */

void hearing_job_free(struct hearing_job *j)
{
    if (j == NULL)
        return;
    free(j->pcm);
    free(j->text);
    session_unref(j->session);
    free(j);
}

static void recognise(struct hearing_job *j)
{
    cleanup(arena_freep) struct arena *a = arena_new(TRANSCRIPT_ARENA);
    float *pcm = malloc((j->n > 0 ? j->n : 1) * sizeof(*pcm));
    struct transcript *t = NULL;
    struct error err = {0};
    enum status st = STATUS_NO_MEMORY;
    if (a != NULL && pcm != NULL) {
        for (size_t i = 0; i < j->n; i++)
            pcm[i] = (float)j->pcm[i] / 32768.0f;
        struct stt_options o = {.language = j->language, .already_gated = true};
        st = stt_transcribe(live_options_of(j->session->live)->engines->stt, pcm, j->n, &o, a, &t, &err);
    }
    free(pcm);
    if (st == STATUS_OK)
        j->text = strdup(t->text);
    else
        log_failure("live.transcribe", j->session->id_text, st, &err);
    j->ok = j->text != NULL;
}

/* The job goes to its session, with its reference. */
static void hand_back(struct hearing_job *j)
{
    struct session *s = session_ref(j->session);
    session_post_result(s, j->partial ? MAIL_PARTIAL : MAIL_TRANSCRIPT, 0, NULL, j);
    session_unref(s);
}

static void run(struct speech_job *job)
{
    struct hearing_job *j = (struct hearing_job *)(void *)job;
    const struct clock *clock = live_options_of(j->session->live)->clock;
    int64_t from = clock_mono_ms(clock);
    recognise(j);
    j->took_ms = clock_mono_ms(clock) - from;
    hand_back(j);
}

static void discard(struct speech_job *job)
{
    hand_back((struct hearing_job *)(void *)job);
}

static struct hearing_job *job_new(struct session *s, int16_t *pcm, size_t n, int64_t start_ms, bool partial)
{
    struct hearing_job *j = calloc(1, sizeof(*j));
    if (j == NULL)
        return NULL;
    j->job = (struct speech_job){.urgency = partial ? SPEECH_PARTIAL : SPEECH_FINAL, .run = run, .discard = discard};
    j->session = session_ref(s);
    j->pcm = pcm;
    j->n = n;
    j->start_ms = start_ms;
    j->epoch = s->epoch;
    j->partial = partial;
    const char *language = s->plan->language != NULL ? s->plan->language : "";
    size_t len = strcspn(language, "-_"); /* "en-US" -> "en" */
    memcpy(j->language, language, len < sizeof(j->language) ? len : 0);
    return j;
}

void session_transcribe(struct session *s)
{
    struct piece *p = s->pieces;
    struct hearing_job *j = p != NULL ? job_new(s, p->pcm, p->n, p->start_ms, false) : NULL;
    if (j == NULL) {
        session_event(s, (struct engine_event){.type = EV_TRANSCRIPT, .result = RESULT_FAILED});
        return;
    }
    p->pcm = NULL;
    speech_line_submit(live_speech(s->live), &j->job);
}

void session_transcribed(struct session *s, struct hearing_job *j)
{
    struct piece *p = s->pieces;
    if (j->epoch != s->epoch || p == NULL)
        return;
    p->pcm = j->pcm; /* for another try */
    j->pcm = NULL;
    free(p->text);
    p->text = j->text;
    j->text = NULL;
    session_event(s, (struct engine_event){.type = EV_TRANSCRIPT,
                                           .result = j->ok ? RESULT_OK : RESULT_FAILED,
                                           .text = p->text != NULL ? p->text : ""});
}

/* ---- captions while speaking ---- */

void session_caption(struct session *s)
{
    int64_t now = session_now(s);
    if (!s->listening || !s->heard || s->partial_running || now < s->partial_at)
        return;
    struct segmenter_piece open = segmenter_open_piece(hearing_segmenter(s->hearing));
    s->partial_at = now + CAPTION_MS / 4;
    if (s->conn == NULL || open.end_ms - open.start_ms < CAPTION_MIN_MS ||
        open.end_ms - s->partial_to < CAPTION_MIN_MS || !speech_line_idle(live_speech(s->live)))
        return;
    int16_t *pcm = copy_pcm(open.pcm, open.n);
    struct hearing_job *j = pcm != NULL ? job_new(s, pcm, open.n, open.start_ms, true) : NULL;
    if (j == NULL) {
        free(pcm);
        return;
    }
    s->partial_running = true;
    s->partial_to = open.end_ms;
    speech_line_submit(live_speech(s->live), &j->job);
}

void session_captioned(struct session *s, struct hearing_job *j)
{
    s->partial_running = false;
    /* A slow machine gets fewer captions, so that they never take more than a third of its time. */
    s->partial_at = session_now(s) + (2 * j->took_ms > CAPTION_MS ? 2 * j->took_ms : CAPTION_MS);
    if (!j->ok || j->epoch != s->epoch || j->start_ms <= s->completed_to || j->text[0] == '\0' ||
        !s->engine.answer_open)
        return;
    protocol_transcription(&s->out, s->answer, j->start_ms, j->text, -1);
    session_send(s);
}
