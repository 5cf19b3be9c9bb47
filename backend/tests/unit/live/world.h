/* A world for the hub without network, database or models: link-time doubles of services/conduct.h and of the engines,
 * a clock that the test moves, and clients on fake wires. Included by one test program at a time. */
#ifndef VIVA_TESTS_LIVE_WORLD_H
#define VIVA_TESTS_LIVE_WORLD_H

#include "live/live.h"
#include "services/conduct.h"

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

/* ---- the clock ---- */

static atomic_llong world_ms = 1000000;

static inline int64_t world_now(void *u)
{
    (void)u;
    return atomic_load(&world_ms);
}

static const struct clock world_clock = {world_now, world_now, NULL};

/* ---- the database: sessions by the first byte of their id ---- */

#define WORLD_SESSIONS  64
#define WORLD_QUESTIONS 2
#define WORLD_FOLLOW_UP "Could you tell me a little about how it ended?"
#define WORLD_POINT     "How it ended"

struct world_answer {
    struct id last; /* utterance */
    struct id id;
    int64_t started_at;
    bool open, ended, skipped;
    int64_t extended_s, paused_ms;
    enum answer_mode mode;
    char said[1024], asked[1024], text[2048]; /* asked: all that the interviewer said */
    int pieces, reopened;
    int64_t heard_ms, asked_ms; /* asked_ms: when the last follow-up began */
    int n_asked;
    bool asked_last, typed;
    struct conduct_follow_up follow_ups[CONDUCT_FOLLOW_UPS_MAX];
};

struct world_session {
    bool begun, completed, slower;
    int64_t paused_at, paused_ms;
    struct world_answer answers[WORLD_QUESTIONS + 2];
};

static pthread_mutex_t world_lock = PTHREAD_MUTEX_INITIALIZER; /* guards all that follows */
static struct world_session world_db[WORLD_SESSIONS];
static int world_fail_store;    /* so many calls of add_utterance fail */
static char world_says[8][128]; /* what the recogniser hears next */
static unsigned world_says_in, world_says_out;
static int world_transcriptions;
static bool world_hold; /* recognitions that were begun wait; world_heard tells them in their order, by samples */
static pthread_cond_t world_changed = PTHREAD_COND_INITIALIZER;
static size_t world_heard[16];
static double world_sure[8]; /* likewise how sure of it, with times of words; 0: without, as by default */
static int world_revisions;
static char world_sounds_like[8]; /* the language of what the recogniser hears; "": as it should be */
static bool world_tts_fails;
static bool world_tts_stuck, world_tts_late; /* after the first part of each; before it */
static pthread_cond_t world_tts_free = PTHREAD_COND_INITIALIZER;
static int world_syntheses;
static int world_slow_syntheses; /* of these, with a slower voice */
static int world_think_s, world_limit_s, world_follow_ups;
static int world_choices;       /* that were begun */
static bool world_choice_stuck; /* the first of them */

static inline struct id world_id(int n)
{
    struct id id = {{0x01, (uint8_t)n, 0x70, 0x70}};
    return id;
}

static inline struct world_answer *answer_by_id(struct id id)
{
    for (int s = 0; s < WORLD_SESSIONS; s++)
        for (int p = 1; p <= WORLD_QUESTIONS; p++)
            if (!id_is_zero(world_db[s].answers[p].id) && id_equal(world_db[s].answers[p].id, id))
                return &world_db[s].answers[p];
    return NULL;
}

static const char *world_points[] = {WORLD_POINT};

static inline void fill_questions(struct conduct_plan *p, struct arena *a)
{
    p->questions = arena_array(a, WORLD_QUESTIONS, sizeof(*p->questions));
    p->n_questions = WORLD_QUESTIONS;
    for (int i = 0; i < WORLD_QUESTIONS; i++)
        p->questions[i] = (struct conduct_question){.id = world_id(200 + i),
                                                    .position = i + 1,
                                                    .text = i == 0 ? "What did you build?" : "What went wrong?",
                                                    .time_limit_s = world_limit_s,
                                                    .points = {world_points, world_follow_ups > 0},
                                                    .rephrased = i == 0 ? "What is it that you made?" : ""};
}

