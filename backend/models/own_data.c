#include "models/own_data.h"

#include "models/session.h"
#include "models/tables.h"

static const struct field recording_fields[] = {
    FIELD(struct own_recording, answer_id, FIELD_ID, .flags = OUT),
    FIELD(struct own_recording, position, FIELD_INT, .flags = OUT, .example = "1"),
    FIELD(struct own_recording, segment, FIELD_INT, .flags = OUT, .example = "0"),
    FIELD(struct own_recording, media_type, FIELD_STRING, .flags = OUT, .example = "video/webm"),
    FIELD(struct own_recording, status, FIELD_ENUM, .flags = OUT, .choices = recording_status_choices),
    FIELD(struct own_recording, offset_ms, FIELD_INT, .flags = OUT, .example = "0"),
    FIELD(struct own_recording, lead_ms, FIELD_INT, .flags = OUT, .example = "0"),
    FIELD(struct own_recording, duration_ms, FIELD_INT, .flags = OUT, .example = "48000"),
    FIELD(struct own_recording, media_url, FIELD_STRING, .flags = OUT_NULL, .max = 2048,
          .doc = "Opens with the session token; null until ready.",
          .example = "/api/v1/public/sessions/x/answers/y/recordings/0/media"),
};
const struct model own_recording_model =
    MODEL("OwnRecording", struct own_recording, recording_fields, "A recording of oneself.");

static const struct field resume_fields[] = {
    FIELD(struct own_resume, file_name, FIELD_STRING, .flags = OUT, .example = "sam-example.pdf"),
    FIELD(struct own_resume, media_type, FIELD_STRING, .flags = OUT, .example = "application/pdf"),
    FIELD(struct own_resume, bytes, FIELD_INT, .flags = OUT, .example = "48213"),
    FIELD(struct own_resume, uploaded_at, FIELD_TIME, .flags = OUT),
    FIELD(struct own_resume, sha256, FIELD_STRING, .flags = OUT,
          .example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
    FIELD(struct own_resume, text, FIELD_TEXT, .flags = OUT, .max = 200000, .example = "Sam Example"),
};
const struct model own_resume_model = MODEL("OwnResume", struct own_resume, resume_fields, "The resume that is held.");

static const struct field data_fields[] = {
    FIELD(struct own_data, format, FIELD_STRING, .flags = OUT, .example = "viva.own-data/1"),
    FIELD(struct own_data, exported_at, FIELD_TIME, .flags = OUT),
    FIELD(struct own_data, notice, FIELD_TEXT, .flags = OUT, .example = "Not in this file: ..."),
    FIELD(struct own_data, full_name, FIELD_STRING, .flags = OUT, .example = "Sam Example"),
    FIELD(struct own_data, email, FIELD_EMAIL, .flags = OUT, .example = "sam@example.org"),
    FIELD(struct own_data, registered_at, FIELD_TIME, .flags = OUT),
    FIELD(struct own_data, consent_recording_at, FIELD_TIME, .flags = OUT),
    FIELD(struct own_data, consent_ai_at, FIELD_TIME, .flags = OUT),
    FIELD(struct own_data, interview_title, FIELD_STRING, .flags = OUT, .example = "Field engineer"),
    FIELD(struct own_data, job_role, FIELD_STRING, .flags = OUT, .example = "Field engineer"),
    FIELD(struct own_data, organisation, FIELD_STRING, .flags = OUT, .example = "Halden Water"),
    FIELD(struct own_data, session_id, FIELD_ID, .flags = OUT),
    FIELD(struct own_data, status, FIELD_ENUM, .flags = OUT, .choices = session_status_choices),
    FIELD(struct own_data, started_at, FIELD_TIME, .flags = OUT_NULL),
    FIELD(struct own_data, completed_at, FIELD_TIME, .flags = OUT_NULL),
    FIELD(struct own_data, recordings_erased_at, FIELD_TIME, .flags = OUT_NULL),
    FIELD(struct own_data, answers, FIELD_LIST, .flags = OUT, .model = &transcript_answer_model),
    FIELD(struct own_data, recordings, FIELD_LIST, .flags = OUT, .model = &own_recording_model),
    FIELD(struct own_data, events, FIELD_LIST, .flags = OUT, .model = &session_event_model,
          .doc = "What was noted beside the answers: another window, pasted text, a lost connection."),
    FIELD(struct own_data, resume, FIELD_OBJECT, .flags = OUT_NULL, .model = &own_resume_model),
    FIELD(struct own_data, self_identification, FIELD_OBJECT, .flags = OUT_NULL,
          .model = &self_identification_kept_model,
          .doc = "What one said of oneself after the interview, of one's own will. Nobody who decides reads it."),
    FIELD(struct own_data, assessed, FIELD_BOOL, .flags = OUT, .example = "true",
          .doc = "Whether an assessment of the answers exists."),
    FIELD(struct own_data, assessed_at, FIELD_TIME, .flags = OUT_NULL),
};
const struct model own_data_model =
    MODEL("OwnData", struct own_data, data_fields, "Everything a candidate gave, as it is held.");
