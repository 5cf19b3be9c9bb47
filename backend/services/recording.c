#include "services/recording.h"

#include "base/cleanup.h"
#include "repositories/job_repository.h"
#include "repositories/recording_repository.h"
#include "repositories/session_repository.h"
#include "services/jobs.h"
#include "services/storage.h"
#include "utils/sha256.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define REMUX_ATTEMPTS  3
#define ERASE_ATTEMPTS  100 /* about eight hours */
#define ABANDONED_BATCH 200

static const char *const media_types[] = {"video/webm", "audio/webm", "video/mp4", "audio/mp4"};

static void session_prefix(struct id session, char out[RECORDING_KEY_MAX])
{
    char id[ID_TEXT_SIZE];
    id_format(session, id);
    snprintf(out, RECORDING_KEY_MAX, "sessions/%s", id);
}

static void segment_prefix(const struct segment_ref *ref, char out[RECORDING_KEY_MAX])
{
    char session[ID_TEXT_SIZE], answer[ID_TEXT_SIZE];
    id_format(ref->session, session);
    id_format(ref->answer, answer);
    snprintf(out, RECORDING_KEY_MAX, "sessions/%s/%s/%" PRId64, session, answer, ref->segment);
}

void recording_chunk_key(const struct segment_ref *ref, int64_t seq, char out[RECORDING_KEY_MAX])
{
    char prefix[RECORDING_KEY_MAX - 32];
    char whole[RECORDING_KEY_MAX];
    segment_prefix(ref, whole);
    snprintf(prefix, sizeof prefix, "%.120s", whole);
    snprintf(out, RECORDING_KEY_MAX, "%s/%08" PRId64 ".chunk", prefix, seq);
}

void recording_media_key(const struct segment_ref *ref, const char *media_type, char out[RECORDING_KEY_MAX])
{
    char prefix[RECORDING_KEY_MAX - 32];
    char whole[RECORDING_KEY_MAX];
    segment_prefix(ref, whole);
    snprintf(prefix, sizeof prefix, "%.120s", whole);
    snprintf(out, RECORDING_KEY_MAX, "%s/media.%s", prefix, strstr(media_type, "/mp4") ? "mp4" : "webm");
}

/* The media type without parameters, if we take it. */
static const char *accepted_type(const char *given)
{
    for (size_t i = 0; given && i < sizeof media_types / sizeof media_types[0]; i++) {
        size_t n = strlen(media_types[i]);
        if (!strncasecmp(given, media_types[i], n) && (!given[n] || given[n] == ';' || given[n] == ' '))
            return media_types[i];
    }
    return NULL;
}

/* The answer must belong to the session, and the session must still exist for its candidate. */
static enum status check_answer(struct services *s, const struct segment_ref *ref, struct arena *a, struct error *err)
{
    struct answer *answer = NULL;
    struct session *session = NULL;
    enum status st = answer_find(s->db, ref->answer, a, &answer, err);
    if (st == STATUS_OK && !id_equal(answer->session_id, ref->session))
        st = error_set(err, STATUS_NOT_FOUND, "not_found", NULL, "There is no such answer in this interview");
    if (st == STATUS_OK)
        st = session_find(s->db, ref->session, a, &session, err);
    if (st == STATUS_OK && session->status == SESSION_WITHDRAWN)
        st =
            error_set(err, STATUS_GONE, "session_over", NULL, "This interview was withdrawn; nothing more is recorded");
    if (st == STATUS_OK && session->recordings_erased_at)
        st = error_set(err, STATUS_GONE, "session_over", NULL, "This interview's recordings have been erased");
    return st;
}

static enum status find_segment(struct services *s, const struct segment_ref *ref, struct arena *a,
                                struct recording_segment **ret, struct error *err)
{
    enum status st = check_answer(s, ref, a, err);
    return st == STATUS_OK ? segment_find_at(s->db, ref->answer, ref->segment, a, ret, err) : st;
}

static enum status state_of(const struct recording_segment *seg, int64_t next_seq, int status, struct arena *a,
                            struct segment_state **ret, struct error *err)
{
    struct segment_state *state = arena_new_of(a, struct segment_state);
    if (!state)
        return arena_exhausted(err);
    state->segment = seg->segment;
    state->next_seq = next_seq;
    state->status = status;
    *ret = state;
    return STATUS_OK;
}

enum status recording_open(struct services *s, const struct segment_ref *ref, const char *media_type, int64_t begins_ms,
                           struct arena *a, struct segment_state **ret, struct error *err)
{
    const char *type = accepted_type(media_type);
    struct recording_segment *seg = NULL;
    if (!type)
        return error_set(err, STATUS_INVALID, "media_unsupported", "media_type",
                         "media_type must be video/webm, audio/webm, video/mp4 or audio/mp4");
    enum status st = check_answer(s, ref, a, err);
    if (st == STATUS_OK)
        st = segment_create(s->db, ref->answer, ref->segment, type, begins_ms, clock_unix_ms(s->clock), a, &seg, err);
    return st == STATUS_OK ? state_of(seg, seg->next_seq, seg->status, a, ret, err) : st;
}

