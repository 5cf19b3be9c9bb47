/* `viva grade`: answers from a file through the scorer that reports use, for validation and for other graded sets. */

#include "app/cli.h"
#include "app/cli_speech.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/json.h"
#include "base/json_read.h"
#include "services/scorer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_BYTES (4u << 20)
#define LINE_ARENA     (256u << 20)
#define POINTS_MAX     100

static const char grade_help[] =
    "Usage: viva grade [--features] FILE.jsonl\n\n"
    "Scores answers as reports do. Each line is an object:\n"
    "  question   what was asked (may be missing)\n"
    "  points     a list: what a good answer mentions; or\n"
    "  reference  a good answer, or a list of such: its sentences are the points, of several the nearest counts\n"
    "  answer     what is to be graded\n"
    "  max        the full mark (1)\n"
    "For each, one line: score (0 to max; null: not scored, reason says why), level (1 to 5), confidence, evidence "
    "(point,\n"
    "met, quote), version. A line that is wrong is reported and the others are done; the exit code is then 1.\n\n"
    "  --features  also what the level is computed from\n";

struct grading {
    struct embed *embed;
    bool features;
};

/* ---- a reference as points ---- */

static bool ends_point(const char *p)
{
    if (*p == '\n')
        return true;
    return strchr(".!?;:", *p) && (p[1] == ' ' || p[1] == '\n' || !p[1]);
}

static size_t split_reference(const char *text, const char **points, struct arena *a)
{
    size_t n = 0;
    for (const char *p = text; *p && n < POINTS_MAX;) {
        const char *end = p;
        while (*end && !ends_point(end))
            end++;
        end += *end != '\0';
        const char *point = arena_strndup(a, p, (size_t)(end - p));
        if (point && text_count_words(point) >= 2)
            points[n++] = point;
        p = end;
    }
    if (n == 0 && *text)
        points[n++] = text;
    return n;
}

static size_t list_points(const struct json_val *list, const char **points)
{
    size_t n = 0;
    for (size_t i = 0; i < json_len(list) && n < POINTS_MAX; i++)
        if (json_as_string(json_at(list, i)))
            points[n++] = json_as_string(json_at(list, i));
    return n;
}

/* ---- what a line may hold ---- */

static enum status wrong(struct error *err, const char *field, const char *why)
{
    return error_set(err, STATUS_INVALID, "line_invalid", field, "%s %s", field, why);
}

/* A list of texts, none empty; or, where it may be, one text. */
static enum status check_texts(const struct json_val *v, const char *name, bool or_one, struct error *err)
{
    const enum json_kind kind = json_kind(v);
    char field[48];
    if (kind == JSON_KIND_ABSENT || kind == JSON_KIND_NULL || (or_one && kind == JSON_KIND_STRING))
        return STATUS_OK;
    if (kind != JSON_KIND_ARRAY)
        return wrong(err, name, or_one ? "must be a text, or a list of texts" : "must be a list of texts");
    if (json_len(v) > POINTS_MAX)
        return wrong(err, name, "has too many items: 100 at most");
    for (size_t i = 0; i < json_len(v); i++) {
        const char *text = json_as_string(json_at(v, i));
        snprintf(field, sizeof field, "%s[%zu]", name, i);
        if (!text || !text[strspn(text, " \t\r\n")])
            return wrong(err, field, text ? "is empty" : "must be a text");
    }
    return STATUS_OK;
}

static enum status check_line(const struct json_val *in, struct error *err)
{
    if (!json_is_object(in))
        return error_set(err, STATUS_INVALID, "line_invalid", NULL, "it must be a JSON object");
    const enum json_kind question = json_kind(json_get(in, "question")), max = json_kind(json_get(in, "max"));
    const double full = json_get_number(in, "max", 1);
    if (json_kind(json_get(in, "answer")) == JSON_KIND_ABSENT)
        return wrong(err, "answer", "is missing");
    if (json_kind(json_get(in, "answer")) != JSON_KIND_STRING)
        return wrong(err, "answer", "must be a text");
    if (question != JSON_KIND_ABSENT && question != JSON_KIND_NULL && question != JSON_KIND_STRING)
        return wrong(err, "question", "must be a text");
    if ((max != JSON_KIND_ABSENT && max != JSON_KIND_INT && max != JSON_KIND_REAL) || !(full > 0) || full > 1e9)
        return wrong(err, "max", "must be a number above 0");
    enum status st = check_texts(json_get(in, "points"), "points", false, err);
    return st == STATUS_OK ? check_texts(json_get(in, "reference"), "reference", true, err) : st;
}

/* ---- one line ---- */

static double sum_features(const struct cover *c)
{
    double sum = 0;
    for (int i = 0; i < COVER_FEATURES; i++)
        sum += c->features[i];
    return sum;
}

/* The answer against one list of points; kept when it is nearer than what is there. */
static enum status try_points(const struct grading *g, struct answer *x, const char **points, size_t n, struct arena *a,
                              struct scorer_grade *best, bool *any, struct error *err)
{
    struct scorer_grade grade;
    x->points = (struct strings){points, n};
    enum status st = scorer_grade(x, g->embed, a, &grade, err);
    if (st == STATUS_OK && (!*any || sum_features(&grade.cover) > sum_features(&best->cover))) {
        *best = grade;
        *any = true;
    }
    return st;
}

