#include "services/report_times.h"

#include "base/cleanup.h"
#include "base/json_read.h"

#include <math.h>
#include <string.h>

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* The words between white space; out NULL: only counts them. */
static size_t cut(const char *text, struct spoken_word *out)
{
    size_t n = 0;
    for (size_t at = 0; text[at];) {
        size_t len = 0;
        if (is_space(text[at])) {
            at++;
            continue;
        }
        while (text[at + len] && !is_space(text[at + len]))
            len++;
        if (out)
            out[n] = (struct spoken_word){.at = at, .len = len};
        n++;
        at += len;
    }
    return n;
}

static void interpolate(const struct utterance *u, struct spoken_words *w)
{
    const double length = fmax(1, (double)strlen(u->text)), span = (double)(u->end_ms - u->start_ms);
    for (size_t i = 0; i < w->count; i++) {
        struct spoken_word *x = &w->items[i];
        x->start_ms = round((double)u->start_ms + span * (double)x->at / length);
        x->end_ms = round((double)u->start_ms + span * (double)(x->at + x->len) / length);
        x->probability = NAN;
    }
}

/* [["word", start_ms, end_ms, probability], ...]: usable when there is one for each word of the text, in order of
 * time. */
static bool read_heard(const struct json_val *list, struct spoken_words *w)
{
    double last = -1;
    if (!json_is_array(list) || json_len(list) != w->count)
        return false;
    for (size_t i = 0; i < w->count; i++) {
        const struct json_val *v = json_at(list, i);
        const double start = json_as_number(json_at(v, 1), -1), end = json_as_number(json_at(v, 2), -1);
        if (!json_is_array(v) || start < last || end < start)
            return false;
        w->items[i].start_ms = last = start;
        w->items[i].end_ms = end;
        w->items[i].probability = json_as_number(json_at(v, 3), NAN);
    }
    return true;
}

enum status times_of_words(const struct utterance *u, struct arena *a, struct spoken_words *ret, struct error *err)
{
    struct spoken_words w = {.count = cut(u->text, NULL)};
    w.items = arena_array(a, w.count + 1, sizeof *w.items);
    if (!w.items)
        return arena_exhausted(err);
    cut(u->text, w.items);
    cleanup(json_doc_freep) struct json_doc *doc = NULL;
    if (u->words && json_parse(u->words, strlen(u->words), &doc, NULL) == STATUS_OK)
        w.heard = read_heard(json_root(doc), &w);
    if (!w.heard)
        interpolate(u, &w);
    *ret = w;
    return STATUS_OK;
}

void times_of_span(const struct spoken_words *w, size_t at, size_t len, double *start_ms, double *end_ms)
{
    bool any = false;
    for (size_t i = 0; i < w->count; i++) {
        const struct spoken_word *x = &w->items[i];
        if (x->at >= at + len || x->at + x->len <= at)
            continue;
        if (!any)
            *start_ms = x->start_ms;
        *end_ms = x->end_ms;
        any = true;
    }
}
