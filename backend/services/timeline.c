/* What happened with a candidate, told from the rows that are there (candidate.h). */
#include "base/cleanup.h"
#include "models/report.h"
#include "repositories/note_repository.h"
#include "repositories/resume_repository.h"
#include "repositories/session_repository.h"
#include "services/access.h"
#include "services/candidate.h"

#include <stdlib.h>

#define NOTES_MAX 100 /* the newest are on their own page */

struct teller {
    struct timeline_event *events;
    size_t n, room;
};

static void tell(struct teller *t, struct timeline_event e)
{
    if (e.at && t->n < t->room)
        t->events[t->n++] = e;
}

static void tell_answer(struct teller *t, const struct answer *x)
{
    const struct recording_segment *r = x->recordings.items;
    tell(t, (struct timeline_event){.at = x->started_at,
                                    .kind = TIMELINE_ANSWER,
                                    .text = x->question_text,
                                    .position = x->position,
                                    .duration_ms = x->duration_ms,
                                    .subject_id = x->id});
    for (size_t i = 1; i < x->recordings.count; i++) /* each further recording began after the one before broke off */
        tell(t, (struct timeline_event){.at = x->started_at + r[i].offset_ms - r[i].lead_ms,
                                        .kind = TIMELINE_INTERRUPTED,
                                        .position = x->position,
                                        .subject_id = x->id});
}

static void tell_session(struct teller *t, const struct session_view *v, const struct session *session)
{
    const struct answer *x = v->answers.items;
    const struct report *r = v->report;
    tell(t, (struct timeline_event){.at = v->started_at, .kind = TIMELINE_STARTED});
    for (size_t i = 0; i < v->answers.count; i++)
        tell_answer(t, &x[i]);
    tell(t, (struct timeline_event){.at = v->completed_at, .kind = TIMELINE_COMPLETED});
    if (v->status == SESSION_WITHDRAWN) /* the last thing that changes a session */
        tell(t, (struct timeline_event){.at = session->updated_at, .kind = TIMELINE_WITHDRAWN});
    if (r && r->status != REPORT_PENDING)
        tell(t,
             (struct timeline_event){.at = r->updated_at,
                                     .kind = r->status == REPORT_READY ? TIMELINE_REPORT_READY : TIMELINE_REPORT_FAILED,
                                     .subject_id = r->id});
}

static void tell_candidate(struct teller *t, const struct candidate_profile *c, const struct resume *r)
{
    tell(t, (struct timeline_event){.at = c->created_at, .kind = TIMELINE_REGISTERED});
    tell(t, (struct timeline_event){.at = c->consent_recording_at, .kind = TIMELINE_CONSENT_RECORDING});
    tell(t, (struct timeline_event){.at = c->consent_ai_at, .kind = TIMELINE_CONSENT_AI});
    if (r)
        tell(t, (struct timeline_event){.at = r->uploaded_at, .kind = TIMELINE_RESUME, .text = r->file_name});
}

static void tell_notes(struct teller *t, const struct list *notes)
{
    const struct session_note *n = notes->items;
    for (size_t i = 0; i < notes->count; i++)
        tell(t, (struct timeline_event){
                    .at = n[i].created_at, .kind = TIMELINE_NOTE, .text = n[i].text, .subject_id = n[i].id});
}

static int by_time(const void *a, const void *b)
{
    const struct timeline_event *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    if (x->position != y->position) /* of the same moment: in the order of the interview */
        return x->position < y->position ? -1 : 1;
    return x->kind - y->kind;
}

static size_t room_for(const struct session_view *v, const struct list *notes)
{
    const struct answer *x = v->answers.items;
    size_t n = 16 + notes->count + v->answers.count;
    for (size_t i = 0; i < v->answers.count; i++)
        n += x[i].recordings.count;
    return n;
}

enum status candidate_service_timeline(struct services *s, struct actor who, struct id id, struct arena *a,
                                       struct timeline **ret, struct error *err)
{
    struct candidate_profile *c = NULL;
    struct session *session = NULL;
    struct session_view *v = NULL;
    struct resume *r = NULL;
    struct page notes = {0};
    struct timeline *out = arena_new_of(a, struct timeline);
    enum status st = out ? candidate_service_get(s, who, id, a, &c, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = session_find(s->db, c->session_id, a, &session, err);
    if (st == STATUS_OK)
        st = session_detail(s->db, c->session_id, a, &v, err);
    if (st == STATUS_OK)
        st = note_list(s->db, c->session_id, (struct paging){1, NOTES_MAX}, a, &notes, err);
    if (st == STATUS_OK && c->has_resume)
        st = resume_find(s->db, id, a, &r, err);
    if (st != STATUS_OK && !(v && st == STATUS_NOT_FOUND)) /* a resume that went meanwhile is none */
        return st;
    struct teller t = {.room = room_for(v, &notes.items)};
    if (!(t.events = arena_array(a, t.room, sizeof *t.events)))
        return arena_exhausted(err);
    tell_candidate(&t, c, r);
    tell_session(&t, v, session);
    tell_notes(&t, &notes.items);
    qsort(t.events, t.n, sizeof *t.events, by_time);
    *out = (struct timeline){.candidate_id = id, .session_id = c->session_id, .events = {t.events, t.n}};
    *ret = out;
    return STATUS_OK;
}
