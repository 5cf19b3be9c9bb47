#include "providers/tts/phonemes.h"

#include "base/utf8.h"

#include <string.h>

#define GAP_IS_SILENCE 0.06 /* a shorter gap between words is coarticulation: the mouth does not close */
#define SYMBOL_UNITS   3    /* code points of the longest symbol */

struct symbol {
    uint32_t c[SYMBOL_UNITS];
    const char *name;
};

/* Longest first. */
static const struct symbol compounds[] = {
    {{'a', 0x26a, 0x25a}, "aɪɚ"}, {{'a', 0x26a, 0x259}, "aɪə"}, {{'t', 0x283}, "tʃ"}, {{'d', 0x292}, "dʒ"},
    {{'a', 0x26a}, "aɪ"},         {{'a', 0x28a}, "aʊ"},         {{'e', 0x26a}, "eɪ"}, {{'o', 0x28a}, "oʊ"},
    {{0x259, 0x28a}, "əʊ"},       {{0x254, 0x26a}, "ɔɪ"},       {{'i', 0x259}, "iə"}, {{0x259, 'l'}, "əl"},
    {{0x251, 0x2d0}, "ɑː"},       {{0x254, 0x2d0}, "ɔː"},       {{'o', 0x2d0}, "oː"}, {{'i', 0x2d0}, "iː"},
    {{'u', 0x2d0}, "uː"},         {{0x25c, 0x2d0}, "ɜː"},       {{'n', 0x329}, "n̩"},  {{0x251, 0x303}, "ɑ̃"},
};

/* Single code points: the table's own, then what other languages' words bring, as the nearest mouth. */
static const struct symbol singles[] = {
    {{'p'}, "p"},    {{'b'}, "b"},    {{'m'}, "m"},   {{'f'}, "f"},    {{'v'}, "v"},   {{0x3b8}, "θ"}, {{0xf0}, "ð"},
    {{'t'}, "t"},    {{'d'}, "d"},    {{0x27e}, "ɾ"}, {{'k'}, "k"},    {{0x261}, "ɡ"}, {{'g'}, "ɡ"},   {{0x14b}, "ŋ"},
    {{'x'}, "x"},    {{0x283}, "ʃ"},  {{0x292}, "ʒ"}, {{'s'}, "s"},    {{'z'}, "z"},   {{'n'}, "n"},   {{'l'}, "l"},
    {{0x279}, "ɹ"},  {{0x25c}, "ɜː"}, {{0x25a}, "ɚ"}, {{0x251}, "ɑː"}, {{'a'}, "a"},   {{0xe6}, "æ"},  {{0x28c}, "ʌ"},
    {{0x250}, "ɐ"},  {{0x25b}, "ɛ"},  {{'e'}, "e"},   {{0x259}, "ə"},  {{'i'}, "i"},   {{0x26a}, "ɪ"}, {{'j'}, "j"},
    {{0x1d7b}, "ᵻ"}, {{0x254}, "ɔ"},  {{'o'}, "o"},   {{'u'}, "u"},    {{'w'}, "w"},   {{0x28a}, "ʊ"}, {{'h'}, "h"},
    {{0x294}, "ʔ"},  {{'r'}, "ɹ"},    {{0x281}, "ɹ"}, {{0x280}, "ɹ"},  {{0x27b}, "ɹ"}, {{0x26b}, "l"}, {{0x26d}, "l"},
    {{0x28e}, "l"},  {{0x26c}, "l"},  {{0x272}, "n"}, {{0x273}, "n"},  {{0x252}, "ɔ"}, {{0x25d}, "ɚ"}, {{'y'}, "u"},
    {{0x28f}, "ʊ"},  {{0xf8}, "o"},   {{0x153}, "ɛ"}, {{0x268}, "ɪ"},  {{0x289}, "u"}, {{0x26f}, "u"}, {{0x3b2}, "b"},
    {{0x278}, "f"},  {{0x28b}, "v"},  {{0xe7}, "x"},  {{0x3c7}, "x"},  {{0x263}, "ɡ"}, {{'c'}, "k"},   {{'q'}, "k"},
    {{0x25f}, "dʒ"}, {{0x288}, "t"},  {{0x256}, "d"}, {{0x282}, "ʃ"},  {{0x290}, "ʒ"}, {{0x255}, "ʃ"}, {{0x291}, "ʒ"},
    {{0x266}, "h"},  {{0x127}, "h"},  {{0x264}, "ʌ"}, {{0x275}, "ə"},  {{0x258}, "ə"},
};

