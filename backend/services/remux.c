/* The "remux" job: chunks -> one file that seeks. Both containers are rewritten without transcoding by ffmpeg in a
 * limited subprocess: MediaRecorder's WebM has neither a duration nor cues, its MP4 is fragmented. */

#include "base/cleanup.h"
#include "base/file.h"
#include "base/json_read.h"
#include "base/subprocess.h"
#include "repositories/recording_repository.h"
#include "repositories/session_repository.h"
#include "services/recording.h"
#include "services/storage.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REMUX_TIMEOUT_MS 120000 /* with the probe, joining and publishing */
#define PROBE_TIMEOUT_MS 20000

struct remux {
    struct segment_ref ref;
    const struct recording_segment *segment;
    char joined[STORAGE_PATH_MAX], output[STORAGE_PATH_MAX]; /* temporaries in the upload directory */
};

static void remux_cleanup(struct remux *r)
{
    if (*r->joined)
        unlink(r->joined);
    if (*r->output)
        unlink(r->output);
}

/* Appends one chunk's bytes; the size is checked against nothing else: its hash was when it was acknowledged. */
static enum status append_chunk(struct services *s, const struct remux *r, int64_t seq, FILE *out, struct error *err)
{
    char key[RECORDING_KEY_MAX], block[65536];
    cleanup(fd_closep) int fd = -1;
    uint64_t size = 0;
    recording_chunk_key(&r->ref, seq, key);
    enum status st = storage_open(s->storage, key, &fd, &size, err);
    if (st != STATUS_OK)
        return st;
    for (;;) {
        ssize_t n = read(fd, block, sizeof block);
        if (n == 0)
            return STATUS_OK;
        if (n < 0 || fwrite(block, 1, (size_t)n, out) != (size_t)n)
            return error_set(err, STATUS_IO, "disk_write", NULL, "A recording could not be put together");
    }
}

static enum status join_chunks(struct services *s, const struct remux *r, struct error *err)
{
    cleanup(file_closep) FILE *out = fopen(r->joined, "wbe");
    if (!out)
        return error_set(err, STATUS_IO, "disk_write", NULL, "A recording could not be put together");
    enum status st = STATUS_OK;
    for (int64_t seq = 0; st == STATUS_OK && seq < r->segment->next_seq; seq++)
        st = append_chunk(s, r, seq, out, err);
    if (st == STATUS_OK && fflush(out))
        st = error_set(err, STATUS_IO, "disk_full", NULL, "The disk is full");
    return st;
}

static enum status run_ffmpeg(const struct remux *r, struct error *err)
{
    const struct subprocess_limits lim = {.timeout_ms = REMUX_TIMEOUT_MS, .file_bytes = 4ull << 30};
    bool mp4 = strstr(r->segment->media_type, "/mp4") != NULL;
    const char *const argv[] = {"ffmpeg",
                                "-nostdin",
                                "-hide_banner",
                                "-loglevel",
                                "error",
                                "-y",
                                "-protocol_whitelist",
                                "file",
                                "-f",
                                mp4 ? "mov" : "matroska",
                                "-i",
                                r->joined,
                                "-map",
                                "0",
                                "-c",
                                "copy",
                                mp4 ? "-movflags" : "-cues_to_front",
                                mp4 ? "+faststart" : "1",
                                "-f",
                                mp4 ? "mp4" : "webm",
                                r->output,
                                NULL};
    cleanup(buf_free) struct buf said;
    buf_init(&said, 4096);
    const struct subprocess_io io = {.err = &said};
    enum status st = subprocess_run(argv, &io, &lim, err);
    if (st != STATUS_IO)
        return st;
    if (strstr(buf_cstr(&said), "No space left"))
        return error_set(err, STATUS_IO, "disk_full", NULL, "The disk is full");
    if (said.len) /* it looked at the recording and complains of it: trying again will not mend that */
        return error_set(err, STATUS_INVALID, "recording_unreadable", NULL,
                         "What the browser recorded could not be read as film or sound");
    return st;
}

