#include "repositories/audit_repository.h"

#include "repositories/query.h"

enum status audit_insert(struct db *db, const struct audit_entry *e, struct error *err)
{
    return row_insert(db, "audit_log", &audit_entry_model, e, err);
}
