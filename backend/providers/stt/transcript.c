#include "providers/provider.h"

#include <string.h>

/* The language of short or unclear speech is a guess; an accent is none: on the recordings of bench/speech, with noise,
 * no English is taken for another language from here on. */
#define LANGUAGE_SURE    0.95
#define LANGUAGE_SECONDS 3.0

const char *transcript_other_language(const struct transcript *t)
{
    const bool sure = t->duration >= LANGUAGE_SECONDS && t->sounds_like_probability >= LANGUAGE_SURE;
    return sure && t->text[0] != '\0' && strcmp(t->sounds_like, t->language) != 0 ? t->sounds_like : "";
}
