#include "live/listener.h"

#include "base/buf.h"
#include "base/cleanup.h"
#include "live/heard.h"

#include <stdlib.h>
#include <string.h>

#define CAPTION_MS       500 /* from one to the next, on a machine that keeps up */
#define CAPTION_FIRST_MS 600 /* of speech, before a caption is worth showing */
#define CAPTION_MORE_MS  240 /* and before the next is: about a word */
#define CAPTION_PAUSE_MS 96  /* in a pause there is none: the guess, which may end the answer, would wait for it */
#define CAPTION_SKIP_MS  100 /* of the pause that a guess ended in */
#define PIECES_BYTES_MAX (20u << 20) /* ten minutes that wait to be transcribed */
#define CAPTION_TEXT_MAX (64u << 10)
#define WORD_GAP_MS      200  /* stops within a word (the t of "later") are shorter */
#define THOROUGH_MS      6000 /* of speech: half a second more on two cores */
#define JOIN_MS          200  /* what begins this close to the end of what was heard goes on with it */

/* What was made out at a pause. */
enum guess_state { GUESS_NONE, GUESS_RUNNING, GUESS_KNOWN };

/* What was made out last of sound that begins at from_ms: more of it likely begins so. */
struct known {
    char *text; /* NULL: nothing */
    int64_t from_ms;
};

struct listener {
    struct listener_owner owner;
    struct hearing *hearing;
    bool open, heard, held;
    bool began;   /* sound was taken in at some time */
    int64_t told; /* where the next packet begins, as the client says; -1: it did not */
    struct piece *pieces, **tail;
    size_t pieces_bytes;
    bool awaiting; /* the oldest piece waits for its text, from a guess or a job */

    enum guess_state guess;
    const struct listening_job *guess_job; /* GUESS_RUNNING; compared only */
    int64_t guess_start, guess_end;
    char *guess_text; /* GUESS_KNOWN */
    struct endpoint_signs guess_signs;
    struct heard guess_heard;

    bool caption_running;
    const struct listening_job *caption_job; /* compared only; NULL: none, or it was stopped */
    char *caption_text;                      /* the last one's */
    int64_t caption_at, caption_to; /* when the next is due; how far the last one reached, in ms of the answer */
    int64_t caption_piece;          /* caption_running: start of the piece it is of */
    char *caption_before;           /* caption_running: the words of that piece up to where its sound begins; or NULL */
    struct known said, captioned;   /* of the piece, by a caption or a guess; of a caption's sound alone */
    int64_t completed_to;           /* items that start up to here are final */
};

/* ---- jobs and pieces ---- */

const struct piece *listener_oldest(const struct listener *l)
{
    return l->pieces;
}

void listener_pop(struct listener *l)
{
    struct piece *p = l->pieces;
    if (p == NULL)
        return;
    l->pieces = p->next;
    if (l->pieces == NULL)
        l->tail = &l->pieces;
    l->pieces_bytes -= p->n * sizeof(*p->pcm);
    l->completed_to = p->start_ms;
    l->awaiting = false;
    piece_free(p);
}

static int16_t *copy_pcm(const int16_t *pcm, size_t n)
{
    int16_t *c = malloc(n > 0 ? n * sizeof(*c) : 1);
    if (c != NULL)
        memcpy(c, pcm, n * sizeof(*c));
    return c;
}

static void know(struct known *k, int64_t from_ms, const char *text)
{
    free(k->text);
    *k = (struct known){strdup(text), from_ms};
}

static char *likely(const struct known *k, int64_t from_ms)
{
    return k->text != NULL && k->from_ms == from_ms ? strdup(k->text) : NULL;
}

/* ---- what the segmenter finds ---- */

static void on_piece(void *u, const struct segmenter_piece *in)
{
    struct listener *l = u;
    struct piece *p = calloc(1, sizeof(*p));
    int16_t *pcm = l->pieces_bytes < PIECES_BYTES_MAX ? copy_pcm(in->pcm, in->n) : NULL;
    if (p == NULL || pcm == NULL) {
        free(p);
        free(pcm);
        l->owner.lost(l->owner.u, "piece_not_understood",
                      "A part of your answer could not be written down. It is in the recording.");
        return;
    }
    *p = (struct piece){.pcm = pcm,
                        .n = in->n,
                        .start_ms = in->start_ms,
                        .end_ms = in->end_ms,
                        .from_ms = in->from_ms,
                        .own_from_ms = in->own_from_ms,
                        .own_to_ms = in->own_to_ms};
    l->pieces_bytes += p->n * sizeof(*pcm);
    *l->tail = p;
    l->tail = &p->next;
    l->owner.event(l->owner.u, (struct engine_event){.type = EV_PIECE});
}

