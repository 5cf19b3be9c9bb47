#ifndef VIVA_APP_CLI_H
#define VIVA_APP_CLI_H
/* The commands of `viva`. Each gets the settings and its own arguments (argv[0] is the command's name), prints its help
 * for
 * --help, and returns the exit code: 0 done, 1 failed, 2 wrong usage. */

#include "app/config.h"

struct command {
    const char *name, *usage, *summary;
    bool without_settings; /* runs although the settings are wrong (help, config) */
    int (*run)(const struct config *c, int argc, char **argv);
};

int command_serve(const struct config *c, int argc, char **argv);
int command_migrate(const struct config *c, int argc, char **argv);
int command_user(const struct config *c, int argc, char **argv);
int command_seed(const struct config *c, int argc, char **argv);
int command_keys(const struct config *c, int argc, char **argv);
int command_models(const struct config *c, int argc, char **argv);
int command_transcribe(const struct config *c, int argc, char **argv);
int command_listen(const struct config *c, int argc, char **argv);
int command_simulate(const struct config *c, int argc, char **argv);
int command_grade(const struct config *c, int argc, char **argv);
int command_say(const struct config *c, int argc, char **argv);
int command_check(const struct config *c, int argc, char **argv);
int command_config(const struct config *c, int argc, char **argv);
int command_openapi(const struct config *c, int argc, char **argv);

/* "viva: <what>: <message>" on standard error; returns 1. */
int cli_fail(const char *what, const struct error *err);
/* Wrong usage: says so, points to --help; returns 2. */
int cli_usage(const char *command, const char *why);

#endif
