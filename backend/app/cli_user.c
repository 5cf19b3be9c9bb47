/* `viva user`: accounts from the command line, for the first one and for whoever is locked out. */
#include "app/cli_work.h"

#include "app/first_admin.h"
#include "services/account_link.h"
#include "services/user.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define PASSWORD_BYTES 12

static const char user_help[] =
    "Usage: viva user add --email E [--name NAME] [--role admin|recruiter|reviewer] [--password-stdin]\n"
    "       viva user list\n"
    "       viva user password EMAIL [--password-stdin]\n"
    "       viva user reset-link EMAIL\n"
    "       viva user disable EMAIL\n"
    "       viva user enable EMAIL\n\n"
    "add         makes an account\n"
    "list        prints every account: id, role, state, address\n"
    "password    sets a new password and ends all log-ins of the account\n"
    "reset-link  prints a link by which the account sets a new password; it works once, for an hour\n"
    "disable     ends all log-ins of the account and lets nobody in by it\n"
    "enable      lets the account in again\n\n"
    "A password is read from standard input with --password-stdin, else a random one is printed once.\n";

struct user_arguments {
    const char *email, *name, *role;
    bool password_stdin;
};

/* positional: the address may stand alone. */
static int parse_user_arguments(int argc, char **argv, bool positional, struct user_arguments *out)
{
    *out = (struct user_arguments){.role = "recruiter"};
    for (int i = 2; i < argc; i++) {
        const char **target = !strcmp(argv[i], "--email")  ? &out->email
                              : !strcmp(argv[i], "--name") ? &out->name
                              : !strcmp(argv[i], "--role") ? &out->role
                                                           : NULL;
        if (!strcmp(argv[i], "--password-stdin"))
            out->password_stdin = true;
        else if (target && i + 1 < argc)
            *target = argv[++i];
        else if (positional && !target && *argv[i] != '-' && !out->email)
            out->email = argv[i];
        else
            return cli_usage("user", "an argument is unknown or lacks its value");
    }
    return out->email ? 0 : cli_usage("user", positional ? "the address is missing" : "--email is missing");
}

/* One line of standard input, or a random password. 0, or the exit code. */
static int take_password(const struct user_arguments *in, char *out, size_t size)
{
    if (!in->password_stdin) {
        random_token(out, size, PASSWORD_BYTES);
        return 0;
    }
    if (!fgets(out, (int)size, stdin))
        return cli_usage("user", "no password came from standard input");
    out[strcspn(out, "\r\n")] = '\0';
    return 0;
}

static int user_add(struct command_work *x, int argc, char **argv)
{
    struct user_arguments in;
    struct error err = {0};
    struct user *u = NULL;
    char password[1024];
    int rc = parse_user_arguments(argc, argv, false, &in);
    if (!rc)
        rc = take_password(&in, password, sizeof password);
    if (rc)
        return rc;
    if (account_make(x->services, in.email, in.name ? in.name : in.email, in.role, password, x->arena, &u, &err) !=
        STATUS_OK)
        return cli_fail("user", &err);
    printf("Made %s %s\n", choice_value(role_choices, u->role), u->email);
    if (!in.password_stdin)
        printf("Password (shown once): %s\n", password);
    return 0;
}

static int user_print_all(struct command_work *x, int argc, char **argv)
{
    struct error err = {0};
    (void)argv;
    if (argc > 2)
        return cli_usage("user", "list takes no arguments");
    for (int64_t n = 1;; n++) {
        struct page page = {0};
        if (user_list(x->services->db, &USER_FILTER_ANY, (struct sort){.key = USER_SORT_CREATED},
                      (struct paging){n, 100}, x->arena, &page, &err) != STATUS_OK)
            return cli_fail("user", &err);
        const struct user *u = page.items.items;
        for (size_t i = 0; i < page.items.count; i++) {
            char id[ID_TEXT_SIZE];
            id_format(u[i].id, id);
            printf("%s %-10s %-9s %s\n", id, choice_value(role_choices, u[i].role),
                   u[i].is_active ? "active" : "disabled", u[i].email);
        }
        if (n * 100 >= page.total)
            return 0;
    }
}

