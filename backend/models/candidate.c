#include "models/candidate.h"

#include "models/interview.h"
#include "models/session.h"
#include "models/tables.h"

static const struct field candidate_fields[] = {
    FIELD(struct candidate, id, FIELD_ID, .flags = OUT),
    FIELD(struct candidate, interview_id, FIELD_ID, .flags = STORED),
    FIELD(struct candidate, full_name, FIELD_STRING, .flags = OUT, .example = "Sam Example"),
    FIELD(struct candidate, email, FIELD_EMAIL, .flags = OUT, .example = "sam@example.org"),
    FIELD(struct candidate, consent_recording_at, FIELD_TIME, .flags = STORED),
    FIELD(struct candidate, consent_ai_at, FIELD_TIME, .flags = STORED),
    FIELD(struct candidate, created_at, FIELD_TIME, .flags = STORED),
    FIELD(struct candidate, updated_at, FIELD_TIME, .flags = STORED),
};
const struct model candidate_model = MODEL("Candidate", struct candidate, candidate_fields, "Who is interviewed.");

const struct choice registration_choices[] = {
    {"open", "Open"},
    {"expired", "The time to register is over"},
    {"full", "All places are taken"},
    {NULL, NULL},
};

static const struct field profile_fields[] = {
    FIELD(struct candidate_profile, id, FIELD_ID, .flags = OUT),
    FIELD(struct candidate_profile, interview_id, FIELD_ID, .flags = OUT),
    FIELD(struct candidate_profile, interview_title, FIELD_STRING, .flags = OUT, .example = "Field engineer"),
    FIELD(struct candidate_profile, full_name, FIELD_STRING, .flags = OUT, .example = "Sam Example"),
    FIELD(struct candidate_profile, email, FIELD_EMAIL, .flags = OUT, .example = "sam@example.org"),
    FIELD(struct candidate_profile, consent_recording_at, FIELD_TIME, .flags = OUT,
          .doc = "When the candidate agreed to being recorded."),
    FIELD(struct candidate_profile, consent_ai_at, FIELD_TIME, .flags = OUT,
          .doc = "When the candidate agreed to answers being assessed by software."),
    FIELD(struct candidate_profile, created_at, FIELD_TIME, .flags = OUT, .doc = "When the candidate registered."),
    FIELD(struct candidate_profile, updated_at, FIELD_TIME, .flags = OUT),
    FIELD(struct candidate_profile, session_id, FIELD_ID, .flags = OUT),
    FIELD(struct candidate_profile, session_status, FIELD_ENUM, .flags = OUT, .choices = session_status_choices),
    FIELD(struct candidate_profile, session_started_at, FIELD_TIME, .flags = OUT_NULL),
    FIELD(struct candidate_profile, session_completed_at, FIELD_TIME, .flags = OUT_NULL),
    FIELD(struct candidate_profile, overall_score, FIELD_NUMBER, .flags = OUT_NULL,
          .doc = "1 to 5; null while there is none.", .example = "3.8"),
    FIELD(struct candidate_profile, report_status, FIELD_ENUM, .flags = OUT, .choices = session_report_choices),
    FIELD(struct candidate_profile, has_resume, FIELD_BOOL, .flags = OUT, .example = "true"),
};
const struct model candidate_profile_model = MODEL("CandidateProfile", struct candidate_profile, profile_fields,
                                                   "A candidate, and what became of the interview.");

static const struct field candidate_update_fields[] = {
    FIELD(struct candidate_update, full_name, FIELD_STRING, .min = 1, .max = 120, .example = "Sam Example"),
    FIELD(struct candidate_update, email, FIELD_EMAIL, .example = "sam@example.org",
          .doc = "By which the candidate comes back to the interview."),
};
const struct model candidate_update_model =
    MODEL("CandidateUpdate", struct candidate_update, candidate_update_fields, "What staff may correct.");

