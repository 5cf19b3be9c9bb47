#ifndef VIVA_PROVIDERS_TTS_ESPEAK_H
#define VIVA_PROVIDERS_TTS_ESPEAK_H
/* IPA of lines of text by espeak-ng, run as a program of its own: it is GPL-3, not thread-safe, and reads strangers'
 * text. */

#include "base/arena.h"
#include "base/status.h"

/* lines[i] holds words with spaces, no punctuation. ret[i] gets its IPA, words apart by one space, stress marks kept;
 * "" when espeak has no sound for it. voice: "en-us". STATUS_UNAVAILABLE when espeak-ng is not installed. */
enum status espeak_ipa(const char *voice, const char *const *lines, size_t n, struct arena *a, const char **ret,
                       struct error *err) must_check;

#endif
