#include "services/report_pdf.h"

#include "services/pdf.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define INK      0x172021u
#define GREY     0x586668u
#define RULE     0xdfe5e6u
#define ACCENT   0x03606fu
#define PEOPLE   0x8c5e0fu
#define MADE     0x206740u
#define PART     0x8c5e0fu
#define LEFT     0xab2a19u
#define LABEL    64.0 /* a column of short words */
#define LINE     14.0
#define RADAR    210.0
#define SCORE_UP 14.0 /* beside the heading */
#define SCORE_W  96.0

static const struct pdf_style body = {.size = 9.5, .colour = INK}, note = {.size = 8.5, .colour = GREY},
                              small_head = {.tag = "H3", .size = 9.5, .weight = PDF_BOLD, .colour = INK, .before = 10};

struct context {
    const struct report_document *d;
    struct arena *a;
    bool failed; /* out of memory */
};

static const char *keep(struct context *c, const char *s)
{
    c->failed = c->failed || !s;
    return s ? s : "";
}

#define FORMAT(c, ...) keep(c, arena_printf((c)->a, __VA_ARGS__))

static const char *score_text(struct context *c, double score)
{
    return isnan(score) ? "\xe2\x80\x94" : FORMAT(c, "%.1f", score);
}

static const char *date_of(struct context *c, int64_t ms)
{
    const time_t t = (time_t)(ms / 1000);
    struct tm tm;
    char text[40] = "";
    if (ms > 0 && gmtime_r(&t, &tm))
        strftime(text, sizeof text, "%d %B %Y, %H:%M UTC", &tm);
    return FORMAT(c, "%s", text);
}

static const char *person(const struct context *c, const char *name)
{
    return c->d->hide_names ? REPORT_HIDDEN_REVIEWER : name ? name : "Somebody whose account is gone";
}

static const char *candidate(const struct context *c)
{
    return c->d->hide_names ? REPORT_HIDDEN_CANDIDATE : c->d->session->candidate->full_name;
}

/* To the moment of the recording. NULL: there is no address to point to, or it was typed. */
static const char *moment(struct context *c, struct id answer, double ms)
{
    char session[ID_TEXT_SIZE], text[ID_TEXT_SIZE];
    if (!*c->d->public_url || isnan(ms) || c->d->hide_names)
        return NULL;
    id_format(c->d->session->id, session);
    id_format(answer, text);
    return FORMAT(c, "%s/sessions/%s?answer=%s&ms=%.0f", c->d->public_url, session, text, ms);
}

static const char *clock_text(struct context *c, double ms)
{
    const int s = isnan(ms) ? 0 : (int)(ms / 1000);
    return isnan(ms) ? "typed" : FORMAT(c, "%d:%02d", s / 60, s % 60);
}

static void quoted(struct pdf *p, struct context *c, const char *quote, struct id answer, double ms, double indent)
{
    const struct pdf_style s = {.tag = "BlockQuote", .size = 9, .italic = true, .colour = GREY, .indent = indent};
    if (quote)
        pdf_text(p, &s, FORMAT(c, "\xe2\x80\x9c%s\xe2\x80\x9d  (%s)", quote, clock_text(c, ms)), moment(c, answer, ms));
}

/* A short word in the left column, a text in the right one. */
static void row(struct pdf *p, const char *label, uint32_t colour, const char *text)
{
    struct pdf_style left = {.tag = "Span", .size = 9, .weight = PDF_MEDIUM, .colour = colour, .width = LABEL - 8},
                     right = body;
    right.indent = LABEL;
    pdf_skip(p, 4);
    pdf_need(p, 2 * LINE);
    pdf_beside(p, &left, label, NULL);
    pdf_text(p, &right, text, NULL);
}

/* ---- the first page ---- */

