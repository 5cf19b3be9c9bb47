/* application/x-www-form-urlencoded in (WHATWG URL standard, section 5.1), against the same tables as JSON. */
#include "models/field_internal.h"

#include "base/utf8.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define PAIRS_MAX 1000

struct form {
    const struct form_pair *pairs;
    size_t n;
};

static enum status malformed(const struct parse *p, const char *what)
{
    return error_set(p->err, STATUS_MALFORMED, "form_malformed", NULL, "The form %s.", what);
}

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static enum status decode(const struct parse *p, const char *s, size_t n, const char **ret, size_t *ret_len)
{
    char *out = arena_alloc(p->arena, n + 1);
    size_t len = 0;
    if (out == NULL)
        return arena_exhausted(p->err);
    for (size_t i = 0; i < n; i++) {
        if (s[i] != '%') {
            out[len++] = s[i] == '+' ? ' ' : s[i];
            continue;
        }
        int hi = i + 2 < n ? hex(s[i + 1]) : -1;
        int lo = hi >= 0 ? hex(s[i + 2]) : -1;
        if (lo < 0)
            return malformed(p, "has a % that is not followed by two hex digits");
        out[len++] = (char)(hi << 4 | lo);
        i += 2;
    }
    *ret = out;
    *ret_len = len;
    return STATUS_OK;
}

static enum status decode_pair(const struct parse *p, const char *s, size_t n, struct form_pair *ret)
{
    const char *eq = memchr(s, '=', n);
    size_t key_len = eq != NULL ? (size_t)(eq - s) : n;
    enum status st = decode(p, s, key_len, &ret->key, &ret->key_len);
    if (st == STATUS_OK && eq != NULL)
        st = decode(p, eq + 1, n - key_len - 1, &ret->value, &ret->value_len);
    else if (st == STATUS_OK)
        ret->value = "";
    if (st == STATUS_OK && (!utf8_valid(ret->key, ret->key_len) || strlen(ret->key) != ret->key_len))
        return malformed(p, "has a field name that is not valid UTF-8");
    return st;
}

static enum status split(const struct parse *p, const char *s, size_t len, struct form *ret)
{
    size_t count = 1;
    for (size_t i = 0; i < len; i++)
        count += s[i] == '&';
    if (count > PAIRS_MAX)
        return malformed(p, "has too many fields");
    struct form_pair *pairs = arena_array(p->arena, count, sizeof(*pairs));
    size_t found = 0;
    if (pairs == NULL)
        return arena_exhausted(p->err);
    for (size_t at = 0; at < len;) {
        const char *amp = memchr(s + at, '&', len - at);
        size_t n = amp != NULL ? (size_t)(amp - s) - at : len - at;
        if (n > 0) {
            enum status st = decode_pair(p, s + at, n, &pairs[found]);
            if (st != STATUS_OK)
                return st;
            found++;
        }
        at += n + 1;
    }
    *ret = (struct form){pairs, found};
    return STATUS_OK;
}

static enum status set_bool(const struct parse *p, const struct where *w, const struct form_pair *v, bool *member)
{
    static const char *const words[] = {"false", "true", "0", "1", "off", "on", "no", "yes"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strlen(words[i]) == v->value_len && strcmp(words[i], v->value) == 0) {
            *member = i % 2 == 1;
            return STATUS_OK;
        }
    }
    return field_fail(p, w, "field_type", "must be true or false.");
}

/* Only what JSON would take too: no blanks, hex, "inf" or "nan". */
static bool plain_number(const struct form_pair *v, bool whole)
{
    const char *allowed = whole ? "0123456789-" : "0123456789-+.eE";
    return v->value_len > 0 && strspn(v->value, allowed) == v->value_len;
}

static enum status set_int(const struct parse *p, const struct where *w, const struct field *f,
                           const struct form_pair *v, int64_t *member)
{
    char *end;
    errno = 0;
    long long n = strtoll(v->value, &end, 10);
    if (!plain_number(v, true) || *end != '\0')
        return field_fail(p, w, "field_type", "must be a whole number.");
    return field_set_int(p, w, f, n,
                         member); /* out of range came back as LLONG_MAX or LLONG_MIN, which is refused there */
}

static enum status set_number(const struct parse *p, const struct where *w, const struct field *f,
                              const struct form_pair *v, double *member)
{
    char *end;
    double n = strtod(v->value, &end);
    if (!plain_number(v, false) || *end != '\0')
        return field_fail(p, w, "field_type", "must be a number.");
    return field_set_number(p, w, f, n, member);
}

