#ifndef VIVA_UTILS_HOST_H
#define VIVA_UTILS_HOST_H
/* Names of machines as they stand in settings and URLs. */

#include <stdbool.h>

/* "localhost", 127.0.0.0/8 or ::1, which may stand in brackets. A name that only begins like one is none. */
bool host_is_loopback(const char *host);

#endif
