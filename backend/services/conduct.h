#ifndef VIVA_SERVICES_CONDUCT_H
#define VIVA_SERVICES_CONDUCT_H
/* Conducting one interview: what the live engine (and the REST text answers) store as it happens. Each call is one
 * transaction, durable when it returns STATUS_OK: only then may the caller acknowledge. After any crash conduct_load
 * gives back the same position with everything that was stored. Once the session is completed or withdrawn nothing is
 * added any more: STATUS_GONE "session_over"; before it began: STATUS_CONFLICT "session_status". Control characters and
 * broken UTF-8 are stored as spaces. */

#include "models/field.h"
#include "services/services.h"

struct embed;

enum conduct_status { CONDUCT_REGISTERED, CONDUCT_IN_PROGRESS, CONDUCT_COMPLETED, CONDUCT_WITHDRAWN };

struct conduct_question {
    struct id id;
    int position; /* from 1 */
    const char *text;
    int64_t time_limit_s;  /* 0: none */
    struct strings points; /* its rubric */
    const char *rephrased; /* "" when there is none */
};

/* A question beside the question: about a point of its rubric that the answer so far left out. */
struct conduct_follow_up {
    const char *text, *point; /* text NULL: none */
};
#define CONDUCT_FOLLOW_UPS_MAX 2 /* to one question */

struct conduct_plan {
    struct id session_id, interview_id;
    enum conduct_status status;
    const char *interview_title, *job_role, *organisation;
    const char *candidate_name;
    const char *avatar, *voice, *language;
    const char *patience; /* of patience_choices */
    int64_t think_time_s;
    bool allow_pause, allow_skip;
    bool slower;                  /* the candidate asked for a slower voice */
    int64_t paused_at, paused_ms; /* Unix ms, 0: it is not paused; how long it was before */
    struct conduct_question *questions;
    size_t n_questions;
    int position;          /* of the question to ask or being answered; 0 before the first, n+1 after the last */
    struct id open_answer; /* zero when none is open */
    int64_t open_answer_started_at; /* Unix ms */
    int64_t open_answer_paused_ms, open_answer_extended_s;
    const char *open_answer_text; /* spoken and typed so far, "" */
    int64_t open_answer_heard_ms; /* where the last that was said ends, ms from its start; 0: nothing was */
    bool open_answer_spoken, open_answer_typed;             /* something of it was */
    struct conduct_follow_up asked[CONDUCT_FOLLOW_UPS_MAX]; /* in the open answer */
    int n_asked, follow_ups;                                /* follow_ups: how many there may be */
    bool follow_up_open;                                    /* nothing was said to the last of them yet */
    const char *follow_up;                                  /* none of this service's: live/session_follow.c */
    int follow_up_position;
    int64_t started_at;       /* 0 before */
    int64_t time_to_finish_s; /* from then on; 0: no end */
    bool practice;            /* none of this service's: live/session_practice.c */
};

/* NULL: there is none at that position. */
static inline const struct conduct_question *conduct_question_at(const struct conduct_plan *p, int position)
{
    for (size_t i = 0; i < p->n_questions; i++)
        if (p->questions[i].position == position)
            return &p->questions[i];
    return NULL;
}

/* 0: none. */
static inline int64_t conduct_limit_at(const struct conduct_plan *p, int position)
{
    const struct conduct_question *q = conduct_question_at(p, position);
    return q ? q->time_limit_s : 0;
}

enum answer_mode { ANSWER_NONE, ANSWER_VOICE, ANSWER_TEXT };
enum speaker { SPEAKER_CANDIDATE, SPEAKER_INTERVIEWER };

/* STATUS_NOT_FOUND, STATUS_GONE "session_over" when completed or withdrawn. */
enum status conduct_load(struct services *s, struct id session, struct arena *a, struct conduct_plan **ret,
                         struct error *err) must_check;
/* registered -> in_progress; harmless when already so. */
enum status conduct_begin(struct services *s, struct id session, struct error *err) must_check;
/* Opens the answer to the question at position (the session's position becomes it), or gives back the one already open
 * there. It began ago_ms before now. STATUS_CONFLICT when that question was answered already. */
enum status conduct_open_answer(struct services *s, struct id session, int position, int64_t ago_ms, struct id *answer,
                                int64_t *started_at, struct error *err) must_check;
/* Takes the end of the session's last answer back: it is open again, with what was said. Harmless when it is open.
 * STATUS_CONFLICT "answer_followed" when another one was opened after it. */
enum status conduct_reopen_answer(struct services *s, struct id answer, struct error *err) must_check;
/* Stores a final piece of transcript; times in ms from the answer's start (an end before the start is the start).
 * Negative ones are before it, as the question is that the interviewer asked; a candidate's are 0. STATUS_CONFLICT
 * "answer_ended". */
enum status conduct_add_utterance(struct services *s, struct id answer, enum speaker who, int64_t start_ms,
                                  int64_t end_ms, const char *text, struct id *ret, struct error *err) must_check;
/* A piece of transcript with what is known of it. */
struct conduct_piece {
    int64_t start_ms, end_ms;
    const char *text;
    const char
        *words; /* JSON [["word", start_ms, end_ms, probability], ...], from the answer's start; NULL: not known */
    double confidence;          /* 0..1; NAN: not known */
    const char *other_language; /* ISO 639-1 it sounds like, when that is not the interview's; NULL or "" */
    const char *follow_up;      /* the interviewer's: the point it asks about; NULL: no follow-up */
    bool typed;                 /* the candidate's */
};
/* The same under an id of the caller's: harmless when it is stored already, so that a call whose outcome is not known
 * (STATUS_UNAVAILABLE: db.h) can be made again without saying it twice. */
