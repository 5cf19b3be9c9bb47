#include "services/speech_models.h"

#include <string.h>

#define NAME_MAX_BYTES 128

static const char *const aliases[2][5] = {
    [SPEECH_TO_TEXT] = {"whisper-1", "gpt-4o-transcribe", "gpt-4o-mini-transcribe", NULL},
    [TEXT_TO_SPEECH] = {"tts-1", "tts-1-hd", "gpt-4o-mini-tts", NULL},
};

static const struct alias {
    const char *name, *gender;
} voice_aliases[] = {
    {"alloy", "female"}, {"ash", "male"},       {"ballad", "male"},  {"cedar", "male"},  {"coral", "female"},
    {"echo", "male"},    {"fable", "male"},     {"marin", "female"}, {"nova", "female"}, {"onyx", "male"},
    {"sage", "female"},  {"shimmer", "female"}, {"verse", "male"},
};

/* "engine/model" with '-' for '/', or "" when it is not loaded. */
static void own_name(const struct engines *e, enum speech_job job, char out[NAME_MAX_BYTES])
{
    const char *name = job == SPEECH_TO_TEXT ? (e->stt ? stt_name(e->stt) : "") : e->tts ? tts_name(e->tts) : "";
    size_t n = strlen(name) < NAME_MAX_BYTES ? strlen(name) : NAME_MAX_BYTES - 1;
    for (size_t i = 0; i < n; i++)
        out[i] = name[i] == '/' ? '-' : name[i];
    out[n] = '\0';
}

static bool does(const struct engines *e, enum speech_job job, const char *name)
{
    char own[NAME_MAX_BYTES];
    own_name(e, job, own);
    if (!*own)
        return false;
    for (size_t i = 0; aliases[job][i]; i++)
        if (strcmp(aliases[job][i], name) == 0)
            return true;
    return strcmp(own, name) == 0;
}

enum status speech_models_list(const struct engines *e, struct arena *a, struct strings *ret, struct error *err)
{
    const char **items = arena_array(a, 16, sizeof *items);
    size_t n = 0;
    if (!items)
        return arena_exhausted(err);
    for (int job = SPEECH_TO_TEXT; job <= TEXT_TO_SPEECH; job++) {
        char own[NAME_MAX_BYTES];
        own_name(e, (enum speech_job)job, own);
        bool twice = n > 0 && strcmp(items[0], own) == 0;
        if (*own && !twice && !(items[n++] = arena_strdup(a, own)))
            return arena_exhausted(err);
    }
    for (int job = SPEECH_TO_TEXT; job <= TEXT_TO_SPEECH; job++)
        for (size_t i = 0; aliases[job][i]; i++)
            if (does(e, (enum speech_job)job, aliases[job][i]))
                items[n++] = aliases[job][i];
    *ret = (struct strings){items, n};
    return STATUS_OK;
}

bool speech_model_known(const struct engines *e, const char *name)
{
    return does(e, SPEECH_TO_TEXT, name) || does(e, TEXT_TO_SPEECH, name);
}

enum status speech_model_check(const struct engines *e, enum speech_job job, const char *name, struct error *err)
{
    const bool loaded = job == SPEECH_TO_TEXT ? e->stt != NULL : e->tts != NULL;
    if (!loaded)
        return error_set(err, STATUS_UNAVAILABLE, "engine_missing", NULL, "This engine is not ready: %s",
                         job == SPEECH_TO_TEXT ? e->stt_error.message : e->tts_error.message);
    if (!does(e, job, name))
        return error_set(err, STATUS_NOT_FOUND, "model_not_found", "model",
                         "The model `%.100s` does not exist, or does not do this.", name);
    return STATUS_OK;
}

const char *speech_voice_choose(const struct voice_info *voices, size_t n, const char *name)
{
    const struct alias *alias = NULL;
    for (size_t i = 0; i < sizeof voice_aliases / sizeof *voice_aliases; i++)
        if (strcmp(voice_aliases[i].name, name) == 0)
            alias = &voice_aliases[i];
    for (size_t i = 0; i < n; i++)
        if (strcmp(voices[i].id, name) == 0 || (alias && strcmp(voices[i].gender, alias->gender) == 0))
            return voices[i].id;
    return alias && n > 0 ? voices[0].id : NULL;
}

enum status speech_voice_find(const struct engines *e, const char *name, const char **ret, struct error *err)
{
    size_t n = 0;
    const struct voice_info *v = tts_voices(e->tts, &n);
    const char *id = speech_voice_choose(v, n, name);
    if (!id)
        return error_set(err, STATUS_INVALID, "voice_unknown", "voice", "There is no voice `%.60s`.", name);
    *ret = id;
    return STATUS_OK;
}