static enum status grade_line(const struct grading *g, const struct json_val *in, struct arena *a,
                              struct scorer_grade *ret, struct error *err)
{
    struct answer x = {.question_text = json_get_string(in, "question", ""),
                       .text = json_get_string(in, "answer", ""),
                       .mode = ANSWER_BY_TEXT};
    const struct json_val *points = json_get(in, "points"), *reference = json_get(in, "reference");
    const size_t n = json_is_array(reference) ? json_len(reference) : 1;
    bool any = false;
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < n && json_len(points) == 0; i++) {
        const char *text = json_as_string(json_is_array(reference) ? json_at(reference, i) : reference);
        const char **list = arena_array(a, POINTS_MAX, sizeof *list);
        st = list ? try_points(g, &x, list, split_reference(text ? text : "", list, a), a, ret, &any, err)
                  : arena_exhausted(err);
    }
    const char **list = arena_array(a, POINTS_MAX, sizeof *list);
    if (st == STATUS_OK && !list)
        return arena_exhausted(err);
    if (st == STATUS_OK && !any)
        st = try_points(g, &x, list, list_points(points, list), a, ret, &any, err);
    return st;
}

static void write_evidence(struct json *j, const struct list *points)
{
    static const char *const names[] = {"met", "partial", "missed"};
    const struct report_point *p = points->items;
    json_key(j, "evidence");
    json_array_begin(j);
    for (size_t i = 0; i < points->count; i++) {
        json_object_begin(j);
        json_kv_string(j, "point", p[i].text);
        json_kv_string(j, "met", names[p[i].met]);
        json_kv_string(j, "quote", p[i].quote);
        json_object_end(j);
    }
    json_array_end(j);
}

static void write_grade(struct buf *out, const struct grading *g, const struct scorer_grade *x, double max)
{
    struct json j;
    json_init(&j, out);
    json_object_begin(&j);
    json_kv_number(&j, "score", round(x->share * max * 1000) / 1000);
    json_kv_number(&j, "level", x->question.score);
    json_kv_number(&j, "confidence", x->question.confidence);
    json_kv_string(&j, "reason", x->question.reason_not_scored);
    write_evidence(&j, &x->question.points);
    if (g->features) {
        json_key(&j, "features");
        json_object_begin(&j);
        for (int i = 0; i < COVER_FEATURES; i++)
            json_kv_number(&j, cover_feature_names[i], x->cover.features[i]);
        json_object_end(&j);
    }
    json_kv_string(&j, "version", scorer_version());
    json_object_end(&j);
    buf_char(out, '\n');
}

static enum status run_line(const struct grading *g, const char *line, size_t n, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(LINE_ARENA);
    cleanup(json_doc_freep) struct json_doc *doc = NULL;
    cleanup(buf_free) struct buf out;
    struct scorer_grade grade = {0};
    buf_init(&out, LINE_MAX_BYTES);
    enum status st = a ? json_parse(line, n, &doc, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = check_line(json_root(doc), err);
    if (st == STATUS_OK)
        st = grade_line(g, json_root(doc), a, &grade, err);
    if (st != STATUS_OK)
        return st;
    write_grade(&out, g, &grade, json_get_number(json_root(doc), "max", 1));
    if (!buf_ok(&out) || fwrite(out.data, 1, out.len, stdout) != out.len)
        return error_set(err, STATUS_IO, "io_failed", NULL, "the grade cannot be written to standard output");
    return STATUS_OK;
}

static int run_file(const struct grading *g, const char *path)
{
    FILE *f = strcmp(path, "-") ? fopen(path, "r") : stdin;
    char *line = NULL;
    size_t room = 0, number = 0;
    int rc = 0;
    if (!f) {
        fprintf(stderr, "viva: %s cannot be read\n", path);
        return 1;
    }
    for (ssize_t n; (n = getline(&line, &room, f)) > 0;) {
        struct error err = {0};
        char where[64];
        const size_t mark =
            ++number == 1 && !strncmp(line, "\xEF\xBB\xBF", 3) ? 3 : 0; /* editors on Windows begin so */
        if (line[mark + strspn(line + mark, " \t\r\n")] == '\0')
            continue;
        snprintf(where, sizeof where, "line %zu", number);
        if (run_line(g, line + mark, (size_t)n - mark, &err) != STATUS_OK)
            rc = cli_fail(where, &err);
    }
    free(line);
    if (f != stdin)
        fclose(f);
    return rc;
}

int command_grade(const struct config *c, int argc, char **argv)
{
    struct grading g = {0};
    struct error err = {0};
    int i = 1;
    for (; i < argc && argv[i][0] == '-' && argv[i][1] != '\0'; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            fputs(grade_help, stdout);
            return 0;
        }
        if (strcmp(argv[i], "--features") != 0)
            return cli_usage("grade", "it does not know that option");
        g.features = true;
    }
    if (i + 1 != argc)
        return cli_usage("grade", "it takes one file (- for standard input)");
    const struct provider_config settings = cli_provider_settings(c);
    if (embed_new(c->embed_provider, &settings, &g.embed, &err) != STATUS_OK)
        return cli_fail("grade", &err);
    const int rc = run_file(&g, argv[i]);
    embed_free(g.embed);
    return rc;
}
