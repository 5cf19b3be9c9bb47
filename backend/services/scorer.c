#include "services/scorer.h"

#include "models/languages.h"
#include "services/report_cover.h"
#include "services/report_model.h"
#include "services/report_qualities.h"

#include <math.h>

#define WORDS_MIN  5
#define WORDS_MANY 40 /* from here on the length of an answer does not make its level less certain */

const char *scorer_version(void)
{
    return report_model_version();
}

const char *scorer_level_text(double score)
{
    static const char *const anchors[] = {"Says little that this question asks for",
                                          "Touches one part, without substance",
                                          "Covers some of what a good answer has",
                                          "Covers most of what a good answer has", "Covers all that a good answer has"};
    int level = (int)lround(score);
    return anchors[level < 1 ? 0 : level > 5 ? 4 : level - 1];
}

enum status scorer_points(const struct answer *x, struct embed *e, struct arena *a, struct list *ret, struct error *err)
{
    struct cover c = {0};
    enum status st = cover_sentences(x, e, a, &c, err);
    if (st == STATUS_OK)
        *ret = c.points;
    return st;
}

static const char *explain(const struct cover *c, int met, int partial, size_t left_out, struct arena *a)
{
    const char *part = partial ? arena_printf(a, ", %d in part", partial) : "";
    const char *left = left_out == 1 ? " One point only repeats words of the question and is left to you."
                       : left_out    ? " Some points only repeat words of the question and are left to you."
                                     : "";
    const char *off = c->kept ? "" : " Nothing in the answer speaks to any of the points.";
    const char *aside = c->asked_grader ? " What was said to the grader was not counted."
                        : c->echoed     ? " What only repeats the question was not counted."
                                        : "";
    const char *listed = c->listed ? " A row of words without sentences was not counted." : "";
    return part
               ? arena_printf(a,
                              "%d of %zu points were made%s.%s Viva compares each point with what was said, by meaning "
                              "and by words; a person should read the quotes.%s%s%s",
                              met, c->points.count, part, off, aside, listed, left)
               : NULL;
}

/* Certain where each point is clearly met or clearly missed, enough was said, and the recogniser was sure of it. To two
 * decimals. */
static double confidence_of(const struct cover *c, size_t words, double transcript)
{
    const double heard = transcript < QUALITY_DOUBT ? transcript / QUALITY_DOUBT : 1; /* not known: as if sure */
    double clear = 0;
    for (size_t i = 0; i < c->points.count; i++)
        clear += fmin(1, fabs(c->credit[i] - 0.47) / 0.4) / (double)c->points.count;
    const double enough = fmin(1, (double)words / WORDS_MANY);
    const double on_topic = c->pieces ? (double)c->kept / (double)c->pieces : 0;
    return round(100 * heard * (0.3 + 0.4 * clear + 0.15 * enough + 0.1 * on_topic)) / 100;
}

static enum status judge(const struct answer *x, struct embed *e, size_t words, struct arena *a, struct scorer_grade *g,
                         struct error *err)
{
    int met = 0, partial = 0;
    struct report_question *q = &g->question;
    const struct cover *c = &g->cover;
    enum status st = cover_answer(x, e, a, &g->cover, err);
    if (st != STATUS_OK)
        return st;
    q->points = c->points;
    const struct report_point *p = c->points.items;
    for (size_t i = 0; i < c->points.count; i++) {
        met += p[i].met == POINT_MET;
        partial += p[i].met == POINT_PARTIAL;
    }
    if (c->points.count == 0) {
        q->abstained = ABSTAINED_NO_RUBRIC;
        q->reason_not_scored =
            "What a good answer mentions only repeats words of the question. Listen and set a level yourself.";
        return STATUS_OK;
    }
    g->share = c->kept ? report_model_share(c->features) : 0;
    q->score = round((1 + 4 * g->share) * 10) / 10;
    q->confidence = confidence_of(c, words, quality_of_transcript(x));
    q->level_text = scorer_level_text(q->score);
    q->explanation = explain(c, met, partial, x->points.count - c->points.count, a);
    return q->explanation ? STATUS_OK : arena_exhausted(err);
}

