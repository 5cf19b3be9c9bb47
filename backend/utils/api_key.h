#ifndef VIVA_UTILS_API_KEY_H
#define VIVA_UTILS_API_KEY_H
/* Long-lived keys for machines, from a setting. Only their hashes are kept, and a comparison takes the same time
 * whatever is given. Never changes after it was made: any thread. */

#include "base/status.h"

#include <stdbool.h>

#define API_KEY_MIN 32 /* characters */
#define API_KEY_MAX 200

struct api_keys;

/* list: keys separated by commas, with spaces around them or not; "": none, and none matches. STATUS_INVALID
 * "api_key_weak" for one shorter than API_KEY_MIN, longer than API_KEY_MAX, or with characters that a header cannot
 * carry; the message never shows it. */
enum status api_keys_new(const char *list, struct api_keys **ret, struct error *err) must_check;
struct api_keys *api_keys_free(struct api_keys *k);
bool api_keys_match(const struct api_keys *k, const char *given); /* k NULL: no */

#endif
