#ifndef VIVA_TESTS_SAMPLE_H
#define VIVA_TESTS_SAMPLE_H
/* A model with a field of every type and flag, for the tests of the engine. */

#include "models/field.h"

static const struct choice levels[] = {{"easy", "Easy"}, {"hard", "Hard"}, {"very_hard", "Very hard"}, {NULL, NULL}};

struct child {
    struct presence presence;
    const char *text;
    int64_t points;
    struct strings tags;
};

static const struct field child_fields[] = {
    FIELD(struct child, text, FIELD_TEXT, .flags = FIELD_REQUIRED, .min = 1, .max = 20, .doc = "What is asked"),
    FIELD(struct child, points, FIELD_INT, .min = 1, .max = 5),
    FIELD(struct child, tags, FIELD_STRINGS, .max = 3, .item_max = 4),
};
static const struct model child_model = MODEL("Child", struct child, child_fields, NULL);

struct sample {
    struct presence presence;
    const char *name, *notes, *email, *password, *json, *hash;
    bool active;
    int64_t count, big, when, made;
    double ratio;
    int level;
    struct id owner;
    struct strings words;
    uint64_t areas;
    struct child *child;
    struct list questions;
};

static const struct field sample_fields[] = {
    FIELD(struct sample, name, FIELD_STRING, .flags = FIELD_REQUIRED, .min = 1, .max = 10, .doc = "Who \"it\" is",
          .example = "Ada"),
    FIELD(struct sample, notes, FIELD_TEXT, .flags = FIELD_NULLABLE, .min = 2, .max = 30),
    FIELD(struct sample, email, FIELD_EMAIL),
    FIELD(struct sample, password, FIELD_SECRET, .min = 10),
    FIELD(struct sample, active, FIELD_BOOL),
    FIELD(struct sample, count, FIELD_INT, .flags = FIELD_NULLABLE, .min = 0, .max = 10, .example = "3"),
    FIELD(struct sample, big, FIELD_INT),
    FIELD(struct sample, ratio, FIELD_NUMBER, .flags = FIELD_NULLABLE, .min = -1, .max = 1.5),
    FIELD(struct sample, level, FIELD_ENUM, .choices = levels),
    FIELD(struct sample, owner, FIELD_ID, .flags = FIELD_NULLABLE),
    FIELD(struct sample, when, FIELD_TIME, .flags = FIELD_NULLABLE),
    FIELD(struct sample, words, FIELD_STRINGS, .flags = FIELD_OMIT_EMPTY, .max = 3, .item_max = 5),
    FIELD(struct sample, areas, FIELD_ENUMS, .choices = levels, .max = 2),
    FIELD(struct sample, child, FIELD_OBJECT, .flags = FIELD_NULLABLE, .model = &child_model),
    FIELD(struct sample, questions, FIELD_LIST, .model = &child_model, .max = 4),
    FIELD(struct sample, json, FIELD_JSON, .flags = FIELD_NULLABLE, .max = 50),
    FIELD(struct sample, made, FIELD_TIME, .flags = FIELD_OUT_ONLY),
    FIELD(struct sample, hash, FIELD_STRING, .flags = FIELD_HIDDEN),
};
static const struct model sample_model = MODEL("Sample", struct sample, sample_fields, "A sample");

#endif
