#include "services/interview.h"

#include "base/cleanup.h"
#include "repositories/session_repository.h"
#include "services/ai_question.h"
#include "services/settings.h"

#include <string.h>

const char *interview_candidate_url(const struct services *s, const char *link, struct arena *a)
{
    const char *base = s->settings->public_url;
    size_t n = strlen(base);
    while (n && base[n - 1] == '/')
        n--;
    return arena_printf(a, "%.*s/i/%s", (int)n, base, link);
}

/* The interview, if it is the actor's to see; somebody else's does not exist for them. */
static enum status visible(struct services *s, struct actor who, struct id id, struct arena *a, struct interview **ret,
                           struct error *err)
{
    struct interview *i = NULL;
    enum status st = interview_find(s->db, id, a, &i, err);
    if (st == STATUS_NOT_FOUND || (st == STATUS_OK && !who.is_admin && !id_equal(i->owner_id, who.user_id)))
        return error_set(err, STATUS_NOT_FOUND, "not_found", NULL, "There is no such interview");
    if (st == STATUS_OK)
        *ret = i;
    return st;
}

static enum status complete(struct services *s, struct interview *i, struct arena *a, struct error *err)
{
    i->candidate_url = interview_candidate_url(s, i->link, a);
    if (!i->candidate_url)
        return arena_exhausted(err);
    return question_list(s->db, i->id, a, &i->questions, err);
}

enum status interview_service_get(struct services *s, struct actor who, struct id id, struct arena *a,
                                  struct interview **ret, struct error *err)
{
    struct interview *i = NULL;
    enum status st = visible(s, who, id, a, &i, err);
    if (st == STATUS_OK)
        st = complete(s, i, a, err);
    if (st == STATUS_OK)
        *ret = i;
    return st;
}

enum status interview_service_list(struct services *s, struct actor who, const struct interview_filter *f,
                                   struct paging p, struct arena *a, struct page *ret, struct error *err)
{
    struct interview_filter own = *f;
    struct page page = {0};
    if (!who.is_admin)
        own.owner_id = who.user_id;
    enum status st = interview_list(s->db, &own, p, a, &page, err);
    struct interview *items = page.items.items;
    for (size_t i = 0; st == STATUS_OK && i < page.items.count; i++) {
        items[i].candidate_url = interview_candidate_url(s, items[i].link, a);
        if (!items[i].candidate_url)
            st = arena_exhausted(err);
    }
    if (st == STATUS_OK)
        *ret = page;
    return st;
}

/* What may be left out is empty text in the row. */
static void fill_empty(struct interview *i)
{
    if (!i->job_description)
        i->job_description = "";
    if (!i->organisation)
        i->organisation = "";
}

enum status interview_service_create(struct services *s, struct actor who, const struct interview_input *in,
                                     struct arena *a, struct interview **ret, struct error *err)
{
    char link[INTERVIEW_LINK_SIZE];
    struct interview *i = arena_new_of(a, struct interview);
    interview_link_make(link);
    if (!i || !(i->link = arena_strdup(a, link)))
        return arena_exhausted(err);
    interview_apply(i, in);
    fill_empty(i);
    enum status st = settings_fill_interview(s, in, i, a, err);
    if (st != STATUS_OK)
        return st;
    i->id = id_new();
    i->owner_id = who.user_id;
    i->status = INTERVIEW_DRAFT;
    i->created_at = i->updated_at = clock_unix_ms(s->clock);
    st = interview_insert(s->db, i, err);
    return st == STATUS_OK ? interview_service_get(s, who, i->id, a, ret, err) : st;
}

