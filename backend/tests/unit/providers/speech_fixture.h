#ifndef VIVA_TESTS_SPEECH_FIXTURE_H
#define VIVA_TESTS_SPEECH_FIXTURE_H
/* Where the real engines and real recordings are, and sound made on the spot. Tests with models or recordings skip, and
 * say so, where there are none; `make test` fetches the models first. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/file.h"
#include "providers/audio.h"
#include "providers/provider.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RATE 16000

static inline const char *models_dir(void)
{
    static char path[512];
    const char *given = getenv("VIVA_TEST_MODELS_DIR"), *cache = getenv("VIVA_CACHE"), *home = getenv("HOME");
    if (given != NULL)
        snprintf(path, sizeof path, "%s", given);
    else if (cache != NULL)
        snprintf(path, sizeof path, "%s/models", cache);
    else
        snprintf(path, sizeof path, "%s/.cache/viva/models", home == NULL ? "" : home);
    char manifest[600];
    snprintf(manifest, sizeof manifest, "%s/manifest.json", path);
    return file_exists(manifest) ? path : NULL;
}

static inline struct provider_config real_config(void)
{
    return (struct provider_config){
        .models_dir = models_dir(), .ort_library = "", .stt_model = "base", .threads = 2, .parallel = 2};
}

static inline struct provider_config no_config(void)
{
    return (struct provider_config){
        .models_dir = "/nonexistent", .ort_library = "", .stt_model = "base", .threads = 1, .parallel = 2};
}

/* A recording of shared/data/speech beside the repository, or NULL. */
static inline const char *recording(const char *name)
{
    static char path[1024];
    const char *folder = getenv("VIVA_SPEECH_DATA");
    if (folder != NULL)
        snprintf(path, sizeof path, "%s/%s", folder, name);
    else
        snprintf(path, sizeof path, "%s/../shared/data/speech/%s", VIVA_SOURCE_DIR, name);
    return file_exists(path) ? path : NULL;
}

static inline float *tone(size_t n, double hz, double loudness)
{
    float *x = malloc(n * sizeof *x);
    for (size_t i = 0; i < n; i++)
        x[i] = (float)(loudness * sin(2 * M_PI * hz * (double)i / RATE));
    return x;
}

/* The same on every machine: a linear congruential generator. */
static inline float *noise(size_t n, double loudness)
{
    float *x = malloc(n * sizeof *x);
    uint32_t state = 12345;
    for (size_t i = 0; i < n; i++) {
        state = state * 1664525u + 1013904223u;
        x[i] = (float)(loudness * ((double)(state >> 8) / (1 << 23) - 1));
    }
    return x;
}

/* Lower-case letters and digits, words apart by one space. */
static inline char *simple(const char *s)
{
    char *out = calloc(1, strlen(s) + 2);
    size_t n = 0;
    for (; *s != '\0'; s++) {
        if (isalnum((unsigned char)*s))
            out[n++] = (char)tolower((unsigned char)*s);
        else if (*s != '\'' && n > 0 && out[n - 1] != ' ')
            out[n++] = ' ';
    }
    while (n > 0 && out[n - 1] == ' ')
        out[--n] = '\0';
    return out;
}

static inline size_t split(char *s, char **words, size_t max)
{
    size_t n = 0;
    for (char *save = NULL, *w = strtok_r(s, " ", &save); w != NULL && n < max; w = strtok_r(NULL, " ", &save))
        words[n++] = w;
    return n;
}

/* Word error rate of heard against said, both simplified. */
static inline double word_errors(const char *said, const char *heard)
{
    char *a = simple(said), *b = simple(heard), *x[512], *y[512];
    size_t nx = split(a, x, 512), ny = split(b, y, 512), row[513];
    for (size_t j = 0; j <= ny; j++)
        row[j] = j;
    for (size_t i = 1; i <= nx; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= ny; j++) {
            size_t best = diagonal + (strcmp(x[i - 1], y[j - 1]) != 0);
            best = row[j] + 1 < best ? row[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            diagonal = row[j];
            row[j] = best;
        }
    }
    double rate = nx == 0 ? (double)ny : (double)row[ny] / (double)nx;
    free(a);
    free(b);
    return rate;
}

#endif
