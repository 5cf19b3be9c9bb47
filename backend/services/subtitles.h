#ifndef VIVA_SERVICES_SUBTITLES_H
#define VIVA_SERVICES_SUBTITLES_H
/* A transcription as subtitles: SubRip, or WebVTT (W3C). A cue for each segment. */

#include "base/buf.h"
#include "models/speech.h"

enum subtitles { SUBTITLES_SRT, SUBTITLES_VTT };

void subtitles_write(enum subtitles kind, const struct transcription *t, struct buf *out);

#endif