static void on_voice(void *u, bool begun, int64_t at_ms)
{
    struct listener *l = u;
    l->owner.event(l->owner.u, (struct engine_event){.type = begun ? EV_VOICE : EV_VOICE_GONE, .at_ms = at_ms});
}

static void on_started(void *u, int64_t at_ms)
{
    struct listener *l = u;
    l->caption_to = at_ms;
    l->owner.speech(l->owner.u, true, at_ms);
    l->owner.event(l->owner.u, (struct engine_event){.type = EV_SPEECH_STARTED, .at_ms = at_ms});
}

static void on_stopped(void *u, int64_t at_ms)
{
    struct listener *l = u;
    l->owner.speech(l->owner.u, false, at_ms);
    l->owner.event(l->owner.u, (struct engine_event){.type = EV_SPEECH_STOPPED, .at_ms = at_ms});
}

/* ---- guesses ---- */

static void forget_guess(struct listener *l)
{
    free(l->guess_text);
    heard_clear(&l->guess_heard);
    l->guess_text = NULL;
    l->guess = GUESS_NONE;
    l->guess_job = NULL;
    l->guess_start = l->guess_end = -1;
}

/* A wider search for doubtful words takes longer the more was said, and a turn may wait for it. 0: none does. */
static bool may_take_time(const struct listener *l, int64_t speech_ms)
{
    return speech_ms <= THOROUGH_MS && !l->owner.busy(l->owner.u);
}

/* A guess that runs is of another pause: this one's is wanted more. Not what a piece that is over waits for. */
static void stop_other_guess(struct listener *l, int64_t start_ms, int64_t end_ms)
{
    const bool waited_for = l->pieces != NULL && l->guess_start == l->pieces->start_ms;
    if (l->guess_job == NULL || waited_for || (l->guess_start == start_ms && l->guess_end == end_ms))
        return;
    l->owner.stop(l->owner.u, l->guess_job);
    l->guess_job = NULL;
}

/* Its words will be the guess's, which may end the answer. */
static void stop_caption(struct listener *l)
{
    if (l->caption_job != NULL)
        l->owner.stop(l->owner.u, l->caption_job);
    l->caption_job = NULL;
}

static int64_t guess_after(const struct listener *l)
{
    return l->owner.busy(l->owner.u)    ? LISTENER_GUESS_BUSY_MS
           : l->owner.roomy(l->owner.u) ? LISTENER_GUESS_SOON_MS
                                        : LISTENER_GUESS_MS;
}

/* One at a time. */
static void guess_at_pause(struct listener *l)
{
    const struct segmenter *seg = hearing_segmenter(l->hearing);
    struct segmenter_piece open = segmenter_open_piece(seg);
    int64_t end = segmenter_quiet_at(seg);
    if (open.n == 0 || segmenter_pause_ms(seg) < guess_after(l) ||
        (l->guess == GUESS_KNOWN && l->guess_start == open.start_ms && l->guess_end == end))
        return;
    if (l->guess == GUESS_RUNNING) { /* when it has come back, this one follows */
        stop_other_guess(l, open.start_ms, end);
        return;
    }
    struct listening_job *j =
        listening_job_new(LISTENING_GUESS, copy_pcm(open.pcm, open.n), open.n, open.start_ms, end);
    if (j == NULL)
        return;
    j->from_ms = open.from_ms;
    j->own_from_ms = open.own_from_ms;
    j->thorough = may_take_time(l, end - open.start_ms);
    j->likely = likely(&l->said, open.start_ms);
    stop_caption(l);
    forget_guess(l);
    l->guess = GUESS_RUNNING;
    l->guess_job = j;
    l->guess_start = open.start_ms;
    l->guess_end = end;
    l->owner.recognise(l->owner.u, j);
}

/* A pause after end_ms was made out in the meantime. */
static bool guess_covers_time(const struct listener *l, int64_t start_ms, int64_t end_ms)
{
    return l->guess == GUESS_KNOWN && l->guess_start == start_ms && l->guess_end >= end_ms;
}

