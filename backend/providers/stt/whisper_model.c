#include "providers/stt/whisper_model.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "providers/ort/ort.h"
#include "providers/stt/whisper_tokens.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_MAX  (16u << 20)
#define TOKENS_MAX (4u << 20)

static enum status read_int(struct whisper_model *m, const char *key, int *ret, struct error *err)
{
    const char *text = NULL;
    enum status st = ort_metadata(m->encoder, key, m->arena, &text, err);
    if (st == STATUS_OK && text[0] == '\0')
        return error_set(err, STATUS_UNAVAILABLE, "engine_failed", NULL,
                         "the model %s was not made by this version (no \"%s\"): run `viva models fetch`", m->name,
                         key);
    if (st == STATUS_OK)
        *ret = atoi(text);
    return st;
}

/* What models of an older conversion do not have: 0. */
static enum status read_optional(struct whisper_model *m, const char *key, int *ret, struct error *err)
{
    const char *text = NULL;
    enum status st = ort_metadata(m->encoder, key, m->arena, &text, err);
    if (st == STATUS_OK)
        *ret = atoi(text);
    return st;
}

static enum status read_numbers(struct whisper_model *m, struct error *err)
{
    int format = 0, multilingual = 0;
    const struct {
        const char *key;
        int *to;
    } fields[] = {
        {"format", &format},
        {"multilingual", &multilingual},
        {"n_layer", &m->n_layer},
        {"n_head", &m->n_head},
        {"head_dim", &m->head_dim},
        {"n_vocab", &m->n_vocab},
        {"n_audio_ctx", &m->n_audio_ctx},
        {"n_text_ctx", &m->n_text_ctx},
        {"start", &m->start},
        {"end", &m->end},
        {"transcribe", &m->transcribe},
        {"previous", &m->previous},
        {"no_timestamps", &m->no_timestamps},
        {"no_speech", &m->no_speech},
        {"blank", &m->blank},
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        enum status st = read_int(m, fields[i].key, fields[i].to, err);
        if (st != STATUS_OK)
            return st;
    }
    if (format != 2 || m->n_layer < 1 || m->n_layer > WHISPER_LAYERS)
        return error_set(err, STATUS_UNAVAILABLE, "engine_failed", NULL,
                         "the model %s has format %d with %d layers, which this version cannot run", m->name, format,
                         m->n_layer);
    m->multilingual = multilingual != 0;
    m->first_timestamp = m->no_timestamps + 1;
    return STATUS_OK;
}

static size_t count_items(const char *list)
{
    size_t n = list[0] != '\0';
    for (; *list != '\0'; list++)
        n += *list == ',';
    return n;
}

static enum status read_lists(struct whisper_model *m, struct error *err)
{
    const char *suppress = "", *tokens = "", *codes = "";
    enum status st = ort_metadata(m->encoder, "suppress", m->arena, &suppress, err);
    if (st == STATUS_OK)
        st = ort_metadata(m->encoder, "language_tokens", m->arena, &tokens, err);
    if (st == STATUS_OK)
        st = ort_metadata(m->encoder, "language_codes", m->arena, &codes, err);
    if (st != STATUS_OK)
        return st;
    m->suppress = arena_array(m->arena, count_items(suppress) + 1, sizeof *m->suppress);
    m->languages = arena_array(m->arena, count_items(tokens) + 1, sizeof *m->languages);
    if (m->suppress == NULL || m->languages == NULL)
        return arena_exhausted(err);
    char *end = NULL;
    for (const char *p = suppress; *p != '\0'; p = *end == ',' ? end + 1 : end)
        m->suppress[m->n_suppress++] = (int)strtol(p, &end, 10);
    for (const char *p = tokens; *p != '\0'; p = *end == ',' ? end + 1 : end) {
        size_t len = strcspn(codes, ",");
        struct whisper_language *l = &m->languages[m->n_languages++];
        l->token = (int)strtol(p, &end, 10);
        l->code = arena_strndup(m->arena, codes, len);
        if (l->code == NULL)
            return arena_exhausted(err);
        codes += len + (codes[len] == ',');
    }
    return STATUS_OK;
}

