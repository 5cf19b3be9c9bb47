/* `viva listen`: recordings through the live path, for benchmarks and for finding out why an answer ended where it did.
 */

#include "app/cli.h"
#include "app/cli_speech.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/json.h"
#include "live/listen.h"
#include "providers/audio.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_BYTES   (4u << 20)
#define POINTS_MAX_BYTES (64u << 10)

static const char listen_help[] =
    "Usage: viva listen [--json] [--patience quick|normal|patient] [--language xx] [--instant] [--no-captions] "
    "[--guesses] [--revised] [--points FILE] "
    "FILE...\n\n"
    "Hears sound files as a live interview does (voice activity, recognition, end of answer) on a simulated clock, "
    "faster\n"
    "than real time where it can, and prints a line for each thing that happens.\n\n"
    "  --json           one JSON object a line: file, t (seconds), event (speech_started, speech_stopped, partial,\n"
    "                   answer_ended), text; with final words their times in ms of the answer, confidence and start\n"
    "                   (seconds)\n"
    "  --patience NAME  how long a silence has to last; settings END_SILENCE_... unless given\n"
    "  --language xx    do not detect the language\n"
    "  --no-captions    nothing is recognised before a pause, which takes half the time\n"
    "  --revised        also what an interview keeps once an answer was heard again as a whole (event revised): "
    "better\n"
    "                   words for the final ones with that start\n"
    "  --guesses        also what is thought of each pause (event guess): since, over (probability that the answer "
    "is),\n"
    "                   wait (seconds of silence that end it; -1: no answer yet), and the signs\n"
    "  --points FILE    what the answers should mention, a line each: who has said it all has finished sooner\n"
    "  --instant        recognition takes no time on the simulated clock (the same lines on every machine)\n\n"
    "A file that cannot be read is reported and the others are done; the exit code is then 1.\n";

struct listen_args {
    bool json;
    struct listen_options options;
    const char *points_file;
    int first_file;
};

struct printer {
    const char *file;
    bool json, failed;
};

static void print_guess(struct json *j, const struct listen_guess *g)
{
    static const char *const verdicts[] = {"none", "thinking", "hanging", "unclear", "finished", "done", "repeat"};
    json_kv_number(j, "since", round(g->since * 1000) / 1000);
    json_kv_string(j, "verdict", verdicts[g->opinion.verdict]);
    json_kv_number(j, "over", g->opinion.over);
    json_kv_number(j, "wait", g->wait_ms == INT64_MAX ? -1 : (double)g->wait_ms / 1000);
    if (g->signs.compared)
        json_kv_number(j, "covered", g->signs.covered);
    if (g->signs.judged)
        json_kv_number(j, "turn", g->signs.turn);
    if (!g->signs.written)
        return;
    json_kv_number(j, "stop", g->signs.stop);
    json_kv_number(j, "pause", g->signs.pause);
    json_kv_number(j, "trail", g->signs.trail);
    json_kv_number(j, "word", g->signs.word);
    json_kv_number(j, "end", g->signs.end);
}

static void print_event(void *u, const struct listen_event *e)
{
    static const char *const names[] = {"speech_started", "speech_stopped", "partial",
                                        "guess",          "answer_ended",   "revised"};
    struct printer *p = u;
    cleanup(buf_free) struct buf out;
    struct json j;
    buf_init(&out, LINE_MAX_BYTES);
    if (p->json) {
        json_init(&j, &out);
        json_object_begin(&j);
        json_kv_string(&j, "file", p->file);
        json_kv_number(&j, "t", round(e->t * 1000) / 1000);
        json_kv_string(&j, "event", names[e->type]);
        if (e->text != NULL)
            json_kv_string(&j, "text", e->text);
        if (e->guess != NULL)
            print_guess(&j, e->guess);
        if (e->heard != NULL) {
            json_kv_number(&j, "start", round(e->start * 1000) / 1000);
            json_key(&j, "words");
            json_raw(&j, e->heard->words);
            json_kv_number(&j, "confidence", round(e->heard->confidence * 1000) / 1000);
            if (e->heard->language[0] != '\0')
                json_kv_string(&j, "other_language", e->heard->language);
        }
        json_object_end(&j);
    } else {
        buf_printf(&out, "%9.3f  %-14s %s", e->t, names[e->type], e->text != NULL ? e->text : "");
    }
    buf_char(&out, '\n');
    p->failed = p->failed || !buf_ok(&out) || fwrite(out.data, 1, out.len, stdout) != out.len || fflush(stdout) != 0;
}

