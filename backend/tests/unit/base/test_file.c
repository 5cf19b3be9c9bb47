#include "unit/base/check.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The system calls of file.c pass through here: their order is written down, and the Nth can be made to fail. */
static char calls[4096];
static long calls_left = -1;
static size_t write_max = SSIZE_MAX;

static int refused(const char *name, int e)
{
    if (strlen(calls) + strlen(name) + 2 < sizeof(calls)) {
        strcat(calls, name);
        strcat(calls, " ");
    }
    if (calls_left == 0) {
        errno = e;
        return 1;
    }
    calls_left -= calls_left > 0;
    return 0;
}

static ssize_t spy_write(int fd, const void *p, size_t n)
{
    return refused("write", ENOSPC) ? -1 : write(fd, p, n < write_max ? n : write_max);
}

static int spy_fsync(int fd)
{
    struct stat s;
    fstat(fd, &s);
    return refused(S_ISDIR(s.st_mode) ? "fsync-dir" : "fsync", EIO) ? -1 : fsync(fd);
}

static int spy_rename(const char *from, const char *to)
{
    return refused("rename", EIO) ? -1 : rename(from, to);
}

static int spy_close(int fd)
{
    int fail = refused("close", EIO);
    int done = close(fd); /* closed even when it reports an error, as Linux does */
    return fail ? -1 : done;
}

static int spy_open(const char *path, int flags, ...)
{
    va_list ap;
    va_start(ap, flags);
    mode_t mode = (flags & O_CREAT) != 0 ? va_arg(ap, mode_t) : 0;
    va_end(ap);
    return refused((flags & O_CREAT) != 0 ? "create" : "open", EACCES) ? -1 : open(path, flags, mode);
}

/* Somebody else removes an entry just before we come to it. */
static bool taken_before_opened, taken_before_removed;

static int spy_openat(int parent, const char *name, int flags)
{
    if (taken_before_opened)
        unlinkat(parent, name, AT_REMOVEDIR);
    return openat(parent, name, flags);
}

static int spy_unlinkat(int parent, const char *name, int flags)
{
    if (taken_before_removed)
        unlinkat(parent, name, flags);
    return unlinkat(parent, name, flags);
}

#define write    spy_write
#define openat   spy_openat
#define unlinkat spy_unlinkat
#define fsync    spy_fsync
#define rename   spy_rename
#define close    spy_close
#define open     spy_open
#include "base/file.c"
#undef write
#undef openat
#undef unlinkat
#undef fsync
#undef rename
#undef close
#undef open

static char dir[64];
static struct error err;

static int setup(void **state)
{
    (void)state;
    strcpy(dir, "/tmp/viva-file-XXXXXX");
    calls_left = -1;
    write_max = SSIZE_MAX;
    taken_before_opened = taken_before_removed = false;
    return mkdtemp(dir) == NULL;
}

static int teardown(void **state)
{
    (void)state;
    calls_left = -1;
    return dir_remove(dir, &err) != STATUS_OK;
}

static const char *in_dir(const char *name)
{
    static char paths[4][256];
    static int next;
    char *p = paths[next++ % 4];
    snprintf(p, sizeof(paths[0]), "%s/%s", dir, name);
    return p;
}

static void put(const char *name, const char *text)
{
    struct tmpfile t = TMPFILE_INIT;
    assert_ok(tmpfile_open(&t, dir, &err));
    assert_ok(tmpfile_write(&t, text, strlen(text), &err));
    assert_ok(tmpfile_publish(&t, name, &err));
}

static void expect_content(const char *name, const char *text)
{
    char *got = NULL;
    size_t len = 0;
    assert_ok(file_read(in_dir(name), 1000, &got, &len, &err));
    assert_int_equal(len, strlen(text));
    assert_string_equal(got, text);
    free(got);
}

static int entries(void)
{
    int n = -2; /* . and .. */
    DIR *d = opendir(dir);
    while (readdir(d) != NULL)
        n++;
    closedir(d);
    return n;
}

