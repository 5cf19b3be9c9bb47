#ifndef VIVA_MODELS_FIELD_H
#define VIVA_MODELS_FIELD_H
/* Field tables: one table per model gives parsing, validation, JSON output, form data, row mapping (db/row.h) and the
 * OpenAPI schema. A model is a plain struct whose FIRST member is struct presence; its table lists the fields in order.
 *
 *   struct candidate_create { struct presence presence; const char *full_name; const char *email; };
 *   static const struct field fields[] = {
 *       FIELD(struct candidate_create, full_name, FIELD_STRING, .flags = FIELD_REQUIRED, .min = 1, .max = 120, .doc =
 * "..."), FIELD(struct candidate_create, email, FIELD_EMAIL, .flags = FIELD_REQUIRED),
 *   };
 *   const struct model candidate_create_model = MODEL("CandidateCreate", struct candidate_create, fields, "doc");
 *
 * Text is trimmed of Unicode white space (secrets are not), its line ends become \n; lengths are code points. Where a
 * table gives no max: 500 for a string, 20000 for a text, 1024 for a secret, 200 items, 64 KiB of JSON. An e-mail
 * address is what browsers take for one. An item of FIELD_STRINGS is not empty. A patch replaces lists and objects
 * whole. A number that is NAN, or whose null bit is set on a nullable field, is written as null.
 *
 * Everything parsed lives in the arena given. At most 64 fields per model. */

#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

struct presence {
    uint64_t given; /* bit i: field i stood in the input (null included) */
    uint64_t null;  /* bit i: it was null */
};

enum field_type {                /* C type of the member                      JSON */
                  FIELD_STRING,  /* const char *, one line, trimmed            string */
                  FIELD_TEXT,    /* const char *, line breaks allowed          string */
                  FIELD_EMAIL,   /* const char *, lower-cased, <= 254          string, format email */
                  FIELD_SECRET,  /* const char *, not trimmed; never written   string, format password, writeOnly */
                  FIELD_BOOL,    /* bool                                       boolean */
                  FIELD_INT,     /* int64_t, |v| <= 2^53-1                     integer */
                  FIELD_NUMBER,  /* double, finite                             number */
                  FIELD_ENUM,    /* int: index into .choices                   string */
                  FIELD_ID,      /* struct id; zero = null                     string, format uuid */
                  FIELD_TIME,    /* int64_t Unix ms; 0 = null                  string, format date-time */
                  FIELD_STRINGS, /* struct strings                             array of strings; .min/.max count,
                                    .item_max length */
                  FIELD_ENUMS,   /* uint64_t bit set over .choices             array of strings, distinct */
                  FIELD_OBJECT,  /* void *: pointer to .model's struct or NULL object */
                  FIELD_LIST,    /* struct list of .model's structs            array of objects; .min/.max count */
                  FIELD_JSON,    /* const char *: JSON text, not looked into   any */
};

enum field_flags {
    FIELD_REQUIRED = 1,   /* must be given (not for PATCH bodies) */
    FIELD_NULLABLE = 2,   /* null may be given; strings become NULL, numbers 0: ask presence */
    FIELD_OUT_ONLY = 4,   /* never read from input: readOnly */
    FIELD_HIDDEN = 8,     /* never written to JSON nor described (password hash); still mapped to a column */
    FIELD_NO_COLUMN = 16, /* not a column of its table: row mapping leaves it out */
    FIELD_OMIT_EMPTY = 32 /* left out of JSON when NULL/0/empty */
};

struct strings {
    const char **items;
    size_t count;
};
struct list {
    void *items;
    size_t count;
}; /* items: contiguous structs of model->size bytes */

struct choice {
    const char *value, *label;
}; /* ends with { NULL, NULL } */

struct model;

struct field {
    const char *name; /* JSON key and column name */
    enum field_type type;
    unsigned flags;
    size_t offset;
    double min, max;   /* strings: code points; numbers: value; lists: count. max 0 = the type's default limit */
    unsigned item_max; /* FIELD_STRINGS: code points per item, 0 = 500 */
    const struct choice *choices;
    const struct model *model; /* FIELD_OBJECT, FIELD_LIST */
    const char *doc, *example;
};

