/* Keeps the last message; for tests, where one thread sends at a time. */
#include "providers/mail/mail_backend.h"

#include <stdio.h>

struct mail_fake_state mail_fake_state;

static enum status fake_open(const struct mail_config *cfg, void **state, struct error *err)
{
    (void)cfg;
    (void)err;
    mail_fake_state = (struct mail_fake_state){0};
    *state = &mail_fake_state;
    return STATUS_OK;
}

static void fake_close(void *state)
{
    (void)state;
}

static enum status fake_send(void *state, const char *from, const char *to, const char *data, size_t len,
                             struct error *err)
{
    struct mail_fake_state *f = state;
    (void)from;
    if (f->fail != STATUS_OK)
        return error_set(err, f->fail, "mail_fake", NULL, "The fake was told to fail");
    f->count++;
    snprintf(f->to, sizeof f->to, "%s", to);
    snprintf(f->data, sizeof f->data, "%.*s", (int)len, data);
    return STATUS_OK;
}

const struct mail_backend mail_fake = {
    .version = MAIL_BACKEND_VERSION, .name = "fake", .open = fake_open, .close = fake_close, .send = fake_send};
