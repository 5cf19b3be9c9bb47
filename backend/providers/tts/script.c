#include "providers/tts/script.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "providers/tts/lexicon.h"
#include "providers/tts/reader.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define CLAUSE_BYTES_MAX 180 /* espeak-ng cuts longer lines by itself, where it likes */
#define CLAUSE_WORDS_MAX 30
#define OPENING          "\"'([{<*_`"
#define CLOSING          "\"')]}>*_`"
#define MARKS            ".,;:!?"

struct token {
    const char *text; /* ASCII punctuation, UTF-8 letters */
    size_t source;
    bool after_line; /* a line of the text ended before it */
};

struct builder {
    struct arena *arena;
    struct spoken_word *words;
    size_t n_words, words_cap, source;
    struct clause *clauses;
    size_t n_clauses, clauses_cap, bytes;
    bool failed;
};

/* ---- characters ---- */

static bool in(uint32_t c, uint32_t from, uint32_t to)
{
    return c >= from && c <= to;
}

static const struct {
    uint32_t c;
    const char *to;
} plain_forms[] = {
    {0x2018, "'"},
    {0x2019, "'"},
    {0x201a, "'"},
    {0x201b, "'"},
    {0x02bc, "'"},
    {0x2032, "'"},
    {0x201c, "\""},
    {0x201d, "\""},
    {0x201e, "\""},
    {0x201f, "\""},
    {0x00ab, "\""},
    {0x00bb, "\""},
    {0x2033, "\""},
    {0x2010, "-"},
    {0x2011, "-"},
    {0x2012, "-"},
    {0x2013, "-"},
    {0x2212, "-"},
    {0x2014, " - "},
    {0x2015, " - "},
    {0x2026, "..."},
    {0x2022, " - "},
    {0x00b7, " "},
    {0x00d7, " times "},
    {0x00f7, " divided by "},
    {0x00b1, " plus or minus "},
    {0x2248, " about "},
    {0x2260, " is not "},
    {0x2264, " at most "},
    {0x2265, " at least "},
    {0x2192, " to "},
    {0x21d2, " to "},
    {0x2190, " from "},
    {0x00bd, " one half "},
    {0x00bc, " one quarter "},
    {0x00be, " three quarters "},
    {0x00a9, ""},
    {0x00ae, ""},
    {0x2122, ""},
    {0x00ad, ""},
    {0xfeff, ""},
    {0x00bf, ""},
    {0x00a1, ""},
    {0x00a7, " section "},
    {0x03bc, "\u00b5"},
    {0x20bd, " rubles "},
    {0x3001, ", "},
    {0x3002, ". "},
    {0xfffd, " "},
};

/* What a character beyond ASCII becomes; NULL: it stays. */
static const char *plain_form(uint32_t c)
{
    for (size_t i = 0; i < sizeof plain_forms / sizeof *plain_forms; i++)
        if (plain_forms[i].c == c)
            return plain_forms[i].to;
    if (in(c, 0x80, 0xa0) || in(c, 0x2000, 0x200a) || c == 0x202f || c == 0x3000 || in(c, 0x2028, 0x2029))
        return " ";
    if (in(c, 0x0300, 0x036f) || in(c, 0x200b, 0x200f) || in(c, 0x202a, 0x202e) || in(c, 0x2060, 0x206f) ||
        in(c, 0xfe00, 0xfe0f))
        return ""; /* combining and invisible ones */
    if (in(c, 0x2070, 0x20a0) || in(c, 0x2100, 0x2bff) || in(c, 0x2e80, 0xd7ff) || in(c, 0xe000, 0xfaff) || c > 0xffff)
        return " "; /* symbols, pictures, and scripts that an English voice cannot say */
    return NULL;
}

