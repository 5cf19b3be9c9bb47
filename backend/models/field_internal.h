#ifndef VIVA_MODELS_FIELD_INTERNAL_H
#define VIVA_MODELS_FIELD_INTERNAL_H
/* What the parts of the field engine share (field_*.c); nobody else includes this. No JSON library in here. */

#include "models/field.h"

/* Limits where a table gives none. */
#define FIELD_STRING_MAX 500                /* code points */
#define FIELD_TEXT_MAX   20000              /* code points */
#define FIELD_SECRET_MAX 1024               /* code points */
#define FIELD_EMAIL_MAX  254                /* bytes; RFC 5321's path of 256 less the brackets */
#define FIELD_COUNT_MAX  200                /* items of a list */
#define FIELD_JSON_MAX   65536              /* bytes */
#define FIELD_INT_LIMIT  9007199254740991.0 /* 2^53-1: beyond it JavaScript rounds */

struct parse {
    struct arena *arena;
    struct error *err;
};

/* Where in the input we are; the dotted path is only put together when something is wrong. */
struct where {
    const struct where *up; /* NULL at the top */
    const char *name;       /* a field, or NULL: item number `index` of `up` */
    size_t index;
};

/* STATUS_INVALID; the message becomes "<path> <fmt...>". */
enum status field_fail(const struct parse *p, const struct where *w, const char *code, const char *fmt, ...)
    printf_like(4, 5);

double field_max(const struct field *f);    /* f->max or the type's default */
bool field_readable(const struct field *f); /* may stand in input */
bool field_writable(const struct field *f); /* stands in output */
static inline void *field_member(void *object, const struct field *f)
{
    return (char *)object + f->offset;
}
static inline const void *field_member_const(const void *object, const struct field *f)
{
    return (const char *)object + f->offset;
}

/* Marks field i as given. */
void field_mark(void *out, size_t i, bool is_null);
enum status field_missing(const struct parse *p, const struct where *w);
enum status field_not_known(const struct parse *p, const struct where *w, const struct field *f);
/* Required fields are there (PARSE_CREATE), or at least one is (PARSE_PATCH). */
enum status field_check_presence(const struct parse *p, const struct model *m, enum parse_mode mode,
                                 const struct where *up, const void *out);

/* From text of n bytes, for every type whose JSON is a string. member is the struct's member. s need not be UTF-8. */
enum status field_set_text(const struct parse *p, const struct where *w, const struct field *f, const char *s, size_t n,
                           void *member);
enum status field_set_int(const struct parse *p, const struct where *w, const struct field *f, int64_t v,
                          int64_t *member);
enum status field_set_number(const struct parse *p, const struct where *w, const struct field *f, double v,
                             double *member);
enum status field_check_count(const struct parse *p, const struct where *w, const struct field *f, size_t count);
enum status field_add_choice(const struct parse *p, const struct where *w, const struct field *f, const char *s,
                             size_t n, uint64_t *set);
/* One item of a FIELD_STRINGS, as a field of its own. */
struct field field_string_item(const struct field *f);

#endif
