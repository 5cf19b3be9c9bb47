/* `viva simulate`: a whole interview out of sound files, for debugging, for tests, for demonstrations. */

#include "app/cli_speech.h"
#include "app/cli_work.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "live/simulate.h"
#include "providers/audio.h"
#include "repositories/interview_repository.h"
#include "services/candidacy.h"
#include "services/conduct.h"
#include "services/preview.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define LINE_MAX_BYTES (4u << 20)
#define FILES_MAX      200
#define TALK_MS        45000 /* of the interviewer, for each question: about */
#define NAME           "Simulation"

static const char simulate_help[] =
    "Usage: viva simulate --interview ID --answers DIR [--json] [--keep] [--instant]\n\n"
    "Plays a whole interview: a candidate comes, hears each question, and answers with the sound files of a folder, "
    "in\n"
    "the order of their names (2.wav before 10.wav): the first answers question 1, and so on. Session, voice "
    "activity,\n"
    "recognition, end of answer and storing are those of the server, on the configured database and engines, on a\n"
    "simulated clock: faster than real time while nothing is recognised. Prints a line for each thing that happens.\n\n"
    "  --interview ID  its id, its link, or the token in its link\n"
    "  --answers DIR   sound files that ffmpeg reads; names that begin with a dot are left out. What is said to a "
    "follow-up\n"
    "                  stands in a file of its own, -follow-up-1 or -2 behind the name of the answer's: 3.wav, "
    "3-follow-up-1.wav;\n"
    "                  without one the follow-up is passed over with \"I'm done\". Questions without a file\n"
    "                  are passed over with \"I'm done\"; files without a question are not played. Both are said\n"
    "  --json          one JSON object a line: t (seconds since the candidate came), event, and where there is one\n"
    "                  position (of the question), follow_up (to it), kind, text, seconds. Events: connected, "
    "utterance, answer_started,\n"
    "                  file, file_over, skipped, done_pressed, speech_started, speech_stopped, partial, final,\n"
    "                  answer_ended, rest_unspoken, utterance_cancelled, notice, completed\n"
    "  --keep          a candidate named \"" NAME
    "\" of an open interview, with a report, which the server makes when it\n"
    "                  runs. Without it: as a preview, in no list, erased at the end\n"
    "  --instant       engines take no time on the simulated clock: the same times on every machine, but for how long\n"
    "                  the interviewer's voice takes to say something\n";

struct simulate_args {
    const char *interview, *answers;
    bool json, keep, instant;
};

struct stage {
    struct command_work work;
    struct clock_fake fake;
    struct clock clock;
    struct audio *audio;                                      /* what the sounds point into */
    struct simulate_sound *sounds;                            /* to the questions */
    struct simulate_sound (*follow_ups)[SIMULATE_FOLLOW_UPS]; /* to what follows up each of them */
    size_t n_sounds, n_audio;
    struct interview *interview;
    struct id session; /* zero: none */
    const struct conduct_plan *plan;
};

struct printer {
    bool json, failed;
};

static void write_json(struct buf *out, const struct simulate_event *e)
{
    struct json j;
    json_init(&j, out);
    json_object_begin(&j);
    json_kv_number(&j, "t", round(e->t * 1000) / 1000);
    json_kv_string(&j, "event", e->event);
    if (e->position > 0)
        json_kv_int(&j, "position", e->position);
    if (e->follow_up > 0)
        json_kv_int(&j, "follow_up", e->follow_up);
    if (e->kind != NULL)
        json_kv_string(&j, "kind", e->kind);
    if (e->text != NULL)
        json_kv_string(&j, "text", e->text);
    if (e->seconds > 0)
        json_kv_number(&j, "seconds", round(e->seconds * 1000) / 1000);
    json_object_end(&j);
}

static void print_event(void *u, const struct simulate_event *e)
{
    struct printer *p = u;
    cleanup(buf_free) struct buf out;
    buf_init(&out, LINE_MAX_BYTES);
    if (p->json) {
        write_json(&out, e);
    } else {
        buf_printf(&out, "%9.3f  %-19s ", e->t, e->event);
        if (e->position > 0)
            buf_printf(&out, e->follow_up > 0 ? "%d.%d  " : "%d  ", e->position, e->follow_up);
        if (e->kind != NULL)
            buf_printf(&out, "(%s) ", e->kind);
        if (e->seconds > 0)
            buf_printf(&out, "[%.1f s] ", e->seconds);
        buf_str(&out, e->text != NULL ? e->text : "");
    }
    buf_char(&out, '\n');
    p->failed = p->failed || !buf_ok(&out) || fwrite(out.data, 1, out.len, stdout) != out.len || fflush(stdout) != 0;
}

