#ifndef VIVA_SERVICES_SETTINGS_H
#define VIVA_SERVICES_SETTINGS_H
/* What administrators set while the server runs. Read often, changed seldom: kept in the process and read from the
 * database again when it was changed here or by another replica (a message through the cache), or after 30 seconds. */

#include "models/interview.h"
#include "models/settings.h"
#include "services/actor.h"
#include "services/services.h"

#define SETTINGS_KEPT_MS 30000

/* Shared by all threads. */
struct settings_store *settings_store_new(void); /* NULL when out of memory */
struct settings_store *settings_store_free(struct settings_store *k);
/* The next reader asks the database. A cache_message_fn, for the channel below; any thread. */
void settings_store_forget(void *store, const char *message);
#define SETTINGS_CHANNEL "settings"

/* With the defaults of those never set. A stored value that is none any more counts as never set. */
enum status settings_get(struct services *s, struct arena *a, struct settings **ret, struct error *err) must_check;
/* Changes what is given. version: of request_if_match; STATUS_PRECONDITION "changed_meanwhile". Audited. */
enum status settings_update(struct services *s, struct actor who, const struct settings *in, int64_t version,
                            struct arena *a, struct settings **ret, struct error *err) must_check;

/* What a new interview has where `in` does not say. */
enum status settings_fill_interview(struct services *s, const struct interview_input *in, struct interview *i,
                                    struct arena *a, struct error *err) must_check;
/* The same, for a form that begins with them. */
enum status settings_fill_options(struct services *s, struct interview_options *o, struct arena *a,
                                  struct error *err) must_check;
/* The time limit of drafted questions. */
enum status settings_fill_draft(struct services *s, struct question_input *items, size_t n, struct arena *a,
                                struct error *err) must_check;
/* The organisation's name to show for an interview that names this one ("": none). */
enum status settings_organisation(struct services *s, const char *own, struct arena *a, const char **ret,
                                  struct error *err) must_check;

#endif
