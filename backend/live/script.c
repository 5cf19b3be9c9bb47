#include "live/script.h"

#include <string.h>

static const struct conduct_question *script_find(const struct conduct_plan *p, int position)
{
    for (size_t i = 0; i < p->n_questions; i++)
        if (p->questions[i].position == position)
            return &p->questions[i];
    return NULL;
}

const char *script_question(const struct conduct_plan *p, int position)
{
    const struct conduct_question *q = script_find(p, position);
    return q != NULL ? q->text : "";
}

const char *script_avatar_name(const struct conduct_plan *p)
{
    if (p->avatar != NULL && strcmp(p->avatar, "amara") == 0)
        return "Amara";
    return "Daniel";
}

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
    buf_printf(out, ". I have %zu question%s for you. Take all the time you need: a pause does not end your answer.",
               p->n_questions, p->n_questions == 1 ? "" : "s");
}

/* A bridge depends on the position alone. */
static void question(struct buf *out, const struct conduct_plan *p, int position)
{
    static const char *const bridges[] = {"Thank you.", "Thanks for that.", "Thank you, let us go on."};
    if (p->practice)
        buf_str(out, "Let us try it once, so that you know how it goes. Nothing of this is kept. ");
    if (p->n_questions > 1 && position == (int)p->n_questions)
        buf_str(out, "Thank you. Here is the last question. ");
    else if (position > 1)
        buf_printf(out, "%s ", bridges[(unsigned)position % 3]);
    buf_str(out, script_question(p, position));
}

/* What its author put into other words; or the question itself, with what it is about said first. */
static void other_words(struct buf *out, const struct conduct_plan *p, int position)
{
    const struct conduct_question *q = script_find(p, position);
    buf_str(out, "Let me put it another way. ");
    if (q != NULL && q->rephrased != NULL && q->rephrased[0] != '\0')
        buf_str(out, q->rephrased);
    else
        buf_printf(out,
                   "The question is this. %s There is no trick in it: say what you would tell a colleague who asks "
                   "you, with an example if you have one.",
                   script_question(p, position));
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
        buf_str(out, script_question(p, position));
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
