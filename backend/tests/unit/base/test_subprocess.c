#include "unit/base/check.h"

#include "base/clock.h"
#include "base/subprocess.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct subprocess_limits plenty = {.timeout_ms = 60000};
static struct error err;

/* sh -c script */
static enum status sh(const char *script, const struct subprocess_io *io, const struct subprocess_limits *lim)
{
    const char *const argv[] = {"sh", "-c", script, NULL};
    memset(&err, 0, sizeof(err));
    return subprocess_run(argv, io, lim, &err);
}

static struct buf output(size_t max)
{
    struct buf b;
    buf_init(&b, max);
    return b;
}

static void expect_output(const char *script, const char *wanted)
{
    struct buf out = output(1 << 20);
    assert_ok(sh(script, &(struct subprocess_io){.out = &out}, &plenty));
    assert_string_equal(buf_cstr(&out), wanted);
    buf_free(&out);
}

static size_t open_descriptors(void)
{
    size_t n = 0;
    DIR *d = opendir("/proc/self/fd");
    while (readdir(d) != NULL)
        n++;
    closedir(d);
    return n;
}

static void output_and_errors_are_kept_apart(void **state)
{
    (void)state;
    struct buf out = output(100), e = output(100);
    size_t before = open_descriptors();
    assert_ok(sh("echo out; echo err >&2", &(struct subprocess_io){.out = &out, .err = &e}, &plenty));
    assert_string_equal(buf_cstr(&out), "out\n");
    assert_string_equal(buf_cstr(&e), "err\n");
    buf_free(&out);
    buf_free(&e);
    assert_ok(sh("echo dropped; echo dropped >&2", NULL, &plenty));
    assert_int_equal(open_descriptors(), before);
}

static void much_goes_through_both_ways_at_once(void **state)
{
    (void)state;
    size_t n = 3 << 20; /* far more than pipes hold */
    char *in = malloc(n);
    for (size_t i = 0; i < n; i++)
        in[i] = (char)(i * 7 + i / 251);
    struct buf out = output(n);
    const char *const argv[] = {"cat", NULL};
    assert_ok(subprocess_run(argv, &(struct subprocess_io){.in = in, .in_len = n, .out = &out}, &plenty, &err));
    assert_int_equal(out.len, n);
    assert_memory_equal(out.data, in, n);
    buf_free(&out);
    free(in);
}

static void input_that_is_not_read_is_no_failure(void **state)
{
    (void)state;
    size_t n = 1 << 20;
    char *in = calloc(1, n);
    assert_ok(sh("exec <&-; true", &(struct subprocess_io){.in = in, .in_len = n}, &plenty));
    assert_ok(sh("true", &(struct subprocess_io){.in = in, .in_len = n}, &plenty));
    sigset_t pending;
    sigpending(&pending);
    assert_int_equal(sigismember(&pending, SIGPIPE), 0);
    free(in);
}

static void stdin_is_empty_text_or_a_descriptor(void **state)
{
    (void)state;
    expect_output("wc -c | tr -d ' '", "0\n");
    struct buf out = output(100);
    assert_ok(sh("wc -c | tr -d ' '", &(struct subprocess_io){.in = "", .in_len = 0, .out = &out}, &plenty));
    assert_string_equal(buf_cstr(&out), "0\n");
    buf_clear(&out);
    int p[2];
    assert_int_equal(pipe(p), 0);
    assert_int_equal(write(p[1], "abc", 3), 3);
    close(p[1]);
    assert_ok(sh("cat", &(struct subprocess_io){.in_fd = p[0], .out = &out}, &plenty));
    close(p[0]);
    assert_string_equal(buf_cstr(&out), "abc");
    buf_free(&out);
}

static void a_missing_program_is_said_so(void **state)
{
    (void)state;
    const char *const names[] = {"viva-no-such-program", "/nowhere/program", "./nowhere", "/etc/passwd", "/tmp"};
    for (size_t i = 0; i < COUNT(names); i++) {
        const char *const argv[] = {names[i], NULL};
        assert_status(subprocess_run(argv, NULL, &plenty, &err), STATUS_UNAVAILABLE);
        assert_string_equal(err.code, i == 4 ? "program_start" : "program_missing");
    }
}

