#ifndef VIVA_SERVICES_SERVICES_H
#define VIVA_SERVICES_SERVICES_H
/* What a service call works with. One struct services per thread (it holds that thread's database connection);
 * everything else in it is shared and thread-safe. Services own rules and transactions; they know neither HTTP nor SQL.
 */

#include "base/clock.h"
#include "db/db.h"
#include "providers/cache/cache.h"
#include "providers/engines.h"
#include "providers/llm/llm.h"
#include "providers/mail/mail.h"
#include "utils/password.h"
#include "utils/ratelimit.h"
#include "utils/token.h"

struct api_keys;       /* utils/api_key.h */
struct jobs;           /* services/jobs.h */
struct latency_set;    /* base/latency.h */
struct settings_store; /* services/settings.h */
struct system_info;    /* models/statistics.h */
struct speech_door;    /* services/speech_door.h */
struct storage;        /* services/storage.h */

struct service_settings {
    const char *public_url; /* "" or scheme://host[:port]: what candidate links begin with */
    int64_t access_ttl_s, refresh_ttl_s, media_ttl_s;
    uint64_t chunk_max_bytes;  /* one recording chunk */
    uint64_t answer_max_bytes; /* one answer's recording, all segments */
    uint64_t resume_max_bytes;
    struct password_cost password_cost;
    bool login_back_off; /* services/login_guard.h; false: nobody is slowed down (tests) */
};

struct services {
    struct db *db;
    const struct service_settings *settings;
    const struct clock *clock;
    const struct token_keys *keys;
    const struct api_keys *speech_keys; /* utils/api_key.h: machines at the speech API; NULL: none */
    struct engines *engines;
    struct speech_door *speech_door; /* services/speech_door.h; NULL: nobody is kept out */
    struct storage *storage;
    struct mailer *mailer;                 /* NULL: no mail is sent; links are handed over */
    struct llm *llm;                       /* NULL: reports have no second reading */
    struct cache *cache;                   /* NULL in tools that serve nobody */
    struct latency_set *requests;          /* by class of route; NULL: not measured */
    const struct system_info *system;      /* NULL in tools */
    struct settings_store *settings_store; /* NULL: read anew each time */
    struct jobs *jobs;                     /* woken when a job was enqueued; NULL in tools that run no jobs */
};

#endif