static enum status gap(int64_t expected, struct error *err)
{
    enum status st =
        error_set(err, STATUS_CONFLICT, "chunk_gap", "seq", "Chunk %" PRId64 " is expected next", expected);
    if (err)
        snprintf(err->details, sizeof err->details, "{\"expected\": %" PRId64 "}", expected);
    return st;
}

static enum status outcome_status(enum chunk_outcome o, int64_t next_seq, struct error *err)
{
    switch (o) {
    case CHUNK_STORED:
    case CHUNK_REPEATED:
        return STATUS_OK;
    case CHUNK_DIFFERS:
        return error_set(err, STATUS_CONFLICT, "chunk_differs", "seq", "This chunk was stored before with other bytes");
    case CHUNK_CLOSED:
        return error_set(err, STATUS_CONFLICT, "segment_closed", "segment",
                         "This recording is finished; begin a new segment");
    case CHUNK_GAP:
        break;
    }
    return gap(next_seq, err);
}

static enum status check_upload(const struct chunk_upload *up, uint64_t max_bytes, uint8_t hash[SHA256_SIZE],
                                struct error *err)
{
    uint8_t claimed[SHA256_SIZE];
    if (!up->claimed_sha256 || !sha256_parse(up->claimed_sha256, claimed))
        return error_set(err, STATUS_INVALID, "chunk_hash", "X-Chunk-SHA256",
                         "X-Chunk-SHA256 must be the SHA-256 of the chunk in hex");
    if (!sha256_parse(up->sha256, hash) || !sha256_equal(claimed, hash))
        return error_set(err, STATUS_INVALID, "chunk_hash", "X-Chunk-SHA256",
                         "The bytes that arrived do not have this SHA-256; send the chunk again");
    if (up->size == 0)
        return error_set(err, STATUS_INVALID, "chunk_empty", "body", "The chunk is empty");
    if (up->size > max_bytes)
        return error_set(err, STATUS_TOO_LARGE, "chunk_too_large", "body", "A chunk may have %" PRIu64 " bytes",
                         max_bytes);
    return STATUS_OK;
}

/* Whether the chunk is the next one and fits: *outcome, or STATUS_TOO_LARGE. */
static enum status check_chunk(struct services *s, const struct segment_ref *ref, const struct recording_segment *seg,
                               const struct chunk_upload *up, const uint8_t hash[SHA256_SIZE],
                               enum chunk_outcome *outcome, int64_t *next_seq, struct error *err)
{
    int64_t stored = 0;
    enum status st = chunk_check(s->db, seg->id, up->seq, hash, outcome, next_seq, err);
    if (st != STATUS_OK || *outcome != CHUNK_STORED)
        return st;
    st = segment_bytes(s->db, ref->answer, &stored, err);
    if (st == STATUS_OK && (uint64_t)stored + up->size > s->settings->answer_max_bytes)
        st = error_set(err, STATUS_TOO_LARGE, "recording_too_large", "body",
                       "The recording of one answer may have %" PRIu64 " bytes", s->settings->answer_max_bytes);
    return st;
}

/* The bytes are made durable first; then, in one transaction, they get their key and their row. So of two tabs that
 * send other bytes under the same number only one's are there, nothing is stored for a session that was withdrawn
 * meanwhile, and a crash leaves at worst a file that the repeated upload replaces. */