enum status conduct_load(struct services *s, struct id session, struct arena *a, struct conduct_plan **ret,
                         struct error *err)
{
    (void)s;
    pthread_mutex_lock(&world_lock);
    const struct world_session *w = &world_db[session.b[1]];
    struct conduct_plan *p = arena_new_of(a, struct conduct_plan);
    *p = (struct conduct_plan){.session_id = session,
                               .status = w->begun ? CONDUCT_IN_PROGRESS : CONDUCT_REGISTERED,
                               .interview_title = "Test",
                               .job_role = "Tester",
                               .organisation = "",
                               .candidate_name = "Ada Example",
                               .avatar = "daniel",
                               .voice = "v",
                               .language = "en-US",
                               .open_answer_text = "",
                               .patience = "normal",
                               .think_time_s = world_think_s,
                               .allow_pause = true,
                               .allow_skip = true,
                               .follow_ups = world_follow_ups,
                               .slower = w->slower,
                               .paused_at = w->paused_at,
                               .paused_ms = w->paused_ms,
                               .started_at = w->begun ? 1 : 0};
    fill_questions(p, a);
    for (int i = 1; i <= WORLD_QUESTIONS; i++) {
        if (w->answers[i].open || w->answers[i].ended)
            p->position = w->answers[i].open ? i : i + 1;
        if (w->answers[i].open) {
            p->open_answer = w->answers[i].id;
            p->open_answer_started_at = w->answers[i].started_at;
            p->open_answer_paused_ms = w->answers[i].paused_ms;
            p->open_answer_extended_s = w->answers[i].extended_s;
            p->open_answer_text = arena_strdup(a, w->answers[i].said);
            p->open_answer_heard_ms = w->answers[i].heard_ms;
            p->open_answer_spoken = w->answers[i].said[0] != '\0' && !w->answers[i].typed;
            p->open_answer_typed = w->answers[i].typed;
            p->n_asked = w->answers[i].n_asked;
            memcpy(p->asked, w->answers[i].follow_ups, sizeof(p->asked));
            p->follow_up_open = w->answers[i].asked_last;
        }
    }
    bool over = w->completed;
    pthread_mutex_unlock(&world_lock);
    if (over)
        return error_set(err, STATUS_GONE, "session_over", NULL, "over");
    *ret = p;
    return STATUS_OK;
}

enum status conduct_begin(struct services *s, struct id session, struct error *err)
{
    (void)s;
    (void)err;
    pthread_mutex_lock(&world_lock);
    world_db[session.b[1]].begun = true;
    pthread_mutex_unlock(&world_lock);
    return STATUS_OK;
}

enum status conduct_open_answer(struct services *s, struct id session, int position, int64_t ago_ms, struct id *answer,
                                int64_t *started_at, struct error *err)
{
    enum status st = STATUS_OK;
    (void)s;
    pthread_mutex_lock(&world_lock);
    struct world_answer *w = &world_db[session.b[1]].answers[position];
    if (w->ended)
        st = error_set(err, STATUS_CONFLICT, "answer_ended", NULL, "answered");
    if (!w->open) {
        w->id = world_id(session.b[1]);
        w->id.b[5] = (uint8_t)position;
        w->started_at = world_now(NULL) - ago_ms;
    }
    w->open = st == STATUS_OK;
    *answer = w->id;
    *started_at = w->started_at;
    pthread_mutex_unlock(&world_lock);
    return st;
}

enum status conduct_reopen_answer(struct services *s, struct id answer, struct error *err)
{
    (void)s;
    pthread_mutex_lock(&world_lock);
    struct world_answer *w = answer_by_id(answer);
    const struct world_session *of = &world_db[answer.b[1]];
    enum status st = STATUS_OK;
    for (int p = 1; p <= WORLD_QUESTIONS; p++)
        if (&of->answers[p] > w && !id_is_zero(of->answers[p].id))
            st = error_set(err, STATUS_CONFLICT, "answer_followed", NULL, "followed");
    if (st == STATUS_OK) {
        w->open = true;
        w->ended = false;
        w->reopened++;
    }
    pthread_mutex_unlock(&world_lock);
    return st;
}