static enum status probe_duration(const struct remux *r, int64_t *duration_ms, struct error *err)
{
    const struct subprocess_limits lim = {.timeout_ms = PROBE_TIMEOUT_MS};
    const char *const argv[] = {
        "ffprobe", "-v",      "error", "-protocol_whitelist", "file", "-show_entries", "format=duration", "-of",
        "json",    r->output, NULL};
    cleanup(buf_free) struct buf out;
    cleanup(json_doc_freep) struct json_doc *doc = NULL;
    buf_init(&out, 1 << 16);
    struct subprocess_io io = {.out = &out};
    enum status st = subprocess_run(argv, &io, &lim, err);
    if (st == STATUS_OK)
        st = json_parse(out.data ? out.data : "", out.len, &doc, err);
    if (st != STATUS_OK)
        return st;
    const char *text = json_get_string(json_get(json_root(doc), "format"), "duration", NULL);
    double seconds = text ? strtod(text, NULL) : NAN;
    if (!isfinite(seconds) || seconds < 0)
        return error_set(err, STATUS_INVALID, "media_unreadable", NULL, "The recording has no duration");
    *duration_ms = (int64_t)llround(seconds * 1000);
    return STATUS_OK;
}

/* Also when the segment was ready before: the attempt that made it may have died before it came to this. */
static void remove_chunks(struct services *s, const struct remux *r)
{
    for (int64_t seq = 0; seq < r->segment->next_seq; seq++) {
        char key[RECORDING_KEY_MAX];
        struct error ignored = {0};
        recording_chunk_key(&r->ref, seq, key);
        if (storage_remove(s->storage, key, &ignored) != STATUS_OK)
            return; /* they are found again when the session is erased */
    }
}

/* The file gets its key in the transaction that says so in the database, then the chunks go: a crash anywhere is mended
 * by running again, and nothing appears for a session that was erased meanwhile. */
static enum status publish(struct services *s, const struct remux *r, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(1u << 16);
    cleanup(db_txn_end) struct db_txn t = {0};
    struct recording_segment *still = NULL;
    char key[RECORDING_KEY_MAX];
    int64_t duration_ms = 0;
    recording_media_key(&r->ref, r->segment->media_type, key);
    enum status st = a ? probe_duration(r, &duration_ms, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = db_begin_locking(s->db, &t, err);
    if (st == STATUS_OK)
        st = segment_find(s->db, r->segment->id, a, &still, err);
    if (st == STATUS_OK)
        st = storage_put_file(s->storage, key, r->output, err);
    if (st == STATUS_OK)
        st = segment_ready(s->db, r->segment->id, key, duration_ms, clock_unix_ms(s->clock), err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    if (st == STATUS_OK)
        remove_chunks(s, r);
    return st;
}

/* Joins, rewrites and publishes the chunks of r->segment. */
static enum status remux(struct services *s, struct remux *r, struct error *err)
{
    char id[ID_TEXT_SIZE];
    id_format(r->segment->id, id);
    if (r->segment->next_seq == 0)
        return error_set(err, STATUS_INVALID, "recording_empty", NULL, "Nothing was recorded");
    snprintf(r->joined, sizeof r->joined, "%s/%s.joined", storage_upload_dir(s->storage), id);
    snprintf(r->output, sizeof r->output, "%s/%s.output", storage_upload_dir(s->storage), id);
    enum status st = join_chunks(s, r, err);
    if (st == STATUS_OK)
        st = run_ffmpeg(r, err);
    return st == STATUS_OK ? publish(s, r, err) : st;
}

/* Whether the segment is gone: erased while this ran. */
static bool erased(struct services *s, struct id segment, struct arena *a)
{
    struct recording_segment *seg = NULL;
    struct error ignored = {0};
    return segment_find(s->db, segment, a, &seg, &ignored) == STATUS_NOT_FOUND;
}

enum status recording_remux(struct services *s, struct id segment, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
    cleanup(remux_cleanup) struct remux r = {0};
    struct recording_segment *seg = NULL;
    struct answer *answer = NULL;
    enum status st = a ? segment_find(s->db, segment, a, &seg, err) : arena_exhausted(err);
    if (st == STATUS_OK)
        st = answer_find(s->db, seg->response_id, a, &answer, err);
    if (st == STATUS_OK) {
        r.ref = (struct segment_ref){answer->session_id, answer->id, seg->segment};
        r.segment = seg;
        if (seg->status == RECORDING_READY)
            remove_chunks(s, &r);
        else
            st = remux(s, &r, err);
    }
    return a && st != STATUS_OK && erased(s, segment, a) ? STATUS_OK : st;
}

enum status recording_remux_give_up(struct services *s, struct id segment, const struct error *why, struct error *err)
{
    return segment_failed(s->db, segment, why->message, clock_unix_ms(s->clock), err);
}
