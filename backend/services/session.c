#include "services/session.h"

#include "base/cleanup.h"
#include "services/access.h"
#include "services/auth.h"
#include "services/candidate.h"
#include "services/report_view.h"

#include <inttypes.h>

enum status session_service_list(struct services *s, struct actor who, const struct session_filter *f, struct paging p,
                                 struct arena *a, struct page *ret, struct error *err)
{
    struct session_filter own = *f;
    if (!who.is_admin)
        own.reader_id = who.user_id;
    return session_list(s->db, &own, p, a, ret, err);
}

static enum status media_url(struct services *s, struct actor who, struct id session, const struct answer *x,
                             struct recording_segment *seg, struct arena *a, struct error *err)
{
    char sid[ID_TEXT_SIZE], aid[ID_TEXT_SIZE];
    const char *ticket = NULL;
    id_format(session, sid);
    id_format(x->id, aid);
    const char *path =
        arena_printf(a, "/api/v1/sessions/%s/answers/%s/recordings/%" PRId64 "/media", sid, aid, seg->segment);
    enum status st = path ? auth_media_ticket(s, who, path, a, &ticket, err) : arena_exhausted(err);
    if (st != STATUS_OK)
        return st;
    seg->media_url = arena_printf(a, "%s?ticket=%s", path, ticket);
    return seg->media_url ? STATUS_OK : arena_exhausted(err);
}

enum status session_service_get(struct services *s, struct actor who, struct id id, struct arena *a,
                                struct session_view **ret, struct error *err)
{
    struct session_view *view = NULL;
    enum status st = access_session(s, who, id, ACCESS_READ, err);
    if (st == STATUS_OK)
        st = session_detail(s->db, id, a, &view, err);
    struct answer *answers = st == STATUS_OK ? view->answers.items : NULL;
    for (size_t i = 0; st == STATUS_OK && i < view->answers.count; i++) {
        struct recording_segment *seg = answers[i].recordings.items;
        for (size_t k = 0; st == STATUS_OK && k < answers[i].recordings.count; k++)
            if (seg[k].status == RECORDING_READY)
                st = media_url(s, who, id, &answers[i], &seg[k], a, err);
    }
    if (st == STATUS_OK && view->report)
        st = report_view_fill(s, view->report, a, err);
    if (st == STATUS_OK)
        *ret = view;
    return st;
}

enum status session_service_delete(struct services *s, struct actor who, struct id id, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(1u << 16);
    struct session *session = NULL;
    enum status st = a ? access_session(s, who, id, ACCESS_CHANGE, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = session_find(s->db, id, a, &session, err);
    return st == STATUS_OK ? candidate_erase_as(s, who, session->candidate_id, "session.delete", "session", id, err)
                           : st;
}
