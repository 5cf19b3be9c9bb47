#ifndef VIVA_MODELS_SPEECH_H
#define VIVA_MODELS_SPEECH_H
/* Speech over REST. Times are seconds. */

#include "models/field.h"

struct tts_request {
    struct presence presence;
    const char *text;
    int voice;    /* index into voice_choices; 0 unless given */
    double speed; /* tts_speed(): 1 unless given */
    int format;   /* enum speech_format; WAV unless given */
};
enum speech_format { SPEECH_WAV, SPEECH_OPUS };
extern const struct model tts_request_model;
double tts_speed(const struct tts_request *r);

struct phoneme_time {
    struct presence presence;
    const char *phoneme;
    double start, end;
};
struct spoken_word {
    struct presence presence;
    const char *word;
    double start, end;
};
struct tts_timed {
    struct presence presence;
    const char *audio; /* base64 */
    const char *media_type;
    int64_t sample_rate;
    double duration_ms;
    struct list phonemes; /* struct phoneme_time */
    struct list words;    /* struct spoken_word */
};
extern const struct model phoneme_time_model, spoken_word_model, tts_timed_model;

struct transcribe_request {
    struct presence presence;
    const char *language; /* NULL: detected */
    const char *prompt;
};
extern const struct model transcribe_request_model;

struct transcription_segment {
    struct presence presence;
    double start, end;
    const char *text;
};
extern const struct model transcription_segment_model;

struct transcription {
    struct presence presence;
    const char *language;
    double duration;
    const char *text;
    struct list segments;          /* struct transcription_segment */
    struct list words;             /* not shown; struct spoken_word, when they were asked for */
    double avg_logprob, no_speech; /* not shown */
};
extern const struct model transcription_model;

#endif
