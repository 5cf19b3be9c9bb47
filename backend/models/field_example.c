/* One value that fits a model, for the description of the API: what the table gives as .example, else something
 * sensible by the field's name or type. tests/http/test_openapi.py holds each against its schema. */
#include "models/field_internal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define MODELS_DEEP 6 /* beyond, lists are empty and objects null: models may refer to each other */

#define A_TOKEN "eyJhbGciOiJIUzI1NiJ9.eyJhIjoiYiJ9.3Jm0"
#define A_LINK  "h2Vn0cPq7TzR4kXw9LsY1g"

/* As in .example: text where the JSON is a string, else JSON. */
static const struct {
    const char *name, *value;
} by_name[] = {
    {"access_token", A_TOKEN},
    {"refresh_token", "q1mC8fVQ0yD6Zb3nJt5x"},
    {"session_token", A_TOKEN},
    {"token", A_TOKEN},
    {"link", A_LINK},
    {"candidate_url", "https://viva.example.org/i/" A_LINK},
    {"media_url", "/api/v1/sessions/01932c4e-7b1a-7c3e-9f52-2d1f6a8b0c47/answers/01932c4e-7b1a-7c3e-9f52-2d1f6a8b0c47/"
                  "recordings/0/media?ticket=" A_TOKEN},
    {"title", "Backend engineer, first round"},
    {"interview_title", "Backend engineer, first round"},
    {"job_role", "Backend engineer"},
    {"job_description", "You keep the service fast and understandable."},
    {"organisation", "Example Ltd"},
    {"full_name", "Sam Example"},
    {"name", "Sam Example"},
    {"text", "I measured first, then changed one thing at a time."},
    {"quote", "I measured first"},
    {"question_text", "Tell me about a fault you found by reading code."},
    {"points", "[\"Names a concrete example\"]"},
    {"summary", "Answers with concrete examples and says what was measured."},
    {"level_text", "Gives a concrete example with its outcome."},
    {"explanation", "One of one points is met."},
    {"reason_not_scored", "The answer is too short."},
    {"scorer_version", "built-in 1"},
    {"notes", "Ask about the migration in the next round."},
    {"reason", "The transcript missed half a sentence."},
    {"search", "engineer"},
    {"language", "en"},
    {"value", "mixed"},
    {"label", "Mixed"},
    {"voice", "en_US-joe-medium"},
    {"message", "Ready."},
    {"media_type", "video/webm"},
    {"file_name", "resume.pdf"},
    {"remote", "192.0.2.10"},
    {"position", "1"},
    {"current_position", "1"},
    {"question_count", "5"},
    {"minutes_estimate", "12"},
    {"time_limit_s", "180"},
    {"start_ms", "1200"},
    {"end_ms", "3900"},
    {"duration_ms", "41200"},
    {"duration", "5.3"},
    {"start", "0.2"},
    {"end", "2.9"},
    {"score", "4"},
    {"average_score", "3.8"},
    {"overall_score", "3.8"},
    {"chunks", "12"},
};

const char *field_example_by_name(const char *name)
{
    for (size_t i = 0; i < sizeof(by_name) / sizeof(by_name[0]); i++)
        if (strcmp(by_name[i].name, name) == 0)
            return by_name[i].value;
    return NULL;
}

static void write_model(struct json *j, const struct model *m, enum example_use use, unsigned depth);

static void write_number(struct json *j, const struct field *f)
{
    const char *text = f->example != NULL ? f->example : field_example_by_name(f->name);
    double v = text != NULL && isdigit((unsigned char)text[0]) ? strtod(text, NULL) : 0, most = field_max(f);
    if (v < f->min)
        v = f->min;
    if (most > 0 && v > most)
        v = most;
    json_number(j, v);
}

/* No longer than the field may be. */
static void write_clipped(struct json *j, const char *text, double most)
{
    size_t n = strlen(text);
    json_stringn(j, text, most > 0 && (double)n > most ? (size_t)most : n);
}

static void write_text(struct json *j, const struct field *f)
{
    const char *text = f->example != NULL ? f->example : field_example_by_name(f->name);
    if (f->choices != NULL && f->example == NULL)
        text = f->choices[0].value;
    else if (text == NULL)
        text = f->type == FIELD_ID       ? FIELD_EXAMPLE_ID
               : f->type == FIELD_TIME   ? FIELD_EXAMPLE_TIME
               : f->type == FIELD_EMAIL  ? "sam@example.org"
               : f->type == FIELD_SECRET ? "correct horse battery"
                                         : "Example";
    write_clipped(j, text, field_max(f));
}

static void write_list(struct json *j, const struct field *f, enum example_use use, unsigned depth)
{
    const char *text = f->example != NULL         ? f->example
                       : f->type == FIELD_STRINGS ? field_example_by_name(f->name)
                                                  : NULL;
    if (text != NULL && text[0] == '[') {
        json_raw(j, text);
        return;
    }
    json_array_begin(j);
    if (f->type == FIELD_LIST && depth < MODELS_DEEP)
        write_model(j, f->model, use, depth + 1);
    for (int i = 0; f->type == FIELD_ENUMS && i < 2 && f->choices[i].value != NULL; i++)
        json_string(j, f->choices[i].value);
    for (int i = 0; f->type == FIELD_STRINGS && (i < 1 || i < (int)f->min); i++)
        write_clipped(j, "Example", f->item_max);
    json_array_end(j);
}

static void write_value(struct json *j, const struct field *f, enum example_use use, unsigned depth)
{
    switch (f->type) {
    case FIELD_BOOL:
        json_raw(j, f->example != NULL ? f->example : "true");
        break;
    case FIELD_INT:
    case FIELD_NUMBER:
        write_number(j, f);
        break;
    case FIELD_STRINGS:
    case FIELD_ENUMS:
    case FIELD_LIST:
        write_list(j, f, use, depth);
        break;
    case FIELD_OBJECT:
        if (depth < MODELS_DEEP)
            write_model(j, f->model, use, depth + 1);
        else
            json_null(j);
        break;
    case FIELD_JSON:
        json_raw(j, f->example != NULL ? f->example : "{}");
        break;
    default:
        write_text(j, f);
        break;
    }
}

static void write_fields(struct json *j, const struct model *m, enum example_use use, unsigned depth)
{
    unsigned written = 0;
    for (size_t i = 0; i < m->n_fields; i++) {
        const struct field *f = &m->fields[i];
        if (use == EXAMPLE_OUTPUT ? !field_writable(f) : !field_readable(f))
            continue;
        if (use == EXAMPLE_PATCH && written++ == 2) /* some of it: that is what a patch is */
            break;
        json_key(j, f->name);
        write_value(j, f, use == EXAMPLE_PATCH ? EXAMPLE_INPUT : use, depth);
    }
}

static void write_model(struct json *j, const struct model *m, enum example_use use, unsigned depth)
{
    json_object_begin(j);
    write_fields(j, m, use, depth);
    json_object_end(j);
}

void model_write_example(struct json *j, const struct model *m, enum example_use use)
{
    write_model(j, m, use, 0);
}

void model_write_form_example(struct json *j, const struct model *m, const char *file)
{
    json_object_begin(j);
    if (m != NULL)
        write_fields(j, m, EXAMPLE_INPUT, 0);
    json_kv_string(j, file, "(the bytes of the file)");
    json_object_end(j);
}
