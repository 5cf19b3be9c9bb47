#ifndef VIVA_LIVE_ENGINE_H
#define VIVA_LIVE_ENGINE_H
/* The conversation as a pure state machine: one event in, a short list of actions out. No threads, no I/O, no memory of
 * its own beyond this struct, no clock but the events' times (`now`: monotonic ms). Whoever owns it (live/session.c, or
 * a test) carries the actions out in order and feeds what comes of them back as events, one at a time.
 *
 *   idle -> greeting -> asking -> listening -> closing -> asking ... -> farewell -> done
 *
 * While the interviewer speaks, the client is overheard: a voice stops the speech at once; words that mean something
 * take the turn (they begin the answer, or go on with the one that was taken to be over: engine_barge.c), anything else
 * lets the speech go on.
 *
 * After an answer that leaves something out the interviewer may follow up (engine_follow.c): one more question about
 * it, to which the same answer goes on. Whoever has said enough, or goes on as it begins, is not asked.
 *
 * The candidate may want a question again, in other words or more slowly, time to think before the answer, more time
 * for it, to go on without answering, or a pause: while it lasts nobody is heard and no time runs (engine_wish.c).
 *
 * Promises, checked by tests/unit/live/test_engine_random.c: every question is asked (again only when it was broken off
 * or taken back, or the candidate wants it repeated) and none twice; every piece that takes a turn is stored in exactly
 * one answer; an answer ends, after every piece of it was transcribed and stored, once each time it is opened; no
 * answer ends without words unless the candidate or the time limit says so; whoever is muted is neither prompted nor
 * cut short; nothing is said or heard in a pause. */

#include "live/patience.h"

#include <stdbool.h>
#include <stdint.h>

enum engine_state {
    ENGINE_IDLE, /* nobody there yet */
    ENGINE_GREETING,
    ENGINE_ASKING,    /* a question is being spoken */
    ENGINE_LISTENING, /* an answer is open */
    ENGINE_CLOSING,   /* the answer is over; its last pieces are transcribed and stored */
    ENGINE_FAREWELL,  /* everything is stored already */
    ENGINE_DONE
};

/* What the interviewer says; live/script.h has the words. */
enum engine_line {
    LINE_GREETING,
    LINE_QUESTION,       /* for the first time */
    LINE_QUESTION_AGAIN, /* wanted again, or interrupted */
    LINE_QUESTION_OTHER_WORDS,
    LINE_FOLLOW_UP,      /* for the first time; repeated as a question is */
    LINE_TAKE_YOUR_TIME, /* nothing said yet */
    LINE_GO_ON,          /* still nothing */
    LINE_TIME_UP,        /* between the time limit and the next question */
    LINE_PAUSE_OVER,     /* a pause that has lasted as long as it may; the question follows */
    LINE_FAREWELL
};

enum engine_end { END_NONE, END_DONE_BUTTON, END_ENDPOINT, END_TEXT, END_TIME_LIMIT, END_SKIPPED };

/* Storing, through services/conduct.h: at most one at a time, retried until it succeeds. */
enum engine_op {
    OP_NONE,
    OP_BEGIN,
    OP_OPEN,
    OP_STORE,
    OP_CHOOSE, /* whether the answer, as it is stored, is followed up: nothing is stored */
    OP_ASKED,  /* the follow-up, which was asked */
    OP_END,
    OP_REOPEN,
    OP_COMPLETE
};
enum engine_result {
    RESULT_OK,
    RESULT_FAILED, /* try again */
    RESULT_STALE,  /* the database is elsewhere (answered over REST): load again */
    RESULT_OVER    /* completed or withdrawn elsewhere */
};

enum engine_event_type {
    EV_CLIENT_STARTED, /* microphone, muted: a client said session.start, the first time or again */
    EV_CLIENT_GONE,
    EV_SHOWN,        /* utterance, duration_ms: sent to the client, or its text alone */
    EV_PLAY_STARTED, /* utterance, duration_ms */
    EV_PLAYED,       /* utterance */
    EV_AUDIO,      /* at_ms: sound has been heard up to here, in ms from the answer's start; in_word, quiet_at, late */
    EV_VOICE,      /* at_ms: what may become speech began there: soon after, long before it is sure */
    EV_VOICE_GONE, /* it was none */
    EV_SPEECH_STARTED, /* at_ms */
    EV_SPEECH_STOPPED, /* at_ms: where the speech ended */
    EV_PIECE,          /* a piece of the answer is complete and waits to be transcribed (in order) */
    EV_FLUSHED,        /* ACTION_STOP_LISTENING has been carried out; its pieces came before */
    EV_CAPTION,        /* text, confidence: of the open piece, which goes on */
    EV_GUESS,          /* text, confidence, signs: of the open piece, should it end at at_ms */
    EV_TRANSCRIPT,     /* result, text, confidence, signs: of the oldest piece, which ended at at_ms */
    EV_OP_RESULT,      /* op, result; for OP_OPEN elapsed_ms and time_limit_ms; for OP_CHOOSE follow_up */
    EV_ANSWER_DONE,    /* the button */
    EV_ANSWER_TEXT,    /* typed; the owner keeps the text for OP_END */
    EV_REPEAT,
    EV_REPHRASE, /* in other words */
    EV_SLOWER,   /* the voice has become another: a question that is being asked, or just was, is said with it */
    EV_SKIP,
    EV_READY,      /* enough thought */
    EV_EXTEND,     /* duration_ms more for the answer; stored already */
    EV_HALT,       /* duration_ms: a pause begins, and may last so long; stored already */
    EV_GO_ON,      /* by_itself: the pause is over; stored already */
    EV_MICROPHONE, /* microphone, muted */
    EV_TICK
};

