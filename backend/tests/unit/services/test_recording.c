#include "unit/services/stage.h"

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

static struct interview *interview;
static struct id session, answer;
static struct segment_ref ref; /* segment 0 of the first answer, begun as video/webm */

static int setup(void **state)
{
    stage_open(state);
    interview = interview_make(recruiter_make("ada@example.org"), 2);
    session = session_started(interview, "sam@example.org", &answer);
    ref = (struct segment_ref){session, answer, 0};
    open_segment(&ref, "video/webm;codecs=vp9,opus");
    return 0;
}

#undef TEST
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, stage_close)

static struct segment_state *put(int64_t seq, const char *text)
{
    struct segment_state *x = NULL;
    ok(put_bytes(s, &ref, seq, text, strlen(text), &x, &err));
    return x;
}

#define put_fails(seq, text, status, code)                                                                             \
    fails(put_bytes(s, &ref, (seq), (text), strlen(text), &none, &err), status, code)

static const char *chunk_text(int64_t seq)
{
    char key[RECORDING_KEY_MAX];
    char *out = arena_alloc(arena, 256);
    int fd = -1;
    uint64_t size = 0;
    recording_chunk_key(&ref, seq, key);
    ok(storage_open(s->storage, key, &fd, &size, &err));
    assert_int_equal(read(fd, out, 255), size);
    close(fd);
    return out;
}

static bool has_chunk(int64_t seq)
{
    char key[RECORDING_KEY_MAX];
    recording_chunk_key(&ref, seq, key);
    return stored(key);
}

static void chunks_are_acknowledged_one_after_the_other(void **state)
{
    (void)state;
    struct segment_state *x = NULL;
    for (int64_t seq = 0; seq < 5; seq++) {
        assert_int_equal(put(seq, arena_printf(arena, "chunk %d", (int)seq))->next_seq, seq + 1);
        stage_reopen();
    }
    for (int64_t seq = 0; seq < 5; seq++)
        assert_string_equal(chunk_text(seq), arena_printf(arena, "chunk %d", (int)seq));
    ok(recording_open(s, &ref, "video/webm", 0, arena, &x, &err)); /* after a reload: how far it came */
    assert_int_equal(x->next_seq, 5);
    assert_int_equal(segment_of(answer, 0)->bytes, 5 * 7);
}

static void a_repeated_chunk_is_acknowledged_again(void **state)
{
    (void)state;
    struct segment_state *none = NULL;
    put(0, "one");
    put(1, "two");
    assert_int_equal(put(0, "one")->next_seq, 2);
    put_fails(0, "other", STATUS_CONFLICT, "chunk_differs");
    assert_string_equal(chunk_text(0), "one"); /* the refused bytes did not take its place */
    assert_null(none);
}

static void a_gap_says_what_is_expected(void **state)
{
    (void)state;
    struct error why = {0};
    struct segment_state *none = NULL;
    put(0, "one");
    assert_int_equal(put_bytes(s, &ref, 3, "four", 4, &none, &why), STATUS_CONFLICT);
    assert_string_equal(why.code, "chunk_gap");
    assert_string_equal(why.details, "{\"expected\": 1}");
    assert_false(has_chunk(3));
    put_fails(INT64_C(1) << 40, "x", STATUS_CONFLICT, "chunk_gap");
}

static void hashes_are_checked(void **state)
{
    (void)state;
    struct bytes b = bytes_of("hello", 5), c = bytes_of("other", 5);
    struct segment_state *x = NULL;
    const char *const bad[] = {NULL, "", "zz", c.sha256, "e3b0c442", arena_printf(arena, "%s0", b.sha256)};
    for (size_t i = 0; i < COUNT(bad); i++) {
        const struct chunk_upload up = {0, bad[i], b.sha256, b.fd, b.size};
        fails_at(recording_chunk(s, &ref, &up, arena, &x, &err), STATUS_INVALID, "chunk_hash", "X-Chunk-SHA256");
    }
    assert_false(has_chunk(0));
    char upper[SHA256_HEX_SIZE];
    for (size_t i = 0; i < sizeof upper; i++)
        upper[i] = b.sha256[i] >= 'a' ? (char)(b.sha256[i] - 32) : b.sha256[i];
    const struct chunk_upload up = {0, upper, b.sha256, b.fd, b.size};
    ok(recording_chunk(s, &ref, &up, arena, &x, &err));
    close(b.fd);
    close(c.fd);
}

