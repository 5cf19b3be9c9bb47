#include "live/backchannel.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#define WORD_MAX   24
#define WORDS_MAX  6 /* more mean something */
#define ECHO_WORDS 3
#define FLAT_MAX   2048

/* clang-format off */
static const char *const words[] = {
    "a", "ah", "aha", "ahh", "all", "alright", "bye", "cool", "good", "got", "great", "h", "ha", "he", "hm", "hmm",
    "hmmm", "huh", "hum", "i", "it", "m", "mhm", "mhmm", "mm", "mmhm", "mmhmm", "mmm", "nice", "oh", "ok", "okay", "ooh", "perfect", "right",
    "see", "sure", "thank", "thanks", "tsk", "uh", "uhhuh", "uhm", "um", "umm", "understood", "yeah", "yep", "yes",
    "you", "yup", NULL};
/* clang-format on */

static bool known(const char *word)
{
    for (const char *const *w = words; *w != NULL; w++)
        if (strcmp(*w, word) == 0)
            return true;
    return false;
}

/* "(coughs)", "[BLANK_AUDIO]", "*clears throat*": what stands in brackets was not said. */
static const char *skip_remark(const char *p)
{
    char close = *p == '(' ? ')' : *p == '[' ? ']' : '*';
    const char *end = strchr(p + 1, close);
    return end != NULL ? end + 1 : p + strlen(p);
}

/* The next word in lower case without apostrophes; the length of one that is too long is what it is. */
static const char *next_word(const char *p, char out[WORD_MAX], size_t *len)
{
    *len = 0;
    while (*p != '\0') {
        if (*p == '(' || *p == '[' || *p == '*') {
            if (*len > 0)
                break;
            p = skip_remark(p);
            continue;
        }
        bool letter = isalnum((unsigned char)*p) || (unsigned char)*p >= 0x80;
        if (!letter && *p != '\'' && *len > 0)
            break;
        if (letter && (*len)++ < WORD_MAX - 1)
            out[*len - 1] = (char)tolower((unsigned char)*p);
        p++;
    }
    out[*len < WORD_MAX ? *len : WORD_MAX - 1] = '\0';
    return p;
}

bool backchannel(const char *text)
{
    char word[WORD_MAX];
    size_t len = 0;
    int count = 0;
    for (const char *p = next_word(text, word, &len); len > 0; p = next_word(p, word, &len))
        if (++count > WORDS_MAX || len >= WORD_MAX || !known(word))
            return false;
    return true;
}

/* " word word ", and how many. False when there is no room. */
static bool flatten(const char *text, char *out, size_t size, int *count)
{
    char word[WORD_MAX];
    size_t n = 1, len = 0;
    out[0] = ' ';
    *count = 0;
    for (const char *p = next_word(text, word, &len); len > 0; p = next_word(p, word, &len), ++*count) {
        size_t k = strlen(word);
        if (n + k + 2 > size)
            return false;
        memcpy(out + n, word, k);
        n += k;
        out[n++] = ' ';
    }
    out[n] = '\0';
    return true;
}

bool echoes(const char *said, const char *heard)
{
    char whole[FLAT_MAX], part[FLAT_MAX];
    int n = 0, all = 0;
    return flatten(heard, part, sizeof part, &n) && n >= ECHO_WORDS && flatten(said, whole, sizeof whole, &all) &&
           strstr(whole, part) != NULL;
}