struct engine_event {
    enum engine_event_type type;
    int64_t now;
    int utterance;
    int64_t duration_ms, at_ms;
    bool microphone, muted, by_itself;
    bool follow_up;   /* there is one to be asked */
    bool in_word;     /* no gap between words just now: ending the answer here would cut one */
    bool ours;        /* text is what the interviewer says just now */
    bool late;        /* sound from before the connection came back, with more of it to come */
    int64_t quiet_at; /* where the pause within an open piece began; -1: none */
    struct endpoint_signs signs;
    double confidence; /* of text, 0..1; 0 or NAN: not known */
    enum engine_op op;
    enum engine_result result;
    const char *text;
    int64_t elapsed_ms, time_limit_ms;
};

enum engine_action_type {
    ACTION_STATE,       /* state: tell the client */
    ACTION_SPEAK,       /* utterance, line, position: then EV_SHOWN */
    ACTION_SHOW,        /* utterance: its sound takes too long; send the text alone, then EV_SHOWN */
    ACTION_PAUSE,       /* utterance: stop it, it may go on */
    ACTION_RESUME,      /* utterance: it goes on where it was */
    ACTION_CANCEL,      /* utterance: stop it */
    ACTION_STORE,       /* op (position; mode of OP_END is the owner's to know): then EV_OP_RESULT. since_ms of OP_OPEN:
                           the answer began there, on the clock of EV_AUDIO; -1: now */
    ACTION_CHOOSE_NONE, /* the answer of OP_CHOOSE, under way, goes on: its result is not wanted any more */
    ACTION_OVERHEAR,    /* no answer is open, or none is expected: hear the client all the same */
    ACTION_LISTEN, /* resumed, ms as ACTION_TIME_LEFT: the answer is open, hear the client from here, or go on hearing
                      it */
    ACTION_STOP_LISTENING, /* end the open piece: EV_PIECE if there is one, EV_FLUSHED always. hold: the client is gone,
                              the piece may go on with its sound; its EV_PIECE comes when it does not */
    ACTION_TRANSCRIBE,     /* the oldest piece: then EV_TRANSCRIPT */
    ACTION_DROP_PIECE,     /* the oldest piece held no words (or lost: could not be transcribed) */
    ACTION_ANSWER_ENDED,   /* position, end: stored; tell the client */
    ACTION_THINK,          /* ms: there is time to think from here; the answer is heard already */
    ACTION_TIME_LEFT,      /* ms: of the answer, from now on (-1: no limit); thinking is over */
    ACTION_HALTED,         /* ms: paused for so long at most; told again to who comes back */
    ACTION_HALT_OVER,      /* it has lasted so long: store its end, then EV_GO_ON; asked again when that fails */
    ACTION_COMPLETED,      /* tell the client and close with 1000 */
    ACTION_RELOAD,         /* load from the database, engine_init, EV_CLIENT_STARTED if one is there */
    ACTION_OVER,           /* close with 4410 */
    ACTION_TROUBLE         /* storing keeps failing: tell the client, once */
};

struct engine_action {
    enum engine_action_type type;
    enum engine_state state;
    int utterance, position;
    enum engine_line line;
    enum engine_op op;
    enum engine_end end;
    bool resumed, lost, hold;
    int64_t since_ms;
    int64_t ms;
};

#define ENGINE_ACTIONS_MAX 16
struct engine_actions {
    struct engine_action list[ENGINE_ACTIONS_MAX];
    int count;
};

struct engine_config {
    int questions;
    struct patience patience;
    int64_t think_ms; /* before an answer; 0: none */
    int follow_ups;   /* to one question, at most */
};