/* One written word in the form the rules understand; it may have become several, with spaces between. */
static void plain_word(const char *s, size_t n, struct buf *out)
{
    while (n > 0) {
        uint32_t c = 0;
        size_t len = utf8_next(s, n, &c);
        const char *to = len == 0 ? " " : plain_form(c);
        if (in(c, 0xff01, 0xff5e)) {
            const char wide[] = {(char)(c - 0xff01 + '!'), '\0'};
            buf_str(out, wide);
        } else if (to != NULL) {
            buf_str(out, to);
        } else if (c >= 0x20 && c != 0x7f) {
            buf_append(out, s, len);
        }
        s += len == 0 ? 1 : len;
        n -= len == 0 ? 1 : len;
    }
}

/* ---- words and clauses out ---- */

static void end_clause(struct builder *b, char mark)
{
    const size_t first = b->n_clauses == 0 ? 0 : b->clauses[b->n_clauses - 1].first + b->clauses[b->n_clauses - 1].n;
    if (first == b->n_words) { /* nothing since the last mark: the stronger of the two counts */
        struct clause *last = b->n_clauses == 0 ? NULL : &b->clauses[b->n_clauses - 1];
        if (last != NULL && mark != 0 &&
            (last->mark == 0 || last->mark == ',' || (strchr("?!", mark) != NULL && last->mark == '.')))
            last->mark = mark;
        return;
    }
    if (b->n_clauses == b->clauses_cap) {
        size_t cap = b->clauses_cap == 0 ? 16 : b->clauses_cap * 2;
        struct clause *grown = arena_array(b->arena, cap, sizeof *grown);
        if (grown == NULL) {
            b->failed = true;
            return;
        }
        if (b->n_clauses > 0)
            memcpy(grown, b->clauses, b->n_clauses * sizeof *grown);
        b->clauses = grown;
        b->clauses_cap = cap;
    }
    b->clauses[b->n_clauses++] = (struct clause){first, b->n_words - first, mark};
    b->bytes = 0;
}

static void on_pause(void *u, char mark)
{
    end_clause(u, mark);
}

static void on_word(void *u, const char *word, size_t n)
{
    struct builder *b = u;
    const size_t first = b->n_clauses == 0 ? 0 : b->clauses[b->n_clauses - 1].first + b->clauses[b->n_clauses - 1].n;
    if (b->n_words > first && (b->bytes + n > CLAUSE_BYTES_MAX || b->n_words - first >= CLAUSE_WORDS_MAX))
        end_clause(b, 0);
    if (b->n_words == b->words_cap) {
        size_t cap = b->words_cap == 0 ? 64 : b->words_cap * 2;
        struct spoken_word *grown = arena_array(b->arena, cap, sizeof *grown);
        if (grown == NULL) {
            b->failed = true;
            return;
        }
        if (b->n_words > 0)
            memcpy(grown, b->words, b->n_words * sizeof *grown);
        b->words = grown;
        b->words_cap = cap;
    }
    const char *copy = arena_strndup(b->arena, word, n);
    b->failed = b->failed || copy == NULL;
    b->words[b->n_words++] = (struct spoken_word){copy, b->source};
    b->bytes += n + 1;
}

/* ---- tokens in ---- */

static bool space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Fills tokens (room for one per byte of plain text) and the written words. */
static enum status tokenize(const char *text, struct arena *a, struct token **ret, size_t *ret_n, struct script *script,
                            struct error *err)
{
    struct buf plain;
    size_t n = 0, cap = 64, written_cap = 64;
    bool line = false;
    struct token *tokens = arena_array(a, cap, sizeof *tokens);
    const char **written = arena_array(a, written_cap, sizeof *written);