static void head(struct pdf *p, struct context *c)
{
    const struct session_view *s = c->d->session;
    const struct report *r = c->d->report;
    const struct pdf_style kicker = {.size = 9, .weight = PDF_MEDIUM, .colour = ACCENT};
    const struct report_content *x = r->content;
    pdf_text(p, &kicker, "Interview report", NULL);
    pdf_heading(p, 1, candidate(c), 60);
    pdf_text(p, &body, FORMAT(c, "%s \xc2\xb7 %s", s->interview_title, date_of(c, s->started_at)), NULL);
    pdf_text(p, &note,
             FORMAT(c,
                    "Version %" PRId64
                    ", made %s. Scores are computed from what was said, point by point; a person decides.",
                    r->version, date_of(c, r->made_at)),
             NULL);
    if (x && x->partial)
        row(p, "Partial", PART,
            FORMAT(c, "%" PRId64 " of %" PRId64 " questions answered: the interview ended before its last question.",
                   x->answered, x->asked));
    if (r->sign_off)
        row(p, "Signed off", MADE,
            FORMAT(c, "%s, %s. %s", person(c, r->sign_off->author_name), date_of(c, r->sign_off->created_at),
                   r->sign_off->statement ? r->sign_off->statement : ""));
}

static void overall(struct pdf *p, struct context *c)
{
    const struct report *r = c->d->report;
    const struct pdf_style big = {.size = 34, .weight = PDF_BOLD, .colour = ACCENT},
                           by = {.size = 8.5, .colour = GREY, .width = PDF_INNER - RADAR - 20};
    pdf_text(p, &big, score_text(c, r->overall_score), NULL);
    pdf_text(p, &by, isnan(r->overall_score) ? "No overall score: nothing could be scored." : "of 5, computed", NULL);
    if (r->human) {
        const struct pdf_style other = {.size = 15, .weight = PDF_BOLD, .colour = PEOPLE, .before = 6};
        pdf_text(p, &other, FORMAT(c, "%s with the levels that people set", score_text(c, r->human->overall_score)),
                 NULL);
    }
    if (r->comparison) {
        struct pdf_style s = by;
        s.before = 6;
        pdf_text(p, &s, r->comparison->statement, NULL);
    }
}

static void competency_table(struct pdf *p, struct context *c, const struct list *all, const struct list *human)
{
    const struct report_competency *x = all->items, *h = human ? human->items : NULL;
    const struct pdf_style
        name = {.tag = "TD", .size = 9.5, .colour = INK, .width = 190},
        number = {.tag = "TD", .size = 9.5, .weight = PDF_MEDIUM, .colour = ACCENT, .indent = 200, .width = 30},
        people = {.tag = "TD", .size = 9.5, .weight = PDF_MEDIUM, .colour = PEOPLE, .indent = 232, .width = 30},
        side = {.tag = "TD", .size = 8.5, .colour = GREY, .indent = 380};
    pdf_begin(p, "Table", "");
    for (size_t i = 0; i < all->count; i++) {
        pdf_need(p, 2 * LINE);
        pdf_begin(p, "TR", "");
        pdf_beside(p, &number, score_text(c, x[i].score), NULL);
        if (h && i < human->count)
            pdf_beside(p, &people, score_text(c, h[i].score), NULL);
        report_pdf_bar(p, PDF_MARGIN + 268, 100, x[i].score, ACCENT);
        pdf_beside(p, &side,
                   FORMAT(c, "weight %.0f %%, %" PRId64 " of %" PRId64 " scored", 100 * x[i].weight, x[i].scored,
                          x[i].questions),
                   NULL);
        pdf_text(p, &name, x[i].name, NULL);
        pdf_end(p, "TR");
        pdf_skip(p, 4);
    }
    pdf_end(p, "Table");
}

static void competencies(struct pdf *p, struct context *c)
{
    const struct report *r = c->d->report;
    const struct list *human = r->human ? &r->human->competencies : NULL;
    const double top = pdf_y(p);
    pdf_need(p, RADAR);
    pdf_begin(p, "Figure", "");
    const bool drawn =
        report_pdf_radar(p, &r->content->competencies, human, PDF_WIDTH - PDF_MARGIN - RADAR - 30, RADAR);
    pdf_end(p, "Figure");
    overall(p, c);
    if (drawn && pdf_y(p) < top + RADAR)
        pdf_go(p, top + RADAR);
    if (r->content->competencies.count == 0)
        return;
    pdf_heading(p, 2, "Competencies", 40);
    pdf_skip(p, 4);
    competency_table(p, c, &r->content->competencies, human);
    if (human)
        pdf_text(p, &note, "The second figure includes the levels that people set.", NULL);
}

