#ifndef VIVA_PROVIDERS_PROVIDER_H
#define VIVA_PROVIDERS_PROVIDER_H
/* What every provider shares. A provider is chosen by name from the settings; "fake" exists for tests, by name only.
 * A const vtable with a version, documented here; instances are thread-safe unless a comment says otherwise. */

#include "base/arena.h"
#include "base/latency.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

struct provider_config {
    const char *models_dir;  /* absolute */
    const char *ort_library; /* path of libonnxruntime.so, "" : look in models_dir/lib, then the system's */
    const char *stt_model;   /* "base" | "tiny.en" */
    unsigned threads;        /* intra-op threads of one inference */
    unsigned parallel;       /* inferences that may run side by side */
};

/* ---- speech to text: mono float PCM at 16 kHz, any length ---- */
/* A word as it stands in the text, its punctuation with it; p: how likely it is the word that was said, 0..1: of words
 * with 0.8 about four of five are right (calibrated on English speech with and without noise, bench/speech/hearing.py
 * prints the table; of other languages it is a guess). Words that are missing it knows nothing of. Seconds. Words are
 * what spaces separate, in order; in writing without spaces, what the recogniser took as one. */
struct stt_word {
    double start, end;
    const char *text;
    double p;
};
struct stt_segment {
    double start, end;
    const char *text;
}; /* seconds from the start of the sound */
/* How likely each way to go on was to the recogniser right after the last word of the last window, before any of its
 * rules: what it knows of sentences, as far as it hears one. They add up to 1. */
struct stt_ending {
    bool known;
    float stop;  /* . ! ? */
    float pause; /* , ; : */
    float trail; /* ... and dashes: the sentence breaks off */
    float word;  /* another word, or more of this one */
    float end;   /* nothing more */
};
struct transcript {
    const char *language;    /* ISO 639-1 */
    const char *sounds_like; /* the language it sounds like, asked for by sound_language; else "" */
    double sounds_like_probability;
    double language_probability; /* 0..1 */
    double duration;             /* of the sound, seconds */
    char *text;                  /* trimmed, "" when nothing was said */
    struct stt_segment *segments;
    size_t n_segments;
    struct stt_word *words; /* when they were asked for and the engine can time them */
    size_t n_words;
    double avg_logprob; /* mean log probability of the tokens */
    double no_speech;   /* 0..1 */
    struct stt_ending ending;
    double confidence; /* 0..1, the share of its words that is likely right: the mean of their p; NAN: not known */
};
struct stt_options {
    const char *language; /* NULL or "": detect */
    const char *prompt;   /* words to expect, may be NULL */
    const char *likely; /* what it will likely turn out to say, from its beginning: where it does, that is found sooner.
                           May be NULL */
    bool already_gated; /* the caller has run voice activity detection: do not do it again */
    bool words;         /* with the times of words */
    bool sound_language; /* language given: tell also which it sounds like */
    bool thorough;  /* where it is not sure of the words it may take some three times as long to find better ones */
    bool unhurried; /* with thorough: wider still, and in languages other than English everywhere */
    bool draft;     /* the words of a moment: one try has to do where a second might do better */
};
struct stt; /* opaque, thread-safe: calls beyond `parallel` wait their turn */
enum status stt_new(const char *name, const struct provider_config *cfg, struct stt **ret,
                    struct error *err) must_check;
struct stt *stt_free(struct stt *s);
const char *stt_name(const struct stt *s); /* "whisper/base", for reports */
/* Words as they are stored: [["word", start_ms, end_ms, probability], ...], in ms from from_ms before the sound's
 * start. malloc'd; NULL when there are none, or no memory. */
char *transcript_words_json(const struct stt_word *words, size_t n, int64_t from_ms);
/* Of each call that succeeded, its waiting for its turn included; here and below. NULL when it is not measured. */
struct latency *stt_latency(const struct stt *s);
/* The language that it sounds like (ISO 639-1) when that is sure and not the one that it was written down in; else "".
 */
const char *transcript_other_language(const struct transcript *t);
/* The transcript lives in a. Blocks for the length of the inference. */
enum status stt_transcribe(struct stt *s, const float *pcm, size_t n, const struct stt_options *o, struct arena *a,
                           struct transcript **ret, struct error *err) must_check;

/* ---- text to speech ---- */
struct phoneme {
    const char *phoneme;
    double start, end;
}; /* IPA symbol as avatar.md's table has it, or "sil"; seconds */
struct word_time {
    const char *word;
    double start, end;
}; /* the words of the text as written, seconds */
struct speech {
    int16_t *pcm; /* mono */
    size_t n_samples;
    unsigned sample_rate;     /* Hz, the voice's own */
    double duration;          /* seconds */
    struct phoneme *phonemes; /* contiguous, in order, first starts at 0, last ends at duration */
    size_t n_phonemes;
    struct word_time *words; /* may be empty */
    size_t n_words;
};
struct voice_info {
    const char *id, *name, *language, *gender;
};
struct tts;
enum status tts_new(const char *name, const struct provider_config *cfg, struct tts **ret,
                    struct error *err) must_check;