    buf_init(&plain, SCRIPT_TEXT_MAX * 4);
    for (const char *p = text; *p != '\0' && tokens != NULL && written != NULL;) {
        size_t len = 0;
        if (space(*p)) {
            line = line || *p == '\n';
            p++;
            continue;
        }
        while (p[len] != '\0' && !space(p[len]))
            len++;
        buf_clear(&plain);
        plain_word(p, len, &plain);
        const char *q = buf_cstr(&plain);
        if (script->n_written == written_cap) {
            const char **grown = arena_array(a, written_cap * 2, sizeof *grown);
            if (grown == NULL)
                break;
            memcpy(grown, written, written_cap * sizeof *grown);
            written = grown;
            written_cap *= 2;
        }
        written[script->n_written++] = arena_strndup(a, p, len);
        for (size_t part; *q != '\0'; q += part) {
            part = strcspn(q, " ");
            if (part == 0) {
                part = 1;
                continue;
            }
            if (n == cap) {
                struct token *grown = arena_array(a, cap * 2, sizeof *grown);
                if (grown == NULL)
                    break;
                memcpy(grown, tokens, cap * sizeof *grown);
                tokens = grown;
                cap *= 2;
            }
            tokens[n++] = (struct token){arena_strndup(a, q, part), script->n_written - 1, line};
            line = false;
        }
        p += len;
    }
    buf_free(&plain);
    if (tokens == NULL || written == NULL || (n > 0 && tokens[n - 1].text == NULL))
        return arena_exhausted(err);
    script->written = written;
    *ret = tokens;
    *ret_n = n;
    return STATUS_OK;
}

/* The bare word inside a token: quotes, brackets and marks stripped. */
struct bare {
    const char *text;
    size_t n;
    bool opened, closed; /* a bracket or quote before or after it makes a small pause */
    char mark;           /* the strongest mark after it, or 0 */
    char outer;          /* the same without dots: "Ph.D.," */
    bool dot;            /* a single dot follows: it may be an abbreviation's */
};

static int strength(char mark)
{
    static const char order[] = ",:;.!?";
    const char *at = mark == 0 ? NULL : strchr(order, mark);
    return at == NULL ? 0 : (int)(at - order) + 1;
}

static struct bare strip(const char *s)
{
    struct bare b = {.text = s, .n = strlen(s)};
    size_t dots = 0;
    while (b.n > 0 && strchr(OPENING, b.text[0]) != NULL &&
           !(b.text[0] == '\'' && b.n > 2 && isdigit((unsigned char)b.text[1]))) {
        b.opened = b.opened || strchr("([{", b.text[0]) != NULL;
        b.text++;
        b.n--;
    }
    while (b.n > 0) {
        const char c = b.text[b.n - 1];
        if (strchr(MARKS, c) != NULL) {
            b.mark = strength(c) > strength(b.mark) ? c : b.mark;
            b.outer = c != '.' && strength(c) > strength(b.outer) ? c : b.outer;
            dots += c == '.';
        } else if (strchr(CLOSING, c) != NULL && !(c == '>' && b.n > 1 && strchr("-=", b.text[b.n - 2]) != NULL)) {
            b.closed = b.closed || strchr(")]}", c) != NULL;
        } else {
            break;
        }
        b.n--;
    }
    while (b.n > 0 && strchr(",;!?", b.text[0]) != NULL) { /* "!important", ",then" */
        b.text++;
        b.n--;
    }
    b.dot = dots == 1;
    if (b.n > 1 && b.text[0] == '\'' && isdigit((unsigned char)b.text[1])) { /* '90s */
        b.text++;
        b.n--;
    }
    return b;
}

static bool capital(const char *s)
{
    return s[0] >= 'A' && s[0] <= 'Z';
}

static bool has_inner_dot(const struct bare *b)
{
    return memchr(b->text, '.', b->n) != NULL && isalpha((unsigned char)b->text[0]) && b->n % 2 == 1;
}