/* Somebody speaks on: what has not been begun by now is of no use. (What runs still serves as a caption.) */
static void drop_guess(struct listener *l)
{
    const struct segmenter *seg = hearing_segmenter(l->hearing);
    const struct segmenter_piece open = segmenter_open_piece(seg);
    if (l->guess == GUESS_RUNNING && l->guess_job != NULL && open.n > 0 && open.start_ms == l->guess_start &&
        segmenter_quiet_at(seg) != l->guess_end)
        l->owner.drop(l->owner.u, l->guess_job);
}

static bool guess_covers(const struct listener *l, const struct piece *p)
{
    return p != NULL && l->guess != GUESS_NONE && l->guess_start == p->start_ms && l->guess_end == p->end_ms;
}

static void tell_transcript(struct listener *l, bool ok, const struct endpoint_signs *signs)
{
    const struct piece *p = l->pieces;
    l->owner.event(l->owner.u, (struct engine_event){.type = EV_TRANSCRIPT,
                                                     .result = ok ? RESULT_OK : RESULT_FAILED,
                                                     .text = p->text != NULL ? p->text : "",
                                                     .confidence = p->heard.confidence,
                                                     .at_ms = p->end_ms,
                                                     .signs = *signs});
}

/* The guess becomes the text of the oldest piece. False when there is no memory for it. */
static bool adopt_guess(struct listener *l)
{
    char *text = strdup(l->guess_text);
    if (text == NULL)
        return false;
    free(l->pieces->text);
    l->pieces->text = text;
    l->pieces->signs = l->guess_signs;
    heard_move(&l->pieces->heard, &l->guess_heard);
    tell_transcript(l, true, &l->guess_signs);
    return true;
}

static void recognise_oldest(struct listener *l)
{
    struct piece *p = l->pieces;
    struct listening_job *j = listening_job_new(LISTENING_FINAL, p->pcm, p->n, p->start_ms, p->end_ms);
    p->pcm = NULL;
    if (j == NULL) {
        tell_transcript(l, false, &(struct endpoint_signs){0});
        return;
    }
    j->from_ms = p->from_ms;
    j->own_from_ms = p->own_from_ms;
    j->own_to_ms = p->own_to_ms;
    j->thorough = may_take_time(l, p->own_to_ms == INT64_MAX ? p->end_ms - p->start_ms : 0);
    j->likely = likely(&l->said, p->start_ms);
    l->owner.recognise(l->owner.u, j);
}

void listener_transcribe(struct listener *l)
{
    if (l->pieces == NULL)
        return;
    l->awaiting = true;
    if (l->pieces->text != NULL) /* asked again */
        tell_transcript(l, true, &l->pieces->signs);
    else if (guess_covers(l, l->pieces) && l->guess == GUESS_RUNNING)
        l->owner.hurry(l->owner.u, l->guess_job);
    else if (!guess_covers(l, l->pieces) || !adopt_guess(l))
        recognise_oldest(l);
}

static void guess_result(struct listener *l, struct listening_job *j)
{
    bool wanted = l->awaiting && guess_covers(l, l->pieces);
    forget_guess(l);
    if (j->ok) {
        l->guess = GUESS_KNOWN;
        l->guess_start = j->start_ms;
        l->guess_end = j->end_ms;
        l->guess_text = j->text;
        l->guess_signs = j->signs;
        j->text = NULL;
        heard_move(&l->guess_heard, &j->heard);
        know(&l->said, l->guess_start, l->guess_text);
    }
    if (wanted && (l->guess != GUESS_KNOWN || !adopt_guess(l)))
        recognise_oldest(l);
    if (wanted || l->guess != GUESS_KNOWN)
        return;
    if (l->open && l->guess_start > l->completed_to && l->guess_text[0] != '\0')
        l->owner.caption(l->owner.u, l->guess_start, l->guess_text);
    l->owner.event(l->owner.u, (struct engine_event){.type = EV_GUESS,
                                                     .text = l->guess_text,
                                                     .confidence = l->guess_heard.confidence,
                                                     .at_ms = l->guess_end,
                                                     .signs = l->guess_signs});
}

static void final_result(struct listener *l, struct listening_job *j)
{
    struct piece *p = l->pieces;
    if (p == NULL || p->start_ms != j->start_ms)
        return;
    p->pcm = j->pcm; /* for another try */
    j->pcm = NULL;
    free(p->text);
    p->text = j->text;
    j->text = NULL;
    heard_move(&p->heard, &j->heard);
    tell_transcript(l, j->ok, &j->signs);
}

/* ---- captions while speaking ---- */

