/* Steps of an interview through the hub, for clients on fake wires. Included by one test program at a time. */
#ifndef VIVA_TESTS_LIVE_INTERVIEW_H
#define VIVA_TESTS_LIVE_INTERVIEW_H

#include "client.h"

static inline unsigned sessions_in(struct live *l)
{
    struct live_figures f;
    live_figures(l, &f);
    return f.held;
}

static inline void free_hear(struct client *c, const char *kind)
{
    json_doc_free(client_hear(c, kind));
}

static inline void free_started(struct client *c)
{
    json_doc_free(client_answer_started(c));
}

static inline struct client *to_first_answer(struct live *l, int session)
{
    struct client *c = client_connect(l, session);
    client_await(c, "session.created");
    client_start(c);
    free_hear(c, "greeting");
    free_hear(c, "question");
    free_started(c);
    return c;
}

/* text NULL: whatever it is. */
static inline void expect_ended(struct client *c, const char *reason, const char *text)
{
    struct json_doc *d = client_expect(c, "answer.ended");
    assert_string_equal(json_get_string(json_root(d), "reason", ""), reason);
    if (text != NULL)
        assert_string_equal(json_get_string(json_root(d), "text", "?"), text);
    json_doc_free(d);
}

static inline void speak_and_pause(struct client *c)
{
    client_sound(c, 300, false);
    client_sound(c, 1000, true);
    client_sound(c, 2000, false);
}

/* Everything up to here was worked through, and nothing of this type came of it. */
static inline void expect_none(struct client *c, const char *type)
{
    client_send(c, "{\"type\":\"ping\",\"t\":5}");
    for (bool pong = false; !pong;) {
        struct json_doc *d = client_next(c);
        const char *got = json_get_string(json_root(d), "type", "");
        if (strcmp(got, type) == 0)
            fail_msg("%s came", type);
        pong = strcmp(got, "pong") == 0;
        json_doc_free(d);
    }
}

/* The next utterance, of which a part has been heard. */
static inline int begin_to_hear(struct client *c, const char *kind)
{
    struct json_doc *d = client_expect(c, "utterance.created");
    assert_string_equal(json_get_string(json_root(d), "kind", ""), kind);
    int id = (int)json_get_int(json_root(d), "utterance_id", 0);
    json_doc_free(d);
    client_send(c, "{\"type\":\"playback.started\",\"utterance_id\":%d}", id);
    client_sound(c, 400, false);
    return id;
}

static inline void expect_of(struct client *c, const char *type, int utterance)
{
    struct json_doc *d = client_expect(c, type);
    assert_int_equal(json_get_int(json_root(d), "utterance_id", 0), utterance);
    json_doc_free(d);
}

#endif
