/* What an administrator sees of the queue and mends in it (job_repository.h). */
#include "repositories/job_repository.h"

#include "base/buf.h"
#include "base/cleanup.h"
#include "repositories/query.h"

#include <string.h>

#define SQL_MAX 1024

static void write_conditions(struct buf *b, const struct job_filter *f)
{
    const char *word = "WHERE";
    if (f->state >= 0) {
        buf_printf(b, "%s state = ? ", word);
        word = "AND";
    }
    if (f->kind && *f->kind)
        buf_printf(b, "%s kind = ? ", word);
}

static int bind_conditions(struct db_stmt *q, const struct job_filter *f)
{
    int i = 1;
    if (f->state >= 0)
        db_bind_text(q, i++, choice_value(job_state_choices, f->state));
    if (f->kind && *f->kind)
        db_bind_text(q, i++, f->kind);
    return i;
}

static enum status count_jobs(struct db *db, const struct job_filter *f, int64_t *ret, struct error *err)
{
    QUERY(q);
    cleanup(buf_free) struct buf b;
    buf_init(&b, SQL_MAX);
    buf_str(&b, "SELECT COUNT(*) FROM jobs ");
    write_conditions(&b, f);
    enum status st = db_prepare(db, buf_cstr(&b), &q, err);
    if (st != STATUS_OK)
        return st;
    bind_conditions(q, f);
    return query_int(q, ret, err);
}

enum status job_list(struct db *db, const struct job_filter *f, struct paging p, struct arena *a, struct page *ret,
                     struct error *err)
{
    QUERY(q);
    struct page page = {0};
    cleanup(buf_free) struct buf b;
    buf_init(&b, SQL_MAX);
    write_conditions(&b, f);
    buf_str(&b, "ORDER BY id DESC LIMIT ? OFFSET ?");
    enum status st = count_jobs(db, f, &page.total, err);
    if (st == STATUS_OK)
        st = query_select(db, &job_model, "jobs", buf_cstr(&b), &q, err);
    if (st != STATUS_OK)
        return st;
    query_bind_paging(q, bind_conditions(q, f), p);
    st = row_list(q, &job_model, a, &page.items, err);
    if (st == STATUS_OK)
        *ret = page;
    return st;
}

static enum status why_not(struct db *db, struct id id, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(1u << 17);
    struct job *j = NULL;
    enum status st = a ? job_find(db, id, a, &j, err) : arena_exhausted(err);
    return st == STATUS_OK ? error_set(err, STATUS_CONFLICT, "job_state", "state", "This job is %s, not failed.",
                                       choice_value(job_state_choices, j->state))
                           : st;
}

enum status job_retry(struct db *db, struct id id, int64_t now, struct error *err)
{
    QUERY(q);
    int64_t n = 0;
    struct error why = {0};
    enum status st = db_prepare(db,
                                "UPDATE jobs SET state = 'queued', attempts = 0, run_after = ?, last_error = NULL, "
                                "updated_at = ? WHERE id = ? AND state = 'failed'",
                                &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_int(q, 1, now);
    db_bind_int(q, 2, now);
    db_bind_id(q, 3, id);
    st = db_run(q, &n, &why);
    if (st == STATUS_OK && n == 0)
        return why_not(db, id, err);
    if (st == STATUS_CONFLICT && strcmp(why.code, "unique_violation") == 0)
        return error_set(err, st, "job_pending", NULL, "Another job of this kind waits or runs for the same subject.");
    if (st != STATUS_OK && err)
        *err = why;
    return st;
}
