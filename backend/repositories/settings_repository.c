#include "repositories/settings_repository.h"

#include "base/cleanup.h"
#include "repositories/query.h"

#define SETTINGS_MAX 64

enum status setting_list(struct db *db, struct arena *a, struct stored_setting **ret, size_t *n, struct error *err)
{
    QUERY(q);
    bool row = false;
    size_t count = 0;
    struct stored_setting *items = arena_array(a, SETTINGS_MAX, sizeof *items);
    if (!items)
        return arena_exhausted(err);
    enum status st = db_prepare(db, "SELECT name, value, updated_at FROM settings ORDER BY name LIMIT 64", &q, err);
    while (st == STATUS_OK && count < SETTINGS_MAX && (st = db_step(q, &row, err)) == STATUS_OK && row) {
        struct stored_setting *x = &items[count++];
        *x = (struct stored_setting){db_text(q, 0, a), db_text(q, 1, a), db_int(q, 2)};
        if (!x->name || !x->value)
            return arena_exhausted(err);
    }
    if (st != STATUS_OK)
        return st;
    *ret = items;
    *n = count;
    return STATUS_OK;
}

static enum status insert(struct db *db, const char *name, const char *value, int64_t now, struct id by,
                          struct error *err)
{
    QUERY(q);
    enum status st =
        db_prepare(db, "INSERT INTO settings (name, value, updated_at, updated_by) VALUES (?, ?, ?, ?)", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_text(q, 1, name);
    db_bind_text(q, 2, value);
    db_bind_int(q, 3, now);
    db_bind_id(q, 4, by);
    return db_run(q, NULL, err);
}

enum status setting_put(struct db *db, const char *name, const char *value, int64_t now, struct id by,
                        struct error *err)
{
    QUERY(q);
    int64_t n = 0;
    enum status st =
        db_prepare(db, "UPDATE settings SET value = ?, updated_at = ?, updated_by = ? WHERE name = ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_text(q, 1, value);
    db_bind_int(q, 2, now);
    db_bind_id(q, 3, by);
    db_bind_text(q, 4, name);
    st = db_run(q, &n, err);
    return st == STATUS_OK && n == 0 ? insert(db, name, value, now, by, err) : st;
}
