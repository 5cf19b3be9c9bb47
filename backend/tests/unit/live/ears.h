/* An owner of a listener that takes what it is told and does nothing about it: what a test wants to know of, it takes
 * over. Included by one test program at a time. */
#ifndef VIVA_TESTS_LIVE_EARS_H
#define VIVA_TESTS_LIVE_EARS_H

#include "live/listener.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static inline void ears_event(void *u, struct engine_event ev)
{
    (void)u;
    (void)ev;
}

static inline void ears_speech(void *u, bool started, int64_t at_ms)
{
    (void)u;
    (void)started;
    (void)at_ms;
}

static inline void ears_caption(void *u, int64_t start_ms, const char *text)
{
    (void)u;
    (void)start_ms;
    (void)text;
}

static inline void ears_lost(void *u, const char *code, const char *message)
{
    (void)u;
    fail_msg("%s: %s", code, message);
}

/* Not carried out. */
static inline void ears_recognise(void *u, struct listening_job *j)
{
    (void)u;
    listening_job_free(j);
}

/* Hurried, dropped, stopped. */
static inline void ears_leave(void *u, const struct listening_job *j)
{
    (void)u;
    (void)j;
}

static inline bool ears_no(void *u)
{
    (void)u;
    return false;
}

static inline struct listener_owner ears(void *u)
{
    return (struct listener_owner){.event = ears_event,
                                   .speech = ears_speech,
                                   .caption = ears_caption,
                                   .lost = ears_lost,
                                   .recognise = ears_recognise,
                                   .hurry = ears_leave,
                                   .drop = ears_leave,
                                   .stop = ears_leave,
                                   .busy = ears_no,
                                   .roomy = ears_no,
                                   .idle = ears_no,
                                   .u = u};
}

#endif
