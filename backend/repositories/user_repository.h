#ifndef VIVA_REPOSITORIES_USER_REPOSITORY_H
#define VIVA_REPOSITORIES_USER_REPOSITORY_H

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
enum status user_count(struct db *db, int64_t *ret, struct error *err) must_check;
enum status user_list(struct db *db, struct paging p, struct arena *a, struct page *ret, struct error *err) must_check;
enum status user_set_password_hash(struct db *db, struct id id, const char *hash, int64_t now,
                                   struct error *err) must_check;
enum status user_set_access(struct db *db, struct id id, enum role role, bool is_active, int64_t now,
                            struct error *err) must_check;

#endif
