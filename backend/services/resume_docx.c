/* DOCX: one member at a time is written to a pipe by unzip, in a limited process, and read here tag by tag: no
 * entities but the five, no document type, so nothing expands (resume_text.h). */
#include "base/cleanup.h"
#include "base/subprocess.h"
#include "services/resume_parts.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define TIMEOUT_MS 10000
#define MEMBER_MAX (8u << 20) /* unpacked */
#define STYLES_MAX 200        /* that hide */
#define TINY_HALF  7          /* half points: sizes below 3.5 pt */
#define STYLE_NAME 64

/* ---- the archive ---- */

static enum status member(const char *path, const char *name, bool needed, struct buf *out, struct error *err)
{
    const char *const argv[] = {"unzip", "-p", path, name, NULL};
    const struct subprocess_limits lim = {.timeout_ms = TIMEOUT_MS, .memory_bytes = 256ull << 20, .file_bytes = 1};
    cleanup(buf_free) struct buf said;
    buf_init(&said, 4096);
    const struct subprocess_io io = {.out = out, .err = &said};
    enum status st = subprocess_run(argv, &io, &lim, err);
    if (st == STATUS_TOO_LARGE)
        return resume_too_long(err);
    if (st != STATUS_IO)
        return st;
    if (strstr(buf_cstr(&said), "assword"))
        return resume_encrypted(err);
    if (!needed && strstr(buf_cstr(&said), "filename not matched"))
        return STATUS_OK;
    return resume_unreadable(err);
}

/* ---- tags ---- */

struct tag {
    const char *name; /* without prefix */
    size_t n;
    const char *attributes, *end; /* up to the > */
    bool closes, empty;
};

static bool is(const struct tag *t, const char *name)
{
    return t->n == strlen(name) && !memcmp(t->name, name, t->n);
}

/* The value of an attribute, whatever its prefix; false when it has none. */
static bool value_of(const struct tag *t, const char *name, char *out, size_t size)
{
    size_t n = strlen(name);
    for (const char *p = t->attributes; p + n + 2 < t->end; p++) {
        bool starts = p[-1] == ' ' || p[-1] == ':' || p[-1] == '\t' || p[-1] == '\n' || p[-1] == '\r';
        if (!starts || memcmp(p, name, n) || p[n] != '=' || (p[n + 1] != '"' && p[n + 1] != '\''))
            continue;
        const char *v = p + n + 2, *stop = memchr(v, p[n + 1], (size_t)(t->end - v));
        if (!stop || (size_t)(stop - v) >= size)
            return false;
        memcpy(out, v, (size_t)(stop - v));
        out[stop - v] = '\0';
        return true;
    }
    return false;
}

/* An on/off property: there without a value means on. */
static bool on(const struct tag *t)
{
    char v[16];
    return !value_of(t, "val", v, sizeof v) || (strcmp(v, "0") && strcmp(v, "false") && strcmp(v, "off"));
}

/* The next tag from *at on; the characters before it are *text, *text_n. 0: the end, -1: not what we read. */
static int next_tag(const char **at, const char **text, size_t *text_n, struct tag *ret)
{
    const char *start = strchr(*at, '<');
    *text = *at;
    *text_n = start ? (size_t)(start - *at) : strlen(*at);
    if (!start)
        return 0;
    if (!strncmp(start, "<!--", 4) || !strncmp(start, "<?", 2)) {
        const char *stop = strstr(start, start[1] == '!' ? "-->" : "?>");
        *at = stop ? stop + (start[1] == '!' ? 3 : 2) : start;
        *ret = (struct tag){.name = "", .attributes = start, .end = start};
        return stop ? 1 : -1;
    }
    if (start[1] == '!') /* a document type or CDATA: Word writes neither */
        return -1;
    const char *p = start + 1 + (start[1] == '/'), *end = p;
    for (char quote = 0; *end && (quote || *end != '>'); end++)
        quote = quote ? (*end == quote ? 0 : quote) : (*end == '"' || *end == '\'') ? *end : 0;
    if (!*end)
        return -1;
    size_t n = strcspn(p, " \t\r\n/>");
    const char *colon = memchr(p, ':', n);
    *ret = (struct tag){.name = colon ? colon + 1 : p,
                        .n = colon ? n - (size_t)(colon + 1 - p) : n,
                        .attributes = p + n,
                        .end = end,
                        .closes = start[1] == '/',
                        .empty = end[-1] == '/'};
    *at = end + 1;
    return 1;
}

