#include "app/cli_speech.h"

#include "app/cli.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "providers/audio.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TRANSCRIPT_BYTES_MAX ((size_t)64 << 20)
#define SPEECH_BYTES_MAX     ((size_t)2 << 30)
#define STDIN_TEXT_MAX       (1u << 20)

static const char transcribe_help[] =
    "Usage: viva transcribe [--json] [--words] [--model base|tiny.en] [--language xx] FILE...\n\n"
    "Writes down what is said in sound files (wav, flac, ogg, webm, mp4, mp3 and whatever else ffmpeg reads).\n\n"
    "  --json          one JSON object a line: file, language, duration, text, segments with start and end in seconds\n"
    "  --words         with the times of words: in JSON, words with start, end and probability; else a line for each\n"
    "  --model NAME    base (default, all languages) or tiny.en (English only, quicker); setting STT_MODEL\n"
    "  --language xx   do not detect the language: an ISO 639-1 code such as en, de, es, fr\n\n"
    "A file that cannot be read is reported and the others are done; the exit code is then 1.\n";

static const char say_help[] = "Usage: viva say TEXT --out F.wav [--times F.json] [--voice ID] [--speed N]\n\n"
                               "Speaks TEXT (\"-\": standard input) into a WAV file.\n\n"
                               "  --out F.wav     where the sound goes: 16-bit PCM, mono\n"
                               "  --times F.json  sample_rate, duration, and for each phoneme and each word its start "
                               "and end in seconds\n"
                               "                  (\"sil\" is silence)\n"
                               "  --voice ID      another voice than the first one installed\n"
                               "  --speed N       0.5 to 2, 1 is normal\n";

struct provider_config cli_provider_settings(const struct config *c)
{
    return (struct provider_config){
        .models_dir = c->models_dir,
        .ort_library = c->ort_library,
        .stt_model = c->stt_model,
        .threads = (unsigned)c->speech_threads,
        .parallel = 1,
    };
}

static bool is_help(const char *arg)
{
    return strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0;
}

/* ---- transcribe ---- */

static double rounded(double seconds, double per_second)
{
    return round(seconds * per_second) / per_second;
}

static void write_words(struct json *j, const struct transcript *t)
{
    json_key(j, "words");
    json_array_begin(j);
    for (size_t i = 0; i < t->n_words; i++) {
        json_object_begin(j);
        json_kv_number(j, "start", rounded(t->words[i].start, 1e3));
        json_kv_number(j, "end", rounded(t->words[i].end, 1e3));
        json_kv_string(j, "word", t->words[i].text);
        json_kv_number(j, "probability", rounded(t->words[i].p, 1e3));
        json_object_end(j);
    }
    json_array_end(j);
}

/* {"file","language","duration","text","segments":[{"start","end","text"}]} and a line feed; seconds, to the
 * millisecond. */
static void put_transcript(struct buf *out, const char *file, const struct transcript *t)
{
    struct json j;
    json_init(&j, out);
    json_object_begin(&j);
    json_kv_string(&j, "file", file);
    json_kv_string(&j, "language", t->language);
    json_kv_number(&j, "duration", rounded(t->duration, 1e3));
    json_kv_string(&j, "text", t->text);
    json_key(&j, "segments");
    json_array_begin(&j);
    for (size_t i = 0; i < t->n_segments; i++) {
        json_object_begin(&j);
        json_kv_number(&j, "start", rounded(t->segments[i].start, 1e3));
        json_kv_number(&j, "end", rounded(t->segments[i].end, 1e3));
        json_kv_string(&j, "text", t->segments[i].text);
        json_object_end(&j);
    }
    json_array_end(&j);
    if (t->n_words > 0)
        write_words(&j, t);
    json_object_end(&j);
    buf_char(out, '\n');
}