static void findings(struct pdf *p, struct context *c, const char *title, const struct list *all)
{
    const struct report_finding *f = all->items;
    if (all->count == 0)
        return;
    pdf_heading(p, 2, title, 30);
    for (size_t i = 0; i < all->count; i++) {
        row(p, FORMAT(c, "Question %" PRId64, f[i].position), GREY, f[i].text);
        quoted(p, c, f[i].quote, f[i].answer_id, f[i].start_ms, LABEL);
    }
}

static void ask_next(struct pdf *p, struct context *c, const struct list *all)
{
    const struct report_follow_up *f = all->items;
    if (all->count == 0)
        return;
    pdf_heading(p, 2, "What to ask next", 30);
    for (size_t i = 0; i < all->count; i++)
        row(p, FORMAT(c, "Question %" PRId64, f[i].position), GREY, f[i].question);
}

/* ---- a question ---- */

static void one_point(struct pdf *p, struct context *c, const struct report_point *x, struct id answer)
{
    static const char *const words[] = {"Made", "In part", "Left out"};
    static const uint32_t colours[] = {MADE, PART, LEFT};
    row(p, words[x->met], colours[x->met], x->text);
    quoted(p, c, x->quote, answer, x->start_ms, LABEL);
}

static void structure(struct pdf *p, struct context *c, const struct report_question *q)
{
    static const char *const names[] = {"Situation", "Task", "Action", "Result"};
    const struct report_structure_part *s = q->structure.items;
    if (q->structure.count == 0)
        return;
    pdf_text(p, &small_head, "Structure (not in the score)", NULL);
    for (size_t i = 0; i < q->structure.count; i++) {
        row(p, names[s[i].part], GREY, s[i].found ? "Told:" : "Not found in the answer.");
        quoted(p, c, s[i].found ? s[i].quote : NULL, q->answer_id, s[i].start_ms, LABEL);
    }
}

static const struct score_override *override_of(const struct report *r, struct id answer)
{
    const struct score_override *o = r->human ? r->human->overrides.items : NULL;
    for (size_t i = 0; o && i < r->human->overrides.count; i++)
        if (id_equal(o[i].answer_id, answer) && !isnan(o[i].level))
            return &o[i];
    return NULL;
}

static void transcript(struct pdf *p, struct context *c, struct id answer)
{
    const struct answer *x = c->d->session->answers.items;
    for (size_t i = 0; i < c->d->session->answers.count; i++) {
        const struct utterance *u = x[i].utterances.items;
        if (!id_equal(x[i].id, answer) || !x[i].text || !*x[i].text)
            continue;
        pdf_text(p, &small_head, "Transcript", NULL);
        for (size_t k = 0; k < x[i].utterances.count; k++)
            if (u[k].speaker == UTTERANCE_CANDIDATE)
                row(p, clock_text(c, (double)u[k].start_ms), GREY, u[k].text);
        if (x[i].utterances.count == 0)
            pdf_text(p, &body, x[i].text, NULL);
    }
}

static void question(struct pdf *p, struct context *c, const struct report_question *q)
{
    const struct pdf_style score = {.size = 20,
                                    .weight = PDF_BOLD,
                                    .colour = ACCENT,
                                    .right = true,
                                    .indent = PDF_INNER - SCORE_W,
                                    .width = SCORE_W},
                           text = {
                               .size = 10.5, .weight = PDF_MEDIUM, .colour = INK, .width = PDF_INNER - SCORE_W - 10};
    const struct score_override *o = override_of(c->d->report, q->answer_id);
    pdf_heading(p, 2, FORMAT(c, "Question %" PRId64, q->position), 80);
    pdf_go(p, pdf_y(p) - SCORE_UP);
    pdf_beside(p, &score, score_text(c, q->score), NULL);
    pdf_go(p, pdf_y(p) + SCORE_UP + 2);
    pdf_text(p, &text, q->question_text, NULL);
    for (size_t i = 0; i < q->follow_ups.count; i++)
        row(p, "Follow-up", GREY, q->follow_ups.items[i]);
    if (q->reason_not_scored)
        row(p, "Not scored", PART, q->reason_not_scored);
    else
        row(p, "Level", ACCENT,
            FORMAT(c, "%s (confidence %.0f %%). %s", q->level_text, 100 * q->confidence, q->explanation));
    if (q->judge)
        row(p, "Judge", GREY, q->judge->statement);
    if (o)
        row(p, FORMAT(c, "Set to %.0f", o->level), PEOPLE,
            FORMAT(c, "%s, %s: %s", person(c, o->author_name), date_of(c, o->created_at), o->reason));
    for (size_t i = 0; i < q->remarks.count; i++)
        row(p, "Note", GREY, q->remarks.items[i]);
    for (size_t i = 0; i < q->points.count; i++)
        one_point(p, c, (const struct report_point *)q->points.items + i, q->answer_id);
    structure(p, c, q);
    transcript(p, c, q->answer_id);
}

