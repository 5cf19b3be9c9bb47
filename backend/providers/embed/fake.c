/* For tests, by name only: a bag of words, each a place and a sign by its hash. The same words give the same vector,
 * whatever their order; what has no word in common is nearly at right angles. */

#include "providers/embed/embed_backend.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
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

/* The next word's hash (FNV-1a) and length, 0 at the end; *p moves behind it. */
static size_t next_word(const char **p, uint32_t *hash)
{
    for (; **p != '\0' && !in_word(**p); (*p)++)
        ;
    const char *start = *p;
    *hash = 2166136261u;
    for (; in_word(**p); (*p)++)
        *hash = (*hash ^ (uint32_t)tolower((unsigned char)**p)) * 16777619u;
    return (size_t)(*p - start);
}

static enum status fake_text(void *model, const char *text, float *out, struct error *err)
{
    double length = 0;
    uint32_t h;
    (void)model;
    (void)err;
    memset(out, 0, EMBED_SIZE * sizeof *out);
    for (size_t n; (n = next_word(&text, &h)) > 0;)
        if (n >= WORD_MIN)
            out[(h >> 8) % EMBED_SIZE] += h & 1 ? 1.0f : -1.0f;
    for (int i = 0; i < EMBED_SIZE; i++)
        length += (double)out[i] * (double)out[i];
    if (length <= 0)
        out[0] = 1;
    for (int i = 0; length > 0 && i < EMBED_SIZE; i++)
        out[i] = (float)(out[i] / sqrt(length));
    return STATUS_OK;
}

/* A word's vector is its place alone. */
static enum status fake_tokens(void *model, const char *text, struct embed_tokens *ret, struct error *err)
{
    const size_t room = strlen(text) / 2 + 1;
    uint32_t h;
    (void)model;
    ret->items = calloc(room, sizeof *ret->items);
    ret->vectors = calloc(room * EMBED_SIZE, sizeof *ret->vectors);
    if (!ret->items || !ret->vectors)
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "no memory for a text's words");
    for (size_t n; (n = next_word(&text, &h)) > 0; ret->count++) {
        ret->items[ret->count] = (struct embed_token){.id = h, .weight = n >= WORD_MIN};
        ret->vectors[ret->count * EMBED_SIZE + (h >> 8) % EMBED_SIZE] = h & 1 ? 1.0f : -1.0f;
    }
    return STATUS_OK;
}

const struct embed_backend embed_fake = {
    .version = EMBED_BACKEND_VERSION,
    .name = "fake",
    .open = fake_open,
    .close = fake_close,
    .text = fake_text,
    .tokens = fake_tokens,
};
