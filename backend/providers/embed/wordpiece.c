#include "providers/embed/wordpiece.h"

#include "base/utf8.h"
#include "providers/embed/fold_table.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS       (1u << 17) /* a power of two, more than twice the pieces */
#define PIECES_MAX  50000u
#define WORD_CHARS  100 /* a longer word is unknown, as in BERT */
#define WORD_BYTES  (WORD_CHARS * 4)
#define PREFIX      "##"
#define COUNT(list) (sizeof(list) / sizeof *(list))

struct wordpiece {
    char *text;         /* the file, its lines ended by NUL */
    const char **piece; /* by id */
    uint32_t count;
    uint32_t *slots; /* id + 1; 0: free */
    int64_t cls, sep, unknown;
};

/* ---- the vocabulary ---- */

static uint32_t hash(uint32_t h, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        h = (h ^ (uint8_t)s[i]) * 16777619u;
    return h;
}

/* The id of prefix and s[0..n) together, or -1. */
static int64_t find(const struct wordpiece *w, const char *prefix, const char *s, size_t n)
{
    const size_t k = strlen(prefix);
    for (uint32_t at = hash(hash(2166136261u, prefix, k), s, n); w->slots[at % SLOTS]; at++) {
        const uint32_t id = w->slots[at % SLOTS] - 1;
        const char *p = w->piece[id];
        if (!strncmp(p, prefix, k) && !strncmp(p + k, s, n) && !p[k + n])
            return id;
    }
    return -1;
}

static void add(struct wordpiece *w, const char *piece)
{
    uint32_t at = hash(2166136261u, piece, strlen(piece));
    while (w->slots[at % SLOTS])
        at++;
    w->piece[w->count++] = piece;
    w->slots[at % SLOTS] = w->count;
}

static void add_lines(struct wordpiece *w)
{
    for (char *line = w->text; *line && w->count < PIECES_MAX;) {
        char *end = line + strcspn(line, "\r\n"), *next = end + strspn(end, "\r\n");
        *end = '\0';
        add(w, line);
        line = next;
    }
    w->cls = find(w, "", "[CLS]", 5);
    w->sep = find(w, "", "[SEP]", 5);
    w->unknown = find(w, "", "[UNK]", 5);
}

static char *read_all(const char *path)
{
    FILE *f = fopen(path, "rb");
    long n = f && !fseek(f, 0, SEEK_END) ? ftell(f) : -1;
    char *text = n >= 0 && n < (8 << 20) ? malloc((size_t)n + 1) : NULL;
    if (text) {
        rewind(f);
        text[fread(text, 1, (size_t)n, f)] = '\0';
    }
    if (f)
        fclose(f);
    return text;
}

enum status wordpiece_new(const char *path, struct wordpiece **ret, struct error *err)
{
    struct wordpiece *w = calloc(1, sizeof *w);
    if (!w)
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "no memory for the vocabulary");
    w->text = read_all(path);
    w->piece = calloc(PIECES_MAX, sizeof *w->piece);
    w->slots = calloc(SLOTS, sizeof *w->slots);
    enum status st = STATUS_OK;
    if (!w->piece || !w->slots)
        st = error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "no memory for the vocabulary");
    else if (!w->text)
        st = error_set(err, STATUS_UNAVAILABLE, "engine_missing", NULL,
                       "%.300s cannot be read: run `viva models fetch`", path);
    else
        add_lines(w);
    if (st == STATUS_OK && (w->cls < 0 || w->sep < 0 || w->unknown < 0))
        st = error_set(err, STATUS_UNAVAILABLE, "engine_failed", NULL,
                       "%.300s is no vocabulary of BERT: run `viva models fetch`", path);
    if (st != STATUS_OK) {
        wordpiece_free(w);
        return st;
    }
    *ret = w;
    return STATUS_OK;
}

struct wordpiece *wordpiece_free(struct wordpiece *w)
{
    if (w) {
        free(w->text);
        free(w->piece);
        free(w->slots);
        free(w);
    }
    return NULL;
}

/* ---- characters ---- */

enum kind { IN_WORD, DROPPED, SPACE, ALONE };

static int compare_range(const void *key, const void *row)
{
    const uint32_t c = *(const uint32_t *)key;
    const struct fold_range *r = row;
    return c < r->first ? -1 : c > r->last;
}

static int compare_pair(const void *key, const void *row)
{
    const uint32_t c = *(const uint32_t *)key;
    const struct fold_pair *p = row;
    return c < p->from ? -1 : c > p->from;
}

