/* What happened around the answers, in plain words (report_view.h). */
#include "services/report_view.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* How each is told: "<what> <during question 2>[, <n> times][, for 8 seconds in all]. <why it may mean nothing>" */
static const struct telling {
    enum session_event_kind kind;
    int until; /* the event that ends it; -1: it has no length */
    const char *what, *but;
} tellings[] = {
    {SESSION_EVENT_TAB_HIDDEN, SESSION_EVENT_TAB_VISIBLE, "The interview's window was left",
     "A message or a notification does that too."},
    {SESSION_EVENT_PASTED, -1, "Text was pasted into the answer", "It may be the candidate's own."},
    {SESSION_EVENT_SECOND_VOICE, -1, "A second voice was heard", "It may come from the room or a television."},
    {SESSION_EVENT_OTHER_DEVICE, -1, "The interview went on at another device or window",
     "Candidates may change devices."},
    {SESSION_EVENT_CONNECTION_LOST, SESSION_EVENT_CONNECTION_BACK, "The connection was lost",
     "What was said before is kept."},
    {SESSION_EVENT_MICROPHONE_LOST, SESSION_EVENT_MICROPHONE_BACK, "The microphone was gone",
     "Words may be missing from the transcript."},
};
#define TELLINGS (sizeof tellings / sizeof *tellings)

static const struct telling *telling_of(int kind)
{
    for (size_t i = 0; i < TELLINGS; i++)
        if ((int)tellings[i].kind == kind)
            return &tellings[i];
    return NULL;
}

/* The answer that was open then, or the one just before (what ends an answer may be told after it). */
static const struct answer *open_at(const struct list *answers, int64_t at)
{
    const struct answer *x = answers->items, *found = NULL;
    for (size_t i = 0; i < answers->count && x[i].started_at <= at; i++)
        found = !x[i].ended_at || at <= x[i].ended_at ? &x[i] : NULL;
    return found;
}

/* How long it lasted: to the event that ends it, as far as there is one. */
static int64_t lasted(const struct session_event *e, const struct session_event *end, int until)
{
    for (const struct session_event *x = e + 1; x < end; x++)
        if (x->kind == until)
            return x->at - e->at;
    return 0;
}

struct note {
    const struct telling *telling;
    const struct answer *answer; /* NULL: none was open */
    int64_t at, count, ms;
};

static struct note *note_for(struct note *notes, size_t *n, const struct telling *t, const struct answer *x, int64_t at)
{
    for (size_t i = 0; i < *n; i++)
        if (notes[i].telling == t && notes[i].answer == x)
            return &notes[i];
    notes[*n] = (struct note){.telling = t, .answer = x, .at = at};
    return &notes[(*n)++];
}

static const char *duration(int64_t ms, struct arena *a)
{
    const int64_t s = (ms + 500) / 1000;
    if (s < 1)
        return "";
    return s < 120 ? arena_printf(a, ", for %" PRId64 " second%s%s", s, s == 1 ? "" : "s", "")
                   : arena_printf(a, ", for %" PRId64 " minutes", (s + 30) / 60);
}

static const char *times(int64_t n, struct arena *a)
{
    return n == 1 ? "" : n == 2 ? ", twice" : arena_printf(a, ", %" PRId64 " times", n);
}

static enum status tell(const struct note *n, struct arena *a, struct report_integrity *ret, struct error *err)
{
    const char *where =
        n->answer ? arena_printf(a, "during question %d", (int)n->answer->position) : "between the questions";
    const char *often = times(n->count, a), *length = duration(n->ms, a);
    const char *text = where && often && length
                           ? arena_printf(a, "%s %s%s%s%s. %s", n->telling->what, where, often, length,
                                          *length && n->count > 1 ? " in all" : "", n->telling->but)
                           : NULL;
    *ret = (struct report_integrity){
        .kind = choice_value(session_event_kind_choices, (int)n->telling->kind),
        .at = n->at,
        .position = n->answer ? n->answer->position : 0,
        .count = n->count,
        .offset_ms = n->answer ? (double)(n->at - n->answer->started_at) : NAN,
        .statement = text,
    };
    return text ? STATUS_OK : arena_exhausted(err);
}

enum status integrity_of(const struct list *events, const struct list *answers, struct arena *a, struct list *ret,
                         struct error *err)
{
    const struct session_event *e = events->items, *end = e + events->count;
    struct note *notes = arena_array(a, events->count + 1, sizeof *notes);
    size_t n = 0;
    if (!notes)
        return arena_exhausted(err);
    for (const struct session_event *x = e; x < end; x++) {
        const struct telling *t = telling_of(x->kind);
        if (!t)
            continue;
        struct note *note = note_for(notes, &n, t, open_at(answers, x->at), x->at);
        note->count++;
        note->ms += t->until >= 0 ? lasted(x, end, t->until) : 0;
    }
    struct report_integrity *out = arena_array(a, n + 1, sizeof *out);
    enum status st = out ? STATUS_OK : arena_exhausted(err);
    for (size_t i = 0; st == STATUS_OK && i < n; i++)
        st = tell(&notes[i], a, &out[i], err);
    if (st == STATUS_OK)
        *ret = (struct list){out, n};
    return st;
}