static enum status print_transcript(const char *file, const struct transcript *t, bool json, bool with_name,
                                    struct error *err)
{
    cleanup(buf_free) struct buf out;
    buf_init(&out, TRANSCRIPT_BYTES_MAX);
    if (json)
        put_transcript(&out, file, t);
    else
        buf_printf(&out, "%s%s%s\n", with_name ? file : "", with_name ? ": " : "", t->text);
    for (size_t i = 0; !json && i < t->n_words; i++)
        buf_printf(&out, "%9.2f %9.2f  %4.2f  %s\n", t->words[i].start, t->words[i].end, t->words[i].p,
                   t->words[i].text);
    if (!buf_ok(&out) || fwrite(out.data, 1, out.len, stdout) != out.len || fflush(stdout) != 0)
        return error_set(err, STATUS_IO, "io_failed", NULL, "the transcript cannot be written to standard output");
    return STATUS_OK;
}

static enum status transcribe_file(struct stt *s, const char *file, const struct stt_options *o, bool json,
                                   bool with_name, struct error *err)
{
    cleanup(audio_free) struct audio sound = AUDIO_INIT;
    cleanup(arena_freep) struct arena *a = arena_new(TRANSCRIPT_BYTES_MAX);
    struct transcript *t = NULL;

    if (a == NULL)
        return arena_exhausted(err);
    enum status st = audio_decode_file(file, &sound, err);
    if (st == STATUS_OK)
        st = stt_transcribe(s, sound.pcm, sound.n, o, a, &t, err);
    return st == STATUS_OK ? print_transcript(file, t, json, with_name, err) : st;
}

struct transcribe_args {
    bool json, words;
    const char *model, *language;
    int first_file;
};

/* -1: go on; otherwise the exit code. */
static int transcribe_parse(int argc, char **argv, struct transcribe_args *ret)
{
    int i = 1;
    for (; i < argc && argv[i][0] == '-' && argv[i][1] != '\0'; i++) {
        if (is_help(argv[i])) {
            fputs(transcribe_help, stdout);
            return 0;
        }
        if (strcmp(argv[i], "--") == 0) {
            i++;
            break;
        }
        const char **value = strcmp(argv[i], "--model") == 0      ? &ret->model
                             : strcmp(argv[i], "--language") == 0 ? &ret->language
                                                                  : NULL;
        if (strcmp(argv[i], "--json") == 0)
            ret->json = true;
        else if (strcmp(argv[i], "--words") == 0)
            ret->words = true;
        else if (value == NULL)
            return cli_usage("transcribe", "it does not know that option");
        else if (++i == argc)
            return cli_usage("transcribe", "an option lacks its value");
        else
            *value = argv[i];
    }
    ret->first_file = i;
    return i == argc ? cli_usage("transcribe", "it needs at least one sound file") : -1;
}

int command_transcribe(const struct config *c, int argc, char **argv)
{
    struct transcribe_args args = {0};
    struct error err = {0};
    struct stt *s = NULL;

    int rc = transcribe_parse(argc, argv, &args);
    if (rc >= 0)
        return rc;
    struct provider_config settings = cli_provider_settings(c);
    if (args.model != NULL)
        settings.stt_model = args.model;
    if (stt_new(c->stt_provider, &settings, &s, &err) != STATUS_OK)
        return cli_fail("transcribe", &err);
    const struct stt_options options = {.language = args.language, .words = args.words, .thorough = true};
    rc = 0;
    for (int i = args.first_file; i < argc; i++) {
        err = (struct error){0};
        if (transcribe_file(s, argv[i], &options, args.json, argc - args.first_file > 1, &err) != STATUS_OK)
            rc = cli_fail(argv[i], &err);
    }
    stt_free(s);
    return rc;
}

/* ---- say ---- */

static void write_time(struct json *j, const char *key, const char *what, double start, double end)
{
    json_object_begin(j);
    json_kv_string(j, key, what);
    json_kv_number(j, "start", rounded(start, 1e6));
    json_kv_number(j, "end", rounded(end, 1e6));
    json_object_end(j);
}

/* {"sample_rate","duration","phonemes":[{"phoneme","start","end"}],"words":[{"word","start","end"}]} and a line feed;
 * seconds, to the microsecond. */