/* -1: go on. */
static int parse(int argc, char **argv, struct simulate_args *ret)
{
    for (int i = 1; i < argc; i++) {
        const char **value = strcmp(argv[i], "--interview") == 0 ? &ret->interview
                             : strcmp(argv[i], "--answers") == 0 ? &ret->answers
                                                                 : NULL;
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            fputs(simulate_help, stdout);
            return 0;
        }
        if (strcmp(argv[i], "--json") == 0)
            ret->json = true;
        else if (strcmp(argv[i], "--keep") == 0)
            ret->keep = true;
        else if (strcmp(argv[i], "--instant") == 0)
            ret->instant = true;
        else if (value == NULL)
            return cli_usage("simulate", "it does not know that option");
        else if (++i == argc)
            return cli_usage("simulate", "an option lacks its value");
        else
            *value = argv[i];
    }
    if (ret->interview == NULL || ret->answers == NULL)
        return cli_usage("simulate", "it needs --interview and --answers");
    return -1;
}

/* ---- the answers ---- */

static int shown(const struct dirent *d)
{
    return d->d_name[0] != '.';
}

/* Which follow-up's a name is, by what stands before its ending: 1, 2; 0: an answer's. *stem: how much of it is the
 * answer's own name. */
static int follow_up_of(const char *name, size_t *stem)
{
    static const char mark[] = "-follow-up-";
    const char *dot = strrchr(name, '.'), *end = dot != NULL ? dot : name + strlen(name);
    const size_t n = (size_t)(end - name), tail = strlen(mark) + 1;
    *stem = n;
    if (n <= tail || strncmp(end - tail, mark, tail - 1) != 0 || end[-1] < '1' || end[-1] > '0' + SIMULATE_FOLLOW_UPS)
        return 0;
    *stem = n - tail;
    return end[-1] - '0';
}

/* The answer whose follow-up's it is: its file has the same name, but for the ending. */
static enum status add_follow_up(struct stage *s, const struct simulate_sound *x, int number, size_t stem,
                                 struct error *err)
{
    for (size_t i = 0; i < s->n_sounds; i++) {
        size_t own = 0;
        if (follow_up_of(s->sounds[i].name, &own) == 0 && own == stem &&
            strncmp(s->sounds[i].name, x->name, stem) == 0) {
            s->follow_ups[i][number - 1] = *x;
            return STATUS_OK;
        }
    }
    return error_set(err, STATUS_INVALID, "answers_missing", "answers", "%s: there is no answer with that name",
                     x->name);
}

static enum status decode(struct stage *s, const char *dir, const char *name, bool follow_ups, struct error *err)
{
    struct audio sound = AUDIO_INIT;
    struct error why = {0};
    struct stat is;
    size_t stem = 0;
    const int number = follow_up_of(name, &stem);
    if ((number > 0) != follow_ups)
        return STATUS_OK;
    const char *path = arena_printf(s->work.arena, "%s/%s", dir, name), *own = arena_strdup(s->work.arena, name);
    if (path == NULL || own == NULL)
        return arena_exhausted(err);
    if (stat(path, &is) == 0 && S_ISDIR(is.st_mode))
        return STATUS_OK;
    enum status st = audio_decode_file(path, &sound, &why);
    if (st != STATUS_OK)
        return error_set(err, st, why.code, "answers", "%s: %s", path, why.message);
    s->audio[s->n_audio++] = sound;
    const struct simulate_sound x = {own, sound.pcm, sound.n};
    if (number > 0)
        return add_follow_up(s, &x, number, stem, err);
    s->sounds[s->n_sounds++] = x;
    return STATUS_OK;
}

