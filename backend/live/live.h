#ifndef VIVA_LIVE_LIVE_H
#define VIVA_LIVE_LIVE_H
/* Live interviews of this process: one conversation per session over its WebSocket (protocol viva.v1), the engine a
 * pure state machine (live/engine.h), speech work on a pool of its own, storing through services/conduct.h. */

#include "http/ws.h"
#include "live/patience.h"
#include "services/services.h"

struct live;

struct live_options {
    /* makes a struct services with its own database connection for a live worker thread; freed by services_free */
    void *(*services_new)(void *u);
    void (*services_free)(void *services);
    void *u;
    struct engines *engines;
    struct cache *cache; /* tells other replicas what happens to a session here; may be NULL */
    const struct clock *clock;
    unsigned workers;         /* threads for storing and turn logic */
    unsigned speech_workers;  /* threads for recognition and synthesis */
    unsigned sessions_max;    /* in memory, with those that wait; more are refused with 1013 and a plain message */
    unsigned at_once_max;     /* under way; others wait in a queue. 0: as many as the engines keep up with */
    struct patience patience; /* the usual; an interview may have another */
    int64_t pause_max_ms;     /* of all pauses of an interview together */
};

enum status live_new(const struct live_options *o, struct live **ret, struct error *err) must_check;
/* Ends every connection with 1012 (reconnect), waits for what is being stored, frees. Takes NULL. */
struct live *live_free(struct live *l);
/* For the route's ws_accept: binds a fresh WebSocket to a session; an older connection of it is closed with 4409, be it
 * here or at another replica. */
enum status live_attach(struct live *l, struct id session, struct ws *ws, const struct ws_events **events, void **u,
                        struct error *err) must_check;
/* Whether a session that has not begun may begin here over REST. STATUS_UNAVAILABLE "server_busy": it has a place in
 * the queue, which it keeps by asking again. Any thread. */
#define LIVE_RETRY_AFTER "10" /* seconds, then it may ask again */
enum status live_may_begin(struct live *l, struct id session, struct error *err) must_check;

struct live_figures {
    unsigned under_way, waiting;
    unsigned held;      /* in memory: these, those who have not asked to begin, and those who may come back */
    double utilisation; /* of the speech workers lately, 0 to 1, without live captions */
    bool captions_delayed;
};
void live_figures(struct live *l, struct live_figures *ret);
/* The session was changed outside its conversation (answered, completed or withdrawn over REST): it looks at the
 * database again. Any thread; nothing happens when it is live nowhere. */
void live_session_changed(struct live *l, struct id session);

#endif
