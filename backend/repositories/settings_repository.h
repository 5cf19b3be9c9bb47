#ifndef VIVA_REPOSITORIES_SETTINGS_REPOSITORY_H
#define VIVA_REPOSITORIES_SETTINGS_REPOSITORY_H

#include "repositories/repository.h"

struct stored_setting {
    const char *name, *value; /* value: JSON */
    int64_t updated_at;
};

/* Those that were ever set. */
enum status setting_list(struct db *db, struct arena *a, struct stored_setting **ret, size_t *n,
                         struct error *err) must_check;
enum status setting_put(struct db *db, const char *name, const char *value, int64_t now, struct id by,
                        struct error *err) must_check;

#endif
