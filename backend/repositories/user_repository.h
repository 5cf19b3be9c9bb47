#ifndef VIVA_REPOSITORIES_USER_REPOSITORY_H
#define VIVA_REPOSITORIES_USER_REPOSITORY_H
/* Accounts: making, finding, changing, deleting. Addresses are in lower case. */

#include "models/user.h"
#include "repositories/repository.h"

/* STATUS_CONFLICT "email_taken" (field email). A zero id and zero times are the caller's bug. */
enum status user_insert(struct db *db, const struct user *u, struct error *err) must_check;
enum status user_find(struct db *db, struct id id, struct arena *a, struct user **ret, struct error *err) must_check;
/* email in lower case. */
enum status user_find_by_email(struct db *db, const char *email, struct arena *a, struct user **ret,
                               struct error *err) must_check;
/* Whether that account (e-mail in lower case) logged in from that address at `since` or later. */
enum status user_logged_in_from(struct db *db, const char *email, const char *address, int64_t since, bool *ret,
                                struct error *err) must_check;
/* For "is there a first user": inside a transaction with user_insert it admits no second one. */
/* First in a transaction that decides by how many users, or administrators, there are: one at a time. Nothing on
 * SQLite, where it is so anyway. user_count does it by itself. */
enum status user_lock_all(struct db *db, struct error *err) must_check;
enum status user_count(struct db *db, int64_t *ret, struct error *err) must_check;
struct user_filter {
    int role;           /* enum role; -1: any */
    int active;         /* 0 or 1; -1: any */
    const char *search; /* within name and address; NULL or "": any */
};
#define USER_FILTER_ANY ((struct user_filter){.role = -1, .active = -1})

enum status user_list(struct db *db, const struct user_filter *f, struct sort order, struct paging p, struct arena *a,
                      struct page *ret, struct error *err) must_check;
/* Administrators who can log in, but for the given one. In a transaction that then takes an administrator away: the
 * answer holds until it commits. */
enum status user_count_other_admins(struct db *db, struct id except, int64_t *ret, struct error *err) must_check;
enum status user_count_interviews(struct db *db, struct id owner, int64_t *ret, struct error *err) must_check;
/* Writes address, name, role, is_active and updated_at. STATUS_CONFLICT "email_taken", STATUS_NOT_FOUND. */
enum status user_update(struct db *db, const struct user *u, struct error *err) must_check;
enum status user_set_password_hash(struct db *db, struct id id, const char *hash, int64_t now,
                                   struct error *err) must_check;
/* Notes the last log-in; not a change of the account, whose updated_at stays. */
enum status user_set_last_login(struct db *db, struct id id, int64_t now, struct error *err) must_check;
/* With all log-ins, links and shares. STATUS_CONFLICT "foreign_key_violation" while they own interviews. */
enum status user_delete(struct db *db, struct id id, struct error *err) must_check;

#endif
