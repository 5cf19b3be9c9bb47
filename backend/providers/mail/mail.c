#include "base/cleanup.h"
#include "providers/mail/mail_backend.h"

#include <stdlib.h>
#include <string.h>

#define MESSAGE_MAX (1u << 20)

static const struct mail_backend *const backends[] = {&mail_smtp, &mail_fake};

struct mailer {
    const struct mail_backend *backend;
    void *state;
    char *from;
};

enum status mailer_new(const char *name, const struct mail_config *cfg, struct mailer **ret, struct error *err)
{
    if (!mail_is_address(cfg->from))
        return error_set(err, STATUS_INVALID, "setting_invalid", "MAIL_FROM",
                         "MAIL_FROM must be an address like viva@example.org");
    for (size_t i = 0; i < sizeof backends / sizeof *backends; i++) {
        if (strcmp(backends[i]->name, name) != 0 || backends[i]->version != MAIL_BACKEND_VERSION)
            continue;
        struct mailer *m = calloc(1, sizeof *m);
        char *from = strdup(cfg->from);
        enum status st = m && from ? backends[i]->open(cfg, &m->state, err)
                                   : error_set(err, STATUS_NO_MEMORY, "no_memory", NULL, "Out of memory");
        if (st != STATUS_OK) {
            free(from);
            free(m);
            return st;
        }
        m->backend = backends[i];
        m->from = from;
        *ret = m;
        return STATUS_OK;
    }
    return error_set(err, STATUS_INVALID, "setting_invalid", "MAIL_PROVIDER", "There is no mail provider \"%.40s\"",
                     name);
}

struct mailer *mailer_free(struct mailer *m)
{
    if (m) {
        m->backend->close(m->state);
        free(m->from);
        free(m);
    }
    return NULL;
}

enum status mail_send(struct mailer *m, const struct mail_message *msg, struct error *err)
{
    cleanup(buf_free) struct buf b;
    buf_init(&b, MESSAGE_MAX);
    enum status st = mail_compose(m->from, msg, &b, err);
    return st == STATUS_OK ? m->backend->send(m->state, m->from, msg->to, b.data, b.len, err) : st;
}
