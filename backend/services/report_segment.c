#include "services/report_segment.h"

#include <math.h>
#include <string.h>

#define PIECE_BYTES    280
#define LIST_SHARE     0.15 /* fewer words without content than this: a list */
#define LIST_WEIGHT    0.5
#define LIST_WORDS_MIN 3
#define ENGLISH_SHARE  0.2

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* How long the piece is that begins at p: to the end of the sentence, at most PIECE_BYTES, then cut between words, or
 * between characters where there is no space. */
static size_t piece_length(const char *p)
{
    size_t n = 0;
    while (p[n] && p[n] != '\n' && n < PIECE_BYTES) {
        n++;
        if (strchr(".!?;", p[n - 1]) && (is_space(p[n]) || !p[n]))
            return n;
    }
    if (n < PIECE_BYTES || !p[n])
        return n;
    size_t cut = n;
    while (cut && !is_space(p[cut]))
        cut--;
    if (cut)
        return cut;
    while (n > 1 && ((unsigned char)p[n] & 0xC0) == 0x80)
        n--;
    return n;
}

/* Adds the pieces of a source to p, those of an English one without the lists in it; p->items NULL: only counts them.
 * *apart: a list was last. */
static void cut_source(const struct source *s, struct pieces *p, bool *apart)
{
    size_t from = 0, to = 0;
    bool list = p->english && text_find_list(s->text, 0, &from, &to);
    for (size_t at = 0; s->text[at];) {
        if (list && at >= from) {
            at = to + strspn(s->text + to, " \t\r\n.,;:!?)");
            *apart = p->listed = true;
            list = text_find_list(s->text, at, &from, &to);
            continue;
        }
        if (is_space(s->text[at])) {
            at++;
            continue;
        }
        size_t len = piece_length(s->text + at);
        if (list && at + len > from)
            len = from - at;
        if (p->items)
            p->items[p->count] = (struct piece){.source = s, .at = at, .len = len, .kept = true, .apart = *apart};
        *apart = false;
        p->count++;
        at += len;
    }
}

static void cut_sources(const struct source *s, size_t n, struct pieces *p)
{
    bool apart = false;
    p->count = 0;
    for (size_t i = 0; i < n; i++)
        cut_source(&s[i], p, &apart);
}

static bool is_typed(const struct piece *p)
{
    return p->source->typed;
}

/* From here on a follow-up is answered; *asked: the words of all so far. */
static enum status read_asked(const char *follow_up, struct arena *a, const char **asked, const struct stems **ret,
                              struct error *err)
{
    struct stems *stems = arena_new_of(a, struct stems);
    *asked = arena_printf(a, "%s\n%s", *asked, follow_up);
    enum status st = stems && *asked ? text_stems(*asked, NULL, a, stems, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        *ret = stems;
    return st;
}

/* The candidate's utterances and what was typed, in order. */
static enum status sources_of(const struct answer *x, struct arena *a, struct source *out, size_t *n, struct error *err)
{
    const struct utterance *u = x->utterances.items;
    const struct stems *asked = NULL;
    const char *typed = answer_typed_part(x), *questions = "";
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < x->utterances.count; i++) {
        if (u[i].follow_up)
            st = read_asked(u[i].text, a, &questions, &asked, err);
        if (st != STATUS_OK || u[i].speaker != UTTERANCE_CANDIDATE || !*u[i].text)
            continue;
        struct source *s = &out[(*n)++];
        *s = (struct source){.text = u[i].text, .typed = u[i].typed, .asked = asked};
        if (!s->typed)
            st = times_of_words(&u[i], a, &s->words, err);
    }
    if (*typed)
        out[(*n)++] = (struct source){.text = typed, .typed = true, .asked = asked};
    return st;
}

static bool shares_a_stem(const struct stems *x, const struct stems *y)
{
    for (size_t i = 0; i < x->count; i++)
        if (text_find_stem(y, x->items[i].text))
            return true;
    return false;
}

