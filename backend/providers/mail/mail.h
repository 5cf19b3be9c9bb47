#ifndef VIVA_PROVIDERS_MAIL_MAIL_H
#define VIVA_PROVIDERS_MAIL_MAIL_H
/* Outgoing mail: plain text in UTF-8, one recipient, handed to a server that sends it on. Thread-safe. A mailer that is
 * NULL sends nothing: this installation has no mail. */

#include "base/buf.h"
#include "base/id.h"

struct mail_config {
    const char *url;  /* smtp[s]://[user:password@]host[:port]; user and password percent-encoded */
    const char *from; /* an address */
};

struct mail_message {
    const char *to; /* an address */
    const char *subject;
    const char *text; /* lines ended by \n, of any length */
    struct id id;     /* becomes the Message-ID */
    int64_t date;     /* Unix ms */
};

struct mailer;

/* name: "smtp" | "fake" (keeps what it is given, for tests). STATUS_INVALID "setting_invalid" with the setting's name
 * (SMTP_URL, MAIL_FROM). Does not connect. */
enum status mailer_new(const char *name, const struct mail_config *cfg, struct mailer **ret,
                       struct error *err) must_check;
struct mailer *mailer_free(struct mailer *m); /* takes NULL, returns NULL */

/* Returns when the server has taken it, or has not: within a minute. STATUS_UNAVAILABLE "mail_unreachable" or
 * "mail_deferred": try again later; STATUS_INVALID "mail_refused": the server will not have it. Errors name no address.
 */
enum status mail_send(struct mailer *m, const struct mail_message *msg, struct error *err) must_check;

/* The message as RFC 5322 has it, lines ended by CRLF. STATUS_INVALID "mail_header" when an address or the subject
 * holds a line break or another control character, so that nothing can add a header. */
enum status mail_compose(const char *from, const struct mail_message *msg, struct buf *out,
                         struct error *err) must_check;
/* Whether it is an address that may stand in a header and in the envelope: local@domain, printable ASCII, no spaces,
 * angle brackets, quotes or commas. */
bool mail_is_address(const char *text);

#endif
