#include "services/transcript.h"

#include "models/session.h"
#include "repositories/session_repository.h"
#include "services/access.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define INTERVIEWER "Interviewer"

static enum status fill_answer(const struct answer *x, int64_t began, struct arena *a, struct transcript_answer *out,
                               struct error *err)
{
    const struct utterance *u = x->utterances.items;
    struct transcript_line *lines = arena_array(a, x->utterances.count + 1, sizeof *lines);
    if (!lines)
        return arena_exhausted(err);
    for (size_t i = 0; i < x->utterances.count; i++)
        lines[i] = (struct transcript_line){.speaker = u[i].speaker,
                                            .start_ms = u[i].start_ms,
                                            .end_ms = u[i].end_ms,
                                            .text = u[i].text,
                                            .words = u[i].words,
                                            .confidence = u[i].confidence,
                                            .other_language = u[i].other_language,
                                            .follow_up = u[i].follow_up,
                                            .typed = u[i].typed};
    *out = (struct transcript_answer){
        .answer_id = x->id,
        .position = x->position,
        .question_text = x->question_text,
        .mode = x->mode,
        .started_at = x->started_at,
        .offset_ms = began && x->started_at > began ? x->started_at - began : 0,
        .duration_ms = x->duration_ms,
        .lines = {lines, x->utterances.count},
        .text = x->text,
        .typed = answer_typed_part(x),
    };
    return STATUS_OK;
}

static enum status from_view(const struct session_view *v, struct arena *a, struct session_transcript **ret,
                             struct error *err)
{
    const struct answer *x = v->answers.items;
    struct session_transcript *t = arena_new_of(a, struct session_transcript);
    struct transcript_answer *out = arena_array(a, v->answers.count + 1, sizeof *out);
    if (!t || !out)
        return arena_exhausted(err);
    for (size_t i = 0; i < v->answers.count; i++) {
        enum status st = fill_answer(&x[i], v->started_at, a, &out[i], err);
        if (st != STATUS_OK)
            return st;
    }
    *t = (struct session_transcript){
        .session_id = v->id,
        .interview_title = v->interview_title,
        .candidate_name = v->candidate->full_name,
        .started_at = v->started_at,
        .answers = {out, v->answers.count},
    };
    *ret = t;
    return STATUS_OK;
}

enum status transcript_of_session(struct services *s, struct id session, struct arena *a,
                                  struct session_transcript **ret, struct error *err)
{
    struct session_view *v = NULL;
    enum status st = session_detail(s->db, session, a, &v, err);
    return st == STATUS_OK ? from_view(v, a, ret, err) : st;
}

enum status transcript_get(struct services *s, struct actor who, struct id session, struct arena *a,
                           struct session_transcript **ret, struct error *err)
{
    enum status st = access_session(s, who, session, ACCESS_READ, err);
    return st == STATUS_OK ? transcript_of_session(s, session, a, ret, err) : st;
}

static void write_time(struct buf *out, int64_t ms, bool with_ms)
{
    buf_printf(out, "%02" PRId64 ":%02" PRId64 ":%02" PRId64, ms / 3600000, ms / 60000 % 60, ms / 1000 % 60);
    if (with_ms)
        buf_printf(out, ".%03" PRId64, ms % 1000);
}

static const char *speaker_name(const struct session_transcript *t, const struct transcript_line *l)
{
    return l->speaker == UTTERANCE_CANDIDATE ? t->candidate_name : INTERVIEWER;
}

/* -----------------------------------------------------------------------------------------------------------------
 * plain text */

void transcript_write_text(struct buf *out, const struct session_transcript *t)
{
    const struct transcript_answer *x = t->answers.items;
    buf_printf(out, "%s\n%s\n", t->interview_title, t->candidate_name);
    for (size_t i = 0; i < t->answers.count; i++) {
        const struct transcript_line *l = x[i].lines.items;
        buf_printf(out, "\n%" PRId64 ". %s\n", x[i].position, x[i].question_text);
        for (size_t k = 0; k < x[i].lines.count; k++) {
            const int64_t at = x[i].offset_ms + l[k].start_ms;
            buf_char(out, '[');
            write_time(out, at > 0 ? at : 0, false);
            buf_printf(out, "] %s%s: %s\n", speaker_name(t, &l[k]), l[k].typed ? " (in writing)" : "", l[k].text);
        }
        if (*x[i].typed)
            buf_printf(out, "Answer in writing: %s\n", x[i].typed);
    }
}

/* -----------------------------------------------------------------------------------------------------------------
 * WebVTT */

struct cue {
    int64_t start, end;
    const struct transcript_line *line;
};

/* Cue text ends at a blank line, and < & > mean something in it (https://www.w3.org/TR/webvtt1/#cue-text). Without
 * any ">" there is no "-->" either, which must stand nowhere but between times. */
