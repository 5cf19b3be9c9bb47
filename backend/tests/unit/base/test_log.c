#include "unit/base/check.h"

#include "base/json_read.h"
#include "base/log.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int real_stderr, captured;

static void capture(void)
{
    real_stderr = dup(STDERR_FILENO);
    captured = memfd_create("log", MFD_CLOEXEC);
    dup2(captured, STDERR_FILENO);
}

/* What was logged since capture(); the caller frees it. */
static char *captured_text(void)
{
    dup2(real_stderr, STDERR_FILENO);
    close(real_stderr);
    size_t n = (size_t)lseek(captured, 0, SEEK_END);
    char *text = calloc(1, n + 1);
    assert_int_equal(pread(captured, text, n, 0), n);
    close(captured);
    return text;
}

/* The only line logged, parsed. */
static struct json_doc *one_line(void)
{
    char *text = captured_text();
    struct json_doc *doc = NULL;
    struct error err;
    char *end = strchr(text, '\n');
    assert_non_null(end);
    assert_string_equal(end, "\n");
    assert_ok(json_parse(text, strlen(text), &doc, &err));
    free(text);
    return doc;
}

static void an_event_is_one_line_of_json(void **state)
{
    (void)state;
    capture();
    log_event(LOG_WARN, "up", "port", "8000", "text", "a\n\"b\"", NULL);
    struct json_doc *d = one_line();
    const struct json_val *r = json_root(d);
    assert_string_equal(json_get_string(r, "level", ""), "warn");
    assert_string_equal(json_get_string(r, "event", ""), "up");
    assert_string_equal(json_get_string(r, "port", ""), "8000");
    assert_string_equal(json_get_string(r, "text", ""), "a\n\"b\"");
    assert_int_equal(strlen(json_get_string(r, "ts", "")), 24);
    json_doc_free(d);
}

static void lower_levels_are_left_out(void **state)
{
    (void)state;
    capture();
    log_event(LOG_DEBUG, "hidden", NULL);
    log_set_level(LOG_ERROR);
    log_event(LOG_WARN, "hidden", NULL);
    log_failure("x", NULL, STATUS_UNAVAILABLE, NULL);
    log_set_level(LOG_DEBUG);
    log_event(LOG_DEBUG, "shown", NULL);
    log_set_level(LOG_INFO);
    struct json_doc *d = one_line();
    assert_string_equal(json_get_string(json_root(d), "event", ""), "shown");
    json_doc_free(d);
}

static void our_failure_tells_its_message(void **state)
{
    (void)state;
    struct error err;
    (void)error_set(&err, STATUS_IO, "disk_full", NULL, "The disk is full.");
    capture();
    log_failure("recording", "42", STATUS_IO, &err);
    struct json_doc *d = one_line();
    const struct json_val *r = json_root(d);
    assert_string_equal(json_get_string(r, "level", ""), "error");
    assert_string_equal(json_get_string(r, "where", ""), "recording");
    assert_string_equal(json_get_string(r, "id", ""), "42");
    assert_string_equal(json_get_string(r, "status", ""), "io");
    assert_string_equal(json_get_string(r, "code", ""), "disk_full");
    assert_string_equal(json_get_string(r, "message", ""), "The disk is full.");
    json_doc_free(d);
}

static void a_clients_mistake_does_not_repeat_its_input(void **state)
{
    (void)state;
    struct error err;
    (void)error_set(&err, STATUS_CONFLICT, "taken", "email", "someone@example.org is taken");
    capture();
    log_failure("register", NULL, STATUS_CONFLICT, &err);
    char *text = captured_text();
    assert_non_null(strstr(text, "\"info\""));
    assert_non_null(strstr(text, "taken"));
    assert_null(strstr(text, "someone"));
    free(text);
}

static void a_line_too_long_is_cut_down_not_lost(void **state)
{
    (void)state;
    char *huge = malloc(100000);
    memset(huge, 'x', 99999);
    huge[99999] = '\0';
    capture();
    log_event(LOG_INFO, "big", "value", huge, NULL);
    struct json_doc *d = one_line();
    assert_string_equal(json_get_string(json_root(d), "event", ""), "big");
    assert_true(json_get_bool(json_root(d), "truncated", false));
    json_doc_free(d);
    free(huge);
}

static void errno_is_left_alone(void **state)
{
    (void)state;
    capture();
    errno = EDOM;
    log_event(LOG_INFO, "x", NULL);
    int after = errno;
    free(captured_text());
    assert_int_equal(after, EDOM);
}

#define THREADS 8
#define LINES   300

static void *log_many(void *arg)
{
    for (int i = 0; i < LINES; i++)
        log_event(LOG_INFO, "tick", "thread", (const char *)arg, NULL);
    return NULL;
}

static void lines_of_threads_do_not_mix(void **state)
{
    (void)state;
    pthread_t t[THREADS];
    static char names[THREADS][4];
    capture();
    for (int i = 0; i < THREADS; i++) {
        snprintf(names[i], sizeof(names[i]), "%d", i);
        assert_int_equal(pthread_create(&t[i], NULL, log_many, names[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(t[i], NULL);
    char *text = captured_text(), *save = NULL;
    int lines = 0;
    for (char *l = strtok_r(text, "\n", &save); l != NULL; l = strtok_r(NULL, "\n", &save), lines++) {
        struct json_doc *doc = NULL;
        struct error err;
        assert_ok(json_parse(l, strlen(l), &doc, &err));
        json_doc_free(doc);
    }
    assert_int_equal(lines, THREADS * LINES);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_is_one_line_of_json),
        cmocka_unit_test(lower_levels_are_left_out),
        cmocka_unit_test(our_failure_tells_its_message),
        cmocka_unit_test(a_clients_mistake_does_not_repeat_its_input),
        cmocka_unit_test(a_line_too_long_is_cut_down_not_lost),
        cmocka_unit_test(errno_is_left_alone),
        cmocka_unit_test(lines_of_threads_do_not_mix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