/* The other language that most of it was said in; NULL: none. */
static const char *spoken_language(const struct answer *x)
{
    double share = 0;
    const char *language = quality_other_language(x, &share);
    return share > QUALITY_FOREIGN ? language : NULL;
}

static enum report_abstained why_not(const struct answer *x, size_t words)
{
    if (x->skipped)
        return ABSTAINED_SKIPPED;
    if (words == 0)
        return ABSTAINED_NO_ANSWER;
    if (spoken_language(x))
        return ABSTAINED_LANGUAGE;
    if (words < WORDS_MIN)
        return words == 1 ? ABSTAINED_ONE_WORD : ABSTAINED_TOO_SHORT;
    if (x->points.count == 0)
        return ABSTAINED_NO_RUBRIC;
    if (x->question_text && text_is_foreign(x->question_text, x->text))
        return ABSTAINED_LANGUAGE;
    return quality_of_transcript(x) < QUALITY_UNCLEAR ? ABSTAINED_UNCLEAR : ABSTAINED_NOT;
}

#define YOURSELF " Listen and set a level yourself."

static const char *reason_of(enum report_abstained why, const struct answer *x, struct arena *a)
{
    static const char *const reasons[] = {
        [ABSTAINED_NO_ANSWER] = "There is no answer.",
        [ABSTAINED_SKIPPED] = "The candidate skipped this question.",
        [ABSTAINED_ONE_WORD] = "The answer is one word: too short to judge." YOURSELF,
        [ABSTAINED_TOO_SHORT] = "The answer is too short to judge." YOURSELF,
        [ABSTAINED_LANGUAGE] = "The answer seems to be in another language than the question." YOURSELF,
        [ABSTAINED_UNCLEAR] = "The transcript of this answer is not reliable: more than half of its words are likely "
                              "wrong." YOURSELF,
        [ABSTAINED_NO_RUBRIC] = "Nobody has said what a good answer to this question mentions." YOURSELF,
    };
    if (why == ABSTAINED_LANGUAGE && spoken_language(x))
        return arena_printf(a, "The answer was in %s, not in the interview's language, so it was not scored." YOURSELF,
                            language_name(spoken_language(x)));
    return reasons[why];
}

/* No level, but a share: a table of marks has no place for "too short". */
static enum status measure_short(const struct answer *x, struct embed *e, struct arena *a, struct scorer_grade *g,
                                 struct error *err)
{
    enum status st = cover_answer(x, e, a, &g->cover, err);
    if (st == STATUS_OK)
        g->share = g->cover.kept ? report_model_share(g->cover.features) : 0;
    return st;
}

enum status scorer_grade(const struct answer *x, struct embed *e, struct arena *a, struct scorer_grade *ret,
                         struct error *err)
{
    const size_t words = text_count_words(x->text ? x->text : "");
    struct report_question *q = &ret->question;
    *ret = (struct scorer_grade){.share = words ? NAN : 0};
    q->answer_id = x->id;
    q->position = x->position;
    q->question_text = x->question_text;
    q->competency = x->competency ? x->competency : "";
    q->score = q->confidence = q->relevance = q->specificity = q->correctness = q->transcript_quality = NAN;
    q->level_text = q->explanation = "";
    q->abstained = (int)why_not(x, words);
    q->reason_not_scored = reason_of(why_not(x, words), x, a);
    if (q->abstained != ABSTAINED_NOT && !q->reason_not_scored)
        return arena_exhausted(err);
    if (q->reason_not_scored && (x->skipped || words == 0 || words >= WORDS_MIN || x->points.count == 0))
        return STATUS_OK;
    if (!e)
        return error_set(err, STATUS_UNAVAILABLE, "engine_missing", NULL,
                         "Sentence vectors are not loaded: reports wait for them (run `viva check`)");
    return q->reason_not_scored ? measure_short(x, e, a, ret, err) : judge(x, e, words, a, ret, err);
}
