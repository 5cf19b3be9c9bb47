#ifndef VIVA_REPOSITORIES_AUDIT_REPOSITORY_H
#define VIVA_REPOSITORIES_AUDIT_REPOSITORY_H
/* The audit log only grows, but for what is older than it is to be kept. */

#include "models/audit.h"
#include "repositories/repository.h"

struct audit_filter {
    struct id actor_id;       /* zero: anybody */
    const char *action;       /* whole ("interview.publish"), or a beginning with its dot ("interview."); NULL: any */
    const char *subject_kind; /* NULL: any */
    struct id subject_id;     /* zero: any */
    int64_t from, to;         /* at >= from, at < to; 0: open */
};

enum status audit_insert(struct db *db, const struct audit_entry *e, struct error *err) must_check;
/* Newest first, with the names of the users who did it. Items are struct audit_entry. */
enum status audit_list(struct db *db, const struct audit_filter *f, struct paging p, struct arena *a, struct page *ret,
                       struct error *err) must_check;
/* The same without pages, the newest `limit` of them: for a file. */
enum status audit_export(struct db *db, const struct audit_filter *f, int64_t limit, struct arena *a, struct list *ret,
                         struct error *err) must_check;
/* Deletes what happened before; *count how many. */
enum status audit_purge(struct db *db, int64_t before, int64_t *count, struct error *err) must_check;

#endif
