/* Piper voices (VITS): phonemes by espeak-ng, sound and the exact duration of each phoneme by the voice's own graph. */

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/json_read.h"
#include "base/utf8.h"
#include "providers/audio.h"
#include "providers/ort/ort.h"
#include "providers/tts/espeak.h"
#include "providers/tts/phonemes.h"
#include "providers/tts/script.h"
#include "providers/tts/tts_backend.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VOICES_MAX     16
#define CARD_MAX       (1u << 20)
#define LINE_MAX_BYTES (1u << 20)
#define UNITS_MAX      360   /* code points of one run: memory and delay grow with it */
#define PART_MIN       14    /* of a part of a sentence: 0.8 s and more */
#define PART_GROWTH    2     /* a part is at most so much longer than all before it: it is made while they are heard */
#define SENTENCE_PAUSE 0.28  /* seconds after . ? ! when more follows */
#define CLAUSE_PAUSE   0.12  /* after a run that was only cut for its length */
#define PART_PAUSE     0.04  /* after a part of a sentence: what the voice pauses less at its end than within */
#define PEAK           0.85f /* of full scale; the voice's own level differs from sentence to sentence */
#define GAIN_MAX       1.8f
#define ID_PAD         0 /* Piper's: between all symbols */

struct piper_voice {
    struct voice_info info;
    struct ort_session *session;
    struct json_doc *card;
    const struct json_val *symbols;
    const char *espeak_voice, *durations;
    unsigned rate, hop;
    float noise, length, noise_w;
};

struct piper {
    struct piper_voice voices[VOICES_MAX];
    struct voice_info infos[VOICES_MAX];
    size_t n;
    char name[96];
};

/* ---- loading ---- */

static enum status load_card(struct piper_voice *v, const char *path, struct error *err)
{
    cleanup(freep) char *text = NULL;
    size_t len = 0;
    enum status st = file_read(path, CARD_MAX, &text, &len, err);
    if (st == STATUS_OK)
        st = json_parse(text, len, &v->card, err);
    if (st != STATUS_OK)
        return error_set(err, STATUS_UNAVAILABLE, "engine_failed", NULL,
                         "%.200s cannot be read: run `viva models fetch`", path);
    const struct json_val *c = json_root(v->card);
    v->symbols = json_get(c, "symbols");
    v->info = (struct voice_info){json_get_string(c, "id", ""), json_get_string(c, "name", ""),
                                  json_get_string(c, "language", ""), json_get_string(c, "gender", "")};
    v->espeak_voice = json_get_string(c, "espeak_voice", "en-us");
    v->durations = json_get_string(c, "durations", "");
    v->rate = (unsigned)json_get_int(c, "sample_rate", 0);
    v->hop = (unsigned)json_get_int(c, "hop", 0);
    v->noise = (float)json_get_number(c, "noise_scale", 0.667);
    v->length = (float)json_get_number(c, "length_scale", 1);
    v->noise_w = (float)json_get_number(c, "noise_w", 0.8);
    if (json_get_int(c, "format", 0) != 1 || v->rate == 0 || v->hop == 0 || v->info.id[0] == '\0' ||
        !json_is_object(v->symbols))
        return error_set(err, STATUS_UNAVAILABLE, "engine_failed", NULL,
                         "%.200s is not of this version: run `viva models fetch`", path);
    return STATUS_OK;
}

static int with_card(const struct dirent *d)
{
    return d->d_name[0] != '.';
}

static void piper_close(void *model)
{
    struct piper *p = model;
    for (size_t i = 0; i < p->n; i++) {
        ort_session_free(p->voices[i].session);
        json_doc_free(p->voices[i].card);
    }
    free(p);
}

