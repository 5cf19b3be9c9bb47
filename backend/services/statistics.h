#ifndef VIVA_SERVICES_STATISTICS_H
#define VIVA_SERVICES_STATISTICS_H
/* How the installation does, for administrators. Counts and sizes are everybody's; latency and engines are this
 * process's. */

#include "models/statistics.h"
#include "services/services.h"

#define STATISTICS_DAYS_MAX 90

/* With the last `days` days, today among them (1..STATISTICS_DAYS_MAX). */
enum status statistics_get(struct services *s, int64_t days, struct arena *a, struct statistics **ret,
                           struct error *err) must_check;

#endif
