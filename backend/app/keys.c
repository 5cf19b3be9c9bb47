#include "app/keys.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/id.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECRET_BYTES 48
#define FILE_NAME    "jwt.secret"
#define FILE_MAX     4096
#define SECRETS_MAX  (KEYS_OLD_MAX + 1)

/* The secrets of the file, in order; they point into .text. */
struct secrets {
    char *text, *list[SECRETS_MAX];
    size_t count;
};

static void secrets_forget(struct secrets *s)
{
    free(s->text);
}

static enum status too_short(struct error *err, const char *where)
{
    return error_set(err, STATUS_INVALID, "setting_invalid", where, "%s must have 32 characters or more", where);
}

static enum status secrets_write(const struct config *c, const char *first, const struct secrets *rest, size_t n_rest,
                                 struct error *err)
{
    cleanup(tmpfile_discard) struct tmpfile tmp = TMPFILE_INIT;
    enum status st = tmpfile_open(&tmp, c->data_dir, err);
    if (st == STATUS_OK)
        st = tmpfile_write(&tmp, first, strlen(first), err);
    if (st == STATUS_OK)
        st = tmpfile_write(&tmp, "\n", 1, err);
    for (size_t i = 0; st == STATUS_OK && i < n_rest; i++) {
        st = tmpfile_write(&tmp, rest->list[i], strlen(rest->list[i]), err);
        if (st == STATUS_OK)
            st = tmpfile_write(&tmp, "\n", 1, err);
    }
    return st == STATUS_OK ? tmpfile_publish(&tmp, FILE_NAME, err) : st;
}

/* Makes the file where there is none. */
static enum status secrets_read(const struct config *c, struct secrets *ret, struct error *err)
{
    char path[640], made[128], *save = NULL;
    size_t len = 0;
    enum status st = STATUS_OK;
    snprintf(path, sizeof path, "%s/" FILE_NAME, c->data_dir);
    if (!file_exists(path)) {
        random_token(made, sizeof made, SECRET_BYTES);
        st = secrets_write(c, made, NULL, 0, err);
    }
    if (st == STATUS_OK)
        st = file_read(path, FILE_MAX, &ret->text, &len, err);
    if (st != STATUS_OK)
        return st;
    for (char *line = strtok_r(ret->text, "\r\n", &save); line && ret->count < SECRETS_MAX;
         line = strtok_r(NULL, "\r\n", &save))
        ret->list[ret->count++] = line;
    return ret->count > 0 ? STATUS_OK : too_short(err, "DATA_DIR/" FILE_NAME);
}

static enum status keys_from_file(const struct config *c, struct token_keys **ret, struct error *err)
{
    cleanup(secrets_forget) struct secrets s = {0};
    enum status st = secrets_read(c, &s, err);
    if (st != STATUS_OK)
        return st;
    struct token_keys *k = token_keys_new(s.list[0], strlen(s.list[0]));
    for (size_t i = 1; k && i < s.count; i++)
        if (!token_keys_add(k, s.list[i], strlen(s.list[i])))
            k = token_keys_free(k);
    if (!k)
        return too_short(err, "DATA_DIR/" FILE_NAME);
    *ret = k;
    return STATUS_OK;
}

enum status keys_load(const struct config *c, struct token_keys **ret, struct error *err)
{
    if (!*c->jwt_secret)
        return keys_from_file(c, ret, err);
    cleanup(freep) char *old = strdup(c->jwt_secrets_old);
    char *save = NULL;
    struct token_keys *k = token_keys_new(c->jwt_secret, strlen(c->jwt_secret));
    if (!k)
        return too_short(err, "JWT_SECRET");
    for (char *one = old ? strtok_r(old, ",", &save) : NULL; one; one = strtok_r(NULL, ",", &save))
        if (!token_keys_add(k, one, strlen(one))) {
            token_keys_free(k);
            return error_set(err, STATUS_INVALID, "setting_invalid", "JWT_SECRETS_OLD",
                             "JWT_SECRETS_OLD must be at most %d secrets of 32 characters or more, separated by commas",
                             TOKEN_KEYS_MAX - 1);
        }
    *ret = k;
    return STATUS_OK;
}

static enum status only_of_the_file(const struct config *c, struct error *err)
{
    return *c->jwt_secret
               ? error_set(err, STATUS_INVALID, "setting_invalid", "JWT_SECRET",
                           "The key is a setting: put a new one into JWT_SECRET and the old one into JWT_SECRETS_OLD")
               : STATUS_OK;
}

enum status keys_rotate(const struct config *c, struct error *err)
{
    cleanup(secrets_forget) struct secrets s = {0};
    char made[128];
    enum status st = only_of_the_file(c, err);
    if (st == STATUS_OK)
        st = secrets_read(c, &s, err);
    if (st != STATUS_OK)
        return st;
    random_token(made, sizeof made, SECRET_BYTES);
    return secrets_write(c, made, &s, s.count < KEYS_OLD_MAX ? s.count : KEYS_OLD_MAX, err);
}

enum status keys_retire(const struct config *c, struct error *err)
{
    cleanup(secrets_forget) struct secrets s = {0};
    enum status st = only_of_the_file(c, err);
    if (st == STATUS_OK)
        st = secrets_read(c, &s, err);
    return st == STATUS_OK ? secrets_write(c, s.list[0], NULL, 0, err) : st;
}