/* tokens, keep, then per layer cross_k, cross_v, self_k, self_v; logits, then per layer new_k, new_v. */
static enum status make_names(struct whisper_model *m, struct error *err)
{
    static const char *const prefixes[] = {"cross_k", "cross_v", "self_k", "self_v", "new_k", "new_v"};
    m->names = arena_array(m->arena, (size_t)m->n_layer * 6, sizeof *m->names);
    if (m->names == NULL)
        return arena_exhausted(err);
    m->in_names[0] = "tokens";
    m->in_names[1] = "keep";
    m->out_names[0] = "logits";
    for (int i = 0; i < m->n_layer; i++) {
        char(*n)[16] = m->names + 6 * i;
        for (int k = 0; k < 6; k++)
            snprintf(n[k], sizeof *n, "%s_%d", prefixes[k], i);
        for (int k = 0; k < 4; k++)
            m->in_names[2 + 4 * i + k] = n[k];
        for (int k = 0; k < 2; k++) {
            m->cross_names[2 * i + k] = n[k];
            m->out_names[1 + 2 * i + k] = n[4 + k];
        }
    }
    return STATUS_OK;
}

static enum status load_tokens(struct whisper_model *m, const struct provider_config *cfg, struct error *err)
{
    char path[768];
    cleanup(freep) char *text = NULL;
    size_t len = 0;

    snprintf(path, sizeof path, "%s/stt/%s/tokens.txt", cfg->models_dir, cfg->stt_model);
    enum status st = file_read(path, TOKENS_MAX, &text, &len, err);
    if (st != STATUS_OK)
        return error_set(err, STATUS_UNAVAILABLE, "engine_missing", NULL, "%s is not there: run `viva models fetch`",
                         path);
    return whisper_tokens_parse(m, text, err);
}

static bool plain_name(const char *s)
{
    return s[0] != '\0' && s[0] != '.' && strlen(s) < 40 && strchr(s, '/') == NULL;
}

enum status whisper_model_new(const struct provider_config *cfg, struct whisper_model **ret, struct error *err)
{
    char path[64];
    if (cfg->stt_model == NULL || !plain_name(cfg->stt_model))
        return error_set(err, STATUS_INVALID, "model_unknown", "STT_MODEL",
                         "STT_MODEL must name a folder of MODELS_DIR/stt");
    struct whisper_model *m = calloc(1, sizeof *m);
    if (m == NULL || (m->arena = arena_new(ARENA_MAX)) == NULL) {
        free(m);
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "no memory for speech recognition");
    }
    snprintf(m->name, sizeof m->name, "whisper/%s", cfg->stt_model);
    snprintf(path, sizeof path, "stt/%s/encoder.onnx", cfg->stt_model);
    enum status st = ort_session_new(cfg, path, cfg->threads, ORT_MALLOC, &m->encoder, err);
    snprintf(path, sizeof path, "stt/%s/decoder.onnx", cfg->stt_model);
    if (st == STATUS_OK)
        st = ort_session_new(cfg, path, cfg->threads, ORT_ARENA, &m->decoder, err);
    if (st == STATUS_OK)
        st = read_numbers(m, err);
    if (st == STATUS_OK)
        st = read_optional(m, "n_align", &m->n_align, err);
    if (st == STATUS_OK)
        st = read_optional(m, "align_shift_ms", &m->align_shift_ms, err);
    if (st == STATUS_OK)
        st = read_lists(m, err);
    if (st == STATUS_OK)
        st = make_names(m, err);
    if (st == STATUS_OK)
        st = load_tokens(m, cfg, err);
    if (st != STATUS_OK) {
        whisper_model_free(m);
        return st;
    }
    *ret = m;
    return STATUS_OK;
}

struct whisper_model *whisper_model_free(struct whisper_model *m)
{
    if (m != NULL) {
        ort_session_free(m->encoder);
        ort_session_free(m->decoder);
        arena_free(m->arena);
        free(m);
    }
    return NULL;
}

void whisper_state_clear(struct whisper_state *s)
{
    ort_release_all(s->cross, 2 * WHISPER_LAYERS);
    ort_release_all(s->self, 2 * WHISPER_LAYERS);
    ort_release(&s->logits);
    s->past = 0;
}