static enum status read_answers(struct stage *s, const char *dir, struct error *err)
{
    struct dirent **names = NULL;
    int n = scandir(dir, &names, shown, versionsort);
    if (n < 0)
        return error_set(err, STATUS_NOT_FOUND, "answers_missing", "answers", "%s is no folder that can be read", dir);
    enum status st = n > FILES_MAX ? error_set(err, STATUS_TOO_LARGE, "too_many_answers", "answers",
                                               "%s holds %d files; %d are the most", dir, n, FILES_MAX)
                                   : STATUS_OK;
    s->audio = arena_array(s->work.arena, (size_t)n + 1, sizeof *s->audio);
    s->sounds = arena_array(s->work.arena, (size_t)n + 1, sizeof *s->sounds);
    s->follow_ups = arena_array(s->work.arena, (size_t)n + 1, sizeof *s->follow_ups);
    if (st == STATUS_OK && (s->audio == NULL || s->sounds == NULL || s->follow_ups == NULL))
        st = arena_exhausted(err);
    for (int i = 0; st == STATUS_OK && i < 2 * n; i++) /* the answers first */
        st = decode(s, dir, names[i % n]->d_name, i >= n, err);
    for (int i = 0; i < n; i++)
        free(names[i]);
    free(names);
    if (st == STATUS_OK && s->n_sounds == 0)
        st = error_set(err, STATUS_INVALID, "answers_missing", "answers", "There is no sound file in %s", dir);
    return st;
}

/* ---- the candidate ---- */

static enum status find_interview(struct stage *s, const char *named, struct error *err)
{
    const char *slash = strrchr(named, '/'), *token = slash != NULL ? slash + 1 : named;
    struct id id;
    enum status st = id_parse(token, &id)
                         ? interview_find(s->work.services->db, id, s->work.arena, &s->interview, err)
                         : interview_find_by_link(s->work.services->db, token, s->work.arena, &s->interview, err);
    if (st == STATUS_NOT_FOUND)
        return error_set(err, st, "interview_unknown", "interview", "There is no interview with the id or link \"%s\"",
                         named);
    return st;
}

static enum status come_as_candidate(struct stage *s, struct error *err)
{
    char text[ID_TEXT_SIZE];
    struct register_result *r = NULL;
    struct candidate_register in = {.full_name = NAME, .consent_recording = true, .consent_ai = true};
    id_format(id_new(), text);
    in.email = arena_printf(s->work.arena, "%s@simulation.invalid", text);
    if (in.email == NULL)
        return arena_exhausted(err);
    if (s->interview->status == INTERVIEW_DRAFT)
        return error_set(err, STATUS_CONFLICT, "interview_draft", "interview",
                         "This interview is a draft: publish it, or leave out --keep");
    enum status st = candidacy_register(s->work.services, s->interview->link, &in, s->work.arena, &r, err);
    if (st == STATUS_OK)
        s->session = r->session_id;
    return st;
}

static enum status come(struct stage *s, bool keep, struct error *err)
{
    struct conduct_plan *plan = NULL;
    enum status st = keep ? come_as_candidate(s, err)
                          : preview_open(s->work.services, s->interview->id, NAME, s->work.arena, &s->session, err);
    if (st == STATUS_OK)
        st = conduct_load(s->work.services, s->session, s->work.arena, &plan, err);
    if (st == STATUS_OK && plan->n_questions == 0)
        st = error_set(err, STATUS_INVALID, "no_questions", "interview", "This interview has no questions yet");
    s->plan = plan;
    return st;
}

/* ---- the interview ---- */

static void *stage_services(void *u)
{
    struct stage *s = u;
    struct services *own = app_services_new(&s->work.app);
    if (own != NULL)
        own->clock = &s->clock;
    return own;
}

/* What happened ends about now: nothing that is kept lies in the future. */
static void set_clock(struct stage *s)
{
    int64_t ms = 0;
    for (size_t i = 0; i < s->n_audio; i++)
        ms += (int64_t)(s->audio[i].n / (AUDIO_RATE / 1000)) + TALK_MS;
    s->fake = (struct clock_fake){clock_unix_ms(&clock_system) - ms, clock_mono_ms(&clock_system)};
    s->clock = clock_fake_make(&s->fake);
    s->work.services->clock = &s->clock;
}

