#include "live/endpoint.h"

#include <ctype.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#define WORDS_MAX      128
#define FLAT_MAX       512
#define SENTENCE_SHORT 13 /* words: longer ones have said what they had to say */
#define WORD_BYTES     7.0
#define BRIEF_MAX      0.34

/* Text as lower-case words parted by single spaces, apostrophes dropped ("that's" -> "thats"), only the last part kept.
 */
struct flat {
    char text[FLAT_MAX];
    char *words[WORDS_MAX];
    bool starts[WORDS_MAX]; /* punctuation, or nothing, stands before it */
    int count, bytes;
    int sentence; /* the word that the last sentence begins with: a capital after . ! ? */
};

static bool word_byte(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* The typographic apostrophe, U+2019. */
static bool curly(const char *p)
{
    return (unsigned char)p[0] == 0xe2 && (unsigned char)p[1] == 0x80 && (unsigned char)p[2] == 0x99;
}

static void flatten(const char *text, struct flat *f)
{
    size_t n = strlen(text), o = 0;
    const char *p = n > FLAT_MAX / 2 ? text + n - FLAT_MAX / 2 : text;
    bool inside = false, start = true, stopped = true;
    f->count = f->sentence = 0;
    for (; *p != '\0' && o + 2 < FLAT_MAX; p++) {
        if (*p == '\'' || curly(p)) {
            p += *p == '\'' ? 0 : 2;
        } else if (word_byte(*p)) {
            if (!inside && f->count == WORDS_MAX)
                break;
            if (!inside && stopped && isupper((unsigned char)*p))
                f->sentence = f->count;
            if (!inside) {
                f->starts[f->count] = start;
                f->words[f->count++] = &f->text[o];
            }
            inside = true;
            start = stopped = false;
            f->text[o++] = (char)tolower((unsigned char)*p);
        } else {
            start = start || strchr(".,;:!?", *p) != NULL;
            stopped = stopped || strchr(".!?", *p) != NULL;
            if (inside)
                f->text[o++] = '\0';
            inside = false;
        }
    }
    f->text[o] = '\0';
    f->bytes = (int)o;
}

int endpoint_words(const char *text)
{
    int n = 0;
    bool inside = false;
    for (const char *p = text; *p != '\0'; p++) {
        bool w = word_byte(*p) || (inside && (*p == '\'' || *p == '-'));
        n += w && !inside;
        inside = w;
    }
    return n;
}

/* Phrases are written flat. */
static bool phrase_at(const struct flat *f, int from, const char *phrase, int *len)
{
    int i = from;
    while (*phrase != '\0') {
        size_t n = strcspn(phrase, " ");
        if (i >= f->count || strlen(f->words[i]) != n || memcmp(f->words[i], phrase, n) != 0)
            return false;
        i++;
        phrase += n;
        phrase += *phrase == ' ';
    }
    *len = i - from;
    return true;
}

static int longest_at(const struct flat *f, int from, const char *const *phrases)
{
    int best = 0, len = 0;
    for (; *phrases != NULL; phrases++)
        if (phrase_at(f, from, *phrases, &len) && len > best)
            best = len;
    return best;
}

static bool ends_with(const struct flat *f, int count, const char *const *phrases)
{
    int len = 0;
    for (; *phrases != NULL; phrases++)
        for (int i = 0; i < count; i++)
            if (phrase_at(f, i, *phrases, &len) && i + len == count)
                return true;
    return false;
}

/* Nothing but these, one after the other. */
static bool only(const struct flat *f, const char *const *phrases)
{
    int i = 0;
    while (i < f->count) {
        int n = longest_at(f, i, phrases);
        if (n == 0)
            return false;
        i += n;
    }
    return f->count > 0;
}

/* clang-format off */
static const char *const thinking[] = {
    "um", "umm", "uh", "uhm", "er", "erm", "ah", "eh", "hm", "hmm", "hmmm", "mm", "mmm", "mhm", "oh", "okay", "ok",
    "so", "well", "like", "you know", "right", "alright", "all right", "sure", "lets see", "let me see",
    "let me think", "let me think about that", "let me think about it", "let me think for a moment",
    "let me think for a second", "i need to think", "i have to think", "i need to think about that",
    "give me a second", "give me a moment", "give me a minute", "just a second", "just a moment", "one moment",
    "one second", "one moment please", "good question", "great question", "thats a good question",
    "that is a good question", "thats a great question", "thats an interesting question", "interesting question",
    "thats a tough one", "thats a hard question", "how do i put this", "how should i put it", "where do i start",
    "thank you", "thanks", "yeah", "i", "a", "the", "and", NULL};

/* Words that want something after them even where Whisper wrote a full stop. */
static const char *const hanging[] = {
    "and", "but", "so", "or", "nor", "because", "cause", "although", "though", "while", "whereas", "if", "unless",
    "until", "when", "where", "which", "who", "whose", "than", "as", "like", "um", "umm", "uh", "uhm", "er", "erm",
    "hm", "hmm", "mm", "well", "the", "a", "an", "my", "our", "your", "their", "his", "its", "every", "of", "to",
    "at", "by", "for", "with", "from", "into", "onto", "between", "during", "whether", "i", "we", "they", "he", "she", "is", "are", "im", "theyre", "has",
    "also", "plus", "very", "maybe", "basically", "actually", "not only", "for example", "for instance", "such as",
    "you know", "i mean", "i think", "i guess", "kind of", "sort of", "lets say", "let me think", "let me see",
    "in order to", "as well as", "not just", NULL};

static const char *const done[] = {
    "im done", "i am done", "im finished", "i am finished", "thats all", "that is all", "thats it", "that is it",
    "that would be all", "thatll be all", "thats all from me", "thats all from my side", "thats all i have",
    "thats all i have to say", "thats it from me", "thats it from my side", "thats about it",
    "thats pretty much it", "thats my answer", "that is my answer", "thats the end of my answer", "next question",
    "lets go on", "lets move on", "we can go on", "we can move on", "you can go on", "move on to the next question",
    "go to the next question", "nothing else to add", "nothing more to add", "nothing to add",
    "i have nothing to add", NULL};

/* May follow a done phrase. */
static const char *const polite[] = {
    "please", "thank you", "thanks", "thank you very much", "thank you so much", "then", "now", "for me", "ok",
    "okay", NULL};

static const char *const repeat[] = {
    "can you repeat the question", "could you repeat the question", "can you repeat that", "could you repeat that",
    "can you repeat it", "could you repeat it", "repeat the question", "please repeat the question",
    "please repeat", "please repeat that", "say that again", "can you say that again", "could you say that again",
    "would you repeat the question", "would you repeat that", "can you ask the question again",
    "could you ask the question again", "can you ask that again", "can i hear the question again",
    "could i hear the question again", "can i hear that again", "what was the question",
    "what was the question again", "i didnt hear the question", "i did not hear the question", "i didnt catch that",
    "i did not catch that", "pardon", "come again", "sorry", "im sorry", "excuse me", "please", "once more",
    "one more time", "again", "um", "uh", "oh", "hm", "hmm", "could you", "can you", NULL};

/* Of `repeat`, what alone asks for nothing. */
static const char *const repeat_padding[] = {
    "sorry", "im sorry", "excuse me", "please", "again", "um", "uh", "oh", "hm", "hmm", "could you", "can you", NULL};

/* A sentence that begins with one of these, and has no comma yet, has its main clause still to come. */
static const char *const subordinate[] = {
    "if", "when", "because", "although", "though", "while", "since", "once", "after", "before", "unless", "whenever",
    "as", "even", NULL};

/* What a sentence announces is still to come. */
static const char *const announces[] = {
    "it depends", "that depends", "two things", "three things", "four things", "a few things", "several things",
    "two steps", "three steps", "four steps", "a few steps", "several steps", "two reasons", "three reasons",
    "a few reasons", "several reasons", "two points", "three points", "two parts", "three parts", "two ways",
    "three ways", "two kinds", "three kinds", "first", "firstly", NULL};

static const char *const lead_in[] = {
    "and", "so", "but", "okay", "ok", "yeah", "yes", "well", "um", "uh", "think", "guess", "believe", "then", "now",
    NULL};
/* clang-format on */

/* "And that's it." is meant for the interviewer, "I told them that's it." is not. */
static bool addressed(const struct flat *f, int at)
{
    int len = 0;
    if (f->starts[at])
        return true;
    for (const char *const *l = lead_in; *l != NULL; l++)
        if (phrase_at(f, at - 1, *l, &len))
            return true;
    return false;
}

static bool ends_addressed(const struct flat *f, int count)
{
    int len = 0;
    for (const char *const *d = done; *d != NULL; d++)
        for (int i = 0; i < count; i++)
            if (phrase_at(f, i, *d, &len) && i + len == count && addressed(f, i))
                return true;
    return false;
}

static bool says_done(const struct flat *f)
{
    int count = f->count;
    for (bool more = true; more && count > 0;) {
        more = false;
        int len = 0;
        for (const char *const *p = polite; *p != NULL && !more; p++)
            for (int i = 0; i < count && !more; i++)
                if (phrase_at(f, i, *p, &len) && i + len == count) {
                    count = i;
                    more = true;
                }
    }
    return count > 0 && ends_addressed(f, count);
}

/* -1: breaks off ("...", ",", "-"), 1: sentence end, 0: neither. */
static int punctuation(const char *text)
{
    size_t n = strlen(text);
    while (n > 0 && (isspace((unsigned char)text[n - 1]) || text[n - 1] == '"' || text[n - 1] == ')'))
        n--;
    if (n == 0)
        return 0;
    if (n >= 3 && (memcmp(text + n - 3, "...", 3) == 0 || memcmp(text + n - 3, "\xe2\x80\xa6", 3) == 0 ||
                   memcmp(text + n - 3, "\xe2\x80\x94", 3) == 0))
        return -1;
    if (n >= 3 && memcmp(text + n - 3, "\xe3\x80\x82", 3) == 0) /* ideographic full stop */
        return 1;
    char c = text[n - 1];
    if (c == '.' || c == '!' || c == '?')
        return 1;
    return c == ',' || c == '-' || c == ';' || c == ':' ? -1 : 0;
}

static enum endpoint_verdict judge_words(const char *whole, const struct flat *f, const struct flat *piece)
{
    if (f->count == 0)
        return ENDPOINT_NONE;
    if (piece->count > 0 && only(piece, repeat) && !only(piece, repeat_padding))
        return ENDPOINT_REPEAT;
    if (says_done(f))
        return ENDPOINT_DONE;
    if (only(f, thinking))
        return ENDPOINT_THINKING;
    if (punctuation(whole) < 0 || ends_with(f, f->count, hanging))
        return ENDPOINT_HANGING;
    return punctuation(whole) > 0 ? ENDPOINT_FINISHED : ENDPOINT_UNCLEAR;
}

static bool contains(const struct flat *f, int from, const char *const *phrases)
{
    for (; from < f->count; from++)
        if (longest_at(f, from, phrases) > 0)
            return true;
    return false;
}

/* "If two people do not talk to each other." */
static bool clause_to_come(const struct flat *f)
{
    if (f->count - f->sentence > SENTENCE_SHORT || longest_at(f, f->sentence, subordinate) == 0)
        return false;
    for (int i = f->sentence + 1; i < f->count; i++)
        if (f->starts[i])
            return false;
    return true;
}

static bool list_to_come(const struct flat *f)
{
    return f->count - f->sentence <= SENTENCE_SHORT && contains(f, f->sentence, announces);
}

static double within(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

static double odds(double p)
{
    p = within(p, 1e-6, 1 - 1e-6);
    return within(log(p / (1 - p)), -4.5, 4.5);
}

static double probability(double z)
{
    return 1 / (1 + exp(-z));
}

/* Weights near those that a logistic regression finds on half of the answers of bench/endpoint, rounded so that both
 * halves agree; the weight of the length is held down, since a benchmark's answers are all of a length. What tells most
 * is how likely the recogniser holds it that the sentence breaks off. The ear is a hint beside it: of speech that is
 * read or synthesised it tells ends from pauses hardly better than chance (bench/README.md). Without the recogniser it
 * has to do, and without either the verdict alone. */
static double over(const struct flat *f, enum endpoint_verdict v, const struct endpoint_signs *s)
{
    const bool hangs = v == ENDPOINT_HANGING;
    if (!s->written && !s->judged)
        return hangs ? 0 : v == ENDPOINT_UNCLEAR ? 0.2 : ENDPOINT_UNDECIDED;
    if (!s->written)
        return hangs ? 0 : fmin(probability(odds(s->turn)), v == ENDPOINT_UNCLEAR ? ENDPOINT_UNDECIDED : 1);
    const double breaks_off = within(log(fmax(s->trail, 1e-4) / fmax(s->stop + s->end, 1e-6)), -6, 2);
    const double signs = -2.6 - 0.7 * breaks_off + 0.06 * (s->judged ? odds(s->turn) : 2) - 1.2 * hangs -
                         1.5 * clause_to_come(f) - 2.0 * list_to_come(f);
    /* By words alone, hence a hint and no more. */
    const double rubric = s->compared ? 1.5 * (s->covered - 0.5) : 0;
    /* Not all languages part their words. */
    const double words = fmax(f->count, f->bytes / WORD_BYTES);
    /* Few words are seldom all; but whoever did say all in few is not kept waiting for ever. */
    const double length = 3 * log((within(words, 6, 25) + 1) / 18);
    return fmax(probability(signs + length + rubric), fmin(probability(signs), BRIEF_MAX));
}

struct endpoint_opinion endpoint_judge(const char *whole, const char *piece, const struct endpoint_signs *signs)
{
    struct flat f, p;
    flatten(whole, &f);
    flatten(piece, &p);
    const enum endpoint_verdict v = judge_words(whole, &f, &p);
    const bool answer = v == ENDPOINT_HANGING || v == ENDPOINT_UNCLEAR || v == ENDPOINT_FINISHED;
    return (struct endpoint_opinion){v, answer ? over(&f, v, signs) : v == ENDPOINT_DONE};
}
