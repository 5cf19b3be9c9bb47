#include "services/settings.h"

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/log.h"
#include "providers/cache/cache.h"
#include "repositories/settings_repository.h"
#include "services/audit.h"
#include "services/version.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define STORED_MAX (1u << 18) /* bytes of all values */

/* ------------------------------------------------------------------------------------------------------------------
 * what the process keeps */

struct settings_store {
    pthread_mutex_t lock; /* guards what follows it */
    struct arena *arena;  /* NULL: nothing is kept */
    struct settings *kept;
    int64_t until;   /* monotonic ms */
    uint64_t change; /* grows with each forgetting: what was read before it is not kept */
};

struct settings_store *settings_store_new(void)
{
    struct settings_store *k = calloc(1, sizeof *k);
    if (k)
        pthread_mutex_init(&k->lock, NULL);
    return k;
}

struct settings_store *settings_store_free(struct settings_store *k)
{
    if (k) {
        arena_free(k->arena);
        pthread_mutex_destroy(&k->lock);
        free(k);
    }
    return NULL;
}

void settings_store_forget(void *store, const char *message)
{
    struct settings_store *k = store;
    (void)message;
    if (!k)
        return;
    pthread_mutex_lock(&k->lock);
    k->change++;
    k->kept = NULL;
    pthread_mutex_unlock(&k->lock);
}

/* NULL when the arena is exhausted. */
static struct settings *copy_of(const struct settings *x, struct arena *a)
{
    struct settings *c = arena_new_of(a, struct settings);
    if (!c)
        return NULL;
    *c = *x;
    c->organisation_name = arena_strdup(a, x->organisation_name);
    c->privacy_notice = arena_strdup(a, x->privacy_notice);
    c->support_email = x->support_email ? arena_strdup(a, x->support_email) : NULL;
    return c->organisation_name && c->privacy_notice && !c->support_email == !x->support_email ? c : NULL;
}

/* Whether something is kept that is still good; *ret is NULL when the arena is exhausted. *change: as of now. */
static bool kept(struct settings_store *k, int64_t now, struct arena *a, struct settings **ret, uint64_t *change)
{
    pthread_mutex_lock(&k->lock);
    bool good = k->kept && now < k->until;
    *ret = good ? copy_of(k->kept, a) : NULL;
    *change = k->change;
    pthread_mutex_unlock(&k->lock);
    return good;
}

static void keep(struct settings_store *k, const struct settings *x, uint64_t change, int64_t now)
{
    struct arena *a = arena_new(STORED_MAX);
    struct settings *copy = a ? copy_of(x, a) : NULL;
    pthread_mutex_lock(&k->lock);
    if (copy && change == k->change) {
        struct arena *before = k->arena;
        k->arena = a;
        k->kept = copy;
        k->until = now + SETTINGS_KEPT_MS;
        a = before;
    }
    pthread_mutex_unlock(&k->lock);
    arena_free(a);
}

/* ------------------------------------------------------------------------------------------------------------------
 * reading */

/* What was given in `in`, into *to. */
static void apply(struct settings *to, const struct settings *in)
{
    for (size_t i = 0; i < settings_update_model.n_fields; i++) {
        const struct field *f = &settings_update_model.fields[i];
        size_t size = f->type == FIELD_INT    ? sizeof(int64_t)
                      : f->type == FIELD_ENUM ? sizeof(int)
                      : f->type == FIELD_BOOL ? sizeof(bool)
                                              : sizeof(char *);
        if (in->presence.given & UINT64_C(1) << i)
            memcpy((char *)to + f->offset, (const char *)in + f->offset, size);
    }
}

/* One stored value. It was checked when it was stored; a later version may have other choices. */
static void apply_stored(struct settings *to, const struct stored_setting *x, struct arena *a)
{
    struct settings one = {0};
    struct error why = {0};
    const char *json = arena_printf(a, "{\"%s\":%s}", x->name, x->value);
    if (json && model_parse(&settings_update_model, PARSE_PATCH, json, strlen(json), a, &one, &why) == STATUS_OK)
        apply(to, &one);
    else
        log_event(LOG_WARN, "setting_ignored", "name", x->name, "why", why.code, NULL);
    if (x->updated_at > to->updated_at)
        to->updated_at = x->updated_at;
}

static enum status load(struct services *s, struct arena *a, struct settings **ret, struct error *err)
{
    struct stored_setting *stored = NULL;
    size_t n = 0;
    struct settings *x = arena_new_of(a, struct settings);
    enum status st = x ? setting_list(s->db, a, &stored, &n, err) : arena_exhausted(err);
    if (st != STATUS_OK)
        return st;
    *x = settings_default;
    for (size_t i = 0; i < n; i++)
        apply_stored(x, &stored[i], a);
    *ret = x;
    return STATUS_OK;
}

enum status settings_get(struct services *s, struct arena *a, struct settings **ret, struct error *err)
{
    struct settings *x = NULL;
    uint64_t change = 0;
    int64_t now = clock_mono_ms(s->clock);
    if (s->settings_store && kept(s->settings_store, now, a, &x, &change)) {
        if (!x)
            return arena_exhausted(err);
        *ret = x;
        return STATUS_OK;
    }
    enum status st = load(s, a, &x, err);
    if (st != STATUS_OK)
        return st;
    if (s->settings_store)
        keep(s->settings_store, x, change, now);
    *ret = x;
    return STATUS_OK;
}

