#ifndef VIVA_SERVICES_VERSION_H
#define VIVA_SERVICES_VERSION_H
/* Two people must not overwrite each other's changes unseen. A row's version is its updated_at, which every change
 * makes greater; a change may say which version it was made for (http.h, request_if_match). Both within the transaction
 * that reads and writes the row. */

#include "base/status.h"

#include <stdint.h>

/* wanted 0: any. STATUS_PRECONDITION "changed_meanwhile". */
static inline enum status version_check(int64_t updated_at, int64_t wanted, struct error *err)
{
    if (wanted == 0 || wanted == updated_at)
        return STATUS_OK;
    return error_set(err, STATUS_PRECONDITION, "changed_meanwhile", NULL,
                     "Somebody changed this meanwhile. Look at it again before changing it");
}

/* The updated_at of the changed row: now, or just after the one before when the clock has not moved on. */
static inline int64_t version_next(int64_t updated_at, int64_t now)
{
    return now > updated_at ? now : updated_at + 1;
}

#endif
