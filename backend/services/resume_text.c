#include "services/resume_text.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/utf8.h"
#include "services/resume_parts.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define FOUND_MAX     (4u << 20)
#define HEAD_BYTES    8
#define PLAIN_MAX     (1u << 20)
#define HIDDEN_LEAST  12 /* letters: a stray word is an accident of the layout */
#define INVISIBLE_MAX 20 /* joiners and the like that ordinary text may have */

enum status resume_unreadable(struct error *err)
{
    return error_set(err, STATUS_INVALID, "resume_unreadable", "file",
                     "This file is damaged or not what it seems. Save the resume as PDF again, and send that");
}

enum status resume_too_long(struct error *err)
{
    return error_set(err, STATUS_INVALID, "resume_too_long", "file",
                     "This file holds more than a resume does: at most %d pages", RESUME_PAGES_MAX);
}

enum status resume_encrypted(struct error *err)
{
    return error_set(err, STATUS_INVALID, "resume_encrypted", "file",
                     "This file is protected by a password. Send it without one");
}

void resume_found_init(struct resume_found *f)
{
    *f = (struct resume_found){0};
    buf_init(&f->text, FOUND_MAX);
    for (int i = 0; i < RESUME_KINDS; i++)
        buf_init(&f->hidden[i], 2 * RESUME_HIDDEN_MAX);
}

void resume_found_free(struct resume_found *f)
{
    buf_free(&f->text);
    for (int i = 0; i < RESUME_KINDS; i++)
        buf_free(&f->hidden[i]);
}

void resume_hide(struct resume_found *f, enum resume_hidden how, const char *text, size_t n)
{
    struct buf *b = &f->hidden[how];
    for (size_t i = 0; i < n; i++)
        f->letters[how] += isalnum((unsigned char)text[i]) || (text[i] & 0x80);
    if (b->len + n + 1 >= RESUME_HIDDEN_MAX)
        return;
    buf_append(b, text, n);
    buf_char(b, ' ');
}

void resume_decode(struct buf *out, const char *text, size_t n)
{
    static const struct {
        const char *name;
        char is;
    } entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
    for (size_t i = 0; i < n;) {
        size_t k = 0, step = 1;
        char c = text[i];
        for (; c == '&' && k < sizeof entities / sizeof entities[0]; k++)
            if (n - i >= strlen(entities[k].name) && !memcmp(text + i, entities[k].name, strlen(entities[k].name))) {
                c = entities[k].is;
                step = strlen(entities[k].name);
                break;
            }
        if (text[i] == '&' && step == 1 && n - i > 3 && text[i + 1] == '#') { /* &#160; &#xa0; */
            char *end = NULL;
            bool hex = text[i + 2] == 'x';
            unsigned long v = strtoul(text + i + 2 + hex, &end, hex ? 16 : 10);
            if (end && *end == ';' && (size_t)(end - text) < n) {
                step = (size_t)(end - text) - i + 1;
                if (v >= 0x20 && v < 0x80)
                    c = (char)v;
                else { /* U+FFFD and the rest in UTF-8 */
                    if (v < 0xa0 || v > 0x10ffff || (v >= 0xd800 && v < 0xe000))
                        v = ' ';
                    char u[4] = {(char)v};
                    size_t len = 1;
                    if (v >= 0x10000) {
                        u[0] = (char)(0xf0 | v >> 18), u[1] = (char)(0x80 | (v >> 12 & 0x3f));
                        u[2] = (char)(0x80 | (v >> 6 & 0x3f)), u[3] = (char)(0x80 | (v & 0x3f)), len = 4;
                    } else if (v >= 0x800) {
                        u[0] = (char)(0xe0 | v >> 12), u[1] = (char)(0x80 | (v >> 6 & 0x3f));
                        u[2] = (char)(0x80 | (v & 0x3f)), len = 3;
                    } else if (v >= 0x80) {
                        u[0] = (char)(0xc0 | v >> 6), u[1] = (char)(0x80 | (v & 0x3f)), len = 2;
                    }
                    buf_append(out, u, len);
                    i += step;
                    continue;
                }
            }
        }
        buf_char(out, c);
        i += step;
    }
}

/* -----------------------------------------------------------------------------------------------------------------
 * what can be said of any text */

/* Characters that are there and not seen: tags, zero width, direction overrides. */
static bool invisible(uint32_t c)
{
    return (c >= 0xe0000 && c <= 0xe007f) || (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2060 && c <= 0x2069) || c == 0xfeff;
}

/* A copy with spaces for what is no text, at most max bytes; counts what cannot be seen (a tag counts for many: it has
 * no other use than to hide). */
static char *clean(const char *text, size_t n, size_t max, size_t *unseen, struct arena *a)
{
    cleanup(buf_free) struct buf b;
    size_t breaks = 0;
    buf_init(&b, n + 1 < max ? n + 1 : max);
    for (size_t i = 0, k; i < n; i += k ? k : 1) {
        uint32_t c = ' ';
        k = utf8_next(text + i, n - i, &c);
        if (b.len + (k ? k : 1) >= b.max)
            break;
        if (k && invisible(c)) {
            *unseen += c >= 0xe0000 ? INVISIBLE_MAX + 1 : 1;
            continue;
        }
        bool line = c == '\n' || c == '\f' || c == 0x2028 || c == 0x2029;
        breaks = line ? breaks + 1 : breaks;
        if (line && breaks <= 2)
            buf_char(&b, '\n');
        else if (!line && (k == 0 || c < 0x20 || (c >= 0x7f && c <= 0x9f)))
            buf_char(&b, c == '\t' ? '\t' : ' ');
        else if (!line)
            buf_append(&b, text + i, k);
        if (!line && c > ' ')
            breaks = 0;
    }
    return arena_strdup(a, buf_cstr(&b));
}

