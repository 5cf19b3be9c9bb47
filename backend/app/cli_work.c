#include "app/cli_work.h"

#include <stdio.h>

enum status command_open(struct command_work *x, const struct config *c, struct error *err)
{
    enum status st = app_open(&x->app, c, err);
    x->arena = arena_new(16u << 20);
    if (st == STATUS_OK && !x->arena)
        st = arena_exhausted(err);
    if (st == STATUS_OK && !(x->services = app_services_new(&x->app)))
        st = error_set(err, STATUS_UNAVAILABLE, "database_unreachable", "DATABASE_URL",
                       "The database cannot be opened. Run: viva migrate up");
    return st;
}

void command_close(struct command_work *x)
{
    app_services_free(x->services);
    arena_free(x->arena);
    app_close(&x->app);
}

void command_print_link(const struct config *c, const char *what, const char *url)
{
    if (*c->public_url)
        printf("%s: %s\n", what, url);
    else
        printf("%s: %s://localhost:%lld%s\n", what, *c->tls_cert ? "https" : "http", (long long)c->port, url);
}