static void sizes_have_limits(void **state)
{
    (void)state;
    struct segment_state *none = NULL;
    settings.chunk_max_bytes = 10;
    settings.answer_max_bytes = 25;
    put_fails(0, "", STATUS_INVALID, "chunk_empty");
    put_fails(0, "12345678901", STATUS_TOO_LARGE, "chunk_too_large");
    put(0, "1234567890");
    put(1, "1234567890");
    put_fails(2, "123456", STATUS_TOO_LARGE, "recording_too_large");
    assert_false(has_chunk(2));
    put(2, "12345");
    /* ... and another segment of the same answer has no room left */
    ref.segment = 1;
    open_segment(&ref, "video/webm");
    put_fails(0, "1", STATUS_TOO_LARGE, "recording_too_large");
}

static void a_finished_segment_is_closed(void **state)
{
    (void)state;
    struct segment_state *x = NULL, *none = NULL;
    struct error why = {0};
    put(0, "one");
    put(1, "two");
    assert_int_equal(recording_finish(s, &ref, 3, arena, &none, &why), STATUS_CONFLICT);
    assert_string_equal(why.code, "chunk_gap");
    assert_string_equal(why.details, "{\"expected\": 2}");
    fails(recording_finish(s, &ref, 1, arena, &none, &err), STATUS_CONFLICT, "chunk_gap");
    assert_int_equal(jobs_of("remux", "queued"), 0);
    ok(recording_finish(s, &ref, 2, arena, &x, &err));
    assert_int_equal(x->status, RECORDING_PROCESSING);
    ok(recording_finish(s, &ref, 2, arena, &x, &err));
    fails(recording_finish(s, &ref, 3, arena, &none, &err), STATUS_CONFLICT, "chunk_gap");
    assert_int_equal(jobs_of("remux", "queued"), 1);
    put_fails(2, "three", STATUS_CONFLICT, "segment_closed");
    assert_int_equal(put(1, "two")->status, RECORDING_PROCESSING); /* its reply was lost: acknowledged again */
    assert_null(none);
}

static void media_types_are_a_short_list(void **state)
{
    (void)state;
    static const char *const good[] = {"video/webm", "audio/webm;codecs=opus", "VIDEO/MP4", "audio/mp4 ; codecs=x"};
    static const char *const bad[] = {
        "", "video", "video/webmx", "text/html", "video/x-matroska", "video/webm,text/html", "application/x-mpegURL"};
    struct segment_state *x = NULL;
    for (size_t i = 0; i < COUNT(good); i++) {
        ref.segment = (int64_t)i + 1;
        ok(recording_open(s, &ref, good[i], 1234, arena, &x, &err));
        assert_int_equal(x->segment, i + 1);
    }
    assert_string_equal(segment_of(answer, 3)->media_type, "video/mp4");
    assert_int_equal(segment_of(answer, 3)->offset_ms, 1234);
    assert_int_equal(segment_of(answer, 3)->lead_ms, 0);
    ref.segment = 40; /* begun over the question */
    ok(recording_open(s, &ref, "video/webm", -2500, arena, &x, &err));
    assert_int_equal(segment_of(answer, 40)->offset_ms, 0);
    assert_int_equal(segment_of(answer, 40)->lead_ms, 2500);
    ref.segment = 50;
    for (size_t i = 0; i < COUNT(bad); i++)
        fails_at(recording_open(s, &ref, bad[i], 0, arena, &x, &err), STATUS_INVALID, "media_unsupported",
                 "media_type");
    fails(recording_open(s, &ref, NULL, 0, arena, &x, &err), STATUS_INVALID, "media_unsupported");
    ref.segment = 0;
    fails(recording_open(s, &ref, "video/mp4", 0, arena, &x, &err), STATUS_CONFLICT, "segment_differs");
}

