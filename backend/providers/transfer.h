#ifndef VIVA_PROVIDERS_TRANSFER_H
#define VIVA_PROVIDERS_TRANSFER_H
/* What everybody who uses libcurl here does alike. */

#include "base/status.h"

#include <curl/curl.h>
#include <stdbool.h>

/* Which ways a transfer may go, so that no setting and no reply leads it elsewhere. */
enum transfer_protocol { TRANSFER_HTTP, TRANSFER_HTTPS, TRANSFER_SMTP }; /* SMTP: with TLS from the start or not */

/* Only that protocol, no redirections, certificates verified, no proxy out of the environment, no signals; an end after
 * so many ms. false: out of memory. */
bool transfer_confine(CURL *c, enum transfer_protocol p, int64_t connect_ms, int64_t whole_ms);

/* For cleanup(). */
void transfer_url_freep(CURLU **u);
void transfer_text_freep(char **s);
void transfer_freep(CURL **c);

#endif
