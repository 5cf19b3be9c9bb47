#ifndef VIVA_APP_SERVER_H
#define VIVA_APP_SERVER_H
/* Start-up and shutdown: puts the parts together, in order, and takes them apart in the reverse order. */

#include "app/config.h"
#include "models/statistics.h"
#include "services/services.h"

/* The parts that live as long as the process, shared by every thread. */
struct app {
    const struct config *config;
    struct service_settings settings;
    struct token_keys *keys;
    struct api_keys *speech_keys;
    struct storage *storage;
    struct mailer *mailer; /* NULL: none is set */
    struct llm *llm;       /* the same */
    struct engines engines;
    struct speech_door *speech_door;
    struct cache *cache;
    struct settings_store *settings_store;
    struct latency_set *requests;
    struct system_info system;
    struct jobs *jobs;
    struct live *live;
};

/* Directories, secret, storage, mail, settings; no engines, no threads. */
enum status app_open(struct app *app, const struct config *c, struct error *err) must_check;
void app_close(struct app *app);

/* A struct services with its own database connection, for a thread or a command. u is the struct app. NULL when the
 * database cannot be opened (logged). */
void *app_services_new(void *u);
void app_services_free(void *services);

/* Serves until SIGTERM or SIGINT, then drains. Returns the process's exit code. */
int app_serve(const struct config *c);

/* The language model of the settings; *ret stays NULL when none is set. */
enum status app_open_llm(const struct config *c, struct llm **ret, struct error *err) must_check;

#endif
