#ifndef VIVA_PROVIDERS_MAIL_MAIL_BACKEND_H
#define VIVA_PROVIDERS_MAIL_MAIL_BACKEND_H
/* What a way of sending mail implements. Add one: fill this table, list it in mail.c. */

#include "providers/mail/mail.h"

#define MAIL_BACKEND_VERSION 1

struct mail_backend {
    unsigned version; /* MAIL_BACKEND_VERSION of the header it was written against */
    const char *name;
    enum status (*open)(const struct mail_config *cfg, void **state, struct error *err) must_check;
    void (*close)(void *state);
    /* From several threads at once. data: the composed message, lines ended by CRLF, not dot-stuffed. */
    enum status (*send)(void *state, const char *from, const char *to, const char *data, size_t len,
                        struct error *err) must_check;
};

extern const struct mail_backend mail_smtp, mail_fake;

/* What the fake was given last, or made to do; for tests. The fake is one per process. */
struct mail_fake_state {
    unsigned count; /* messages taken */
    char to[256];
    char data[16384];
    enum status fail; /* what the next sends answer; STATUS_OK: they are taken */
};
extern struct mail_fake_state mail_fake_state;

#endif
