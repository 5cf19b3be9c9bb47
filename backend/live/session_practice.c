/* A practice question before the interview: the same conversation, about something that is asked of everyone, of which
 * nothing is kept. The plan is one of ours in memory; storing is remembering until the next plan is loaded. */
#include "live/session.h"

#include "base/cleanup.h"

#include <stdlib.h>
#include <string.h>

#define PRACTICE_TEXT_MAX (64u << 10)
#define QUESTION          "Tell me about something you enjoy doing."

enum status session_rehearse(struct conduct_plan *p, struct arena *a, struct error *err)
{
    struct conduct_question *q = arena_new_of(a, struct conduct_question);
    if (q == NULL)
        return arena_exhausted(err);
    *q = (struct conduct_question){.position = 1, .text = QUESTION};
    p->practice = true;
    p->allow_pause = false; /* there is nothing to come back to */
    p->questions = q;
    p->n_questions = 1;
    p->position = 1;
    return STATUS_OK;
}

bool session_may_practise(const struct session *s)
{
    return s->plan->practice || (s->plan->status == CONDUCT_REGISTERED && !s->engine.begun);
}

static void open_answer(struct session *s, int64_t since_ms)
{
    int64_t now = session_now(s) - s->ears_base;
    s->answer = id_new();
    s->zero_ms = since_ms >= 0 && since_ms < now ? since_ms : now;
    s->answer_base = s->ears_base + s->zero_ms;
    s->time_limit_s = 0;
    s->practised_len = 0;
}

/* Further words of the answer. What does not fit is left out: it is only shown. */
static void remember(struct session *s, const char *text)
{
    size_t n = strlen(text), old = s->practised_len;
    char *p = n > 0 && old + n + 2 <= PRACTICE_TEXT_MAX ? realloc(s->practised, old + n + 2) : NULL;
    if (p == NULL)
        return;
    if (old > 0)
        p[old++] = ' ';
    memcpy(p + old, text, n + 1);
    s->practised = p;
    s->practised_len = old + n;
}

static void take_piece(struct session *s)
{
    const struct piece *p = s->listener != NULL ? listener_oldest(s->listener) : NULL;
    if (p == NULL)
        return;
    remember(s, p->text);
    protocol_transcription(&s->out, s->answer, session_in_answer(s, p->start_ms), p->text,
                           session_in_answer(s, p->end_ms), p->heard.language);
    session_send(s);
    listener_pop(s->listener);
}

const char *session_practised(const struct session *s)
{
    return s->practised_len > 0 ? s->practised : "";
}

void session_practice_store(struct session *s, const struct engine_action *a)
{
    if (a->op == OP_OPEN) {
        open_answer(s, a->since_ms);
    } else if (a->op == OP_STORE) {
        take_piece(s);
    } else if (a->op == OP_END) {
        if (s->typed != NULL)
            remember(s, s->typed);
        s->ended_text = session_practised(s);
    }
}

void session_forget_practice(struct session *s)
{
    free(s->practised);
    s->practised = NULL;
    s->practised_len = 0;
}