static bool is_mark(uint32_t c)
{
    return c == 0 || (c < 0x80 && strchr(",.?!;:", (int)c) != NULL);
}

static bool is_stress(uint32_t c)
{
    return c == 0x2c8 || c == 0x2cc;
}

/* The symbol that begins at u; *used code points of it. NULL for a modifier, which belongs to what was before. */
static const char *match(const struct unit *u, size_t n, size_t *used)
{
    for (size_t i = 0; i < sizeof compounds / sizeof *compounds; i++) {
        size_t k = 0;
        while (k < SYMBOL_UNITS && compounds[i].c[k] != 0 && k < n && u[k].c == compounds[i].c[k])
            k++;
        const bool whole = k == SYMBOL_UNITS || compounds[i].c[k] == 0;
        const bool onset =
            whole && compounds[i].c[k - 1] == 'l' && k < n && is_stress(u[k].c); /* "hello": the l begins a syllable */
        if (whole && !onset) {
            *used = k;
            return compounds[i].name;
        }
    }
    *used = 1;
    for (size_t i = 0; i < sizeof singles / sizeof *singles; i++)
        if (singles[i].c[0] == u->c)
            return singles[i].name;
    return (u->c >= 0x2b0 && u->c <= 0x36f) || u->c == '\'' || u->c == '-' ? NULL : "ə";
}

struct writer {
    struct phoneme *phonemes;
    size_t n;
    double at;
};

static void put(struct writer *w, const char *symbol, double seconds)
{
    const bool silence = strcmp(symbol, "sil") == 0;
    struct phoneme *last = w->n == 0 ? NULL : &w->phonemes[w->n - 1];
    if (seconds <= 0)
        return;
    if (silence && last != NULL && strcmp(last->phoneme, "sil") == 0)
        last->end = w->at + seconds;
    else
        w->phonemes[w->n++] = (struct phoneme){symbol, w->at, w->at + seconds};
    w->at += seconds;
}

/* Gives time to what was before; at the very start, to a silence. */
static void stretch(struct writer *w, double seconds)
{
    if (w->n == 0) {
        put(w, "sil", seconds);
        return;
    }
    w->at += seconds;
    w->phonemes[w->n - 1].end = w->at;
}

static void put_word(struct word_time *words, size_t *n, const char *word, size_t *last, size_t index, double start,
                     double end)
{
    if (*n > 0 && *last == index) {
        words[*n - 1].end = end;
        return;
    }
    words[(*n)++] = (struct word_time){word, start, end};
    *last = index;
}

void phonemes_from_units(const struct unit *u, size_t n, const char **written, struct phoneme *phonemes,
                         size_t *n_phonemes, struct word_time *words, size_t *n_words)
{
    struct writer w = {.phonemes = phonemes};
    size_t last = NO_WORD;
    double held = 0; /* of stress marks: it belongs to the vowel that follows */

    *n_words = 0;
    for (size_t i = 0; i < n;) {
        size_t used = 1;
        if (is_mark(u[i].c)) {
            put(&w, "sil", u[i].seconds + held);
            held = 0;
        } else if (u[i].c == ' ') {
            if (u[i].seconds >= GAP_IS_SILENCE)
                put(&w, "sil", u[i].seconds);
            else
                stretch(&w, u[i].seconds);
        } else if (is_stress(u[i].c)) {
            held += u[i].seconds;
        } else {
            const double start = w.at;
            const char *symbol = match(u + i, n - i, &used);
            double seconds = held;
            held = 0;
            for (size_t k = 0; k < used; k++)
                seconds += u[i + k].seconds;
            if (symbol == NULL)
                stretch(&w, seconds);
            else
                put(&w, symbol, seconds);
            if (u[i].word != NO_WORD)
                put_word(words, n_words, written[u[i].word], &last, u[i].word, start, w.at);
        }
        i += used;
    }
    if (held > 0)
        stretch(&w, held);
    *n_phonemes = w.n;
}

/* ---- which word a sound belongs to ---- */

size_t ipa_words(const char *ipa)
{
    size_t n = ipa[0] != '\0';
    for (; *ipa != '\0'; ipa++)
        n += *ipa == ' ';
    return n;
}

size_t ipa_length(const char *ipa)
{
    return utf8_length(ipa, strlen(ipa));
}

