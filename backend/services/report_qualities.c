#include "services/report_qualities.h"

#include "models/interview.h"
#include "models/languages.h"
#include "services/report_segment.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#define REMARKS_MAX 5
#define LONG_WORDS  1500 /* about ten minutes of talking */

static double to_two_decimals(double v)
{
    return round(v * 100) / 100;
}

double quality_of_transcript(const struct answer *x)
{
    const struct utterance *u = x->utterances.items;
    double sum = 0, words = 0;
    for (size_t i = 0; i < x->utterances.count; i++) {
        if (u[i].speaker != UTTERANCE_CANDIDATE || isnan(u[i].confidence))
            continue;
        const double n = (double)text_count_words(u[i].text);
        sum += n * u[i].confidence;
        words += n;
    }
    return words > 0 ? to_two_decimals(sum / words) : NAN;
}

/* Words of the candidate's in that language; "": in any but the interview's. */
static size_t words_in(const struct answer *x, const char *language)
{
    const struct utterance *u = x->utterances.items;
    size_t n = 0;
    for (size_t i = 0; i < x->utterances.count; i++)
        if (u[i].speaker == UTTERANCE_CANDIDATE && u[i].other_language &&
            (!*language || !strcmp(u[i].other_language, language)))
            n += text_count_words(u[i].text);
    return n;
}

const char *quality_other_language(const struct answer *x, double *share)
{
    const struct utterance *u = x->utterances.items;
    const size_t words = text_count_words(x->text ? x->text : ""), foreign = words_in(x, "");
    const char *most = NULL;
    *share = words ? fmin(1, (double)foreign / (double)words) : 0;
    for (size_t i = 0; i < x->utterances.count; i++)
        if (u[i].other_language && (!most || words_in(x, u[i].other_language) > words_in(x, most)))
            most = u[i].other_language;
    return most;
}

/* ---- particular ---- */

static bool has_figure(const char *text)
{
    for (const char *p = text; *p; p++)
        if (isdigit((unsigned char)*p))
            return true;
    return false;
}

/* "I" or "we", and what was done: a past tense by its ending or by the list. */
static bool tells_a_deed(const char *plain)
{
    static const char *const deeds[] = {"built", "wrote",   "made",   "found", "told",  "went",   "took",
                                        "gave",  "ran",     "set",    "put",   "led",   "kept",   "spoke",
                                        "met",   "brought", "taught", "chose", "drew",  "cut",    "sent",
                                        "held",  "won",     "broke",  "did",   "began", "bought", "drove"};
    for (const char *p = plain; (p = strchr(p, ' ')) != NULL; p++) {
        if (strncmp(p, " i ", 3) != 0 && strncmp(p, " we ", 4) != 0)
            continue;
        const char *verb = strchr(p + 1, ' ') + 1;
        const size_t n = strcspn(verb, " ");
        if (n > 4 && !strncmp(verb + n - 2, "ed", 2) && strncmp(verb, "need", 4) != 0)
            return true;
        for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++)
            if (strlen(deeds[i]) == n && !strncmp(verb, deeds[i], n))
                return true;
    }
    return false;
}

static bool has_quantity(const char *plain)
{
    static const char *const words[] = {" two ",     " three ",    " four ",    " five ",    " six ",    " seven ",
                                        " eight ",   " nine ",     " ten ",     " twenty ",  " thirty ", " fifty ",
                                        " hundred ", " thousand ", " million ", " percent ", " twice ",  " half ",
                                        " dozen ",   " hours ",    " days ",    " weeks ",   " months ", " years "};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(plain, words[i]))
            return true;
    return false;
}

static enum status specificity_of(const struct answer *x, struct report_question *q, struct arena *a, struct error *err)
{
    const struct stems none = {0};
    struct pieces p = {0};
    size_t particular = 0;
    enum status st = segment_pieces(x, &none, a, &p, err);
    for (size_t i = 0; st == STATUS_OK && i < p.count; i++) {
        const char *plain = text_plain(p.items[i].quote, a);
        if (!plain)
            return arena_exhausted(err);
        particular += has_figure(p.items[i].quote) || has_quantity(plain) || tells_a_deed(plain);
    }
    if (st != STATUS_OK)
        return st;
    q->sentences = (int64_t)p.count;
    q->specificity = p.count ? to_two_decimals((double)particular / (double)p.count) : NAN;
    return STATUS_OK;
}

/* ---- what a reader must know ---- */

static void remark(struct strings *l, const char *text)
{
    if (text)
        l->items[l->count++] = text;
}

static enum status remarks_on(const struct answer *x, struct report_question *q, size_t words, struct arena *a,
                              struct error *err)
{
    struct strings l = {arena_array(a, REMARKS_MAX, sizeof(char *)), 0};
    double foreign = 0;
    const char *language = quality_other_language(x, &foreign);
    if (!l.items)
        return arena_exhausted(err);
    if (q->transcript_quality < QUALITY_DOUBT && q->abstained != ABSTAINED_UNCLEAR)
        remark(&l, arena_printf(a,
                                "Only about %.0f %% of this transcript's words are likely right: listen before you "
                                "rely on them.",
                                100 * q->transcript_quality));
    if (language && q->abstained != ABSTAINED_LANGUAGE)
        remark(&l, arena_printf(a, "Part of the answer (%.0f %%) was in %s: its words are unreliable. Listen to it.",
                                100 * foreign, language_name(language)));
    if (words >= LONG_WORDS && q->sentences > SEGMENT_MAX)
        remark(&l, arena_printf(a,
                                "The answer is very long (%zu words). Of its %lld sentences those with words of what "
                                "was asked for were looked at, at most %d.",
                                words, (long long)q->sentences, SEGMENT_MAX));
    else if (words >= LONG_WORDS)
        remark(&l, arena_printf(a,
                                "The answer is very long (%zu words). All of its %lld sentences were looked at; length "
                                "counts neither for it nor against it.",
                                words, (long long)q->sentences));
    if (x->skipped && words)
        remark(&l, "The candidate skipped this question after saying something; what was said was judged.");
    q->remarks = l;
    return STATUS_OK;
}

static double share_made(const struct cover *c)
{
    double sum = 0;
    for (size_t i = 0; i < c->points.count; i++)
        sum += c->credit[i];
    return c->points.count ? to_two_decimals(sum / (double)c->points.count) : NAN;
}

enum status qualities_fill(struct report_question *q, const struct answer *x, const struct cover *cover, int category,
                           struct arena *a, struct error *err)
{
    const size_t words = text_count_words(x->text ? x->text : "");
    q->transcript_quality = quality_of_transcript(x);
    q->relevance = q->correctness = q->specificity = NAN;
    enum status st = words ? specificity_of(x, q, a, err) : STATUS_OK;
    if (st == STATUS_OK && q->abstained == ABSTAINED_NOT && cover->pieces) {
        q->considered = (int64_t)cover->kept;
        q->relevance = to_two_decimals((double)cover->kept / (double)cover->pieces);
        if (category == CATEGORY_TECHNICAL)
            q->correctness = share_made(cover);
    }
    return st == STATUS_OK ? remarks_on(x, q, words, a, err) : st;
}
