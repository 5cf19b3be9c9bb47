#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "providers/provider.h"

#include <math.h>

#define WORDS_JSON_MAX 65536 /* what a JSON column holds: the words of some minutes */

char *transcript_words_json(const struct stt_word *words, size_t n, int64_t from_ms)
{
    cleanup(buf_free) struct buf out;
    struct json j;
    buf_init(&out, WORDS_JSON_MAX);
    json_init(&j, &out);
    json_array_begin(&j);
    for (size_t i = 0; i < n; i++) {
        json_array_begin(&j);
        json_string(&j, words[i].text);
        json_int(&j, from_ms + llround(words[i].start * 1000));
        json_int(&j, from_ms + llround(words[i].end * 1000));
        json_number(&j, round(words[i].p * 100) / 100);
        json_array_end(&j);
    }
    json_array_end(&j);
    return n > 0 && buf_ok(&out) ? buf_take(&out, NULL) : NULL;
}
