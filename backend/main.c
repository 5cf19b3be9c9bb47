/* viva: the command line. */

#include "app/cli.h"
#include "app/config.h"
#include "base/log.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const struct command commands[] = {
    {"serve", "serve", "Serve the web application and the API until SIGTERM.", .run = command_serve},
    {"migrate", "migrate up | down [STEPS|all] | status", "Bring the database to this version, or back.",
     .run = command_migrate},
    {"user", "user add|list|password|reset-link|disable|enable ...", "The people who log in.", .run = command_user},
    {"seed", "seed", "First administrator and a demonstration interview, where there are none.", .run = command_seed},
    {"keys", "keys list | rotate | retire", "The keys that tokens are signed with.", .run = command_keys},
    {"models", "models list | fetch | verify", "The speech models: what is here, get them, check them.",
     .run = command_models},
    {"transcribe", "transcribe [--json] FILE...", "Speech in sound files to text.", .run = command_transcribe},
    {"listen", "listen [--json] FILE...", "hear sound files as an interview does", false, command_listen},
    {"simulate", "simulate --interview ID --answers DIR", "Play a whole interview from sound files.",
     .run = command_simulate},
    {"grade", "grade [--features] FILE.jsonl", "Score answers in a file as reports do.", .run = command_grade},
    {"say", "say TEXT --out F.wav [--times F.json]", "Text to speech, with phoneme times.", .run = command_say},
    {"check", "check", "Tell what is missing for an interview on this machine.", .run = command_check},
    {"config", "config", "Print every setting with its default (backend/env.example).", true, command_config},
    {"openapi", "openapi", "Print the OpenAPI document.", true, command_openapi},
};

#define N_COMMANDS (sizeof commands / sizeof commands[0])

static void print_help(FILE *f)
{
    fprintf(f,
            "viva %s: interviews by a speaking avatar, on your own machine.\n\nUsage: viva [--config FILE] COMMAND "
            "[ARGUMENTS]\n\n",
            VIVA_VERSION);
    for (size_t i = 0; i < N_COMMANDS; i++)
        fprintf(f, "  %-50s %s\n", commands[i].usage, commands[i].summary);
    fprintf(f, "\nEach command tells more with --help. ");
    struct buf b;
    buf_init(&b, 1 << 20);
    config_print_help(&b);
    fputs(buf_cstr(&b), f);
    buf_free(&b);
}

static enum log_level level_of(const char *name)
{
    return !strcmp(name, "debug")   ? LOG_DEBUG
           : !strcmp(name, "warn")  ? LOG_WARN
           : !strcmp(name, "error") ? LOG_ERROR
                                    : LOG_INFO;
}

static int run(const struct command *cmd, const char *file, int argc, char **argv)
{
    struct arena *a = arena_new(1 << 20);
    struct config *c = NULL;
    struct error err = {0};
    bool help = argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"));
    enum status st = a ? STATUS_OK : arena_exhausted(&err);
    if (st == STATUS_OK && !cmd->without_settings && !help)
        st = config_load(file, a, &c, &err);
    if (st == STATUS_OK && c)
        log_set_level(level_of(c->log_level));
    int rc = st == STATUS_OK ? cmd->run(c, argc, argv) : cli_fail("settings", &err);
    arena_free(a);
    return rc;
}

int main(int argc, char **argv)
{
    const char *file = NULL;
    int i = 1;
    if (sodium_init() < 0) {
        fprintf(stderr, "viva: the cryptographic library cannot start\n");
        return 1;
    }
    if (argc > 2 && !strcmp(argv[1], "--config")) {
        file = argv[2];
        i = 3;
    }
    if (i >= argc || !strcmp(argv[i], "--help") || !strcmp(argv[i], "-h") || !strcmp(argv[i], "help")) {
        print_help(i >= argc ? stderr : stdout);
        return i >= argc ? 2 : 0;
    }
    if (!strcmp(argv[i], "--version")) {
        printf("viva %s\n", VIVA_VERSION);
        return 0;
    }
    for (size_t k = 0; k < N_COMMANDS; k++)
        if (!strcmp(argv[i], commands[k].name))
            return run(&commands[k], file, argc - i, argv + i);
    fprintf(stderr, "viva: there is no command \"%s\". See: viva --help\n", argv[i]);
    return 2;
}
