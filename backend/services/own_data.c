#include "services/own_data.h"

#include "base/cleanup.h"
#include "repositories/candidate_repository.h"
#include "repositories/event_repository.h"
#include "repositories/interview_repository.h"
#include "repositories/report_repository.h"
#include "repositories/resume_repository.h"
#include "repositories/self_identification_repository.h"
#include "repositories/session_repository.h"
#include "services/audit.h"
#include "services/candidacy.h"
#include "services/transcript.h"

#include <inttypes.h>

#define NOTICE                                                                                                         \
    "This is what you gave, as it is held: your registration and consents, the questions and your answers, your "      \
    "recordings, your resume, and what you said of yourself of your own will. An assessment of your answers, if "      \
    "there is one, and notes of the people who decide "                                                                \
    "are not in this file; ask the person who sent you the link for them."

static enum status add_recordings(struct own_data *d, const struct list *answers, struct arena *a, struct error *err)
{
    const struct answer *x = answers->items;
    char session[ID_TEXT_SIZE], answer[ID_TEXT_SIZE];
    size_t n = 0;
    for (size_t i = 0; i < answers->count; i++)
        n += x[i].recordings.count;
    struct own_recording *out = arena_array(a, n + 1, sizeof *out);
    if (!out)
        return arena_exhausted(err);
    id_format(d->session_id, session);
    n = 0;
    for (size_t i = 0; i < answers->count; i++) {
        const struct recording_segment *r = x[i].recordings.items;
        id_format(x[i].id, answer);
        for (size_t k = 0; k < x[i].recordings.count; k++, n++) {
            out[n] = (struct own_recording){.answer_id = x[i].id,
                                            .position = x[i].position,
                                            .segment = r[k].segment,
                                            .media_type = r[k].media_type,
                                            .status = r[k].status,
                                            .offset_ms = r[k].offset_ms,
                                            .lead_ms = r[k].lead_ms,
                                            .duration_ms = r[k].duration_ms};
            if (r[k].status != RECORDING_READY)
                continue;
            out[n].media_url = arena_printf(a, "/api/v1/public/sessions/%s/answers/%s/recordings/%" PRId64 "/media",
                                            session, answer, r[k].segment);
            if (!out[n].media_url)
                return arena_exhausted(err);
        }
    }
    d->recordings = (struct list){out, n};
    return STATUS_OK;
}

static enum status add_resume(struct services *s, struct own_data *d, struct id candidate, struct arena *a,
                              struct error *err)
{
    struct resume *r = NULL;
    enum status st = resume_find(s->db, candidate, a, &r, err);
    if (st == STATUS_NOT_FOUND)
        return STATUS_OK;
    if (st == STATUS_OK && !(d->resume = arena_new_of(a, struct own_resume)))
        st = arena_exhausted(err);
    if (st == STATUS_OK)
        *d->resume = (struct own_resume){.file_name = r->file_name,
                                         .media_type = r->media_type,
                                         .bytes = r->bytes,
                                         .uploaded_at = r->uploaded_at,
                                         .sha256 = r->sha256,
                                         .text = r->text};
    return st;
}

static enum status add_people(struct services *s, struct own_data *d, const struct session *session, struct arena *a,
                              struct error *err)
{
    struct candidate *c = NULL;
    struct interview *i = NULL;
    enum status st = candidate_find(s->db, session->candidate_id, a, &c, err);
    if (st == STATUS_OK)
        st = interview_find(s->db, session->interview_id, a, &i, err);
    if (st != STATUS_OK)
        return st;
    d->full_name = c->full_name;
    d->email = c->email;
    d->registered_at = c->created_at;
    d->consent_recording_at = c->consent_recording_at;
    d->consent_ai_at = c->consent_ai_at;
    d->interview_title = i->title;
    d->job_role = i->job_role;
    d->organisation = i->organisation;
    d->status = session->status;
    d->started_at = session->started_at;
    d->completed_at = session->completed_at;
    d->recordings_erased_at = session->recordings_erased_at;
    return STATUS_OK;
}

static enum status add_words(struct services *s, struct own_data *d, struct arena *a, struct error *err)
{
    struct session_view *view = NULL;
    struct session_transcript *t = NULL;
    enum status st = session_detail(s->db, d->session_id, a, &view, err);
    if (st == STATUS_OK)
        st = transcript_of_session(s, d->session_id, a, &t, err);
    if (st == STATUS_OK)
        st = add_recordings(d, &view->answers, a, err);
    if (st == STATUS_OK)
        st = event_list(s->db, d->session_id, a, &d->events, err);
    if (st != STATUS_OK)
        return st;
    d->answers = t->answers;
    d->assessed = view->report && view->report->status == REPORT_READY;
    d->assessed_at = d->assessed ? view->report->updated_at : 0;
    return STATUS_OK;
}

static enum status add_background(struct services *s, struct own_data *d, struct arena *a, struct error *err)
{
    struct self_identification x = {0};
    enum status st = self_identification_find(s->db, d->session_id, &x, err);
    bool any = false;
    for (size_t i = 0; i < SELF_CATEGORIES; i++)
        any = any || self_value_of(&x, &self_categories[i]) != SELF_NOT_GIVEN;
    if (st != STATUS_OK || !any)
        return st;
    if (!(d->self_identification = arena_new_of(a, struct self_identification)))
        return arena_exhausted(err);
    *d->self_identification = x;
    return STATUS_OK;
}

enum status own_data_get(struct services *s, struct id session_id, struct arena *a, struct own_data **ret,
                         struct error *err)
{
    const struct audit_event e = {"candidate.data_copy", "session", session_id, NULL};
    struct session *session = NULL;
    struct own_data *d = arena_new_of(a, struct own_data);
    enum status st = d ? candidacy_check_own(s, session_id, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = session_find(s->db, session_id, a, &session, err);
    if (st != STATUS_OK)
        return st;
    d->format = "viva.own-data/1";
    d->exported_at = clock_unix_ms(s->clock);
    d->notice = NOTICE;
    d->session_id = session_id;
    st = add_people(s, d, session, a, err);
    if (st == STATUS_OK)
        st = add_words(s, d, a, err);
    if (st == STATUS_OK)
        st = add_resume(s, d, session->candidate_id, a, err);
    if (st == STATUS_OK)
        st = add_background(s, d, a, err);
    if (st == STATUS_OK)
        st = audit_record_candidate(s, session_id, &e, err);
    if (st == STATUS_OK)
        *ret = d;
    return st;
}

enum status own_data_media(struct services *s, const struct segment_ref *ref, struct arena *a,
                           struct recording_media *ret, struct error *err)
{
    enum status st = candidacy_check_own(s, ref->session, err);
    return st == STATUS_OK ? recording_media_open(s, ref, a, ret, err) : st;
}