static void exit_codes_and_signals_are_failures(void **state)
{
    (void)state;
    assert_status(sh("exit 3", NULL, &plenty), STATUS_IO);
    assert_string_equal(err.code, "program_failed");
    assert_non_null(strstr(err.message, "status 3"));
    assert_status(sh("kill -SEGV $$", NULL, &plenty), STATUS_IO);
    assert_string_equal(err.code, "program_failed");
    assert_non_null(strstr(err.message, "signal 11"));
}

static void output_over_the_maximum_ends_it(void **state)
{
    (void)state;
    struct buf out = output(1000);
    assert_status(sh("yes", &(struct subprocess_io){.out = &out}, &plenty), STATUS_TOO_LARGE);
    assert_string_equal(err.code, "program_output");
    buf_free(&out);
    out = output(1000);
    assert_ok(sh("head -c 1000 /dev/zero", &(struct subprocess_io){.out = &out}, &plenty));
    assert_int_equal(out.len, 1000);
    buf_free(&out);
}

static void the_last_of_the_errors_is_kept(void **state)
{
    (void)state;
    struct buf e = output(10);
    assert_ok(sh("seq 1 20000 >&2; printf the-very-end >&2", &(struct subprocess_io){.err = &e}, &plenty));
    assert_string_equal(buf_cstr(&e), "e-very-end");
    buf_free(&e);
}

static void the_deadline_ends_the_whole_group(void **state)
{
    (void)state;
    struct subprocess_limits brief = {.timeout_ms = 300};
    struct buf out = output(100);
    int64_t before = clock_mono_ms(&clock_system);
    /* The child's child holds the pipe; its id is printed. */
    assert_status(sh("sleep 300 & echo $!; wait", &(struct subprocess_io){.out = &out}, &brief), STATUS_IO);
    assert_string_equal(err.code, "program_timeout");
    assert_true(clock_mono_ms(&clock_system) - before >= 300);
    pid_t grandchild = (pid_t)atoi(buf_cstr(&out));
    assert_true(grandchild > 1);
    /* Killed; init may take a moment to reap it, so a zombie counts. */
    char path[64], line[256] = "";
    snprintf(path, sizeof(path), "/proc/%d/stat", (int)grandchild);
    FILE *f = fopen(path, "re");
    if (f != NULL) {
        assert_true(fread(line, 1, sizeof(line) - 1, f) > 0 || ferror(f));
        fclose(f);
        assert_true(line[0] == '\0' || strstr(line, ") Z") != NULL || strstr(line, ") X") != NULL ||
                    strstr(line, ") R") != NULL || strstr(line, ") D") != NULL || kill(grandchild, 0) != 0);
    }
    buf_free(&out);
}

static void a_program_that_never_stops_talking_meets_the_deadline(void **state)
{
    (void)state;
    struct subprocess_limits brief = {.timeout_ms = 200};
    struct buf e = output(100);
    assert_status(sh("while :; do echo x; done >&2", &(struct subprocess_io){.err = &e}, &brief), STATUS_IO);
    assert_string_equal(err.code, "program_timeout");
    buf_free(&e);
}

/* A background process that inherits the pipes must not keep the call waiting until the deadline. */
static void what_it_leaves_behind_does_not_hold_us(void **state)
{
    (void)state;
    struct buf out = output(100);
    assert_ok(sh("sleep 3000 & echo done", &(struct subprocess_io){.out = &out}, &plenty));
    assert_string_equal(buf_cstr(&out), "done\n");
    buf_free(&out);
}

static void limits_hold(void **state)
{
    (void)state;
    struct subprocess_limits small = {.timeout_ms = 60000, .memory_bytes = 64 << 20, .file_bytes = 4096};
    char path[] = "/tmp/viva-fsize-XXXXXX", script[128];
    int fd = mkstemp(path);
    snprintf(script, sizeof(script), "head -c 100000 /dev/zero >%s", path);
    assert_status(sh(script, NULL, &small), STATUS_IO);
    assert_int_equal(lseek(fd, 0, SEEK_END), 4096);
    close(fd);
    unlink(path);
    /* 200 MB in one line for dd, which takes one buffer of that size */
    assert_status(sh("dd if=/dev/zero of=/dev/null bs=200M count=1 2>/dev/null", NULL, &small), STATUS_IO);
    assert_ok(sh("dd if=/dev/zero of=/dev/null bs=200M count=1 2>/dev/null", NULL, &plenty));
    expect_output("ulimit -c", "0\n");
    expect_output("grep NoNewPrivs /proc/self/status | tr -d '\\t'", "NoNewPrivs:1\n");
}