struct model {
    const char *name; /* OpenAPI schema name */
    const char *doc;
    size_t size;
    const struct field *fields;
    size_t n_fields;
};

#define FIELD(type_, member, ftype, ...)                                                                               \
    {                                                                                                                  \
        .name = #member, .type = (ftype), .offset = offsetof(type_, member), __VA_ARGS__                               \
    }
#define MODEL(name_, type_, fields_, doc_)                                                                             \
    {                                                                                                                  \
        .name = (name_), .doc = (doc_), .size = sizeof(type_), .fields = (fields_),                                    \
        .n_fields = sizeof(fields_) / sizeof((fields_)[0])                                                             \
    }

enum parse_mode {
    PARSE_CREATE, /* required fields must be there */
    PARSE_PATCH   /* any subset, but at least one field */
};

/* Parses and validates a JSON object into *out (zeroed first). STATUS_MALFORMED "json_malformed" when it is not JSON or
 * not an object, STATUS_INVALID with code "field_required" | "field_unknown" | "field_type" | "field_length" |
 * "field_range" | "field_choice" | "field_format" and err->field as "questions[2].text" otherwise. */
enum status model_parse(const struct model *m, enum parse_mode mode, const char *json, size_t len, struct arena *a,
                        void *out, struct error *err) must_check;
/* The same from application/x-www-form-urlencoded (flat fields only; lists by repetition of the key). */
enum status model_parse_form(const struct model *m, enum parse_mode mode, const char *form, size_t len, struct arena *a,
                             void *out, struct error *err) must_check;

/* The same from pairs that were taken apart already (multipart/form-data). Keys and values end with a NUL, which a
 * value may also hold; keys are UTF-8, values need not be. */
struct form_pair {
    const char *key, *value;
    size_t key_len, value_len;
};
enum status model_parse_pairs(const struct model *m, enum parse_mode mode, const struct form_pair *pairs, size_t n,
                              struct arena *a, void *out, struct error *err) must_check;

void model_write(struct json *j, const struct model *m, const void *object); /* the object as JSON */
void model_write_schema(struct json *j, const struct model *m);              /* OpenAPI 3.1 schema, refs to others */
/* A table of objects as CSV (base/csv.h): a head of names, a row each. Members of an object stand beside
 * ("candidate.email"); lists of objects and JSON are left out. Numbers that are NAN are empty. */
void model_write_csv(struct buf *out, const struct model *m, const struct list *items);
/* One value that fits, as JSON: what the table's examples, names and types suggest. A patch has some of the fields. */
enum example_use { EXAMPLE_INPUT, EXAMPLE_PATCH, EXAMPLE_OUTPUT };
void model_write_example(struct json *j, const struct model *m, enum example_use use);
/* The same for a parameter that no table describes: NULL when the name says nothing. */
const char *field_example_by_name(const char *name);
#define FIELD_EXAMPLE_ID   "01932c4e-7b1a-7c3e-9f52-2d1f6a8b0c47"
#define FIELD_EXAMPLE_TIME "2026-01-31T12:00:00.000Z"
/* Schema and example of a form with a file beside the fields of m (NULL: the file alone). */
void model_write_form_schema(struct json *j, const struct model *m, const char *file, bool file_required);
void model_write_form_example(struct json *j, const struct model *m, const char *file);
/* Calls f for m and every model reachable from it, each once per call. For printing components/schemas. */
void model_visit(const struct model *m, void (*f)(const struct model *m, void *u), void *u);

bool model_given(const struct model *m, const void *object, const char *field_name); /* stood in the input */
bool model_null(const struct model *m, const void *object, const char *field_name);  /* and was null */
const struct field *model_field(const struct model *m, const char *name);            /* NULL when unknown */

/* Enums. */
const char *choice_value(const struct choice *c, int index); /* NULL when out of range */
int choice_index(const struct choice *c, const char *value); /* -1 when unknown */

#endif