/* ------------------------------------------------------------------------------------------------------------------
 * changing */

/* The value of one field: what stands behind its name in {"name":value}. */
static enum status store_field(struct services *s, struct actor who, const struct field *f, const struct settings *x,
                               int64_t now, struct error *err)
{
    cleanup(buf_free) struct buf b;
    struct json j;
    struct model one = settings_update_model;
    one.fields = f;
    one.n_fields = 1;
    buf_init(&b, STORED_MAX);
    json_init(&j, &b);
    model_write(&j, &one, x);
    size_t head = strlen(f->name) + strlen("{\"\":");
    if (!buf_ok(&b) || b.len < head + 2)
        return arena_exhausted(err);
    b.data[b.len - 1] = '\0';
    return setting_put(s->db, f->name, b.data + head, now, who.user_id, err);
}

/* Stores what was given, with the names of it for the audit log. */
static enum status store_given(struct services *s, struct actor who, const struct settings *in, int64_t now,
                               struct buf *names, struct error *err)
{
    struct json j;
    enum status st = STATUS_OK;
    json_init(&j, names);
    json_object_begin(&j);
    json_key(&j, "fields");
    json_array_begin(&j);
    for (size_t i = 0; st == STATUS_OK && i < settings_update_model.n_fields; i++) {
        const struct field *f = &settings_update_model.fields[i];
        if (!(in->presence.given & UINT64_C(1) << i))
            continue;
        json_string(&j, f->name);
        st = store_field(s, who, f, in, now, err);
    }
    json_array_end(&j);
    json_object_end(&j);
    return st;
}

/* Where a text may be taken away, nothing stands for it. */
static struct settings cleaned(const struct settings *in)
{
    struct settings x = *in;
    if (!x.organisation_name)
        x.organisation_name = "";
    if (!x.privacy_notice)
        x.privacy_notice = "";
    return x;
}

enum status settings_update(struct services *s, struct actor who, const struct settings *in, int64_t version,
                            struct arena *a, struct settings **ret, struct error *err)
{
    cleanup(db_txn_end) struct db_txn t = {0};
    cleanup(buf_free) struct buf names;
    struct settings *now = NULL;
    const struct settings given = cleaned(in);
    buf_init(&names, 4096);
    enum status st = db_begin(s->db, &t, err);
    if (st == STATUS_OK)
        st = load(s, a, &now, err);
    if (st == STATUS_OK)
        st = version_check(now->updated_at, version, err);
    if (st == STATUS_OK)
        st = store_given(s, who, &given, version_next(now->updated_at, clock_unix_ms(s->clock)), &names, err);
    if (st != STATUS_OK)
        return st;
    const struct audit_event e = {"settings.update", "settings", {{0}}, buf_cstr(&names)};
    st = audit_record(s, who, &e, err);
    if (st == STATUS_OK)
        st = db_commit(&t, err);
    if (st != STATUS_OK)
        return st;
    settings_store_forget(s->settings_store, NULL);
    if (s->cache)
        cache_publish(s->cache, SETTINGS_CHANNEL, "changed");
    return settings_get(s, a, ret, err);
}

/* --------------------------------------------------------------------------------------------------------------------
 * what they are for */

enum status settings_fill_interview(struct services *s, const struct interview_input *in, struct interview *i,
                                    struct arena *a, struct error *err)
{
    struct settings *x = NULL;
    enum status st = settings_get(s, a, &x, err);
    if (st != STATUS_OK)
        return st;
    bool avatar = model_given(&interview_create_model, in, "avatar");
    if (!avatar)
        i->avatar = x->default_avatar;
    if (!model_given(&interview_create_model, in, "voice"))
        i->voice = avatar ? avatar_voice(i->avatar) : x->default_voice;
    if (!model_given(&interview_create_model, in, "language"))
        i->language = x->default_language;
    return STATUS_OK;
}

enum status settings_fill_options(struct services *s, struct interview_options *o, struct arena *a, struct error *err)
{
    struct settings *x = NULL;
    enum status st = settings_get(s, a, &x, err);
    if (st != STATUS_OK)
        return st;
    o->default_avatar = x->default_avatar;
    o->default_voice = x->default_voice;
    o->default_language = x->default_language;
    return STATUS_OK;
}

enum status settings_fill_draft(struct services *s, struct question_input *items, size_t n, struct arena *a,
                                struct error *err)
{
    struct settings *x = NULL;
    enum status st = settings_get(s, a, &x, err);
    for (size_t i = 0; st == STATUS_OK && x->default_time_limit_s && i < n; i++)
        items[i].time_limit_s = x->default_time_limit_s;
    return st;
}

enum status settings_organisation(struct services *s, const char *own, struct arena *a, const char **ret,
                                  struct error *err)
{
    struct settings *x = NULL;
    if (own && *own) {
        *ret = own;
        return STATUS_OK;
    }
    enum status st = settings_get(s, a, &x, err);
    if (st == STATUS_OK)
        *ret = x->organisation_name;
    return st;
}