static enum status store_chunk(struct services *s, const struct segment_ref *ref, const struct recording_segment *seg,
                               const struct chunk_upload *up, const uint8_t hash[SHA256_SIZE], int64_t *next_seq,
                               struct error *err)
{
    cleanup(storage_staged_discard) struct storage_staged staged = STORAGE_STAGED_INIT;
    cleanup(db_txn_end) struct db_txn t = {0};
    char key[RECORDING_KEY_MAX];
    enum chunk_outcome outcome = CHUNK_GAP;
    enum status st = check_chunk(s, ref, seg, up, hash, &outcome, next_seq, err);
    if (st != STATUS_OK || outcome != CHUNK_STORED)
        return st == STATUS_OK ? outcome_status(outcome, *next_seq, err) : st;
    recording_chunk_key(ref, up->seq, key);
    st = storage_stage_fd(s->storage, key, up->fd, &staged, err);
    if (st == STATUS_OK)
        st = db_begin_locking(s->db, &t, err);
    if (st == STATUS_OK)
        st = check_chunk(s, ref, seg, up, hash, &outcome, next_seq, err);
    if (st != STATUS_OK || outcome != CHUNK_STORED)
        return st == STATUS_OK ? outcome_status(outcome, *next_seq, err) : st;
    st = storage_publish(&staged, err);
    if (st == STATUS_OK)
        st = chunk_insert(s->db, seg->id, up->seq, hash, (int64_t)up->size, clock_unix_ms(s->clock), &outcome, next_seq,
                          err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    return st == STATUS_OK ? outcome_status(outcome, *next_seq, err) : st;
}

enum status recording_chunk(struct services *s, const struct segment_ref *ref, const struct chunk_upload *up,
                            struct arena *a, struct segment_state **ret, struct error *err)
{
    uint8_t hash[SHA256_SIZE];
    struct recording_segment *seg = NULL;
    int64_t next_seq = 0;
    enum status st = check_upload(up, s->settings->chunk_max_bytes, hash, err);
    if (st == STATUS_OK)
        st = find_segment(s, ref, a, &seg, err);
    if (st == STATUS_OK)
        st = store_chunk(s, ref, seg, up, hash, &next_seq, err);
    return st == STATUS_OK ? state_of(seg, next_seq, seg->status, a, ret, err) : st;
}

/* Marks the segment complete and enqueues the remux, as one. */
static enum status finish_segment(struct services *s, const struct recording_segment *seg, int64_t chunks,
                                  struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    int64_t now = clock_unix_ms(s->clock);
    bool moved = false;
    enum status st = db_begin_locking(s->db, &t, err);
    if (st == STATUS_OK)
        st = segment_finish(s->db, seg->id, chunks, now, &moved, err);
    if (st == STATUS_OK && moved)
        st = job_enqueue(s->db, "remux", seg->id, NULL, now, REMUX_ATTEMPTS, now, NULL, err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    if (st == STATUS_OK && moved)
        jobs_wake(s->jobs);
    return st;
}

enum status recording_finish(struct services *s, const struct segment_ref *ref, int64_t chunks, struct arena *a,
                             struct segment_state **ret, struct error *err)
{
    struct recording_segment *seg = NULL;
    enum status st = find_segment(s, ref, a, &seg, err);
    if (st == STATUS_OK)
        st = finish_segment(s, seg, chunks, err);
    if (st == STATUS_OK)
        st = segment_find(s->db, seg->id, a, &seg, err);
    return st == STATUS_OK ? state_of(seg, seg->next_seq, seg->status, a, ret, err) : st;
}

static enum status close_abandoned(struct services *s, const struct recording_segment *seg, struct error *err)
{
    enum status st = seg->next_seq > 0
                         ? finish_segment(s, seg, seg->next_seq, err)
                         : segment_failed(s->db, seg->id, "Nothing was recorded", clock_unix_ms(s->clock), err);
    return st == STATUS_CONFLICT || st == STATUS_NOT_FOUND ? STATUS_OK : st; /* it moved after all, or was erased */
}

enum status recording_close_abandoned(struct services *s, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(4u << 20);
    struct list all = {0};
    int64_t since = clock_unix_ms(s->clock) - RECORDING_ABANDONED_MS;
    enum status st = a ? segment_list_abandoned(s->db, since, ABANDONED_BATCH, a, &all, err) : arena_exhausted(err);
    const struct recording_segment *seg = all.items;
    for (size_t i = 0; st == STATUS_OK && i < all.count; i++)
        st = close_abandoned(s, &seg[i], err);
    return st;
}

enum status recording_media_open(struct services *s, const struct segment_ref *ref, struct arena *a,
                                 struct recording_media *ret, struct error *err)
{
    struct recording_segment *seg = NULL;
    struct answer *answer = NULL;
    enum status st = answer_find(s->db, ref->answer, a, &answer, err);
    if (st == STATUS_OK && !id_equal(answer->session_id, ref->session))
        return error_set(err, STATUS_NOT_FOUND, "not_found", NULL, "There is no such recording");
    if (st == STATUS_OK)
        st = segment_find_at(s->db, ref->answer, ref->segment, a, &seg, err);
    if (st == STATUS_OK && seg->status != RECORDING_READY)
        st = error_set(err, STATUS_NOT_FOUND, "media_not_ready", NULL, "This recording is not ready yet");
    if (st == STATUS_OK)
        st = storage_open(s->storage, seg->media_key, &ret->fd, &ret->size, err);
    if (st != STATUS_OK)
        return st;
    ret->media_type = seg->media_type;
    ret->etag = arena_printf(a, "%" PRIx64 "-%" PRIx64, (uint64_t)seg->updated_at, ret->size);
    return STATUS_OK;
}

enum status recording_erase_later(struct services *s, struct id session, struct error *err)
{
    int64_t now = clock_unix_ms(s->clock);
    return job_enqueue(s->db, "erase", session, NULL, now, ERASE_ATTEMPTS, now, NULL, err);
}

enum status recording_erase_files(struct services *s, struct id session, struct error *err)
{
    char key[RECORDING_KEY_MAX];
    session_prefix(session, key);
    return storage_remove(s->storage, key, err);
}
