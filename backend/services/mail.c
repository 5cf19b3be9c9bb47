#include "services/mail.h"

#include "base/cleanup.h"
#include "repositories/link_repository.h"
#include "repositories/user_repository.h"
#include "services/account_link.h"
#include "services/audit.h"
#include "services/settings.h"

#include <time.h>

#define MAIL_ARENA (256u << 10)

static const char invitation[] = "Hello %s,\n\n"
                                 "there is an account for you at %s. Choose a password to begin:\n\n"
                                 "%s\n\n"
                                 "The link works once, until %s.\n"
                                 "If this tells you nothing, you can ignore it: nobody can use the account without "
                                 "the link.\n";
static const char new_password[] = "Hello %s,\n\n"
                                   "somebody, most likely you, asked for a new password for your account at %s. Set "
                                   "it here:\n\n"
                                   "%s\n\n"
                                   "The link works once, until %s.\n"
                                   "If it was not you, do nothing: your password stays as it is.\n";

/* "24 November 2026, 15:04 UTC" */
static const char *in_words(int64_t unix_ms, struct arena *a)
{
    static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
                                         "July",    "August",   "September", "October", "November", "December"};
    time_t at = (time_t)(unix_ms / 1000);
    struct tm tm = {0};
    gmtime_r(&at, &tm);
    return arena_printf(a, "%d %s %d, %02d:%02d UTC", tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour,
                        tm.tm_min);
}

/* With a new secret, which from now on is the only one that works. */
static enum status write_mail(struct services *s, const struct account_link *l, const struct user *u, struct arena *a,
                              struct mail_message *out, struct error *err)
{
    int64_t expires_at = 0;
    const char *url = NULL, *where = NULL;
    enum status st = settings_organisation(s, "", a, &where, err);
    if (st == STATUS_OK)
        st = account_link_renew(s, l, a, &url, &expires_at, err);
    if (st != STATUS_OK)
        return st;
    bool invites = l->kind == LINK_INVITATION;
    const char *until = in_words(expires_at, a);
    where = where && *where ? where : "Viva";
    *out = (struct mail_message){.to = u->email, .id = id_new(), .date = clock_unix_ms(s->clock)};
    out->subject = arena_printf(a, invites ? "Your account at %s" : "A new password for %s", where);
    out->text = until ? arena_printf(a, invites ? invitation : new_password, u->full_name, where, url, until) : NULL;
    return out->subject && out->text ? STATUS_OK : arena_exhausted(err);
}

/* Whether the link is still wanted; then *u is whom it goes to. */
static enum status find_wanted(struct services *s, struct id link, struct arena *a, struct account_link *l,
                               struct user **u, bool *wanted, struct error *err)
{
    enum status st = link_find(s->db, link, l, err);
    if (st == STATUS_OK)
        st = user_find(s->db, l->user_id, a, u, err);
    *wanted = st == STATUS_OK && !l->used_at && l->expires_at > clock_unix_ms(s->clock) && (*u)->is_active;
    return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

enum status mail_link_send(struct services *s, struct id link, struct error *err)
{
    cleanup(arena_freep) struct arena *a = arena_new(MAIL_ARENA);
    struct account_link l;
    struct user *u = NULL;
    struct mail_message msg;
    bool wanted = false;
    if (!s->mailer)
        return error_set(err, STATUS_INVALID, "mail_off", NULL, "SMTP_URL is not set any more");
    enum status st = a ? find_wanted(s, link, a, &l, &u, &wanted, err) : arena_exhausted(err);
    if (st != STATUS_OK || !wanted)
        return st;
    st = write_mail(s, &l, u, a, &msg, err);
    if (st == STATUS_NOT_FOUND)
        return STATUS_OK; /* used just now */
    return st == STATUS_OK ? mail_send(s->mailer, &msg, err) : st;
}

enum status mail_link_give_up(struct services *s, struct id link, const struct error *why, struct error *err)
{
    struct account_link l;
    enum status st = link_find(s->db, link, &l, err);
    if (st != STATUS_OK)
        return st;
    char details[96];
    snprintf(details, sizeof details, "{\"why\":\"%s\"}", why->code);
    const struct audit_event e = {
        .action = "mail.give_up", .subject_kind = "user", .subject_id = l.user_id, .details = details};
    return audit_record(s, (struct actor){0}, &e, err);
}