/* The account that the arguments name. 0, or the exit code. */
static int find_account(struct command_work *x, int argc, char **argv, struct user_arguments *in, struct user **ret)
{
    struct error err = {0};
    int rc = parse_user_arguments(argc, argv, true, in);
    char *email = rc ? NULL : arena_strdup(x->arena, in->email);
    for (char *p = email; p && *p; p++)
        *p = (char)tolower((unsigned char)*p);
    if (rc)
        return rc;
    enum status st = email ? user_find_by_email(x->services->db, email, x->arena, ret, &err) : arena_exhausted(&err);
    if (st == STATUS_NOT_FOUND)
        error_set(&err, st, "not_found", NULL, "There is no account with this address. See: viva user list");
    return st == STATUS_OK ? 0 : cli_fail("user", &err);
}

/* Whoever has this command line is an administrator; the audit log names the system. */
static const struct actor by_hand = {.is_admin = true};

static int user_password(struct command_work *x, int argc, char **argv)
{
    struct user_arguments in;
    struct error err = {0};
    struct user *u = NULL;
    char password[1024];
    int rc = find_account(x, argc, argv, &in, &u);
    if (!rc)
        rc = take_password(&in, password, sizeof password);
    if (rc)
        return rc;
    if (user_service_set_password(x->services, by_hand, u->id, password, &err) != STATUS_OK)
        return cli_fail("user", &err);
    printf("The password of %s is set; all its log-ins have ended\n", u->email);
    if (!in.password_stdin)
        printf("Password (shown once): %s\n", password);
    return 0;
}

static int user_reset_link(struct command_work *x, int argc, char **argv)
{
    struct user_arguments in;
    struct error err = {0};
    struct user *u = NULL;
    struct link_made *l = NULL;
    int rc = find_account(x, argc, argv, &in, &u);
    if (rc)
        return rc;
    if (account_make_link(x->services, by_hand, u->id, true, x->arena, &l, &err) != STATUS_OK)
        return cli_fail("user", &err);
    command_print_link(x->app.config, "Works once", l->url);
    return 0;
}

static int set_active(struct command_work *x, int argc, char **argv, bool active)
{
    struct user_arguments in;
    struct error err = {0};
    struct user *u = NULL;
    struct user_update change = {.is_active = active};
    int rc = find_account(x, argc, argv, &in, &u);
    if (rc)
        return rc;
    change.presence.given = 1ull << (model_field(&user_update_model, "is_active") - user_update_model.fields);
    if (user_service_update(x->services, by_hand, u->id, &change, 0, x->arena, &u, &err) != STATUS_OK)
        return cli_fail("user", &err);
    printf("%s is %s\n", u->email, active ? "enabled" : "disabled");
    return 0;
}

static int user_disable(struct command_work *x, int argc, char **argv)
{
    return set_active(x, argc, argv, false);
}

static int user_enable(struct command_work *x, int argc, char **argv)
{
    return set_active(x, argc, argv, true);
}

static const struct {
    const char *name;
    int (*run)(struct command_work *x, int argc, char **argv);
} verbs[] = {{"add", user_add},           {"list", user_print_all},
             {"password", user_password}, {"reset-link", user_reset_link},
             {"disable", user_disable},   {"enable", user_enable}};

int command_user(const struct config *c, int argc, char **argv)
{
    if (argc < 2 || !strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
        fputs(user_help, argc < 2 ? stderr : stdout);
        return argc < 2 ? 2 : 0;
    }
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        struct command_work x = {0};
        struct error err = {0};
        if (strcmp(argv[1], verbs[i].name) != 0)
            continue;
        int rc = command_open(&x, c, &err) != STATUS_OK ? cli_fail("user", &err) : verbs[i].run(&x, argc, argv);
        command_close(&x);
        return rc;
    }
    return cli_usage("user", "it takes add, list, password, reset-link, disable or enable");
}
