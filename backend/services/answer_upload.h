#ifndef VIVA_SERVICES_ANSWER_UPLOAD_H
#define VIVA_SERVICES_ANSWER_UPLOAD_H
/* An answer as one whole file, for clients that do not record in pieces: kept as a recording, transcribed, and the
 * answer ended with it. WebM and MP4 are kept as they come; other sound (wav, flac, ogg, mp3) is kept as Opus in WebM.
 */

#include "models/candidate.h"
#include "services/services.h"

#define ANSWER_UPLOAD_SECONDS_MAX 900
#define ANSWER_UPLOAD_BYTES_MAX   (256u << 20)

struct answer_upload {
    int fd; /* borrowed */
    uint64_t size;
    const char *sha256; /* hex */
    bool video;         /* a film; else sound */
};

/* Ends the open answer with what is said in the file and opens the next, or completes the session. What is wrong with
 * the file names the field "file" (STATUS_INVALID "audio_empty", STATUS_UNSUPPORTED "audio_unsupported",
 * "audio_unreadable", "film_unsupported", STATUS_TOO_LARGE "audio_too_long", "recording_too_large"); STATUS_CONFLICT
 * "answer_ended"; STATUS_UNAVAILABLE "engine_missing" without speech recognition, "speech_busy"
 * (services/speech_door.h). */
enum status answer_upload(struct services *s, struct id session, struct id answer, const struct answer_upload *up,
                          struct arena *a, struct session_state **ret, struct error *err) must_check;

#endif