static void write_escaped(struct buf *out, const char *text)
{
    bool space = false;
    for (; *text; text++) {
        bool blank = *text == '\n' || *text == '\r' || *text == ' ' || *text == '\t';
        if (blank && space)
            continue;
        space = blank;
        if (blank)
            buf_char(out, ' ');
        else if (*text == '&')
            buf_str(out, "&amp;");
        else if (*text == '<')
            buf_str(out, "&lt;");
        else if (*text == '>')
            buf_str(out, "&gt;");
        else
            buf_char(out, *text);
    }
}

static int by_start(const void *a, const void *b)
{
    const struct cue *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return x->end != y->end ? (x->end < y->end ? -1 : 1) : 0;
}

/* The lines of an answer between 0 and `length` (0: no end), moved by `shift` ms; a cue lasts at least one
 * millisecond. Returns how many. */
static size_t cues_of(const struct transcript_answer *x, int64_t shift, int64_t length, struct cue *out)
{
    const struct transcript_line *l = x->lines.items;
    size_t n = 0;
    for (size_t i = 0; i < x->lines.count; i++) {
        struct cue c = {.start = l[i].start_ms + shift, .end = l[i].end_ms + shift, .line = &l[i]};
        if (l[i].typed || c.end <= 0 || (length && c.start >= length))
            continue;
        c.start = c.start < 0 ? 0 : c.start;
        if (length && c.end > length)
            c.end = length;
        if (c.end <= c.start)
            c.end = c.start + 1;
        out[n++] = c;
    }
    return n;
}

static void write_note(struct buf *out, const struct transcript_answer *x)
{
    buf_printf(out, "NOTE Question %" PRId64 ": ", x->position);
    write_escaped(out, x->question_text);
    buf_str(out, "\n\n");
}

static void write_cues(struct buf *out, const struct session_transcript *t, struct cue *cues, size_t n)
{
    qsort(cues, n, sizeof *cues, by_start);
    for (size_t i = 0; i < n; i++) {
        write_time(out, cues[i].start, true);
        buf_str(out, " --> ");
        write_time(out, cues[i].end, true);
        buf_str(out, "\n<v ");
        write_escaped(out, speaker_name(t, cues[i].line));
        buf_char(out, '>');
        write_escaped(out, cues[i].line->text);
        buf_str(out, "\n\n");
    }
}

static const struct recording_segment *find_recording(const struct session_view *v, const struct transcript_part *part)
{
    const struct answer *x = v->answers.items;
    for (size_t i = 0; i < v->answers.count; i++) {
        const struct recording_segment *r = x[i].recordings.items;
        for (size_t k = 0; id_equal(x[i].id, part->answer) && k < x[i].recordings.count; k++)
            if (r[k].segment == part->segment)
                return &r[k];
    }
    return NULL;
}

static size_t lines_of(const struct session_transcript *t)
{
    const struct transcript_answer *x = t->answers.items;
    size_t n = 0;
    for (size_t i = 0; i < t->answers.count; i++)
        n += x[i].lines.count;
    return n;
}

static enum status write_vtt(const struct session_transcript *t, const struct recording_segment *only, struct arena *a,
                             struct buf *out, struct error *err)
{
    const struct transcript_answer *x = t->answers.items;
    struct cue *cues = arena_array(a, lines_of(t) + 1, sizeof *cues);
    size_t n = 0;
    if (!cues)
        return arena_exhausted(err);
    buf_str(out, "WEBVTT\n\n");
    for (size_t i = 0; i < t->answers.count; i++) {
        if (only && !id_equal(only->response_id, x[i].answer_id))
            continue;
        write_note(out, &x[i]);
        n += only ? cues_of(&x[i], only->lead_ms - only->offset_ms, only->duration_ms, cues + n)
                  : cues_of(&x[i], x[i].offset_ms, 0, cues + n);
    }
    write_cues(out, t, cues, n);
    return STATUS_OK;
}

enum status transcript_vtt(struct services *s, struct actor who, struct id session, const struct transcript_part *part,
                           struct arena *a, struct buf *out, struct error *err)
{
    struct session_view *v = NULL;
    struct session_transcript *t = NULL;
    const struct recording_segment *only = NULL;
    enum status st = access_session(s, who, session, ACCESS_READ, err);
    if (st == STATUS_OK)
        st = session_detail(s->db, session, a, &v, err);
    if (st == STATUS_OK)
        st = from_view(v, a, &t, err);
    if (st == STATUS_OK && !id_is_zero(part->answer) && !(only = find_recording(v, part)))
        st = error_set(err, STATUS_NOT_FOUND, "not_found", NULL, "There is no such recording");
    return st == STATUS_OK ? write_vtt(t, only, a, out, err) : st;
}
