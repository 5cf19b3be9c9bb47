#include "models/settings.h"

#include "models/interview.h"
#include "models/tables.h"

#define DAYS_MAX 36500

#define SETTINGS(there, perhaps)                                                                                       \
    FIELD(struct settings, organisation_name, FIELD_STRING, .flags = (there), .max = 120,                              \
          .doc = "For interviews that name no organisation of their own.", .example = "Example Ltd"),                  \
        FIELD(struct settings, privacy_notice, FIELD_TEXT, .flags = (there), .max = 10000,                             \
              .doc = "Shown to candidates before they consent.",                                                       \
              .example = "We keep recordings for 90 days. Ask us at any time to erase yours."),                        \
        FIELD(struct settings, support_email, FIELD_EMAIL, .flags = (perhaps), .doc = "Whom candidates may ask.",      \
              .example = "jobs@example.org"),                                                                          \
        FIELD(struct settings, recording_retention_days, FIELD_INT, .flags = (there), .max = DAYS_MAX,                 \
              .doc = "Recordings are erased so many days after the interview was completed; 0: kept.",                 \
              .example = "90"),                                                                                        \
        FIELD(struct settings, candidate_retention_days, FIELD_INT, .flags = (there), .max = DAYS_MAX,                 \
              .doc = "Candidates are erased, with everything of theirs, so many days after their session last "        \
                     "changed; 0: kept.",                                                                              \
              .example = "365"),                                                                                       \
        FIELD(struct settings, audit_retention_days, FIELD_INT, .flags = (there), .min = 30, .max = DAYS_MAX,          \
              .doc = "Entries of the audit log are deleted after so many days.", .example = "730"),                    \
        FIELD(struct settings, default_avatar, FIELD_ENUM, .flags = (there), .choices = avatar_choices,                \
              .doc = "Of new interviews that name none."),                                                             \
        FIELD(struct settings, default_voice, FIELD_ENUM, .flags = (there), .choices = voice_choices,                  \
              .doc = "Of new interviews that name neither voice nor avatar."),                                         \
        FIELD(struct settings, default_language, FIELD_ENUM, .flags = (there), .choices = language_choices,            \
              .doc = "Of new interviews that name none."),                                                             \
        FIELD(struct settings, default_time_limit_s, FIELD_INT, .flags = (there), .max = 3600,                         \
              .doc = "Seconds for the answer to each drafted question; 0: what the question bank suggests.",           \
              .example = "180"),                                                                                       \
        FIELD(struct settings, ask_background, FIELD_BOOL, .flags = (there),                                           \
              .doc = "After the interview candidates may say their gender, age, ethnic group and whether they have a " \
                     "disability, of their own will, for figures over many people. Nothing that scores reads it.",     \
              .example = "true"),                                                                                      \
        FIELD(struct settings, small_group_min, FIELD_INT, .flags = (there), .min = 5, .max = 1000,                    \
              .doc = "Figures of groups with fewer people are withheld.", .example = "5")

static const struct field shown[] = {
    SETTINGS(OUT, OUT_NULL),
    FIELD(struct settings, updated_at, FIELD_TIME, .flags = OUT,
          .doc = "The version: when the last one was changed; a millisecond after 1970 when none ever was."),
};
const struct model settings_model = MODEL("Settings", struct settings, shown, "What administrators set.");

static const struct field changed[] = {SETTINGS(0, FIELD_NULLABLE)};
const struct model settings_update_model =
    MODEL("SettingsUpdate", struct settings, changed, "What is to be set otherwise.");

const struct settings settings_default = {
    .organisation_name = "",
    .privacy_notice = "",
    .audit_retention_days = 730,
    .small_group_min = 5,
    .updated_at = 1,
};
