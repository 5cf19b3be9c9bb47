#include "services/candidacy.h"

#include "base/cleanup.h"
#include "models/interview.h"
#include "repositories/candidate_repository.h"
#include "repositories/interview_repository.h"
#include "repositories/recording_repository.h"
#include "repositories/resume_repository.h"
#include "repositories/session_repository.h"
#include "services/audit.h"
#include "services/conduct.h"
#include "services/jobs.h"
#include "services/recording.h"
#include "services/resume.h"
#include "services/settings.h"
#include "utils/sha256.h"

#include <string.h>

#define TOKEN_BYTES          32
#define MINUTES_PER_QUESTION 2 /* with the question itself; shown as an estimate */

static enum status unknown_link(struct error *err)
{
    return error_set(err, STATUS_NOT_FOUND, "link_unknown", "link",
                     "This link leads to no interview. Check it, or ask the person who sent it");
}

static enum status open_interview(struct services *s, const char *link, struct arena *a, struct interview **ret,
                                  struct error *err)
{
    struct interview *i = NULL;
    enum status st = interview_find_by_link(s->db, link, a, &i, err);
    if (st == STATUS_OK && i->status == INTERVIEW_DRAFT)
        st = STATUS_NOT_FOUND;
    if (st == STATUS_NOT_FOUND)
        return unknown_link(err);
    if (st == STATUS_OK)
        *ret = i;
    return st;
}

/* Nobody comes in any more: not even who has registered, but by the session token they hold. */
static enum status check_not_closed(const struct interview *i, struct error *err)
{
    if (i->status != INTERVIEW_CLOSED && !i->archived_at)
        return STATUS_OK;
    return error_set(err, STATUS_GONE, "interview_closed", "link",
                     "This interview is closed. Ask the person who sent you the link");
}

/* Whether somebody new may register. */
static enum status registration_of(struct services *s, const struct interview *i, enum registration *ret,
                                   struct error *err)
{
    int64_t taken = 0;
    *ret = REGISTRATION_OPEN;
    if (i->expires_at && i->expires_at <= clock_unix_ms(s->clock)) {
        *ret = REGISTRATION_EXPIRED;
        return STATUS_OK;
    }
    if (i->max_sessions == 0)
        return STATUS_OK;
    enum status st = interview_places_taken(s->db, i->id, &taken, err);
    if (st == STATUS_OK && taken >= i->max_sessions)
        *ret = REGISTRATION_FULL;
    return st;
}

#define DECIDES "It suggests a level for each answer, with a quote. A person decides."

/* Before consenting one is told when what one says goes to somebody else's machine. */
static const char *ai_notice(const struct services *s)
{
    if (s->llm && llm_is_outside(s->llm))
        return "It runs on the organisation\xe2\x80\x99s own server. The text of your answers, and nothing "
               "else about you, also goes to another company\xe2\x80\x99s language model, which may move a level by "
               "one step. " DECIDES;
    return "It runs on the organisation\xe2\x80\x99s own server. " DECIDES;
}