static int parse(const struct config *c, int argc, char **argv, struct listen_args *ret)
{
    const char *patience = NULL;
    int i = 1;
    ret->options.patience =
        (struct patience){c->end_silence_sure_ms, c->end_silence_ms, c->end_silence_hanging_ms, c->prompt_silence_ms};
    for (; i < argc && argv[i][0] == '-' && argv[i][1] != '\0'; i++) {
        const char **value = strcmp(argv[i], "--patience") == 0   ? &patience
                             : strcmp(argv[i], "--language") == 0 ? &ret->options.language
                             : strcmp(argv[i], "--points") == 0   ? &ret->points_file
                                                                  : NULL;
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            fputs(listen_help, stdout);
            return 0;
        }
        if (strcmp(argv[i], "--json") == 0)
            ret->json = true;
        else if (strcmp(argv[i], "--instant") == 0)
            ret->options.instant = true;
        else if (strcmp(argv[i], "--guesses") == 0)
            ret->options.guesses = true;
        else if (strcmp(argv[i], "--revised") == 0)
            ret->options.revised = true;
        else if (strcmp(argv[i], "--no-captions") == 0)
            ret->options.no_captions = true;
        else if (value == NULL)
            return cli_usage("listen", "it does not know that option");
        else if (++i == argc)
            return cli_usage("listen", "an option lacks its value");
        else
            *value = argv[i];
    }
    const struct patience *named = patience != NULL ? patience_named(patience) : NULL;
    if (patience != NULL && named == NULL)
        return cli_usage("listen", "--patience is quick, normal or patient");
    if (named != NULL)
        ret->options.patience = *named;
    ret->first_file = i;
    return i == argc ? cli_usage("listen", "it needs at least one sound file") : -1;
}

static enum status listen_file(const struct listen_args *args, const char *file, struct error *err)
{
    cleanup(audio_free) struct audio sound = AUDIO_INIT;
    struct printer p = {.file = file, .json = args->json};
    if (!args->json)
        printf("%s\n", file);
    enum status st = audio_decode_file(file, &sound, err);
    if (st == STATUS_OK)
        st = listen_run(&args->options, sound.pcm, sound.n, print_event, &p, err);
    if (st == STATUS_OK && p.failed)
        st = error_set(err, STATUS_IO, "io_failed", NULL, "the events cannot be written to standard output");
    return st;
}

static enum status load_engines(const struct config *c, struct engines *e, struct error *err)
{
    const struct provider_config settings = cli_provider_settings(c);
    enum status st = stt_new(c->stt_provider, &settings, &e->stt, err);
    if (st == STATUS_OK)
        st = vad_new(c->vad_provider, &settings, &e->vad, err);
    return st == STATUS_OK ? turn_new(c->turn_provider, &settings, &e->turn, err) : st;
}

/* Its lines, of which empty ones do not count; items and the text they lie in are the caller's to free. */
static enum status read_points(const char *file, char **text, struct strings *ret, struct error *err)
{
    size_t len = 0;
    enum status st = file_read(file, POINTS_MAX_BYTES, text, &len, err);
    if (st != STATUS_OK)
        return st;
    ret->items = calloc(len / 2 + 1, sizeof *ret->items);
    if (ret->items == NULL)
        return arena_exhausted(err);
    char *rest = NULL;
    for (char *line = strtok_r(*text, "\r\n", &rest); line != NULL; line = strtok_r(NULL, "\r\n", &rest))
        ret->items[ret->count++] = line;
    return STATUS_OK;
}

int command_listen(const struct config *c, int argc, char **argv)
{
    struct listen_args args = {0};
    struct engines engines = {0};
    struct error err = {0};
    char *points = NULL;
    int rc = parse(c, argc, argv, &args);
    if (rc >= 0)
        return rc;
    if (args.points_file != NULL && read_points(args.points_file, &points, &args.options.points, &err) != STATUS_OK) {
        free(points);
        return cli_fail(args.points_file, &err);
    }
    args.options.engines = &engines;
    rc = load_engines(c, &engines, &err) == STATUS_OK ? 0 : cli_fail("listen", &err);
    for (int i = args.first_file; i < argc && engines.turn != NULL; i++) {
        err = (struct error){0};
        if (listen_file(&args, argv[i], &err) != STATUS_OK)
            rc = cli_fail(argv[i], &err);
    }
    engines_unload(&engines);
    free(args.options.points.items);
    free(points);
    return rc;
}
