#ifndef VIVA_REPOSITORIES_WHERE_H
#define VIVA_REPOSITORIES_WHERE_H
/* The conditions of a list, gathered one by one with the values of their placeholders; for repositories only. */

#include "base/buf.h"
#include "models/field.h"
#include "repositories/query.h"

#define WHERE_VALUES 16

struct where_value {
    enum { WHERE_ID, WHERE_INT, WHERE_NUMBER, WHERE_TEXT } type;
    struct id id;
    int64_t integer;
    double number;
    const char *text;
};

struct where {
    struct buf join, sql;
    struct where_value values[WHERE_VALUES];
    size_t n;
};

void where_init(struct where *w);
void where_free(struct where *w); /* for cleanup() */
/* Only what this user may read: owns, or has shared. interview: the column that names the interview. First of all,
 * because its placeholders stand in the join. A zero user reads everything. */
void where_reader(struct where *w, struct id user, const char *interview);
/* The same for what this user owns; for themselves alone. */
void where_owner(struct where *w, struct id user, const char *interview);
/* Each adds "AND condition" with one placeholder, unless the value says that nothing was asked for: a zero id, an
 * index below 0, a time or number of 0, NULL or "". */
void where_id(struct where *w, const char *condition, struct id v);
void where_choice(struct where *w, const char *condition, const struct choice *choices, int index);
void where_time(struct where *w, const char *condition, int64_t v);
void where_number(struct where *w, const char *condition, double v);
/* A condition of n placeholders that all are the same text (LIKE). */
void where_like(struct where *w, const char *condition, size_t n, const char *like);
void where_plain(struct where *w, const char *condition); /* without placeholder */

/* Prepares "<SELECT ... FROM ...><conditions><tail>", all bound but the tail's placeholders: *next (may be NULL) is the
 * first of these. A tail begins with a space. */
enum status where_prepare(struct db *db, struct where *w, const char *select, const char *tail, struct db_stmt **ret,
                          int *next, struct error *err) must_check;
/* "SELECT COUNT(*) FROM <from>" with the conditions. */
enum status where_count(struct db *db, struct where *w, const char *from, int64_t *ret, struct error *err) must_check;
/* Prepares "<select> <conditions> ORDER BY <order> LIMIT ? OFFSET ?", all bound. */
enum status where_page(struct db *db, struct where *w, const char *select, const char *order, struct paging p,
                       struct db_stmt **ret, struct error *err) must_check;

#endif
