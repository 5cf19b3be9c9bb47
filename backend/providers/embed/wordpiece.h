#ifndef VIVA_PROVIDERS_WORDPIECE_H
#define VIVA_PROVIDERS_WORDPIECE_H
/* BERT's uncased tokenizer: control characters and accents are dropped, letters made small, punctuation and Chinese
 * characters stand alone; then each word is the longest pieces of the vocabulary that make it up. Names of special
 * tokens in a text ("[SEP]") are text. Immutable after loading, so for any thread. */

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

struct wordpiece;

/* path: vocab.txt, one piece a line. STATUS_UNAVAILABLE "engine_missing" or "engine_failed". */
enum status wordpiece_new(const char *path, struct wordpiece **ret, struct error *err) must_check;
struct wordpiece *wordpiece_free(struct wordpiece *w);

/* [CLS] ... [SEP] of a text (UTF-8; bytes that are not are dropped), at most max (>= 2) tokens; returns how many. */
size_t wordpiece_encode(const struct wordpiece *w, const char *text, int64_t *ids, size_t max);

#endif
