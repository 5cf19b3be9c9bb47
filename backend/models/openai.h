#ifndef VIVA_MODELS_OPENAI_H
#define VIVA_MODELS_OPENAI_H
/* What OpenAI's API says and hears about speech, so that its clients work unchanged. Times are seconds. */

#include "models/field.h"

enum openai_text_format { OPENAI_JSON, OPENAI_TEXT, OPENAI_SRT, OPENAI_VERBOSE_JSON, OPENAI_VTT };
enum openai_granularity { OPENAI_WORD, OPENAI_SEGMENT };

struct openai_transcribe {
    struct presence presence;
    const char *model, *language, *prompt;
    int response_format; /* enum openai_text_format; JSON unless given */
    double temperature;
    uint64_t granularities; /* bits of enum openai_granularity */
    bool stream;
};
extern const struct model openai_transcribe_model;

struct openai_speech {
    struct presence presence;
    const char *model, *input, *voice, *instructions;
    int response_format; /* openai_speech_format(): MP3 unless given */
    double speed;        /* openai_speech_speed(): 1 unless given */
    int stream_format;
};
extern const struct model openai_speech_model;
int openai_speech_format(const struct openai_speech *r); /* enum audio_format of providers/audio.h */
double openai_speech_speed(const struct openai_speech *r);

struct openai_model {
    struct presence presence;
    const char *id, *object, *owned_by;
    int64_t created; /* Unix seconds */
};
struct openai_models {
    struct presence presence;
    const char *object;
    struct list data; /* struct openai_model */
};
extern const struct model openai_model_model, openai_models_model;

struct openai_usage {
    struct presence presence;
    const char *type;
    int64_t seconds;
};
struct openai_text {
    struct presence presence;
    const char *text;
    struct openai_usage *usage;
};
extern const struct model openai_usage_model, openai_text_model;

struct openai_segment {
    struct presence presence;
    int64_t id, seek;
    double start, end;
    const char *text, *tokens;
    double temperature, avg_logprob, compression_ratio, no_speech_prob;
};
struct openai_word {
    struct presence presence;
    const char *word;
    double start, end;
};
struct openai_verbose {
    struct presence presence;
    const char *task, *language, *text;
    double duration;
    struct list segments; /* struct openai_segment */
    struct list words;    /* struct openai_word */
    struct openai_usage *usage;
};
extern const struct model openai_segment_model, openai_word_model, openai_verbose_model;

#endif