static enum status set_strings(const struct parse *p, const struct where *w, const struct field *f,
                               const struct form *form, struct strings *member)
{
    const char **items = arena_array(p->arena, form->n, sizeof(*items));
    size_t n = 0;
    if (items == NULL)
        return arena_exhausted(p->err);
    struct field item = field_string_item(f);
    for (size_t i = 0; i < form->n; i++) {
        if (strcmp(form->pairs[i].key, f->name) != 0)
            continue;
        struct where wi = {.up = w, .index = n};
        enum status st = field_set_text(p, &wi, &item, form->pairs[i].value, form->pairs[i].value_len, &items[n++]);
        if (st != STATUS_OK)
            return st;
    }
    *member = (struct strings){items, n};
    return field_check_count(p, w, f, n);
}

static enum status set_enums(const struct parse *p, const struct where *w, const struct field *f,
                             const struct form *form, uint64_t *member)
{
    size_t n = 0;
    for (size_t i = 0; i < form->n; i++) {
        if (strcmp(form->pairs[i].key, f->name) != 0)
            continue;
        struct where wi = {.up = w, .index = n++};
        enum status st = field_add_choice(p, &wi, f, form->pairs[i].value, form->pairs[i].value_len, member);
        if (st != STATUS_OK)
            return st;
    }
    return field_check_count(p, w, f, n);
}

static enum status set_value(const struct parse *p, const struct where *w, const struct field *f,
                             const struct form *form, const struct form_pair *v, void *member)
{
    switch (f->type) {
    case FIELD_BOOL:
        return set_bool(p, w, v, member);
    case FIELD_INT:
        return set_int(p, w, f, v, member);
    case FIELD_NUMBER:
        return set_number(p, w, f, v, member);
    case FIELD_STRINGS:
        return set_strings(p, w, f, form, member);
    case FIELD_ENUMS:
        return set_enums(p, w, f, form, member);
    case FIELD_OBJECT:
    case FIELD_LIST:
    case FIELD_JSON:
        return field_fail(p, w, "field_type", "cannot be sent in a form. Send JSON.");
    default:
        return field_set_text(p, w, f, v->value, v->value_len, member);
    }
}

/* An empty text field of a browser's form means "nothing" where nothing is allowed. */
static bool means_null(const struct field *f, const struct form_pair *v)
{
    return v->value_len == 0 && (f->flags & FIELD_NULLABLE) != 0 && f->type != FIELD_STRINGS && f->type != FIELD_ENUMS;
}

static enum status set_field(const struct parse *p, const struct model *m, const struct form *form, size_t i, void *out)
{
    const struct form_pair *v = &form->pairs[i];
    struct where w = {.name = v->key};
    const struct field *f = model_field(m, v->key);
    if (f == NULL || !field_readable(f))
        return field_not_known(p, &w, f);
    if (model_given(m, out, f->name)) {
        if (f->type == FIELD_STRINGS || f->type == FIELD_ENUMS) /* read when its first one came */
            return STATUS_OK;
        return field_fail(p, &w, "field_format", "is given twice. Give it once.");
    }
    bool is_null = means_null(f, v);
    field_mark(out, (size_t)(f - m->fields), is_null);
    return is_null ? STATUS_OK : set_value(p, &w, f, form, v, field_member(out, f));
}

static enum status read_form(const struct parse *p, const struct model *m, enum parse_mode mode, const struct form *f,
                             void *out)
{
    enum status st = STATUS_OK;
    assert(m->n_fields <= 64);
    memset(out, 0, m->size);
    for (size_t i = 0; i < f->n && st == STATUS_OK; i++)
        st = set_field(p, m, f, i, out);
    return st == STATUS_OK ? field_check_presence(p, m, mode, NULL, out) : st;
}

enum status model_parse_form(const struct model *m, enum parse_mode mode, const char *form, size_t len, struct arena *a,
                             void *out, struct error *err)
{
    struct parse p = {a, err};
    struct form f = {0};
    enum status st = split(&p, form, len, &f);
    return st == STATUS_OK ? read_form(&p, m, mode, &f, out) : st;
}

enum status model_parse_pairs(const struct model *m, enum parse_mode mode, const struct form_pair *pairs, size_t n,
                              struct arena *a, void *out, struct error *err)
{
    struct parse p = {a, err};
    const struct form f = {pairs, n};
    return read_form(&p, m, mode, &f, out);
}
