#include "services/answer_upload.h"

#include "base/cleanup.h"
#include "base/subprocess.h"
#include "models/interview.h"
#include "providers/audio.h"
#include "repositories/interview_repository.h"
#include "repositories/job_repository.h"
#include "repositories/recording_repository.h"
#include "repositories/session_repository.h"
#include "services/candidacy.h"
#include "services/conduct.h"
#include "services/jobs.h"
#include "services/recording.h"
#include "services/speech_door.h"
#include "services/storage.h"
#include "utils/sha256.h"

#include <inttypes.h>
#include <math.h>
#include <sys/mman.h>
#include <unistd.h>

#define REMUX_ATTEMPTS    3
#define ENCODE_TIMEOUT_MS 60000
#define ENCODED_MAX       (64u << 20)

/* What is kept: the upload itself, or what was made of it. */
struct kept {
    int fd;  /* of the upload, or own */
    int own; /* -1, or to be closed */
    uint64_t size;
    uint8_t hash[SHA256_SIZE];
    const char *media_type;
};

static void kept_close(struct kept *k)
{
    if (k->own >= 0)
        close(k->own);
}

static enum status of_the_file(enum status st, const struct error *own, struct error *err)
{
    if (st == STATUS_INVALID || st == STATUS_UNSUPPORTED || st == STATUS_TOO_LARGE)
        return error_set(err, st, own->code, "file", "file: %s", own->message);
    if (st != STATUS_OK && err)
        *err = *own;
    return st;
}

/* Any sound as Opus in WebM, in a memory file. */
static enum status encode(const struct answer_upload *up, struct kept *k, struct error *err)
{
    static const char *const argv[] = {
        "ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error",         "-protocol_whitelist",
        "pipe",   "-i",       "pipe:0",       "-vn",       "-map_metadata", "-1",
        "-c:a",   "libopus",  "-b:a",         "32k",       "-ac",           "1",
        "-f",     "webm",     "pipe:1",       NULL};
    const struct subprocess_limits lim = {.timeout_ms = ENCODE_TIMEOUT_MS};
    cleanup(buf_free) struct buf out;
    buf_init(&out, ENCODED_MAX);
    const struct subprocess_io io = {.in_fd = up->fd, .out = &out};
    if (lseek(up->fd, 0, SEEK_SET) < 0)
        return error_set(err, STATUS_IO, "disk_read", NULL, "The upload could not be read back");
    enum status st = subprocess_run(argv, &io, &lim, err);
    if (st == STATUS_IO)
        return error_set(err, STATUS_UNSUPPORTED, "audio_unreadable", "file", "There is no sound in this file");
    if (st != STATUS_OK)
        return st;
    k->own = memfd_create("answer", MFD_CLOEXEC);
    for (size_t at = 0; k->own >= 0 && at < out.len;) {
        ssize_t n = write(k->own, out.data + at, out.len - at);
        if (n <= 0)
            return error_set(err, STATUS_NO_MEMORY, "no_memory", NULL, "Out of memory");
        at += (size_t)n;
    }
    if (k->own < 0)
        return error_set(err, STATUS_NO_MEMORY, "no_memory", NULL, "Out of memory");
    k->fd = k->own;
    k->size = out.len;
    sha256_bytes(out.data, out.len, k->hash);
    return STATUS_OK;
}

static enum status prepare(struct services *s, const struct answer_upload *up, struct kept *k, struct error *err)
{
    unsigned char head[AUDIO_HEAD];
    ssize_t n = pread(up->fd, head, sizeof head, 0);
    enum audio_container is = n > 0 ? audio_sniff(head, (size_t)n) : AUDIO_UNKNOWN;
    if (up->size > s->settings->answer_max_bytes)
        return error_set(err, STATUS_TOO_LARGE, "recording_too_large", "file",
                         "The recording of one answer may have %" PRIu64 " bytes", s->settings->answer_max_bytes);
    k->fd = up->fd;
    k->size = up->size;
    k->media_type = is == AUDIO_MP4 ? (up->video ? "video/mp4" : "audio/mp4") : up->video ? "video/webm" : "audio/webm";
    if (!sha256_parse(up->sha256, k->hash))
        return error_set(err, STATUS_INTERNAL, "upload_hash", NULL, "The upload has no hash");
    if (is == AUDIO_WEBM || is == AUDIO_MP4)
        return STATUS_OK;
    if (up->video)
        return error_set(err, STATUS_UNSUPPORTED, "film_unsupported", "file", "A film must be WebM or MP4");
    return encode(up, k, err);
}

/* Before the costly work: whether there is an open answer to be ended. */
static enum status check_open(struct services *s, struct id session, struct id answer, struct arena *a,
                              struct answer **ret, struct error *err)
{
    struct answer *x = NULL;
    enum status st = answer_find(s->db, answer, a, &x, err);
    if (st == STATUS_NOT_FOUND || (st == STATUS_OK && !id_equal(x->session_id, session)))
        return error_set(err, STATUS_NOT_FOUND, "not_found", NULL, "There is no such answer in this interview");
    if (st == STATUS_OK && x->status == ANSWER_ENDED)
        st = error_set(err, STATUS_CONFLICT, "answer_ended", NULL, "This question was answered already");
    if (st == STATUS_OK)
        *ret = x;
    return st;
}

