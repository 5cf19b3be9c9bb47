#include "providers/engines.h"

#include <string.h>

void engines_load(struct engines *e, const struct engine_names *names, const struct provider_config *cfg)
{
    memset(e, 0, sizeof *e);
    if (stt_new(names->stt, cfg, &e->stt, &e->stt_error) != STATUS_OK)
        e->stt = NULL;
    if (tts_new(names->tts, cfg, &e->tts, &e->tts_error) != STATUS_OK)
        e->tts = NULL;
    if (vad_new(names->vad, cfg, &e->vad, &e->vad_error) != STATUS_OK)
        e->vad = NULL;
    if (turn_new(names->turn, cfg, &e->turn, &e->turn_error) != STATUS_OK)
        e->turn = NULL;
    if (embed_new(names->embed, cfg, &e->embed, &e->embed_error) != STATUS_OK)
        e->embed = NULL;
}

void engines_unload(struct engines *e)
{
    e->stt = stt_free(e->stt);
    e->tts = tts_free(e->tts);
    e->vad = vad_free(e->vad);
    e->turn = turn_free(e->turn);
    e->embed = embed_free(e->embed);
}

bool engines_ready(const struct engines *e)
{
    return e->stt != NULL && e->tts != NULL && e->vad != NULL;
}
