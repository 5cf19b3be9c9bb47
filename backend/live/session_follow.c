/* Follow-ups: which one comes is chosen on a speech worker, while the silence runs that may end the answer, so that it
 * is known, and its sound is there, when the answer is over. Chosen ahead only while there is not much to do (captions,
 * the first to give way, are as usual); at the end of an answer always, and always in the same way: who is asked does
 * not depend on how many are interviewed. */
#include "live/session.h"

#include "base/cleanup.h"
#include "base/log.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define JOB_ARENA    (16u << 20)
#define ANSWER_ARENA (4u << 20)

struct choosing_job {
    struct speech_job job;     /* first */
    struct session *session;   /* referenced */
    struct session_mail *back; /* as hearing_job's */
    unsigned number;
    struct arena *arena; /* of what follows */
    struct conduct_question question;
    struct conduct_follow_up asked[CONDUCT_FOLLOW_UPS_MAX];
    int n_asked;
    const char *said;
    enum status outcome;
    struct conduct_follow_up chosen;
};

void choosing_job_free(struct choosing_job *j)
{
    if (j == NULL)
        return;
    arena_free(j->arena);
    session_unref(j->session);
    free(j->back);
    free(j);
}

/* The job goes to its session, with its reference. */
static void hand_back(struct choosing_job *j)
{
    struct session *s = session_ref(j->session);
    struct session_mail *m = j->back;
    j->back = NULL;
    m->choice = j;
    session_mail_post(s, m);
    session_unref(s);
}

/* What cannot be told by meaning is told by words; what cannot be told at all is not asked. */
static void run(struct speech_job *job)
{
    struct choosing_job *j = (struct choosing_job *)(void *)job;
    struct embed *e = live_options_of(j->session->live)->engines->embed;
    struct error err = {0};
    enum status st = conduct_choose(&j->question, j->asked, j->n_asked, j->said, e, j->arena, &j->chosen, &err);
    if (st != STATUS_OK) {
        log_failure("live.follow_up", j->session->id_text, st, &err);
        if (conduct_choose(&j->question, j->asked, j->n_asked, j->said, NULL, j->arena, &j->chosen, &err) != STATUS_OK)
            j->chosen = (struct conduct_follow_up){0};
    }
    j->outcome = STATUS_OK;
    hand_back(j);
}

static void discard(struct speech_job *job)
{
    struct choosing_job *j = (struct choosing_job *)(void *)job;
    j->outcome = STATUS_UNAVAILABLE;
    hand_back(j);
}

/* ---- asking for a choice ---- */

/* The plan may go while the job runs. */
static bool copy_question(struct choosing_job *j, const struct conduct_question *q)
{
    struct arena *a = j->arena;
    j->question = *q;
    j->question.rephrased = "";
    j->question.text = arena_strdup(a, q->text);
    j->question.points.items = arena_array(a, q->points.count + 1, sizeof(char *));
    for (size_t i = 0; j->question.points.items != NULL && i < q->points.count; i++)
        if ((j->question.points.items[i] = arena_strdup(a, q->points.items[i])) == NULL)
            return false;
    return j->question.text != NULL && j->question.points.items != NULL;
}

static bool copy_asked(struct choosing_job *j, const struct conduct_plan *p)
{
    for (int i = 0; i < p->n_asked; i++) {
        j->asked[i] = (struct conduct_follow_up){arena_strdup(j->arena, p->asked[i].text),
                                                 arena_strdup(j->arena, p->asked[i].point)};
        if (j->asked[i].text == NULL || j->asked[i].point == NULL)
            return false;
    }
    j->n_asked = p->n_asked;
    return true;
}

static struct choosing_job *job_new(struct session *s, const struct conduct_question *q, const char *said)
{
    struct choosing_job *j = calloc(1, sizeof(*j));
    if (j == NULL)
        return NULL;
    j->session = session_ref(s);
    j->back = session_mail_new(MAIL_CHOSEN, 0);
    j->arena = arena_new(JOB_ARENA);
    j->said = j->arena != NULL ? arena_strdup(j->arena, said) : NULL;
    if (j->back == NULL || j->said == NULL || !copy_question(j, q) || !copy_asked(j, s->plan)) {
        choosing_job_free(j);
        return NULL;
    }
    return j;
}

void session_forget_choice(struct session *s)
{
    free(s->choice.said);
    arena_free(s->choice.arena);
    s->choice = (struct follow_choice){.number = s->choice.number + 1};
}

void session_choose_none(struct session *s)
{
    if (s->choice.job != NULL)
        speech_line_drop(live_speech(s->live), &s->choice.job->job);
    session_forget_choice(s);
}

static bool submit(struct session *s, const struct conduct_question *q, const char *said, enum speech_urgency urgency)
{
    struct choosing_job *j = job_new(s, q, said);
    session_choose_none(s); /* it was about less than was said since */
    s->choice.said = j != NULL ? strdup(said) : NULL;
    if (s->choice.said == NULL) {
        choosing_job_free(j);
        return false;
    }
    j->number = s->choice.number;
    j->job = (struct speech_job){.urgency = urgency, .run = run, .discard = discard};
    s->choice.job = j;
    speech_line_submit(live_speech(s->live), &j->job);
    return true;
}

static bool may_follow(const struct session *s, const struct conduct_question *q)
{
    const int64_t now = clock_unix_ms(live_options_of(s->live)->clock);
    return !s->plan->practice && q != NULL && q->points.count > 0 && s->plan->n_asked < s->plan->follow_ups &&
           conduct_time_for_more(s->plan, engine_time_left(&s->engine), now);
}

static const char *trimmed(const char *text)
{
    return text + strspn(text, " \n");
}