static enum status load_voice(struct piper *p, const struct provider_config *cfg, const char *folder, struct error *err)
{
    char card[768], model[320];
    snprintf(card, sizeof card, "%s/tts/%s/voice.json", cfg->models_dir, folder);
    snprintf(model, sizeof model, "tts/%s/model.onnx", folder);
    if (!file_exists(card) || p->n == VOICES_MAX)
        return STATUS_OK; /* another engine's voice */
    struct piper_voice *v = &p->voices[p->n++];
    enum status st = load_card(v, card, err);
    return st == STATUS_OK ? ort_session_new(cfg, model, cfg->threads, ORT_MALLOC, &v->session, err) : st;
}

static enum status piper_open(const struct provider_config *cfg, void **model, struct error *err)
{
    char folder[640];
    struct dirent **entries = NULL;
    enum status st = STATUS_OK;
    struct piper *p = calloc(1, sizeof *p);
    if (p == NULL)
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "no memory for speech synthesis");
    snprintf(folder, sizeof folder, "%s/tts", cfg->models_dir);
    int n = scandir(folder, &entries, with_card, alphasort);
    for (int i = 0; i < n; i++) {
        if (st == STATUS_OK)
            st = load_voice(p, cfg, entries[i]->d_name, err);
        free(entries[i]);
    }
    free(entries);
    if (st == STATUS_OK && p->n == 0)
        st = error_set(err, STATUS_UNAVAILABLE, "engine_missing", NULL,
                       "there is no voice in %.200s: run `viva models fetch` (or set MODELS_DIR)", folder);
    if (st != STATUS_OK) {
        piper_close(p);
        return st;
    }
    for (size_t i = 0; i < p->n; i++)
        p->infos[i] = p->voices[i].info;
    snprintf(p->name, sizeof p->name, "piper/%.80s", p->infos[0].id);
    *model = p;
    return STATUS_OK;
}

static const char *piper_describe(const void *model)
{
    return ((const struct piper *)model)->name;
}

static const struct voice_info *piper_voices(const void *model, size_t *n)
{
    const struct piper *p = model;
    *n = p->n;
    return p->infos;
}

/* ---- from text to units ---- */

struct utterance {
    const struct piper_voice *voice;
    struct arena *arena;
    const struct script *script;
    const char **ipa; /* of each clause */
    size_t **owner;   /* of each clause: spoken word of each code point, counted in the clause */
    double speed;
    enum tts_parts parts;
    float gain; /* of the sentence's parts so far; 0: it begins */
    tts_part_fn *on_part;
    void *u;
};

static char *clause_line(const struct script *s, const struct clause *c, struct arena *a)
{
    cleanup(buf_free) struct buf line;
    buf_init(&line, LINE_MAX_BYTES);
    for (size_t i = 0; i < c->n; i++)
        buf_printf(&line, "%s%s", i == 0 ? "" : " ", s->words[c->first + i].text);
    return buf_ok(&line) ? arena_strdup(a, buf_cstr(&line)) : NULL;
}

/* espeak-ng joins small words ("of the") in some clauses: there, each word is said alone as well and the two are
 * aligned. */
static enum status find_owners(struct utterance *w, struct error *err)
{
    const struct script *s = w->script;
    const char **lines = arena_array(w->arena, s->n_words, sizeof *lines),
               **alone = arena_array(w->arena, s->n_words, sizeof *alone);
    size_t n = 0, at = 0;
    if (lines == NULL || alone == NULL)
        return arena_exhausted(err);
    for (size_t c = 0; c < s->n_clauses; c++)
        if (ipa_words(w->ipa[c]) != s->clauses[c].n)
            for (size_t i = 0; i < s->clauses[c].n; i++)
                lines[n++] = s->words[s->clauses[c].first + i].text;
    enum status st = n == 0 ? STATUS_OK : espeak_ipa(w->voice->espeak_voice, lines, n, w->arena, alone, err);
    for (size_t c = 0; st == STATUS_OK && c < s->n_clauses; c++) {
        const bool joined = ipa_words(w->ipa[c]) != s->clauses[c].n;
        st = phonemes_align(w->ipa[c], joined ? alone + at : NULL, s->clauses[c].n, w->arena, &w->owner[c], err);
        at += joined ? s->clauses[c].n : 0;
    }
    return st;
}

