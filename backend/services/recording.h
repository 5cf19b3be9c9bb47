#ifndef VIVA_SERVICES_RECORDING_H
#define VIVA_SERVICES_RECORDING_H
/* Recordings go up in chunks while an answer runs: MediaRecorder's pieces, numbered from 0, each with its SHA-256. A
 * chunk is acknowledged after its bytes and its row are durable. Contiguity is checked by number here, because a
 * container with a missing middle chunk remuxes without an error. A finished segment is remuxed (no transcoding) so
 * that it seeks. */

#include "models/candidate.h"
#include "services/services.h"

/* Which segment of which answer of which session: all three are checked to belong together (else STATUS_NOT_FOUND). */
struct segment_ref {
    struct id session, answer;
    int64_t segment;
};

/* Creates the segment or gives back the one there. media_type: video/webm, audio/webm, video/mp4 or audio/mp4 (codecs
 * may follow): STATUS_INVALID otherwise. begins_ms: from the answer's start; negative: so long before it. STATUS_GONE
 * when the session was withdrawn, or its recordings were kept long enough. */
enum status recording_open(struct services *s, const struct segment_ref *ref, const char *media_type, int64_t begins_ms,
                           struct arena *a, struct segment_state **ret, struct error *err) must_check;

struct chunk_upload {
    int64_t seq;
    const char *claimed_sha256; /* what the client says, hex; NULL or malformed: STATUS_INVALID "chunk_hash" */
    const char *sha256;         /* what arrived, hex */
    int fd;                     /* borrowed */
    uint64_t size;
};
/* STATUS_INVALID "chunk_hash" on a wrong hash, "chunk_empty", STATUS_CONFLICT "chunk_gap" with details {"expected": n},
 * "chunk_differs", "segment_closed", STATUS_TOO_LARGE "chunk_too_large" or, over the answer's limit,
 * "recording_too_large". Idempotent: a repeated chunk is acknowledged, also when the segment is finished. */
enum status recording_chunk(struct services *s, const struct segment_ref *ref, const struct chunk_upload *up,
                            struct arena *a, struct segment_state **ret, struct error *err) must_check;
/* The segment is complete with `chunks` chunks: the remux job is enqueued in the same transaction. Idempotent. */
enum status recording_finish(struct services *s, const struct segment_ref *ref, int64_t chunks, struct arena *a,
                             struct segment_state **ret, struct error *err) must_check;

struct recording_media {
    int fd; /* the caller's */
    uint64_t size;
    const char *media_type, *etag;
};
enum status recording_media_open(struct services *s, const struct segment_ref *ref, struct arena *a,
                                 struct recording_media *ret, struct error *err) must_check;

/* Erasing is durable: recording_erase_later enqueues the job "erase" in the caller's transaction (the one that takes
 * the rows away), recording_erase_files deletes every file of the session, then or when the job comes to it. */
enum status recording_erase_later(struct services *s, struct id session, struct error *err) must_check;
enum status recording_erase_files(struct services *s, struct id session, struct error *err) must_check;

/* Job "remux", subject: the segment's row. */
enum status recording_remux(struct services *s, struct id segment, struct error *err) must_check;
enum status recording_remux_give_up(struct services *s, struct id segment, const struct error *why,
                                    struct error *err) must_check;
/* Segments of sessions that are over whose upload has not moved for RECORDING_ABANDONED_MS: the tab was closed for good
 * (a tab that is still there uploads what is left after the end, so the end itself closes nothing). They are finished
 * with what arrived; those with nothing have failed. Recurs (services/background.c). */
#define RECORDING_ABANDONED_MS INT64_C(900000)
enum status recording_close_abandoned(struct services *s, struct error *err) must_check;

/* Keys of storage. */
#define RECORDING_KEY_MAX 160
void recording_chunk_key(const struct segment_ref *ref, int64_t seq, char out[RECORDING_KEY_MAX]);
void recording_media_key(const struct segment_ref *ref, const char *media_type, char out[RECORDING_KEY_MAX]);

#endif
