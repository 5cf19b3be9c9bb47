#ifndef VIVA_MODELS_SPEECH_H
#define VIVA_MODELS_SPEECH_H
/* Speech over REST. Times are seconds. */

#include "models/field.h"

struct tts_request {
    struct presence presence;
    const char *text;
    int voice;    /* index into voice_choices; 0 unless given */
    double speed; /* tts_speed(): 1 unless given */
};
extern const struct model tts_request_model;
double tts_speed(const struct tts_request *r);

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
    struct list segments; /* struct transcription_segment */
};
extern const struct model transcription_model;

#endif