void session_choose_ahead(struct session *s, const char *said)
{
    const struct conduct_question *q = conduct_question_at(s->plan, s->engine.position);
    if (!s->engine.listening || !may_follow(s, q) || live_captions(s->live) != CAPTIONS_USUAL ||
        (s->choice.said != NULL && strcmp(s->choice.said, trimmed(said)) == 0))
        return;
    if (!submit(s, q, trimmed(said), SPEECH_GUESS))
        log_event(LOG_WARN, "live.no_memory", "session", s->id_text, NULL);
}

/* ---- OP_CHOOSE ---- */

static void result(struct session *s, enum engine_result r, bool follow_up)
{
    session_event(s, (struct engine_event){.type = EV_OP_RESULT, .op = OP_CHOOSE, .result = r, .follow_up = follow_up});
}

/* What was typed before a follow-up stands before it. */
static enum status keep_written(struct session *s, struct error *err)
{
    if (s->typed == NULL)
        return STATUS_OK;
    const int64_t at = session_elapsed(s);
    const struct conduct_piece piece = {at, at, s->typed, NULL, (double)NAN, .typed = true};
    if (id_is_zero(s->written))
        s->written = id_new();
    enum status st = conduct_put_utterance(s->services, s->answer, s->written, SPEAKER_CANDIDATE, &piece, err);
    if (st != STATUS_OK)
        return st;
    protocol_transcription(&s->out, s->answer, at, s->typed, at, "");
    session_send(s);
    s->written = (struct id){0};
    s->wrote = true;
    free(s->typed);
    s->typed = NULL;
    return STATUS_OK;
}

static enum status adopt(struct session *s, const struct conduct_follow_up *f, struct error *err)
{
    const struct conduct_follow_up mine = {arena_strdup(s->arena, f->text), arena_strdup(s->arena, f->point)};
    if (mine.text == NULL || mine.point == NULL)
        return arena_exhausted(err);
    s->follow_up = mine;
    s->plan->follow_up = mine.text;
    s->plan->follow_up_position = s->engine.position;
    s->asked = id_new();
    s->follow_up_at = session_now(s); /* what is typed may answer it before it is said */
    s->follow_up_ms = 0;
    return STATUS_OK;
}

static void decided(struct session *s)
{
    struct error err = {0};
    s->choice.wanted = false;
    if (s->choice.chosen.text == NULL) {
        result(s, RESULT_OK, false);
        return;
    }
    enum status st = keep_written(s, &err);
    if (st == STATUS_OK)
        st = adopt(s, &s->choice.chosen, &err);
    if (st != STATUS_OK)
        log_failure("live.store", s->id_text, st, &err);
    result(s, session_result_of(st), st == STATUS_OK);
}

void session_choose(struct session *s)
{
    cleanup(arena_freep) struct arena *a = arena_new(ANSWER_ARENA);
    const struct conduct_question *q = conduct_question_at(s->plan, s->engine.position);
    const char *said = "";
    struct error err = {0};
    if (!may_follow(s, q)) {
        result(s, RESULT_OK, false);
        return;
    }
    enum status st = a != NULL ? conduct_answer_text(s->services, s->answer, a, &said, &err) : arena_exhausted(&err);
    if (st == STATUS_OK && s->typed != NULL)
        said = arena_printf(a, "%s\n%s", said, s->typed);
    if (st != STATUS_OK || said == NULL) {
        result(s, RESULT_FAILED, false);
        return;
    }
    said = trimmed(said);
    bool same = s->choice.said != NULL && strcmp(s->choice.said, said) == 0;
    if (same && s->choice.ready) {
        decided(s);
    } else if (same && s->choice.job != NULL) {
        s->choice.wanted = true;
        speech_line_raise(live_speech(s->live), &s->choice.job->job, SPEECH_NOW);
    } else if (submit(s, q, said, SPEECH_NOW)) {
        s->choice.wanted = true;
    } else {
        result(s, RESULT_FAILED, false);
    }
}

void session_chosen(struct session *s, struct choosing_job *j)
{
    if (s->plan == NULL || j->number != s->choice.number)
        return; /* about less than was said since */
    s->choice.job = NULL;
    if (j->outcome != STATUS_OK) {
        bool wanted = s->choice.wanted;
        session_forget_choice(s);
        if (wanted)
            result(s, RESULT_FAILED, false);
        return;
    }
    s->choice.ready = true;
    s->choice.arena = j->arena; /* with what was chosen */
    s->choice.chosen = j->chosen;
    j->arena = NULL;
    if (s->choice.wanted)
        decided(s);
    else if (s->choice.chosen.text != NULL)
        session_render_follow_up(s, s->choice.chosen.text);
}

/* ---- OP_ASKED ---- */

enum status session_asked(struct session *s, struct error *err)
{
    const int64_t from = s->follow_up_at - s->answer_base;
    const struct conduct_piece piece = {from,        from + s->follow_up_ms,         s->follow_up.text, NULL,
                                        (double)NAN, .follow_up = s->follow_up.point};
    enum status st = conduct_put_utterance(s->services, s->answer, s->asked, SPEAKER_INTERVIEWER, &piece, err);
    if (st == STATUS_OK && s->plan->n_asked < CONDUCT_FOLLOW_UPS_MAX)
        s->plan->asked[s->plan->n_asked++] = s->follow_up;
    return st;
}

/* One that was taken back was not asked: what was asked before it is what is answered. */
void session_follow_up_now(struct session *s)
{
    if (s->engine.follow != FOLLOW_NONE)
        return;
    s->plan->follow_up = s->plan->n_asked > 0 ? s->plan->asked[s->plan->n_asked - 1].text : NULL;
    s->plan->follow_up_position = s->engine.position;
}