static enum status phonemize(struct utterance *w, struct error *err)
{
    const struct script *s = w->script;
    const char **lines = arena_array(w->arena, s->n_clauses, sizeof *lines);
    w->ipa = arena_array(w->arena, s->n_clauses, sizeof *w->ipa);
    w->owner = arena_array(w->arena, s->n_clauses, sizeof *w->owner);
    if (lines == NULL || w->ipa == NULL || w->owner == NULL)
        return arena_exhausted(err);
    for (size_t c = 0; c < s->n_clauses; c++)
        if ((lines[c] = clause_line(s, &s->clauses[c], w->arena)) == NULL)
            return arena_exhausted(err);
    enum status st = espeak_ipa(w->voice->espeak_voice, lines, s->n_clauses, w->arena, w->ipa, err);
    return st == STATUS_OK ? find_owners(w, err) : st;
}

/* ---- one run of the voice ---- */

struct run {
    struct unit *units; /* with one silent unit before and one after */
    int64_t *ids;
    size_t n_units, n_ids;
    size_t *unit_of; /* of each id */
    double pause;    /* silence after it */
};

static bool add_unit(struct run *r, const struct piper_voice *v, uint32_t c, size_t word)
{
    char key[8] = {0};
    if (c < 0x80) {
        key[0] = (char)c;
    } else if (c < 0x800) {
        key[0] = (char)(0xc0 | c >> 6);
        key[1] = (char)(0x80 | (c & 63));
    } else {
        key[0] = (char)(0xe0 | c >> 12);
        key[1] = (char)(0x80 | (c >> 6 & 63));
        key[2] = (char)(0x80 | (c & 63));
    }
    const int64_t id = json_get_int(v->symbols, key, -1);
    if (id < 0)
        return false; /* the voice has never heard it */
    r->units[r->n_units] = (struct unit){c, word, 0};
    r->ids[r->n_ids] = id;
    r->unit_of[r->n_ids++] = r->n_units;
    r->ids[r->n_ids] = ID_PAD;
    r->unit_of[r->n_ids++] = r->n_units++;
    return true;
}

/* "^" and "$" frame a run; both are silence. */
static void add_edge(struct run *r, const struct piper_voice *v, const char *key, bool padded)
{
    r->units[r->n_units] = (struct unit){0, NO_WORD, 0};
    r->ids[r->n_ids] = json_get_int(v->symbols, key, 0);
    r->unit_of[r->n_ids++] = r->n_units;
    if (padded) {
        r->ids[r->n_ids] = ID_PAD;
        r->unit_of[r->n_ids++] = r->n_units;
    }
    r->n_units++;
}

static size_t add_clause(struct run *r, const struct utterance *w, size_t index)
{
    const struct clause *c = &w->script->clauses[index];
    const char *s = w->ipa[index];
    size_t added = 0, i = 0;
    for (size_t left = strlen(s), len; left > 0; s += len, left -= len, i++) {
        uint32_t point = 0;
        len = utf8_next(s, left, &point);
        len = len == 0 ? 1 : len;
        const size_t word = point == ' ' ? NO_WORD : w->script->words[c->first + w->owner[index][i]].source;
        added += point < 0x10000 && add_unit(r, w->voice, point, word);
    }
    if (added > 0 && c->mark != 0)
        add_unit(r, w->voice, (uint32_t)c->mark, NO_WORD);
    return added;
}

static enum status run_voice(const struct piper_voice *v, const struct run *r, double speed, struct OrtValue **out,
                             struct error *err)
{
    const char *const in_names[] = {"input", "input_lengths", "scales"}, *const out_names[] = {"output", v->durations};
    const int64_t id_dims[] = {1, (int64_t)r->n_ids}, one[] = {1}, three[] = {3};
    int64_t length = (int64_t)r->n_ids;
    float scales[] = {v->noise, (float)((double)v->length / speed), v->noise_w};
    struct OrtValue *in[3] = {NULL, NULL, NULL};