static enum status public_view(struct services *s, const struct interview *i, struct arena *a,
                               struct public_interview **ret, struct error *err)
{
    struct list questions = {0};
    struct settings *set = NULL;
    enum registration registration = REGISTRATION_OPEN;
    struct public_interview *p = arena_new_of(a, struct public_interview);
    enum status st = p ? question_list(s->db, i->id, a, &questions, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = settings_get(s, a, &set, err);
    if (st == STATUS_OK)
        st = registration_of(s, i, &registration, err);
    if (st != STATUS_OK)
        return st;
    p->title = i->title;
    p->job_role = i->job_role;
    p->organisation = i->organisation && *i->organisation ? i->organisation : set->organisation_name;
    p->privacy_notice = set->privacy_notice;
    p->support_email = set->support_email;
    p->ai_notice = ai_notice(s);
    p->interview_type = i->interview_type;
    p->question_count = (int64_t)questions.count;
    p->minutes_estimate = (int64_t)questions.count * MINUTES_PER_QUESTION;
    p->avatar = i->avatar;
    p->avatar_name = avatar_choices[i->avatar].label;
    p->language = i->language;
    p->engines_ready = engines_ready(s->engines);
    p->practice = i->practice;
    p->status = i->status;
    p->registration = (int)registration;
    *ret = p;
    return STATUS_OK;
}

enum status candidacy_interview(struct services *s, const char *link, struct arena *a, struct public_interview **ret,
                                struct error *err)
{
    struct interview *i = NULL;
    enum status st = open_interview(s, link, a, &i, err);
    if (st == STATUS_OK)
        st = check_not_closed(i, err);
    return st == STATUS_OK ? public_view(s, i, a, ret, err) : st;
}

static enum status check_consent(const struct candidate_register *in, struct error *err)
{
    if (!in->consent_recording)
        return error_set(err, STATUS_INVALID, "consent_required", "consent_recording",
                         "The interview is recorded; it needs your consent");
    if (!in->consent_ai)
        return error_set(err, STATUS_INVALID, "consent_required", "consent_ai",
                         "Answers are analysed by software; it needs your consent");
    return STATUS_OK;
}

/* Whoever knows address and link comes back into the session. What was said before is shown to those only who can show
 * a token of the browser that said it; where nothing was said or handed in yet, there is nothing to be shown. */
static enum status come_back(struct services *s, const struct session *session, const char *earlier,
                             const uint8_t hash[SHA256_SIZE], struct arena *a, struct error *err)
{
    uint8_t shown[SHA256_SIZE];
    struct resume *r = NULL;
    bool own = false;
    enum status st = STATUS_OK;
    if (earlier) {
        sha256_bytes(earlier, strlen(earlier), shown);
        st = session_own_token(s->db, session->id, shown, &own, err);
    }
    if (st == STATUS_OK && !own && session->status == SESSION_REGISTERED) {
        st = resume_find(s->db, session->candidate_id, a, &r, err);
        own = st == STATUS_NOT_FOUND;
        st = own ? STATUS_OK : st;
    }
    if (st == STATUS_OK)
        st = session_set_token(s->db, session->id, hash, clock_unix_ms(s->clock), err);
    if (st == STATUS_OK && !own && session->status == SESSION_IN_PROGRESS)
        st = conduct_note_other_device(s, session->id, err);
    return st == STATUS_OK && own ? session_adopt_token(s->db, session->id, err) : st;
}

enum status candidacy_check_own(struct services *s, struct id session, struct error *err)
{
    bool own = false;
    enum status st = session_token_is_own(s->db, session, &own, err);
    if (st == STATUS_OK && !own)
        st = error_set(err, STATUS_FORBIDDEN, "other_browser", NULL,
                       "What was said and handed in before is shown in the browser where it was. Open the interview "
                       "there, or ask the person who sent you the link");
    return st;
}

/* The session of this candidate, made when there is none; the token's hash is put in either way. */
static enum status session_for(struct services *s, const struct candidate *c, const char *earlier,
                               const uint8_t hash[SHA256_SIZE], struct arena *a, struct session **ret,
                               struct error *err)
{
    int64_t now = clock_unix_ms(s->clock);
    struct session *there = NULL;
    enum status st = session_find_by_candidate(s->db, c->id, a, &there, err);
    if (st == STATUS_OK && there->status >= SESSION_COMPLETED)
        return error_set(err, STATUS_CONFLICT, "session_completed", "email",
                         there->status == SESSION_WITHDRAWN ? "This application was withdrawn"
                         : there->partial ? "The time for this interview is over. What you said is with the people who "
                                            "invited you"
                                          : "You have finished this interview already");
    if (st == STATUS_OK) {
        *ret = there;
        return come_back(s, there, earlier, hash, a, err);
    }
    if (st != STATUS_NOT_FOUND)
        return st;
    struct session *made = arena_new_of(a, struct session);
    if (!made)
        return arena_exhausted(err);
    made->id = id_new();
    made->interview_id = c->interview_id;
    made->candidate_id = c->id;
    made->created_at = made->updated_at = now;
    st = session_insert(s->db, made, hash, err);
    if (st == STATUS_OK)
        *ret = made;
    return st;
}

static enum status registered(const struct candidate *c, const struct session *session, const char *token,
                              struct arena *a, struct register_result **ret, struct error *err)
{
    struct register_result *r = arena_new_of(a, struct register_result);
    struct candidate_name *name = arena_new_of(a, struct candidate_name);
    if (!r || !name || !(r->session_token = arena_strdup(a, token)))
        return arena_exhausted(err);
    name->full_name = c->full_name;
    r->session_id = session->id;
    r->status = session->status;
    r->candidate = name;
    *ret = r;
    return STATUS_OK;
}

/* Somebody new comes in while there is room and time; who has registered before comes back either way. Under the
 * interview's lock, so that two do not take its last place. */
static enum status check_room(struct services *s, const struct interview *i, const char *email, struct arena *a,
                              struct error *err)
{
    struct candidate *there = NULL;
    enum registration registration = REGISTRATION_OPEN;
    enum status st = registration_of(s, i, &registration, err);
    if (st != STATUS_OK || registration == REGISTRATION_OPEN)
        return st;
    st = candidate_find_by_email(s->db, i->id, email, a, &there, err);
    if (st != STATUS_NOT_FOUND)
        return st;
    if (registration == REGISTRATION_EXPIRED)
        return error_set(err, STATUS_GONE, "interview_expired", "link",
                         "The time to register for this interview is over. Ask the person who sent you the link");
    return error_set(err, STATUS_CONFLICT, "interview_full", "link",
                     "All places of this interview are taken. Ask the person who sent you the link");
}

/* The interview behind the link, locked. Its id is looked up before the transaction begins: the lock must be the first
 * thing in it, or on MySQL the transaction would go on seeing the sessions of before. */
static enum status begin_registration(struct services *s, const char *link, const char *email, struct db_txn *t,
                                      struct arena *a, struct interview **ret, struct error *err)
{
    struct id id;
    enum status st = interview_id_of_link(s->db, link, &id, err);
    if (st == STATUS_NOT_FOUND)
        return unknown_link(err);
    if (st == STATUS_OK)
        st = db_begin_locking(s->db, t, err);
    if (st == STATUS_OK)
        st = interview_lock(s->db, id, err);
    if (st == STATUS_OK)
        st = open_interview(s, link, a, ret, err); /* the link may be another's by now */
    if (st == STATUS_OK)
        st = check_not_closed(*ret, err);
    return st == STATUS_OK ? check_room(s, *ret, email, a, err) : st;
}

static enum status record(struct services *s, struct id session, const char *action, struct error *err)
{
    const struct audit_event e = {action, "session", session, NULL};
    return audit_record_candidate(s, session, &e, err);
}

enum status candidacy_register(struct services *s, const char *link, const struct candidate_register *in,
                               struct arena *a, struct register_result **ret, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    struct interview *i = NULL;
    struct candidate *c = NULL;
    struct session *session = NULL;
    char token[64];
    uint8_t hash[SHA256_SIZE];
    bool created = false;
    int64_t now = clock_unix_ms(s->clock);
    enum status st = check_consent(in, err);
    if (st == STATUS_OK)
        st = begin_registration(s, link, in->email, &t, a, &i, err);
    if (st != STATUS_OK)
        return st;
    struct candidate wanted = {
        .id = id_new(),
        .interview_id = i->id,
        .full_name = in->full_name,
        .email = in->email,
        .consent_recording_at = now,
        .consent_ai_at = now,
        .updated_at = now,
        .created_at = now,
    };
    random_token(token, sizeof token, TOKEN_BYTES);
    sha256_bytes(token, strlen(token), hash);
    st = candidate_register(s->db, &wanted, a, &c, &created, err);
    if (st == STATUS_OK)
        st = session_for(s, c, in->session_token, hash, a, &session, err);
    if (st == STATUS_OK)
        st = record(s, session->id, created ? "candidate.register" : "candidate.return", err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    return st == STATUS_OK ? registered(c, session, token, a, ret, err) : st;
}

enum status candidacy_authenticate(struct services *s, const char *token, struct id *session, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(1u << 16);
    uint8_t hash[SHA256_SIZE];
    struct session *found = NULL;
    sha256_bytes(token, strlen(token), hash);
    enum status st = a ? session_find_by_token(s->db, hash, a, &found, err) : arena_exhausted(err);
    if (st == STATUS_NOT_FOUND)
        return error_set(err, STATUS_UNAUTHENTICATED, "token_invalid", NULL,
                         "This session token is not valid. Open the link again and register");
    if (st == STATUS_OK)
        *session = found->id;
    return st;
}

/* What is asked now in an open answer. */
static enum status state_asked(struct services *s, struct answer_state *x, struct arena *a, struct error *err)
{
    struct conduct_follow_up asked[CONDUCT_FOLLOW_UPS_MAX];
    int n = 0;
    enum status st = conduct_asked(s, x->id, a, asked, &n, err);
    if (st == STATUS_OK && n > 0)
        x->question_text = asked[n - 1].text;
    x->follow_up = n;
    return st;
}

static enum status state_answers(struct services *s, struct session_state *state, struct arena *a, struct error *err)
{
    struct list all = {0};
    bool own = false;
    enum status st = session_token_is_own(s->db, state->session_id, &own, err);
    if (st == STATUS_OK)
        st = answer_list(s->db, state->session_id, a, &all, err);
    struct answer_state *out = arena_array(a, all.count + 1, sizeof *out);
    if (!out)
        return arena_exhausted(err);
    const struct answer *x = all.items;
    for (size_t i = 0; st == STATUS_OK && i < all.count; i++) {
        out[i].id = x[i].id;
        out[i].position = x[i].position;
        out[i].question_text = x[i].question_text;
        out[i].status = x[i].status;
        out[i].mode = x[i].mode;
        out[i].text = x[i].text && own ? x[i].text : "";
        if (x[i].status != ANSWER_OPEN)
            continue;
        st = state_asked(s, &out[i], a, err);
        if (st == STATUS_OK)
            st = segment_next(s->db, x[i].id, &state->next_segment_of_open_answer, err);
        if (st == STATUS_OK && own) /* its row gets the text when it ends; until then it is in the pieces */
            st = conduct_answer_text(s, x[i].id, a, &out[i].text, err);
    }
    state->answers = (struct list){out, all.count};
    return st;
}

enum status candidacy_state(struct services *s, struct id session_id, struct arena *a, struct session_state **ret,
                            struct error *err)
{
    struct session *session = NULL;
    struct interview *i = NULL;
    struct session_state *state = arena_new_of(a, struct session_state);
    enum status st = state ? session_find(s->db, session_id, a, &session, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = interview_find(s->db, session->interview_id, a, &i, err);
    if (st == STATUS_OK)
        st = public_view(s, i, a, &state->interview, err);
    if (st != STATUS_OK)
        return st;
    state->session_id = session->id;
    state->status = session->status;
    state->current_position = session->position;
    state->partial = session->partial;
    state->question_count = state->interview->question_count;
    st = state_answers(s, state, a, err);
    if (st == STATUS_OK)
        *ret = state;
    return st;
}

/* Opens the answer that is due, or completes the session when none is left. */
static enum status go_on(struct services *s, struct id session, struct arena *a, struct error *err)
{
    struct conduct_plan *plan = NULL;
    struct id answer;
    int64_t started_at;
    enum status st = conduct_load(s, session, a, &plan, err);
    if (st != STATUS_OK)
        return st;
    if (plan->n_questions == 0) /* all were deleted after the candidate registered: nothing to complete */
        return error_set(err, STATUS_CONFLICT, "no_questions", NULL,
                         "This interview has no questions at the moment. Ask the person who sent you the link");
    int next = plan->position < 1 ? 1 : plan->position;
    if ((size_t)next > plan->n_questions)
        return conduct_complete(s, session, err);
    return conduct_open_answer(s, session, next, 0, &answer, &started_at, err);
}

enum status candidacy_start(struct services *s, struct id session, struct arena *a, struct session_state **ret,
                            struct error *err)
{
    enum status st = conduct_begin(s, session, err);
    if (st == STATUS_OK)
        st = go_on(s, session, a, err);
    return st == STATUS_OK ? candidacy_state(s, session, a, ret, err) : st;
}

enum status candidacy_text_answer(struct services *s, struct id session, struct id answer, int follow_up,
                                  const char *text, struct arena *a, struct session_state **ret, struct error *err)
{
    struct answer *found = NULL;
    enum status st = answer_find(s->db, answer, a, &found, err);
    if (st == STATUS_OK && !id_equal(found->session_id, session))
        st = error_set(err, STATUS_NOT_FOUND, "not_found", NULL, "There is no such answer in this interview");
    if (st == STATUS_OK)
        st = conduct_write_answer(s, answer, follow_up, text, a, err);
    if (st == STATUS_OK)
        st = go_on(s, session, a, err);
    return st == STATUS_OK ? candidacy_state(s, session, a, ret, err) : st;
}

enum status candidacy_complete(struct services *s, struct id session, struct arena *a, struct session_state **ret,
                               struct error *err)
{
    struct conduct_plan *plan = NULL;
    enum status st = conduct_load(s, session, a, &plan, err);
    if (st == STATUS_GONE)
        return candidacy_state(s, session, a, ret, err);
    if (st == STATUS_OK && (plan->n_questions == 0 || (size_t)plan->position <= plan->n_questions))
        st = error_set(err, STATUS_CONFLICT, "answers_missing", NULL, "Question %d is not answered yet",
                       plan->position < 1 ? 1 : plan->position);
    if (st == STATUS_OK)
        st = conduct_complete(s, session, err);
    return st == STATUS_OK ? candidacy_state(s, session, a, ret, err) : st;
}

/* Inside a transaction. *key: of the file to be erased, or NULL. */
static enum status withdraw_resume(struct services *s, struct id session_id, struct arena *a, const char **key,
                                   struct error *err)
{
    struct session *session = NULL;
    enum status st = session_find(s->db, session_id, a, &session, err);
    return st == STATUS_OK ? resume_take_away(s, session->candidate_id, a, key, err) : st;
}

enum status candidacy_withdraw(struct services *s, struct id session, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
    cleanup(db_txn_end) struct db_txn t = {0};
    const struct audit_event e = {"candidate.withdraw", "session", session, NULL};
    const char *resume_key = NULL;
    enum status st = a ? db_begin_locking(s->db, &t, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = candidacy_check_own(s, session, err); /* it destroys what was said */
    if (st == STATUS_OK)
        st = session_set_status(s->db, session, SESSION_WITHDRAWN, clock_unix_ms(s->clock), err);
    if (st == STATUS_OK)
        st = segment_delete_of_session(s->db, session, err);
    if (st == STATUS_OK)
        st = recording_erase_later(s, session, err);
    if (st == STATUS_OK)
        st = withdraw_resume(s, session, a, &resume_key, err);
    if (st == STATUS_OK)
        st = audit_record_candidate(s, session, &e, err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    if (st != STATUS_OK)
        return st;
    jobs_wake(s->jobs);
    st = recording_erase_files(s, session, err);
    return st == STATUS_OK && resume_key ? resume_erase_file(s, resume_key, err) : st;
}
