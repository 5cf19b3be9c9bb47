/* The engines alone, timed in process. usage: bench_speech MODELS_DIR THREADS (stt FILE... | tts < LINES)
 * stt: file, seconds of sound, seconds taken, processor seconds, language, text. tts: seconds of sound, seconds taken,
 * seconds to the first sound, text. One tab-separated line each; the memory of the process at the end on standard
 * error. Loading and file decoding are not timed. */

#include "providers/audio.h"
#include "providers/provider.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LINE_MAX_BYTES 65536

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Of all threads of this process: what a busy machine leaves comparable. */
static double cpu(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int fail(const char *what, const struct error *err)
{
    fprintf(stderr, "bench_speech: %s: %s\n", what, err->message);
    return 1;
}

static void print_memory(void)
{
    char line[256];
    FILE *f = fopen("/proc/self/status", "r");
    while (f != NULL && fgets(line, sizeof line, f) != NULL)
        if (strncmp(line, "VmRSS", 5) == 0 || strncmp(line, "VmHWM", 5) == 0)
            fputs(line, stderr);
    if (f != NULL)
        fclose(f);
}

static int bench_stt(const struct provider_config *cfg, char **files, int n)
{
    struct error err = {0};
    struct stt *s = NULL;
    if (stt_new("whisper", cfg, &s, &err) != STATUS_OK)
        return fail("whisper", &err);
    for (int i = 0; i < n; i++) {
        struct audio sound = AUDIO_INIT;
        struct arena *a = arena_new(64u << 20);
        struct transcript *t = NULL;
        if (audio_decode_file(files[i], &sound, &err) != STATUS_OK)
            return fail(files[i], &err);
        const double start = now(), start_cpu = cpu();
        if (stt_transcribe(s, sound.pcm, sound.n, NULL, a, &t, &err) != STATUS_OK)
            return fail(files[i], &err);
        printf("%s\t%.3f\t%.3f\t%.3f\t%s\t%s\n", files[i], sound.duration, now() - start, cpu() - start_cpu,
               t->language, t->text);
        fflush(stdout);
        arena_free(a);
        audio_free(&sound);
    }
    print_memory();
    stt_free(s);
    return 0;
}

struct progress {
    double start, first, sound;
};

static enum status on_part(void *u, const struct speech *part, struct error *err)
{
    struct progress *p = u;
    (void)err;
    if (p->sound == 0)
        p->first = now() - p->start;
    p->sound += part->duration;
    return STATUS_OK;
}

static int bench_tts(const struct provider_config *cfg)
{
    static char line[LINE_MAX_BYTES];
    struct error err = {0};
    struct tts *t = NULL;
    if (tts_new("piper", cfg, &t, &err) != STATUS_OK)
        return fail("piper", &err);
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        struct arena *a = arena_new(512u << 20);
        struct progress p = {.start = now()};
        if (tts_synthesize_parts(t, line, NULL, 1, a, on_part, &p, &err) != STATUS_OK)
            return fail(line, &err);
        printf("%.3f\t%.3f\t%.3f\t%s\n", p.sound, now() - p.start, p.first, line);
        fflush(stdout);
        arena_free(a);
    }
    print_memory();
    tts_free(t);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: bench_speech MODELS_DIR THREADS (stt FILE... | tts < LINES)\n");
        return 2;
    }
    const struct provider_config cfg = {.models_dir = argv[1],
                                        .ort_library = "",
                                        .stt_model = "base",
                                        .threads = (unsigned)atoi(argv[2]),
                                        .parallel = 1};
    return strcmp(argv[3], "stt") == 0 ? bench_stt(&cfg, argv + 4, argc - 4) : bench_tts(&cfg);
}
