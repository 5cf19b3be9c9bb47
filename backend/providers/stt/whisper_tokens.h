#ifndef VIVA_PROVIDERS_STT_WHISPER_TOKENS_H
#define VIVA_PROVIDERS_STT_WHISPER_TOKENS_H
#include "providers/stt/whisper_model.h"

/* Fills m->tokens and m->by_text from tokens.txt: one base64 line a token, m->end of them. */
enum status whisper_tokens_parse(struct whisper_model *m, const char *text, struct error *err) must_check;

#endif
