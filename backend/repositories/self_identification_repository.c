#include "repositories/self_identification_repository.h"

#include "base/cleanup.h"
#include "repositories/query.h"

#include <string.h>

void self_identification_add(struct self_identification *x, const char *category, const char *value)
{
    for (size_t i = 0; i < SELF_CATEGORIES; i++) {
        const struct self_category *c = &self_categories[i];
        int k = strcmp(c->name, category) == 0 ? choice_index(c->choices, value) : -1;
        if (k >= 0)
            *self_value(x, c) = k;
    }
}

enum status self_identification_find(struct db *db, struct id session, struct self_identification *ret,
                                     struct error *err)
{
    QUERY(q);
    cleanup(arena_freep) struct arena *a = arena_new(4096);
    struct self_identification x = {0};
    bool row = false;
    enum status st =
        a ? db_prepare(db, "SELECT category, value FROM self_identifications WHERE session_id = ?", &q, err)
          : arena_exhausted(err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, session);
    while ((st = db_step(q, &row, err)) == STATUS_OK && row) {
        const char *category = db_text(q, 0, a), *value = db_text(q, 1, a);
        if (!category || !value)
            return arena_exhausted(err);
        self_identification_add(&x, category, value);
    }
    if (st == STATUS_OK)
        *ret = x;
    return st;
}

static enum status insert(struct db *db, struct id session, const struct self_category *c, int value, int64_t now,
                          struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(
        db, "INSERT INTO self_identifications (session_id, category, value, created_at) VALUES (?, ?, ?, ?)", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, session);
    db_bind_text(q, 2, c->name);
    db_bind_text(q, 3, choice_value(c->choices, value));
    db_bind_time(q, 4, now);
    st = db_run(q, NULL, err);
    return st == STATUS_CONFLICT ? query_not_found(err) : st;
}

enum status self_identification_replace(struct db *db, struct id session, const struct self_identification *x,
                                        int64_t now, struct error *err)
{
    enum status st = query_lock_row(db, "interview_sessions", session, err); /* two who send at once come in turn */
    if (st == STATUS_OK)
        st = self_identification_delete(db, session, err);
    for (size_t i = 0; st == STATUS_OK && i < SELF_CATEGORIES; i++) {
        int value = self_value_of(x, &self_categories[i]);
        if (value != SELF_NOT_GIVEN)
            st = insert(db, session, &self_categories[i], value, now, err);
    }
    return st;
}

enum status self_identification_delete(struct db *db, struct id session, struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db, "DELETE FROM self_identifications WHERE session_id = ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, session);
    return db_run(q, NULL, err);
}
