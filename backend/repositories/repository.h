#ifndef VIVA_REPOSITORIES_REPOSITORY_H
#define VIVA_REPOSITORIES_REPOSITORY_H
/* Common to all repositories. Each function takes the calling thread's connection, puts what it returns into the
 * caller's arena, and leaves *ret untouched on failure. Each is atomic by itself and takes part in the caller's
 * transaction when one is open (db_begin). Times are given by the caller (Unix ms). STATUS_NOT_FOUND has the code
 * "not_found". */

#include "db/db.h"
#include "models/field.h"

struct paging {
    int64_t page;      /* from 1 */
    int64_t page_size; /* 1..100 */
};

/* By which column, by the number of the resource's own choice table (candidate_sort_choices, ...). */
struct sort {
    int key;
    bool descending;
};

struct page {
    struct list items;
    int64_t total;
};

#endif
