/* CSV out: what is flat in a model, an object's members beside ("candidate.email"); lists of objects are left out. */
#include "models/field_internal.h"

#include "base/csv.h"

#include <stdio.h>

static bool in_csv(const struct field *f)
{
    return field_writable(f) && f->type != FIELD_LIST && f->type != FIELD_JSON;
}

static void header(struct csv *c, const struct model *m, const char *prefix)
{
    char name[160];
    for (size_t i = 0; i < m->n_fields; i++) {
        const struct field *f = &m->fields[i];
        if (!in_csv(f))
            continue;
        snprintf(name, sizeof(name), f->type == FIELD_OBJECT ? "%s%s." : "%s%s", prefix, f->name);
        if (f->type == FIELD_OBJECT)
            header(c, f->model, name);
        else
            csv_text(c, name);
    }
}

static void joined(struct csv *c, const char *const *items, size_t n)
{
    struct buf b;
    buf_init(&b, 1u << 20);
    for (size_t i = 0; i < n; i++) {
        buf_str(&b, i > 0 ? "; " : "");
        buf_str(&b, items[i]);
    }
    csv_text(c, buf_cstr(&b));
    buf_free(&b);
}

static void chosen(struct csv *c, const struct field *f, uint64_t set)
{
    const char *items[64];
    size_t n = 0;
    for (int i = 0; i < 64 && f->choices[i].value != NULL; i++)
        if ((set >> i & 1) != 0)
            items[n++] = f->choices[i].value;
    joined(c, items, n);
}

static void one_value(struct csv *c, const struct field *f, const void *member)
{
    char id[ID_TEXT_SIZE];
    switch (f->type) {
    case FIELD_BOOL:
        csv_text(c, *(const bool *)member ? "true" : "false");
        break;
    case FIELD_INT:
        csv_int(c, *(const int64_t *)member);
        break;
    case FIELD_NUMBER:
        csv_number(c, *(const double *)member);
        break;
    case FIELD_TIME:
        csv_time(c, *(const int64_t *)member);
        break;
    case FIELD_ENUM:
        csv_text(c, choice_value(f->choices, *(const int *)member));
        break;
    case FIELD_ID:
        id_format(*(const struct id *)member, id);
        csv_text(c, id_is_zero(*(const struct id *)member) ? NULL : id);
        break;
    case FIELD_STRINGS: {
        const struct strings *s = member;
        joined(c, s->items, s->count);
        break;
    }
    case FIELD_ENUMS:
        chosen(c, f, *(const uint64_t *)member);
        break;
    default:
        csv_text(c, *(const char *const *)member);
        break;
    }
}

/* object NULL: as many empty values. */
static void row(struct csv *c, const struct model *m, const void *object)
{
    for (size_t i = 0; i < m->n_fields; i++) {
        const struct field *f = &m->fields[i];
        if (!in_csv(f))
            continue;
        const void *member = object != NULL ? field_member_const(object, f) : NULL;
        if (f->type == FIELD_OBJECT)
            row(c, f->model, member != NULL ? *(void *const *)member : NULL);
        else if (member == NULL)
            csv_text(c, NULL);
        else
            one_value(c, f, member);
    }
}

void model_write_csv(struct buf *out, const struct model *m, const struct list *items)
{
    struct csv c;
    csv_init(&c, out);
    header(&c, m, "");
    csv_row_end(&c);
    for (size_t i = 0; i < items->count; i++) {
        row(&c, m, (const char *)items->items + i * m->size);
        csv_row_end(&c);
    }
}