/* ---- looks ---- */

struct look {
    bool vanish, white, tiny, shaded;
};

static bool whitish(const char *hex)
{
    unsigned long v = strtoul(hex, NULL, 16);
    return strlen(hex) == 6 && (v >> 16) >= 0xf0 && (v >> 8 & 0xff) >= 0xf0 && (v & 0xff) >= 0xf0;
}

static bool colours(const char *fill) /* a ground on which white can be read */
{
    return strcasecmp(fill, "auto") && strcasecmp(fill, "none") && !whitish(fill);
}

static void look_at(const struct tag *t, struct look *l)
{
    char v[32];
    if (is(t, "vanish") || is(t, "webHidden"))
        l->vanish = on(t);
    if (is(t, "color") && value_of(t, "val", v, sizeof v))
        l->white = whitish(v);
    if (is(t, "color") && value_of(t, "themeColor", v, sizeof v))
        l->white = !strcmp(v, "background1") || !strcmp(v, "light1");
    if (is(t, "sz") && value_of(t, "val", v, sizeof v))
        l->tiny = atoi(v) < TINY_HALF;
    if (is(t, "shd") && value_of(t, "fill", v, sizeof v))
        l->shaded = colours(v);
    if (is(t, "highlight") && value_of(t, "val", v, sizeof v))
        l->shaded = strcmp(v, "none") && strcmp(v, "white");
}

struct style {
    char id[STYLE_NAME];
    struct look look;
};

struct styles {
    struct style items[STYLES_MAX];
    size_t count;
};

static const struct look *style_look(const struct styles *s, const struct tag *t)
{
    char id[STYLE_NAME];
    if (!value_of(t, "val", id, sizeof id))
        return NULL;
    for (size_t i = 0; i < s->count; i++)
        if (!strcmp(s->items[i].id, id))
            return &s->items[i].look;
    return NULL;
}

/* Only styles that hide are kept. */
static enum status read_styles(const char *xml, struct styles *out, struct error *err)
{
    struct style now = {0};
    struct tag t;
    const char *text;
    size_t n;
    int got;
    while ((got = next_tag(&xml, &text, &n, &t)) > 0) {
        if (is(&t, "style") && !t.closes) {
            now = (struct style){0};
            if (!value_of(&t, "styleId", now.id, sizeof now.id))
                now.id[0] = '\0';
        } else if (is(&t, "style")) {
            if (now.id[0] && (now.look.vanish || now.look.white || now.look.tiny) && out->count < STYLES_MAX)
                out->items[out->count++] = now;
            now.id[0] = '\0';
        } else if (!t.closes) {
            look_at(&t, &now.look);
        }
    }
    return got < 0 ? resume_unreadable(err) : STATUS_OK;
}

/* ---- the document ---- */

struct reader {
    struct resume_found *found;
    const struct styles *styles;
    struct look run, paragraph, cell; /* of the last two only what their style and shading say */
    bool dark_page, in_run, in_run_props, in_text, in_cell_props;
    int fallback; /* depth in mc:Fallback, which repeats what stands before it */
    int mark;     /* depth in pPr: properties there are the paragraph's */
};

static void take_text(struct reader *r, const char *text, size_t n)
{
    const struct look *l = &r->run;
    bool ground = r->dark_page || l->shaded || r->paragraph.shaded || r->cell.shaded;
    size_t before = r->found->text.len;
    resume_decode(&r->found->text, text, n);
    if (!buf_ok(&r->found->text))
        return;
    const char *taken = r->found->text.data ? r->found->text.data + before : "";
    size_t len = r->found->text.len - before;
    if (l->vanish || r->paragraph.vanish)
        resume_hide(r->found, RESUME_HIDDEN_VANISH, taken, len);
    else if ((l->white || r->paragraph.white) && !ground)
        resume_hide(r->found, RESUME_HIDDEN_UNSEEN, taken, len);
    else if (l->tiny || r->paragraph.tiny)
        resume_hide(r->found, RESUME_HIDDEN_TINY, taken, len);
}

