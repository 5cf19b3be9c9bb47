#ifndef VIVA_PROVIDERS_STT_WHISPER_MODEL_H
#define VIVA_PROVIDERS_STT_WHISPER_MODEL_H
/* Whisper's two graphs as tools/models/convert_whisper.py makes them, and its token table. No decoding rules here. */

#include "providers/provider.h"

#define WHISPER_RATE     16000
#define WHISPER_HOP      320 /* samples of one encoder frame, and of one timestamp step: 20 ms */
#define WHISPER_STEP     ((double)WHISPER_HOP / WHISPER_RATE) /* the same in seconds */
#define WHISPER_LAYERS   32                                   /* at most */
#define WHISPER_STEP_MAX 32                                   /* tokens of one whisper_step_each */

struct OrtValue;
struct ort_session;

struct whisper_language {
    int token;
    const char *code; /* ISO 639-1 */
};

struct whisper_token {
    const char *text; /* NUL-terminated bytes; may be a part of a UTF-8 character */
    size_t len;
};

struct whisper_model {
    struct arena *arena; /* holds what is below */
    struct ort_session *encoder, *decoder;
    char name[64]; /* "whisper/base" */
    bool multilingual;
    int n_layer, n_head, head_dim, n_vocab, n_audio_ctx, n_text_ctx;
    int n_align;        /* heads that follow the sound; 0: words cannot be timed */
    int align_shift_ms; /* how late what they look at sounds, of this model */
    int start, end, transcribe, previous, no_timestamps, no_speech, blank;
    int first_timestamp; /* the token of 0.00 s */
    int *suppress;       /* tokens never sampled */
    size_t n_suppress;
    struct whisper_language *languages;
    size_t n_languages;
    struct whisper_token *tokens; /* by id, for ids < end */
    int *by_text;                 /* ids < end in the order of their texts, for the tokeniser */
    char (*names)[16];            /* of the inputs and outputs */
    const char *in_names[2 + 4 * WHISPER_LAYERS], *out_names[1 + 2 * WHISPER_LAYERS], *cross_names[2 * WHISPER_LAYERS];
};

/* Loads models_dir/stt/<model>. */
enum status whisper_model_new(const struct provider_config *cfg, struct whisper_model **ret,
                              struct error *err) must_check;
struct whisper_model *whisper_model_free(struct whisper_model *m);

/* What one window is decoded with: the encoder's output and the growing caches. */
struct whisper_state {
    const struct whisper_model *model;
    struct OrtValue *cross[2 * WHISPER_LAYERS], *self[2 * WHISPER_LAYERS], *logits;
    int past; /* tokens in the caches */
};
void whisper_state_clear(struct whisper_state *s);
/* Forgets the tokens, keeps what was encoded. */
enum status whisper_state_rewind(struct whisper_state *s, struct error *err) must_check;

/* pcm: n samples, n a multiple of WHISPER_HOP, at most 30 s. Clears s first. */
enum status whisper_encode(const struct whisper_model *m, float *pcm, size_t n, struct whisper_state *s,
                           struct error *err) must_check;
/* Feeds tokens; *logits [n_vocab] is for what follows the last of them, writable, valid until the next step. */
enum status whisper_step(struct whisper_state *s, int64_t *tokens, size_t n, float **logits,
                         struct error *err) must_check;
/* The same, and *logits_at for what follows token `at` (the same memory when that is the last). */
enum status whisper_step_at(struct whisper_state *s, int64_t *tokens, size_t n, size_t at, float **logits_at,
                            float **logits, struct error *err) must_check;

/* The same, and what follows each of them: *logits [n, n_vocab]; n up to WHISPER_STEP_MAX. */
enum status whisper_step_each(struct whisper_state *s, int64_t *tokens, size_t n, float **logits,
                              struct error *err) must_check;
/* Forgets all but the first n tokens. */
enum status whisper_state_cut(struct whisper_state *s, int n, struct error *err) must_check;

/* Caches that several continuations begin from. */
struct whisper_past {
    struct OrtValue *self[2 * WHISPER_LAYERS], *logits;
    int n; /* tokens in them */
    unsigned refs;
};
/* Takes what s holds of the tokens so far out of it (s: rewind it before its next step). NULL: no memory. */
struct whisper_past *whisper_past_take(struct whisper_state *s);
struct whisper_past *whisper_past_unref(struct whisper_past *p); /* takes NULL, returns NULL */
/* One token more, `from` stays as it is; s: only what was encoded is used. (*ret)->logits: of what follows. */
enum status whisper_past_step(const struct whisper_state *s, const struct whisper_past *from, int token,
                              struct whisper_past **ret, struct error *err) must_check;

/* Feeds n tokens from the start on (forgets the others) and tells what each looked at: *attention [n_align, n, frames],
 * the caller's to release. Words cannot be timed without n_align. */
enum status whisper_attend(struct whisper_state *s, int64_t *tokens, size_t n, struct OrtValue **attention,
                           size_t *frames, struct error *err) must_check;

/* Byte-pair encoding of text into ids (GPT-2's, ranks are the ids). At most max, the rest is dropped. Returns the
 * number. */
size_t whisper_tokenize(const struct whisper_model *m, const char *text, int64_t *ids, size_t max);

#endif
