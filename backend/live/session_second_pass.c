/* The live session's side of live/second_pass.h: once an answer has ended, and while there is not much to do, what was
 * said in it is heard again, one stretch after the other, and the transcript gets the better words. Nothing waits for
 * it: what the interview's end or a busy server leaves no time for stays as it was. */
#include "live/session.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "live/heard.h"
#include "live/second_pass.h"
#include "providers/stopper.h"

#include <stdlib.h>
#include <string.h>

#define STRETCHES_MAX 8 /* of an answer that wait: 0.9 MB each */
#define TRIES         3 /* of one that had to give way */

struct second_pass_job {
    struct speech_job job;        /* first */
    struct second_pass_job *next; /* waits in the session */
    struct session *session;      /* referenced while it is on its way */
    struct session_mail *back;    /* owned: so that it comes back whatever happens */
    struct second_pass_stretch *stretch;
    struct stopper *stop;
    struct id answer;
    int64_t zero_ms; /* of the answer, on the listener's clock */
    char language[16];
    int tries;
    enum status st;
    bool better;
};

struct second_pass_job *second_pass_job_free(struct second_pass_job *j)
{
    if (j == NULL)
        return NULL;
    second_pass_free(j->stretch);
    stopper_free(j->stop);
    session_unref(j->session);
    free(j->back);
    free(j);
    return NULL;
}

static void run(struct speech_job *job)
{
    struct second_pass_job *j = (struct second_pass_job *)(void *)job;
    struct error err = {0};
    stopper_attach(j->stop);
    j->st = second_pass_run(j->stretch, live_options_of(j->session->live)->engines, j->language, &j->better, &err);
    stopper_attach(NULL);
    if (j->st != STATUS_OK && !stopper_stopped(j->stop))
        log_failure("live.second_pass", j->session->id_text, j->st, &err);
}

static void hand_back(struct speech_job *job)
{
    struct second_pass_job *j = (struct second_pass_job *)(void *)job;
    struct session *s = j->session;
    struct session_mail *m = j->back;
    j->session = NULL;
    j->back = NULL;
    m->again = j;
    session_mail_post(s, m);
    session_unref(s);
}

static void discard(struct speech_job *job)
{
    ((struct second_pass_job *)(void *)job)->st = STATUS_UNAVAILABLE;
    hand_back(job);
}

static void give_way(struct speech_job *job)
{
    stopper_stop(((struct second_pass_job *)(void *)job)->stop);
}

/* The next that waits, when none is on its way. */
static void submit(struct session *s)
{
    struct second_pass_job *j = s->again;
    if (j == NULL || s->again_runs)
        return;
    s->again = j->next;
    j->next = NULL;
    j->back = session_mail_new(MAIL_HEARD_AGAIN, 0);
    stopper_free(j->stop);
    j->stop = stopper_new();
    if (j->back == NULL || j->stop == NULL) {
        second_pass_job_free(j);
        return;
    }
    j->session = session_ref(s);
    j->job = (struct speech_job){
        .urgency = SPEECH_LATER, .run = run, .discard = discard, .give_way = give_way, .over = hand_back};
    s->again_runs = true;
    speech_line_submit(live_speech(s->live), &j->job);
}

static void keep(struct session *s, struct second_pass_stretch *stretch)
{
    struct second_pass_job **tail = &s->again, *j = stretch != NULL ? calloc(1, sizeof(*j)) : NULL;
    size_t n = 0;
    for (; *tail != NULL; tail = &(*tail)->next)
        n++;
    if (j == NULL || n >= STRETCHES_MAX) {
        second_pass_free(stretch);
        free(j);
        return;
    }
    j->stretch = stretch;
    j->answer = s->answer;
    j->zero_ms = s->zero_ms;
    session_language(s, j->language, sizeof(j->language));
    *tail = j;
}

void session_second_pass_add(struct session *s, const struct piece *p, struct id utterance)
{
    keep(s, second_pass_add(&s->stretch, p, utterance));
}

static void forget(struct session *s)
{
    while (s->again != NULL) {
        struct second_pass_job *j = s->again;
        s->again = j->next;
        second_pass_job_free(j);
    }
}

void session_second_pass_begin(struct session *s)
{
    keep(s, second_pass_end(&s->stretch));
    if (live_captions(s->live) != CAPTIONS_USUAL)
        forget(s);
    submit(s);
}

void session_forget_second_pass(struct session *s)
{
    s->stretch = second_pass_free(s->stretch);
    forget(s);
}

static void revise(struct session *s, const struct second_pass_job *j)
{
    struct conduct_revision r[SECOND_PASS_PARTS];
    struct error err = {0};
    for (size_t i = 0; i < j->stretch->n_parts; i++) {
        const struct second_pass_part *p = &j->stretch->parts[i];
        r[i] = (struct conduct_revision){p->utterance, p->text, heard_words_moved(&p->heard, -j->zero_ms),
                                         p->heard.confidence};
    }
    enum status st = conduct_revise(s->services, j->answer, r, j->stretch->n_parts, &err);
    if (st != STATUS_OK && st != STATUS_GONE)
        log_failure("live.revise", s->id_text, st, &err);
    for (size_t i = 0; i < j->stretch->n_parts; i++)
        free((char *)r[i].words);
}

/* One that had to give way waits anew. */
void session_heard_again(struct session *s, struct second_pass_job *j)
{
    s->again_runs = false;
    if (j->st == STATUS_OK && j->better)
        revise(s, j);
    if (j->st != STATUS_OK && stopper_stopped(j->stop) && ++j->tries < TRIES) {
        j->next = s->again;
        s->again = j;
    } else {
        second_pass_job_free(j);
    }
    if (!s->engine.listening)
        submit(s);
}
