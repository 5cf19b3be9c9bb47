#ifndef VIVA_LIVE_LISTENER_H
#define VIVA_LIVE_LISTENER_H
/* Hears the candidate: the microphone's packets in, the engine's events out, and in between what is to be recognised
 * and when. While somebody speaks, captions; at each pause of LISTENER_GUESS_MS a guess: the words so far, and whether
 * they sound finished, so that both are known when the silence has lasted; for each piece of speech its final words,
 * for which the guess serves that heard all of it. No threads and no clock of its own: `now` is given (monotonic ms),
 * recognition is the owner's to carry out and bring back. Used alike by the live session and by `viva listen`. One
 * owner at a time. */

#include "live/engine.h"
#include "live/hearing.h"
#include "providers/engines.h"

/* The sooner a guess is made, the more of them are at pauses within speech and for nothing. */
#define LISTENER_GUESS_SOON_MS 128 /* 4 frames of silence */
#define LISTENER_GUESS_MS      224
#define LISTENER_GUESS_BUSY_MS 416

enum listening_kind { LISTENING_CAPTION, LISTENING_GUESS, LISTENING_FINAL };

/* What is known of a text beside its words. */
struct heard {
    char *words;       /* JSON [["word", start_ms, end_ms, probability], ...] in ms of the answer; NULL: not known */
    double confidence; /* providers/provider.h; NAN: not known */
    char language[8];  /* that it sounds like, when that is sure and another than it should be; else "" */
};

/* Sound to be recognised. The owner's from `recognise` until listener_result; one whose listener is gone is freed. */
struct listening_job {
    struct listening_job *next; /* the owner's, to keep several */
    enum listening_kind kind;
    int16_t *pcm; /* 16 kHz mono */
    size_t n;
    int64_t start_ms, end_ms;       /* of the speech in it, on the listener's clock */
    int64_t from_ms;                /* of the first sample */
    int64_t own_from_ms, own_to_ms; /* segmenter.h */
    bool thorough;                  /* there is time to look for better words where they are doubtful */
    char *likely;                   /* what was made out of its beginning before; or NULL */
    struct stopper *stop;           /* the owner's, by which it may be ended early; freed with the job; or NULL */
    /* what came of it */
    bool ok;
    char *text;
    struct endpoint_signs
        signs;          /* of a guess, and of a piece that no guess heard whole: a busy server must not wait longer */
    struct heard heard; /* of captions the confidence alone */
    int64_t took_ms;
};
/* Takes pcm, also when it is NULL or there is no memory (NULL). Nothing of it is a neighbour's. */
struct listening_job *listening_job_new(enum listening_kind kind, int16_t *pcm, size_t n, int64_t start_ms,
                                        int64_t end_ms);
void listening_job_free(struct listening_job *j); /* takes NULL */
/* Fills in the result; blocks for the length of the inference; any thread. language: ISO 639-1 or "" to detect. */
enum status listening_job_run(struct listening_job *j, const struct engines *engines, const char *language,
                              struct error *err) must_check;

/* A piece of the answer that waits to be transcribed and stored. */
struct piece {
    struct piece *next;
    int16_t *pcm; /* NULL while a job has it */
    size_t n;
    int64_t start_ms, end_ms, from_ms, own_from_ms, own_to_ms; /* as in listening_job */
    char *text;                                                /* NULL: not known yet */
    struct endpoint_signs signs;
    struct heard heard;
};
struct piece *piece_free(struct piece *p); /* takes NULL, returns NULL */

struct listener_owner {
    void (*event)(void *u, struct engine_event ev);
    void (*speech)(void *u, bool started, int64_t at_ms); /* beside the event, for the client */
    void (*caption)(void *u, int64_t start_ms, const char *text);
    void (*lost)(void *u, const char *code, const char *message); /* a packet or a piece that cannot be taken */
    /* Takes the job; it comes back through listener_result, not before this call returns. */
    void (*recognise)(void *u, struct listening_job *j);
    void (*hurry)(void *u, const struct listening_job *j); /* a guess that is now waited for, if it still waits */
    void (*drop)(void *u, const struct listening_job *j);  /* a guess that nobody needs any more, if it still waits */
    /* Likewise, or a caption, and it is to be ended also when it runs: something better wants the processor. It comes
     * back all the same, not ok. */
    void (*stop)(void *u, const struct listening_job *j);
    bool (*busy)(void *u);  /* there is so much to do that a guess is better made later */
    bool (*roomy)(void *u); /* so little that it may be made sooner than it has to be */
    bool (*idle)(void *u);  /* recognition has nothing better to do */
    void *u;
};

struct listener;

/* vad may be NULL: then nothing is ever taken for speech. */
enum status listener_new(struct vad *vad, const struct listener_owner *owner, struct listener **ret,
                         struct error *err) must_check;
struct listener *listener_free(struct listener *l); /* takes NULL, returns NULL */

/* Listening begins or goes on. Harmless while it does. All times are on one clock, the owner's. */
void listener_open(struct listener *l);
/* The client says where its next packet begins: what it kept while nobody could be reached comes
 * late. What lies before listener_heard_ms is there already. */
void listener_position(struct listener *l, int64_t at_ms);
/* How far sound was taken in; -1: there was none. */
int64_t listener_heard_ms(const struct listener *l);
bool listener_hears(const struct listener *l); /* sound has come since it was opened */
/* A message of the microphone. base_ms: where it begins, for the first after listener_open or a lost microphone when no
 * listener_position told it. */
void listener_packet(struct listener *l, const uint8_t *data, size_t n, int64_t base_ms, int64_t now);
/* From a microphone that is gone nothing comes: what was said is complete. */
void listener_microphone_lost(struct listener *l);
/* ACTION_STOP_LISTENING: ends the open piece, then EV_FLUSHED. */
void listener_close(struct listener *l);
/* The same when the connection broke: an open piece is held, so that it goes on within a word when the sound does.
 * Whoever holds one ends it by listener_release when nobody comes back, and before the listener goes. */
void listener_hold(struct listener *l);
bool listener_held(const struct listener *l);
void listener_release(struct listener *l);

/* Of the interviewer's voice, on the listener's clock. */
struct echo *listener_echo(struct listener *l);

/* A caption, when it is time for one; and when the next is due (INT64_MAX: none). */
void listener_tick(struct listener *l, int64_t now);
int64_t listener_deadline(const struct listener *l);

/* ACTION_TRANSCRIBE: the words of the oldest piece; EV_TRANSCRIPT follows, now or later. */
void listener_transcribe(struct listener *l);
const struct piece *listener_oldest(const struct listener *l); /* NULL: none */
/* The oldest piece was stored or dropped. */
void listener_pop(struct listener *l);

/* Takes the job back. */
void listener_result(struct listener *l, struct listening_job *j, int64_t now);

#endif
