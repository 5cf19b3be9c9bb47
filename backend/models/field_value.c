/* What a single value must look like, whether it came as JSON or in a form. */
#include "models/field_internal.h"

#include "base/clock.h"
#include "base/utf8.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

struct slice {
    const char *s;
    size_t n;
};

/* Unicode's White_Space property. */
static bool is_space(uint32_t c)
{
    return (c >= 9 && c <= 13) || c == ' ' || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
           c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

/* s is valid UTF-8. */
static struct slice trimmed(const char *s, size_t n)
{
    size_t start = 0, end = 0; /* end: after the last character that is not a space */
    bool seen = false;
    for (size_t i = 0; i < n;) {
        uint32_t c;
        size_t step = utf8_next(s + i, n - i, &c);
        if (step == 0)
            break;
        if (!is_space(c)) {
            if (!seen)
                start = i;
            seen = true;
            end = i + step;
        }
        i += step;
    }
    return (struct slice){s + start, seen ? end - start : 0};
}

static bool has_control(struct slice t, bool lines)
{
    for (size_t i = 0; i < t.n;) {
        uint32_t c = 0;
        size_t step = utf8_next(t.s + i, t.n - i, &c);
        bool control = c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029;
        bool layout = c == '\n' || c == '\r' || c == '\t' || c == 0x85 || c == 0x2028 || c == 0x2029;
        if (control && !(lines && layout))
            return true;
        i += step == 0 ? 1 : step;
    }
    return false;
}

static bool is_local_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c != '\0' && strchr(".!#$%&'*+/=?^_`{|}~-", c) != NULL);
}

static bool domain_ok(const char *s, size_t n)
{
    size_t label = 0;
    for (size_t i = 0; i < n; i++) {
        bool alnum = (s[i] >= 'a' && s[i] <= 'z') || (s[i] >= '0' && s[i] <= '9');
        if (s[i] == '.') {
            if (label == 0 || s[i - 1] == '-')
                return false;
            label = 0;
        } else if (alnum || (s[i] == '-' && label > 0)) {
            if (++label > 63)
                return false;
        } else {
            return false;
        }
    }
    return label > 0 && s[n - 1] != '-';
}

/* A valid e-mail address as browsers define it (HTML standard, "input type=email"), so that both sides agree; and at
 * most 64 bytes before the @ (RFC 5321). s is lower case. */
static bool email_ok(const char *s, size_t n)
{
    const char *at = memchr(s, '@', n);
    if (at == NULL || at == s || at - s > 64)
        return false;
    for (const char *p = s; p < at; p++)
        if (!is_local_char(*p))
            return false;
    return domain_ok(at + 1, n - (size_t)(at - s) - 1);
}

static enum status check_length(const struct parse *p, const struct where *w, const struct field *f, size_t n,
                                const char *unit)
{
    double max = field_max(f);
    if ((double)n > max)
        return field_fail(p, w, "field_length", "is too long: at most %.0f %s, this has %zu.", max, unit, n);
    if ((double)n < f->min && n == 0)
        return field_fail(p, w, "field_length", "must not be empty.");
    if ((double)n < f->min)
        return field_fail(p, w, "field_length", "is too short: at least %.0f %s, this has %zu.", f->min, unit, n);
    return STATUS_OK;
}

static enum status set_email(const struct parse *p, const struct where *w, const struct field *f, struct slice t,
                             char **ret)
{
    enum status st = check_length(p, w, f, t.n, "characters");
    if (st != STATUS_OK)
        return st;
    char *s = arena_strndup(p->arena, t.s, t.n);
    if (s == NULL)
        return arena_exhausted(p->err);
    for (char *c = s; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c + ('a' - 'A'));
    if (t.n == 0 || !email_ok(s, t.n))
        return field_fail(p, w, "field_format", "must be an e-mail address like name@example.org.");
    *ret = s;
    return STATUS_OK;
}

/* "\r\n" and "\r" become "\n", so that text from a form and text from JSON are alike. */
static void unify_line_ends(char *s)
{
    char *to = s;
    for (const char *from = s; *from != '\0'; from++) {
        if (*from == '\r' && from[1] == '\n')
            continue;
        *to++ = *from == '\r' ? '\n' : *from;
    }
    *to = '\0';
}

static enum status set_string(const struct parse *p, const struct where *w, const struct field *f, struct slice t,
                              char **ret)
{
    if (f->type == FIELD_STRING && has_control(t, false))
        return field_fail(p, w, "field_format", "must be one line without control characters.");
    if (f->type == FIELD_TEXT && has_control(t, true))
        return field_fail(p, w, "field_format", "must not hold control characters.");
    char *s = arena_strndup(p->arena, t.s, t.n);
    if (s == NULL)
        return arena_exhausted(p->err);
    if (f->type == FIELD_TEXT)
        unify_line_ends(s);
    enum status st = check_length(p, w, f, utf8_length(s, strlen(s)), "characters");
    if (st == STATUS_OK)
        *ret = s;
    return st;
}

