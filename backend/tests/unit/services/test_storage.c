#include "unit/services/stage.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <utime.h>

static enum status put(const char *key, const char *text, struct error *err)
{
    struct bytes b = bytes_of(text, strlen(text));
    enum status st = put_fd(key, b.fd, err);
    close(b.fd);
    return st;
}

static const char *read_key(const char *key)
{
    char *out = arena_alloc(arena, 4096);
    int fd = -1;
    uint64_t size = 0;
    ok(storage_open(s->storage, key, &fd, &size, &err));
    assert_int_equal(read(fd, out, 4095), size);
    close(fd);
    return out;
}

static int files_below(const char *dir)
{
    char command[400];
    int n = -1;
    snprintf(command, sizeof command, "find '%s' -type f | wc -l", dir);
    FILE *p = popen(command, "r");
    assert_non_null(p);
    assert_int_equal(fscanf(p, "%d", &n), 1);
    pclose(p);
    return n;
}

static void keys_stay_below_the_root(void **state)
{
    (void)state;
    static const char *const bad[] = {"",   "/",     "/etc/passwd", "..",   "../x", "a/../b", "a/..", "a//b",
                                      "a/", "a/./b", ".uploads/x",  "a/.b", ".",    "a/b/",   "//a"};
    char path[STORAGE_PATH_MAX];
    int fd = -1;
    uint64_t size = 0;
    for (size_t i = 0; i < COUNT(bad); i++) {
        fails(storage_path(s->storage, bad[i], path, &err), STATUS_INTERNAL, "storage_key");
        fails(put(bad[i], "x", &err), STATUS_INTERNAL, "storage_key");
        fails(storage_open(s->storage, bad[i], &fd, &size, &err), STATUS_INTERNAL, "storage_key");
        fails(storage_remove(s->storage, bad[i], &err), STATUS_INTERNAL, "storage_key");
    }
    char *endless = arena_alloc(arena, 2000);
    memset(endless, 'k', 1999);
    fails(storage_path(s->storage, endless, path, &err), STATUS_INTERNAL, "storage_key");
    fails(put(endless, "x", &err), STATUS_INTERNAL, "storage_key");
    assert_int_equal(fd, -1);
    assert_int_equal(files_below(temp_path("media")), 0);
}

static void a_root_too_long_for_its_keys_is_refused_at_once(void **state)
{
    (void)state;
    struct storage *none = NULL;
    char *root = arena_alloc(arena, STORAGE_ROOT_MAX + 2);
    memset(root, '/', STORAGE_ROOT_MAX + 1);
    fails_at(storage_new(root, &none, &err), STATUS_INVALID, "setting_invalid", "DATA_DIR");
    write_file(temp_path("file"), "in the way");
    assert_int_not_equal(storage_new(temp_path("file"), &none, &(struct error){0}), STATUS_OK);
    assert_null(none);
}

static void what_is_put_is_read_back_and_replaced(void **state)
{
    (void)state;
    struct stat sb;
    char path[STORAGE_PATH_MAX];
    ok(put("a/b/c.chunk", "first", &err));
    assert_string_equal(read_key("a/b/c.chunk"), "first");
    ok(put("a/b/c.chunk", "second, longer", &err));
    assert_string_equal(read_key("a/b/c.chunk"), "second, longer");
    ok(put("a/b/empty", "", &err));
    assert_string_equal(read_key("a/b/empty"), "");
    ok(storage_path(s->storage, "a/b/c.chunk", path, &err));
    assert_int_equal(stat(path, &sb), 0);
    assert_int_equal(sb.st_mode & 0777, 0600); /* candidates' voices are nobody else's to read */
    assert_int_equal(stat(temp_path("media/a"), &sb), 0);
    assert_int_equal(sb.st_mode & 0777, 0700);
    assert_int_equal(files_below(temp_path("media")), 2);
}

static void a_descriptor_is_read_from_its_begin_wherever_it_stands(void **state)
{
    (void)state;
    struct bytes b = bytes_of("hello", 5);
    ok(put_fd("k", b.fd, &err)); /* bytes_of left it at the end */
    assert_string_equal(read_key("k"), "hello");
    close(b.fd);
    fails(put_fd("k", -1, &err), STATUS_IO, "disk_read");
    assert_string_equal(read_key("k"), "hello");
}

static void finished_files_move_in(void **state)
{
    (void)state;
    const char *path = arena_printf(arena, "%s/made.output", storage_upload_dir(s->storage));
    write_file(path, "film");
    ok(put("a/media.webm", "old film", &err));
    ok(storage_put_file(s->storage, "a/media.webm", path, &err));
    assert_string_equal(read_key("a/media.webm"), "film");
    assert_false(file_exists(path));
    fails(storage_put_file(s->storage, "a/media.webm", path, &err), STATUS_IO, "disk_sync");
    assert_string_equal(read_key("a/media.webm"), "film");
}

static void what_is_not_there_says_so(void **state)
{
    (void)state;
    int fd = -1;
    uint64_t size = 0;
    char target[STORAGE_PATH_MAX];
    fails(storage_open(s->storage, "a/b", &fd, &size, &err), STATUS_NOT_FOUND, "media_missing");
    ok(put("dir/file", "x", &err));
    fails(storage_open(s->storage, "dir", &fd, &size, &err), STATUS_IO, "disk_read");
    ok(storage_path(s->storage, "dir/link", target, &err));
    assert_int_equal(symlink("/etc/passwd", target), 0);
    fails(storage_open(s->storage, "dir/link", &fd, &size, &err), STATUS_IO, "disk_read");
    assert_int_equal(fd, -1);
}

