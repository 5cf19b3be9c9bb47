#include "services/report_judge_quote.h"

#include "base/buf.h"
#include "base/cleanup.h"

#include <math.h>
#include <string.h>

#define QUOTE_WORDS_MIN 3
#define NEAR_MIN        0.2 /* similarity; what is farther from a point counts for nothing in report_cover.c too */
#define TEXT_MAX        (4u << 20)

static enum status join(struct judged_text *t, struct arena *a, struct error *err)
{
    cleanup(buf_free) struct buf shown;
    cleanup(buf_free) struct buf plain;
    buf_init(&shown, TEXT_MAX);
    buf_init(&plain, TEXT_MAX);
    buf_char(&plain, ' ');
    for (size_t i = 0; i < t->count; i++) {
        const char *words = text_plain(t->pieces[i]->quote, a);
        if (!words)
            return arena_exhausted(err);
        t->begins[i] = plain.len;
        buf_str(&plain, words + 1);
        buf_printf(&shown, "%s%s", i ? " " : "", t->pieces[i]->quote);
    }
    t->answer = buf_ok(&shown) ? arena_strdup(a, buf_cstr(&shown)) : NULL;
    t->plain = buf_ok(&plain) ? arena_strdup(a, buf_cstr(&plain)) : NULL;
    return t->answer && t->plain ? STATUS_OK : arena_exhausted(err);
}

enum status judged_text_read(const struct answer *x, struct arena *a, struct judged_text *ret, struct error *err)
{
    struct pieces p = {0};
    const struct stems none = {0};
    struct judged_text t = {0};
    enum status st = segment_pieces(x, &none, a, &p, err);
    if (st == STATUS_OK)
        st = text_stems(x->question_text ? x->question_text : "", NULL, a, &t.question, err);
    if (st != STATUS_OK)
        return st;
    t.pieces = arena_array(a, p.count + 1, sizeof(struct piece *));
    t.begins = arena_array(a, p.count + 1, sizeof *t.begins);
    if (!t.pieces || !t.begins)
        return arena_exhausted(err);
    for (size_t i = 0; i < p.count; i++) {
        if (text_addresses_grader(p.items[i].quote))
            t.asked_grader = true;
        else
            t.pieces[t.count++] = &p.items[i];
    }
    st = join(&t, a, err);
    if (st == STATUS_OK)
        *ret = t;
    return st;
}

/* The piece that holds the byte of plain. */
static size_t piece_at(const struct judged_text *t, size_t at)
{
    size_t i = 0;
    while (i + 1 < t->count && t->begins[i + 1] <= at)
        i++;
    return i;
}

static const char *joined(const struct judged_text *t, size_t first, size_t last, struct arena *a)
{
    const char *out = t->pieces[first]->quote;
    for (size_t i = first + 1; out && i <= last; i++)
        out = arena_printf(a, "%s %s", out, t->pieces[i]->quote);
    return out;
}

/* Has content beside the question's, and a word of the point's or its meaning. */
static enum status is_evidence(const struct judged_text *t, const char *quote, const char *point, struct embed *e,
                               struct arena *a, bool *ret, struct error *err)
{
    struct stems said = {0}, wanted = {0};
    enum status st = text_stems(quote, &t->question, a, &said, err);
    if (st == STATUS_OK)
        st = text_stems(point, &t->question, a, &wanted, err);
    if (st != STATUS_OK || said.count == 0)
        return st;
    for (size_t i = 0; i < said.count && !*ret; i++)
        *ret = text_find_stem(&wanted, said.items[i].text) != NULL;
    if (*ret)
        return STATUS_OK;
    const char *texts[] = {quote, point};
    float *vectors = arena_array(a, 2 * EMBED_SIZE, sizeof *vectors);
    st = vectors ? embed_texts(e, texts, 2, vectors, err) : arena_exhausted(err);
    *ret = st == STATUS_OK && embed_similarity(vectors, vectors + EMBED_SIZE) >= NEAR_MIN;
    return st;
}

enum status judged_text_find(const struct judged_text *t, const char *quote, const char *point, struct embed *e,
                             struct arena *a, bool *found, struct report_verdict *v, struct error *err)
{
    *found = false;
    const char *words = text_plain(quote, a), *at = words ? strstr(t->plain, words) : NULL;
    if (!words)
        return arena_exhausted(err);
    if (!at || !words[1])
        return STATUS_OK;
    const size_t from = (size_t)(at - t->plain) + 1, first = piece_at(t, from),
                 last = piece_at(t, from + strlen(words) - 3);
    const size_t whole = (first + 1 < t->count ? t->begins[first + 1] : strlen(t->plain)) - t->begins[first];
    if (text_count_words(quote) < QUOTE_WORDS_MIN && strlen(words) - 1 < whole)
        return STATUS_OK;
    enum status st = is_evidence(t, quote, point, e, a, found, err);
    if (st != STATUS_OK || !*found)
        return st;
    v->quote = joined(t, first, last, a);
    v->start_ms = t->pieces[first]->start_ms;
    v->end_ms = t->pieces[last]->end_ms;
    return v->quote ? STATUS_OK : arena_exhausted(err);
}