enum status whisper_state_rewind(struct whisper_state *s, struct error *err)
{
    static float nothing;
    const struct whisper_model *m = s->model;
    const int64_t empty[] = {1, m->n_head, 0, m->head_dim};
    enum status st = STATUS_OK;

    s->past = 0;
    for (int i = 0; st == STATUS_OK && i < 2 * m->n_layer; i++) {
        ort_release(&s->self[i]);
        st = ort_borrow(ORT_FLOAT, &nothing, empty, 4, &s->self[i], err);
    }
    return st;
}

enum status whisper_encode(const struct whisper_model *m, float *pcm, size_t n, struct whisper_state *s,
                           struct error *err)
{
    static const char *const in_names[] = {"pcm"};
    const int64_t dims[] = {1, (int64_t)n};
    struct OrtValue *in = NULL;

    whisper_state_clear(s);
    s->model = m;
    enum status st = ort_borrow(ORT_FLOAT, pcm, dims, 2, &in, err);
    if (st == STATUS_OK)
        st = ort_run(m->encoder, in_names, &in, 1, m->cross_names, s->cross, 2 * (size_t)m->n_layer, err);
    ort_release(&in);
    return st == STATUS_OK ? whisper_state_rewind(s, err) : st;
}

enum status whisper_step(struct whisper_state *s, int64_t *tokens, size_t n, float **logits, struct error *err)
{
    float *same = NULL;
    return whisper_step_at(s, tokens, n, n - 1, &same, logits, err);
}

/* One run over tokens that follow those of `self`. out: logits, then the new caches. */
static enum status feed(const struct whisper_state *s, struct OrtValue *const *self, int64_t *tokens, size_t n,
                        int64_t *keep, size_t n_keep, const char *const *out_names, struct OrtValue **out, size_t n_out,
                        struct error *err)
{
    const struct whisper_model *m = s->model;
    const size_t layers = (size_t)m->n_layer;
    const int64_t dims[] = {1, (int64_t)n}, keep_dims[] = {(int64_t)n_keep};
    struct OrtValue *in[2 + 4 * WHISPER_LAYERS] = {NULL};

    enum status st = ort_borrow(ORT_INT64, tokens, dims, 2, &in[0], err);
    if (st == STATUS_OK)
        st = ort_borrow(ORT_INT64, keep, keep_dims, 1, &in[1], err);
    for (size_t i = 0; i < layers; i++) {
        in[2 + 4 * i] = s->cross[2 * i];
        in[3 + 4 * i] = s->cross[2 * i + 1];
        in[4 + 4 * i] = self[2 * i];
        in[5 + 4 * i] = self[2 * i + 1];
    }
    if (st == STATUS_OK)
        st = ort_run(m->decoder, m->in_names, in, 2 + 4 * layers, out_names, out, n_out, err);
    ort_release_all(in, 2);
    return st;
}

static enum status too_many(struct error *err)
{
    return error_set(err, STATUS_INTERNAL, "engine_failed", NULL, "more tokens than the model has room for");
}

/* The caches grow by n tokens; *logits [n_keep, n_vocab]. */
static enum status step_kept(struct whisper_state *s, int64_t *tokens, size_t n, int64_t *keep, size_t n_keep,
                             float **logits, struct error *err)
{
    const struct whisper_model *m = s->model;
    const size_t layers = (size_t)m->n_layer;
    struct OrtValue *out[1 + 2 * WHISPER_LAYERS] = {NULL};

    if (s->past + (int)n > m->n_text_ctx)
        return too_many(err);
    enum status st = feed(s, s->self, tokens, n, keep, n_keep, m->out_names, out, 1 + 2 * layers, err);
    if (st != STATUS_OK)
        return st;
    ort_release(&s->logits);
    ort_release_all(s->self, 2 * layers);
    s->logits = out[0];
    memcpy(s->self, out + 1, 2 * layers * sizeof *out);
    s->past += (int)n;
    *logits = ort_data(s->logits);
    return STATUS_OK;
}

