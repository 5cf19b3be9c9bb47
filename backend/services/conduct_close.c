/* Interviews whose time is over (conduct.h). */
#include "base/cleanup.h"
#include "base/log.h"
#include "repositories/interview_repository.h"
#include "repositories/retention_repository.h"
#include "repositories/session_repository.h"
#include "services/audit.h"
#include "services/conduct_internal.h"
#include "services/jobs.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define CLOSE_ARENA (4u << 20)
#define BATCHES_MAX 50
#define SET_MS      60000  /* the two clocks part by more: one was set */
#define SETTLE_MS   600000 /* a wrong time does not last longer, we hope */

static enum status mode_of(struct services *s, struct id answer, struct arena *a, enum answer_by *ret,
                           struct error *err)
{
    struct list said = {0};
    enum status st = utterance_list(s->db, answer, a, &said, err);
    const struct utterance *u = said.items;
    *ret = ANSWER_BY_NONE;
    for (size_t i = 0; st == STATUS_OK && i < said.count && *ret != ANSWER_BY_VOICE; i++)
        if (u[i].speaker == UTTERANCE_CANDIDATE && *u[i].text)
            *ret = u[i].typed ? ANSWER_BY_TEXT : ANSWER_BY_VOICE;
    return st;
}

/* An open answer ends with what was said in it. *answered: how many there are. */
static enum status end_open_answer(struct services *s, struct id session, int64_t now, struct arena *a, bool *open,
                                   int64_t *answered, struct error *err)
{
    struct list all = {0};
    const char *text = "";
    enum status st = answer_list(s->db, session, a, &all, err);
    const struct answer *x = all.items;
    for (size_t i = 0; st == STATUS_OK && i < all.count; i++) {
        if (x[i].status == ANSWER_ENDED) {
            ++*answered;
            continue;
        }
        *open = true;
        st = conduct_answer_text(s, x[i].id, a, &text, err);
        *answered += *text != '\0';
        enum answer_by mode = ANSWER_BY_NONE;
        if (st == STATUS_OK)
            st = mode_of(s, x[i].id, a, &mode, err);
        if (st == STATUS_OK)
            st = answer_end(s->db, x[i].id, mode, text, now, err);
    }
    return st;
}

static enum status record(struct services *s, struct id session, int64_t answered, int64_t questions, struct error *err)
{
    static const struct id system_itself = {{0}};
    char details[80];
    snprintf(details, sizeof details, "{\"answered\":%lld,\"questions\":%lld}", (long long)answered,
             (long long)questions);
    const struct audit_event e = {"session.time_over", "session", session, details};
    return audit_record_candidate(s, system_itself, &e, err);
}

/* Inside the transaction; the session is in progress and its time is over. */
static enum status close_session(struct services *s, const struct session *session, struct arena *a, struct error *err)
{
    int64_t now = clock_unix_ms(s->clock), answered = 0;
    struct list questions = {0};
    bool open = false;
    enum status st = question_list(s->db, session->interview_id, a, &questions, err);
    if (st == STATUS_OK)
        st = end_open_answer(s, session->id, now, a, &open, &answered, err);
    if (st == STATUS_OK)
        st = conduct_set_completed(s, session, now, err);
    if (st == STATUS_OK && (open || (size_t)answered < questions.count))
        st = session_set_partial(s->db, session->id, err);
    return st == STATUS_OK ? record(s, session->id, answered, (int64_t)questions.count, err) : st;
}

static void tell(struct services *s, struct id session)
{
    char id[ID_TEXT_SIZE], message[ID_TEXT_SIZE + 32];
    id_format(session, id);
    snprintf(message, sizeof message, "changed %s services 0", id);
    if (s->cache)
        cache_publish(s->cache, CONDUCT_CHANNEL, message);
}

enum status conduct_close_overdue(struct services *s, struct id id, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(CLOSE_ARENA);
    cleanup(db_txn_end) struct db_txn t = {0};
    struct session *session = NULL;
    bool overdue = false;
    enum status st = a ? db_begin_locking(s->db, &t, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = session_find(s->db, id, a, &session, err);
    if (st == STATUS_OK)
        st = session_overdue(s->db, id, clock_unix_ms(s->clock), &overdue, err);
    if (st != STATUS_OK || !overdue)
        return st;
    st = close_session(s, session, a, err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    if (st != STATUS_OK)
        return st;
    jobs_wake(s->jobs);
    tell(s, id);
    return STATUS_OK;
}

/* The wall clock tells how long an interview has gone on, over restarts and on several machines; the monotonic one
 * tells when it was set. */
static bool clock_was_set(struct services *s)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards the two below */
    static int64_t apart = INT64_MIN, settled_at = INT64_MIN;
    int64_t mono = clock_mono_ms(s->clock), now_apart = clock_unix_ms(s->clock) - mono;
    pthread_mutex_lock(&lock);
    if (apart != INT64_MIN && llabs(now_apart - apart) > SET_MS) {
        log_event(LOG_WARN, "clock.set", "effect", "no interview is closed for ten minutes", NULL);
        settled_at = mono + SETTLE_MS;
    }
    apart = now_apart;
    bool unsettled = mono < settled_at;
    pthread_mutex_unlock(&lock);
    return unsettled;
}

enum status conduct_close_all_overdue(struct services *s, struct error *err)
{
    struct id_batch b = {.count = RETENTION_BATCH};
    enum status st = STATUS_OK;
    if (clock_was_set(s))
        return STATUS_OK;
    for (int i = 0; st == STATUS_OK && b.count == RETENTION_BATCH && i < BATCHES_MAX; i++) {
        st = retention_overdue(s->db, clock_unix_ms(s->clock), &b, err);
        for (size_t k = 0; st == STATUS_OK && k < b.count; k++) {
            st = conduct_close_overdue(s, b.ids[k], err);
            if (st == STATUS_NOT_FOUND)
                st = STATUS_OK; /* erased meanwhile */
        }
    }
    return st;
}