/* Code points of s without spaces and stress marks, appended at *n; owner (may be NULL) gets `word` for each. */
static void bare_sounds(const char *s, uint32_t *out, size_t *n, size_t *owner, size_t word)
{
    for (size_t left = strlen(s), len; left > 0; s += len, left -= len) {
        uint32_t c = 0;
        len = utf8_next(s, left, &c);
        len = len == 0 ? 1 : len;
        if (c == ' ' || is_stress(c))
            continue;
        if (owner != NULL)
            owner[*n] = word;
        out[(*n)++] = c;
    }
}

/* Edit distance from x to y by rows; owner_x[i] becomes that of the sound of y that x[i] was aligned with. */
static bool align(const uint32_t *x, size_t nx, const uint32_t *y, size_t ny, const size_t *owner_y, size_t *owner_x,
                  struct arena *a)
{
    const size_t width = ny + 1;
    unsigned *d = arena_array(a, (nx + 1) * width, sizeof *d);
    if (d == NULL)
        return false;
    for (size_t i = 0; i <= nx; i++)
        for (size_t j = 0; j <= ny; j++) {
            if (i == 0 || j == 0) {
                d[i * width + j] = (unsigned)(i + j);
                continue;
            }
            unsigned best = d[(i - 1) * width + j - 1] + (x[i - 1] == y[j - 1] ? 0 : 1);
            unsigned up = d[(i - 1) * width + j] + 1, left = d[i * width + j - 1] + 1;
            best = up < best ? up : best;
            d[i * width + j] = left < best ? left : best;
        }
    for (size_t i = nx, j = ny; i > 0;) {
        const unsigned here = d[i * width + j];
        if (j > 0 && here == d[(i - 1) * width + j - 1] + (x[i - 1] == y[j - 1] ? 0 : 1)) {
            owner_x[--i] = owner_y[--j];
        } else if (j > 0 && here == d[i * width + j - 1] + 1) {
            j--;
        } else {
            owner_x[--i] = ny == 0 ? 0 : owner_y[j > 0 ? j - 1 : 0];
        }
    }
    return true;
}

static enum status align_by_sound(const char *ipa, const char *const *alone, size_t n_words, struct arena *a,
                                  size_t *owner, size_t length, struct error *err)
{
    size_t total = 0, nx = 0, ny = 0;
    for (size_t i = 0; i < n_words; i++)
        total += ipa_length(alone[i]);
    uint32_t *x = arena_array(a, length + 1, sizeof *x), *y = arena_array(a, total + 1, sizeof *y);
    size_t *owner_x = arena_array(a, length + 1, sizeof *owner_x),
           *owner_y = arena_array(a, total + 1, sizeof *owner_y);
    if (x == NULL || y == NULL || owner_x == NULL || owner_y == NULL)
        return arena_exhausted(err);
    bare_sounds(ipa, x, &nx, NULL, 0);
    for (size_t i = 0; i < n_words; i++)
        bare_sounds(alone[i], y, &ny, owner_y, i);
    if (!align(x, nx, y, ny, owner_y, owner_x, a))
        return arena_exhausted(err);
    size_t at = 0, i = 0;
    for (size_t left = strlen(ipa), len; left > 0; ipa += len, left -= len, i++) {
        uint32_t c = 0;
        len = utf8_next(ipa, left, &c);
        len = len == 0 ? 1 : len;
        owner[i] = nx == 0 ? 0 : owner_x[at < nx ? at : nx - 1]; /* spaces and stress go with the sound after them */
        at += c != ' ' && !is_stress(c);
    }
    return STATUS_OK;
}

enum status phonemes_align(const char *ipa, const char *const *alone, size_t n_words, struct arena *a, size_t **ret,
                           struct error *err)
{
    const size_t length = ipa_length(ipa);
    size_t *owner = arena_array(a, length + 1, sizeof *owner);
    if (owner == NULL)
        return arena_exhausted(err);
    *ret = owner;
    if (alone != NULL)
        return align_by_sound(ipa, alone, n_words, a, owner, length, err);
    size_t word = 0;
    for (size_t i = 0, left = strlen(ipa), len; left > 0; ipa += len, left -= len, i++) {
        len = utf8_next(ipa, left, NULL);
        len = len == 0 ? 1 : len;
        word += *ipa == ' ';
        owner[i] = word < n_words ? word : n_words - 1;
    }
    return STATUS_OK;
}