    enum status st = ort_borrow(ORT_INT64, r->ids, id_dims, 2, &in[0], err);
    if (st == STATUS_OK)
        st = ort_borrow(ORT_INT64, &length, one, 1, &in[1], err);
    if (st == STATUS_OK)
        st = ort_borrow(ORT_FLOAT, scales, three, 1, &in[2], err);
    if (st == STATUS_OK)
        st = ort_run(v->session, in_names, in, 3, out_names, out, 2, err);
    ort_release_all(in, 3);
    return st;
}

/* Frames of each id -> seconds of each unit. False when they do not add up to the sound, which the times are worth
 * nothing then. */
static bool take_durations(const struct piper_voice *v, struct run *r, const float *frames, size_t n, size_t samples)
{
    double sum = 0;
    if (n != r->n_ids)
        return false;
    for (size_t i = 0; i < n; i++) {
        sum += (double)frames[i];
        r->units[r->unit_of[i]].seconds += (double)frames[i] * v->hop / v->rate;
    }
    return fabs(sum * v->hop - (double)samples) < 0.5;
}

/* Near full scale but never clipped; what goes on within a sentence is as loud as its beginning. */
static float choose_gain(const float *sound, size_t n, float before)
{
    float peak = 0.01f;
    for (size_t i = 0; i < n; i++)
        peak = fabsf(sound[i]) > peak ? fabsf(sound[i]) : peak;
    if (before > 0)
        return before * peak < 1 ? before : 1 / peak;
    return PEAK / peak < GAIN_MAX ? PEAK / peak : GAIN_MAX;
}

/* To 16 bits, with the pause behind it. */
static int16_t *to_pcm(const float *sound, size_t n, size_t total, float gain, struct arena *a)
{
    int16_t *pcm = arena_array(a, total, sizeof *pcm);
    for (size_t i = 0; pcm != NULL && i < n; i++)
        pcm[i] = (int16_t)lrintf(sound[i] * gain * 32767.0f);
    return pcm;
}

static enum status deliver(struct utterance *w, struct run *r, struct OrtValue **out, struct error *err)
{
    const struct piper_voice *v = w->voice;
    const size_t samples = ort_count(out[0]), total = samples + (size_t)(r->pause * v->rate);
    struct speech *s = arena_new_of(w->arena, struct speech);

    if (!take_durations(v, r, ort_data(out[1]), ort_count(out[1]), samples))
        return error_set(err, STATUS_INTERNAL, "engine_failed", NULL,
                         "the voice %s gave durations that do not fit its sound", v->info.id);
    r->units[r->n_units - 1].seconds += (double)(total - samples) / v->rate;
    if (s == NULL)
        return arena_exhausted(err);
    *s = (struct speech){.sample_rate = v->rate, .n_samples = total, .duration = (double)total / v->rate};
    w->gain = choose_gain(ort_data(out[0]), samples, w->gain);
    s->pcm = to_pcm(ort_data(out[0]), samples, total, w->gain, w->arena);
    s->phonemes = arena_array(w->arena, r->n_units + 1, sizeof *s->phonemes);
    s->words = arena_array(w->arena, r->n_units + 1, sizeof *s->words);
    if (s->pcm == NULL || s->phonemes == NULL || s->words == NULL)
        return arena_exhausted(err);
    phonemes_from_units(r->units, r->n_units, w->script->written, s->phonemes, &s->n_phonemes, s->words, &s->n_words);
    s->phonemes[s->n_phonemes - 1].end = s->duration;
    return w->on_part(w->u, s, err);
}

static bool ends_sentence(char mark)
{
    return mark == '.' || mark == '?' || mark == '!';
}

static size_t clause_units(const struct utterance *w, size_t clause)
{
    return ipa_length(w->ipa[clause]) + 2;
}

/* Whether more of the sentence is said as the next run: `clause` ends with a pause, `units` long with what comes before
 * it, what follows is long enough to stand alone, and not there in time when it is made with this. */
