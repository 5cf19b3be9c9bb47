#ifndef VIVA_APP_CLI_SPEECH_H
#define VIVA_APP_CLI_SPEECH_H
/* `viva transcribe` and `viva say` on the engines that the server uses, and `viva models`. The commands are declared in
 * cli.h; here is what can be tested without a process. */

#include "app/config.h"
#include "base/buf.h"
#include "providers/provider.h"

/* Of a command: one inference at a time. */
struct provider_config cli_provider_settings(const struct config *c);

#endif
