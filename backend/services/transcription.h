#ifndef VIVA_SERVICES_TRANSCRIPTION_H
#define VIVA_SERVICES_TRANSCRIPTION_H
/* Sound files to text, over whichever speech recognition the settings chose. */

#include "models/speech.h"
#include "providers/provider.h"
#include "services/services.h"

#define TRANSCRIPTION_BYTES_MAX   (64u << 20)
#define TRANSCRIPTION_SECONDS_MAX 1800

/* fd: a whole sound file from offset 0 (borrowed), one of wav, flac, ogg, webm, mp4, mp3 by its content. o: the
 * language is two letters (STATUS_INVALID), or detected. STATUS_UNAVAILABLE "engine_missing" without an engine,
 * "speech_busy" (services/speech_door.h); what is wrong with the file names the field "file": see audio_decode_fd(). */
enum status transcription_of_fd(struct services *s, int fd, const struct stt_options *o, struct arena *a,
                                struct transcription **ret, struct error *err) must_check;

#endif