/* What was made out at the last pause of the open piece stands; only what came since is recognised again. So captions
 * of long speech are as quick as those of short. */
static bool guess_stands(const struct listener *l, const struct segmenter_piece *open)
{
    return l->guess == GUESS_KNOWN && l->guess_start == open->start_ms && l->guess_text[0] != '\0';
}

static struct listening_job *caption_job(struct listener *l, const struct segmenter_piece *open)
{
    bool stands = guess_stands(l, open);
    int64_t from = stands ? l->guess_end + CAPTION_SKIP_MS : open->start_ms;
    size_t n = (size_t)((open->end_ms - from) * (SEGMENTER_RATE / 1000));
    if (open->end_ms - from < CAPTION_FIRST_MS)
        return NULL;
    const bool cut_off = open->own_from_ms == open->start_ms; /* what came before is another piece's */
    n = (!stands && !cut_off) || n > open->n ? open->n : n;   /* from the start: with what came before the first word */
    struct listening_job *j =
        listening_job_new(LISTENING_CAPTION, copy_pcm(open->pcm + (open->n - n), n), n, from, open->end_ms);
    char *before = j != NULL && stands ? strdup(l->guess_text) : NULL;
    if (j != NULL && stands && before == NULL) {
        listening_job_free(j);
        return NULL;
    }
    free(l->caption_before);
    l->caption_before = before;
    l->caption_piece = open->start_ms;
    if (j != NULL)
        j->likely = likely(&l->captioned, from);
    return j;
}

void listener_tick(struct listener *l, int64_t now)
{
    if (!l->open || !l->heard || l->caption_running || now < l->caption_at)
        return;
    const struct segmenter *seg = hearing_segmenter(l->hearing);
    struct segmenter_piece open = segmenter_open_piece(seg);
    l->caption_at = now + CAPTION_MORE_MS / 4;
    if (open.n == 0 || open.end_ms - l->caption_to < CAPTION_MORE_MS || l->guess == GUESS_RUNNING ||
        segmenter_pause_ms(seg) >= CAPTION_PAUSE_MS || !l->owner.idle(l->owner.u))
        return;
    struct listening_job *j = caption_job(l, &open);
    if (j == NULL)
        return;
    l->caption_running = true;
    l->caption_job = j;
    l->caption_to = open.end_ms;
    l->caption_at = now + CAPTION_MS;
    l->owner.recognise(l->owner.u, j);
}

int64_t listener_deadline(const struct listener *l)
{
    return l->open && l->heard && !l->caption_running ? l->caption_at : INT64_MAX;
}

/* The words of the whole piece so far. The event is looked at later: they stay until the next. */
static void tell_caption(struct listener *l, const char *text, double confidence)
{
    cleanup(buf_free) struct buf b;
    buf_init(&b, CAPTION_TEXT_MAX);
    if (l->caption_before != NULL)
        buf_printf(&b, "%s ", l->caption_before);
    buf_str(&b, text);
    char *whole = buf_ok(&b) ? strdup(buf_cstr(&b)) : NULL;
    if (whole == NULL)
        return;
    free(l->caption_text);
    l->caption_text = whole;
    know(&l->said, l->caption_piece, whole);
    l->owner.caption(l->owner.u, l->caption_piece, whole);
    l->owner.event(l->owner.u, (struct engine_event){.type = EV_CAPTION, .text = whole, .confidence = confidence});
}

static void caption_result(struct listener *l, const struct listening_job *j, int64_t now)
{
    bool overtaken = guess_covers_time(l, l->caption_piece, j->end_ms);
    l->caption_running = false;
    l->caption_job = NULL;
    /* A slow machine gets fewer captions, so that they never take more than two thirds of its time. */
    if (l->caption_at < now + j->took_ms / 2)
        l->caption_at = now + j->took_ms / 2;
    if (!j->ok || overtaken || l->caption_piece <= l->completed_to || j->text[0] == '\0')
        return;
    know(&l->captioned, j->start_ms, j->text);
    tell_caption(l, j->text, j->heard.confidence);
}

void listener_result(struct listener *l, struct listening_job *j, int64_t now)
{
    if (j->kind == LISTENING_CAPTION)
        caption_result(l, j, now);
    else if (j->kind == LISTENING_GUESS)
        guess_result(l, j);
    else
        final_result(l, j);
    listening_job_free(j);
}

/* ---- listening ---- */

