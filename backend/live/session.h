#ifndef VIVA_LIVE_SESSION_H
#define VIVA_LIVE_SESSION_H
/* One live interview: the engine's hands and ears. Internal to live/. Everything but what is marked otherwise belongs
 * to the session's strand. Reference-counted: the hub's table, its connections, its speech jobs and its task in the
 * pool hold one each. */

#include "live/crowd.h"
#include "live/engine.h"
#include "live/listener.h"
#include "live/live.h"
#include "live/protocol.h"
#include "live/second_pass.h"
#include "live/speech_cache.h"
#include "live/strand.h"
#include "live/wire.h"

#include <stdatomic.h>

#define CLOSE_DONE     1000
#define CLOSE_RESTART  1012
#define CLOSE_BUSY     1013
#define CLOSE_POLICY   1008
#define CLOSE_REPLACED 4409
#define CLOSE_OVER     4410

/* A WebSocket of a session. Its u: held by the WebSocket thread until closed, and by each mail. */
struct conn {
    atomic_int refs;
    struct live *live;       /* referenced */
    struct session *session; /* referenced; NULL: refused */
    const struct wire *wire;
    void *ws;         /* referenced */
    atomic_bool deaf; /* flooded, or being closed: nothing more is taken in */
    int code;         /* of its end; set before MAIL_CLOSED */
};

struct conn *conn_ref(struct conn *c);
struct conn *conn_unref(struct conn *c);
void conn_close(struct conn *c, int code, const char *reason);

enum session_mail_type {
    MAIL_OPEN,
    MAIL_TEXT,
    MAIL_BINARY,
    MAIL_CLOSED,
    MAIL_TICK,
    MAIL_SPOKEN,      /* tag: utterance, sound or NULL */
    MAIL_HEARD,       /* job */
    MAIL_CHOSEN,      /* choice */
    MAIL_HEARD_AGAIN, /* again */
    MAIL_CHANGED,     /* the database was changed by others */
    MAIL_MOVED,       /* another replica has the client now */
    MAIL_STOP         /* the server stops */
};

struct session_mail {
    struct mail mail; /* first */
    enum session_mail_type type;
    struct conn *conn;             /* referenced, or NULL */
    struct spoken *sound;          /* referenced, or NULL */
    struct hearing_job *job;       /* owned, or NULL */
    struct choosing_job *choice;   /* owned, or NULL */
    struct second_pass_job *again; /* owned, or NULL */
    int tag;
    size_t n;
    char data[]; /* n bytes and a NUL */
};

/* A recognition on its way through the speech line. */
struct hearing_job {
    struct speech_job job;           /* first */
    struct session *session;         /* referenced */
    struct session_mail *back;       /* owned: made with the job, so that it comes back whatever happens */
    struct listening_job *listening; /* owned */
    unsigned epoch;
    char language[16];
};

/* Which follow-up comes after what was said. */
struct follow_choice {
    unsigned number;          /* of the newest job; older ones are void */
    char *said;               /* owned; NULL: nothing was asked for */
    struct choosing_job *job; /* on its way, NULL: not any more; only compared and raised */
    bool ready, wanted;       /* wanted: the engine waits for it */
    struct arena *arena;      /* owned: of chosen */
    struct conduct_follow_up chosen;
};

/* What is being said. */
struct saying {
    int utterance; /* 0: nothing */
    enum engine_line line;
    int position;
    bool created, noted;            /* the client knows of it; the transcript does */
    int64_t at, duration_ms;        /* once created: mono ms; of the parts so far */
    bool held, text_only;           /* paused before it was sent; when it may be, its text alone is to be sent */
    struct spoken *sound;           /* referenced, until all of it was sent */
    const struct spoken_part *part; /* that is being sent, and how much of it was */
    size_t sent, samples;           /* samples: of the parts so far */
};

/* What was said while no answer was open: it belongs to the next one's transcript. */
struct said {
    enum engine_line line;
    int position;
    int64_t at, duration_ms; /* at: mono ms */
};

#define SESSION_EVENTS 64
#define SESSION_SAID   8

struct session {
    atomic_int refs;
    struct live *live;
    struct id id;
    char id_text[ID_TEXT_SIZE];
    struct strand strand;

    struct session *next; /* the hub's table, and attached: under its lock */
    unsigned attached;
    int64_t number;           /* of its newest connection, among all replicas; 0: not known */
    atomic_llong wake_at;     /* mono ms of the next tick */
    atomic_bool ticking;      /* a MAIL_TICK is under way */
    atomic_bool quiet;        /* nothing waits to be transcribed or stored */
    atomic_bool moved;        /* another replica has it: of no more use once everything is stored */
    atomic_bool over;         /* done: of no more use without a connection */
    atomic_llong left_at;     /* mono ms, when the last connection went */
    atomic_llong admitted_at; /* mono ms, when it began here; 0: it waits for its turn to begin */

