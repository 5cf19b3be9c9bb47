#include "live/script.h"

#include <inttypes.h>
#include <string.h>

/* "" when there is none at that position. */
static const char *own_words(const struct conduct_plan *p, int position)
{
    const struct conduct_question *q = conduct_question_at(p, position);
    return q != NULL ? q->text : "";
}

static const char *follow_up_at(const struct conduct_plan *p, int position)
{
    return p->follow_up_position == position ? p->follow_up : NULL;
}

const char *script_asked(const struct conduct_plan *p, int position)
{
    const char *follow_up = follow_up_at(p, position);
    return follow_up != NULL ? follow_up : own_words(p, position);
}

const char *script_avatar_name(const struct conduct_plan *p)
{
    if (p->avatar != NULL && strcmp(p->avatar, "amara") == 0)
        return "Amara";
    return "Daniel";
}

/* ---- limits ---- */

static bool limited(const struct conduct_plan *p)
{
    for (size_t i = 0; i < p->n_questions; i++)
        if (p->questions[i].time_limit_s > 0)
            return true;
    return false;
}

static bool same_limits(const struct conduct_plan *p)
{
    for (size_t i = 1; i < p->n_questions; i++)
        if (p->questions[i].time_limit_s != p->questions[0].time_limit_s)
            return false;
    return true;
}

static void duration(struct buf *out, int64_t s)
{
    const int64_t minutes = s / 60, seconds = s % 60;
    if (minutes > 0)
        buf_printf(out, "%" PRId64 " minute%s", minutes, minutes == 1 ? "" : "s");
    if (minutes > 0 && seconds > 0)
        buf_str(out, " and ");
    if (seconds > 0)
        buf_printf(out, "%" PRId64 " second%s", seconds, seconds == 1 ? "" : "s");
}

/* With the first question, and with one that has another limit than the one before; so nobody hears it each time. */
static void limits(struct buf *out, const struct conduct_plan *p, int position)
{
    const int64_t limit = conduct_limit_at(p, position), think = position == 1 ? p->think_time_s : 0;
    const char *answer = position == 1 && same_limits(p) ? "each answer" : "this one";
    if (p->practice || (position == 1 ? limit == 0 && think == 0 : limit == conduct_limit_at(p, position - 1)))
        return;
    if (limit == 0 && think == 0) {
        buf_str(out, "There is no time limit for this one. ");
        return;
    }
    buf_str(out, "You have ");
    if (think > 0) {
        duration(out, think);
        buf_str(out, limit > 0 ? " to think first, and then " : " to think before each answer. ");
    }
    if (limit > 0) {
        duration(out, limit);
        buf_printf(out, " for %s. %s", answer, position == 1 ? "You can add time if you need it. " : "");
    }
}

/* ---- what is said ---- */

static void greeting(struct buf *out, const struct conduct_plan *p)
{
    size_t first = strcspn(p->candidate_name, " ");
    buf_str(out, "Hello");
    if (first > 0 && first <= 40)
        buf_printf(out, " %.*s", (int)first, p->candidate_name);
    buf_printf(out, ", and welcome. I am %s, an AI interviewer, and we will talk about the %s role",
               script_avatar_name(p), p->job_role);
    if (p->organisation != NULL && p->organisation[0] != '\0')
        buf_printf(out, " at %s", p->organisation);
    buf_printf(out, ". I have %zu question%s for you. Take %s: a pause does not end your answer.", p->n_questions,
               p->n_questions == 1 ? "" : "s", limited(p) ? "your time" : "all the time you need");
}

/* A bridge depends on the position alone; which limits are said, on the plan. */
static void question(struct buf *out, const struct conduct_plan *p, int position)
{
    static const char *const bridges[] = {"Thank you.", "Thanks for that.", "Thank you, let us go on."};
    if (p->practice)
        buf_str(out, "Let us try it once, so that you know how it goes. Nothing of this is kept. ");
    if (p->n_questions > 1 && position == (int)p->n_questions)
        buf_str(out, "Thank you. Here is the last question. ");
    else if (position > 1)
        buf_printf(out, "%s ", bridges[(unsigned)position % 3]);
    limits(out, p, position);
    buf_str(out, own_words(p, position));
}

/* What its author put into other words; or the question itself, with what it is about said first. */
static void other_words(struct buf *out, const struct conduct_plan *p, int position)
{
    const struct conduct_question *q = conduct_question_at(p, position);
    buf_str(out, "Let me put it another way. ");
    if (follow_up_at(p, position) != NULL)
        buf_printf(out, "There is one part of it that I would like to hear more of. %s A few words are enough.",
                   follow_up_at(p, position));
    else if (q != NULL && q->rephrased != NULL && q->rephrased[0] != '\0')
        buf_str(out, q->rephrased);
    else
        buf_printf(out,
                   "The question is this. %s There is no trick in it: say what you would tell a colleague who asks "
                   "you, with an example if you have one.",
                   own_words(p, position));
}

void script_line(struct buf *out, const struct conduct_plan *p, enum engine_line line, int position)
{
    buf_clear(out);
    switch (line) {
    case LINE_GREETING:
        greeting(out, p);
        break;
    case LINE_QUESTION:
        question(out, p, position);
        break;
    case LINE_QUESTION_AGAIN:
        buf_str(out, script_asked(p, position));
        break;
    case LINE_FOLLOW_UP:
        buf_printf(out, "Thank you. %s", script_asked(p, position));
        break;
    case LINE_QUESTION_OTHER_WORDS:
        other_words(out, p, position);
        break;
    case LINE_PAUSE_OVER:
        buf_str(out, "That was our longest pause, so let us go on. Here is the question.");
        break;
    case LINE_TAKE_YOUR_TIME:
        /* No prompt holds words that would end an answer if a microphone heard them. */
        buf_str(out, "Take your time. I am listening.");
        break;
    case LINE_GO_ON:
        buf_str(out, "Whenever you are ready. If you would rather move ahead, the button below ends this answer.");
        break;
    case LINE_TIME_UP:
        buf_str(out, "The time for this question is up, so let us go on.");
        break;
    case LINE_FAREWELL:
        buf_str(out,
                p->practice
                    ? "That is how it goes. You see now what I heard."
                    : "That was the last question. Thank you for your time and your answers. Everything is saved, and "
                      "you can close this "
                      "page now. Good-bye.");
        break;
    }
}