static inline void append(char *to, size_t size, const char *text)
{
    size_t n = strlen(to);
    snprintf(to + n, size - n, "%s%s", n > 0 ? " " : "", text);
}

enum status conduct_answer_text(struct services *s, struct id answer, struct arena *a, const char **ret,
                                struct error *err)
{
    (void)s;
    pthread_mutex_lock(&world_lock);
    struct world_answer *w = answer_by_id(answer);
    const char *said = arena_strdup(a, w != NULL ? w->said : "");
    pthread_mutex_unlock(&world_lock);
    if (said == NULL)
        return arena_exhausted(err);
    *ret = said;
    return STATUS_OK;
}

enum status conduct_revise(struct services *s, struct id answer, const struct conduct_revision *r, size_t n,
                           struct error *err)
{
    (void)s;
    (void)err;
    pthread_mutex_lock(&world_lock);
    struct world_answer *w = answer_by_id(answer);
    w->said[0] = '\0';
    for (size_t i = 0; i < n; i++)
        append(w->said, sizeof(w->said), r[i].text);
    world_revisions++;
    pthread_cond_broadcast(&world_changed);
    pthread_mutex_unlock(&world_lock);
    return STATUS_OK;
}

/* One that fails was stored all the same: its caller does not know, and tries again under the same id. */
enum status conduct_put_utterance(struct services *s, struct id answer, struct id id, enum speaker who,
                                  const struct conduct_piece *p, struct error *err)
{
    enum status st = STATUS_OK;
    (void)s;
    pthread_mutex_lock(&world_lock);
    struct world_answer *w = answer_by_id(answer);
    if (w == NULL || p->end_ms < p->start_ms || (p->start_ms < 0 && who == SPEAKER_CANDIDATE)) {
        st = error_set(err, STATUS_INTERNAL, "test", NULL, "wrong utterance");
    } else if (who == SPEAKER_INTERVIEWER) {
        append(w->asked, sizeof(w->asked), p->text);
        if (p->follow_up != NULL && w->n_asked < CONDUCT_FOLLOW_UPS_MAX)
            w->follow_ups[w->n_asked++] = (struct conduct_follow_up){WORLD_FOLLOW_UP, WORLD_POINT};
        w->asked_last = w->asked_last || p->follow_up != NULL;
        w->asked_ms = p->follow_up != NULL ? p->start_ms : w->asked_ms;
    } else if (!id_equal(w->last, id)) {
        append(w->said, sizeof(w->said), p->text);
        w->heard_ms = p->typed ? w->heard_ms : p->end_ms;
        w->typed = w->typed || p->typed;
        w->asked_last = false;
        w->last = id;
    }
    if (st == STATUS_OK && who == SPEAKER_CANDIDATE && world_fail_store > 0 && world_fail_store-- > 0)
        st = error_set(err, STATUS_UNAVAILABLE, "database_unreachable", NULL, "unreachable");
    if (st == STATUS_OK && who == SPEAKER_CANDIDATE)
        w->pieces++; /* that were heard to be stored */
    pthread_mutex_unlock(&world_lock);
    return st;
}

enum status conduct_add_utterance(struct services *s, struct id answer, enum speaker who, int64_t start_ms,
                                  int64_t end_ms, const char *text, struct id *ret, struct error *err)
{
    *ret = id_new();
    const struct conduct_piece p = {start_ms, end_ms, text, NULL, 0};
    return conduct_put_utterance(s, answer, *ret, who, &p, err);
}