static enum status load_engines(struct stage *s, struct error *err)
{
    const struct config *c = s->work.app.config;
    const struct provider_config settings = cli_provider_settings(c);
    struct engines *e = &s->work.app.engines;
    enum status st = stt_new(c->stt_provider, &settings, &e->stt, err);
    if (st == STATUS_OK)
        st = tts_new(c->tts_provider, &settings, &e->tts, err);
    if (st == STATUS_OK)
        st = vad_new(c->vad_provider, &settings, &e->vad, err);
    if (st == STATUS_OK)
        st = turn_new(c->turn_provider, &settings, &e->turn, err);
    if (st == STATUS_OK && embed_new(c->embed_provider, &settings, &e->embed, &e->embed_error) != STATUS_OK)
        fprintf(stderr, "Follow-ups are chosen by words alone: %s\n", e->embed_error.message);
    return st;
}

static void introduce(const struct stage *s, const struct simulate_args *args)
{
    size_t questions = s->plan->n_questions;
    FILE *to = args->json ? stderr : stdout;
    fprintf(to, "%s: %zu question%s, %zu answer%s\n", s->plan->interview_title, questions, questions == 1 ? "" : "s",
            s->n_sounds, s->n_sounds == 1 ? "" : "s");
    if (s->n_sounds < questions)
        fprintf(to, "There is no file for question %zu%s: passed over with \"I'm done\"\n", s->n_sounds + 1,
                s->n_sounds + 1 < questions ? " and those after it" : "");
    for (size_t i = questions; i < s->n_sounds; i++)
        fprintf(to, "%s has no question and is not played\n", s->sounds[i].name);
}

static enum status play(struct stage *s, const struct simulate_args *args, struct error *err)
{
    const struct config *c = s->work.app.config;
    struct printer p = {.json = args->json};
    const struct simulate_options o = {
        .live = {.services_new = stage_services,
                 .services_free = app_services_free,
                 .u = s,
                 .engines = &s->work.app.engines,
                 .workers = 1,
                 .speech_workers = (unsigned)c->speech_workers,
                 .sessions_max = 1,
                 .patience = {c->end_silence_sure_ms, c->end_silence_ms, c->end_silence_hanging_ms,
                              c->prompt_silence_ms}},
        .clock = &s->fake,
        .session = s->session,
        .answers = s->sounds,
        .n_answers = s->n_sounds,
        .follow_ups = s->follow_ups,
        .instant = args->instant,
    };
    enum status st = simulate_run(&o, print_event, &p, err);
    if (st == STATUS_OK && p.failed)
        st = error_set(err, STATUS_IO, "io_failed", NULL, "the events cannot be written to standard output");
    return st;
}

static enum status leave(struct stage *s, const struct simulate_args *args, struct error *err)
{
    char text[ID_TEXT_SIZE];
    if (id_is_zero(s->session))
        return STATUS_OK;
    if (!args->keep)
        return preview_erase(s->work.services, s->session, err);
    id_format(s->session, text);
    fprintf(args->json ? stderr : stdout, "Kept as session %s\n", text);
    return STATUS_OK;
}

static enum status simulate(struct stage *s, const struct simulate_args *args, struct error *err)
{
    enum status st = find_interview(s, args->interview, err);
    if (st == STATUS_OK)
        st = read_answers(s, args->answers, err);
    if (st == STATUS_OK)
        st = load_engines(s, err);
    if (st != STATUS_OK)
        return st;
    set_clock(s);
    st = come(s, args->keep, err);
    if (st == STATUS_OK) {
        introduce(s, args);
        st = play(s, args, err);
    }
    struct error late = {0};
    enum status left = leave(s, args, &late);
    if (st == STATUS_OK && left != STATUS_OK) {
        *err = late;
        st = left;
    }
    return st;
}

int command_simulate(const struct config *c, int argc, char **argv)
{
    struct simulate_args args = {0};
    struct stage s = {0};
    struct error err = {0};
    int rc = parse(argc, argv, &args);
    if (rc >= 0)
        return rc;
    enum status st = command_open(&s.work, c, &err);
    if (st == STATUS_OK)
        st = simulate(&s, &args, &err);
    rc = st == STATUS_OK ? 0 : cli_fail("simulate", &err);
    for (size_t i = 0; i < s.n_audio; i++)
        audio_free(&s.audio[i]);
    engines_unload(&s.work.app.engines);
    command_close(&s.work);
    return rc;
}
