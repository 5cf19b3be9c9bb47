#ifndef VIVA_SERVICES_RETENTION_H
#define VIVA_SERVICES_RETENTION_H
/* Nothing is kept longer than the settings say (services/settings.h): recordings, whole candidates, the audit log.
 * Recurs. Each session and each candidate is one transaction that takes the rows away, enqueues the erasing of their
 * files and records it; so after a crash the next run goes on where this one ended. A day is 24 hours. */

#include "services/services.h"

enum status retention_run(struct services *s, struct error *err) must_check;

#endif