/* Missed until the answer says "ended". */
enum status conduct_choose(const struct conduct_question *q, const struct conduct_follow_up *asked, int n_asked,
                           const char *said, struct embed *e, struct arena *a, struct conduct_follow_up *ret,
                           struct error *err)
{
    (void)q;
    (void)asked;
    (void)e;
    (void)a;
    (void)err;
    pthread_mutex_lock(&world_lock);
    const bool first = ++world_choices == 1;
    pthread_cond_broadcast(&world_changed);
    while (first && world_choice_stuck)
        pthread_cond_wait(&world_changed, &world_lock);
    pthread_mutex_unlock(&world_lock);
    *ret = (struct conduct_follow_up){0};
    if (n_asked == 0 && said[0] != '\0' && strstr(said, "ended") == NULL)
        *ret = (struct conduct_follow_up){WORLD_FOLLOW_UP, WORLD_POINT};
    return STATUS_OK;
}

bool conduct_time_for_more(const struct conduct_plan *p, int64_t left_ms, int64_t now)
{
    (void)p;
    (void)now;
    return left_ms < 0 || left_ms >= 30000;
}

static char world_notes[16][32]; /* of connections, all sessions'; under the lock */
static unsigned world_noted;

enum status conduct_note_connection(struct services *s, struct id session, const char *lost, struct error *err)
{
    (void)s;
    (void)session;
    (void)err;
    pthread_mutex_lock(&world_lock);
    snprintf(world_notes[world_noted++ % 16], sizeof(world_notes[0]), "%s", lost ? lost : "back");
    pthread_mutex_unlock(&world_lock);
    return STATUS_OK;
}

enum status conduct_end_answer(struct services *s, struct id answer, enum answer_mode mode, const char *typed,
                               struct arena *a, const char **text, struct error *err)
{
    (void)s;
    pthread_mutex_lock(&world_lock);
    struct world_answer *w = answer_by_id(answer);
    enum status st = STATUS_OK;
    if (w == NULL || !w->open) {
        st = error_set(err, STATUS_CONFLICT, "answer_ended", NULL, "ended");
    } else {
        w->open = false;
        w->ended = true;
        w->mode = mode;
        snprintf(w->text, sizeof(w->text), "%s%s%s", w->said, typed != NULL && w->said[0] != '\0' ? "\n" : "",
                 typed != NULL ? typed : "");
        *text = arena_strdup(a, w->text);
    }
    pthread_mutex_unlock(&world_lock);
    return st;
}

enum status conduct_skip_answer(struct services *s, struct id answer, enum answer_mode mode, struct arena *a,
                                const char **text, struct error *err)
{
    pthread_mutex_lock(&world_lock);
    answer_by_id(answer)->skipped = true;
    pthread_mutex_unlock(&world_lock);
    return conduct_end_answer(s, answer, mode, NULL, a, text, err);
}

enum status conduct_set_slower(struct services *s, struct id session, bool slower, struct error *err)
{
    (void)s;
    (void)err;
    pthread_mutex_lock(&world_lock);
    world_db[session.b[1]].slower = slower;
    pthread_mutex_unlock(&world_lock);
    return STATUS_OK;
}

enum status conduct_extend(struct services *s, struct id answer, int64_t seconds, int64_t most, struct error *err)
{
    (void)s;
    pthread_mutex_lock(&world_lock);
    struct world_answer *w = answer_by_id(answer);
    bool fits = w->extended_s + seconds <= most;
    w->extended_s += fits ? seconds : 0;
    pthread_mutex_unlock(&world_lock);
    return fits ? STATUS_OK : error_set(err, STATUS_CONFLICT, "no_more_time", NULL, "no more time");
}

enum status conduct_pause(struct services *s, struct id session, int64_t most_ms, struct error *err)
{
    (void)s;
    pthread_mutex_lock(&world_lock);
    struct world_session *w = &world_db[session.b[1]];
    bool may = w->paused_at == 0 && w->paused_ms < most_ms;
    w->paused_at = may ? world_now(NULL) : w->paused_at;
    pthread_mutex_unlock(&world_lock);
    return may ? STATUS_OK : error_set(err, STATUS_CONFLICT, "no_pause", NULL, "no pause");
}

