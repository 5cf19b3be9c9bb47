#ifndef VIVA_SERVICES_MAIL_H
#define VIVA_SERVICES_MAIL_H
/* Mail that this installation writes, sent by durable jobs: a server that is down delays it, a crash does not lose it.
 * The secret of a link is in no row: the job makes a new one each time it tries to send. */

#include "services/services.h"

#define MAIL_JOB "mail" /* subject: a row of account_links */

/* Sends the link; one that was used, ended or replaced meanwhile is not sent, nor one of an account that is disabled.
 */
enum status mail_link_send(struct services *s, struct id link, struct error *err) must_check;
/* Leaves an entry in the audit log; it names the account by its id only. */
enum status mail_link_give_up(struct services *s, struct id link, const struct error *why,
                              struct error *err) must_check;

#endif
