/* What can be chosen (interview.h), filled from the choice tables. */
#include "models/interview.h"
#include "models/report.h"
#include "models/session.h"
#include "models/tables.h"
#include "models/user.h"

static const struct field choice_option_fields[] = {
    FIELD(struct choice_option, value, FIELD_STRING, .flags = OUT),
    FIELD(struct choice_option, label, FIELD_STRING, .flags = OUT),
};
const struct model choice_option_model =
    MODEL("Option", struct choice_option, choice_option_fields, "A value that can be chosen, and its name for people.");

static const struct field avatar_option_fields[] = {
    FIELD(struct avatar_option, value, FIELD_STRING, .flags = OUT),
    FIELD(struct avatar_option, label, FIELD_STRING, .flags = OUT),
    FIELD(struct avatar_option, voice, FIELD_STRING, .flags = OUT, .doc = "Its own voice."),
};
const struct model avatar_option_model =
    MODEL("AvatarOption", struct avatar_option, avatar_option_fields, "An interviewer to be seen.");

static const struct field voice_option_fields[] = {
    FIELD(struct voice_option, value, FIELD_STRING, .flags = OUT),
    FIELD(struct voice_option, label, FIELD_STRING, .flags = OUT),
    FIELD(struct voice_option, language, FIELD_STRING, .flags = OUT),
};
const struct model voice_option_model =
    MODEL("VoiceOption", struct voice_option, voice_option_fields, "A voice to be heard.");

static const struct field interview_options_fields[] = {
    FIELD(struct interview_options, interview_types, FIELD_LIST, .flags = OUT, .model = &choice_option_model),
    FIELD(struct interview_options, difficulties, FIELD_LIST, .flags = OUT, .model = &choice_option_model),
    FIELD(struct interview_options, focus_areas, FIELD_LIST, .flags = OUT, .model = &choice_option_model),
    FIELD(struct interview_options, avatars, FIELD_LIST, .flags = OUT, .model = &avatar_option_model),
    FIELD(struct interview_options, voices, FIELD_LIST, .flags = OUT, .model = &voice_option_model),
    FIELD(struct interview_options, languages, FIELD_LIST, .flags = OUT, .model = &choice_option_model),
    FIELD(struct interview_options, statuses, FIELD_LIST, .flags = OUT, .model = &choice_option_model),
    FIELD(struct interview_options, sorts, FIELD_LIST, .flags = OUT, .model = &choice_option_model,
          .doc = "Of interview lists; with a minus in front the other way round."),
    FIELD(struct interview_options, question_categories, FIELD_LIST, .flags = OUT, .model = &choice_option_model),
    FIELD(struct interview_options, session_statuses, FIELD_LIST, .flags = OUT, .model = &choice_option_model),
    FIELD(struct interview_options, report_statuses, FIELD_LIST, .flags = OUT, .model = &choice_option_model),
    FIELD(struct interview_options, roles, FIELD_LIST, .flags = OUT, .model = &choice_option_model),
    FIELD(struct interview_options, default_avatar, FIELD_ENUM, .flags = OUT, .choices = avatar_choices,
          .doc = "Of new interviews; so are the next two. An administrator sets them."),
    FIELD(struct interview_options, default_voice, FIELD_ENUM, .flags = OUT, .choices = voice_choices),
    FIELD(struct interview_options, default_language, FIELD_ENUM, .flags = OUT, .choices = language_choices),
};
const struct model interview_options_model =
    MODEL("InterviewOptions", struct interview_options, interview_options_fields, "What an interview can be made of.");

int avatar_voice(int avatar)
{
    (void)avatar; /* both speak with the one voice there is */
    return VOICE_EN_US_JOE;
}

static size_t choice_count(const struct choice *c)
{
    size_t n = 0;
    while (c[n].value)
        n++;
    return n;
}

static bool options_make(const struct choice *c, struct arena *a, struct list *ret)
{
    size_t n = choice_count(c);
    struct choice_option *o = arena_array(a, n, sizeof *o);
    if (!o)
        return false;
    for (size_t i = 0; i < n; i++) {
        o[i].value = c[i].value;
        o[i].label = c[i].label;
    }
    *ret = (struct list){.items = o, .count = n};
    return true;
}

static bool avatars_make(struct arena *a, struct list *ret)
{
    size_t n = choice_count(avatar_choices);
    struct avatar_option *o = arena_array(a, n, sizeof *o);
    if (!o)
        return false;
    for (size_t i = 0; i < n; i++) {
        o[i].value = avatar_choices[i].value;
        o[i].label = avatar_choices[i].label;
        o[i].voice = choice_value(voice_choices, avatar_voice((int)i));
    }
    *ret = (struct list){.items = o, .count = n};
    return true;
}

static bool voices_make(struct arena *a, struct list *ret)
{
    size_t n = choice_count(voice_choices);
    struct voice_option *o = arena_array(a, n, sizeof *o);
    if (!o)
        return false;
    for (size_t i = 0; i < n; i++) {
        o[i].value = voice_choices[i].value;
        o[i].label = voice_choices[i].label;
        o[i].language = arena_strndup(a, voice_choices[i].value, 2); /* "en_US-..." begins with the language */
        if (!o[i].language)
            return false;
    }
    *ret = (struct list){.items = o, .count = n};
    return true;
}

struct interview_options *interview_options_make(struct arena *a)
{
    struct interview_options *o = arena_new_of(a, struct interview_options);
    if (!o || !avatars_make(a, &o->avatars) || !voices_make(a, &o->voices))
        return NULL;
    const struct {
        const struct choice *choices;
        struct list *ret;
    } plain[] = {
        {interview_type_choices, &o->interview_types},
        {difficulty_choices, &o->difficulties},
        {focus_area_choices, &o->focus_areas},
        {language_choices, &o->languages},
        {interview_status_choices, &o->statuses},
        {interview_sort_choices, &o->sorts},
        {question_category_choices, &o->question_categories},
        {session_status_choices, &o->session_statuses},
        {report_status_choices, &o->report_statuses},
        {role_choices, &o->roles},
    };
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        if (!options_make(plain[i].choices, a, plain[i].ret))
            return NULL;
    return o;
}
