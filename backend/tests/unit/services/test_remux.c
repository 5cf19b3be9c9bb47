/* Real films, made by ffmpeg here as MediaRecorder makes them: live, without a duration, in pieces. */
#include "unit/services/stage.h"

#include "base/subprocess.h"

static struct interview *interview;
static struct id session, answer;
static struct segment_ref ref;

static int setup(void **state)
{
    stage_open(state);
    interview = interview_make(recruiter_make("ada@example.org"), 2);
    session = session_started(interview, "sam@example.org", &answer);
    ref = (struct segment_ref){session, answer, 0};
    return 0;
}

#undef TEST
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, stage_close)

static void run(const char *const argv[], struct buf *out)
{
    const struct subprocess_io io = {.out = out};
    ok(subprocess_run(argv, &io, &(struct subprocess_limits){.timeout_ms = 60000}, &err));
}

/* Two seconds. */
static char *film(const char *format, size_t *len)
{
    bool mp4 = !strcmp(format, "mp4");
    const char *path = temp_path("film");
    const char *const argv[] = {"ffmpeg",
                                "-nostdin",
                                "-loglevel",
                                "error",
                                "-y",
                                "-f",
                                "lavfi",
                                "-i",
                                "testsrc=size=64x48:rate=10:duration=2",
                                "-f",
                                "lavfi",
                                "-i",
                                "sine=frequency=440:duration=2",
                                "-c:v",
                                mp4 ? "mpeg4" : "libvpx",
                                "-c:a",
                                mp4 ? "aac" : "libopus",
                                mp4 ? "-movflags" : "-live",
                                mp4 ? "frag_keyframe+empty_moov" : "1",
                                "-f",
                                format,
                                path,
                                NULL};
    char *data = NULL;
    run(argv, NULL);
    ok(file_read(path, 8u << 20, &data, len, &err));
    return data;
}

static void upload(const char *media_type, const char *data, size_t len, size_t piece)
{
    struct segment_state *x = NULL;
    int64_t seq = 0;
    open_segment(&ref, media_type);
    for (size_t at = 0; at < len; at += piece)
        ok(put_bytes(s, &ref, seq++, data + at, len - at < piece ? len - at : piece, &x, &err));
    ok(recording_finish(s, &ref, seq, arena, &x, &err));
    assert_int_equal(x->status, RECORDING_PROCESSING);
}

static struct id the_segment(void)
{
    return segment_of(answer, ref.segment)->id;
}

static double duration_of(const char *path)
{
    cleanup(buf_free) struct buf out;
    const char *const argv[] = {"ffprobe", "-v", "error", "-show_entries", "format=duration", "-of",
                                "csv=p=0", path, NULL};
    buf_init(&out, 4096);
    run(argv, &out);
    return strtod(buf_cstr(&out), NULL);
}

static const char *media_path(const char *media_type)
{
    char key[RECORDING_KEY_MAX];
    char *path = arena_alloc(arena, STORAGE_PATH_MAX);
    recording_media_key(&ref, media_type, key);
    ok(storage_path(s->storage, key, path, &err));
    return path;
}

static bool has_first_chunk(void)
{
    char key[RECORDING_KEY_MAX];
    recording_chunk_key(&ref, 0, key);
    return stored(key);
}

static size_t temporaries(void)
{
    char command[400];
    int n = -1;
    snprintf(command, sizeof command, "find '%s' -type f | wc -l", storage_upload_dir(s->storage));
    FILE *p = popen(command, "r");
    assert_non_null(p);
    assert_int_equal(fscanf(p, "%d", &n), 1);
    pclose(p);
    return (size_t)n;
}

static void check_ready(const char *media_type)
{
    struct recording_segment *seg = segment_of(answer, ref.segment);
    struct recording_media m = {.fd = -1};
    assert_int_equal(seg->status, RECORDING_READY);
    assert_in_range(seg->duration_ms, 1900, 2150);
    double seconds = duration_of(media_path(media_type));
    assert_true(seconds > 1.9 && seconds < 2.15);
    assert_false(has_first_chunk());
    assert_int_equal(temporaries(), 0);
    ok(recording_media_open(s, &ref, arena, &m, &err));
    assert_true(m.size > 1000);
    assert_string_equal(m.media_type, media_type);
    close(m.fd);
}

static void a_webm_in_pieces_becomes_one_that_has_its_duration(void **state)
{
    (void)state;
    size_t len = 0;
    cleanup(freep) char *data = film("webm", &len);
    upload("video/webm;codecs=vp8,opus", data, len, 7000);
    ok(recording_remux(s, the_segment(), &err));
    check_ready("video/webm");
    /* it seeks: the cues stand before the first cluster */
    cleanup(freep) char *made = NULL;
    ok(file_read(media_path("video/webm"), 8u << 20, &made, &len, &err));
    const char *cues = memmem(made, len, "\x1c\x53\xbb\x6b", 4), *cluster = memmem(made, len, "\x1f\x43\xb6\x75", 4);
    assert_true(cues && cluster && cues < cluster);
}

static void a_fragmented_mp4_becomes_one_that_seeks(void **state)
{
    (void)state;
    size_t len = 0;
    cleanup(freep) char *data = film("mp4", &len);
    upload("video/mp4", data, len, 5000);
    ok(recording_remux(s, the_segment(), &err));
    check_ready("video/mp4");
}

