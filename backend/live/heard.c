#include "live/heard.h"

#include "base/cleanup.h"
#include "base/json.h"
#include "base/json_read.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 65536

struct heard heard_of(const struct transcript *t, int64_t from_ms)
{
    struct heard h = {transcript_words_json(t->words, t->n_words, from_ms), t->confidence, ""};
    snprintf(h.language, sizeof h.language, "%s", transcript_other_language(t));
    return h;
}

static int64_t middle(const struct stt_word *w, int64_t from_ms)
{
    return from_ms + (int64_t)((w->start + w->end) * 500);
}

void heard_keep_own(struct transcript *t, int64_t from_ms, int64_t own_from_ms, int64_t own_to_ms)
{
    size_t first = 0, end = t->n_words;
    if (t->n_words == 0 || (own_from_ms == INT64_MIN && own_to_ms == INT64_MAX))
        return;
    while (first < end && middle(&t->words[first], from_ms) < own_from_ms)
        first++;
    while (end > first && middle(&t->words[end - 1], from_ms) >= own_to_ms)
        end--;
    /* words stand in the text in their order, spaces between them */
    char *text = t->text, *from = text, *to = text;
    for (size_t i = 0; i < end; i++) {
        char *word = strstr(to, t->words[i].text);
        if (word == NULL)
            return;
        from = i == first ? word : from;
        to = word + strlen(t->words[i].text);
    }
    *to = '\0';
    t->text = first < end ? from : to;
    t->words += first;
    t->n_words = end - first;
}

void heard_clear(struct heard *h)
{
    free(h->words);
    *h = (struct heard){NULL, (double)NAN, ""};
}

char *heard_words_moved(const struct heard *h, int64_t by_ms)
{
    cleanup(json_doc_freep) struct json_doc *doc = NULL;
    cleanup(buf_free) struct buf out;
    struct error ignored;
    struct json j;
    buf_init(&out, WORDS_MAX);
    json_init(&j, &out);
    if (h->words == NULL || json_parse(h->words, strlen(h->words), &doc, &ignored) != STATUS_OK)
        return NULL;
    json_array_begin(&j);
    for (size_t i = 0; i < json_len(json_root(doc)); i++) {
        const struct json_val *w = json_at(json_root(doc), i);
        json_array_begin(&j);
        json_string(&j, json_as_string(json_at(w, 0)));
        for (size_t k = 1; k <= 2; k++) {
            const int64_t at = json_as_int(json_at(w, k), 0) + by_ms;
            json_int(&j, at > 0 ? at : 0);
        }
        json_number(&j, json_as_number(json_at(w, 3), 0));
        json_array_end(&j);
    }
    json_array_end(&j);
    return buf_ok(&out) ? buf_take(&out, NULL) : NULL;
}

void heard_move(struct heard *to, struct heard *from)
{
    free(to->words);
    *to = *from;
    *from = (struct heard){NULL, (double)NAN, ""};
}
