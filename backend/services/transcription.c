#include "services/transcription.h"

#include "base/cleanup.h"
#include "providers/audio.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum status read_all(int fd, char **ret, size_t *len, struct error *err)
{
    struct stat sb;
    if (fstat(fd, &sb) || sb.st_size == 0)
        return error_set(err, STATUS_INVALID, "body_empty", "body", "The body must be a sound file");
    size_t size = (size_t)sb.st_size, got = 0;
    char *data = malloc(size);
    if (!data)
        return error_set(err, STATUS_NO_MEMORY, "no_memory", NULL, "Out of memory");
    while (got < size) {
        ssize_t n = pread(fd, data + got, size - got, (off_t)got);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            free(data);
            return error_set(err, STATUS_IO, "disk_read", NULL, "The upload could not be read back");
        }
        got += (size_t)n;
    }
    *ret = data;
    *len = size;
    return STATUS_OK;
}

static enum status to_model(const struct transcript *t, struct arena *a, struct transcription **ret, struct error *err)
{
    struct transcription *out = arena_new_of(a, struct transcription);
    struct transcription_segment *seg = arena_array(a, t->n_segments + 1, sizeof *seg);
    if (!out || !seg)
        return arena_exhausted(err);
    for (size_t i = 0; i < t->n_segments; i++) {
        seg[i].start = t->segments[i].start;
        seg[i].end = t->segments[i].end;
        seg[i].text = t->segments[i].text;
    }
    out->language = t->language;
    out->duration = t->duration;
    out->text = t->text;
    out->segments = (struct list){seg, t->n_segments};
    *ret = out;
    return STATUS_OK;
}

enum status transcription_of_fd(struct services *s, int fd, const char *language, struct arena *a,
                                struct transcription **ret, struct error *err)
{
    cleanup(freep) char *data = NULL;
    cleanup(audio_free) struct audio sound = AUDIO_INIT;
    struct transcript *t = NULL;
    size_t len = 0;
    if (!s->engines->stt)
        return error_set(err, STATUS_UNAVAILABLE, "engine_missing", NULL, "Speech recognition is not ready: %s",
                         s->engines->stt_error.message);
    if (language && *language &&
        (strlen(language) != 2 || !islower((unsigned char)language[0]) || !islower((unsigned char)language[1])))
        return error_set(err, STATUS_INVALID, "field_format", "language", "language must be two letters, such as en");
    enum status st = read_all(fd, &data, &len, err);
    if (st == STATUS_OK)
        st = audio_decode_bytes(data, len, &sound, err);
    struct stt_options o = {.language = language};
    if (st == STATUS_OK)
        st = stt_transcribe(s->engines->stt, sound.pcm, sound.n, &o, a, &t, err);
    return st == STATUS_OK ? to_model(t, a, ret, err) : st;
}
