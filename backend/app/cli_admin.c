/* `viva seed`: a first administrator and an interview to try. */
#include "app/cli_work.h"

#include "app/first_admin.h"
#include "models/user.h"
#include "repositories/interview_repository.h"
#include "repositories/user_repository.h"
#include "services/ai_question.h"
#include "services/interview.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEMO_QUESTIONS 5
#define DEMO_SEED      20261122u

/* What the demonstration says; everything else is as it usually is. */
static uint64_t given_in_demo(void)
{
    static const char *const names[] = {"title",          "job_role",   "job_description", "organisation",
                                        "interview_type", "difficulty", "question_count",  "focus_areas",
                                        "avatar",         "voice"};
    uint64_t given = 0;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        given |= UINT64_C(1) << (model_field(&interview_create_model, names[i]) - interview_create_model.fields);
    return given;
}

static enum status demo_interview(struct command_work *x, struct id owner, struct interview **ret, struct error *err)
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
    in.presence.given = given_in_demo();
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
    command_print_link(c, "Candidate's link", i->candidate_url);
}

/* Where there is no interview yet, one to try; else the newest open one's link again. */
static enum status seed_interview(struct command_work *x, struct error *err)
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
    struct command_work x = {0};
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