static void session_answer_and_segment_belong_together(void **state)
{
    (void)state;
    struct id other_answer;
    struct id other = session_started(interview, "kim@example.org", &other_answer);
    const struct segment_ref wrong[] = {{other, answer, 0},
                                        {session, other_answer, 0},
                                        {session, id_new(), 0},
                                        {id_new(), answer, 0},
                                        {session, answer, 7}};
    struct segment_state *x = NULL;
    struct recording_media m = {.fd = -1};
    put(0, "one");
    for (size_t i = 0; i < COUNT(wrong); i++) {
        if (wrong[i].segment == 0)
            fails(recording_open(s, &wrong[i], "video/webm", 0, arena, &x, &err), STATUS_NOT_FOUND, "not_found");
        fails(put_bytes(s, &wrong[i], 0, "one", 3, &x, &err), STATUS_NOT_FOUND, "not_found");
        fails(recording_finish(s, &wrong[i], 1, arena, &x, &err), STATUS_NOT_FOUND, "not_found");
        fails(recording_media_open(s, &wrong[i], arena, &m, &err), STATUS_NOT_FOUND, "not_found");
    }
    fails(recording_media_open(s, &ref, arena, &m, &err), STATUS_NOT_FOUND, "media_not_ready");
    assert_int_equal(m.fd, -1);
    assert_null(x);
}

struct sender {
    struct services services;
    pthread_barrier_t *start;
    char text[32];
    enum status st;
    struct error err;
};

static void *send_first_chunk(void *arg)
{
    struct sender *x = arg;
    cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
    struct bytes b = bytes_of(x->text, strlen(x->text));
    const struct chunk_upload up = {0, b.sha256, b.sha256, b.fd, b.size};
    struct segment_state *got = NULL;
    pthread_barrier_wait(x->start);
    x->st = recording_chunk(&x->services, &ref, &up, a, &got, &x->err);
    close(b.fd);
    return NULL;
}

/* Two tabs of one candidate: whoever was acknowledged has its bytes under the key. */
static void of_many_tabs_one_wins_with_its_own_bytes(void **state)
{
    (void)state;
    struct sender x[6] = {0};
    pthread_t threads[COUNT(x)];
    pthread_barrier_t start;
    const char *winner = NULL;
    pthread_barrier_init(&start, NULL, COUNT(x));
    for (size_t i = 0; i < COUNT(x); i++) {
        x[i].services = second_connection();
        x[i].start = &start;
        snprintf(x[i].text, sizeof x[i].text, "tab number %zu", i);
        assert_int_equal(pthread_create(&threads[i], NULL, send_first_chunk, &x[i]), 0);
    }
    for (size_t i = 0; i < COUNT(x); i++) {
        pthread_join(threads[i], NULL);
        db_close(x[i].services.db);
        if (x[i].st == STATUS_OK) {
            assert_null(winner);
            winner = x[i].text;
        } else {
            assert_string_equal(x[i].err.code, "chunk_differs");
        }
    }
    pthread_barrier_destroy(&start);
    assert_non_null(winner);
    assert_string_equal(chunk_text(0), winner);
}

/* Bytes without a row: the file is there, the acknowledgement never was. */
static void what_a_crash_left_is_replaced_by_the_repeated_upload(void **state)
{
    (void)state;
    char key[RECORDING_KEY_MAX];
    struct bytes b = bytes_of("half of", 7);
    recording_chunk_key(&ref, 0, key);
    ok(put_fd(key, b.fd, &err));
    close(b.fd);
    stage_reopen();
    assert_int_equal(put(0, "the whole")->next_seq, 1);
    assert_string_equal(chunk_text(0), "the whole");
}

/* In a process of its own: limits stay. */
static enum status put_on_a_full_disk(size_t n, rlim_t limit)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct error err = {0};
        struct segment_state *x = NULL;
        struct services mine = stage;
        char *big = calloc(1, n);
        struct bytes b = bytes_of(big, n);
        const struct chunk_upload up = {0, b.sha256, b.sha256, b.fd, b.size};
        mine.db = temp_open("stage.db"); /* a connection must not cross fork */
        signal(SIGXFSZ, SIG_IGN);
        if (setrlimit(RLIMIT_FSIZE, &(struct rlimit){limit, limit}))
            _exit(100);
        _exit((int)recording_chunk(&mine, &ref, &up, arena, &x, &err));
    }
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return (enum status)WEXITSTATUS(status);
}

static void a_full_disk_acknowledges_nothing_and_is_mended_later(void **state)
{
    (void)state;
    stage.db = db_close(stage.db);
    assert_int_equal(put_on_a_full_disk(3u << 20, 1u << 20), STATUS_IO);
    stage_reopen();
    assert_int_equal(segment_of(answer, 0)->next_seq, 0);
    assert_false(has_chunk(0));
    assert_int_equal(put(0, "later")->next_seq, 1);
}