enum status whisper_step_at(struct whisper_state *s, int64_t *tokens, size_t n, size_t at, float **logits_at,
                            float **logits, struct error *err)
{
    const size_t n_keep = at + 1 == n ? 1 : 2;
    int64_t keep[] = {(int64_t)at, (int64_t)n - 1};

    enum status st = step_kept(s, tokens, n, keep, n_keep, logits_at, err);
    if (st == STATUS_OK)
        *logits = *logits_at + (n_keep - 1) * (size_t)s->model->n_vocab;
    return st;
}

enum status whisper_step_each(struct whisper_state *s, int64_t *tokens, size_t n, float **logits, struct error *err)
{
    int64_t keep[WHISPER_STEP_MAX];
    assert(n <= WHISPER_STEP_MAX);
    for (size_t i = 0; i < n; i++)
        keep[i] = (int64_t)i;
    return step_kept(s, tokens, n, keep, n, logits, err);
}

enum status whisper_state_cut(struct whisper_state *s, int n, struct error *err)
{
    const struct whisper_model *m = s->model;
    const int64_t dims[] = {1, m->n_head, n, m->head_dim};
    const size_t from = (size_t)(s->past * m->head_dim), to = (size_t)(n * m->head_dim);
    enum status st = STATUS_OK;

    for (int i = 0; st == STATUS_OK && n < s->past && i < 2 * m->n_layer; i++) {
        struct OrtValue *cut = NULL;
        st = ort_tensor(ORT_FLOAT, dims, 4, &cut, err);
        if (st != STATUS_OK)
            break;
        const float *whole = ort_data(s->self[i]);
        float *part = ort_data(cut);
        for (size_t h = 0; h < (size_t)m->n_head; h++)
            memcpy(part + h * to, whole + h * from, to * sizeof *part);
        ort_release(&s->self[i]);
        s->self[i] = cut;
    }
    s->past = n < s->past ? n : s->past;
    return st;
}

struct whisper_past *whisper_past_take(struct whisper_state *s)
{
    struct whisper_past *p = calloc(1, sizeof *p);
    if (p == NULL)
        return NULL;
    memcpy(p->self, s->self, sizeof p->self);
    p->logits = s->logits;
    p->n = s->past;
    p->refs = 1;
    memset(s->self, 0, sizeof s->self);
    s->logits = NULL;
    s->past = 0;
    return p;
}

struct whisper_past *whisper_past_unref(struct whisper_past *p)
{
    if (p != NULL && --p->refs == 0) {
        ort_release_all(p->self, 2 * WHISPER_LAYERS);
        ort_release(&p->logits);
        free(p);
    }
    return NULL;
}

enum status whisper_past_step(const struct whisper_state *s, const struct whisper_past *from, int token,
                              struct whisper_past **ret, struct error *err)
{
    const struct whisper_model *m = s->model;
    int64_t tokens[] = {token}, keep[] = {0};
    struct OrtValue *out[1 + 2 * WHISPER_LAYERS] = {NULL};

    if (from->n + 1 > m->n_text_ctx)
        return too_many(err);
    struct whisper_past *p = calloc(1, sizeof *p);
    if (p == NULL)
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "no memory for speech recognition");
    enum status st = feed(s, from->self, tokens, 1, keep, 1, m->out_names, out, 1 + 2 * (size_t)m->n_layer, err);
    if (st != STATUS_OK) {
        free(p);
        return st;
    }
    p->logits = out[0];
    memcpy(p->self, out + 1, 2 * (size_t)m->n_layer * sizeof *out);
    p->n = from->n + 1;
    p->refs = 1;
    *ret = p;
    return STATUS_OK;
}

enum status whisper_attend(struct whisper_state *s, int64_t *tokens, size_t n, struct OrtValue **attention,
                           size_t *frames, struct error *err)
{
    static const char *const out_names[] = {"attention"};
    const struct whisper_model *m = s->model;
    int64_t keep[] = {(int64_t)n - 1};
    struct OrtValue *out = NULL;

    enum status st = whisper_state_rewind(s, err);
    if (st == STATUS_OK)
        st = feed(s, s->self, tokens, n, keep, 1, out_names, &out, 1, err);
    if (st != STATUS_OK)
        return st;
    *frames = ort_count(out) / ((size_t)m->n_align * n);
    *attention = out;
    return STATUS_OK;
}
