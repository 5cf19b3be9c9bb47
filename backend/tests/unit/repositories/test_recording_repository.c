#include "unit/repositories/world.h"

#include "repositories/recording_repository.h"

static struct session *session;
static struct answer *answer;

static int setup(void **state)
{
    world_open(state);
    session = session_make(interview->id, "sam@example.org", 1);
    ok(session_set_status(db, session->id, SESSION_IN_PROGRESS, T0, &err));
    ok(answer_open(db, session->id, question_at(0), T0, arena, &answer, &err));
    return 0;
}

static struct recording_segment *segment(int64_t n)
{
    struct recording_segment *r = NULL;
    ok(segment_create(db, answer->id, n, "video/webm", n * 1000, T0, arena, &r, &err));
    return r;
}

static void put(struct recording_segment *r, int64_t seq, uint8_t byte, enum chunk_outcome wanted, int64_t wanted_next)
{
    uint8_t hash[32];
    enum chunk_outcome seen, outcome;
    int64_t next = -1;
    memset(hash, byte, sizeof hash);
    ok(chunk_check(db, r->id, seq, hash, &seen, &next, &err)); /* says the same beforehand */
    ok(chunk_insert(db, r->id, seq, hash, 100, T0 + seq, &outcome, &next, &err));
    assert_int_equal(outcome, wanted);
    assert_int_equal(seen, wanted);
    assert_int_equal(next, wanted_next);
}

static void test_segments(void **state)
{
    (void)state;
    struct recording_segment *a = segment(0), *again = segment(0), *b = segment(1);
    int64_t next = 0;
    assert_true(id_equal(a->id, again->id));
    assert_false(id_equal(a->id, b->id));
    assert_int_equal(a->status, RECORDING_UPLOADING);
    assert_int_equal(b->offset_ms, 1000);
    fails(segment_create(db, answer->id, 0, "audio/webm", 0, T0, arena, &a, &err), STATUS_CONFLICT, "segment_differs");
    fails(segment_create(db, id_new(), 0, "video/webm", 0, T0, arena, &a, &err), STATUS_NOT_FOUND, "not_found");
    ok(segment_find(db, b->id, arena, &again, &err));
    ok(segment_find_at(db, answer->id, 1, arena, &again, &err));
    assert_true(id_equal(again->id, b->id));
    fails(segment_find_at(db, answer->id, 2, arena, &again, &err), STATUS_NOT_FOUND, "not_found");
    ok(segment_next(db, answer->id, &next, &err));
    assert_int_equal(next, 2);
    ok(segment_next(db, id_new(), &next, &err));
    assert_int_equal(next, 0);
    ok(segment_delete_of_session(db, session->id, &err));
    ok(segment_next(db, answer->id, &next, &err));
    assert_int_equal(next, 0);
}

static void test_chunks(void **state)
{
    (void)state;
    struct recording_segment *r = segment(0), *now = NULL;
    int64_t bytes = 0;
    put(r, 1, 1, CHUNK_GAP, 0);
    put(r, 0, 1, CHUNK_STORED, 1);
    put(r, 0, 1, CHUNK_REPEATED, 1);
    put(r, 0, 2, CHUNK_DIFFERS, 1);
    put(r, 1, 2, CHUNK_STORED, 2);
    put(r, 5, 2, CHUNK_GAP, 2);
    put(r, 2, 3, CHUNK_STORED, 3);
    ok(segment_find(db, r->id, arena, &now, &err));
    assert_int_equal(now->next_seq, 3);
    assert_int_equal(now->bytes, 300);
    assert_true(now->updated_at == T0 + 2);
    put(segment(1), 0, 1, CHUNK_STORED, 1);
    ok(segment_bytes(db, answer->id, &bytes, &err));
    assert_int_equal(bytes, 400);
    assert_int_equal(peek("SELECT COUNT(*) FROM recording_chunks"), 4);
    uint8_t hash[32] = {0};
    enum chunk_outcome outcome;
    int64_t next;
    fails(chunk_insert(db, id_new(), 0, hash, 1, T0, &outcome, &next, &err), STATUS_NOT_FOUND, "not_found");
}

static void test_finish(void **state)
{
    (void)state;
    struct recording_segment *r = segment(0), *now = NULL;
    struct error why = {0};
    bool moved = false;
    put(r, 0, 1, CHUNK_STORED, 1);
    put(r, 1, 1, CHUNK_STORED, 2);
    assert_int_equal(segment_finish(db, r->id, 3, T0, &moved, &why), STATUS_CONFLICT);
    assert_string_equal(why.code, "chunk_gap");
    assert_string_equal(why.details, "{\"expected\": 2}");
    fails(segment_finish(db, r->id, 1, T0, &moved, &err), STATUS_CONFLICT, "chunk_gap");
    ok(segment_finish(db, r->id, 2, T0, &moved, &err));
    assert_true(moved);
    ok(segment_finish(db, r->id, 2, T0, &moved, &err)); /* again: the reply was lost */
    assert_false(moved);
    fails(segment_finish(db, r->id, 3, T0, &moved, &err), STATUS_CONFLICT, "chunk_gap");
    put(r, 2, 1, CHUNK_CLOSED, 2);
    put(r, 1, 1, CHUNK_REPEATED, 2); /* acknowledged stays acknowledged */
    ok(segment_failed(db, r->id, "no ffmpeg", T0 + 1, &err));
    ok(segment_failed(db, r->id, "again", T0 + 2, &err));
    ok(segment_find(db, r->id, arena, &now, &err));
    assert_string_equal(now->error, "no ffmpeg");
    ok(segment_ready(db, r->id, "media/key", 4321, T0 + 3, &err)); /* a retry went well */
    ok(segment_ready(db, r->id, "media/key", 4321, T0 + 4, &err));
    ok(segment_find(db, r->id, arena, &now, &err));
    assert_int_equal(now->status, RECORDING_READY);
    assert_string_equal(now->media_key, "media/key");
    assert_int_equal(now->duration_ms, 4321);
    assert_null(now->error);
    fails(segment_failed(db, r->id, "late", T0, &err), STATUS_CONFLICT, "segment_status");
    fails(segment_ready(db, id_new(), "k", 1, T0, &err), STATUS_NOT_FOUND, "not_found");
    fails(segment_finish(db, id_new(), 0, T0, &moved, &err), STATUS_NOT_FOUND, "not_found");
}

static void test_abandoned(void **state)
{
    (void)state;
    struct recording_segment *r = segment(0);
    struct list l;
    put(r, 0, 1, CHUNK_STORED, 1);
    ok(segment_list_abandoned(db, T0 + 100, 10, arena, &l, &err));
    assert_int_equal(l.count, 0); /* the interview goes on */
    ok(session_set_status(db, session->id, SESSION_COMPLETED, T0, &err));
    ok(segment_list_abandoned(db, T0, 10, arena, &l, &err));
    assert_int_equal(l.count, 0); /* touched just now */
    ok(segment_list_abandoned(db, T0 + 100, 10, arena, &l, &err));
    assert_int_equal(l.count, 1);
    assert_true(id_equal(((struct recording_segment *)l.items)[0].id, r->id));
}

#undef TEST
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, world_close)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_segments), TEST(test_chunks), TEST(test_finish), TEST(test_abandoned)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
