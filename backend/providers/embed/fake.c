/* For tests, by name only: a bag of words, each a place and a sign by its hash. The same words give the same vector,
 * whatever their order; what has no word in common is nearly at right angles. */

#include "providers/embed/embed_backend.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#define WORD_MIN 4 /* bytes: "the" means nothing */

static char g_model; /* nothing to hold; an address to give out */

static enum status fake_open(const struct provider_config *cfg, void **model, struct error *err)
{
    (void)cfg;
    (void)err;
    *model = &g_model;
    return STATUS_OK;
}

static void fake_close(void *model)
{
    (void)model;
}

static bool in_word(char c)
{
    return (c & 0x80) != 0 || isalnum((unsigned char)c);
}

static enum status fake_text(void *model, const char *text, float *out, struct error *err)
{
    double length = 0;
    (void)model;
    (void)err;
    memset(out, 0, EMBED_SIZE * sizeof *out);
    for (const char *p = text; *p != '\0';) {
        uint32_t h = 2166136261u; /* FNV-1a */
        for (; *p != '\0' && !in_word(*p); p++)
            ;
        if (*p == '\0')
            break;
        const char *start = p;
        for (; in_word(*p); p++)
            h = (h ^ (uint32_t)tolower((unsigned char)*p)) * 16777619u;
        if (p - start >= WORD_MIN)
            out[(h >> 8) % EMBED_SIZE] += h & 1 ? 1.0f : -1.0f;
    }
    for (int i = 0; i < EMBED_SIZE; i++)
        length += (double)out[i] * (double)out[i];
    if (length <= 0)
        out[0] = 1;
    for (int i = 0; length > 0 && i < EMBED_SIZE; i++)
        out[i] = (float)(out[i] / sqrt(length));
    return STATUS_OK;
}

const struct embed_backend embed_fake = {
    .version = EMBED_BACKEND_VERSION,
    .name = "fake",
    .open = fake_open,
    .close = fake_close,
    .text = fake_text,
};