    struct services *services; /* of the worker that runs the strand just now */
    struct conn *conn;
    bool started, pinged;
    unsigned waiting;       /* its place in the queue of those who want to begin; 0: none */
    bool microphone, muted; /* while it waits: what the engine is told when it begins */
    int64_t ask_at;         /* mono ms, when it asks again */
    enum captions captions; /* what its client knows of them */
    int64_t caption_at;     /* mono ms of its last one */
    int malformed, reloads;
    int64_t heard_of_at;
    struct arena *arena;
    struct conduct_plan *plan; /* NULL until loaded */
    struct engine engine;
    unsigned epoch; /* counts listeners: jobs of an older one are void */
    struct engine_event events[SESSION_EVENTS];
    unsigned events_in, events_out;

    struct id answer;
    struct id piece;     /* of the oldest, once it was tried to store it: again under the same id when that failed */
    int64_t answer_base; /* mono ms of its start */
    int64_t ears_base;   /* mono ms of zero on the listener's clock, which goes on from answer to answer */
    int64_t zero_ms;     /* of the answer, on the listener's clock */
    bool aligned;        /* zero_ms agrees with what the client says of its sound */
    int64_t time_limit_s;
    int64_t extended_s; /* beside it */
    char *typed;
    int64_t heard_ms;  /* of it, by the database when it was loaded */
    bool spoke;        /* a piece of it was stored */
    bool wrote;        /* or a typed one, before a follow-up */
    struct id written; /* of the typed one, once it was tried to store it */
    struct follow_choice choice;
    struct conduct_follow_up follow_up; /* being asked */
    struct id asked;                    /* its utterance */
    int64_t follow_up_at, follow_up_ms; /* mono ms when it was said last, and how long that takes */
    char *practised;                    /* what was said in practice, and nowhere else */
    size_t practised_len;
    int foreign; /* pieces in a row that sounded like another language, up to those that made us say so */
    const char *ended_text;
    struct arena *ended_arena;

    struct listener *listener; /* NULL: none yet, or nothing can be heard */
    int64_t held_until;        /* mono ms: a piece that is held ends then */
    int64_t catching_up_until; /* mono ms at the latest; 0: what is heard is said now */
    bool lost;                 /* noted, and nobody came back yet */
    bool leaving;              /* the server stops, or another has the client: nothing is held */
    bool can_hear;
    const struct hearing_job *guess, *caption; /* under way; for hurrying and ending them */
    const struct hearing_job *cut;             /* likewise: a piece of speech that went on */
    struct listening_job *failed;              /* could not be submitted, the newest first; owned */

    struct second_pass_stretch *stretch; /* of the open answer; owned, or NULL */
    struct second_pass_job *again;       /* what is to be heard again, in order; owned */
    bool again_runs;                     /* one of them is on its way */

    struct saying saying;
    struct said said[SESSION_SAID];
    int n_said;
    struct buf out, line, last; /* last: what was said last */
};

/* ---- session.c ---- */
struct session *session_new(struct live *l, struct id id, struct pool *pool);
struct session *session_ref(struct session *s);
struct session *session_unref(struct session *s);
/* Any thread. Copies data; takes over conn's and sound's references. */
void session_post(struct session *s, enum session_mail_type type, struct conn *conn, const void *data, size_t n);
void session_post_spoken(struct session *s, int utterance, struct spoken *sound);
/* In two steps, of which the second cannot fail. n: room for data. NULL: no memory. free() what was not posted. */
struct session_mail *session_mail_new(enum session_mail_type type, size_t n);
void session_mail_post(struct session *s, struct session_mail *m); /* takes m and what it holds over */
/* For the strand's owner functions. */
extern void session_run(void *u, struct mail *m, void *worker_state);
extern void session_pause(void *u, void *worker_state);
void session_event(struct session *s, struct engine_event ev); /* queued; carried out before the next mail */
void session_send(struct session *s); /* what is in s->out, to the connection if there is one */
void session_error(struct session *s, const char *code, const char *message, bool fatal);
void session_note_connection(struct session *s, const char *lost); /* why; NULL: it is back */
int64_t session_now(const struct session *s);
int64_t session_elapsed(const struct session *s);                     /* ms since the answer began */
int64_t session_in_answer(const struct session *s, int64_t heard_ms); /* from the listener's clock to the answer's */