enum status interview_service_update(struct services *s, struct actor who, struct id id,
                                     const struct interview_input *in, struct arena *a, struct interview **ret,
                                     struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    struct interview *i = NULL;
    enum status st = db_begin(s->db, &t, err);
    if (st == STATUS_OK)
        st = visible(s, who, id, a, &i, err);
    if (st != STATUS_OK)
        return st;
    interview_apply(i, in);
    fill_empty(i);
    i->updated_at = clock_unix_ms(s->clock);
    st = interview_update(s->db, i, err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    return st == STATUS_OK ? interview_service_get(s, who, id, a, ret, err) : st;
}

enum status interview_service_delete(struct services *s, struct actor who, struct id id, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
    struct interview *i = NULL;
    enum status st = a ? visible(s, who, id, a, &i, err) : arena_exhausted(err);
    return st == STATUS_OK ? interview_delete(s->db, id, err) : st;
}

/* Questions are copied into an answer when it is opened, but the order of those still to come must not change under a
 * candidate's feet. */
static enum status check_quiet(struct services *s, struct id interview, struct error *err)
{
    struct session_filter running = SESSION_FILTER_ANY;
    int64_t n = 0;
    running.interview_id = interview;
    running.status = SESSION_IN_PROGRESS;
    enum status st = session_count(s->db, &running, &n, err);
    if (st == STATUS_OK && n > 0)
        st = error_set(err, STATUS_CONFLICT, "interview_running", "questions",
                       "A candidate is being interviewed right now; change the questions afterwards");
    return st;
}

/* Inside the caller's transaction, which has looked at i. */
static enum status replace_questions(struct services *s, const struct interview *i, const struct question_input *items,
                                     size_t n, struct error *err)
{
    enum status st = check_quiet(s, i->id, err);
    if (st == STATUS_OK && n == 0 && i->status == INTERVIEW_OPEN)
        st = error_set(err, STATUS_INVALID, "no_questions", "questions",
                       "An open interview needs at least one question");
    return st == STATUS_OK ? question_replace(s->db, i->id, items, n, err) : st;
}

enum status interview_service_set_questions(struct services *s, struct actor who, struct id id,
                                            const struct question_input *items, size_t n, struct arena *a,
                                            struct interview **ret, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    struct interview *i = NULL;
    enum status st = db_begin(s->db, &t, err);
    if (st == STATUS_OK)
        st = visible(s, who, id, a, &i, err);
    if (st == STATUS_OK)
        st = replace_questions(s, i, items, n, err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    return st == STATUS_OK ? interview_service_get(s, who, id, a, ret, err) : st;
}

static struct question_input as_input(const struct question *q)
{
    return (struct question_input){
        .id = q->id, .text = q->text, .category = q->category, .points = q->points, .time_limit_s = q->time_limit_s};
}

/* The questions there are, and the drafted ones behind them; before a closing question, which stays the last. */
static struct question_input *add_draft(const struct list *kept, const struct question_input *draft, size_t n,
                                        struct arena *a)
{
    struct question_input *out = arena_array(a, kept->count + n, sizeof *out);
    const struct question *q = kept->items;
    size_t before = kept->count, k = 0;
    if (before && q[before - 1].category == CATEGORY_CLOSING)
        before--;
    for (size_t i = 0; out && i < before; i++)
        out[k++] = as_input(&q[i]);
    for (size_t i = 0; out && i < n; i++)
        out[k++] = draft[i];
    for (size_t i = before; out && i < kept->count; i++)
        out[k++] = as_input(&q[i]);
    return out;
}

/* Drafts as many as are missing, and stores them. Inside a transaction. */
static enum status generate(struct services *s, struct interview *i, uint64_t seed, struct arena *a, struct error *err)
{
    struct question_input *draft = NULL;
    size_t kept = i->questions.count;
    size_t n = (size_t)i->question_count > kept ? (size_t)i->question_count - kept : 0;
    if (n == 0)
        return error_set(err, STATUS_INVALID, "questions_enough", "question_count",
                         "There are %zu questions already; raise the number of questions, or replace them", kept);
    enum status st = ai_question_draft(i, n, seed, a, &draft, err);
    if (st == STATUS_OK)
        st = settings_fill_draft(s, draft, n, a, err);
    if (st != STATUS_OK)
        return st;
    struct question_input *all = add_draft(&i->questions, draft, n, a);
    return all ? replace_questions(s, i, all, kept + n, err) : arena_exhausted(err);
}

enum status interview_service_generate(struct services *s, struct actor who, struct id id, bool replace,
                                       struct arena *a, struct interview **ret, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    struct interview *i = NULL;
    uint64_t seed;
    random_bytes(&seed, sizeof seed);
    enum status st = db_begin(s->db, &t, err);
    if (st == STATUS_OK)
        st = interview_service_get(s, who, id, a, &i, err);
    if (st != STATUS_OK)
        return st;
    if (replace)
        i->questions = (struct list){0};
    st = generate(s, i, seed, a, err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    return st == STATUS_OK ? interview_service_get(s, who, id, a, ret, err) : st;
}

enum status interview_service_set_status(struct services *s, struct actor who, struct id id, enum interview_status to,
                                         struct arena *a, struct interview **ret, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    struct interview *i = NULL;
    enum status st = db_begin(s->db, &t, err);
    if (st == STATUS_OK)
        st = interview_service_get(s, who, id, a, &i, err);
    if (st == STATUS_OK && to == INTERVIEW_OPEN && i->questions.count == 0)
        st = error_set(err, STATUS_INVALID, "no_questions", "questions", "Add or generate questions first");
    if (st == STATUS_OK)
        st = interview_set_status(s->db, id, to, clock_unix_ms(s->clock), err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    return st == STATUS_OK ? interview_service_get(s, who, id, a, ret, err) : st;
}