static void the_environment_and_descriptors_are_clean(void **state)
{
    (void)state;
    setenv("VIVA_SECRET", "leaked", 1);
    int open_fd = open("/dev/null", O_RDONLY); /* not close-on-exec */
    char script[64];
    snprintf(script, sizeof(script), "[ ! -e /proc/self/fd/%d ] && echo closed", open_fd);
    expect_output("env | grep -c SECRET || true", "0\n");
    expect_output("echo $LANG", "C.UTF-8\n");
    expect_output(script, "closed\n");
    close(open_fd);
    unsetenv("VIVA_SECRET");
}

static void signals_are_as_a_program_expects(void **state)
{
    (void)state;
    sigset_t all, before;
    sigfillset(&all);
    signal(SIGPIPE, SIG_IGN);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    struct buf out = output(1000);
    unsigned long long blocked = 1, ignored = 1;
    assert_ok(sh("grep -E 'SigBlk|SigIgn' /proc/self/status", &(struct subprocess_io){.out = &out}, &plenty));
    assert_int_equal(sscanf(buf_cstr(&out), "SigBlk: %llx SigIgn: %llx", &blocked, &ignored), 2);
    buf_free(&out);
    assert_int_equal(blocked, 0);
    assert_int_equal(ignored & ~(3ull << 31), 0); /* 32 and 33 are glibc's own: what we inherited we cannot change */
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    signal(SIGPIPE, SIG_DFL);
}

static void works_with_stdio_closed(void **state)
{
    (void)state;
    int keep[3];
    for (int i = 0; i < 3; i++) {
        keep[i] = fcntl(i, F_DUPFD_CLOEXEC, 10);
        close(i);
    }
    struct buf out = output(100), e = output(100);
    enum status st =
        sh("cat; echo err >&2", &(struct subprocess_io){.in = "x", .in_len = 1, .out = &out, .err = &e}, &plenty);
    for (int i = 0; i < 3; i++) {
        dup2(keep[i], i);
        close(keep[i]);
    }
    assert_int_equal(st, STATUS_OK);
    assert_string_equal(buf_cstr(&out), "x");
    assert_string_equal(buf_cstr(&e), "err\n");
    buf_free(&out);
    buf_free(&e);
}

static void *run_many(void *arg)
{
    for (int i = 0; i < 20; i++) {
        struct buf out;
        buf_init(&out, 100);
        const char *const argv[] = {"echo", arg, NULL};
        enum status st = subprocess_run(argv, &(struct subprocess_io){.out = &out}, &plenty, NULL);
        bool right = st == STATUS_OK && strncmp(buf_cstr(&out), arg, strlen(arg)) == 0;
        buf_free(&out);
        if (!right)
            return arg;
    }
    return NULL;
}

static void any_thread_may_run_one(void **state)
{
    (void)state;
    static char names[4][8] = {"one", "two", "three", "four"};
    pthread_t t[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&t[i], NULL, run_many, names[i]), 0);
    for (int i = 0; i < 4; i++) {
        void *failed = NULL;
        pthread_join(t[i], &failed);
        assert_null(failed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(output_and_errors_are_kept_apart),
        cmocka_unit_test(much_goes_through_both_ways_at_once),
        cmocka_unit_test(input_that_is_not_read_is_no_failure),
        cmocka_unit_test(stdin_is_empty_text_or_a_descriptor),
        cmocka_unit_test(a_missing_program_is_said_so),
        cmocka_unit_test(exit_codes_and_signals_are_failures),
        cmocka_unit_test(output_over_the_maximum_ends_it),
        cmocka_unit_test(the_last_of_the_errors_is_kept),
        cmocka_unit_test(the_deadline_ends_the_whole_group),
        cmocka_unit_test(a_program_that_never_stops_talking_meets_the_deadline),
        cmocka_unit_test(what_it_leaves_behind_does_not_hold_us),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(the_environment_and_descriptors_are_clean),
        cmocka_unit_test(signals_are_as_a_program_expects),
        cmocka_unit_test(works_with_stdio_closed),
        cmocka_unit_test(any_thread_may_run_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