/* ---- beside the score ---- */

static void speech(struct pdf *p, struct context *c, const struct list *all)
{
    static const char *const names[] = {"Talk time", "Pace", "Pauses", "Longest", "In pauses", "Fillers", "First word"};
    const struct report_measure *m = all->items;
    if (all->count == 0)
        return;
    pdf_heading(p, 2, "How it was spoken (never in a score)", 40);
    for (size_t i = 0; i < all->count; i++)
        row(p, names[m[i].measure], GREY, FORMAT(c, "%.4g %s. %s", m[i].value, m[i].unit, m[i].explanation));
}

static void integrity(struct pdf *p, struct context *c, const struct list *all)
{
    const struct report_integrity *x = all->items;
    if (all->count == 0)
        return;
    pdf_heading(p, 2, "What happened around the answers (never in a score)", 40);
    for (size_t i = 0; i < all->count; i++)
        row(p, x[i].position ? FORMAT(c, "Question %" PRId64, x[i].position) : "Interview", GREY, x[i].statement);
}

static void made_with(struct pdf *p, const struct report *r)
{
    const struct report_made_with *m = r->content ? r->content->made_with : NULL;
    const char *all[][2] = {{"Viva", m ? m->application : ""},    {"Scorer", r->scorer_version},
                            {"Vectors", m ? m->embeddings : ""},  {"Judge", m ? m->judge : ""},
                            {"Prompt", m ? m->prompt : ""},       {"Hearing", m ? m->speech_to_text : ""},
                            {"Voice", m ? m->text_to_speech : ""}};
    pdf_heading(p, 2, "What produced this report", 40);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i][1] && *all[i][1])
            row(p, all[i][0], GREY, all[i][1]);
    pdf_text(p, &note,
             "Levels: 1 says little that the question asks for, 2 touches one part, 3 covers some, 4 covers most, 5 "
             "covers all "
             "that a good answer has. No face, voice, accent or emotion is looked at.",
             NULL);
}

static void draw(struct pdf *p, const void *u)
{
    struct context *c = *(struct context *const *)u;
    const struct report *r = c->d->report;
    const struct report_content *x = r->content;
    head(p, c);
    pdf_skip(p, 10);
    pdf_rule(p, RULE);
    pdf_skip(p, 10);
    if (x)
        competencies(p, c);
    else
        overall(p, c);
    pdf_heading(p, 2, "Summary", 40);
    pdf_text(p, &body, r->summary, NULL);
    if (x) {
        findings(p, c, "Strengths", &x->strengths);
        findings(p, c, "Gaps", &x->gaps);
        ask_next(p, c, &x->ask_next);
    }
    for (size_t i = 0; i < r->questions.count; i++)
        question(p, c, (const struct report_question *)r->questions.items + i);
    if (x)
        speech(p, c, &x->speech);
    integrity(p, c, &r->integrity);
    made_with(p, r);
}

enum status report_pdf(const struct report_document *d, struct arena *a, struct buf *out, struct error *err)
{
    struct context c = {.d = d, .a = a};
    struct context *const u = &c;
    const char *title = FORMAT(&c, "Interview report: %s, %s", candidate(&c), d->session->interview_title);
    const struct pdf_options o = {.title = title,
                                  .author = "Viva",
                                  .footer = FORMAT(&c, "%s \xc2\xb7 %s", candidate(&c), d->session->interview_title),
                                  .language = "en",
                                  .made_at = d->report->made_at};
    enum status st = pdf_make(&o, draw, &u, out, err);
    return st == STATUS_OK && c.failed ? arena_exhausted(err) : st;
}