enum status conduct_go_on(struct services *s, struct id session, int64_t *paused_ms, struct error *err)
{
    (void)s;
    (void)err;
    pthread_mutex_lock(&world_lock);
    struct world_session *w = &world_db[session.b[1]];
    int64_t ms = w->paused_at != 0 ? world_now(NULL) - w->paused_at : 0;
    for (int i = 1; i <= WORLD_QUESTIONS; i++)
        w->answers[i].paused_ms += w->answers[i].open ? ms : 0;
    w->paused_ms += ms;
    w->paused_at = 0;
    *paused_ms = w->paused_ms;
    pthread_mutex_unlock(&world_lock);
    return STATUS_OK;
}

enum status conduct_complete(struct services *s, struct id session, struct error *err)
{
    (void)s;
    (void)err;
    pthread_mutex_lock(&world_lock);
    world_db[session.b[1]].completed = true;
    pthread_mutex_unlock(&world_lock);
    return STATUS_OK;
}

static inline struct world_session world_read(int n)
{
    pthread_mutex_lock(&world_lock);
    struct world_session w = world_db[n];
    pthread_mutex_unlock(&world_lock);
    return w;
}

/* ---- the engines ---- */

static inline void world_say_surely(const char *text, double sure)
{
    pthread_mutex_lock(&world_lock);
    world_sure[world_says_in % 8] = sure;
    snprintf(world_says[world_says_in++ % 8], sizeof(world_says[0]), "%s", text);
    pthread_mutex_unlock(&world_lock);
}

static inline void world_say(const char *text)
{
    world_say_surely(text, 0);
}

/* Words of the same length, one after the other. */
static inline void world_time_words(struct transcript *t, double sure, struct arena *a)
{
    const size_t len = strlen(t->text);
    t->confidence = sure;
    t->words = arena_array(a, len + 1, sizeof(*t->words));
    for (const char *p = t->text; sure > 0 && *(p += strspn(p, " ")) != '\0'; p += strcspn(p, " "))
        t->words[t->n_words++] = (struct stt_word){0, 0, arena_strndup(a, p, strcspn(p, " ")), sure};
    for (size_t i = 0; i < t->n_words; i++) {
        t->words[i].start = t->duration * (double)i / (double)t->n_words;
        t->words[i].end = t->duration * (double)(i + 1) / (double)t->n_words;
    }
}

enum status stt_transcribe(struct stt *s, const float *pcm, size_t n, const struct stt_options *o, struct arena *a,
                           struct transcript **ret, struct error *err)
{
    (void)s;
    (void)pcm;
    (void)err;
    struct transcript *t = arena_new_of(a, struct transcript);
    pthread_mutex_lock(&world_lock);
    world_heard[world_transcriptions++ % 16] = n;
    pthread_cond_broadcast(&world_changed);
    while (world_hold)
        pthread_cond_wait(&world_changed, &world_lock);
    bool scripted = world_says_out != world_says_in;
    const double sure = scripted ? world_sure[world_says_out % 8] : 0;
    t->text = arena_strdup(a, scripted ? world_says[world_says_out++ % 8] : "We tested it.");
    t->sounds_like = arena_strdup(a, world_sounds_like[0] != '\0' ? world_sounds_like : o->language);
    pthread_mutex_unlock(&world_lock);
    t->language = o->language;
    t->sounds_like_probability = 1;
    t->duration = (double)n / 16000;
    world_time_words(t, sure, a);
    *ret = t;
    return STATUS_OK;
}

/* stuck: after the first part of what is to be said; late: before it. */
static inline void world_tts_hold(bool stuck, bool late)
{
    pthread_mutex_lock(&world_lock);
    world_tts_stuck = stuck;
    world_tts_late = late;
    pthread_cond_broadcast(&world_tts_free);
    pthread_mutex_unlock(&world_lock);
}

