#include "services/follow_up.h"

#include "base/utf8.h"
#include "models/interview.h"
#include "services/scorer.h"

#include <ctype.h>
#include <string.h>

#define PHRASE_MAX 200

/* Where a point stops saying what is wanted and begins to give examples. */
static const char *const examples[] = {", such as", " such as ", ", for example", " (", ", e.g.", " e.g. "};

static bool contains(const struct strings *list, const char *s)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i], s) == 0)
            return true;
    return false;
}

static size_t phrase_length(const char *point)
{
    size_t n = strlen(point);
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        const char *at = strstr(point, examples[i]);
        if (at && at > point && (size_t)(at - point) < n)
            n = (size_t)(at - point);
    }
    if (n > PHRASE_MAX) {
        n = PHRASE_MAX;
        while (n > 0 && point[n] != ' ')
            n--;
        n = n > 0 ? n : PHRASE_MAX;
    }
    while (n > 0 && strchr(" .,;:!?", point[n - 1]))
        n--;
    return n;
}

const char *follow_up_phrase(const char *point, struct arena *a)
{
    char text[PHRASE_MAX + 8];
    const bool own = strncmp(point, "Own ", 4) == 0;
    const size_t n = phrase_length(point), lead = own ? strlen("your ") : 0;
    memcpy(text, "your ", lead);
    memcpy(text + lead, point, n);
    text[lead + n] = '\0';
    utf8_trim_partial(text);
    if (!isupper((unsigned char)text[lead + (n > 1)]))
        text[lead] = (char)tolower((unsigned char)text[lead]);
    return arena_strdup(a, text);
}

static enum status ask(const char *point, enum follow_up_reason why, size_t before, struct arena *a,
                       struct follow_up *ret, struct error *err)
{
    const char *about = follow_up_phrase(point, a), *text = NULL;
    if (about && why == FOLLOW_UP_TOUCHED)
        text = arena_printf(a, "You touched on %s. Could you say a little more about that?", about);
    else if (about && before == 0)
        text = arena_printf(a, "Could you tell me a little about %s?", about);
    else if (about)
        text = arena_printf(a, "One more thing: what can you say about %s?", about);
    if (!text)
        return arena_exhausted(err);
    *ret = (struct follow_up){.text = text, .point = point, .reason = (int)why};
    return STATUS_OK;
}

static enum status leave(enum follow_up_reason why, struct follow_up *ret)
{
    *ret = (struct follow_up){.reason = (int)why};
    return STATUS_OK;
}

/* The first point of that kind that was not asked about yet; NULL: none. */
static const char *first_of(const struct list *points, enum point_met kind, const struct strings *asked)
{
    const struct report_point *p = points->items;
    for (size_t i = 0; i < points->count; i++)
        if (p[i].met == (int)kind && !contains(asked, p[i].text))
            return p[i].text;
    return NULL;
}

enum status follow_up_choose(const struct follow_up_request *in, struct embed *e, struct arena *a,
                             struct follow_up *ret, struct error *err)
{
    const char *answer = in->answer ? in->answer : "";
    const struct answer said = {
        .question_text = in->question, .points = in->points, .text = answer, .mode = ANSWER_BY_TEXT};
    struct list points = {0};
    if (!answer[strspn(answer, " \t\r\n")])
        return leave(FOLLOW_UP_NO_ANSWER, ret);
    enum status st = scorer_points(&said, e, a, &points, err);
    if (st != STATUS_OK)
        return st;
    if (points.count == 0)
        return leave(FOLLOW_UP_NO_POINTS, ret);
    const char *missed = first_of(&points, POINT_MISSED, &in->asked);
    const char *touched = first_of(&points, POINT_PARTIAL, &in->asked);
    if (!missed && !touched)
        return leave(FOLLOW_UP_COVERED, ret);
    if (in->asked.count >= FOLLOW_UPS_MAX)
        return leave(FOLLOW_UP_ENOUGH, ret);
    return missed ? ask(missed, FOLLOW_UP_MISSING, in->asked.count, a, ret, err)
                  : ask(touched, FOLLOW_UP_TOUCHED, in->asked.count, a, ret, err);
}