static void put_times(struct buf *out, const struct speech *s)
{
    struct json j;
    json_init(&j, out);
    json_object_begin(&j);
    json_kv_int(&j, "sample_rate", s->sample_rate);
    json_kv_number(&j, "duration", rounded(s->duration, 1e6));
    json_key(&j, "phonemes");
    json_array_begin(&j);
    for (size_t i = 0; i < s->n_phonemes; i++)
        write_time(&j, "phoneme", s->phonemes[i].phoneme, s->phonemes[i].start, s->phonemes[i].end);
    json_array_end(&j);
    json_key(&j, "words");
    json_array_begin(&j);
    for (size_t i = 0; i < s->n_words; i++)
        write_time(&j, "word", s->words[i].word, s->words[i].start, s->words[i].end);
    json_array_end(&j);
    json_object_end(&j);
    buf_char(out, '\n');
}

static enum status write_file(const char *path, const struct buf *b, struct error *err)
{
    cleanup(file_closep) FILE *f = fopen(path, "wb");
    if (f == NULL || !buf_ok(b) || fwrite(b->data, 1, b->len, f) != b->len || fflush(f) != 0)
        return error_set(err, STATUS_IO, "io_failed", NULL, "%.200s cannot be written: %s", path,
                         buf_ok(b) ? strerror(errno) : "too large");
    return STATUS_OK;
}

static enum status write_speech(const struct speech *s, const char *wav, const char *times, struct error *err)
{
    cleanup(buf_free) struct buf sound, json;
    buf_init(&sound, SPEECH_BYTES_MAX);
    buf_init(&json, SPEECH_BYTES_MAX);
    audio_wav(&sound, s->pcm, s->n_samples, s->sample_rate);
    enum status st = write_file(wav, &sound, err);
    if (st != STATUS_OK || times == NULL)
        return st;
    put_times(&json, s);
    return write_file(times, &json, err);
}

struct say_args {
    const char *text, *out, *times, *voice;
    double speed;
};

static int say_parse(int argc, char **argv, struct say_args *ret)
{
    bool options = true;
    ret->speed = 1;
    for (int i = 1; i < argc; i++) {
        const char *speed = NULL;
        const char **value = strcmp(argv[i], "--out") == 0     ? &ret->out
                             : strcmp(argv[i], "--times") == 0 ? &ret->times
                             : strcmp(argv[i], "--voice") == 0 ? &ret->voice
                             : strcmp(argv[i], "--speed") == 0 ? &speed
                                                               : NULL;
        if (options && is_help(argv[i])) {
            fputs(say_help, stdout);
            return 0;
        }
        if (options && strcmp(argv[i], "--") == 0) {
            options = false;
        } else if (options && value != NULL) {
            if (++i == argc)
                return cli_usage("say", "an option lacks its value");
            *value = argv[i];
        } else if (options && strncmp(argv[i], "--", 2) == 0) {
            return cli_usage("say", "it does not know that option (a text that begins with -- goes after --)");
        } else if (ret->text != NULL) {
            return cli_usage("say", "it takes one text: put it in quotes");
        } else {
            ret->text = argv[i];
        }
        ret->speed = speed != NULL ? atof(speed) : ret->speed;
    }
    if (ret->text == NULL)
        return cli_usage("say", "it needs a text");
    return ret->out == NULL ? cli_usage("say", "it needs --out F.wav") : -1;
}

static char *read_stdin(void)
{
    char *text = calloc(1, STDIN_TEXT_MAX + 1);
    if (text != NULL)
        text[fread(text, 1, STDIN_TEXT_MAX, stdin)] = '\0';
    return text;
}

int command_say(const struct config *c, int argc, char **argv)
{
    struct say_args args = {0};
    struct error err = {0};
    struct speech *speech = NULL;
    struct tts *t = NULL;

    int rc = say_parse(argc, argv, &args);
    if (rc >= 0)
        return rc;
    const struct provider_config settings = cli_provider_settings(c);
    cleanup(freep) char *piped = strcmp(args.text, "-") == 0 ? read_stdin() : NULL;
    cleanup(arena_freep) struct arena *a = arena_new(SPEECH_BYTES_MAX);
    enum status st = a == NULL ? arena_exhausted(&err) : tts_new(c->tts_provider, &settings, &t, &err);
    if (st == STATUS_OK)
        st = tts_synthesize(t, piped != NULL ? piped : args.text, args.voice, args.speed, a, &speech, &err);
    if (st == STATUS_OK)
        st = write_speech(speech, args.out, args.times, &err);
    tts_free(t);
    return st == STATUS_OK ? 0 : cli_fail("say", &err);
}