/* The words allowed, for the message: "easy, hard, ...". */
static void list_choices(const struct choice *c, char *out, size_t size)
{
    size_t n = 0;
    out[0] = '\0';
    for (size_t i = 0; c[i].value != NULL; i++) {
        int k = snprintf(out + n, size - n, "%s%s", i > 0 ? ", " : "", c[i].value);
        if (k < 0 || (size_t)k >= size - n) {
            snprintf(out + n, size - n, "%s", size - n > 5 ? ", ..." : "");
            return;
        }
        n += (size_t)k;
    }
}

static enum status find_choice(const struct parse *p, const struct where *w, const struct field *f, const char *s,
                               size_t n, int *ret)
{
    for (int i = 0; f->choices[i].value != NULL; i++) {
        if (strlen(f->choices[i].value) == n && memcmp(f->choices[i].value, s, n) == 0) {
            *ret = i;
            return STATUS_OK;
        }
    }
    char words[180];
    list_choices(f->choices, words, sizeof(words));
    return field_fail(p, w, "field_choice", "must be one of: %s.", words);
}

enum status field_add_choice(const struct parse *p, const struct where *w, const struct field *f, const char *s,
                             size_t n, uint64_t *set)
{
    int i = 0;
    enum status st = find_choice(p, w, f, s, n, &i);
    if (st != STATUS_OK)
        return st;
    if (i >= 64 || (*set >> i & 1) != 0)
        return field_fail(p, w, "field_choice", "is given twice. Name each only once.");
    *set |= UINT64_C(1) << i;
    return STATUS_OK;
}

static enum status set_id(const struct parse *p, const struct where *w, struct slice t, struct id *ret)
{
    char text[ID_TEXT_SIZE] = "";
    struct id id;
    if (t.n == ID_TEXT_SIZE - 1)
        memcpy(text, t.s, t.n);
    if (!id_parse(text, &id) || id_is_zero(id))
        return field_fail(p, w, "field_format", "must be an id (a UUID of 36 characters).");
    *ret = id;
    return STATUS_OK;
}

static enum status set_time(const struct parse *p, const struct where *w, struct slice t, int64_t *ret)
{
    char text[64] = "";
    if (t.n < sizeof(text))
        memcpy(text, t.s, t.n);
    if (time_parse(text, ret) != 0)
        return field_fail(p, w, "field_format", "must be a time like 2030-01-31T09:30:00Z.");
    return STATUS_OK;
}

enum status field_set_text(const struct parse *p, const struct where *w, const struct field *f, const char *s, size_t n,
                           void *member)
{
    if (!utf8_valid(s, n))
        return field_fail(p, w, "field_format", "must be valid UTF-8.");
    if (memchr(s, '\0', n) != NULL)
        return field_fail(p, w, "field_format", "must not hold a NUL character.");
    switch (f->type) {
    case FIELD_STRING:
    case FIELD_TEXT:
        return set_string(p, w, f, trimmed(s, n), member);
    case FIELD_EMAIL:
        return set_email(p, w, f, trimmed(s, n), member);
    case FIELD_SECRET:
        return set_string(p, w, f, (struct slice){s, n}, member);
    case FIELD_ENUM:
        return find_choice(p, w, f, s, n, member);
    case FIELD_ID:
        return set_id(p, w, (struct slice){s, n}, member);
    case FIELD_TIME:
        return set_time(p, w, (struct slice){s, n}, member);
    default:
        return field_fail(p, w, "field_type", "must not be text.");
    }
}

/* min and max both 0 mean no limit; else both hold, max 0 meaning the type's own. */
static enum status check_range(const struct parse *p, const struct where *w, const struct field *f, double v)
{
    if (f->min == 0 && f->max == 0)
        return STATUS_OK;
    if (f->max == 0 && v < f->min)
        return field_fail(p, w, "field_range", "must be at least %.15g.", f->min);
    if (f->max != 0 && (v < f->min || v > f->max))
        return field_fail(p, w, "field_range", "must be from %.15g to %.15g.", f->min, f->max);
    return STATUS_OK;
}

enum status field_set_int(const struct parse *p, const struct where *w, const struct field *f, int64_t v,
                          int64_t *member)
{
    if (v > (int64_t)FIELD_INT_LIMIT || v < -(int64_t)FIELD_INT_LIMIT)
        return field_fail(p, w, "field_range", "must be from -(2^53-1) to 2^53-1.");
    enum status st = check_range(p, w, f, (double)v);
    if (st == STATUS_OK)
        *member = v;
    return st;
}

enum status field_set_number(const struct parse *p, const struct where *w, const struct field *f, double v,
                             double *member)
{
    if (!isfinite(v))
        return field_fail(p, w, "field_range", "must be a finite number.");
    enum status st = check_range(p, w, f, v);
    if (st == STATUS_OK)
        *member = v;
    return st;
}

enum status field_check_count(const struct parse *p, const struct where *w, const struct field *f, size_t count)
{
    return check_length(p, w, f, count, "items");
}

struct field field_string_item(const struct field *f)
{
    return (struct field){.name = f->name, .type = FIELD_STRING, .min = 1, .max = f->item_max};
}