static void a_file_is_flushed_before_it_is_named_and_its_directory_after(void **state)
{
    (void)state;
    calls[0] = '\0';
    put("a", "hello");
    assert_string_equal(calls, "create write fsync close rename open fsync-dir ");
    expect_content("a", "hello");
    struct stat s;
    assert_int_equal(stat(in_dir("a"), &s), 0);
    assert_int_equal(s.st_mode & 0777, 0600);
}

/* With each call failing in turn, the old content or the new stands there, and nothing else. */
static void any_failure_leaves_the_old_file_or_the_new(void **state)
{
    (void)state;
    int failures = 0;
    for (long n = 0;; n++) {
        calls_left = -1;
        put("a", "old");
        calls_left = n;
        struct tmpfile t = TMPFILE_INIT;
        enum status st = tmpfile_open(&t, dir, &err);
        if (st == STATUS_OK)
            st = tmpfile_write(&t, "new", 3, &err);
        if (st == STATUS_OK)
            st = tmpfile_publish(&t, "a", &err);
        calls_left = -1;
        tmpfile_discard(&t);
        assert_int_equal(entries(), 1);
        if (st == STATUS_OK)
            break;
        assert_int_equal(st, STATUS_IO);
        failures++;
        if (n < 5) /* up to and with the rename */
            expect_content("a", "old");
        else
            expect_content("a", "new");
    }
    assert_true(failures >= 6);
    expect_content("a", "new");
}

static void a_full_disk_is_said_plainly(void **state)
{
    (void)state;
    cleanup(tmpfile_discard) struct tmpfile t = TMPFILE_INIT;
    assert_ok(tmpfile_open(&t, dir, &err));
    calls_left = 0;
    assert_status(tmpfile_write(&t, "x", 1, &err), STATUS_IO);
    calls_left = -1;
    assert_string_equal(err.code, "disk_full");
    assert_int_equal(t.size, 0);
}

static void short_writes_are_finished(void **state)
{
    (void)state;
    write_max = 3;
    put("a", "0123456789");
    expect_content("a", "0123456789");
}

static void discard_removes_and_can_be_repeated(void **state)
{
    (void)state;
    struct tmpfile t = TMPFILE_INIT, never = TMPFILE_INIT;
    tmpfile_discard(&never);
    assert_ok(tmpfile_open(&t, dir, &err));
    assert_ok(tmpfile_write(&t, "x", 1, &err));
    assert_int_equal(entries(), 1);
    tmpfile_discard(&t);
    tmpfile_discard(&t);
    assert_int_equal(entries(), 0);
    put("kept", "x");
    assert_int_equal(entries(), 1);
}

static void a_name_cannot_leave_the_directory(void **state)
{
    (void)state;
    static const char *const bad[] = {"", ".", "..", "../x", "a/b", "/etc/x"};
    cleanup(tmpfile_discard) struct tmpfile t = TMPFILE_INIT;
    assert_ok(tmpfile_open(&t, dir, &err));
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_status(tmpfile_publish(&t, bad[i], &err), STATUS_INTERNAL);
    assert_ok(tmpfile_publish(&t, "..fine", &err));
    struct tmpfile other = TMPFILE_INIT;
    assert_status(tmpfile_open(&other, in_dir("absent"), &err), STATUS_IO);
    char longer[600];
    memset(longer, 'x', sizeof(longer));
    longer[599] = '\0';
    assert_status(tmpfile_open(&other, longer, &err), STATUS_INTERNAL);
}

static void directories_are_made_flushed_and_private(void **state)
{
    (void)state;
    struct stat s;
    calls[0] = '\0';
    assert_ok(dir_make(in_dir("x//y/z/"), &err));
    assert_non_null(strstr(calls, "fsync-dir")); /* each new entry in its parent */
    assert_ok(dir_make(in_dir("x/y/z"), &err));
    assert_int_equal(stat(in_dir("x/y/z"), &s), 0);
    assert_int_equal(s.st_mode & 0777, 0700);
    assert_ok(dir_make("/", &err));
    assert_status(dir_make("", &err), STATUS_IO);
    put("file", "x");
    assert_status(dir_make(in_dir("file"), &err), STATUS_IO);
    assert_status(dir_make(in_dir("file/under"), &err), STATUS_IO);
}