/* A part for each sentence. */
enum status tts_synthesize_parts(struct tts *t, const char *text, const char *voice, double speed, enum tts_parts parts,
                                 struct arena *a, tts_part_fn *on_part, void *u, struct error *err)
{
    (void)t;
    (void)voice;
    (void)parts;
    pthread_mutex_lock(&world_lock);
    world_slow_syntheses += speed < 1.0;
    bool fails = world_tts_fails;
    world_syntheses++;
    pthread_mutex_unlock(&world_lock);
    if (fails)
        return error_set(err, STATUS_UNAVAILABLE, "test", NULL, "no voice today");
    enum status st = STATUS_OK;
    for (size_t at = 0, n; st == STATUS_OK && text[at] != '\0'; at += n) {
        n = strcspn(text + at, ".?!");
        n += strspn(text + at + n, ".?! ");
        struct phoneme ah = {"a\xcb\x90", 0, (double)n / 40};
        struct speech s = {
            .sample_rate = 16000, .n_samples = n * 400, .duration = ah.end, .phonemes = &ah, .n_phonemes = 1};
        s.pcm = arena_array(a, s.n_samples, sizeof(*s.pcm));
        pthread_mutex_lock(&world_lock);
        while (at > 0 ? world_tts_stuck : world_tts_late)
            pthread_cond_wait(&world_tts_free, &world_lock);
        pthread_mutex_unlock(&world_lock);
        st = on_part(u, &s, err);
    }
    return st;
}

enum status vad_stream_new(struct vad *v, struct vad_stream **ret, struct error *err)
{
    (void)err;
    *ret = (struct vad_stream *)(void *)v;
    return STATUS_OK;
}

struct vad_stream *vad_stream_free(struct vad_stream *s)
{
    (void)s;
    return NULL;
}

void vad_stream_reset(struct vad_stream *s)
{
    (void)s;
}

enum status vad_stream_push(struct vad_stream *s, const float pcm[VAD_FRAME], float *p, struct error *err)
{
    (void)s;
    (void)err;
    *p = pcm[0] > 0.1f || pcm[VAD_FRAME / 2] > 0.1f ? 0.95f : 0.02f;
    return STATUS_OK;
}

static char world_engine;
static struct engines world_engines;

/* ---- the hub ---- */

static inline void *services_double(void *u)
{
    return u;
}

static inline void services_double_free(void *u)
{
    (void)u;
}

static struct cache *world_cache; /* of hubs that world_start() makes; NULL: none */

static unsigned world_at_once; /* of hubs that world_start() makes; 0: as many as it has room for */

static unsigned world_speech_workers = 2;

static inline struct live *world_start(unsigned sessions_max)
{
    static struct services shared;
    struct live *l = NULL;
    struct error err;
    struct live_options o = {.services_new = services_double,
                             .services_free = services_double_free,
                             .u = &shared,
                             .engines = &world_engines,
                             .cache = world_cache,
                             .clock = &world_clock,
                             .workers = 2,
                             .speech_workers = world_speech_workers,
                             .sessions_max = sessions_max,
                             .at_once_max = world_at_once > 0 ? world_at_once : sessions_max,
                             .patience = {.sure_ms = 1000, .finished_ms = 1000, .hanging_ms = 3000, .prompt_ms = 5000},
                             .pause_max_ms = 60000};
    assert_int_equal(live_new(&o, &l, &err), STATUS_OK);
    return l;
}

static inline int world_reset(void **state)
{
    (void)state;
    pthread_mutex_lock(&world_lock);
    memset(world_db, 0, sizeof(world_db));
    world_fail_store = 0;
    world_noted = world_revisions = 0;
    world_says_in = world_says_out = 0;
    world_tts_fails = world_choice_stuck = world_tts_stuck = world_tts_late = world_hold = false;
    world_transcriptions = world_syntheses = world_slow_syntheses = 0;
    world_sounds_like[0] = '\0';
    world_think_s = world_limit_s = world_follow_ups = world_choices = 0;
    world_engines = (struct engines){.stt = (struct stt *)(void *)&world_engine,
                                     .tts = (struct tts *)(void *)&world_engine,
                                     .vad = (struct vad *)(void *)&world_engine};
    pthread_mutex_unlock(&world_lock);
    return 0;
}

#endif
