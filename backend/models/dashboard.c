#include "models/dashboard.h"

#include "models/session.h"
#include "models/tables.h"

static const struct field engine_fields[] = {
    FIELD(struct engine_health, ready, FIELD_BOOL, .flags = OUT),
    FIELD(struct engine_health, name, FIELD_STRING, .flags = OUT, .example = "whisper/base",
          .doc = "Engine and model in one. Empty when it is not ready."),
    FIELD(struct engine_health, engine, FIELD_STRING, .flags = OUT, .example = "whisper"),
    FIELD(struct engine_health, model, FIELD_STRING, .flags = OUT, .example = "base",
          .doc = "Empty where the engine has but one."),
    FIELD(struct engine_health, message, FIELD_STRING, .flags = OUT, .example = "",
          .doc = "What is missing, when it is not ready."),
    FIELD(struct engine_health, calls, FIELD_INT, .flags = OUT, .min = 0, .max = 9007199254740991, .example = "1024",
          .doc = "That went well since the start."),
    FIELD(struct engine_health, latency_ms, FIELD_NUMBER, .flags = OUT_NULL, .min = 0, .max = 1e12, .example = "412.5",
          .doc = "Median of the last five minutes, else since the start; null before the first. A call of vad is one "
                 "frame of 32 ms."),
};
const struct model engine_health_model =
    MODEL("EngineHealth", struct engine_health, engine_fields, "Whether an engine works.");

static const struct field engines_fields[] = {
    FIELD(struct engines_health, stt, FIELD_OBJECT, .flags = OUT, .model = &engine_health_model,
          .doc = "Speech to text."),
    FIELD(struct engines_health, tts, FIELD_OBJECT, .flags = OUT, .model = &engine_health_model,
          .doc = "Text to speech."),
    FIELD(struct engines_health, vad, FIELD_OBJECT, .flags = OUT, .model = &engine_health_model,
          .doc = "Voice activity."),
};
const struct model engines_health_model =
    MODEL("EnginesHealth", struct engines_health, engines_fields, "The engines an interview needs.");

static const struct field dashboard_fields[] = {
    FIELD(struct dashboard_data, interviews_open, FIELD_INT, .flags = OUT),
    FIELD(struct dashboard_data, sessions_in_progress, FIELD_INT, .flags = OUT),
    FIELD(struct dashboard_data, sessions_completed, FIELD_INT, .flags = OUT),
    FIELD(struct dashboard_data, awaiting_review, FIELD_LIST, .flags = OUT, .model = &session_summary_model,
          .doc = "Completed, newest first, at most six."),
    FIELD(struct dashboard_data, running, FIELD_LIST, .flags = OUT, .model = &session_summary_model,
          .doc = "In progress, newest first, at most six."),
    FIELD(struct dashboard_data, engines, FIELD_OBJECT, .flags = OUT, .model = &engines_health_model),
    FIELD(struct dashboard_data, recent, FIELD_LIST, .flags = OUT, .model = &session_summary_model),
};
const struct model dashboard_data_model =
    MODEL("DashboardData", struct dashboard_data, dashboard_fields, "The first page after logging in.");