static void remuxing_twice_is_remuxing_once(void **state)
{
    (void)state;
    size_t len = 0;
    cleanup(freep) char *data = film("webm", &len);
    upload("video/webm", data, len, len);
    ok(recording_remux(s, the_segment(), &err));
    int64_t at = segment_of(answer, 0)->updated_at;
    clock_fake_advance(&fake, 1000);
    ok(recording_remux(s, the_segment(), &err));
    assert_int_equal(segment_of(answer, 0)->updated_at, at);
    check_ready("video/webm");
}

/* Killed after the row said ready and before the chunks went. */
static void chunks_that_a_crash_left_go_at_the_next_attempt(void **state)
{
    (void)state;
    size_t len = 0;
    char key[RECORDING_KEY_MAX];
    cleanup(freep) char *data = film("webm", &len);
    upload("video/webm", data, len, len);
    ok(recording_remux(s, the_segment(), &err));
    struct bytes b = bytes_of(data, len);
    recording_chunk_key(&ref, 0, key);
    ok(put_fd(key, b.fd, &err));
    close(b.fd);
    assert_true(has_first_chunk());
    ok(recording_remux(s, the_segment(), &err));
    check_ready("video/webm");
}

/* Killed after the file was in its place and before the row said so; and with temporaries lying about. */
static void what_a_crash_made_is_made_again(void **state)
{
    (void)state;
    size_t len = 0;
    char id[ID_TEXT_SIZE];
    cleanup(freep) char *data = film("webm", &len);
    upload("video/webm", data, len, len);
    id_format(the_segment(), id);
    write_file(arena_printf(arena, "%s/%s.joined", storage_upload_dir(s->storage), id), "half");
    write_file(arena_printf(arena, "%s/%s.output", storage_upload_dir(s->storage), id), "half");
    write_file(media_path("video/webm"), "half");
    ok(recording_remux(s, the_segment(), &err));
    check_ready("video/webm");
}

static void fails_for_good(const char *data, size_t len, const char *media_type)
{
    struct error why = {0};
    upload(media_type, data, len, len);
    enum status st = recording_remux(s, the_segment(), &why);
    assert_int_equal(st, STATUS_INVALID); /* not worth another try */
    assert_string_equal(why.message, "What the browser recorded could not be read as film or sound");
    assert_int_equal(temporaries(), 0);
    ok(recording_remux_give_up(s, the_segment(), &why, &err));
    assert_int_equal(segment_of(answer, ref.segment)->status, RECORDING_FAILED);
    assert_string_equal(segment_of(answer, ref.segment)->error, why.message);
    assert_true(has_first_chunk()); /* what was recorded is kept: a person may still want it */
    ref.segment++;
}

static void garbage_fails_with_a_plain_message(void **state)
{
    (void)state;
    size_t len = 0;
    cleanup(freep) char *webm = film("webm", &len);
    fails_for_good("this is no film", 15, "video/webm");
    fails_for_good("\0\0\0\0\0\0\0\0", 8, "video/mp4");
    fails_for_good("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", 38, "video/webm"); /* nothing else is opened */
    fails_for_good("ffconcat version 1.0\nfile /etc/passwd\n", 38, "video/mp4");
    fails_for_good(webm, len, "video/mp4"); /* something else than it says */
}

static void a_cut_film_keeps_its_begin(void **state)
{
    (void)state;
    size_t len = 0;
    cleanup(freep) char *data = film("webm", &len);
    upload("video/webm", data, len * 2 / 3, 4000);
    ok(recording_remux(s, the_segment(), &err));
    assert_int_equal(segment_of(answer, 0)->status, RECORDING_READY);
    assert_in_range(segment_of(answer, 0)->duration_ms, 300, 1990);
}

static void an_empty_segment_fails_with_a_plain_message(void **state)
{
    (void)state;
    struct segment_state *x = NULL;
    open_segment(&ref, "video/webm");
    ok(recording_finish(s, &ref, 0, arena, &x, &err));
    fails(recording_remux(s, the_segment(), &err), STATUS_INVALID, "recording_empty");
}

static void a_lost_chunk_is_not_passed_over(void **state)
{
    (void)state;
    size_t len = 0;
    char key[RECORDING_KEY_MAX];
    cleanup(freep) char *data = film("webm", &len);
    upload("video/webm", data, len, 5000);
    recording_chunk_key(&ref, 1, key);
    ok(storage_remove(s->storage, key, &err));
    fails(recording_remux(s, the_segment(), &err), STATUS_NOT_FOUND, "media_missing");
    assert_int_equal(segment_of(answer, 0)->status, RECORDING_PROCESSING);
    assert_int_equal(temporaries(), 0);
}

static void a_segment_that_was_erased_is_nothing_to_do(void **state)
{
    (void)state;
    size_t len = 0;
    cleanup(freep) char *data = film("webm", &len);
    upload("video/webm", data, len, len);
    struct id gone = the_segment();
    ok(candidacy_withdraw(s, session, &err));
    ok(recording_remux(s, gone, &err));
    ok(recording_remux(s, id_new(), &err));
    assert_false(session_has_files(session));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_webm_in_pieces_becomes_one_that_has_its_duration),
        TEST(a_fragmented_mp4_becomes_one_that_seeks),
        TEST(remuxing_twice_is_remuxing_once),
        TEST(chunks_that_a_crash_left_go_at_the_next_attempt),
        TEST(what_a_crash_made_is_made_again),
        TEST(garbage_fails_with_a_plain_message),
        TEST(a_cut_film_keeps_its_begin),
        TEST(an_empty_segment_fails_with_a_plain_message),
        TEST(a_lost_chunk_is_not_passed_over),
        TEST(a_segment_that_was_erased_is_nothing_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