static const struct field candidate_register_fields[] = {
    FIELD(struct candidate_register, full_name, FIELD_STRING, .flags = FIELD_REQUIRED, .min = 1, .max = 120,
          .example = "Sam Example"),
    FIELD(struct candidate_register, email, FIELD_EMAIL, .flags = FIELD_REQUIRED, .example = "sam@example.org"),
    FIELD(struct candidate_register, consent_recording, FIELD_BOOL, .flags = FIELD_REQUIRED,
          .doc = "Agrees to being recorded. Must be true.", .example = "true"),
    FIELD(struct candidate_register, consent_ai, FIELD_BOOL, .flags = FIELD_REQUIRED,
          .doc = "Agrees to the answers being transcribed and assessed by software. Must be true.", .example = "true"),
    FIELD(struct candidate_register, session_token, FIELD_SECRET, .max = 200,
          .doc = "Who comes back and can show an earlier session token also gets to see what was said before.",
          .example = "kept-by-the-browser"),
};
const struct model candidate_register_model =
    MODEL("CandidateRegister", struct candidate_register, candidate_register_fields, "A candidate coming by the link.");

static const struct field candidate_name_fields[] = {
    FIELD(struct candidate_name, full_name, FIELD_STRING, .flags = OUT, .example = "Sam Example"),
};
const struct model candidate_name_model =
    MODEL("CandidateName", struct candidate_name, candidate_name_fields, "How to address the candidate.");

static const struct field register_result_fields[] = {
    FIELD(struct register_result, session_id, FIELD_ID, .flags = OUT),
    FIELD(struct register_result, session_token, FIELD_STRING, .flags = OUT, .max = 4096,
          .doc = "Bearer token for this session alone; an earlier one ends."),
    FIELD(struct register_result, status, FIELD_ENUM, .flags = OUT, .choices = session_status_choices),
    FIELD(struct register_result, candidate, FIELD_OBJECT, .flags = OUT, .model = &candidate_name_model),
};
const struct model register_result_model =
    MODEL("RegisterResult", struct register_result, register_result_fields, "The session a candidate got.");

static const struct field public_interview_fields[] = {
    FIELD(struct public_interview, title, FIELD_STRING, .flags = OUT),
    FIELD(struct public_interview, job_role, FIELD_STRING, .flags = OUT),
    FIELD(struct public_interview, organisation, FIELD_STRING, .flags = OUT),
    FIELD(struct public_interview, interview_type, FIELD_ENUM, .flags = OUT, .choices = interview_type_choices),
    FIELD(struct public_interview, question_count, FIELD_INT, .flags = OUT),
    FIELD(struct public_interview, minutes_estimate, FIELD_INT, .flags = OUT),
    FIELD(struct public_interview, avatar, FIELD_ENUM, .flags = OUT, .choices = avatar_choices),
    FIELD(struct public_interview, avatar_name, FIELD_STRING, .flags = OUT, .example = "Daniel"),
    FIELD(struct public_interview, language, FIELD_ENUM, .flags = OUT, .choices = language_choices),
    FIELD(struct public_interview, engines_ready, FIELD_BOOL, .flags = OUT,
          .doc = "Whether the interviewer can speak and hear now; answers can be typed otherwise."),
    FIELD(struct public_interview, practice, FIELD_BOOL, .flags = OUT,
          .doc = "A practice question that is neither kept nor assessed comes first."),
    FIELD(struct public_interview, status, FIELD_ENUM, .flags = OUT, .choices = interview_status_choices),
    FIELD(struct public_interview, privacy_notice, FIELD_TEXT, .flags = OUT, .max = 10000,
          .doc = "To be read before consenting; empty when there is none.",
          .example = "We keep recordings for 90 days. Ask us at any time to erase yours."),
    FIELD(struct public_interview, ai_notice, FIELD_TEXT, .flags = OUT, .max = 2000,
          .doc = "What the AI does, and whether the text of answers goes elsewhere: to be read before consenting.",
          .example = "It runs on the organisation\xe2\x80\x99s own server."),
    FIELD(struct public_interview, support_email, FIELD_EMAIL, .flags = OUT_NULL, .doc = "Whom one may ask.",
          .example = "jobs@example.org"),
    FIELD(struct public_interview, registration, FIELD_ENUM, .flags = OUT, .choices = registration_choices,
          .doc = "Whether somebody new may register: not when the time is over or all places are taken. Who has "
                 "registered before comes back either way.",
          .example = "open"),
};
const struct model public_interview_model =
    MODEL("PublicInterview", struct public_interview, public_interview_fields, "What somebody with the link may know.");

