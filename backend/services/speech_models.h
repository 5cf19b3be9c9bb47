#ifndef VIVA_SERVICES_SPEECH_MODELS_H
#define VIVA_SERVICES_SPEECH_MODELS_H
/* Our engines and voices by the names that OpenAI's clients use. A model's own name is its engine's with '-' for '/'
 * ("whisper-base"); beside it each of OpenAI's names for the same job stands for it. A voice's own name is its id;
 * OpenAI's names stand for the first of our voices of the gender that name is heard as (ash, ballad, cedar, echo,
 * fable, onyx and verse male; alloy, coral, marin, nova, sage and shimmer female), or for the first voice at all. */

#include "models/field.h"
#include "services/services.h"

enum speech_job { SPEECH_TO_TEXT, TEXT_TO_SPEECH };

/* The names of the engines that are loaded, own ones first, each once. In a. */
enum status speech_models_list(const struct engines *e, struct arena *a, struct strings *ret,
                               struct error *err) must_check;
bool speech_model_known(const struct engines *e, const char *name);
/* STATUS_UNAVAILABLE "engine_missing"; STATUS_NOT_FOUND "model_not_found" (field model) when it does not do that job.
 */
enum status speech_model_check(const struct engines *e, enum speech_job job, const char *name,
                               struct error *err) must_check;
/* The id of one of these voices; NULL when none is meant. */
const char *speech_voice_choose(const struct voice_info *voices, size_t n, const char *name);
/* The same among the engine's; STATUS_INVALID "voice_unknown" (field voice). The engine must be loaded. */
enum status speech_voice_find(const struct engines *e, const char *name, const char **ret,
                              struct error *err) must_check;

#endif