/* Whether the dot after a word ends a sentence, or only its abbreviation. */
static bool dot_ends_sentence(const struct bare *b, const char *previous, const char *next)
{
    const struct abbreviation *a = lexicon_abbreviation(b->text, b->n, true);
    const bool initial = b->n == 1 && capital(b->text) && b->text[0] != 'I';
    if (a == NULL && !initial && !has_inner_dot(b))
        return true;
    if (a != NULL && a->kind == ABBREVIATION_NUMBERED)
        return !isdigit((unsigned char)next[0]);
    if (next[0] == '\0')
        return true;
    if (a != NULL && strcmp(a->from, "st") == 0) /* "Main St. He left" and "St. Louis" */
        return capital(previous) && capital(next);
    if (initial || (a != NULL && a->kind == ABBREVIATION_PREFIX))
        return false;
    return capital(next);
}

static const char *bare_copy(struct arena *a, const char *token)
{
    const struct bare b = strip(token);
    const char *copy = arena_strndup(a, b.text, b.n);
    return copy == NULL ? "" : copy;
}

static void read_token(struct builder *b, struct reader *r, const struct token *t)
{
    const struct bare w = strip(t->text);
    b->source = t->source;
    if (w.opened)
        end_clause(b, ',');
    if (w.n > 0 && w.n == strspn(w.text, "-")) /* a dash on its own */
        end_clause(b, ',');
    else
        reader_word(r, w.text, w.n, w.dot);
    const bool own_dot = w.mark == '.' && w.dot &&
                         (w.outer != 0 ? lexicon_abbreviation(w.text, w.n, true) != NULL || has_inner_dot(&w)
                                       : !dot_ends_sentence(&w, r->previous, r->next));
    const char mark = own_dot ? w.outer : w.mark;
    if (mark != 0)
        end_clause(b, mark);
    else if (w.closed)
        end_clause(b, ',');
}

static bool shouting(const char *text)
{
    size_t capitals = 0;
    for (; *text != '\0'; text++) {
        if (islower((unsigned char)*text))
            return false;
        capitals += isupper((unsigned char)*text) != 0;
    }
    return capitals > 12;
}

static enum status read_tokens(const char *text, const struct token *tokens, size_t n, struct arena *a,
                               struct builder *b, struct error *err)
{
    struct reader r = {
        .say = on_word, .pause = on_pause, .u = b, .previous = "", .next = "", .shouting = shouting(text)};
    for (size_t i = 0; i < n && !b->failed; i++) {
        if (tokens[i].after_line)
            end_clause(b, '.');
        r.next = i + 1 < n ? bare_copy(a, tokens[i + 1].text) : "";
        r.took_next = false;
        read_token(b, &r, &tokens[i]);
        if (r.took_next && i + 1 < n) { /* said already: only its mark is left */
            const struct bare w = strip(tokens[++i].text);
            if (w.mark != 0)
                end_clause(b, w.mark);
            r.previous = r.next;
        } else {
            r.previous = bare_copy(a, tokens[i].text);
        }
    }
    end_clause(b, '.');
    return b->failed ? arena_exhausted(err) : STATUS_OK;
}

enum status script_make(const char *text, struct arena *a, struct script **ret, struct error *err)
{
    struct builder b = {.arena = a};
    struct token *tokens = NULL;
    size_t n = 0;

    if (strlen(text) > SCRIPT_TEXT_MAX)
        return error_set(err, STATUS_TOO_LARGE, "text_too_long", "text", "the text is longer than %d characters",
                         SCRIPT_TEXT_MAX);
    struct script *s = arena_new_of(a, struct script);
    if (s == NULL)
        return arena_exhausted(err);
    enum status st = tokenize(text, a, &tokens, &n, s, err);
    if (st == STATUS_OK)
        st = read_tokens(text, tokens, n, a, &b, err);
    if (st != STATUS_OK)
        return st;
    if (b.n_words == 0)
        return error_set(err, STATUS_INVALID, "text_empty", "text", "there is nothing in the text that can be said");
    s->words = b.words;
    s->n_words = b.n_words;
    s->clauses = b.clauses;
    s->n_clauses = b.n_clauses;
    *ret = s;
    return STATUS_OK;
}