struct tts *tts_free(struct tts *t);
const char *tts_name(const struct tts *t);
struct latency *tts_latency(const struct tts *t); /* one that plays its parts lasts as long as they */
const struct voice_info *tts_voices(const struct tts *t, size_t *n);
/* voice NULL or "": the first. speed 1.0 normal (0.5..2). The speech lives in a. */
enum status tts_synthesize(struct tts *t, const char *text, const char *voice, double speed, struct arena *a,
                           struct speech **ret, struct error *err) must_check;

/* The same in parts: on_part is called for each as soon as it is made, on this thread, so that a long text sounds
 * before all of it is there. A part's times begin at 0; played one after the other the parts are the whole. Each lives
 * in a, and its words are those it says. An error from on_part stops the synthesis and is returned. */
enum tts_parts {
    TTS_SENTENCES, /* sounds best: the voice plans a sentence as one */
    TTS_CLAUSES    /* sounds soonest: a long sentence begins with its first clause, and the parts after it grow */
};
typedef enum status tts_part_fn(void *u, const struct speech *part, struct error *err);
enum status tts_synthesize_parts(struct tts *t, const char *text, const char *voice, double speed, enum tts_parts parts,
                                 struct arena *a, tts_part_fn *on_part, void *u, struct error *err) must_check;

/* ---- voice activity ---- */
#define VAD_FRAME 512 /* samples at 16 kHz: 32 ms */
struct vad;           /* thread-safe, holds the model */
struct vad_stream;    /* one per microphone; not thread-safe */
enum status vad_new(const char *name, const struct provider_config *cfg, struct vad **ret,
                    struct error *err) must_check;
struct vad *vad_free(struct vad *v);
const char *vad_name(const struct vad *v);
struct latency *vad_latency(const struct vad *v); /* of one frame */
enum status vad_stream_new(struct vad *v, struct vad_stream **ret, struct error *err) must_check;
struct vad_stream *vad_stream_free(struct vad_stream *s);
void vad_stream_reset(struct vad_stream *s);
/* Probability 0..1 that these VAD_FRAME samples hold speech. */
enum status vad_stream_push(struct vad_stream *s, const float pcm[VAD_FRAME], float *probability,
                            struct error *err) must_check;

/* ---- end of turn: whether who was speaking has finished, by ear ---- */
#define TURN_SAMPLES 128000 /* at 16 kHz: the last 8 s are looked at */
struct turn;                /* thread-safe */
enum status turn_new(const char *name, const struct provider_config *cfg, struct turn **ret,
                     struct error *err) must_check;
struct turn *turn_free(struct turn *t);
const char *turn_name(const struct turn *t);
/* Probability 0..1 that the speech in these samples (mono, 16 kHz; their end is now, in a pause) is complete. */
enum status turn_judge(struct turn *t, const float *pcm, size_t n, float *probability, struct error *err) must_check;

/* ---- sentence vectors: texts that mean the same lie near each other ---- */
#define EMBED_SIZE 384
struct embed; /* thread-safe */
enum status embed_new(const char *name, const struct provider_config *cfg, struct embed **ret,
                      struct error *err) must_check;
struct embed *embed_free(struct embed *e);
const char *embed_name(const struct embed *e);
/* The vectors of n texts, each EMBED_SIZE floats of length 1, one after the other. The same text gives the same vector,
 * whatever stands beside it. Only the beginning of a long text is looked at (some 200 words). */
enum status embed_texts(struct embed *e, const char *const *texts, size_t n, float *out, struct error *err) must_check;
double embed_similarity(const float *a, const float *b); /* the cosine, -1..1 */

/* A text word by word: pieces of words, each with a vector of what it means where it stands. */
struct embed_token {
    int64_t id;          /* the same piece has the same */
    double weight;       /* how rare it is: 0 for marks and the commonest words, about 4 for the rarest */
    const float *vector; /* EMBED_SIZE floats of length 1 */
};
struct embed_tokens {
    struct embed_token *items; /* in the text's order */
    size_t count;
    float *vectors; /* theirs */
};
/* Of the beginning of a long text too. embed_tokens_free when STATUS_OK. */
enum status embed_tokens(struct embed *e, const char *text, struct embed_tokens *ret, struct error *err) must_check;
void embed_tokens_free(struct embed_tokens *t); /* harmless on a zeroed one */

#endif
