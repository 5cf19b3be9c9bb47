#ifndef VIVA_SERVICES_TRANSCRIPTION_H
#define VIVA_SERVICES_TRANSCRIPTION_H
/* Sound files to text, over whichever speech recognition the settings chose. */

#include "models/speech.h"
#include "services/services.h"

/* fd: a whole sound file from offset 0 (borrowed). language "" or NULL: detected; else two letters (STATUS_INVALID).
 * STATUS_UNAVAILABLE "engine_missing" without an engine, STATUS_UNSUPPORTED "audio_unreadable" when there is no sound
 * in it. */
enum status transcription_of_fd(struct services *s, int fd, const char *language, struct arena *a,
                                struct transcription **ret, struct error *err) must_check;

#endif