static enum status transcribe(struct services *s, struct id session_id, const struct answer_upload *up, struct arena *a,
                              struct transcript **ret, struct error *err)
{
    cleanup(audio_free) struct audio sound = AUDIO_INIT;
    struct error own = {0};
    struct session *session = NULL;
    struct interview *i = NULL;
    if (!s->engines->stt)
        return error_set(err, STATUS_UNAVAILABLE, "engine_missing", NULL, "Speech recognition is not ready: %s",
                         s->engines->stt_error.message);
    enum status st = session_find(s->db, session_id, a, &session, err);
    if (st == STATUS_OK)
        st = interview_find(s->db, session->interview_id, a, &i, err);
    if (st != STATUS_OK)
        return st;
    st = speech_door_enter(s->speech_door, SPEECH_ENGINE_STT, err);
    if (st != STATUS_OK)
        return st;
    const struct stt_options o = {.language = choice_value(language_choices, i->language),
                                  .words = true,
                                  .sound_language = true,
                                  .thorough = true};
    st = of_the_file(audio_decode_fd(up->fd, ANSWER_UPLOAD_SECONDS_MAX, &sound, &own), &own, err);
    if (st == STATUS_OK)
        st = stt_transcribe(s->engines->stt, sound.pcm, sound.n, &o, a, ret, err);
    speech_door_leave(s->speech_door, SPEECH_ENGINE_STT);
    return st;
}

/* One segment of one chunk, finished: the remux job makes it seekable, as with any other. */
static enum status keep(struct services *s, const struct segment_ref *at, const struct kept *k,
                        struct storage_staged *staged, struct arena *a, struct error *err)
{
    struct segment_ref ref = *at;
    struct recording_segment *seg = NULL;
    enum chunk_outcome outcome = CHUNK_GAP;
    int64_t now = clock_unix_ms(s->clock), next_seq = 0;
    bool moved = false;
    enum status st = segment_create(s->db, ref.answer, ref.segment, k->media_type, 0, now, a, &seg, err);
    if (st == STATUS_OK)
        st = storage_publish(staged, err);
    if (st == STATUS_OK)
        st = chunk_insert(s->db, seg->id, 0, k->hash, (int64_t)k->size, now, &outcome, &next_seq, err);
    if (st == STATUS_OK && outcome != CHUNK_STORED)
        st = error_set(err, STATUS_CONFLICT, "segment_closed", NULL, "Another recording began meanwhile; try again");
    if (st == STATUS_OK)
        st = segment_finish(s->db, seg->id, 1, now, &moved, err);
    return st == STATUS_OK ? job_enqueue(s->db, "remux", seg->id, NULL, now, REMUX_ATTEMPTS, now, NULL, err) : st;
}

/* An utterance for each segment, with the words that begin before the next one does. */
static enum status add_words(struct services *s, struct id answer, const struct transcript *t, struct error *err)
{
    enum status st = STATUS_OK;
    for (size_t i = 0, from = 0, to = 0; st == STATUS_OK && i < t->n_segments; i++, from = to) {
        const struct stt_segment *x = &t->segments[i];
        while (to < t->n_words && (i + 1 == t->n_segments || t->words[to].start < x[1].start))
            to++;
        cleanup(freep) char *words = transcript_words_json(t->words + from, to - from, 0);
        const struct conduct_piece p = {
            llround(x->start * 1000),    llround(x->end * 1000), x->text, words, t->confidence,
            transcript_other_language(t)};
        st = conduct_put_utterance(s, answer, id_new(), SPEAKER_CANDIDATE, &p, err);
    }
    return st;
}

/* Recording, words and the end of the answer, as one. */
static enum status store(struct services *s, struct segment_ref ref, const struct kept *k, const struct transcript *t,
                         struct arena *a, struct error *err)
{
    cleanup(storage_staged_discard) struct storage_staged staged = STORAGE_STAGED_INIT;
    cleanup(db_txn_end) struct db_txn txn = {0};
    char key[RECORDING_KEY_MAX];
    const char *text = NULL;
    enum status st = segment_next(s->db, ref.answer, &ref.segment, err);
    if (st != STATUS_OK)
        return st;
    recording_chunk_key(&ref, 0, key);
    st = storage_stage_fd(s->storage, key, k->fd, &staged, err);
    if (st == STATUS_OK)
        st = db_begin(s->db, &txn, err);
    if (st == STATUS_OK)
        st = add_words(s, ref.answer, t, err); /* looks whether the answer and its interview still run */
    if (st == STATUS_OK)
        st = keep(s, &ref, k, &staged, a, err);
    if (st == STATUS_OK)
        st = conduct_end_answer(s, ref.answer, ANSWER_VOICE, NULL, a, &text, err);
    if (st == STATUS_OK)
        st = db_commit(&txn, err);
    if (st == STATUS_OK)
        jobs_wake(s->jobs);
    return st;
}

enum status answer_upload(struct services *s, struct id session, struct id answer, const struct answer_upload *up,
                          struct arena *a, struct session_state **ret, struct error *err)
{
    cleanup(kept_close) struct kept k = {.fd = -1, .own = -1};
    struct answer *x = NULL;
    struct transcript *t = NULL;
    enum status st = check_open(s, session, answer, a, &x, err);
    if (st == STATUS_OK)
        st = transcribe(s, session, up, a, &t, err);
    if (st == STATUS_OK)
        st = prepare(s, up, &k, err);
    if (st == STATUS_OK)
        st = store(s, (struct segment_ref){.session = session, .answer = answer}, &k, t, a, err);
    return st == STATUS_OK ? candidacy_start(s, session, a, ret, err) : st;
}