static const struct field answer_state_fields[] = {
    FIELD(struct answer_state, id, FIELD_ID, .flags = OUT),
    FIELD(struct answer_state, position, FIELD_INT, .flags = OUT, .doc = "Of its question, from 1."),
    FIELD(struct answer_state, question_text, FIELD_TEXT, .flags = OUT,
          .doc =
              "As it was asked: for whoever answers in writing, without a live connection. In an open answer, what is "
              "asked now: the question, or a follow-up to it."),
    FIELD(struct answer_state, status, FIELD_ENUM, .flags = OUT, .choices = answer_status_choices),
    FIELD(struct answer_state, mode, FIELD_ENUM, .flags = OUT, .choices = answer_by_choices),
    FIELD(struct answer_state, text, FIELD_TEXT, .flags = OUT, .max = 100000),
    FIELD(struct answer_state, follow_up, FIELD_INT, .flags = OUT, .max = FOLLOW_UPS_MAX,
          .doc = "Which follow-up question_text is, from 1; 0: the question itself."),
};
const struct model answer_state_model =
    MODEL("AnswerState", struct answer_state, answer_state_fields, "One's own answer so far.");

static const struct field session_state_fields[] = {
    FIELD(struct session_state, session_id, FIELD_ID, .flags = OUT),
    FIELD(struct session_state, status, FIELD_ENUM, .flags = OUT, .choices = session_status_choices),
    FIELD(struct session_state, interview, FIELD_OBJECT, .flags = OUT, .model = &public_interview_model),
    FIELD(struct session_state, current_position, FIELD_INT, .flags = OUT,
          .doc = "Of the question being asked or answered, from 1; 0 before the first."),
    FIELD(struct session_state, question_count, FIELD_INT, .flags = OUT),
    FIELD(struct session_state, answers, FIELD_LIST, .flags = OUT, .model = &answer_state_model),
    FIELD(struct session_state, next_segment_of_open_answer, FIELD_INT, .flags = OUT,
          .doc = "The number of the next recording segment of the open answer; 0 when none is open."),
    FIELD(struct session_state, partial, FIELD_BOOL, .flags = OUT,
          .doc = "Closed before its last question was answered, because its time was over."),
};
const struct model session_state_model =
    MODEL("SessionState", struct session_state, session_state_fields, "Where a candidate's interview stands.");

static const struct field text_answer_fields[] = {
    FIELD(struct text_answer, text, FIELD_TEXT, .flags = FIELD_REQUIRED, .min = 1, .max = 20000),
    FIELD(struct text_answer, follow_up, FIELD_INT, .max = FOLLOW_UPS_MAX,
          .doc =
              "What it answers, as answers[].follow_up said: 409 when something else is asked by now, so that a text "
              "that is sent again is not taken twice. Whatever is asked now unless given.",
          .example = "0"),
};
const struct model text_answer_model = MODEL("TextAnswer", struct text_answer, text_answer_fields, "A typed answer.");

static const struct choice attention_choices[] = {
    {"tab_hidden", "Went to another window"},
    {"tab_visible", "Came back to the interview"},
    {"pasted", "Pasted text"},
    {NULL, NULL},
};

static const struct field attention_fields[] = {
    FIELD(struct attention, kind, FIELD_ENUM, .flags = FIELD_REQUIRED, .choices = attention_choices,
          .example = "tab_hidden"),
    FIELD(struct attention, characters, FIELD_INT, .min = 0, .max = 1000000, .doc = "How much was pasted; never what."),
};
const struct model attention_model = MODEL("Attention", struct attention, attention_fields,
                                           "Something that a candidate did beside answering. It changes no score.");

static const struct field segment_finish_fields[] = {
    FIELD(struct segment_finish, chunks, FIELD_INT, .flags = FIELD_REQUIRED, .min = 0, .max = 1000000,
          .doc = "How many chunks the segment has."),
};
const struct model segment_finish_model =
    MODEL("SegmentFinish", struct segment_finish, segment_finish_fields, "The end of a recording segment.");

static const struct field segment_state_fields[] = {
    FIELD(struct segment_state, segment, FIELD_INT, .flags = OUT),
    FIELD(struct segment_state, next_seq, FIELD_INT, .flags = OUT, .doc = "The chunk expected next."),
    FIELD(struct segment_state, status, FIELD_ENUM, .flags = OUT, .choices = recording_status_choices),
};
const struct model segment_state_model =
    MODEL("SegmentState", struct segment_state, segment_state_fields, "How far a recording segment has come.");
