#ifndef VIVA_BASE_LOG_H
#define VIVA_BASE_LOG_H
/* One line of JSON per event on stderr: {"ts","level","event",...}. Thread-safe. Never log a secret, a token, a
 * transcript, an e-mail address or a name: log ids. */

#include "base/status.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

void log_set_level(enum log_level level);
/* Pairs of key and value, all const char *, ended by NULL: log_event(LOG_INFO, "listening", "port", "8000", NULL).
 * The first NULL ends the list, so a value that may be absent needs a fallback. */
void log_event(enum log_level level, const char *event, ...) __attribute__((sentinel));
/* The usual line for a failure at a boundary; `where` names it, `id` a request or session id or NULL. */
void log_failure(const char *where, const char *id, enum status st, const struct error *err);

#endif