enum status listener_new(struct vad *vad, const struct listener_owner *owner, struct listener **ret, struct error *err)
{
    struct listener *l = calloc(1, sizeof(*l));
    if (l == NULL)
        return arena_exhausted(err);
    struct segmenter_events on = {
        .voice = on_voice, .started = on_started, .piece = on_piece, .stopped = on_stopped, .u = l};
    l->owner = *owner;
    l->tail = &l->pieces;
    l->completed_to = l->guess_start = l->guess_end = l->told = -1;
    enum status st = hearing_new(vad, &on, &l->hearing, err);
    if (st != STATUS_OK) {
        free(l);
        return st;
    }
    *ret = l;
    return STATUS_OK;
}

struct listener *listener_free(struct listener *l)
{
    if (l == NULL)
        return NULL;
    while (l->pieces != NULL)
        listener_pop(l);
    free(l->guess_text);
    free(l->caption_before);
    free(l->caption_text);
    free(l->said.text);
    free(l->captioned.text);
    heard_clear(&l->guess_heard);
    hearing_free(l->hearing);
    free(l);
    return NULL;
}

struct echo *listener_echo(struct listener *l)
{
    return hearing_echo(l->hearing);
}

void listener_open(struct listener *l)
{
    if (l->open)
        return;
    l->open = true;
    l->heard = false;
    l->told = -1;
}

int64_t listener_heard_ms(const struct listener *l)
{
    return l->began ? segmenter_now_ms(hearing_segmenter(l->hearing)) : -1;
}

bool listener_hears(const struct listener *l)
{
    return l->open && l->heard;
}

void listener_position(struct listener *l, int64_t at_ms)
{
    struct segmenter *seg = hearing_segmenter(l->hearing);
    int64_t gap = at_ms - segmenter_now_ms(seg);
    if (!l->open)
        return;
    if (!l->heard)
        l->told = at_ms;
    else if (gap > JOIN_MS)
        segmenter_skip(seg, (size_t)gap * (SEGMENTER_RATE / 1000));
}

/* Time does not go back: what was heard is not heard again at another time. */
static void begin(struct listener *l, int64_t base_ms, int64_t now)
{
    int64_t heard = listener_heard_ms(l), at = l->told >= 0 ? l->told : base_ms > 0 ? base_ms : 0;
    if (l->held && at <= heard + JOIN_MS) {
        struct segmenter_piece open = segmenter_open_piece(hearing_segmenter(l->hearing));
        hearing_go_on(l->hearing);
        if (open.n > 0)
            on_started(l, open.start_ms);
    } else {
        hearing_flush(l->hearing);
        hearing_start(l->hearing, at > heard ? at : heard);
    }
    l->held = false;
    l->heard = l->began = true;
    l->caption_at = now + CAPTION_FIRST_MS;
}

void listener_packet(struct listener *l, const uint8_t *data, size_t n, int64_t base_ms, int64_t now)
{
    struct error err = {0};
    if (!l->open)
        return; /* still on its way when the answer ended */
    if (!l->heard)
        begin(l, base_ms, now);
    enum status st = hearing_packet(l->hearing, data, n, &err);
    if (st != STATUS_OK)
        l->owner.lost(l->owner.u, err.code, err.message);
    const struct segmenter *seg = hearing_segmenter(l->hearing);
    drop_guess(l);
    guess_at_pause(l);
    l->owner.event(l->owner.u, (struct engine_event){.type = EV_AUDIO,
                                                     .at_ms = segmenter_now_ms(seg),
                                                     .quiet_at = segmenter_quiet_at(seg),
                                                     .in_word = segmenter_pause_ms(seg) < WORD_GAP_MS});
}

void listener_microphone_lost(struct listener *l)
{
    if (!l->open || !l->heard)
        return;
    hearing_flush(l->hearing);
    l->heard = false;
    l->told = -1;
}

static void end(struct listener *l, bool hold)
{
    if (l->open && !hold)
        hearing_flush(l->hearing);
    l->open = false;
    l->held = hold;
    l->owner.event(l->owner.u, (struct engine_event){.type = EV_FLUSHED});
}

void listener_close(struct listener *l)
{
    end(l, false);
}

void listener_hold(struct listener *l)
{
    bool in_piece = segmenter_pause_ms(hearing_segmenter(l->hearing)) < SEGMENTER_HANGOVER_MS;
    end(l, l->held || (l->open && in_piece));
}

bool listener_held(const struct listener *l)
{
    return l->held;
}

void listener_release(struct listener *l)
{
    if (l->held)
        hearing_flush(l->hearing);
    l->held = false;
}