static void removal_is_deep_and_does_not_follow_links(void **state)
{
    (void)state;
    assert_ok(dir_make(in_dir("keep"), &err));
    assert_ok(dir_make(in_dir("gone/a/b"), &err));
    put("x", "x");
    assert_int_equal(rename(in_dir("x"), in_dir("keep/x")), 0);
    assert_int_equal(symlink(in_dir("keep"), in_dir("gone/a/link")), 0);
    assert_int_equal(symlink("/nowhere", in_dir("gone/dangling")), 0);
    assert_ok(dir_remove(in_dir("gone"), &err));
    assert_false(file_exists(in_dir("gone")));
    assert_true(file_exists(in_dir("keep/x")));
    assert_ok(dir_remove(in_dir("gone"), &err));
    assert_int_equal(symlink(in_dir("keep"), in_dir("link")), 0);
    assert_ok(dir_remove(in_dir("link"), &err));
    assert_true(file_exists(in_dir("keep/x")));
    assert_ok(dir_remove(in_dir("keep/x"), &err)); /* a plain file too */
}

static void two_may_remove_the_same(void **state)
{
    (void)state;
    assert_ok(dir_make(in_dir("gone/a"), &err));
    taken_before_opened = true;
    assert_ok(dir_remove(in_dir("gone/a"), &err));
    taken_before_opened = false;
    assert_ok(dir_make(in_dir("gone/a"), &err));
    put("x", "x");
    assert_int_equal(rename(in_dir("x"), in_dir("gone/a/x")), 0);
    taken_before_removed = true;
    assert_ok(dir_remove(in_dir("gone"), &err));
    assert_false(file_exists(in_dir("gone")));
}

static void reading_has_a_limit(void **state)
{
    (void)state;
    char *got = NULL;
    size_t len = 0;
    put("a", "12345");
    assert_ok(file_read(in_dir("a"), 5, &got, &len, &err));
    free(got);
    got = NULL;
    assert_status(file_read(in_dir("a"), 4, &got, &len, &err), STATUS_TOO_LARGE);
    assert_null(got);
    assert_status(file_read(in_dir("none"), 4, &got, &len, &err), STATUS_NOT_FOUND);
    assert_status(file_read(in_dir("a/b"), 4, &got, &len, &err), STATUS_NOT_FOUND);
    assert_status(file_read(dir, 4, &got, &len, &err), STATUS_IO);
    assert_status(file_read("/dev/zero", 100000, &got, &len, &err), STATUS_TOO_LARGE);
    put("empty", "");
    assert_ok(file_read(in_dir("empty"), 0, &got, NULL, &err));
    assert_string_equal(got, "");
    free(got);
}

static void a_large_file_is_read_whole(void **state)
{
    (void)state;
    size_t n = 1000003, len = 0;
    char *text = malloc(n + 1), *got = NULL;
    for (size_t i = 0; i < n; i++)
        text[i] = (char)('a' + i % 23);
    text[n] = '\0';
    put("big", text);
    assert_ok(file_read(in_dir("big"), n, &got, &len, &err));
    assert_int_equal(len, n);
    assert_memory_equal(got, text, n + 1);
    free(got);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_is_flushed_before_it_is_named_and_its_directory_after, setup, teardown),
        cmocka_unit_test_setup_teardown(any_failure_leaves_the_old_file_or_the_new, setup, teardown),
        cmocka_unit_test_setup_teardown(a_full_disk_is_said_plainly, setup, teardown),
        cmocka_unit_test_setup_teardown(short_writes_are_finished, setup, teardown),
        cmocka_unit_test_setup_teardown(discard_removes_and_can_be_repeated, setup, teardown),
        cmocka_unit_test_setup_teardown(a_name_cannot_leave_the_directory, setup, teardown),
        cmocka_unit_test_setup_teardown(directories_are_made_flushed_and_private, setup, teardown),
        cmocka_unit_test_setup_teardown(removal_is_deep_and_does_not_follow_links, setup, teardown),
        cmocka_unit_test_setup_teardown(two_may_remove_the_same, setup, teardown),
        cmocka_unit_test_setup_teardown(reading_has_a_limit, setup, teardown),
        cmocka_unit_test_setup_teardown(a_large_file_is_read_whole, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
