#include "providers/stt/whisper_tokens.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define WORD_MAX 128 /* bytes of a word that are encoded; words to expect are shorter */

static int base64_value(char c)
{
    return c >= 'A' && c <= 'Z'   ? c - 'A'
           : c >= 'a' && c <= 'z' ? c - 'a' + 26
           : c >= '0' && c <= '9' ? c - '0' + 52
           : c == '+'             ? 62
           : c == '/'             ? 63
                                  : -1;
}

static char *base64_decode(struct arena *a, const char *s, size_t len, size_t *ret_len)
{
    char *out = arena_alloc(a, len / 4 * 3 + 4);
    unsigned acc = 0, bits = 0;
    size_t n = 0;
    for (size_t i = 0; out != NULL && i < len && s[i] != '='; i++) {
        int v = base64_value(s[i]);
        if (v < 0)
            return NULL;
        acc = acc << 6 | (unsigned)v;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out[n++] = (char)(acc >> bits & 255);
        }
    }
    *ret_len = n;
    return out;
}

static int compare(const struct whisper_token *x, const char *text, size_t len)
{
    int c = memcmp(x->text, text, x->len < len ? x->len : len);
    return c != 0 ? c : (x->len > len) - (x->len < len);
}

static int by_text(const void *a, const void *b, void *tokens)
{
    const struct whisper_token *t = tokens;
    const struct whisper_token *y = &t[*(const int *)b];
    return compare(&t[*(const int *)a], y->text, y->len);
}

enum status whisper_tokens_parse(struct whisper_model *m, const char *text, struct error *err)
{
    int n = 0;
    m->tokens = arena_array(m->arena, (size_t)m->end, sizeof *m->tokens);
    m->by_text = arena_array(m->arena, (size_t)m->end, sizeof *m->by_text);
    if (m->tokens == NULL || m->by_text == NULL)
        return arena_exhausted(err);
    while (n < m->end && *text != '\0') {
        size_t len = strcspn(text, "\n");
        m->tokens[n].text = base64_decode(m->arena, text, len, &m->tokens[n].len);
        if (m->tokens[n].text == NULL)
            return error_set(err, STATUS_UNAVAILABLE, "engine_failed", NULL,
                             "%s: tokens.txt is damaged at line %d: run `viva models fetch`", m->name, n + 1);
        m->by_text[n] = n;
        n++;
        text += len + (text[len] == '\n');
    }
    if (n != m->end || *text != '\0')
        return error_set(err, STATUS_UNAVAILABLE, "engine_failed", NULL,
                         "%s: tokens.txt does not fit the model: run `viva models fetch`", m->name);
    qsort_r(m->by_text, (size_t)n, sizeof *m->by_text, by_text, m->tokens);
    return STATUS_OK;
}

/* Id of the token with exactly these bytes, or -1. */
static int find(const struct whisper_model *m, const char *text, size_t len)
{
    int low = 0, high = m->end - 1;
    while (low <= high) {
        int mid = low + (high - low) / 2;
        int c = compare(&m->tokens[m->by_text[mid]], text, len);
        if (c == 0)
            return m->by_text[mid];
        if (c < 0)
            low = mid + 1;
        else
            high = mid - 1;
    }
    return -1;
}

/* The merge with the lowest id first, as the ids are the ranks of the merges. */
static size_t encode_word(const struct whisper_model *m, const char *word, size_t len, int64_t *ids, size_t max)
{
    size_t start[WORD_MAX + 1], n = 0;
    for (size_t i = 0; i <= len; i++)
        start[i] = i;
    for (size_t parts = len;; parts--) {
        int best = -1;
        size_t at = 0;
        for (size_t i = 0; i + 1 < parts; i++) {
            int id = find(m, word + start[i], start[i + 2] - start[i]);
            if (id >= 0 && (best < 0 || id < best)) {
                best = id;
                at = i;
            }
        }
        if (best < 0) {
            for (size_t i = 0; i < parts && n < max; i++) {
                int id = find(m, word + start[i], start[i + 1] - start[i]);
                if (id >= 0)
                    ids[n++] = id;
            }
            return n;
        }
        memmove(start + at + 1, start + at + 2, (parts - at - 1) * sizeof *start);
    }
}

/* Bytes of the "'s" that begins here and is a word of its own; 0: none does. */
static size_t contraction(const char *text)
{
    static const char *const all[] = {"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strncmp(text, all[i], strlen(all[i])) == 0)
            return strlen(all[i]);
    return 0;
}

/* Words are cut as GPT-2 does for ordinary text: a space belongs to the word after it; letters, digits and the rest
 * apart. */
size_t whisper_tokenize(const struct whisper_model *m, const char *text, int64_t *ids, size_t max)
{
    size_t n = 0;
    while (*text != '\0' && n < max) {
        size_t len = contraction(text);
        if (len > 0) {
            n += encode_word(m, text, len, ids + n, max - n);
            text += len;
            continue;
        }
        len = text[0] == ' ';
        unsigned char c = (unsigned char)text[len];
        bool letter = isalpha(c) || c >= 0x80, digit = isdigit(c);
        while (text[len] != '\0' && text[len] != ' ' && len < WORD_MAX) {
            c = (unsigned char)text[len];
            if ((isalpha(c) || c >= 0x80) != letter || (isdigit(c) != 0) != digit)
                break;
            len++;
        }
        if (len > 0)
            n += encode_word(m, text, len, ids + n, max - n);
        text += len == 0 ? 1 : len;
    }
    return n;
}