static bool is_among(uint32_t c, const struct fold_range *list, size_t n)
{
    return bsearch(&c, list, n, sizeof *list, compare_range) != NULL;
}

static bool is_chinese(uint32_t c)
{
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0x20000 && c <= 0x2CEAF) || (c >= 0x2F800 && c <= 0x2FA1F);
}

static enum kind kind_of(uint32_t c)
{
    if (c < 0x80) {
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
            return SPACE;
        if (c < ' ' || c == 0x7F)
            return DROPPED;
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ? IN_WORD : ALONE;
    }
    if (c == 0xFFFD || is_among(c, fold_dropped, COUNT(fold_dropped)))
        return DROPPED;
    if (is_among(c, fold_spaces, COUNT(fold_spaces)))
        return SPACE;
    return is_chinese(c) || is_among(c, fold_punctuation, COUNT(fold_punctuation)) ? ALONE : IN_WORD;
}

static size_t put_utf8(uint32_t c, char *out)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    const size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--, c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3F));
    out[0] = (char)((0xF0 << (4 - n) & 0xFF) | c);
    return n;
}

/* Small, without its accents: up to three characters (Hangul falls apart into its letters). Returns the bytes. */
static size_t fold(uint32_t c, char out[12])
{
    if (c >= 'A' && c <= 'Z')
        c += 'a' - 'A';
    const struct fold_pair *p = bsearch(&c, fold_letters, COUNT(fold_letters), sizeof *p, compare_pair);
    if (p)
        c = p->to;
    if (c < 0xAC00 || c > 0xD7A3)
        return put_utf8(c, out);
    const uint32_t s = c - 0xAC00;
    size_t n = put_utf8(0x1100 + s / 588, out);
    n += put_utf8(0x1161 + s % 588 / 28, out + n);
    return s % 28 ? n + put_utf8(0x11A7 + s % 28, out + n) : n;
}

/* ---- words ---- */

struct word {
    char text[WORD_BYTES + 12];
    size_t bytes, characters;
};

struct tokens {
    const struct wordpiece *w;
    int64_t *ids;
    size_t n, max; /* max leaves room for [SEP] */
};

static void emit(struct tokens *t, int64_t id)
{
    if (t->n < t->max)
        t->ids[t->n++] = id;
}

/* The longest pieces from the left; unknown as a whole when one is not in the vocabulary. */
static void end_word(struct tokens *t, struct word *x)
{
    int64_t ids[WORD_CHARS * 3];
    size_t n = 0;
    bool known = x->characters <= WORD_CHARS;
    for (size_t at = 0; known && at < x->bytes;) {
        int64_t id = -1;
        size_t end = x->bytes;
        for (; end > at; end--)
            if ((id = find(t->w, at ? PREFIX : "", x->text + at, end - at)) >= 0)
                break;
        known = id >= 0 && n < COUNT(ids);
        if (known)
            ids[n++] = id;
        at = end;
    }
    if (!known && x->characters)
        emit(t, t->w->unknown);
    for (size_t i = 0; known && i < n; i++)
        emit(t, ids[i]);
    x->bytes = x->characters = 0;
}

static void add_character(struct word *x, uint32_t c)
{
    char out[12];
    const size_t n = fold(c, out);
    for (size_t i = 0; i < n; i++)
        x->characters += ((uint8_t)out[i] & 0xC0) != 0x80;
    if (x->bytes + n <= WORD_BYTES) {
        memcpy(x->text + x->bytes, out, n);
        x->bytes += n;
    }
}

size_t wordpiece_encode(const struct wordpiece *w, const char *text, int64_t *ids, size_t max)
{
    struct tokens t = {w, ids, 0, max - 1};
    struct word x = {.bytes = 0};
    size_t n = strlen(text), size;
    emit(&t, w->cls);
    for (size_t at = 0; at < n && t.n < t.max; at += size) {
        uint32_t c = 0;
        size = utf8_next(text + at, n - at, &c);
        const enum kind k = size ? kind_of(c) : DROPPED;
        if (!size)
            size = 1;
        if (k == SPACE || k == ALONE)
            end_word(&t, &x);
        if (k == IN_WORD || k == ALONE)
            add_character(&x, c);
        if (k == ALONE)
            end_word(&t, &x);
    }
    end_word(&t, &x);
    ids[t.n++] = w->sep;
    return t.n;
}