static bool part_ends(const struct utterance *w, size_t clause, size_t units, size_t said)
{
    size_t rest = 0;
    if (w->parts != TTS_CLAUSES || w->script->clauses[clause].mark == 0 || units < PART_MIN)
        return false;
    for (size_t i = clause + 1; i < w->script->n_clauses; i++) {
        rest += clause_units(w, i);
        if (ends_sentence(w->script->clauses[i].mark))
            break;
    }
    return rest >= PART_MIN && units + clause_units(w, clause + 1) > PART_GROWTH * said;
}

/* Clauses from `first` that make one run: a sentence, or as much of it as fits. *said: units of the runs before it. */
static size_t run_length(const struct utterance *w, size_t first, size_t *said)
{
    size_t n = 0, units = 0;
    while (first + n < w->script->n_clauses) {
        const size_t more = clause_units(w, first + n);
        if (n > 0 && units + more > UNITS_MAX)
            break;
        units += more;
        n++;
        if (ends_sentence(w->script->clauses[first + n - 1].mark) || part_ends(w, first + n - 1, units, *said))
            break;
    }
    *said += units;
    return n;
}

static enum status say_run(struct utterance *w, size_t first, size_t n, struct error *err)
{
    size_t room = 4, added = 0;
    for (size_t i = 0; i < n; i++)
        room += ipa_length(w->ipa[first + i]) + 3;
    struct run r = {0};
    r.units = arena_array(w->arena, room, sizeof *r.units);
    r.ids = arena_array(w->arena, 2 * room, sizeof *r.ids);
    r.unit_of = arena_array(w->arena, 2 * room, sizeof *r.unit_of);
    if (r.units == NULL || r.ids == NULL || r.unit_of == NULL)
        return arena_exhausted(err);
    add_edge(&r, w->voice, "^", true);
    for (size_t i = 0; i < n; i++) {
        if (added > 0 && w->ipa[first + i][0] != '\0')
            add_unit(&r, w->voice, ' ', NO_WORD);
        added += add_clause(&r, w, first + i);
    }
    add_edge(&r, w->voice, "$", false);
    if (added == 0)
        return STATUS_OK;
    const char mark = w->script->clauses[first + n - 1].mark;
    if (first + n < w->script->n_clauses)
        r.pause = ends_sentence(mark)                    ? SENTENCE_PAUSE
                  : w->parts == TTS_CLAUSES && mark != 0 ? PART_PAUSE
                                                         : CLAUSE_PAUSE;
    struct OrtValue *out[2] = {NULL, NULL};
    enum status st = run_voice(w->voice, &r, w->speed, out, err);
    if (st == STATUS_OK)
        st = deliver(w, &r, out, err);
    ort_release_all(out, 2);
    return st;
}

static enum status piper_synthesize(void *model, const char *text, const char *voice, double speed,
                                    enum tts_parts parts, struct arena *a, tts_part_fn *on_part, void *u,
                                    struct error *err)
{
    const struct piper *p = model;
    struct script *script = NULL;
    size_t said = 0;
    struct utterance w = {.arena = a, .speed = speed, .parts = parts, .on_part = on_part, .u = u};

    for (size_t i = 0; i < p->n; i++)
        if (strcmp(p->voices[i].info.id, voice) == 0)
            w.voice = &p->voices[i];
    enum status st = script_make(text, a, &script, err);
    if (st != STATUS_OK)
        return st;
    w.script = script;
    st = phonemize(&w, err);
    for (size_t first = 0, n; st == STATUS_OK && first < script->n_clauses; first += n) {
        n = run_length(&w, first, &said);
        st = say_run(&w, first, n, err);
        if (ends_sentence(script->clauses[first + n - 1].mark))
            w.gain = 0;
    }
    return st;
}

const struct tts_backend tts_piper = {
    .version = TTS_BACKEND_VERSION,
    .name = "piper",
    .open = piper_open,
    .close = piper_close,
    .describe = piper_describe,
    .voices = piper_voices,
    .synthesize = piper_synthesize,
};