/* Where the database stands. */
struct engine_resume {
    int position; /* of the next or the open question, 1..questions+1 */
    bool greeted; /* in progress already */
    bool answer_open;
    int64_t elapsed_ms;    /* since the open answer began */
    int64_t time_limit_ms; /* of the open answer; 0: none */
    const char *text;      /* said so far; may be NULL */
    int follow_ups;        /* asked in the open answer */
    bool follow_up_open;   /* nothing was said to the last of them: it is asked again */
    bool halted;
    int64_t halt_ms; /* how long the pause may last still */
};

#define ENGINE_TAIL 256

/* What is heard while the interviewer has the turn. */
enum engine_barge {
    BARGE_NONE,
    BARGE_MAYBE,   /* a voice: the interviewer waits to learn whether it takes the turn */
    BARGE_REFUSED, /* it does not; what follows without a break may still */
    BARGE_IGNORED, /* it does not, whatever it is */
    BARGE_TAKEN    /* it does, as soon as the database has it */
};

/* A follow-up, from its choice until it is stored. */
enum engine_follow {
    FOLLOW_NONE,
    FOLLOW_CHOSEN, /* it is being asked, or will be */
    FOLLOW_ASKED   /* to be stored as soon as the database is free */
};

struct engine {
    struct engine_config cfg;
    enum engine_state state;
    int64_t now;
    bool here, connected; /* a client is there; and it takes part, which it does not in a pause */
    bool microphone, muted, greeted, begun, inert;
    int position;

    int utterance, utterances; /* the one being spoken (0: none); how many there were */
    enum engine_line line;
    int64_t utterance_deadline;
    bool shown, asked_before;   /* asked_before: this position's question was begun */
    bool paused;                /* the utterance waits */
    int64_t paused_at, play_at; /* play_at: when it was first heard; -1 */

    bool overhearing, flush_overheard; /* flush_overheard: what the flush brings belongs to no answer */
    enum engine_barge barge;
    int64_t since_ms;              /* of OP_OPEN */
    int64_t voice_at, voice_since; /* on the clock of EV_AUDIO; when it was noticed */
    unsigned overheard;            /* pieces, the newest of the outstanding ones, that belong to no answer yet */
    bool reopenable;               /* the answer before ended by itself, and its end may be taken back */
    bool cut_short;                /* the open answer began before its question's end, or may not be meant as one */
    bool completed;

    int follow_ups; /* asked in this answer, or in the one before while none is open */
    int words_then; /* of the answer when the last of them was; 0: none was, or something was said to it */
    enum engine_follow follow;
    bool follow_again;    /* the last was asked to somebody who may not have heard it */
    bool followed_enough; /* the answer that is closing is not followed up */

    bool answer_open, listening, flushing, speech, in_word, late, limited;
    int64_t time_left_ms, time_up_at;   /* time_up_at while it runs: when somebody is listened to, and does not think */
    int64_t think_left_ms, think_until; /* think_until while it runs, else 0 */
    bool skip;                          /* the answer that is being opened */
    bool halted;
    int64_t halt_left_ms, halt_until; /* halt_until while somebody is there */
    int64_t audio_at, quiet_since;    /* ms from the answer's start; -1: no sound yet */
    int words;                        /* of the whole answer */
    int prompts;
    struct endpoint_opinion opinion; /* of what was said last, which ended at said_at */
    int64_t said_at;
    int64_t pause_at;                    /* of the pause within an open piece; -1: none */
    struct pauses pauses;                /* of this candidate, over all answers */
    int64_t closed_at, closed_silent_ms; /* when the answer ended, after so much silence */
    struct {
        int64_t at; /* which pause it is of; -1: none */
        struct endpoint_opinion opinion;
    } guess;
    char tail[ENGINE_TAIL]; /* the last words */
    enum engine_end end;

    unsigned pieces_in, pieces_done;
    bool transcribing;
    int transcribe_failures;
    char pending[ENGINE_TAIL]; /* tail of the piece being stored */
    int pending_words;
    int64_t pending_at;
    struct endpoint_signs pending_signs;

    enum engine_op op;
    int64_t op_retry_at; /* -1: under way */
    int op_failures;
};

void engine_init(struct engine *e, const struct engine_config *cfg, const struct engine_resume *r);
/* out is overwritten. */
void engine_step(struct engine *e, const struct engine_event *ev, struct engine_actions *out);
/* When the next EV_TICK is due at the latest; INT64_MAX: not needed. */
int64_t engine_deadline(const struct engine *e);
/* Pieces of the open answer that are not stored yet. */
unsigned engine_outstanding(const struct engine *e);

/* A pause may begin now: the end of an answer or of the interview is not one. */
bool engine_may_halt(const struct engine *e);
/* Of the open answer, in ms; -1: no limit. */
int64_t engine_time_left(const struct engine *e);

const char *engine_state_name(enum engine_state s); /* "greeting" ... as in the protocol */
const char *engine_end_name(enum engine_end end);   /* "done_button" ... */

#endif
