#ifndef VIVA_APP_CLI_SPEECH_H
#define VIVA_APP_CLI_SPEECH_H
/* `viva transcribe` and `viva say` on the engines that the server uses, and `viva models`. The commands are declared in
 * cli.h; here is what can be tested without a process. */

#include "app/config.h"
#include "base/buf.h"
#include "providers/provider.h"

/* Of a command: one inference at a time. */
struct provider_config cli_provider_settings(const struct config *c);

/* {"file","language","duration","text","segments":[{"start","end","text"}]} and a line feed; seconds, to the
 * millisecond. */
void cli_transcript_json(struct buf *out, const char *file, const struct transcript *t);
/* {"sample_rate","duration","phonemes":[{"phoneme","start","end"}],"words":[{"word","start","end"}]} and a line feed;
 * seconds, to the microsecond. */
void cli_speech_json(struct buf *out, const struct speech *s);

#endif