/* Without those that say "um" alone. */
static enum status read_pieces(struct pieces *p, const struct stems *wanted, struct arena *a, struct error *err)
{
    bool crowded = p->count > SEGMENT_MAX;
    size_t kept = 0, n = 0;
    for (size_t i = 0; i < p->count; i++) {
        struct piece *x = &p->items[n];
        *x = p->items[i];
        x->quote = arena_strndup(a, x->source->text + x->at, x->len);
        if (!x->quote)
            return arena_exhausted(err);
        if (text_is_filler(x->quote))
            continue;
        x->start_ms = x->end_ms = NAN;
        times_of_span(&x->source->words, x->at, x->len, &x->start_ms, &x->end_ms);
        enum status st = text_stems(x->quote, NULL, a, &x->stems, err);
        if (st != STATUS_OK)
            return st;
        if (crowded)
            x->kept = kept < SEGMENT_MAX && shares_a_stem(&x->stems, wanted);
        kept += x->kept;
        n++;
    }
    p->count = n;
    return STATUS_OK;
}

enum status segment_pieces(const struct answer *x, const struct stems *wanted, struct arena *a, struct pieces *ret,
                           struct error *err)
{
    struct source *sources = arena_array(a, x->utterances.count + 1, sizeof *sources);
    struct pieces p = {.english = x->question_text && text_function_share(x->question_text) >= ENGLISH_SHARE};
    size_t n_sources = 0;
    enum status st = sources ? sources_of(x, a, sources, &n_sources, err) : arena_exhausted(err);
    if (st != STATUS_OK)
        return st;
    cut_sources(sources, n_sources, &p);
    p.items = arena_array(a, p.count + 1, sizeof *p.items);
    if (p.items)
        cut_sources(sources, n_sources, &p);
    st = p.items ? read_pieces(&p, wanted, a, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        *ret = p;
    return st;
}

/* Neighbours as they stand in the answer's text: sources are joined as services/conduct.h joins them. NULL: out of
 * memory. */
static const char *join(const struct piece *first, const struct piece *last, struct arena *a)
{
    const char *text = first->source->text + first->at;
    if (first->source == last->source)
        return arena_strndup(a, text, last->at + last->len - first->at);
    for (const struct source *s = first->source + 1; text && s < last->source; s++)
        text = arena_printf(a, "%s %s", text, s->text);
    return text ? arena_printf(a, "%s %.*s", text, (int)(last->at + last->len), last->source->text) : NULL;
}

double segment_weight(const char *quote, bool english)
{
    size_t words = text_count_words(quote);
    return english && words >= LIST_WORDS_MIN && text_function_share(quote) < LIST_SHARE ? LIST_WEIGHT : 1;
}

static enum status add_window(struct windows *w, const struct piece *first, size_t n, bool english, struct arena *a,
                              struct error *err)
{
    const struct piece *last = first + n - 1;
    struct window *x = &w->items[w->count];
    *x = (struct window){.quote = n == 1 ? first->quote : join(first, last, a),
                         .start_ms = first->start_ms,
                         .end_ms = last->end_ms,
                         .n_pieces = n,
                         .stems = first->stems,
                         .vector = n == 1 ? first->vector : NULL};
    if (!x->quote)
        return arena_exhausted(err);
    x->weight = segment_weight(x->quote, english);
    w->count++;
    return n == 1 ? STATUS_OK : text_stems(x->quote, NULL, a, &x->stems, err);
}

static bool may_join(const struct piece *first, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!first[i].kept || (i > 0 && first[i].apart) || is_typed(&first[i]) != is_typed(first) ||
            first[i].source->asked != first->source->asked)
            return false;
    return true;
}

enum status segment_windows(const struct pieces *p, struct arena *a, struct windows *ret, struct error *err)
{
    struct windows w = {.items = arena_array(a, p->count * SEGMENT_WINDOW + 1, sizeof *w.items)};
    enum status st = w.items ? STATUS_OK : arena_exhausted(err);
    for (size_t n = 1; n <= SEGMENT_WINDOW; n++)
        for (size_t i = 0; st == STATUS_OK && i + n <= p->count; i++)
            if (may_join(&p->items[i], n))
                st = add_window(&w, &p->items[i], n, p->english, a, err);
    if (st == STATUS_OK)
        *ret = w;
    return st;
}