/* ---- session_load.c: beginning, resuming, agreeing with the database ---- */
void session_opened(struct session *s, struct conn *c);
void session_started(struct session *s, bool microphone, bool practice);
void session_reload(struct session *s);
void session_changed(struct session *s);
void session_ask_to_begin(struct session *s); /* one who waits */

/* ---- session_practice.c ---- */
/* Makes p, fresh from the database, a plan of one question that is not kept. */
enum status session_rehearse(struct conduct_plan *p, struct arena *a, struct error *err) must_check;
bool session_may_practise(const struct session *s); /* only before the interview has begun */
void session_practice_store(struct session *s, const struct engine_action *a);
const char *session_practised(const struct session *s);
void session_forget_practice(struct session *s);

/* ---- session_act.c: carrying out what the engine wants ---- */
enum engine_result session_result_of(enum status st);
void session_act(struct session *s, const struct engine_action *a);

/* ---- session_wish.c: what the candidate may want beside answering ---- */
void session_wish(struct session *s, const struct client_message *m);
void session_tell_time(struct session *s, int64_t left_ms);
void session_act_wish(struct session *s, const struct engine_action *a);
int64_t session_pause_left(const struct session *s); /* ms that pauses may last still */

/* ---- session_say.c ---- */
void session_say(struct session *s, const struct engine_action *a);
void session_say_text(struct session *s); /* without sound */
void session_spoken(struct session *s, int utterance, struct spoken *sound);
void session_pump(struct session *s);          /* sends sound as far as the connection takes it */
bool session_pumping(const struct session *s); /* it did not take all that there is */
/* Of what is being said; more than is known of it while the rest is being made. */
int64_t session_saying_ms(const struct session *s);
void session_hush(struct session *s);
void session_store_said(struct session *s); /* what was said before the answer that is open now */
void session_hold(struct session *s, bool hold);
/* The client hears the utterance, from so many ms into it; or does not any more. */
void session_plays(struct session *s, int utterance, bool plays, int64_t from_ms);
void session_render_ahead(struct session *s, enum engine_line line, int position);

void session_render_follow_up(struct session *s, const char *text); /* ahead */

/* ---- session_follow.c ---- */
void session_choose_ahead(struct session *s, const char *said); /* should the answer end with that */
void session_choose(struct session *s);                         /* OP_CHOOSE: its result comes as an event */
void session_choose_none(struct session *s);                    /* its result is not wanted any more */
void session_chosen(struct session *s, struct choosing_job *j);
void session_forget_choice(struct session *s);
enum status session_asked(struct session *s, struct error *err) must_check; /* OP_ASKED */
void session_follow_up_now(struct session *s);                              /* somebody is listened to */
void choosing_job_free(struct choosing_job *j);

/* ---- session_hear.c ---- */
void session_overhear(struct session *s);
void session_listen(struct session *s, bool resumed);
void session_stop_listening(struct session *s, bool hold);
void session_release(struct session *s); /* of a piece that is held */
void session_sound_at(struct session *s, int64_t at_ms);
void session_microphone(struct session *s, bool microphone, bool muted);
void session_sound(struct session *s, const uint8_t *data, size_t n);
void session_heard(struct session *s, struct hearing_job *j);
void session_listener_tick(struct session *s);
void session_forget_hearing(struct session *s);
void hearing_job_free(struct hearing_job *j);
void session_language(const struct session *s, char *ret, size_t room); /* ISO 639-1 of the interview, or "" */

/* ---- session_second_pass.c ---- */
void session_second_pass_add(struct session *s, const struct piece *p, struct id utterance); /* as it was stored */
void session_second_pass_begin(struct session *s);                                           /* the answer has ended */
void session_heard_again(struct session *s, struct second_pass_job *j);                      /* takes j */
void session_forget_second_pass(struct session *s);
struct second_pass_job *second_pass_job_free(struct second_pass_job *j); /* takes NULL, returns NULL */

/* ---- live.c: the hub ---- */
struct live *live_unref(struct live *l);
const struct live_options *live_options_of(const struct live *l);
struct speech_line *live_speech(struct live *l);
struct speech_cache *live_cache(struct live *l);
void live_detached(struct live *l, struct session *s); /* a connection of s has closed */
/* Whether the session may begin now; one that may is under way from then on. Else *position is its place. */
bool live_admit(struct live *l, struct id session, unsigned *position);
enum captions live_captions(struct live *l);
bool live_roomy(struct live *l); /* the speech workers have little to do */
void live_wake(struct live *l);  /* the sessions that are due, for whoever owns the clock (live/simulate.c) */

#endif
