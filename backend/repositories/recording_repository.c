#include "repositories/recording_repository.h"

#include "base/cleanup.h"
#include "repositories/query.h"

#include <stdio.h>
#include <string.h>

#define TABLE "recording_segments"

/* ------------------------------------------------------------------------------------------------------------------
 * segments */

enum status segment_find(struct db *db, struct id id, struct arena *a, struct recording_segment **ret,
                         struct error *err)
{
    return query_by_id(db, &recording_segment_model, TABLE, "WHERE id = ?", id, a, ret, err);
}

enum status segment_find_at(struct db *db, struct id answer, int64_t segment, struct arena *a,
                            struct recording_segment **ret, struct error *err)
{
    QUERY(q);
    enum status st =
        query_select_row(db, &recording_segment_model, TABLE, "WHERE response_id = ? AND segment = ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, answer);
    db_bind_int(q, 2, segment);
    return query_one(q, &recording_segment_model, a, ret, err);
}

static enum status list_of_session(struct db *db, struct id session, struct arena *a, struct list *ret,
                                   struct error *err)
{
    return query_list_by_id(db, &recording_segment_model, TABLE,
                            "WHERE response_id IN (SELECT p.id FROM responses p WHERE p.session_id = ?) ORDER BY id",
                            session, a, ret, err);
}

enum status segment_list_abandoned(struct db *db, int64_t untouched_since, int64_t limit, struct arena *a,
                                   struct list *ret, struct error *err)
{
    QUERY(q);
    enum status st =
        query_select(db, &recording_segment_model, TABLE,
                     "WHERE status = 'uploading' AND updated_at < ? AND response_id IN (SELECT p.id FROM responses p "
                     "JOIN interview_sessions s ON s.id = p.session_id WHERE p.id = response_id AND "
                     "s.status IN ('completed', 'withdrawn')) ORDER BY updated_at LIMIT ?",
                     &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_int(q, 1, untouched_since);
    db_bind_int(q, 2, limit);
    return row_list(q, &recording_segment_model, a, ret, err);
}

static enum status int_by_id(struct db *db, const char *sql, struct id id, int64_t *ret, struct error *err)
{
    QUERY(q);
    enum status st = db_prepare(db, sql, &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, id);
    return query_int(q, ret, err);
}

enum status segment_next(struct db *db, struct id answer, int64_t *ret, struct error *err)
{
    return int_by_id(db, "SELECT COALESCE(MAX(segment), -1) + 1 FROM " TABLE " WHERE response_id = ?", answer, ret,
                     err);
}

enum status segment_bytes(struct db *db, struct id answer, int64_t *ret, struct error *err)
{
    return int_by_id(db, "SELECT COALESCE(SUM(bytes), 0) FROM " TABLE " WHERE response_id = ?", answer, ret, err);
}

/* Insert first and look afterwards: of two at the same time one inserts, and the other finds. */
enum status segment_create(struct db *db, struct id answer, int64_t segment, const char *media_type, int64_t begins_ms,
                           int64_t now, struct arena *a, struct recording_segment **ret, struct error *err)
{
    const struct recording_segment row = {
        .id = id_new(),
        .response_id = answer,
        .segment = segment,
        .media_type = media_type,
        .offset_ms = begins_ms > 0 ? begins_ms : 0,
        .lead_ms = begins_ms < 0 ? -begins_ms : 0,
        .status = RECORDING_UPLOADING,
        .created_at = now,
        .updated_at = now,
    };
    struct recording_segment *found = NULL;
    struct error why = {0};
    enum status st = row_insert(db, TABLE, &recording_segment_model, &row, &why);
    if (st != STATUS_OK && st != STATUS_CONFLICT) {
        if (err)
            *err = why;
        return st;
    }
    st = segment_find_at(db, answer, segment, a, &found, err); /* not found: there is no such answer */
    if (st != STATUS_OK)
        return st;
    if (strcmp(found->media_type, media_type) != 0)
        return error_set(err, STATUS_CONFLICT, "segment_differs", "media_type", "This segment was begun as %s.",
                         found->media_type);
    *ret = found;
    return STATUS_OK;
}

/* --------------------------------------------------------------------------------------------------------------------
 * chunks */

static enum status read_progress(struct db *db, struct id segment, int64_t *next_seq, bool *uploading,
                                 struct error *err)
{
    QUERY(q);
    bool row = false;
    char sql[160];
    snprintf(sql, sizeof sql,
             "SELECT next_seq, CASE WHEN status = 'uploading' THEN 1 ELSE 0 END FROM " TABLE " WHERE id = ?%s",
             query_lock(db));
    enum status st = db_prepare(db, sql, &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, segment);
    st = db_step(q, &row, err);
    if (st == STATUS_OK && !row)
        st = query_not_found(err);
    if (st == STATUS_OK) {
        *next_seq = db_int(q, 0);
        *uploading = db_int(q, 1) != 0;
    }
    return st;
}

static enum status same_hash(struct db *db, struct id segment, int64_t seq, const uint8_t sha256[32], bool *same,
                             struct error *err)
{
    QUERY(q);
    int64_t n = 0;
    enum status st = db_prepare(
        db, "SELECT COUNT(*) FROM recording_chunks WHERE segment_id = ? AND seq = ? AND sha256 = ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(q, 1, segment);
    db_bind_int(q, 2, seq);
    db_bind_blob(q, 3, sha256, 32);
    st = query_int(q, &n, err);
    if (st == STATUS_OK)
        *same = n == 1;
    return st;
}

enum status chunk_check(struct db *db, struct id segment, int64_t seq, const uint8_t sha256[32],
                        enum chunk_outcome *outcome, int64_t *next_seq, struct error *err)
{
    int64_t next = 0;
    bool uploading = false, same = false;
    enum status st = read_progress(db, segment, &next, &uploading, err);
    if (st == STATUS_OK && seq < next)
        st = same_hash(db, segment, seq, sha256, &same, err);
    if (st != STATUS_OK)
        return st;
    if (seq < next)
        *outcome = same ? CHUNK_REPEATED : CHUNK_DIFFERS;
    else if (!uploading)
        *outcome = CHUNK_CLOSED;
    else
        *outcome = seq == next ? CHUNK_STORED : CHUNK_GAP;
    *next_seq = next;
    return STATUS_OK;
}

static enum status store_chunk(struct db *db, struct id segment, int64_t seq, const uint8_t sha256[32], int64_t bytes,
                               int64_t now, struct error *err)
{
    QUERY(insert);
    QUERY(advance);
    enum status st = db_prepare(db, "INSERT INTO recording_chunks (segment_id, seq, sha256, bytes) VALUES (?, ?, ?, ?)",
                                &insert, err);
    if (st == STATUS_OK)
        st = db_prepare(db,
                        "UPDATE " TABLE
                        " SET next_seq = next_seq + 1, bytes = bytes + ?, updated_at = ? WHERE id = ? AND "
                        "next_seq = ? AND status = 'uploading'",
                        &advance, err);
    if (st != STATUS_OK)
        return st;
    db_bind_id(insert, 1, segment);
    db_bind_int(insert, 2, seq);
    db_bind_blob(insert, 3, sha256, 32);
    db_bind_int(insert, 4, bytes);
    st = db_run(insert, NULL, err);
    if (st != STATUS_OK)
        return st;
    db_bind_int(advance, 1, bytes);
    db_bind_time(advance, 2, now);
    db_bind_id(advance, 3, segment);
    db_bind_int(advance, 4, seq);
    return query_change(advance, err);
}

enum status chunk_insert(struct db *db, struct id segment, int64_t seq, const uint8_t sha256[32], int64_t bytes,
                         int64_t now, enum chunk_outcome *outcome, int64_t *next_seq, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    enum chunk_outcome what = CHUNK_CLOSED;
    int64_t next = 0;
    enum status st = db_begin_locking(db, &t, err);
    if (st == STATUS_OK)
        st = chunk_check(db, segment, seq, sha256, &what, &next, err);
    if (st == STATUS_OK && what == CHUNK_STORED) {
        st = store_chunk(db, segment, seq, sha256, bytes, now, err);
        next++;
    }
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    if (st != STATUS_OK)
        return st;
    *outcome = what;
    *next_seq = next;
    return STATUS_OK;
}

/* ----------------------------------------------------------------------------------------------------------- life of a
 * segment */

static enum status gap(int64_t next, struct error *err)
{
    error_set(err, STATUS_CONFLICT, "chunk_gap", "chunks", "Not all chunks are here: number %lld is expected next.",
              (long long)next);
    if (err)
        snprintf(err->details, sizeof err->details, "{\"expected\": %lld}", (long long)next);
    return STATUS_CONFLICT;
}

enum status segment_finish(struct db *db, struct id segment, int64_t chunks, int64_t now, bool *moved,
                           struct error *err)
{
    QUERY(q);
    int64_t n = 0, next = 0;
    bool uploading = false;
    enum status st =
        db_prepare(db,
                   "UPDATE " TABLE
                   " SET status = 'processing', updated_at = ? WHERE id = ? AND status = 'uploading' AND next_seq = ?",
                   &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_time(q, 1, now);
    db_bind_id(q, 2, segment);
    db_bind_int(q, 3, chunks);
    st = db_run(q, &n, err);
    if (st == STATUS_OK && n == 0) {
        st = read_progress(db, segment, &next, &uploading, err);
        if (st == STATUS_OK && next != chunks)
            return gap(next, err);
    }
    if (st == STATUS_OK)
        *moved = n == 1;
    return st;
}

/* Nothing was changed: fine when it is there already. */
static enum status check_status(struct db *db, struct id segment, enum recording_status to, struct error *err)
{
    QUERY(q);
    int64_t same = 0;
    enum status st =
        db_prepare(db, "SELECT CASE WHEN status = ? THEN 1 ELSE 0 END FROM " TABLE " WHERE id = ?", &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_text(q, 1, choice_value(recording_status_choices, (int)to));
    db_bind_id(q, 2, segment);
    st = query_int(q, &same, err);
    if (st == STATUS_OK && !same)
        st =
            error_set(err, STATUS_CONFLICT, "segment_status", "status", "The segment cannot become %s from what it is.",
                      choice_value(recording_status_choices, (int)to));
    return st;
}

enum status segment_ready(struct db *db, struct id segment, const char *media_key, int64_t duration_ms, int64_t now,
                          struct error *err)
{
    QUERY(q);
    int64_t n = 0;
    enum status st = db_prepare(db,
                                "UPDATE " TABLE
                                " SET status = 'ready', media_key = ?, duration_ms = ?, error = NULL, updated_at = ? "
                                "WHERE id = ? AND status IN ('uploading', 'processing', 'failed')",
                                &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_text(q, 1, media_key);
    db_bind_int(q, 2, duration_ms);
    db_bind_time(q, 3, now);
    db_bind_id(q, 4, segment);
    st = db_run(q, &n, err);
    return st == STATUS_OK && n == 0 ? check_status(db, segment, RECORDING_READY, err) : st;
}

enum status segment_failed(struct db *db, struct id segment, const char *error, int64_t now, struct error *err)
{
    QUERY(q);
    int64_t n = 0;
    enum status st =
        db_prepare(db,
                   "UPDATE " TABLE " SET status = 'failed', error = ?, updated_at = ? WHERE id = ? AND status IN "
                   "('uploading', 'processing')",
                   &q, err);
    if (st != STATUS_OK)
        return st;
    db_bind_text(q, 1, error);
    db_bind_time(q, 2, now);
    db_bind_id(q, 3, segment);
    st = db_run(q, &n, err);
    return st == STATUS_OK && n == 0 ? check_status(db, segment, RECORDING_FAILED, err) : st;
}

/* Answer by answer: MySQL finds no index for DELETE ... IN (SELECT ...). */
enum status segment_delete_of_session(struct db *db, struct id session, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
    cleanup(db_txn_end) struct db_txn t = {0};
    struct list all = {0};
    enum status st = a ? db_begin(db, &t, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = list_of_session(db, session, a, &all, err);
    const struct recording_segment *seg = all.items;
    for (size_t i = 0; st == STATUS_OK && i < all.count; i++) {
        QUERY(q);
        st = db_prepare(db, "DELETE FROM " TABLE " WHERE id = ?", &q, err);
        if (st != STATUS_OK)
            return st;
        db_bind_id(q, 1, seg[i].id);
        st = db_run(q, NULL, err);
    }
    return st == STATUS_OK ? db_commit(&t, err) : st;
}
