#ifndef VIVA_REPOSITORIES_RECORDING_REPOSITORY_H
#define VIVA_REPOSITORIES_RECORDING_REPOSITORY_H

#include "models/session.h"
#include "repositories/repository.h"

/* Creates segment `segment` of the answer, or gives back the one that is there (STATUS_CONFLICT "segment_differs" when
 * its media type is another). begins_ms: from the answer's start; negative: before it. */
enum status segment_create(struct db *db, struct id answer, int64_t segment, const char *media_type, int64_t begins_ms,
                           int64_t now, struct arena *a, struct recording_segment **ret, struct error *err) must_check;
enum status segment_find(struct db *db, struct id id, struct arena *a, struct recording_segment **ret,
                         struct error *err) must_check;
enum status segment_find_at(struct db *db, struct id answer, int64_t segment, struct arena *a,
                            struct recording_segment **ret, struct error *err) must_check;
/* Of a segment that is not there yet: the number after the last one; 0 when there is none. */
enum status segment_next(struct db *db, struct id answer, int64_t *ret, struct error *err) must_check;
/* Bytes acknowledged for the answer, all segments. */
enum status segment_bytes(struct db *db, struct id answer, int64_t *ret, struct error *err) must_check;

enum chunk_outcome {
    CHUNK_STORED,   /* it was the next one */
    CHUNK_REPEATED, /* acknowledged before, same hash */
    CHUNK_DIFFERS,  /* acknowledged before, another hash */
    CHUNK_GAP,      /* *next_seq is expected first */
    CHUNK_CLOSED    /* the segment takes no more chunks */
};
/* What storing this chunk would come to, without storing it (before the bytes are written). */
enum status chunk_check(struct db *db, struct id segment, int64_t seq, const uint8_t sha256[32],
                        enum chunk_outcome *outcome, int64_t *next_seq, struct error *err) must_check;
/* Stores the row and advances next_seq, only when it is the next. Call after the bytes are durable. *next_seq: what is
 * expected now. */
enum status chunk_insert(struct db *db, struct id segment, int64_t seq, const uint8_t sha256[32], int64_t bytes,
                         int64_t now, enum chunk_outcome *outcome, int64_t *next_seq, struct error *err) must_check;

/* uploading -> processing when exactly `chunks` are there (STATUS_CONFLICT "chunk_gap", details {"expected":
 * next_seq}); harmless when it left uploading already with that number. *moved tells whether this call did it. */
enum status segment_finish(struct db *db, struct id segment, int64_t chunks, int64_t now, bool *moved,
                           struct error *err) must_check;
/* uploading, processing or failed (a retry) -> ready; harmless when ready. uploading or processing -> failed; harmless
 * when failed. STATUS_CONFLICT "segment_status" for anything else. */
enum status segment_ready(struct db *db, struct id segment, const char *media_key, int64_t duration_ms, int64_t now,
                          struct error *err) must_check;
enum status segment_failed(struct db *db, struct id segment, const char *error, int64_t now,
                           struct error *err) must_check;
/* Segments still uploading that belong to sessions which are over: their tab was closed. Items are struct
 * recording_segment, at most `limit`. */
enum status segment_list_abandoned(struct db *db, int64_t untouched_since, int64_t limit, struct arena *a,
                                   struct list *ret, struct error *err) must_check;
/* All of a session's, with their chunks (withdrawal). */
enum status segment_delete_of_session(struct db *db, struct id session, struct error *err) must_check;

#endif