static void opens(struct reader *r, const struct tag *t)
{
    char v[32];
    const struct look *style = is(t, "rStyle") || is(t, "pStyle") ? style_look(r->styles, t) : NULL;
    if (is(t, "background") && value_of(t, "color", v, sizeof v))
        r->dark_page = colours(v);
    else if (is(t, "p"))
        r->paragraph = (struct look){0};
    else if (is(t, "tc"))
        r->cell = (struct look){0};
    else if (is(t, "tcPr") && !t->empty)
        r->in_cell_props = true;
    else if (is(t, "pPr") && !t->empty)
        r->mark++;
    else if (is(t, "r") && !t->empty) {
        r->in_run = true;
        r->run = (struct look){0};
    } else if (is(t, "rPr") && !t->empty)
        r->in_run_props = r->in_run && !r->mark;
    else if (is(t, "t") && !t->empty)
        r->in_text = true;
    else if (is(t, "tab") && r->in_run)
        buf_char(&r->found->text, '\t');
    else if ((is(t, "br") || is(t, "cr")) && r->in_run)
        buf_char(&r->found->text, '\n');
    else if (is(t, "shd") && r->in_cell_props)
        look_at(t, &r->cell);
    else if (r->mark && (is(t, "shd")))
        look_at(t, &r->paragraph);
    else if (style && r->mark)
        r->paragraph = *style;
    else if (style && r->in_run_props)
        r->run = *style;
    else if (r->in_run_props)
        look_at(t, &r->run);
}

static void closes(struct reader *r, const struct tag *t)
{
    if (is(t, "p"))
        buf_char(&r->found->text, '\n');
    else if (is(t, "tc"))
        buf_char(&r->found->text, '\t');
    else if (is(t, "tcPr"))
        r->in_cell_props = false;
    else if (is(t, "pPr"))
        r->mark -= r->mark > 0;
    else if (is(t, "r"))
        r->in_run = false;
    else if (is(t, "rPr"))
        r->in_run_props = false;
    else if (is(t, "t"))
        r->in_text = false;
}

enum status resume_docx_read(const char *document, const char *styles_xml, struct resume_found *f, struct error *err)
{
    cleanup(freep) struct styles *styles = calloc(1, sizeof *styles);
    struct reader r = {.found = f, .styles = styles};
    struct tag t;
    const char *text;
    size_t n;
    int got;
    if (!styles)
        return error_set(err, STATUS_NO_MEMORY, "no_memory", NULL, "Out of memory");
    enum status st = read_styles(styles_xml, styles, err);
    if (st != STATUS_OK)
        return st;
    while ((got = next_tag(&document, &text, &n, &t)) > 0) {
        if (r.in_text && !r.fallback && n)
            take_text(&r, text, n);
        if (is(&t, "Fallback") && !t.empty)
            r.fallback += t.closes ? -(r.fallback > 0) : 1;
        else if (r.fallback)
            continue;
        else if (t.closes)
            closes(&r, &t);
        else
            opens(&r, &t);
    }
    return got < 0 ? resume_unreadable(err) : STATUS_OK;
}

enum status resume_docx(const char *path, struct resume_found *f, struct error *err)
{
    cleanup(buf_free) struct buf document, styles;
    buf_init(&document, MEMBER_MAX);
    buf_init(&styles, MEMBER_MAX);
    enum status st = member(path, "word/document.xml", true, &document, err);
    if (st == STATUS_OK)
        st = member(path, "word/styles.xml", false, &styles, err);
    if (st == STATUS_OK && (memchr(buf_cstr(&document), '\0', document.len) || !strstr(buf_cstr(&document), "<w:")))
        st = resume_unreadable(err);
    return st == STATUS_OK ? resume_docx_read(buf_cstr(&document), buf_cstr(&styles), f, err) : st;
}
