#ifndef VIVA_APP_CLI_WORK_H
#define VIVA_APP_CLI_WORK_H
/* What a command that works on the database needs. */

#include "app/cli.h"
#include "app/server.h"

struct command_work {
    struct app app;
    struct services *services;
    struct arena *arena;
};

enum status command_open(struct command_work *x, const struct config *c, struct error *err) must_check;
void command_close(struct command_work *x); /* also after command_open() failed */
/* "what: address", whole also where PUBLIC_URL is not set. */
void command_print_link(const struct config *c, const char *what, const char *url);

#endif