/* Words that speak to software and not to a reader. */
static bool instructs(const char *text, struct arena *a)
{
    static const char *const phrases[] = {
        "ignore previous instructions",
        "ignore all previous",
        "ignore the above",
        "ignore all instructions",
        "disregard previous",
        "disregard all",
        "disregard the above",
        "system prompt",
        "you are an ai",
        "as an ai",
        "language model",
        "rate this candidate",
        "score this candidate",
        "rank this candidate",
        "recommend this candidate",
        "hire this candidate",
        "this candidate is the best",
        "give the highest score",
        "highest possible score",
        "instructions to the grader",
        "note to the grader",
        "note to the evaluator",
        "perfect candidate for",
    };
    char *low = arena_strdup(a, text);
    bool gap = false;
    size_t n = 0;
    for (size_t i = 0; low && low[i]; i++) { /* one space between words, lower case */
        bool space = isspace((unsigned char)low[i]) != 0;
        if (space && gap)
            continue;
        gap = space;
        low[n++] = space ? ' ' : (char)tolower((unsigned char)low[i]);
    }
    if (low)
        low[n] = '\0';
    for (size_t i = 0; low && i < sizeof phrases / sizeof phrases[0]; i++)
        if (strstr(low, phrases[i]))
            return true;
    return false;
}

static enum status conclude(struct resume_found *f, struct arena *a, struct resume_text *out, struct error *err)
{
    cleanup(buf_free) struct buf all;
    size_t unseen = 0, ignored = 0;
    buf_init(&all, RESUME_KINDS * 2 * RESUME_HIDDEN_MAX);
    if (!buf_ok(&f->text))
        return resume_too_long(err);
    for (int i = 0; i < RESUME_KINDS; i++)
        if (f->letters[i] >= HIDDEN_LEAST) {
            out->hidden_kinds |= UINT64_C(1) << i;
            buf_append(&all, f->hidden[i].data, f->hidden[i].len);
        }
    out->text = clean(buf_cstr(&f->text), f->text.len, RESUME_TEXT_MAX, &unseen, a);
    out->hidden_text = clean(buf_cstr(&all), all.len, RESUME_HIDDEN_MAX, &ignored, a);
    if (!out->text || !out->hidden_text)
        return arena_exhausted(err);
    if (unseen > INVISIBLE_MAX)
        out->hidden_kinds |= UINT64_C(1) << RESUME_HIDDEN_CHARACTERS;
    if (instructs(out->text, a) || instructs(out->hidden_text, a))
        out->hidden_kinds |= UINT64_C(1) << RESUME_HIDDEN_INSTRUCTIONS;
    return STATUS_OK;
}

/* -----------------------------------------------------------------------------------------------------------------
 * kinds */

static enum status plain(const char *path, struct resume_found *f, struct error *err)
{
    cleanup(freep) char *data = NULL;
    size_t n = 0;
    enum status st = file_read(path, PLAIN_MAX, &data, &n, err);
    if (st == STATUS_TOO_LARGE)
        return resume_too_long(err);
    if (st != STATUS_OK)
        return st;
    size_t bom = n >= 3 && !memcmp(data, "\xef\xbb\xbf", 3) ? 3 : 0;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)data[i] < 0x20 && !memchr("\t\n\r\f", data[i], 4))
            return error_set(err, STATUS_INVALID, "resume_unsupported", "file",
                             "A resume must be a PDF, a DOCX or plain text; this file is none of them");
    if (!utf8_valid(data, n))
        return error_set(err, STATUS_INVALID, "resume_unsupported", "file",
                         "A resume must be a PDF, a DOCX or plain text in UTF-8; this file is none of them");
    buf_append(&f->text, data + bom, n - bom);
    return STATUS_OK;
}

static enum status read_head(const char *path, unsigned char head[HEAD_BYTES], struct error *err)
{
    cleanup(file_closep) FILE *in = fopen(path, "rbe");
    memset(head, 0, HEAD_BYTES);
    if (!in)
        return error_set(err, STATUS_IO, "disk_read", NULL, "The upload could not be read back");
    return fread(head, 1, HEAD_BYTES, in) > 0
               ? STATUS_OK
               : error_set(err, STATUS_INVALID, "resume_empty", "file", "The file is empty");
}

enum status resume_text_extract(const char *path, struct arena *a, struct resume_text *ret, struct error *err)
{
    cleanup(resume_found_free) struct resume_found f;
    unsigned char head[HEAD_BYTES];
    struct resume_text out = {.media_type = "text/plain", .extension = ".txt"};
    resume_found_init(&f);
    enum status st = read_head(path, head, err);
    if (st != STATUS_OK)
        return st;
    if (!memcmp(head, "%PDF-", 5)) {
        out.media_type = "application/pdf";
        out.extension = ".pdf";
        st = resume_pdf(path, &f, err);
    } else if (!memcmp(head, "PK\x03\x04", 4)) {
        out.media_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
        out.extension = ".docx";
        st = resume_docx(path, &f, err);
    } else if (!memcmp(head, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8)) { /* OLE: an encrypted DOCX, or the old format */
        st = error_set(err, STATUS_INVALID, "resume_encrypted", "file",
                       "This file has a password or an old format (.doc). Save it as PDF or DOCX without password");
    } else {
        st = plain(path, &f, err);
    }
    if (st == STATUS_OK)
        st = conclude(&f, a, &out, err);
    if (st == STATUS_OK)
        *ret = out;
    return st;
}
