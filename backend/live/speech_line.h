#ifndef VIVA_LIVE_SPEECH_LINE_H
#define VIVA_LIVE_SPEECH_LINE_H
/* Recognition and synthesis wait here by urgency, not by arrival, for a few speech threads. Thread-safe. */

#include "base/status.h"
#include "live/load.h"

enum speech_urgency {
    SPEECH_FINAL,   /* a piece of an answer is over: its words decide the turn */
    SPEECH_NOW,     /* to be said now */
    SPEECH_GUESS,   /* what was said up to a pause that may be the end */
    SPEECH_AHEAD,   /* to be said soon, or said already by somebody who goes on */
    SPEECH_PARTIAL, /* live captions, when there is nothing better to do */
    SPEECH_LATER,   /* nobody waits for it: one at a time, and it gives way */
    SPEECH_URGENCIES
};

/* Embedded in the job; owned by the line until run (at SPEECH_LATER: over) or discard is called, exactly one of them,
 * exactly once. */
struct speech_job {
    struct speech_job *next;
    enum speech_urgency urgency;
    int64_t asked_us; /* the line's own */
    void (*run)(struct speech_job *j);
    void (*discard)(struct speech_job *j); /* the line stops, or is full */
    /* Of one at SPEECH_LATER only. give_way: it runs, and something more urgent has no thread; it is to end soon. Any
     * thread, at most once and not after `over`; must not call the line. over: after run, which left it alone. */
    void (*give_way)(struct speech_job *j);
    void (*over)(struct speech_job *j);
};

struct speech_line;

enum status speech_line_new(unsigned threads, struct speech_line **ret, struct error *err) must_check;
/* Finishes what runs, discards what waits. Takes NULL, returns NULL. */
struct speech_line *speech_line_free(struct speech_line *l);
void speech_line_submit(struct speech_line *l, struct speech_job *j);
/* Makes a waiting job more urgent; one that runs or is gone already is left alone (j is only compared). */
void speech_line_raise(struct speech_line *l, const struct speech_job *j, enum speech_urgency u);
/* Discards a waiting job, likewise. */
void speech_line_drop(struct speech_line *l, const struct speech_job *j);
bool speech_line_idle(struct speech_line *l); /* nothing waits, nothing runs */
/* Waits until it is idle, so many ms at the most (of the system's clock). False: it is not. */
bool speech_line_wait_idle(struct speech_line *l, unsigned ms);
struct load_report speech_line_load(struct speech_line *l); /* of the last LOAD_SECONDS */

#endif
