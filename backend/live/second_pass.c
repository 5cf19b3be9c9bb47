#include "live/second_pass.h"

#include "base/cleanup.h"
#include "live/heard.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TRANSCRIPT_ARENA (8u << 20)
#define SURE             0.97 /* what is believed so much stays as it is */
#define BETTER_BY        0.01
#define SAMPLES(ms)      ((size_t)(ms) * (SEGMENTER_RATE / 1000))

struct second_pass_stretch *second_pass_free(struct second_pass_stretch *s)
{
    if (s == NULL)
        return NULL;
    for (size_t i = 0; i < s->n_parts; i++) {
        free(s->parts[i].text);
        heard_clear(&s->parts[i].heard);
    }
    free(s->pcm);
    free(s);
    return NULL;
}

/* ---- gathering ---- */

static bool follows(const struct second_pass_stretch *s, const struct piece *p)
{
    const int64_t end_ms = p->from_ms + (int64_t)(p->n / (SEGMENTER_RATE / 1000));
    return s->n_parts < SECOND_PASS_PARTS && end_ms - s->from_ms <= SECOND_PASS_MS &&
           p->start_ms - s->parts[s->n_parts - 1].end_ms <= SECOND_PASS_GAP_MS;
}

/* The piece's sound at its time: silence before it, and what both hear of a cut once. */
static bool append_sound(struct second_pass_stretch *s, const struct piece *p)
{
    const size_t at = p->from_ms > s->from_ms ? SAMPLES(p->from_ms - s->from_ms) : 0, end = at + p->n;
    if (end > s->room) {
        int16_t *more = realloc(s->pcm, end * sizeof *more);
        if (more == NULL)
            return false;
        s->pcm = more;
        s->room = end;
    }
    if (at > s->n)
        memset(s->pcm + s->n, 0, (at - s->n) * sizeof *s->pcm);
    const size_t known = at < s->n ? s->n - at : 0;
    if (known < p->n) {
        memcpy(s->pcm + at + known, p->pcm + known, (p->n - known) * sizeof *s->pcm);
        s->n = end;
    }
    return true;
}

static bool append(struct second_pass_stretch *s, const struct piece *p, struct id utterance)
{
    struct second_pass_part *part = &s->parts[s->n_parts];
    char *text = strdup(p->text);
    if (text == NULL || !append_sound(s, p)) {
        free(text);
        return false;
    }
    *part = (struct second_pass_part){utterance, p->start_ms, p->end_ms, text, p->heard};
    part->heard.words = NULL; /* the piece's */
    s->n_parts++;
    return true;
}

struct second_pass_stretch *second_pass_add(struct second_pass_stretch **open, const struct piece *p,
                                            struct id utterance)
{
    const bool usable = p->pcm != NULL && p->text != NULL && p->heard.words != NULL; /* else words cannot be timed */
    struct second_pass_stretch *done = *open != NULL && (!usable || !follows(*open, p)) ? second_pass_end(open) : NULL;
    if (!usable)
        return done;
    if (*open == NULL && (*open = calloc(1, sizeof **open)) != NULL)
        (*open)->from_ms = p->from_ms;
    if (*open != NULL && !append(*open, p, utterance))
        *open = second_pass_free(*open);
    return done;
}

/* ---- hearing it again ---- */

static size_t words_in(const char *text)
{
    size_t n = 0;
    for (text += strspn(text, " "); *text != '\0'; text += strspn(text, " ")) {
        text += strcspn(text, " ");
        n++;
    }
    return n;
}

/* How much of the words of all parts is likely right, and how many they are. */
static double confidence_before(const struct second_pass_stretch *s, size_t *n_words)
{
    double sum = 0;
    *n_words = 0;
    for (size_t i = 0; i < s->n_parts; i++) {
        const size_t n = words_in(s->parts[i].text);
        sum += isnan(s->parts[i].heard.confidence) ? (double)n : (double)n * s->parts[i].heard.confidence;
        *n_words += n;
    }
    return *n_words > 0 ? sum / (double)*n_words : 1;
}

/* Not where hardly anything can be better, nor where somebody spoke another language than is written down. */
static bool worth_it(const struct second_pass_stretch *s)
{
    size_t words = 0;
    const double confidence = confidence_before(s, &words);
    for (size_t i = 0; i < s->n_parts; i++)
        if (s->parts[i].heard.language[0] != '\0')
            return false;
    return words > 0 && confidence < SURE;
}

struct second_pass_stretch *second_pass_end(struct second_pass_stretch **open)
{
    struct second_pass_stretch *s = *open;
    *open = NULL;
    return s != NULL && worth_it(s) ? s : second_pass_free(s);
}

/* Between the words of this part and of the next: in the middle of the silence. */
static int64_t border(const struct second_pass_stretch *s, size_t i)
{
    return i + 1 < s->n_parts ? (s->parts[i].end_ms + s->parts[i + 1].start_ms) / 2 : INT64_MAX;
}

/* The part's words of the whole. False: there are none, or no memory. */
static bool take_part(const struct second_pass_stretch *s, size_t i, const struct transcript *whole, struct arena *a,
                      struct second_pass_part *ret)
{
    struct transcript t = *whole;
    double sum = 0;
    t.text = arena_strdup(a, whole->text);
    if (t.text == NULL)
        return false;
    heard_keep_own(&t, s->from_ms, i > 0 ? border(s, i - 1) : INT64_MIN, border(s, i));
    for (size_t k = 0; k < t.n_words; k++)
        sum += t.words[k].p;
    if (t.n_words == 0)
        return false;
    t.confidence = sum / (double)t.n_words;
    ret->text = strdup(t.text);
    ret->heard = heard_of(&t, s->from_ms); /* in the language that the pieces were taken for */
    return ret->text != NULL && ret->heard.words != NULL;
}

/* All parts or none. */
static bool take_all(struct second_pass_stretch *s, const struct transcript *whole, struct arena *a)
{
    struct second_pass_part now[SECOND_PASS_PARTS] = {0};
    bool ok = true;
    for (size_t i = 0; ok && i < s->n_parts; i++) {
        now[i] = s->parts[i];
        now[i].text = NULL;
        now[i].heard.words = NULL;
        ok = take_part(s, i, whole, a, &now[i]);
    }
    for (size_t i = 0; i < s->n_parts; i++) {
        struct second_pass_part *gone = ok ? &s->parts[i] : &now[i];
        free(gone->text);
        heard_clear(&gone->heard);
        if (ok)
            s->parts[i] = now[i];
    }
    return ok;
}

/* As many words about, and believed more. */
static bool is_better(const struct second_pass_stretch *s, const struct transcript *whole)
{
    size_t before = 0;
    const double confidence = confidence_before(s, &before);
    return whole->n_words * 3 >= before * 2 && whole->confidence > confidence + BETTER_BY;
}

enum status second_pass_run(struct second_pass_stretch *s, const struct engines *engines, const char *language,
                            bool *better, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(TRANSCRIPT_ARENA);
    const struct stt_options o = {
        .language = language, .already_gated = true, .words = true, .thorough = true, .unhurried = true};
    struct transcript *t = NULL;
    float *pcm = a != NULL ? arena_array(a, s->n + 1, sizeof *pcm) : NULL;
    if (pcm == NULL)
        return arena_exhausted(err);
    for (size_t i = 0; i < s->n; i++)
        pcm[i] = (float)s->pcm[i] / 32768.0f;
    enum status st = stt_transcribe(engines->stt, pcm, s->n, &o, a, &t, err);
    if (st == STATUS_OK)
        *better = is_better(s, t) && take_all(s, t, a);
    return st;
}
