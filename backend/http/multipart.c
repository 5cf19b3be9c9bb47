#include "http/multipart.h"

#include "base/utf8.h"
#include "http/parse.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static enum status malformed(struct error *err, const char *what)
{
    return error_set(err, STATUS_MALFORMED, "form_malformed", NULL, "The form %s.", what);
}

static enum status too_large(struct error *err, const char *what)
{
    return error_set(err, STATUS_TOO_LARGE, "form_too_large", NULL, "The form has %s.", what);
}

/* --------------------------------------------------------------------------------------------------------------------
 * header values: word; name=token; name="text" */

struct parameter {
    char name[32], value[1024];
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static const char *skip_blanks(const char *s)
{
    return s + strspn(s, " \t");
}

/* Only \" and \\ are escapes: browsers write a Windows path with bare backslashes. */
static bool read_quoted(const char **s, char *out, size_t size)
{
    const char *p = *s + 1;
    size_t n = 0;
    for (; *p != '"'; p++) {
        if (p[0] == '\\' && (p[1] == '"' || p[1] == '\\'))
            p++;
        if (*p == '\0' || n + 1 == size)
            return false;
        out[n++] = *p;
    }
    out[n] = '\0';
    *s = p + 1;
    return true;
}

static bool read_bare(const char **s, size_t n, char *out, size_t size)
{
    if (n == 0 || n >= size)
        return false;
    memcpy(out, *s, n);
    out[n] = '\0';
    *s += n;
    return true;
}

/* The next parameter of a header's value. False at the end, and, with *broken, where it leaves the grammar. */
static bool next_parameter(const char **s, struct parameter *ret, bool *broken)
{
    const char *p = skip_blanks(*s);
    *broken = *p != ';' && *p != '\0';
    if (*p != ';')
        return false;
    p = skip_blanks(p + 1);
    if (*p == '\0') /* a semicolon at the end says nothing */
        return false;
    *broken = !read_bare(&p, strcspn(p, "="), ret->name, sizeof(ret->name)) || !http_is_token(ret->name) || *p++ != '=';
    if (!*broken)
        *broken = *p == '"' ? !read_quoted(&p, ret->value, sizeof(ret->value))
                            : !read_bare(&p, strcspn(p, "; \t\""), ret->value, sizeof(ret->value));
    *s = p;
    return !*broken;
}

/* The media type at the start of a Content-Type, in lower case; *s is moved behind it. */
static bool read_media_type(const char **s, char *out, size_t size)
{
    *s = skip_blanks(*s);
    if (!read_bare(s, strcspn(*s, "; \t"), out, size))
        return false;
    for (char *c = out; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return true;
}

static bool boundary_ok(const char *s)
{
    size_t n = strlen(s);
    if (n == 0 || n > MULTIPART_BOUNDARY_MAX || s[n - 1] == ' ')
        return false;
    for (; *s != '\0'; s++) {
        bool alnum = (*s >= '0' && *s <= '9') || (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z');
        if (!alnum && strchr("'()+_,-./:=? ", *s) == NULL)
            return false;
    }
    return true;
}

bool multipart_boundary(const char *content_type, char ret[MULTIPART_BOUNDARY_MAX + 1])
{
    char type[64];
    struct parameter p;
    bool broken = false, found = false;
    if (!read_media_type(&content_type, type, sizeof(type)) || strcmp(type, "multipart/form-data") != 0)
        return false;
    while (next_parameter(&content_type, &p, &broken)) {
        if (strcasecmp(p.name, "boundary") != 0)
            continue;
        if (found || !boundary_ok(p.value))
            return false;
        memcpy(ret, p.value, strlen(p.value) + 1);
        found = true;
    }
    return found && !broken;
}

/* Characters that hide what a name is: controls, and those that change the direction of writing. */
static bool is_hidden(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069);
}

void multipart_file_name(const char *s, char ret[MULTIPART_FILE_NAME_MAX + 1])
{
    size_t n = 0;
    for (const char *p = s; *p != '\0'; p++)
        if (*p == '/' || *p == '\\')
            s = p + 1;
    while (*s != '\0') {
        uint32_t c = '_';
        size_t size = utf8_next(s, strlen(s), &c), step = size != 0 ? size : 1;
        if (n + step > MULTIPART_FILE_NAME_MAX)
            break;
        if (size == 0)
            ret[n++] = '_';
        else if (!is_hidden(c)) {
            memcpy(ret + n, s, size);
            n += size;
        }
        s += step;
    }
    ret[n] = '\0';
    if (strcmp(ret, ".") == 0 || strcmp(ret, "..") == 0)
        ret[0] = '\0';
}

/* --------------------------------------------------------------------------------------------------------------------
 * a part's headers */

struct head {
    char name[MULTIPART_NAME_MAX + 1];
    bool disposition, named, file, typed;
};

static bool name_ok(const char *s)
{
    size_t n = strlen(s);
    return n > 0 && n <= MULTIPART_NAME_MAX && utf8_valid(s, n) && http_is_field_value(s, n) && !strchr(s, '\t');
}

static enum status read_disposition(struct multipart *m, const char *value, struct head *h, struct error *err)
{
    char word[32];
    struct parameter p;
    bool broken = false;
    if (h->disposition)
        return malformed(err, "has a part with two Content-Disposition headers");
    h->disposition = true;
    if (!read_bare(&value, strcspn(value, "; \t"), word, sizeof(word)) || strcasecmp(word, "form-data") != 0)
        return malformed(err, "has a part that is not form-data");
    while (next_parameter(&value, &p, &broken)) {
        bool is_name = strcasecmp(p.name, "name") == 0, is_file = strcasecmp(p.name, "filename") == 0;
        if ((is_name && h->named) || (is_file && h->file))
            return malformed(err, "has a part whose name is given twice");
        if (is_name && !name_ok(p.value))
            return malformed(err, "has a field name that is empty, too long or not plain UTF-8");
        if (is_name)
            memcpy(h->name, p.value, strlen(p.value) + 1);
        if (is_file)
            multipart_file_name(p.value, m->part.file_name);
        h->named = h->named || is_name;
        h->file = h->file || is_file;
        m->part.is_file = m->part.is_file || is_file || strcasecmp(p.name, "filename*") == 0;
    }
    return broken ? malformed(err, "has a part with a broken Content-Disposition") : STATUS_OK;
}

static enum status read_header(struct multipart *m, const char *name, const char *value, struct head *h,
                               struct error *err)
{
    if (strcasecmp(name, "Content-Disposition") == 0)
        return read_disposition(m, value, h, err);
    if (strcasecmp(name, "Content-Transfer-Encoding") == 0 && strcasecmp(value, "binary") != 0 &&
        strcasecmp(value, "8bit") != 0 && strcasecmp(value, "7bit") != 0)
        return malformed(err, "has a part with a transfer encoding");
    if (strcasecmp(name, "Content-Type") != 0)
        return STATUS_OK;
    if (h->typed || (*value != '\0' && !read_media_type(&value, m->part.media_type, sizeof(m->part.media_type))))
        return malformed(err, "has a part with a broken Content-Type");
    h->typed = true;
    return STATUS_OK;
}

/* One line, ended by a NUL, without its line end. */
static enum status read_line(struct multipart *m, char *line, struct head *h, struct error *err)
{
    size_t n = strlen(line);
    char *colon = strchr(line, ':');
    while (n > 0 && is_blank(line[n - 1]))
        line[--n] = '\0';
    if (colon == NULL || !http_is_field_value(line, n))
        return malformed(err, "has a broken header in a part");
    *colon = '\0';
    if (!http_is_token(line)) /* that is also where a folded line ends up */
        return malformed(err, "has a broken header in a part");
    return read_header(m, line, skip_blanks(colon + 1), h, err);
}

/* m->head holds the lines, each with its CR LF, and the empty one. */
static enum status read_head(struct multipart *m, struct error *err)
{
    struct head h = {0};
    m->part = (struct multipart_part){0};
    m->head[m->head_len] = '\0';
    if (strlen(m->head) != m->head_len)
        return malformed(err, "has a NUL in a part's headers");
    for (char *line = m->head, *end; (end = strstr(line, "\r\n")) != line; line = end + 2) {
        *end = '\0';
        enum status st = read_line(m, line, &h, err);
        if (st != STATUS_OK)
            return st;
    }
    if (!h.named)
        return malformed(err, "has a part without a name");
    if (m->parts++ == MULTIPART_PARTS_MAX)
        return too_large(err, "too many parts");
    m->part.name = h.name;
    enum status st = m->events->begin(m->u, &m->part, err);
    m->part.name = NULL;
    m->state = MULTIPART_CONTENT;
    m->matched = m->head_len = 0;
    return st;
}

/* --------------------------------------------------------------------------------------------------------------------
 * the bytes */

void multipart_init(struct multipart *m, const char *boundary, const struct multipart_events *events, void *u)
{
    *m = (struct multipart){.events = events, .u = u, .state = MULTIPART_OPENING, .matched = 2};
    m->delimiter_len = (size_t)snprintf(m->delimiter, sizeof(m->delimiter), "\r\n--%s", boundary);
}

static enum status emit(struct multipart *m, const char *data, size_t n, struct error *err)
{
    return n > 0 ? m->events->data(m->u, data, n, err) : STATUS_OK;
}

/* Content up to the next delimiter. CR stands in a delimiter only at its start: where a match breaks off, what was
 * matched is content, and a new match can begin only here. */
static enum status feed_content(struct multipart *m, const char *data, size_t n, size_t *used, struct error *err)
{
    enum status st = STATUS_OK;
    size_t i = 0;
    while (i < n && st == STATUS_OK && m->state == MULTIPART_CONTENT) {
        if (m->matched == 0) {
            const char *cr = memchr(data + i, '\r', n - i);
            size_t run = cr != NULL ? (size_t)(cr - data) - i : n - i;
            st = emit(m, data + i, run, err);
            i += run + (cr != NULL);
            m->matched = cr != NULL;
        } else if (data[i] == m->delimiter[m->matched]) {
            i++;
            if (++m->matched == m->delimiter_len) {
                m->state = MULTIPART_BEHIND;
                st = m->events->end(m->u, err);
            }
        } else {
            st = emit(m, m->delimiter, m->matched, err);
            m->matched = 0;
        }
    }
    *used = i;
    return st;
}

static enum status feed_head(struct multipart *m, char c, struct error *err)
{
    size_t n = m->head_len;
    if (n == MULTIPART_HEAD_MAX)
        return too_large(err, "a part with too long headers");
    bool after_cr = n > 0 && m->head[n - 1] == '\r';
    if (after_cr != (c == '\n'))
        return malformed(err, "has a bare line end in a part's headers");
    m->head[n] = c;
    m->head_len = ++n;
    bool empty_line = c == '\n' && (n == 2 || (n >= 4 && m->head[n - 3] == '\n'));
    return empty_line ? read_head(m, err) : STATUS_OK;
}

static enum status go(struct multipart *m, enum multipart_state to, bool allowed, struct error *err)
{
    if (!allowed)
        return malformed(err, "has a broken boundary");
    m->state = to;
    return STATUS_OK;
}

static enum status feed_blank(struct multipart *m, enum multipart_state to, struct error *err)
{
    m->state = to;
    return m->head_len++ < MULTIPART_HEAD_MAX ? STATUS_OK : too_large(err, "too many blanks behind a boundary");
}

static enum status feed_blanks(struct multipart *m, char c, struct error *err)
{
    return is_blank(c) ? feed_blank(m, MULTIPART_BLANKS, err) : go(m, MULTIPART_LINE, c == '\r', err);
}

/* One byte of a boundary's line, or of a part's headers. */
static enum status feed_byte(struct multipart *m, char c, struct error *err)
{
    switch (m->state) {
    case MULTIPART_OPENING:
        if (c != m->delimiter[m->matched++])
            return malformed(err, "does not begin with its boundary");
        if (m->matched == m->delimiter_len)
            m->state = MULTIPART_BEHIND;
        return STATUS_OK;
    case MULTIPART_BEHIND:
        m->head_len = 0;
        return c == '-' ? go(m, MULTIPART_DASH, true, err) : feed_blanks(m, c, err);
    case MULTIPART_BLANKS:
        return feed_blanks(m, c, err);
    case MULTIPART_LINE:
        m->head_len = 0;
        return go(m, MULTIPART_HEAD, c == '\n', err);
    case MULTIPART_HEAD:
        return feed_head(m, c, err);
    case MULTIPART_DASH:
        return go(m, MULTIPART_LAST, c == '-', err);
    case MULTIPART_LAST:
        return is_blank(c) ? feed_blank(m, MULTIPART_LAST, err) : go(m, MULTIPART_LAST_CR, c == '\r', err);
    case MULTIPART_LAST_CR:
        return go(m, MULTIPART_OVER, c == '\n', err);
    case MULTIPART_CONTENT:
    case MULTIPART_OVER:
        break;
    }
    return malformed(err, "goes on behind its last boundary");
}

enum status multipart_feed(struct multipart *m, const char *data, size_t n, struct error *err)
{
    enum status st = STATUS_OK;
    for (size_t used; n > 0 && st == STATUS_OK; data += used, n -= used) {
        if (m->state == MULTIPART_CONTENT) {
            st = feed_content(m, data, n, &used, err);
        } else {
            st = feed_byte(m, *data, err);
            used = 1;
        }
    }
    return st;
}

enum status multipart_finish(const struct multipart *m, struct error *err)
{
    if (m->state == MULTIPART_LAST || m->state == MULTIPART_OVER)
        return STATUS_OK;
    return malformed(err, "is cut off: its last boundary is missing");
}