enum status conduct_put_utterance(struct services *s, struct id answer, struct id id, enum speaker who,
                                  const struct conduct_piece *p, struct error *err) must_check;
/* Other words for a piece that was put. */
struct conduct_revision {
    struct id utterance;
    const char *text, *words; /* as in conduct_piece */
    double confidence;
};
/* All or none, whether the answer is open or has ended: then its text follows. STATUS_GONE once the session is over: a
 * report may have been made of what there was. */
enum status conduct_revise(struct services *s, struct id answer, const struct conduct_revision *r, size_t n,
                           struct error *err) must_check; /* conduct_revise.c */
/* What was said in an answer so far, in order, "" when nothing was: for a candidate who comes back into it. */
enum status conduct_answer_text(struct services *s, struct id answer, struct arena *a, const char **ret,
                                struct error *err) must_check;
/* How much of the question's rubric those words cover, 0..1: by the words alone, in no time, a point that is only
 * touched counting half. NAN: it has no points, or none that says more than the question. */
double conduct_covered(const struct conduct_question *q, const char *text);

/* ---- conduct_follow_up.c: a follow-up is a piece of the answer that it belongs to, which goes on ---- */
/* Which point, if any, the interviewer asks about next, when the answer so far is `said`: the first that the report
 * would call missed, and that was not asked about before. The same words give the same question, whoever said them.
 * e: as scorer_points() has it. Thread-safe. */
enum status conduct_choose(const struct conduct_question *q, const struct conduct_follow_up *asked, int n_asked,
                           const char *said, struct embed *e, struct arena *a, struct conduct_follow_up *ret,
                           struct error *err) must_check;
/* There is time for one more: *left_ms of the answer (-1: no limit), and enough until the interview is closed. */
bool conduct_time_for_more(const struct conduct_plan *p, int64_t left_ms, int64_t now);
/* The follow-ups that were asked in an answer, at most CONDUCT_FOLLOW_UPS_MAX. */
enum status conduct_asked(struct services *s, struct id answer, struct arena *a, struct conduct_follow_up *ret,
                          int *ret_n, struct error *err) must_check;
/* An answer over REST: it ends, unless there is something to follow up; then the follow-up is asked, and the answer
 * goes on. follow_up: which one was answered (0: the question itself, -1: whichever it is). STATUS_CONFLICT
 * "follow_up_answered" when another one is asked by now: the same text sent again is not taken twice. */
enum status conduct_write_answer(struct services *s, struct id answer, int follow_up, const char *text, struct arena *a,
                                 struct error *err) must_check;

/* Ends the answer: its text is what was spoken, in order, then what was typed (typed may be NULL). *text gets the
 * whole, in a. */
enum status conduct_end_answer(struct services *s, struct id answer, enum answer_mode mode, const char *typed,
                               struct arena *a, const char **text, struct error *err) must_check;
/* The same for a question that the candidate passes over: what was said to it stays, and it counts as not answered. */
enum status conduct_skip_answer(struct services *s, struct id answer, enum answer_mode mode, struct arena *a,
                                const char **text, struct error *err) must_check;
/* in_progress -> completed, and the report job in the same transaction. Harmless when already completed. */
enum status conduct_complete(struct services *s, struct id session, struct error *err) must_check;

/* ---- conduct_note.c ---- */
/* A note of the connection, for the session's timeline: why it was lost (NULL: it is back). Beyond CONDUCT_NOTES_MAX of
 * a kind nothing is noted: a network that comes and goes must not fill the database. */
#define CONDUCT_NOTES_MAX 100
enum status conduct_note_connection(struct services *s, struct id session, const char *lost,
                                    struct error *err) must_check;
/* The candidate came in from a browser that could not show the session's own token. Inside the caller's transaction. */
enum status conduct_note_other_device(struct services *s, struct id session, struct error *err) must_check;

/* ---- conduct_close.c ---- */
/* The interview's time is over: an open answer ends with what was said, the session is completed (partial unless every
 * question was answered), its report job is there, all in one transaction with the system's entry in the audit log.
 * Harmless when it is over already, and when its time is not over after all. Whoever holds the conversation is told. */
enum status conduct_close_overdue(struct services *s, struct id session, struct error *err) must_check;
/* The same for every session whose time is over. Recurring. After the clock was set it waits for ten minutes: a clock
 * that comes right again must not have ended anybody's interview. */
enum status conduct_close_all_overdue(struct services *s, struct error *err) must_check;

/* Word to whoever holds a session's conversation, through the cache: "changed <session> <replica> 0". */
#define CONDUCT_CHANNEL "live"

/* ---- conduct_wish.c ---- */
enum status conduct_set_slower(struct services *s, struct id session, bool slower, struct error *err) must_check;
/* seconds more for the open answer, most altogether. STATUS_CONFLICT "no_more_time", "answer_ended". */
enum status conduct_extend(struct services *s, struct id answer, int64_t seconds, int64_t most,
                           struct error *err) must_check;
/* The interview is paused from now on. STATUS_CONFLICT "no_pause" when it is already, or was for most_ms altogether. */
enum status conduct_pause(struct services *s, struct id session, int64_t most_ms, struct error *err) must_check;
/* It goes on; harmless when it does. *paused_ms: how long it was paused altogether. */
enum status conduct_go_on(struct services *s, struct id session, int64_t *paused_ms, struct error *err) must_check;

#endif
