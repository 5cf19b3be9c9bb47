#include "app/cli.h"

#include "app/first_admin.h"
#include "app/server.h"
#include "base/cleanup.h"
#include "models/user.h"
#include "repositories/interview_repository.h"
#include "repositories/user_repository.h"
#include "services/ai_question.h"
#include "services/interview.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PASSWORD_BYTES 12
#define DEMO_QUESTIONS 5
#define DEMO_SEED      20261122u

/* What a command that talks to the database needs. */
struct session_of_command {
    struct app app;
    struct services *services;
    struct arena *arena;
};

static enum status command_open(struct session_of_command *x, const struct config *c, struct error *err)
{
    enum status st = app_open(&x->app, c, err);
    x->arena = arena_new(16u << 20);
    if (st == STATUS_OK && !x->arena)
        st = arena_exhausted(err);
    if (st == STATUS_OK && !(x->services = app_services_new(&x->app)))
        st = error_set(err, STATUS_UNAVAILABLE, "database_unreachable", "DATABASE_URL",
                       "The database cannot be opened. Run: viva migrate up");
    return st;
}

static void command_close(struct session_of_command *x)
{
    app_services_free(x->services);
    arena_free(x->arena);
    app_close(&x->app);
}

/* ---- user ---- */

static const char user_help[] =
    "Usage: viva user add --email E [--name NAME] [--role admin|recruiter|reviewer] [--password-stdin]\n"
    "       viva user list\n\n"
    "add   makes an account. The password is read from standard input with --password-stdin, else a random one is "
    "printed once.\n"
    "list  prints every account: id, role, state, address\n";

struct user_arguments {
    const char *email, *name, *role;
    bool password_stdin;
};

static int parse_user_arguments(int argc, char **argv, struct user_arguments *out)
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
        else
            return cli_usage("user", "an argument is unknown or lacks its value");
    }
    return out->email ? 0 : cli_usage("user", "--email is missing");
}

static int user_add(struct session_of_command *x, int argc, char **argv)
{
    struct user_arguments in;
    struct error err = {0};
    struct user *u = NULL;
    char password[1024];
    int rc = parse_user_arguments(argc, argv, &in);
    if (rc)
        return rc;
    if (in.password_stdin) {
        if (!fgets(password, sizeof password, stdin))
            return cli_usage("user", "no password came from standard input");
        password[strcspn(password, "\r\n")] = '\0';
    } else {
        random_token(password, sizeof password, PASSWORD_BYTES);
    }
    if (account_make(x->services, in.email, in.name ? in.name : in.email, in.role, password, x->arena, &u, &err) !=
        STATUS_OK)
        return cli_fail("user", &err);
    printf("Made %s %s\n", choice_value(role_choices, u->role), u->email);
    if (!in.password_stdin)
        printf("Password (shown once): %s\n", password);
    return 0;
}

static int user_print_all(struct session_of_command *x)
{
    struct error err = {0};
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

int command_user(const struct config *c, int argc, char **argv)
{
    if (argc < 2 || !strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
        fputs(user_help, argc < 2 ? stderr : stdout);
        return argc < 2 ? 2 : 0;
    }
    struct session_of_command x = {0};
    struct error err = {0};
    int rc = command_open(&x, c, &err) != STATUS_OK ? cli_fail("user", &err)
             : !strcmp(argv[1], "add")              ? user_add(&x, argc, argv)
             : !strcmp(argv[1], "list")             ? user_print_all(&x)
                                                    : cli_usage("user", "it takes add or list");
    command_close(&x);
    return rc;
}

/* ---- seed ---- */

static enum status demo_interview(struct session_of_command *x, struct id owner, struct interview **ret,
                                  struct error *err)
{
    struct interview_input in = {
        .title = "Operations analyst",
        .job_role = "Operations analyst",
        .job_description = "Keeps the figures that a water utility is run by: collects them, checks them, explains "
                           "them to people who decide.",
        .organisation = "Halden Water",
        .interview_type = INTERVIEW_MIXED,
        .difficulty = DIFFICULTY_MID,
        .question_count = DEMO_QUESTIONS,
        .avatar = AVATAR_DANIEL,
        .voice = VOICE_EN_US_JOE,
    };
    struct actor admin = {owner, true};
    struct interview *i = NULL;
    struct question_input *draft = NULL;
    int focus = choice_index(focus_area_choices, "data_analysis");
    in.focus_areas = (1ull << (focus < 0 ? 0 : focus)) | 1ull;
    in.presence.given = ~0ull;
    enum status st = interview_service_create(x->services, admin, &in, x->arena, &i, err);
    if (st == STATUS_OK)
        st = ai_question_draft(i, DEMO_QUESTIONS, DEMO_SEED, x->arena, &draft, err);
    if (st == STATUS_OK)
        st = interview_service_set_questions(x->services, admin, (struct interview_ref){i->id, 0}, draft,
                                             DEMO_QUESTIONS, x->arena, &i, err);
    if (st == STATUS_OK)
        st = interview_service_set_status(x->services, admin, (struct interview_ref){i->id, 0}, INTERVIEW_OPEN,
                                          x->arena, ret, err);
    return st;
}

static void print_link(const struct config *c, const struct interview *i)
{
    if (*c->public_url)
        printf("Candidate's link: %s\n", i->candidate_url);
    else
        printf("Candidate's link: %s://localhost:%lld%s\n", *c->tls_cert ? "https" : "http", (long long)c->port,
               i->candidate_url);
}

/* Where there is no interview yet, one to try; else the newest open one's link again. */
static enum status seed_interview(struct session_of_command *x, struct error *err)
{
    struct interview_filter f = INTERVIEW_FILTER_ANY;
    struct page interviews = {0}, users = {0};
    struct interview *i = NULL;
    struct actor admin = {.is_admin = true};
    enum status st = interview_service_list(x->services, admin, &f, (struct paging){1, 1}, x->arena, &interviews, err);
    if (st == STATUS_OK && interviews.total > 0) {
        f.status = INTERVIEW_OPEN;
        st = interview_service_list(x->services, admin, &f, (struct paging){1, 1}, x->arena, &interviews, err);
        if (st == STATUS_OK && interviews.items.count)
            print_link(x->app.config, interviews.items.items);
        return st;
    }
    if (st == STATUS_OK)
        st = user_list(x->services->db, &USER_FILTER_ANY, (struct sort){.key = USER_SORT_CREATED},
                       (struct paging){1, 1}, x->arena, &users, err);
    if (st == STATUS_OK && users.items.count)
        st = demo_interview(x, ((struct user *)users.items.items)[0].id, &i, err);
    if (st == STATUS_OK && i) {
        printf("Made the demonstration interview \"%s\".\n", i->title);
        print_link(x->app.config, i);
    }
    return st;
}

int command_seed(const struct config *c, int argc, char **argv)
{
    if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
        puts("Usage: viva seed\n\nMakes the first administrator (ADMIN_EMAIL, ADMIN_PASSWORD; else a random password, "
             "printed once) where there is\n"
             "no user, and a demonstration interview where there is no interview. Prints the candidate's link.");
        return 0;
    }
    if (argc > 1)
        return cli_usage("seed", "it takes no arguments");
    struct session_of_command x = {0};
    struct error err = {0};
    enum status st = command_open(&x, c, &err);
    if (st == STATUS_OK)
        st = first_admin_ensure(x.services, c, true, x.arena, &err);
    if (st == STATUS_OK)
        st = seed_interview(&x, &err);
    int rc = st == STATUS_OK ? 0 : cli_fail("seed", &err);
    command_close(&x);
    return rc;
}
