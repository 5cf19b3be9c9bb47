#ifndef VIVA_PROVIDERS_TTS_PHONEMES_H
#define VIVA_PROVIDERS_TTS_PHONEMES_H
/* espeak-ng's IPA, code point by code point as a voice is fed with it, -> the symbols of the avatar's viseme table,
 * with times. */

#include "providers/provider.h"

#define NO_WORD ((size_t)-1)

/* One code point and the time it took. word: index of the written word, NO_WORD for spaces and marks. */
struct unit {
    uint32_t c; /* ' ' between words, , . ? ! ; : for marks, 0 for the silence at the ends */
    size_t word;
    double seconds;
};

/* Fills phonemes (room for n + 1) and words (room for n); contiguous, from 0 to the sum of the seconds. */
void phonemes_from_units(const struct unit *u, size_t n, const char **written, struct phoneme *phonemes,
                         size_t *n_phonemes, struct word_time *words, size_t *n_words);

/* Which of the spoken words each code point of a clause's IPA belongs to. ipa: the clause; alone[i]: word i said alone,
 * or alone NULL when ipa has exactly n_words words. owner gets one index per code point of ipa (spaces too). All memory
 * from a. */
enum status phonemes_align(const char *ipa, const char *const *alone, size_t n_words, struct arena *a, size_t **owner,
                           struct error *err) must_check;

size_t ipa_words(const char *ipa);  /* number of words */
size_t ipa_length(const char *ipa); /* code points */

#endif