static void a_directory_in_the_way_acknowledges_nothing(void **state)
{
    (void)state;
    char key[RECORDING_KEY_MAX], path[STORAGE_PATH_MAX];
    struct segment_state *none = NULL;
    struct error why = {0};
    recording_chunk_key(&ref, 0, key);
    ok(storage_path(s->storage, key, path, &err));
    ok(dir_make(path, &err));
    assert_int_equal(put_bytes(s, &ref, 0, "one", 3, &none, &why), STATUS_IO);
    assert_int_equal(segment_of(answer, 0)->next_seq, 0);
    assert_int_equal(one_int(s->db, "SELECT COUNT(*) FROM recording_chunks"), 0);
    ok(dir_remove(path, &err));
    put(0, "one");
}

/* ---- segments whose tab was closed ---- */

static void finish_everything(void)
{
    answer_everything(session, "typed");
}

static void an_abandoned_segment_is_finished_with_what_arrived(void **state)
{
    (void)state;
    put(0, "one");
    put(1, "two");
    finish_everything();
    ok(recording_close_abandoned(s, &err));
    assert_int_equal(segment_of(answer, 0)->status, RECORDING_UPLOADING); /* perhaps it is still on its way */
    clock_fake_advance(&fake, RECORDING_ABANDONED_MS);
    ok(recording_close_abandoned(s, &err));
    assert_int_equal(segment_of(answer, 0)->status, RECORDING_UPLOADING);
    clock_fake_advance(&fake, 1);
    ok(recording_close_abandoned(s, &err));
    assert_int_equal(segment_of(answer, 0)->status, RECORDING_PROCESSING);
    ok(recording_close_abandoned(s, &err));
    assert_int_equal(jobs_of("remux", "queued"), 1);
}

static void a_segment_that_still_moves_is_left_alone(void **state)
{
    (void)state;
    put(0, "one");
    finish_everything();
    clock_fake_advance(&fake, RECORDING_ABANDONED_MS - 1);
    put(1, "two"); /* leftovers go up after the end */
    clock_fake_advance(&fake, RECORDING_ABANDONED_MS - 1);
    ok(recording_close_abandoned(s, &err));
    assert_int_equal(segment_of(answer, 0)->status, RECORDING_UPLOADING);
    put(2, "three");
    struct segment_state *x = NULL;
    ok(recording_finish(s, &ref, 3, arena, &x, &err));
    assert_int_equal(jobs_of("remux", "queued"), 1);
}

static void a_running_interview_keeps_its_segments_open(void **state)
{
    (void)state;
    put(0, "one");
    clock_fake_advance(&fake, 10 * RECORDING_ABANDONED_MS);
    ok(recording_close_abandoned(s, &err));
    assert_int_equal(segment_of(answer, 0)->status, RECORDING_UPLOADING);
    assert_int_equal(put(1, "two")->next_seq, 2);
}

static void an_abandoned_segment_without_anything_has_failed(void **state)
{
    (void)state;
    finish_everything();
    clock_fake_advance(&fake, RECORDING_ABANDONED_MS + 1);
    ok(recording_close_abandoned(s, &err));
    assert_int_equal(segment_of(answer, 0)->status, RECORDING_FAILED);
    assert_string_equal(segment_of(answer, 0)->error, "Nothing was recorded");
    assert_int_equal(jobs_of("remux", "queued"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(chunks_are_acknowledged_one_after_the_other),
        TEST(a_repeated_chunk_is_acknowledged_again),
        TEST(a_gap_says_what_is_expected),
        TEST(hashes_are_checked),
        TEST(sizes_have_limits),
        TEST(a_finished_segment_is_closed),
        TEST(media_types_are_a_short_list),
        TEST(session_answer_and_segment_belong_together),
        TEST(of_many_tabs_one_wins_with_its_own_bytes),
        TEST(what_a_crash_left_is_replaced_by_the_repeated_upload),
        TEST(a_full_disk_acknowledges_nothing_and_is_mended_later),
        TEST(a_directory_in_the_way_acknowledges_nothing),
        TEST(an_abandoned_segment_is_finished_with_what_arrived),
        TEST(a_segment_that_still_moves_is_left_alone),
        TEST(a_running_interview_keeps_its_segments_open),
        TEST(an_abandoned_segment_without_anything_has_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