static void removing_takes_files_and_trees(void **state)
{
    (void)state;
    ok(put("a/1/x", "x", &err));
    ok(put("a/1/y", "y", &err));
    ok(put("a/2/z", "z", &err));
    ok(storage_remove(s->storage, "a/1/x", &err));
    ok(storage_remove(s->storage, "a/1/x", &err));
    assert_false(stored("a/1/x"));
    assert_true(stored("a/1/y"));
    ok(storage_remove(s->storage, "a", &err));
    ok(storage_remove(s->storage, "a", &err));
    assert_false(stored("a"));
}

static void staged_bytes_appear_when_published(void **state)
{
    (void)state;
    struct bytes b = bytes_of("hello", 5);
    {
        cleanup(storage_staged_discard) struct storage_staged staged = STORAGE_STAGED_INIT;
        ok(storage_stage_fd(s->storage, "a/k", b.fd, &staged, &err));
        assert_false(stored("a/k"));
        assert_int_equal(files_below(temp_path("media")), 1);
    }
    assert_int_equal(files_below(temp_path("media")), 0); /* dropped */
    cleanup(storage_staged_discard) struct storage_staged staged = STORAGE_STAGED_INIT;
    ok(storage_stage_fd(s->storage, "a/k", b.fd, &staged, &err));
    ok(storage_publish(&staged, &err));
    assert_string_equal(read_key("a/k"), "hello");
    close(b.fd);
}

/* A process that dies between the bytes and their name leaves a temporary that no key finds and that does not stop the
 * next attempt. */
static void a_crash_leaves_nothing_that_is_taken_for_a_recording(void **state)
{
    (void)state;
    ok(put("a/k", "old", &err));
    pid_t pid = fork();
    if (pid == 0) {
        struct bytes b = bytes_of("new", 3);
        struct storage_staged staged = STORAGE_STAGED_INIT;
        struct error err = {0};
        if (storage_stage_fd(s->storage, "a/k", b.fd, &staged, &err) != STATUS_OK)
            _exit(1);
        kill(getpid(), SIGKILL);
    }
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    assert_string_equal(read_key("a/k"), "old");
    assert_int_equal(files_below(temp_path("media")), 2);
    ok(put("a/k", "new", &err));
    assert_string_equal(read_key("a/k"), "new");
    ok(storage_remove(s->storage, "a", &err)); /* erasing a session takes the leftovers along */
    assert_int_equal(files_below(temp_path("media")), 0);
}

/* RLIMIT_FSIZE stands for a full disk: the write fails half way. In a process of its own, because limits stay. */
static void a_full_disk_keeps_what_was_there(void **state)
{
    (void)state;
    ok(put("a/k", "old", &err));
    pid_t pid = fork();
    if (pid == 0) {
        struct error err = {0};
        char *big = calloc(1, 300000);
        struct bytes b = bytes_of(big, 300000);
        free(big);
        signal(SIGXFSZ, SIG_IGN);
        if (setrlimit(RLIMIT_FSIZE, &(struct rlimit){100000, 100000}))
            _exit(2);
        enum status st = put_fd("a/k", b.fd, &err);
        _exit(st == STATUS_IO && *err.message ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_string_equal(read_key("a/k"), "old");
    assert_int_equal(files_below(temp_path("media")), 1); /* no half of it stays behind */
}

static void a_directory_that_cannot_be_made_is_an_io_error(void **state)
{
    (void)state;
    ok(put("a", "a file where a directory should be", &err));
    struct error why = {0};
    assert_int_equal(put("a/b", "x", &why), STATUS_IO);
    assert_true(*why.message);
}

static void old_temporaries_are_swept_out(void **state)
{
    (void)state;
    const char *dir = storage_upload_dir(s->storage);
    const char *old = arena_printf(arena, "%s/1.joined", dir), *young = arena_printf(arena, "%s/2.joined", dir);
    const char *deep = arena_printf(arena, "%s/folder", dir);
    time_t now = time(NULL);
    write_file(old, "x");
    write_file(young, "x");
    assert_int_equal(mkdir(deep, 0700), 0);
    assert_int_equal(utime(old, &(struct utimbuf){now - 7200, now - 7200}), 0);
    assert_int_equal(utime(deep, &(struct utimbuf){now - 7200, now - 7200}), 0);
    ok(put("a/k", "kept", &err));
    ok(storage_clean_uploads(s->storage, now - 3600, &err));
    assert_false(file_exists(old));
    assert_true(file_exists(young));
    assert_true(file_exists(deep));
    assert_true(stored("a/k"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(keys_stay_below_the_root),
        TEST(a_root_too_long_for_its_keys_is_refused_at_once),
        TEST(what_is_put_is_read_back_and_replaced),
        TEST(a_descriptor_is_read_from_its_begin_wherever_it_stands),
        TEST(finished_files_move_in),
        TEST(what_is_not_there_says_so),
        TEST(removing_takes_files_and_trees),
        TEST(staged_bytes_appear_when_published),
        TEST(a_crash_leaves_nothing_that_is_taken_for_a_recording),
        TEST(a_full_disk_keeps_what_was_there),
        TEST(a_directory_that_cannot_be_made_is_an_io_error),
        TEST(old_temporaries_are_swept_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
