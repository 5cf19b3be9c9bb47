#ifndef VIVA_SERVICES_ACTOR_H
#define VIVA_SERVICES_ACTOR_H
/* Who asks a service for something. A zeroed actor may do nothing. */

#include "base/id.h"

#include <stdbool.h>

struct actor {
    struct id user_id;
    bool is_admin;          /* sees and changes everything */
    bool is_reviewer;       /* reads what is shared, adds notes and levels, changes nothing else */
    struct id login_id;     /* the log-in they ask by; zero: none */
    const char *request_id; /* for the audit log; NULL: none. Borrowed for the call */
};

#endif
